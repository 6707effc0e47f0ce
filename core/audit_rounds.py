"""Verifies the audit chain all the time, some entries at a time, and remembers how far that has come and when.

A round walks from the first entry to the newest and goes on with those that are added. A day later the next round
begins at the first entry again, so that what was changed after it had been verified is found too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, select, update

from core import audit_log
from core.audit import GENESIS_HASH, Checkpoint, find_damage
from core.database import Database, ReadSession
from core.tables import audit_rounds

ENTRIES_AT_ONCE = 2_000
ROUND_EVERY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One walk along the chain.

    Attributes:
        verified_at: when it last went on; it has come to the entry `verified_to`, whose hash is `hash`.
        checkpoints: how many signed heads from outside the database it has met, each as it was signed.
        finished_at: when it first came to the newest entry.
        damaged_at_sequence, damage: the first place where the chain is not as it was written, and how.
    """

    round: int
    started_at: datetime
    verified_at: datetime
    verified_to: int
    hash: str
    checkpoints: int
    finished_at: datetime | None = None
    damaged_at_sequence: int | None = None
    damage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How far the chain is verified: the round under way, and the one before, which came to its end."""

    now: Round | None = None
    before: Round | None = None

    @property
    def damage(self) -> Round | None:
        """The round that found the chain damaged, if one did."""
        return next((one for one in (self.now, self.before) if one is not None and one.damage), None)

    def round_of(self, sequence: int) -> Round | None:
        """The newest round that has verified this entry, None where none has so far."""
        for one in (self.now, self.before):
            if one is not None and sequence <= one.verified_to:
                return one
        return None


def verified(session: ReadSession) -> Verified:
    """How far the chain is verified."""
    rows = session.all(select(audit_rounds).order_by(audit_rounds.c.round.desc()).limit(2))
    rounds = [_round(row) for row in rows]
    return Verified(now=rounds[0] if rounds else None, before=rounds[1] if len(rounds) > 1 else None)


def go_on(db: Database, checkpoints: Sequence[Checkpoint], *, at: datetime, limit: int = ENTRIES_AT_ONCE) -> bool:
    """Verifies the next entries; True while there may be more. A chain found damaged is walked again a day later.

    Two nodes may do the same at once: both find the same, and one of them writes it.
    """
    with db.read() as session:
        known = verified(session).now
        before = known if known is not None and not _is_over(known, at) else None
        after = (0, GENESIS_HASH) if before is None else (before.verified_to, before.hash)
        if before is not None and before.damage:
            return False
        entries = audit_log.entries(session, after=after[0], limit=limit)
        head = audit_log.written_head(session)
        is_erased = audit_log.erasures(session)
        erased = {entry.sequence for entry in entries if is_erased(entry)}
    last, is_end = entries[-1].sequence if entries else after[0], len(entries) < limit
    seen = [point for point in checkpoints if after[0] < point.sequence and (is_end or point.sequence <= last)]
    damage = find_damage(
        entries, seen, head if is_end else None, after=after, is_erased=lambda entry: entry.sequence in erased
    )
    if before is not None and before.finished_at is not None and not entries and not damage:
        return False
    began = before or Round(
        round=1 if known is None else known.round + 1,
        started_at=at, verified_at=at, verified_to=0, hash=GENESIS_HASH, checkpoints=0,
    )  # fmt: skip
    told = {
        "verified_at": at,
        "verified_to": damage[0].sequence - 1 if damage else last,
        "hash": entries[-1].hash if entries and not damage else began.hash,
        "checkpoints": began.checkpoints + len(seen),
        "finished_at": began.finished_at or (at if is_end else None),
        "damaged_at_sequence": damage[0].sequence if damage else None,
        "damage": damage[0].message if damage else None,
    }
    _keep(db, began, told, is_new=before is None)
    return not is_end and not damage


def _is_over(known: Round, at: datetime) -> bool:
    return (known.finished_at is not None or known.damage is not None) and at - known.started_at >= ROUND_EVERY


def _keep(db: Database, began: Round, told: dict[str, object], *, is_new: bool) -> None:
    c = audit_rounds.c
    with db.write() as session:
        if is_new:
            newest = session.scalar(select(c.round).order_by(c.round.desc()).limit(1))
            if newest is None or newest < began.round:
                session.run(insert(audit_rounds).values(round=began.round, started_at=began.started_at, **told))
            return
        same = (c.round == began.round) & (c.verified_to == began.verified_to)
        session.run(update(audit_rounds).where(same).values(**told))


def _round(row: RowMapping) -> Round:
    return Round(**dict(row))
