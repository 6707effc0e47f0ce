"""Writes findings about the order a paper names: shown by the order number, with the whole total at risk."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.facts import Facts
from triage.findings import finding


def order_finding(
    facts: Facts,
    code: str,
    outcome: Outcome,
    message: str,
    *,
    subject: str = "purchase_order_reference",
    expected: str | None = None,
    actual: str | None = None,
    used: tuple[str, ...] = (),
) -> Finding:
    """A finding whose evidence is the order number on the paper."""
    return finding(
        facts,
        code,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        used=used,
        evidence=("purchase_order_reference",),
        at_risk=signed_total(facts.paper),
    )
