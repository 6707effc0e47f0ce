"""The shapes of what a planner tries before it is done."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from triage.decisions import finding_to_json
from triage.planning_judged import Judged


class TriedOut(BaseModel):
    """What the controls say of a change that was not made."""

    outcome: str
    quantity: Decimal | None
    findings: list[dict[str, Any]]


def tried(judged: Judged) -> TriedOut:
    """A change that was tried, as it is served."""
    quantity = (judged.advice or {}).get("quantity")
    return TriedOut(
        outcome=judged.decision.outcome.value,
        quantity=None if quantity is None else Decimal(str(quantity)),
        findings=[finding_to_json(one) for one in judged.decision.findings],
    )
