"""Whether the paper adds up by itself: lines to net, net and VAT to gross, quantity times price to line."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import exact_sum, rounding_allowance
from triage.amounts import net_total
from triage.control import CLERK, Control
from triage.facts import Facts, PaperLine
from triage.findings import finding, line_fields, money, name_of
from triage.match import Match
from triage.policy import Policy

CODE = "DOC-ARITHMETIC"


def arithmetic(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Sums that are wrong by more than rounding: half a minor unit for each amount that was rounded."""
    if facts.paper.currency is None:
        return ()
    per_line = (at for line in facts.paper.lines for at in _line(facts, line))
    return (*per_line, *_lines_to_net(facts), *_net_to_gross(facts), *_amount_due(facts))


def _line(facts: Facts, line: PaperLine) -> tuple[Finding, ...]:
    if line.quantity is None or line.unit_price is None or line.line_net_amount is None:
        return ()
    computed = line.quantity * line.unit_price
    # A credit note may carry the minus on the quantity, on the amount, or on neither.
    wrong = abs(abs(line.line_net_amount) - abs(computed))
    names = line_fields((line.index,), "quantity", "unit_price", "line_net_amount")
    return _finding(
        facts,
        f"line {line.index}",
        f"quantity and price of {name_of(line)}",
        computed=computed,
        printed=line.line_net_amount,
        wrong=wrong,
        roundings=1,
        names=names,
    )


def _lines_to_net(facts: Facts) -> tuple[Finding, ...]:
    paper, net = facts.paper, net_total(facts.paper)
    amounts = [line.line_net_amount for line in paper.lines if line.line_net_amount is not None]
    if net is None or not paper.lines or len(amounts) < len(paper.lines):
        return ()
    total = exact_sum(amounts)
    wrong = abs(abs(net) - abs(total))
    names = ("total_without_vat", *line_fields((line.index for line in paper.lines), "line_net_amount"))
    return _finding(
        facts,
        "total_without_vat",
        "the lines",
        computed=total,
        printed=net,
        wrong=wrong,
        roundings=len(amounts),
        names=names,
    )


def _net_to_gross(facts: Facts) -> tuple[Finding, ...]:
    paper = facts.paper
    net, vat, gross = paper.total_without_vat, paper.total_vat, paper.total_with_vat
    if net is None or gross is None or (vat is None and not paper.tax_breakdown):
        return ()
    if vat is None:
        taxes = [group.tax_amount for group in paper.tax_breakdown if group.tax_amount is not None]
        if len(taxes) < len(paper.tax_breakdown):
            return ()
        vat = exact_sum(taxes)
    names = ("total_without_vat", "total_vat", "total_with_vat")
    wrong = abs(gross - net - vat)
    return _finding(
        facts,
        "total_with_vat",
        "net total and VAT",
        computed=net + vat,
        printed=gross,
        wrong=wrong,
        roundings=2,
        names=names,
    )


def _amount_due(facts: Facts) -> tuple[Finding, ...]:
    paper = facts.paper
    if paper.amount_due is None or paper.total_with_vat is None or paper.prepaid_amount is None:
        return ()
    computed = paper.total_with_vat - paper.prepaid_amount
    wrong = abs(paper.amount_due - computed)
    names = ("amount_due", "prepaid_amount", "total_with_vat")
    return _finding(
        facts,
        "amount_due",
        "total less prepayment",
        computed=computed,
        printed=paper.amount_due,
        wrong=wrong,
        roundings=2,
        names=names,
    )


def _finding(
    facts: Facts,
    subject: str,
    what: str,
    *,
    computed: Decimal,
    printed: Decimal,
    wrong: Decimal,
    roundings: int,
    names: tuple[str, ...],
) -> tuple[Finding, ...]:
    currency = facts.paper.currency
    assert currency is not None
    allowance = rounding_allowance(roundings, currency)
    if wrong <= allowance:
        return ()
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"The paper does not add up: {what} make {money(computed, currency)}, "
            f"but {money(printed, currency)} is printed.",
            subject=subject,
            expected=money(computed, currency),
            actual=money(printed, currency),
            difference=money(wrong, currency),
            tolerance=f"rounding only, {allowance:f} {currency}",
            evidence=names,
            at_risk=wrong,
        ),
    )


CONTROLS = (
    Control(
        code=CODE,
        checks="The paper adds up",
        formula="|Σ lines − net| · |net + VAT − gross| · |quantity × price − line| > ½ unit × roundings",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=arithmetic,
    ),
)
