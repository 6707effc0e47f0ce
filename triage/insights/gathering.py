"""Loads what became of papers and of subjects of planning: their cases, what people did with them, and their places."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core import audit_log
from core.audit import AuditEntry
from core.canonical import parse_json
from core.database import ReadSession
from core.decisions import Outcome
from ingest import documents
from triage import case_rows, decisions, labels, planning_decisions
from triage.case_records import PLANNING_KINDS, CaseSummary, Resolution
from triage.decisions import FirstAndLast
from triage.insights.discounts import last_day_and_worth
from triage.insights.items import Item, ItemCase
from triage.insights.places import kind_of_paper, paper_of, places_of_paper, places_of_planning

BY_PEOPLE = frozenset({Resolution.APPROVE, Resolution.REJECT, Resolution.REQUEST_INFORMATION})
NO_ACTS = frozenset(
    {
        "case.assigned",
        "case.changed",
        "case.claimed",
        "case.opened",
        "case.released",
        "case.rerouted",
        "case.unassigned",
    }
)
"""What is told of a case that no person did to what it is about: it is moved, taken up, or put down."""

_GIVEN = frozenset({"case.assigned", "case.opened", "case.unassigned"})
"""What a person did about a case that nobody had taken up by that."""

Check = tuple[str, bool, Any]


def papers(session: ReadSession, document_ids: Collection[str]) -> tuple[Item, ...]:
    """What became of these documents; of those that were never decided (a mail, an archive) nothing did."""
    made = decisions.first_and_last(session, document_ids)
    received, read = documents.received_at(session, made), decisions.first_read_at(session, made)
    cases, checks = _cases(session, made), labels.blind_checks(session, made)
    told = _told(session, cases)
    return tuple(
        _paper(
            name,
            first_and_last,
            [_case(one, told[one.case_id], checks.get(name)) for one in cases[name]],
            received_at=received.get(name),
            read_at=read.get(name),
        )
        for name, first_and_last in made.items()
    )


def planning(session: ReadSession, subjects: Collection[str]) -> tuple[Item, ...]:
    """What became of these subjects of planning that had cases."""
    cases = _cases(session, subjects)
    told, facts = _told(session, cases), planning_decisions.latest_facts(session, subjects)
    return tuple(
        _planned(subject, facts.get(subject), [_case(one, told[one.case_id], None) for one in those])
        for subject, those in cases.items()
    )


def _paper(name: str, made: FirstAndLast, cases: Sequence[ItemCase], *, received_at: Any, read_at: Any) -> Item:
    facts = parse_json(made.facts)
    places, printed = places_of_paper(facts), paper_of(facts)
    offer = last_day_and_worth(printed)
    return Item(
        subject=f"document:{name}",
        kind=kind_of_paper(facts),
        supplier=places.supplier,
        site=places.site,
        legal_entity=places.legal_entity,
        orders=places.orders,
        received_at=received_at,
        read_at=read_at,
        decided_at=made.decided_at,
        outcome=made.outcome,
        cases=tuple(cases),
        currency=printed.currency,
        discount_until=None if offer is None else offer[0],
        discount_amount=None if offer is None else offer[1],
    )


def _planned(subject: str, facts: str | None, cases: Sequence[ItemCase]) -> Item:
    places = places_of_planning({} if facts is None else parse_json(facts))
    return Item(
        subject=subject,
        kind=cases[0].kind,
        supplier=places.supplier,
        site=places.site,
        legal_entity=places.legal_entity,
        cases=tuple(cases),
    )


def _case(case: CaseSummary, told: Sequence[AuditEntry], check: Check | None) -> ItemCase:
    by_people = [entry for entry in told if entry.actor.startswith("user:") and entry.action not in _GIVEN]
    acts = [entry for entry in by_people if _is_act(entry)]
    firsts = [entry.at for entry in told if entry.action == "case.first_approval"]
    over = _overridden(told) if case.resolution is Resolution.APPROVE else ()
    checked = check if check is not None and check[0] == case.case_id else None
    return ItemCase(
        case_id=case.case_id,
        kind=case.kind,
        queue=case.queue,
        outcome=case.outcome.value,
        codes=case.codes,
        opened_at=case.opened_at,
        priority=case_rows.priority_to_int(case.priority),
        at_risk=case.amount_at_risk,
        currency=case.currency,
        due_at=case.due_at,
        started_at=by_people[0].at if by_people else None,
        approved_at=firsts[-1] if firsts and case.first_approval_by is not None else None,
        ended_at=case.resolved_at,
        resolution=None if case.resolution is None else case.resolution.value,
        by_person=case.resolution in BY_PEOPLE,
        overridden=tuple(dict.fromkeys(one["code"] for one in over)),
        over_block=any(one["outcome"] == Outcome.BLOCK.value for one in over),
        acts=len(acts),
        claims=sum(entry.action == "case.claimed" for entry in by_people),
        people=len({entry.actor for entry in by_people}),
        wrong=None if checked is None else checked[1],
        checked_at=None if checked is None else checked[2],
    )


def _is_act(entry: AuditEntry) -> bool:
    """Whether a person did something; the end that a correction brings about is one act with the correction."""
    if entry.action == "case.resolved":
        return entry.payload.get("resolution") in BY_PEOPLE
    return entry.action not in NO_ACTS


def _overridden(told: Sequence[AuditEntry]) -> Sequence[Mapping[str, Any]]:
    ends = [entry for entry in told if entry.action == "case.resolved"]
    found: Sequence[Mapping[str, Any]] = ends[-1].payload.get("overridden", ()) if ends else ()
    return found


def _cases(session: ReadSession, subjects: Collection[str]) -> dict[str, list[CaseSummary]]:
    """Cases by subject, oldest first."""
    found: dict[str, list[CaseSummary]] = {subject: [] for subject in subjects}
    for case in case_rows.of_subjects(session, subjects):
        found[case.document_id].append(case)
    return found


def _told(session: ReadSession, cases: Mapping[str, Sequence[CaseSummary]]) -> Mapping[str, list[AuditEntry]]:
    """What the audit tells of each case, in order."""
    names = [f"case:{case.case_id}" for those in cases.values() for case in those]
    found: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in audit_log.entries_of(session, names):
        found[entry.subject.removeprefix("case:")].append(entry)
    return found


def is_planning(kind: str) -> bool:
    """Whether a case of this kind is about no paper."""
    return kind in PLANNING_KINDS
