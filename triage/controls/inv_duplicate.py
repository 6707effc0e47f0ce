"""Whether an invoice has surely been billed before."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.billed_before import duplicate_finding, earlier_invoices, is_same, may_be_billed, named
from triage.control import APPROVER, Control
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy

CODE = "INV-DUPLICATE"


def duplicate(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Same supplier, currency, gross and number (look-alikes folded) as an invoice that has not been reversed.

    Two master records with one VAT id or account are one supplier.
    """
    if not may_be_billed(facts):
        return ()
    total = signed_total(facts.paper)
    standing = [
        earlier
        for earlier in earlier_invoices(facts, policy)
        if earlier.whose == "the supplier's" and not earlier.is_reversed and is_same(facts.paper, total, earlier)
    ]
    if not standing:
        return ()
    first = standing[0]
    of = "" if _is_own(facts, first.supplier_id) else f" It is under {first.supplier_id}, the same company."
    message = f"I{named(first)[1:]}.{of}"
    return (duplicate_finding(facts, CODE, Outcome.BLOCK, message, standing),)


def _is_own(facts: Facts, supplier_id: str) -> bool:
    return facts.supplier is not None and facts.supplier.supplier_id == supplier_id


CONTROL = Control(
    code=CODE,
    checks="Not billed before",
    formula="same supplier (one VAT id or account is one), currency, gross, number (alphanumerics, O/0, I/L/1 folded) "
    "as one posted or known",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected number, or the rejection of the other paper",
    run=duplicate,
)
