"""Whether freight and other charges are on the order."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, line_fields, lines_text, money, supplier_keys
from triage.header import header_before, header_of
from triage.line_findings import growing_difference
from triage.match import Match
from triage.policy import Policy
from triage.unpaired import compares_with_orders

CODE = "MATCH-CHARGE"
_FIELDS = ("description", "quantity", "line_net_amount")


def charge(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Freight, insurance and other charges that are not on the order, with those of papers before it (SAP KW).

    What they may cost is a share of the goods billed; an allowance that is used up is used up for the order.
    """
    if not (match.unpaired or facts.paper.total_charges) or not compares_with_orders(facts, match):
        return ()
    paper, header, before = facts.paper, header_of(facts, match, policy), header_before(facts, match)
    if not header.charge_amount or paper.currency is None:
        return ()
    order = match.orders[0]
    supplier_id = facts.supplier.supplier_id if facts.supplier else order.supplier_id
    tolerance = policy.tolerance_for("charge", supplier_id=supplier_id, legal_entity=order.legal_entity)
    wrong = growing_difference(
        header.charge_amount,
        header.net_amount,
        before.charges,
        rounding=ZERO,
        tolerance=tolerance,
        currency=paper.currency,
    )
    if wrong is None:
        return ()
    indices = [at.index for at in header.charges]
    names = [*(str(at.description) for at in header.charges)]
    names += ["charges on the whole invoice"] if paper.total_charges else []
    earlier = wrong - header.charge_amount
    with_earlier = f", and {money(earlier, paper.currency)} on papers before it" if earlier else ""
    message = (
        f"Charges that are not on the order: {', '.join(names)}, "
        f"{money(header.charge_amount, paper.currency)} together{with_earlier}."
    )
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            message,
            subject=lines_text(indices) if indices else "total_charges",
            expected=money(ZERO, paper.currency),
            actual=money(wrong, paper.currency),
            difference=money(wrong, paper.currency),
            tolerance=limit_text(tolerance, paper.currency, over=wrong > 0),
            used={*match.used, *supplier_keys(facts.supplier), *before.keys},
            evidence=(*line_fields(indices, *_FIELDS), "total_charges"),
            at_risk=wrong,
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="Charges are on the order (SAP KW)",
    formula="Σ charges, with those of papers before it on the order, outside `charge`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=charge,
)
