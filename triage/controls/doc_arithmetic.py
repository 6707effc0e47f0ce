"""Whether the paper adds up by itself: lines to net, net and VAT to gross, quantity times price to line."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum, rounding_allowance
from triage.amounts import gap, net_total, vat_total
from triage.control import CLERK, Control
from triage.facts import Facts, PaperLine
from triage.findings import finding, line_fields, money, name_of
from triage.match import Match
from triage.policy import Policy

CODE = "DOC-ARITHMETIC"
_PRINTED = {
    "total_without_vat": "the total without VAT",
    "total_with_vat": "the total with VAT",
    "amount_due": "the amount due",
}


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
    wrong = gap(facts.paper, line.line_net_amount, computed)
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
    total = exact_sum(amounts) - (paper.total_allowances or ZERO) + (paper.total_charges or ZERO)
    wrong = gap(paper, net, total)
    header = ("total_without_vat", "total_allowances", "total_charges")
    names = (*header, *line_fields(sorted(line.index for line in paper.lines), "line_net_amount"))
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
    net, vat, gross = net_total(paper), vat_total(paper), paper.total_with_vat
    if gross is None:
        return ()
    names = ("total_without_vat", "total_vat", "total_with_vat")
    if net is None:
        text = (
            "The total cannot be checked: it has VAT in it, but neither the VAT nor the total without it could be read."
        )
        return (finding(facts, CODE, Outcome.HOLD, text, subject="total_with_vat", evidence=names, at_risk=gross),)
    return _finding(
        facts,
        "total_with_vat",
        "net total and VAT" if vat is not None else "net total without any VAT that could be read",
        computed=net + (ZERO if vat is None else vat),
        printed=gross,
        wrong=gap(paper, gross, net + (ZERO if vat is None else vat)),
        roundings=2,
        names=names,
    )


def _amount_due(facts: Facts) -> tuple[Finding, ...]:
    paper = facts.paper
    if paper.amount_due is None or paper.total_with_vat is None:
        return ()
    if paper.prepaid_amount is None and abs(paper.amount_due) <= abs(paper.total_with_vat):
        return ()
    computed = paper.total_with_vat - (paper.prepaid_amount or ZERO)
    wrong = gap(paper, paper.amount_due, computed)
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
            f"but {_PRINTED.get(subject, 'the line')} is {money(printed, currency)}.",
            subject=subject,
            expected=money(computed, currency),
            actual=money(printed, currency),
            difference=money(wrong, currency),
            tolerance=f"rounding only, {allowance:f} {currency}",
            evidence=names,
            at_risk=wrong,
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="The paper adds up",
    formula="|Σ lines − net| · |net + VAT − gross| · |quantity × price − line| > ½ unit × roundings",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=arithmetic,
)
