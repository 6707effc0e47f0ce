"""How the house's models do, for API and terminal: drift and performance by month, from what they said."""

from datetime import timedelta
from typing import Any

from core.canonical import to_jsonable
from models.bundle import MODEL_NAMES
from review_api.services import Services
from triage import predictions
from triage.model_insights import ModelMonth, by_months

MONTHS_DAYS = 400


def months(services: Services) -> tuple[ModelMonth, ...]:
    """Every model's months of the last year, by name."""
    since = services.clock.now() - timedelta(days=MONTHS_DAYS)
    told: list[ModelMonth] = []
    with services.db.read() as session:
        kept = predictions.names(session)
        for name in [*(name for name in MODEL_NAMES if name in kept), *sorted(kept.keys() - set(MODEL_NAMES))]:
            bundle = services.bundles.get(name) if name in MODEL_NAMES else None
            then = None if bundle is None else bundle.content.get("drift")
            references = {} if bundle is None or then is None else {bundle.version: then}
            told += by_months(predictions.between(session, name, since=since), references)
    return tuple(told)


def as_json(found: tuple[ModelMonth, ...]) -> dict[str, Any]:
    """The months as one document, a word on each."""
    return {"months": [to_jsonable(one) | {"verdict": one.verdict} for one in found]}
