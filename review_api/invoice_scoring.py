"""Scoring of the ERP's bills as the outside asks for it: how likely each is changed or disputed; nothing is stored."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.canonical import to_jsonable
from review_api.scoring import decision_to_json, prediction_to_json
from review_api.services import Services

if TYPE_CHECKING:
    from triage.score_invoices import ScoredBill, ScoredBills

_log = logging.getLogger("clearhold.scoring")


def invoices(services: Services, *, as_of: datetime, asked: Collection[tuple[str, str]] | None = None) -> "ScoredBills":
    """Judges posted invoices that wait to be settled; those of these suppliers and numbers, or all.

    Raises:
        NotFoundError: `SCORE-INVOICE-UNKNOWN`.
    """
    from triage.score_invoices import score_invoices

    policy, bundle = services.policy, services.bundles.get("review")
    with services.db.read() as session:
        scored = score_invoices(session, policy, bundle, as_of=as_of, asked=asked)
    if scored.problem is not None:
        _log.warning("not predicted code=%s", scored.problem.code)
    return scored


def bill_to_json(scored: "ScoredBill") -> dict[str, Any]:
    """A bill's score as it is printed and served."""
    facts = to_jsonable(scored.facts)
    shown = ("supplier_id", "invoice_number", "invoice_date", "due_date", "total_with_vat", "currency", "po_number")
    told = {name: facts[name] for name in shown}
    return told | prediction_to_json(scored.prediction) | decision_to_json(scored.decision)
