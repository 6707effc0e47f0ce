"""Whether freight and other charges are on the order."""

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum
from triage.amounts import net_total, signed, signed_line
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, line_fields, lines_text, money, supplier_keys
from triage.match import Match
from triage.policy import Policy
from triage.unpaired import compares_with_orders, is_charge, unpaired_lines

CODE = "MATCH-CHARGE"
_FIELDS = ("description", "quantity", "line_net_amount")


def charge(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Freight, insurance and other charges that are not on the order, all together (SAP KW)."""
    if not compares_with_orders(facts, match):
        return ()
    paper = facts.paper
    charges = [at for at in unpaired_lines(facts, match) if is_charge(at, policy)]
    on_the_whole = signed(paper, paper.total_charges or ZERO)
    total = on_the_whole + exact_sum(signed_line(paper, at).line_net_amount or ZERO for at in charges)
    tolerance = policy.tolerance_for("charge", supplier_id=facts.supplier.supplier_id if facts.supplier else None)
    net = signed(paper, net_total(paper) or ZERO)
    if not (charges or on_the_whole) or tolerance.allows(total, net - total, paper.currency):
        return ()
    indices = [at.index for at in charges]
    names = [*(str(at.description) for at in charges), *(["charges on the whole invoice"] if on_the_whole else [])]
    message = f"Charges that are not on the order: {', '.join(names)}, {money(total, paper.currency)} together."
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            message,
            subject=lines_text(indices) if indices else "total_charges",
            expected=money(ZERO, paper.currency),
            actual=money(total, paper.currency),
            difference=money(total, paper.currency),
            tolerance=limit_text(tolerance, paper.currency, over=True),
            used={*match.used, *supplier_keys(facts.supplier)},
            evidence=(*line_fields(indices, *_FIELDS), "total_charges"),
            at_risk=total,
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="Charges are on the order (SAP KW)",
    formula="Σ charges > tolerance `charge`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=charge,
)
