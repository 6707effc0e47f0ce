"""Scoring of demand as the outside asks for it: what was not as forecast, for which planner; nothing is stored here."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.canonical import to_jsonable
from review_api.services import Services
from triage.decisions import finding_to_json

if TYPE_CHECKING:
    from triage.demand_scoring import ScoredAlerts
    from triage.planning_judged import Judged

Place = tuple[str, str]


def demand(services: Services, *, as_of: datetime, places: Collection[Place] | None = None) -> "ScoredAlerts":
    """Judges the demand of the last weeks that were over at an instant.

    Args:
        places: items at places that are asked about; all when None. The budgets are spent on all of them alike.

    Raises:
        InputError: `SCORE-DEMAND`.
    """
    from triage.demand_scoring import score_alerts

    policy = services.policy
    bundle = services.bundles.get("demand") if policy.predictions.demand.use else None
    with services.db.read() as session:
        scored = score_alerts(session, policy, bundle, as_of=as_of)
    if places is None:
        return scored
    return replace(scored, shown=tuple(one for one in scored.shown if _place(one) in places))


def alerts_to_json(scored: "ScoredAlerts") -> dict[str, Any]:
    """All that was found and is shown, as it is printed and served."""
    found = scored.scored
    return {
        "judged_from": to_jsonable(found.judged_from),
        "judged_to": to_jsonable(found.judged_to),
        "series": found.series,
        "found": found.found,
        "model": found.model,
        "notes": list(found.notes),
        "scores": [alert_to_json(one) for one in scored.shown],
    }


def alert_to_json(judged: "Judged") -> dict[str, Any]:
    """One alert as it is printed and served."""
    decision, told = judged.decision, dict(judged.advice or {})
    return told | {
        "subject": judged.subject,
        "currency": judged.currency,
        "words": decision.findings[0].message if decision.findings else "",
        "model": decision.models[0],
        "outcome": decision.outcome.value,
        "findings": [finding_to_json(finding) for finding in decision.findings],
        "inputs_hash": decision.inputs_hash,
        "policy_hash": decision.policy_hash,
        "rules_version": decision.rules_version,
        "models": list(decision.models),
    }


def _place(judged: "Judged") -> Place:
    told = judged.advice or {}
    return told["item_id"], told["location_id"]
