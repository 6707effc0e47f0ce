"""The weeks before a demo begins: its papers come in when they were written, and people work on some of the cases.

The clock is moved, nothing else is otherwise than in a real house: every paper and every person's step goes through the
same doors. Of the newest papers nobody has done anything, so that the queue is full.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from core.clock import FixedClock
from core.errors import ClearholdError
from review_api.services import Services
from triage import case_queue, cases, policies
from triage.case_records import CaseState, CaseSummary, Resolution

WEEKS = 6
WORKED_WEEKS = 3
"""So many of them people have worked in: what came later still waits, and the queue is full."""

_MORNING_HOUR = 8
_TAKES_DAYS = 2
_LEFT_EVERY = 4
_ASKED_EVERY = 3
_REASONS: Mapping[str, tuple[Resolution, str]] = {
    "INV-DUPLICATE": (Resolution.REJECT, "duplicate"),
    "INV-DUPLICATE-LIKELY": (Resolution.REJECT, "duplicate"),
    "SUP-BANK": (Resolution.REJECT, "wrong_account"),
    "MATCH-NOT-RECEIVED": (Resolution.REJECT, "not_received"),
    "MATCH-OVERBILLED": (Resolution.REJECT, "wrong_quantity"),
    "MATCH-PRICE": (Resolution.APPROVE, "price_agreed"),
    "MATCH-QUANTITY": (Resolution.APPROVE, "quantity_confirmed"),
    "MATCH-CHARGE": (Resolution.APPROVE, "charge_agreed"),
    "DOC-CONFIDENCE": (Resolution.APPROVE, "reading_confirmed"),
    "SAMPLE-DRAWN": (Resolution.APPROVE, "sample_confirmed"),
    "DOC-ARITHMETIC": (Resolution.REQUEST_INFORMATION, "ask_supplier"),
}
_PEOPLE = (("anna", "ap_clerk"), ("ben", "ap_approver"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A day of the demo's past with the files that came in since the one before."""

    at: datetime
    files: tuple[Path, ...]
    is_worked: bool


def weeks(folder: Path, now: datetime) -> Iterator[Week]:
    """The demo's past week by week, to now."""
    written = dict(_written(folder / "labels.jsonl"))
    left = sorted((folder / "papers").iterdir())
    for back in range(WEEKS - 1, -1, -1):
        at = now if back == 0 else _morning(now - timedelta(weeks=back))
        here = [file for file in left if back == 0 or _arrives(written.get(file.name), now.date()) <= at.date()]
        left = [file for file in left if file not in here]
        yield Week(at=at, files=tuple(here), is_worked=WEEKS - back <= WORKED_WEEKS)


def people_work(services: Services, clock: FixedClock, *, until: datetime) -> int:
    """Anna and Ben see to the cases that are open, but for some; returns how many they ended."""
    with services.db.read() as session:
        waiting = case_queue.list_cases(session, state="open", limit=case_queue.LIST_LIMIT).cases
    ended = 0
    for number, case in enumerate(sorted(waiting, key=lambda case: case.case_id)):
        if clock.now() + timedelta(hours=1) > until:
            return ended
        if number % _LEFT_EVERY != _LEFT_EVERY - 1:
            clock.instant += timedelta(minutes=7 + 11 * (number % 4))
            if number % _ASKED_EVERY == 0:
                _ask(services, clock, case)
            ended += _see_to(services, clock, case)
    return ended


def _ask(services: Services, clock: FixedClock, case: CaseSummary) -> None:
    """Anna leaves a note first, and waits for an answer."""
    with services.db.write() as session:
        cases.claim(session, case.case_id, user=_PEOPLE[0][0], at=clock.now())
        cases.comment(session, case.case_id, user=_PEOPLE[0][0], at=clock.now(), text="Asked the buyer about it.")
    clock.instant += timedelta(minutes=25)


def _see_to(services: Services, clock: FixedClock, case: CaseSummary) -> int:
    """The clerk decides; what they may not, the approver does, and what takes two people both. 1 where it ended."""
    with services.db.read() as session:
        policy = policies.active(session).policy
    how, why = _decision(case)
    for name, role in _PEOPLE:
        try:
            with services.db.write() as session:
                cases.claim(session, case.case_id, user=name, at=clock.now())
            clock.instant += timedelta(minutes=3)
            with services.db.write() as session:
                after = cases.resolve(
                    session, case.case_id, user=name, role=role, at=clock.now(), resolution=how, reason_code=why,
                    policy=policy,
                )  # fmt: skip
        except ClearholdError:
            with services.db.write() as session, suppress(ClearholdError):
                cases.release(session, case.case_id, user=name, at=clock.now())
            continue
        if after.state is CaseState.RESOLVED:
            return 1
    return 0


def _decision(case: CaseSummary) -> tuple[Resolution, str]:
    return _REASONS.get(case.codes[0], (Resolution.REQUEST_INFORMATION, "ask_supplier"))


def _written(labels: Path) -> Iterator[tuple[str, date]]:
    """When each paper was written, by the name of its file."""
    for line in labels.read_text("utf-8").splitlines():
        label = json.loads(line)
        day = label["fields"].get("issue_date") or label["fields"].get("despatch_date")
        if day:
            yield Path(label["file"]).name, date.fromisoformat(day)


def _arrives(written: date | None, today: date) -> date:
    return (written or today) + timedelta(days=_TAKES_DAYS)


def _morning(day: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, _MORNING_HOUR, tzinfo=UTC)
