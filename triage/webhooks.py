"""Endpoints of other programs: where events go, which ones, and with which secret they are signed.

A secret is kept sealed and never told again. For a while after it was changed events carry both signatures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from triage.webhook_tables import webhook_deliveries, webhook_endpoints

MOST_ENDPOINTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where events of some types go.

    Attributes:
        secrets: sealed, the present one first; after a change the earlier one too, for as long as it is valid.
        failures: how many tries in a row have failed.
        paused_until: so long a receiver that fails at everything is left alone.
    """

    endpoint_id: str
    url: str
    event_types: tuple[str, ...]
    secrets: tuple[str, ...] = field(repr=False)
    previous_until: datetime | None
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    disabled_why: str | None
    failures: int
    paused_until: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None

    def valid_secrets(self, at: datetime) -> tuple[str, ...]:
        """The sealed secrets that sign now."""
        is_changing = self.previous_until is not None and at < self.previous_until
        return self.secrets if is_changing else self.secrets[:1]


def list_endpoints(session: ReadSession) -> tuple[Endpoint, ...]:
    """Every endpoint, oldest first."""
    rows = session.all(select(webhook_endpoints).order_by(webhook_endpoints.c.endpoint_id))
    return tuple(map(_endpoint, rows))


def get(session: ReadSession, endpoint_id: str) -> Endpoint:
    """One endpoint.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    row = session.one_or_none(select(webhook_endpoints).where(webhook_endpoints.c.endpoint_id == endpoint_id))
    if row is None:
        raise NotFoundError("WEBHOOK-NOT-FOUND", f"There is no webhook {endpoint_id}.", "List them to see their ids.")
    return _endpoint(row)


def add(
    session: WriteSession, *, url: str, event_types: Sequence[str], secret: str, at: datetime, actor: str
) -> Endpoint:
    """Adds an endpoint; it gets what happens from now on.

    Args:
        secret: sealed.

    Raises:
        ConflictError: `WEBHOOK-MANY`.
    """
    audit_log.lock_chain(session)
    if len(list_endpoints(session)) >= MOST_ENDPOINTS:
        raise ConflictError(
            "WEBHOOK-MANY", f"There are {MOST_ENDPOINTS} webhooks already.", "Delete one that is not used."
        )
    row = {
        "endpoint_id": new_id("wh", at),
        "url": url,
        "event_types": list(event_types),
        "secret": secret,
        "created_at": at,
        "created_by": actor,
    }
    session.run(insert(webhook_endpoints), [row])
    endpoint_id = str(row["endpoint_id"])
    _tell(
        session, "webhook.added", endpoint_id, at=at, actor=actor, facts={"url": url, "event_types": list(event_types)}
    )
    return get(session, endpoint_id)


def change(
    session: WriteSession,
    endpoint_id: str,
    *,
    at: datetime,
    actor: str,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
) -> Endpoint:
    """Changes where events go or which; what is None stays.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    get(session, endpoint_id)
    values = {"url": url, "event_types": None if event_types is None else list(event_types)}
    given = {name: value for name, value in values.items() if value is not None}
    if given:
        _set(session, endpoint_id, given)
        _tell(session, "webhook.changed", endpoint_id, at=at, actor=actor, facts=given)
    return get(session, endpoint_id)


def rotate(
    session: WriteSession, endpoint_id: str, *, secret: str, earlier_until: datetime, at: datetime, actor: str
) -> Endpoint:
    """Gives an endpoint another secret; until an instant events carry a signature by the earlier one too.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    before = get(session, endpoint_id)
    values = {"secret": secret, "previous_secret": before.secrets[0], "previous_until": earlier_until}
    _set(session, endpoint_id, values)
    _tell(session, "webhook.secret_changed", endpoint_id, at=at, actor=actor, facts={"earlier_until": earlier_until})
    return get(session, endpoint_id)


def disable(session: WriteSession, endpoint_id: str, *, why: str, at: datetime, actor: str) -> Endpoint:
    """Nothing more is sent there and no new event kept for it; what waits goes on waiting.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    if get(session, endpoint_id).disabled_at is None:
        _set(session, endpoint_id, {"disabled_at": at, "disabled_why": why})
        _tell(session, "webhook.disabled", endpoint_id, at=at, actor=actor, facts={"why": why})
    return get(session, endpoint_id)


def enable(session: WriteSession, endpoint_id: str, *, at: datetime, actor: str) -> Endpoint:
    """Events go there again, first what had waited.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    if get(session, endpoint_id).disabled_at is not None:
        _set(session, endpoint_id, {"disabled_at": None, "disabled_why": None, "failures": 0, "paused_until": None})
        _tell(session, "webhook.enabled", endpoint_id, at=at, actor=actor, facts={})
    return get(session, endpoint_id)


def remove(session: WriteSession, endpoint_id: str, *, at: datetime, actor: str) -> None:
    """Deletes an endpoint and what waits for it.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    gone = get(session, endpoint_id)
    session.run(delete(webhook_endpoints).where(webhook_endpoints.c.endpoint_id == endpoint_id))
    session.run(delete(webhook_deliveries).where(webhook_deliveries.c.endpoint_id == endpoint_id))
    _tell(session, "webhook.deleted", endpoint_id, at=at, actor=actor, facts={"url": gone.url})


def _set(session: WriteSession, endpoint_id: str, values: Mapping[str, Any]) -> None:
    session.run(update(webhook_endpoints).where(webhook_endpoints.c.endpoint_id == endpoint_id).values(dict(values)))


def _tell(
    session: WriteSession, action: str, endpoint_id: str, *, at: datetime, actor: str, facts: Mapping[str, Any]
) -> None:
    audit_log.append(session, at=at, actor=actor, action=action, subject=f"webhook:{endpoint_id}", payload=facts)


def _endpoint(row: RowMapping) -> Endpoint:
    secrets = tuple(one for one in (row["secret"], row["previous_secret"]) if one is not None)
    plain = {name: row[name] for name in _PLAIN}
    return Endpoint(event_types=tuple(row["event_types"]), secrets=secrets, **plain)


_PLAIN = (
    "endpoint_id",
    "url",
    "previous_until",
    "created_at",
    "created_by",
    "disabled_at",
    "disabled_why",
    "failures",
    "paused_until",
    "last_success_at",
    "last_failure_at",
    "last_failure",
)
