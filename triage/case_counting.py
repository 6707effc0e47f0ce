"""How many cases wait, kept while they change: the numbers on the tabs cost the same at any number of cases.

A claim changes nothing here, nor does its running out: a case waits until it has ended, whoever holds it, unless
somebody is asked about it.
"""

from collections import Counter

from sqlalchemy import and_, insert, select, update

from core.database import ReadSession, WriteSession
from triage import case_money
from triage.case_records import CaseCounts, CaseState, CaseSummary
from triage.queue_tables import case_counts

Group = tuple[str, str, str, bool]
"""Queue, kind, outcome, and whether it waits for a second person or a higher role."""


def group_of(case: CaseSummary | None) -> Group | None:
    """The cases this one is counted with; None where it does not wait."""
    if case is None or case.state in {CaseState.RESOLVED, CaseState.ASKED}:
        return None
    return case.queue, case.kind, case.outcome.value, waits_for_another(case)


def waits_for_another(case: CaseSummary) -> bool:
    """Whether it waits for a second person or a higher role."""
    return case.needs_role is not None or case.first_approval_by is not None


def moved(session: WriteSession, before: CaseSummary | None, after: CaseSummary | None) -> None:
    """Counts a case where it is now, and no longer where it was. Every writer holds the chain's lock: none is lost."""
    case_money.moved(session, before, after)
    gone, come = group_of(before), group_of(after)
    if gone == come:
        return
    for group, by in ((gone, -1), (come, 1)):
        if group is not None:
            _add(session, group, by)


def waiting(session: ReadSession) -> dict[Group, int]:
    """How many cases wait in each group that has any."""
    rows = session.all(select(case_counts).where(case_counts.c.cases != 0))
    return {(row["queue"], row["kind"], row["outcome"], row["second_approval"]): row["cases"] for row in rows}


def counts_of(groups: dict[Group, int], *, mine: int) -> CaseCounts:
    """The numbers on the tabs."""
    by_queue, by_outcome, by_kind = Counter[str](), Counter[str](), Counter[str]()
    second = 0
    for (queue, kind, outcome, is_second), cases in groups.items():
        by_queue[queue] += cases
        by_outcome[outcome] += cases
        by_kind[kind] += cases
        second += cases if is_second else 0
    return CaseCounts(
        mine=mine,
        second_approval=second,
        by_queue=dict(by_queue),
        by_outcome=dict(by_outcome),
        by_kind=dict(by_kind),
    )


def _add(session: WriteSession, group: Group, by: int) -> None:
    values = dict(zip(("queue", "kind", "outcome", "second_approval"), group, strict=True))
    row = and_(*(case_counts.c[name] == value for name, value in values.items()))
    if not session.run(update(case_counts).where(row).values(cases=case_counts.c.cases + by)):
        session.run(insert(case_counts).values(**values, cases=by))
