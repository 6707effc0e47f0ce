"""Scoring as the outside asks for it: customers' orders and replenishment, judged now; nothing is stored here."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from core.canonical import to_jsonable
from core.errors import InputError
from review_api.services import Services
from triage.decisions import finding_to_json

if TYPE_CHECKING:
    from core.decisions import Decision
    from models.prediction import Prediction
    from triage.replenishment_facts import Recommendation
    from triage.score_orders import GivenOrder, Progress, ScoredOrder
    from triage.score_replenishment import ScoredRecommendation

_log = logging.getLogger("clearhold.scoring")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def as_of_instant(text: str | None, services: Services) -> datetime:
    """The instant to score as of: now, the beginning of a day in UTC, or an instant with its time zone.

    Raises:
        InputError: `SCORE-AS-OF`.
    """
    if text is None:
        return services.clock.now()
    try:
        day = date.fromisoformat(text)
        at = datetime.combine(day, time(), tzinfo=UTC)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
    if at is None or at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise InputError(
            "SCORE-AS-OF",
            f"{text!r} is no day and no instant to score as of.",
            "Write a day, 2026-11-23, or an instant with its time zone, 2026-11-23T09:00Z.",
        )
    return at.astimezone(UTC)


def orders(
    services: Services,
    *,
    as_of: datetime,
    order_ids: Iterable[str] | None = None,
    given: Sequence["GivenOrder"] = (),
    progress: "Progress | None" = None,
    explains: bool = True,
) -> "tuple[ScoredOrder, ...]":
    """Judges customers' orders; all that wait when none are named.

    Args:
        explains: whether all get reasons; those that will probably be late always do.

    Raises:
        NotFoundError: `SCORE-ORDER-UNKNOWN`.
    """
    from triage.score_orders import score_orders

    policy = services.policy
    bundle = services.bundles.get("sla-miss") if policy.predictions.late.use else None
    with services.db.read() as session:
        predict, advise = None, None
        if bundle is not None:
            from ingest.feed_frames import DatabaseFrames
            from triage.late_advice import advised_from
            from triage.late_advising import LateAdvisor
            from triage.late_predicting import LatePredictor

            numbers = frozenset(one.order.order_id for one in given)
            predict = LatePredictor(
                bundle=bundle,
                frames=DatabaseFrames(session),
                as_of=as_of,
                given=numbers,
                shown_from=float(advised_from(policy.predictions.late)),
                explains=explains,
            )
            advise = LateAdvisor(predict, policy)
        found = score_orders(
            session,
            policy,
            as_of=as_of,
            order_ids=order_ids,
            given=given,
            progress=progress,
            predict=predict,
            advise=advise,
        )
    if predict is not None and predict.problem is not None:
        _log.warning("not predicted code=%s", predict.problem.code)
    return found


def given_orders(
    services: Services, given: Sequence["GivenOrder"], *, explains: bool
) -> "tuple[datetime, tuple[ScoredOrder, ...]]":
    """Judges orders with their facts against the newest picture of the house, and says as of when."""
    from triage.order_picture import PictureOutdatedError

    picture = services.pictures.current()
    with suppress(PictureOutdatedError):
        return picture.as_of, picture.judge(given, lambda: services.pictures.session_of(picture), explains=explains)
    as_of = services.clock.now()
    return as_of, orders(services, as_of=as_of, order_ids=(), given=given, explains=explains)


def replenishment(
    services: Services,
    *,
    as_of: datetime,
    places: Sequence[tuple[str, str]] | None = None,
    given: "Sequence[Recommendation]" = (),
    progress: "Progress | None" = None,
) -> "tuple[ScoredRecommendation, ...]":
    """Judges what the house's model plans, or today's rule where there is none, and what is given.

    Raises:
        NotFoundError: `SCORE-ITEM-UNKNOWN`.
        InputError: `SCORE-DEMAND`.
    """
    from triage.score_replenishment import score_replenishment

    policy = services.policy
    with services.db.read() as session:
        return score_replenishment(
            session,
            policy,
            as_of=as_of,
            places=places,
            given=given,
            bundle=services.bundles.get("replenishment"),
            progress=progress,
        )


def order_to_json(scored: "ScoredOrder") -> dict[str, Any]:
    """An order's score as it is printed and served."""
    order = scored.facts.order
    return (
        {
            "order_id": order.order_id,
            "ordered_at": order.ordered_at,
            "promised_at": order.promised_at,
            "order_value": to_jsonable(order.order_value),
            "currency": order.currency,
        }
        | prediction_to_json(scored.prediction)
        | _advice_to_json(scored.advice)
        | decision_to_json(scored.decision)
    )


def recommendation_to_json(scored: "ScoredRecommendation") -> dict[str, Any]:
    """A recommendation's score as it is printed and served: what came, what can be ordered, and where it comes from."""
    recommendation = to_jsonable(scored.facts.recommendation)
    return {
        "recommendation": recommendation,
        "quantity": to_jsonable(scored.rounding.ordered),
        "rule": None if scored.reorder is None else to_jsonable(scored.reorder),
        "plan": None if scored.planned is None else to_jsonable(scored.planned),
    } | decision_to_json(scored.decision)


def prediction_to_json(prediction: "Prediction | None") -> dict[str, Any]:
    """What a model said; nulls where none spoke."""
    if prediction is None or not 0 <= prediction.probability <= 1:
        return {"probability": None, "reasons": [], "model": None if prediction is None else prediction.model}
    return {
        "probability": prediction.probability,
        "reasons": [to_jsonable(reason) for reason in prediction.reasons],
        "model": prediction.model,
    }


def _advice_to_json(advice: "Mapping[str, Any] | None") -> dict[str, Any]:
    """What is recommended and what else could be done; empty where nothing is."""
    told = advice or {}
    return {
        "recommendations": told.get("recommendations", []),
        "alternatives": told.get("alternatives", []),
        "new_date": told.get("new_date"),
    }


def decision_to_json(decision: "Decision") -> dict[str, Any]:
    """A decision as it is printed and served."""
    return {
        "outcome": decision.outcome.value,
        "findings": [finding_to_json(finding) for finding in decision.findings],
        "inputs_hash": decision.inputs_hash,
        "policy_hash": decision.policy_hash,
        "rules_version": decision.rules_version,
        "models": list(decision.models),
    }
