"""Changes a recommendation that is held: what a planner writes is judged again by every control, in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.database import ReadSession, WriteSession
from core.errors import InputError
from core.money import plain
from triage import case_flow, case_rows, planning_closing, planning_flow
from triage.case_records import CaseSummary
from triage.decide_replenishment import decide_replenishment, replenishment_facts_from_text
from triage.planning_judged import Judged, judged_recommendation
from triage.planning_recorded import RecordedPlanning
from triage.policy import Policy
from triage.replenishment_facts import Recommendation
from triage.rounding import round_recommendation
from triage.score_replenishment import ScoredRecommendation

CHANGEABLE = ("quantity", "needed_by")
_MOST = Decimal(10**12)


def change(
    session: WriteSession, before: CaseSummary, *, user: str, at: datetime, changes: Mapping[str, str], policy: Policy
) -> CaseSummary:
    """Writes another quantity or day into a recommendation and decides it again from the facts it was decided from.

    Where nothing holds it now the case ends as `corrected`; else it stays with whoever holds it.

    Raises:
        InputError: `CASE-FIELD-UNKNOWN`, `CASE-VALUE-UNREADABLE`, `CASE-NOTHING-CHANGED`.
    """
    record = planning_closing.decided(session, before)
    made = replenishment_facts_from_text(record.facts).recommendation
    wanted = _changed(made, changes)
    told = {name: {"before": _text(getattr(made, name)), "after": _text(getattr(wanted, name))} for name in changes}
    actor = f"user:{user}"
    case_flow.tell(session, before, at=at, actor=actor, action="case.corrected", facts={"changes": told})
    planning_flow.keep_change(session, _judged(record, wanted, policy), before, policy, at=at, actor=actor)
    return case_rows.get(session, before.case_id)


def tried(session: ReadSession, case: CaseSummary, *, changes: Mapping[str, str], policy: Policy) -> Judged:
    """What the controls would say of a change, before it is made; nothing is stored.

    Raises:
        InputError: as `change`; `CASE-TRY-KIND` where the case is about no recommendation.
    """
    record = planning_closing.decided(session, case) if case.kind == "recommendation" else None
    if record is None:
        raise InputError(
            "CASE-TRY-KIND",
            "Only a recommendation to order can be tried with another quantity.",
            "Correct a paper's fields, or take one of an order's ways.",
        )
    return _judged(record, _changed(replenishment_facts_from_text(record.facts).recommendation, changes), policy)


def _judged(record: RecordedPlanning, wanted: Recommendation, policy: Policy) -> Judged:
    """A person's recommendation, decided from the facts the last one was decided from."""
    # What a person writes is theirs, not the model's: what holds today's rule's quantity says nothing of it.
    facts = replace(replenishment_facts_from_text(record.facts), recommendation=wanted, ruled=None, model=None)
    rounding = round_recommendation(facts, policy.replenishment)
    decision = decide_replenishment(facts, policy, rounding)
    again = judged_recommendation(ScoredRecommendation(facts=facts, decision=decision, rounding=rounding), policy)
    own = {name: value for name, value in (again.advice or {}).items() if name not in {"rule", "model"}}
    return replace(again, subject=record.subject, advice=dict(record.advice or {}) | own)


def _changed(made: Recommendation, changes: Mapping[str, str]) -> Recommendation:
    unknown = sorted(set(changes) - set(CHANGEABLE))
    if unknown:
        raise InputError(
            "CASE-FIELD-UNKNOWN",
            f"A recommendation has no {unknown[0]} that could be changed.",
            f"Change {' or '.join(CHANGEABLE)}; anything else is put right in the ERP.",
        )
    values: dict[str, Any] = {name: _READ[name](text.strip()) for name, text in changes.items()}
    wanted = replace(made, **values)
    if wanted == made:
        raise InputError(
            "CASE-NOTHING-CHANGED", "Nothing differs from what is recommended.", "Change it, or accept it as it is."
        )
    return wanted


def _quantity(text: str) -> Decimal:
    try:
        quantity = Decimal(text)
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or not 0 < quantity <= _MOST:
        raise InputError(
            "CASE-VALUE-UNREADABLE",
            f"{text[:40]!r} is no quantity to order.",
            "Write a plain number above 0, with a point for decimals; to order nothing, reject the recommendation.",
        )
    return Decimal(plain(quantity))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(
            "CASE-VALUE-UNREADABLE", f"{text[:40]!r} is no day.", "Write the day as 2026-11-23, or leave it empty."
        ) from error


def _text(value: object) -> str | None:
    return plain(value) if isinstance(value, Decimal) else None if value is None else str(value)


_READ: Mapping[str, Any] = {"quantity": _quantity, "needed_by": _day}
