"""Holds what people were told at the desk against audit and cases: nothing twice, nothing lost, no lost claim wrote.

Programs' clocks and the database's are those of one machine; what is told is judged by when it was sent and received.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core import audit_log
from core.audit import AuditEntry, entry_hash
from core.database import ReadSession
from triage import case_rows

WRITES = {"resolve": "case.resolved", "correct": "case.corrected", "escalate": "case.escalated",
          "release": "case.released", "next": "case.claimed"}  # fmt: skip
_WAITED_FOR_LOCK = timedelta(seconds=5)
_ENDS_CLAIM = frozenset({"case.resolved", "case.escalated", "case.released"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One request and its answer.

    Attributes:
        code: why it was refused; None where it was done.
        until: the end of the claim, as the answer says it.
    """

    who: str
    what: str
    case_id: str | None
    sent: datetime
    received: datetime
    code: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that must not be: `claimed twice`, `lost`, `without a claim`, `broken chain`."""

    what: str
    case_id: str
    why: str


def faults(session: ReadSession, said: Sequence[Said], *, after: int) -> tuple[Fault, ...]:
    """Everything that is wrong with what happened since entry `after` of the audit."""
    entries = tuple(_since(session, after))
    of_case: dict[str, list[AuditEntry]] = {}
    for entry in entries:
        if entry.subject.startswith("case:"):
            of_case.setdefault(entry.subject.removeprefix("case:"), []).append(entry)
    told: dict[str, list[Said]] = {}
    for one in said:
        if one.case_id is not None and one.code is None:
            told.setdefault(one.case_id, []).append(one)
    found = [*_broken(entries), *_lost(said, entries)]
    for case_id, happened in of_case.items():
        found += _claimed_twice(case_id, happened, told.get(case_id, ()))
        found += _without_claim(case_id, happened, told.get(case_id, ()))
        found += _not_as_told(session, case_id, happened)
    return tuple(found)


def _since(session: ReadSession, after: int) -> Iterator[AuditEntry]:
    while part := audit_log.entries(session, after=after, limit=2_000):
        yield from part
        after = part[-1].sequence


def _broken(entries: Sequence[AuditEntry]) -> Iterator[Fault]:
    for before, entry in pairwise(entries):
        made = entry_hash(
            sequence=entry.sequence, at=entry.at, actor=entry.actor, action=entry.action, subject=entry.subject,
            payload=entry.payload, previous_hash=before.hash,
        )  # fmt: skip
        if made != entry.hash:
            yield Fault(what="broken chain", case_id=entry.subject, why=f"entry {entry.sequence}")


def _lost(said: Sequence[Said], entries: Sequence[AuditEntry]) -> Iterator[Fault]:
    """Every write that was answered as done is in the audit, and every write in the audit was somebody's."""
    done = Counter((one.who, WRITES[one.what], one.case_id) for one in said if one.code is None and one.what in WRITES
                   and one.case_id is not None)  # fmt: skip
    kept = Counter(
        (entry.actor.removeprefix("user:"), entry.action, entry.subject.removeprefix("case:"))
        for entry in entries
        if entry.action in WRITES.values()
    )
    for (who, action, case_id), count in (done - kept).items():
        yield Fault(what="lost", case_id=case_id or "", why=f"{action} by {who}, {count} times")
    for (who, action, case_id), count in (kept - done).items():
        if action != "case.resolved":  # a correction that clears a case ends it, and was asked for as a correction
            yield Fault(what="lost", case_id=case_id or "", why=f"{action} by {who} was never answered, {count} times")


def _claimed_twice(case_id: str, happened: Sequence[AuditEntry], told: Sequence[Said]) -> Iterator[Fault]:
    """A claim while another person's had neither ended nor run out."""
    holder: str | None = None
    for entry in happened:
        who = entry.actor.removeprefix("user:")
        if entry.action == "case.claimed":
            if holder is not None and holder != who:
                ends = [one.until for one in told if one.who == holder and one.until and one.received <= entry.at]
                if ends and max(ends) > entry.at:
                    why = f"{who} at {entry.at} while {holder} had it until {max(ends)}"
                    yield Fault(what="claimed twice", case_id=case_id, why=why)
            holder = who
        elif entry.action in _ENDS_CLAIM:
            holder = None


def _without_claim(case_id: str, happened: Sequence[AuditEntry], told: Sequence[Said]) -> Iterator[Fault]:
    """A write, or a sign of life, by somebody after whose claim another had claimed it."""
    claims: list[AuditEntry] = []
    for entry in happened:
        if entry.action == "case.claimed":
            claims.append(entry)
        elif entry.action in WRITES.values() and claims and claims[-1].actor != entry.actor:
            yield Fault(what="without a claim", case_id=case_id, why=f"{entry.action} by {entry.actor}")
    for one in told:
        earlier = [entry for entry in claims if entry.at <= one.sent - _WAITED_FOR_LOCK]
        if one.what == "heartbeat" and earlier and earlier[-1].actor != f"user:{one.who}":
            yield Fault(what="without a claim", case_id=case_id, why=f"a sign of life of {one.who}")


def _not_as_told(session: ReadSession, case_id: str, happened: Sequence[AuditEntry]) -> Iterator[Fault]:
    """The case stands as its last entry says."""
    ended = [entry for entry in happened if entry.action == "case.resolved"]
    case = case_rows.get(session, case_id)
    if bool(ended) != (case.state == "resolved"):
        yield Fault(what="lost", case_id=case_id, why=f"it is {case.state}, its audit says otherwise")
    elif ended and f"user:{case.resolved_by}" != ended[-1].actor:
        yield Fault(what="lost", case_id=case_id, why=f"ended by {case.resolved_by}, its audit says {ended[-1].actor}")
