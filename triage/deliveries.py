"""Each telling of an event to an endpoint: handed out, leased, tried, ended; the order of a subject is kept.

At least once: what was sent and not marked before a node died is sent again under the same id. A later event of a
subject waits for the earlier one; one that nobody took within three days is dead, and no longer waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, insert, or_, select, update

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.texts import N_
from triage import backoff, outbox, webhooks
from triage.backoff import PAUSE_AFTER
from triage.outbox import Event
from triage.tables import outbox as outbox_table
from triage.webhook_tables import webhook_deliveries, webhook_endpoints
from triage.webhooks import Endpoint

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
LEASE = timedelta(seconds=60)
_d, _e = webhook_deliveries.c, webhook_endpoints.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event on its way to an endpoint, or there, or given up."""

    delivery_id: str
    endpoint_id: str
    event: Event
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    tried_at: datetime | None
    status: int | None
    failure: str | None
    ended_at: datetime | None
    lease_token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a try failed.

    Attributes:
        status: HTTP status; None where there was no answer.
        asked: how long the receiver asks to be left alone.
        is_gone: the receiver says it wants nothing any more.
    """

    words: str
    status: int | None = None
    asked: timedelta | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What other programs have not been told.

    Attributes:
        waiting: tellings that wait, and events that no worker has handed out yet.
        oldest_seconds: age of the oldest of them; None where nothing waits.
        dead: tellings that were given up.
    """

    waiting: int
    oldest_seconds: float | None
    dead: int


def webhook_backlog(session: ReadSession, at: datetime) -> Backlog:
    """How far behind other programs are; reads along indexes of what waits alone."""
    oldest = select(func.count().label("number"), func.min(_d.created_at).label("since"))
    made = session.all(oldest.where(_d.state == WAITING))[0]
    not_handed_out, from_then = outbox.undelivered_since(session, at)
    dead = session.scalar(select(func.count()).where(_d.state == DEAD))
    ages = [(at - then).total_seconds() for then in (made["since"], from_then) if then is not None]
    return Backlog(waiting=made["number"] + not_handed_out, oldest_seconds=max(ages, default=None), dead=dead)


def counts(session: ReadSession) -> dict[str, dict[str, int]]:
    """By endpoint, how many wait and how many are dead."""
    query = select(_d.endpoint_id, _d.state, func.count().label("number")).where(_d.state.in_([WAITING, DEAD]))
    found: dict[str, dict[str, int]] = {}
    for row in session.all(query.group_by(_d.endpoint_id, _d.state)):
        found.setdefault(row["endpoint_id"], {})[row["state"]] = row["number"]
    return found


def oldest_waiting(session: ReadSession) -> dict[str, datetime]:
    """By endpoint, since when the oldest of what waits has waited."""
    query = select(_d.endpoint_id, func.min(_d.created_at).label("since")).where(_d.state == WAITING)
    return {row["endpoint_id"]: row["since"] for row in session.all(query.group_by(_d.endpoint_id))}


def hand_out(session: WriteSession, at: datetime, limit: int = 200) -> int:
    """Makes a telling of each event for each endpoint that wants it, in order; returns of how many events."""
    events = outbox.undelivered(session, at=at, limit=limit)
    if without := [event for event in events if not event.sequence]:
        outbox.number(session, without)
        events = outbox.undelivered(session, at=at, limit=limit)
    wanting = [one for one in webhooks.list_endpoints(session) if one.disabled_at is None]
    rows = [_row(event, one.endpoint_id, at) for event in events for one in wanting if event.type in one.event_types]
    session.run(insert(webhook_deliveries), rows)
    outbox.delivered(session, [event.event_id for event in events], at)
    return len(events)


def is_anything_due(session: ReadSession, at: datetime) -> bool:
    """Whether a look at what is to be handed out or sent would find something."""
    if outbox.undelivered_since(session, at)[0]:
        return True
    due = select(_d.delivery_id).join(webhook_endpoints, _e.endpoint_id == _d.endpoint_id)
    return session.scalar(due.where(_may_be_sent_to(at), _is_due(at)).limit(1)) is not None


