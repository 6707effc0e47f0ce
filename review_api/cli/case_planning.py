"""Prints a planner's case at a terminal: what was predicted and found, why, and what is recommended."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triage.case_may import May
    from triage.planning_detail import PlanningDetail


def print_planning(detail: "PlanningDetail", may: "Sequence[May]", *, as_json: bool) -> None:
    """Prints the case for a person, or as one JSON document."""
    from core.canonical import canonical_json, parse_json, to_jsonable

    case, record = detail.summary, detail.decision
    if as_json:
        told = {
            "summary": case,
            "decision": to_jsonable(record) | {"facts": parse_json(record.facts), "findings": record.found},
            "comments": detail.comments,
            "history": detail.history,
            "may": {one.action: one for one in may},
        }
        print(canonical_json(to_jsonable(told)))
        return
    whose = f" by {case.claimed_by} until {case.claimed_until:%H:%M} UTC" if case.claimed_until else ""
    how = f": {case.resolution} ({case.reason_code})" if case.resolution else ""
    print(f"{case.case_id}  {case.state.value}{whose}{how}  {case.subject}")
    print(f"  {case.kind}  {case.document_id}  {case.total or '–'} {case.currency or ''}".rstrip())
    for finding in record.found:
        print(f"  {finding.outcome.value:<6} {finding.message} [{finding.code}]")
    if record.said is not None:
        print(f"  predicted {record.said.probability:.0%} by {record.said.model}")
        for reason in record.said.reasons:
            print(f"         {'+' if reason.weight > 0 else '-'} {reason.words}")
    _print_advice(record.advice or {})
    for note in detail.comments:
        print(f"  {note.at:%Y-%m-%d %H:%M} {note.author}: {note.text}")
    for entry in detail.history:
        print(f"  {entry.at:%Y-%m-%d %H:%M} {entry.actor} {entry.action}")
    print_may(may)


def print_may(may: "Sequence[May]") -> None:
    """Prints what the person may do, and why they may not approve."""
    allowed = [f"{one.action} (first of two)" if one.second_person else one.action for one in may if one.allowed]
    print(f"  you may: {', '.join(allowed) or 'only look'}")
    for one in may:
        if one.action == "approve" and not one.allowed and one.code != "CASE-RESOLVED":
            print(f"  you may not approve: {one.message} {one.remedy} [{one.code}]")


def _print_advice(advice: Mapping[str, Any]) -> None:
    """What is recommended, with what today's rule would do beside it."""
    for name, value in advice.items():
        if isinstance(value, Mapping):
            print(f"  {name.replace('_', ' ')}: {', '.join(f'{key} {said}' for key, said in value.items())}")
        elif isinstance(value, list):
            for one in value:
                print(f"  {name.replace('_', ' ')}: {one.get('words', one) if isinstance(one, Mapping) else one}")
        elif value is not None:
            print(f"  {name.replace('_', ' ')}: {value}")
