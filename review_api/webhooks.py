"""What administrators do with endpoints of other programs, each as one transaction; a secret is told once."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.errors import InputError
from core.sealing import seal
from core.texts import N_
from review_api.services import Services
from review_api.webhook_addresses import checked_url
from review_api.webhook_sending import SECRET_PREFIX
from triage import deliveries, events, webhooks
from triage.deliveries import Backlog, Delivery
from triage.webhooks import Endpoint

ROTATION_HOURS = 24
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An endpoint as an administrator sees it.

    Attributes:
        waiting: how many tellings wait.
        oldest_at: since when the oldest of them has waited; None where none does.
        dead: how many were given up.
    """

    endpoint: Endpoint
    waiting: int
    oldest_at: datetime | None
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An endpoint with a secret that was just made; it is not told again."""

    shown: Shown
    secret: str = field(repr=False)


def list_all(services: Services) -> tuple[Shown, ...]:
    """Every endpoint, with what waits and what died."""
    with services.db.read() as session:
        counts, oldest = deliveries.counts(session), deliveries.oldest_waiting(session)
        return tuple(_shown(one, counts, oldest) for one in webhooks.list_endpoints(session))


def show(services: Services, endpoint_id: str) -> Shown:
    """One endpoint.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    with services.db.read() as session:
        endpoint = webhooks.get(session, endpoint_id)
        return _shown(endpoint, deliveries.counts(session), deliveries.oldest_waiting(session))


def backlog(services: Services) -> Backlog:
    """How far behind other programs are."""
    with services.db.read() as session:
        return deliveries.webhook_backlog(session, services.clock.now())


def add(services: Services, actor: str, *, url: str, event_types: Sequence[str] | None = None) -> Made:
    """Adds an endpoint and tells its secret, once.

    Args:
        event_types: which events it gets; every one when None.

    Raises:
        InputError: `WEBHOOK-URL`, `WEBHOOK-TYPES`.
        ForbiddenError: `WEBHOOK-PRIVATE`.
        ConflictError: `WEBHOOK-MANY`.
    """
    checked_url(url, private=services.settings.webhook_private)
    types = _types(events.TYPES if event_types is None else event_types)
    secret = _new_secret()
    sealed = seal(services.settings.home, secret)
    with services.db.write() as session:
        made = webhooks.add(session, url=url, event_types=types, secret=sealed, at=services.clock.now(), actor=actor)
    return Made(shown=_shown(made, {}, {}), secret=secret)


def change(
    services: Services,
    actor: str,
    endpoint_id: str,
    *,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> Shown:
    """Changes where events go, which, or whether at all; what is None stays.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
        InputError: `WEBHOOK-URL`, `WEBHOOK-TYPES`.
        ForbiddenError: `WEBHOOK-PRIVATE`.
    """
    if url is not None:
        checked_url(url, private=services.settings.webhook_private)
    types = None if event_types is None else _types(event_types)
    at = services.clock.now()
    with services.db.write() as session:
        webhooks.change(session, endpoint_id, at=at, actor=actor, url=url, event_types=types)
        if is_active is True:
            webhooks.enable(session, endpoint_id, at=at, actor=actor)
        if is_active is False:
            webhooks.disable(session, endpoint_id, why=N_("Disabled by an administrator."), at=at, actor=actor)
    return show(services, endpoint_id)


def rotate(services: Services, actor: str, endpoint_id: str, hours: int = ROTATION_HOURS) -> Made:
    """Gives an endpoint another secret and tells it, once; the earlier one signs beside it for some hours.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    secret = _new_secret()
    sealed = seal(services.settings.home, secret)
    at = services.clock.now()
    until = at + timedelta(hours=hours)
    with services.db.write() as session:
        webhooks.rotate(session, endpoint_id, secret=sealed, earlier_until=until, at=at, actor=actor)
    return Made(shown=show(services, endpoint_id), secret=secret)


def remove(services: Services, actor: str, endpoint_id: str) -> None:
    """Deletes an endpoint and what waits for it."""
    with services.db.write() as session:
        webhooks.remove(session, endpoint_id, at=services.clock.now(), actor=actor)


def test(services: Services, actor: str, endpoint_id: str) -> Delivery:
    """Sends an endpoint an event that says nothing."""
    with services.db.write() as session:
        return deliveries.put_test(session, webhooks.get(session, endpoint_id), services.clock.now(), actor)


def list_deliveries(
    services: Services, endpoint_id: str, *, state: str | None = None, before: str | None = None, limit: int = 50
) -> tuple[Delivery, ...]:
    """Tellings of an endpoint, the newest first."""
    with services.db.read() as session:
        webhooks.get(session, endpoint_id)
        return deliveries.list_deliveries(session, endpoint_id, state=state, before=before, limit=limit)


def resend(services: Services, actor: str, endpoint_id: str, delivery_id: str) -> Delivery:
    """Sends an event once more."""
    with services.db.write() as session:
        return deliveries.resend(session, endpoint_id, delivery_id, at=services.clock.now(), actor=actor)


def resend_dead(services: Services, actor: str, endpoint_id: str) -> int:
    """Sends every dead letter of an endpoint once more."""
    with services.db.write() as session:
        return deliveries.resend_dead(session, endpoint_id, at=services.clock.now(), actor=actor)


def _types(names: Sequence[str]) -> tuple[str, ...]:
    if not names or not set(names) <= set(events.TYPES):
        raise InputError("WEBHOOK-TYPES", "Those are no types of events.", f"Name some of {', '.join(events.TYPES)}.")
    return tuple(name for name in events.TYPES if name in names)


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _shown(endpoint: Endpoint, counts: dict[str, dict[str, int]], oldest: dict[str, datetime]) -> Shown:
    own = counts.get(endpoint.endpoint_id, {})
    return Shown(
        endpoint=endpoint,
        waiting=own.get(deliveries.WAITING, 0),
        oldest_at=oldest.get(endpoint.endpoint_id),
        dead=own.get(deliveries.DEAD, 0),
    )