def claim(session: WriteSession, endpoint_id: str, at: datetime, most: int) -> tuple[Delivery, ...]:
    """Leases what may be sent to an endpoint now, the oldest first; of a subject never more than one.

    A receiver that has failed at everything lately gets one try, and no other node tries meanwhile.
    """
    found = session.one_or_none(select(webhook_endpoints).where(_e.endpoint_id == endpoint_id, _may_be_sent_to(at)))
    if found is None:
        return ()
    if found["failures"] >= PAUSE_AFTER:
        probe = select(_e.endpoint_id).where(_e.endpoint_id == endpoint_id, _may_be_sent_to(at))
        if session.scalar(probe.with_for_update(skip_locked=True)) is None:
            return ()
        _touch(session, endpoint_id, paused_until=at + LEASE)
        most = 1
    due = _joined().where(_d.endpoint_id == endpoint_id, _is_due(at)).order_by(_d.sequence).limit(most)
    rows = session.all(due.with_for_update(skip_locked=True, of=webhook_deliveries))
    leased = update(webhook_deliveries).where(_d.delivery_id.in_([row["delivery_id"] for row in rows]))
    tries = {"attempts": _d.attempts + 1, "lease_token": _d.lease_token + 1}
    if rows:
        session.run(leased.values(lease_until=at + LEASE, tried_at=at, **tries))
    if not rows and found["failures"] >= PAUSE_AFTER:
        _touch(session, endpoint_id, paused_until=found["paused_until"])
    return tuple(
        _delivery({**row, "attempts": row["attempts"] + 1, "lease_token": row["lease_token"] + 1}) for row in rows
    )


def succeeded(session: WriteSession, delivery: Delivery, status: int, at: datetime) -> None:
    """The receiver has taken it. If it had failed at everything before, what waits for it goes at once."""
    before = _lock(session, delivery.endpoint_id)
    if before is None:
        return
    _touch(session, delivery.endpoint_id, failures=0, paused_until=None, last_success_at=at)
    taken = {"state": DELIVERED, "status": status, "failure": None, "ended_at": at, "lease_until": None}
    session.run(
        update(webhook_deliveries).where(_d.delivery_id == delivery.delivery_id, _d.state == WAITING).values(**taken)
    )
    if before["failures"] >= PAUSE_AFTER:
        waits = and_(_d.endpoint_id == delivery.endpoint_id, _d.state == WAITING, _d.next_at > at)
        session.run(update(webhook_deliveries).where(waits).values(next_at=at))


def failed(session: WriteSession, delivery: Delivery, failure: Failure, at: datetime, chance: float) -> str:
    """The receiver has not taken it: later again, or dead after the last try. Returns its state then.

    Whoever marks that a receiver is gone has locked the audit's chain before anything else.

    Args:
        chance: between 0 and 1, drawn for this failure.
    """
    before = _lock(session, delivery.endpoint_id)
    if before is None:
        return DEAD
    failures = before["failures"] + 1
    paused = backoff.pause(at, failures, chance, failure.asked)
    told = {"last_failure_at": at, "last_failure": failure.words}
    _touch(session, delivery.endpoint_id, failures=failures, paused_until=paused, **told)
    is_over = backoff.is_over(at, delivery.attempts, delivery.created_at)
    values: dict[str, Any] = {"status": failure.status, "failure": failure.words, "lease_until": None}
    values |= {"state": DEAD, "ended_at": at} if is_over else {}
    values["next_at"] = backoff.next_try(at, delivery.attempts, chance, failure.asked)
    is_ours = and_(_d.delivery_id == delivery.delivery_id, _d.state == WAITING, _d.lease_token == delivery.lease_token)
    session.run(update(webhook_deliveries).where(is_ours).values(**values))
    if failure.is_gone:
        webhooks.disable(
            session, delivery.endpoint_id, why=N_("The receiver answered 410 Gone."), at=at, actor="system"
        )
    return DEAD if is_over else WAITING


def put_test(session: WriteSession, endpoint: Endpoint, at: datetime, actor: str) -> Delivery:
    """Sends an endpoint an event that says nothing, whatever types it wants."""
    subject = f"webhook:{endpoint.endpoint_id}"
    facts = {"endpoint_id": endpoint.endpoint_id}
    audit_log.append(session, at=at, actor=actor, action="webhook.tested", subject=subject, payload={})
    event = outbox.put(session, "webhook.test", subject, facts, at, is_told=True)
    row = _row(event, endpoint.endpoint_id, at)
    session.run(insert(webhook_deliveries), [row])
    return get(session, endpoint.endpoint_id, row["delivery_id"])


def resend(session: WriteSession, endpoint_id: str, delivery_id: str, *, at: datetime, actor: str) -> Delivery:
    """Sends an event once more, with every try from the first.

    Raises:
        NotFoundError: `WEBHOOK-DELIVERY`.
        ConflictError: `WEBHOOK-WAITS`.
    """
    audit_log.lock_chain(session)
    if get(session, endpoint_id, delivery_id).state == WAITING:
        raise ConflictError("WEBHOOK-WAITS", "It is on its way already.", "Wait for its next try.")
    _again(session, _d.delivery_id == delivery_id, at)
    facts = {"delivery_id": delivery_id}
    subject = f"webhook:{endpoint_id}"
    audit_log.append(session, at=at, actor=actor, action="webhook.resent", subject=subject, payload=facts)
    return get(session, endpoint_id, delivery_id)


