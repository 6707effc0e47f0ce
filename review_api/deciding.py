"""Keeps what scoring decides and opens cases: each decision once, each subject with one open case at most."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from review_api.services import Services
from triage import case_rows
from triage.planning_flow import Kept, Progress, keep_all
from triage.planning_judged import Judged, judged_bill, judged_order, judged_recommendation
from triage.prediction_labels import label_bills, label_late_orders

if TYPE_CHECKING:
    from triage.score_invoices import ScoredBill
    from triage.score_orders import ScoredOrder
    from triage.score_replenishment import ScoredRecommendation


def _nobody(_done: int, _all: int) -> None:
    """Tells nobody how far it is."""


def orders(
    services: Services, scored: "Sequence[ScoredOrder]", *, actor: str, progress: Progress = _nobody
) -> tuple[Kept, Mapping[str, str]]:
    """Keeps decisions about orders, and labels what was predicted of earlier ones as far as it is known by now.

    Returns:
        What was done, and by order number which case is open.
    """
    policy = services.policy
    judged = [judged_order(one, policy, advice=one.advice) for one in scored]
    if any(one.prediction is not None for one in scored):
        with services.db.write() as session:
            label_late_orders(session, at=services.clock.now())
    kept = keep_all(services.db, judged, policy, services.clock, actor=actor, progress=progress)
    open_cases = _open_cases(services, judged)
    by_number = {one.facts.order.order_id: two.subject for one, two in zip(scored, judged, strict=True)}
    return kept, {name: open_cases[subject] for name, subject in by_number.items() if subject in open_cases}


def replenishment(
    services: Services, scored: "Sequence[ScoredRecommendation]", *, actor: str, progress: Progress = _nobody
) -> tuple[Kept, Mapping[str, str]]:
    """Keeps decisions about recommendations; says what was done, and by recommendation id which case is open."""
    policy = services.policy
    judged = [judged_recommendation(one, policy) for one in scored]
    kept = keep_all(services.db, judged, policy, services.clock, actor=actor, progress=progress)
    open_cases = _open_cases(services, judged)
    by_id = {one.facts.recommendation.recommendation_id: two.subject for one, two in zip(scored, judged, strict=True)}
    return kept, {name: open_cases[subject] for name, subject in by_id.items() if subject in open_cases}


def demand(
    services: Services, shown: Sequence[Judged], *, actor: str, progress: Progress = _nobody
) -> tuple[Kept, Mapping[str, str]]:
    """Keeps decisions about odd demand; says what was done, and by subject which case is open."""
    kept = keep_all(services.db, shown, services.policy, services.clock, actor=actor, progress=progress)
    return kept, _open_cases(services, shown)


def invoices(
    services: Services, scored: "Sequence[ScoredBill]", *, actor: str, progress: Progress = _nobody
) -> tuple[Kept, Mapping[str, str]]:
    """Keeps decisions about bills a model spoke of, and labels earlier ones as far as bills are settled by now.

    Returns:
        What was done, and by subject which case is open.
    """
    policy = services.policy
    judged = [judged_bill(one, policy) for one in scored if one.prediction is not None]
    with services.db.write() as session:
        label_bills(session, at=services.clock.now())
    kept = keep_all(services.db, judged, policy, services.clock, actor=actor, progress=progress)
    return kept, _open_cases(services, judged)


def kept_to_json(kept: Kept) -> dict[str, Any]:
    """What was done, as it is printed and served."""
    return {
        "decided": kept.decided,
        "as_before": kept.as_before,
        "opened": kept.opened,
        "changed": kept.changed,
        "ended": kept.ended,
    }


def _open_cases(services: Services, judged: Sequence[Judged]) -> dict[str, str]:
    with services.db.read() as session:
        found = case_rows.open_of_subjects(session, [one.subject for one in judged])
    return {subject: case.case_id for subject, case in found.items()}