def resend_dead(session: WriteSession, endpoint_id: str, *, at: datetime, actor: str) -> int:
    """Sends every dead letter of an endpoint once more, and says how many there are.

    Raises:
        NotFoundError: `WEBHOOK-NOT-FOUND`.
    """
    audit_log.lock_chain(session)
    webhooks.get(session, endpoint_id)
    number = _again(session, and_(_d.endpoint_id == endpoint_id, _d.state == DEAD), at)
    subject = f"webhook:{endpoint_id}"
    audit_log.append(session, at=at, actor=actor, action="webhook.resent", subject=subject, payload={"number": number})
    return number


def get(session: ReadSession, endpoint_id: str, delivery_id: str) -> Delivery:
    """One telling.

    Raises:
        NotFoundError: `WEBHOOK-DELIVERY`.
    """
    row = session.one_or_none(_joined().where(_d.delivery_id == delivery_id, _d.endpoint_id == endpoint_id))
    if row is None:
        raise NotFoundError("WEBHOOK-DELIVERY", f"There is no delivery {delivery_id}.", "List them to see their ids.")
    return _delivery(row)


def list_deliveries(
    session: ReadSession, endpoint_id: str, *, state: str | None = None, before: str | None = None, limit: int = 50
) -> tuple[Delivery, ...]:
    """Tellings of an endpoint, the newest first.

    Args:
        before: only those older than this one.
    """
    only = [_d.endpoint_id == endpoint_id]
    only += [] if state is None else [_d.state == state]
    only += [] if before is None else [_d.delivery_id < before]
    return tuple(map(_delivery, session.all(_joined().where(*only).order_by(_d.delivery_id.desc()).limit(limit))))


def _again(session: WriteSession, which: ColumnElement[bool], at: datetime) -> int:
    values = {"state": WAITING, "attempts": 0, "next_at": at, "lease_until": None, "ended_at": None}
    return session.run(update(webhook_deliveries).where(which).values(**values))


def _row(event: Event, endpoint_id: str, at: datetime) -> dict[str, Any]:
    return {
        "delivery_id": new_id("del", at),
        "endpoint_id": endpoint_id,
        "event_id": event.event_id,
        "sequence": event.sequence,
        "subject": event.subject,
        "state": WAITING,
        "created_at": at,
        "next_at": at,
    }


def _may_be_sent_to(at: datetime) -> ColumnElement[bool]:
    return and_(_e.disabled_at.is_(None), or_(_e.paused_until.is_(None), _e.paused_until <= at))


def _is_due(at: datetime) -> ColumnElement[bool]:
    """Its time has come, no node has it, and nothing earlier about the same subject waits."""
    earlier = webhook_deliveries.alias("earlier").c
    waits = exists().where(
        earlier.endpoint_id == _d.endpoint_id,
        earlier.subject == _d.subject,
        earlier.state == WAITING,
        earlier.sequence < _d.sequence,
    )
    return and_(_d.state == WAITING, _d.next_at <= at, or_(_d.lease_until.is_(None), _d.lease_until <= at), ~waits)


def _joined() -> Select[Any]:
    o = outbox_table.c
    told = [o.type, o.json, o.created_at.label("happened_at"), o.deliver_after]
    return select(webhook_deliveries, *told).join(outbox_table, o.event_id == _d.event_id)


def _lock(session: WriteSession, endpoint_id: str) -> RowMapping | None:
    """The endpoint before its deliveries, always, so that nodes never wait for one another crosswise."""
    query = select(webhook_endpoints).where(_e.endpoint_id == endpoint_id)
    return session.one_or_none(query.with_for_update())


def _touch(session: WriteSession, endpoint_id: str, **values: Any) -> None:
    session.run(update(webhook_endpoints).where(_e.endpoint_id == endpoint_id).values(**values))


def _delivery(row: Any) -> Delivery:
    event = Event(
        event_id=row["event_id"],
        type=row["type"],
        subject=row["subject"],
        json=row["json"],
        created_at=row["happened_at"],
        deliver_after=row["deliver_after"],
        sequence=row["sequence"],
    )
    plain = {name: row[name] for name in _PLAIN}
    return Delivery(event=event, **plain)


_PLAIN = (
    "delivery_id",
    "endpoint_id",
    "state",
    "attempts",
    "created_at",
    "next_at",
    "tried_at",
    "status",
    "failure",
    "ended_at",
    "lease_token",
)


def release(session: WriteSession, deliveries: Sequence[Delivery]) -> None:
    """Gives back what was leased and not begun, as if it had never been taken."""
    for one in deliveries:
        is_ours = and_(_d.delivery_id == one.delivery_id, _d.lease_token == one.lease_token, _d.state == WAITING)
        session.run(update(webhook_deliveries).where(is_ours).values(lease_until=None, attempts=_d.attempts - 1))
