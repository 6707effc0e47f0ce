"""Whether the price billed is the price ordered, line by line and with what was billed before."""

from dataclasses import dataclass
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import NEGLIGIBLE, ZERO, rounding_allowance
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import count, money, price
from triage.line_findings import growing_difference, line_finding, line_limit, line_name, line_tolerance
from triage.match import LineFigures, Match
from triage.policy import Policy

CODE = "MATCH-PRICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variance:
    """A difference in price that is not allowed, and the limit that says so."""

    difference: Decimal
    tolerance: str


def price_variance(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Billed value less quantity × order price: per unit, for the order line, and with what was billed before (SAP PP).

    Only where paper and order are in one currency; another control holds the paper where they are not.
    """
    found = []
    for figures in match.figures:
        if figures.invoiced is None or figures.invoiced_net is None or figures.order.currency != facts.paper.currency:
            continue
        variance = _variance(figures, figures.invoiced, figures.invoiced_net, policy)
        if variance is not None:
            found.append(_price_finding(facts, match, figures, variance))
    return tuple(found)


def _variance(figures: LineFigures, invoiced: Decimal, net: Decimal, policy: Policy) -> _Variance | None:
    """The difference that is not allowed: of the order line, with what was billed before, or of one unit."""
    currency, unit_price = figures.order.currency, figures.line.unit_price
    expected = invoiced * unit_price
    now, earlier = net - expected, figures.before.beside(net - expected)
    rounding = rounding_allowance(len(figures.pairs), currency)
    total = line_tolerance(policy, "price_total", figures)
    wrong = growing_difference(now, expected, figures.before, rounding=rounding, tolerance=total, currency=currency)
    if wrong is not None:
        return _Variance(difference=wrong, tolerance=line_limit(total, figures, wrong))
    parts = [
        (pair.net_amount - pair.quantity * unit_price, pair.quantity, rounding_allowance(1, currency))
        for pair in figures.pairs
        if pair.quantity is not None and pair.net_amount is not None
    ]
    if earlier:
        parts.append((now + earlier, invoiced + figures.billed, rounding))
    return _unit_variance(figures, parts, policy)


def _unit_variance(
    figures: LineFigures, parts: list[tuple[Decimal, Decimal, Decimal]], policy: Policy
) -> _Variance | None:
    """The largest difference whose price per unit is not allowed.

    Args:
        parts: difference, quantity, and what rounding explains, of each line wherever it stands and of all together.
    """
    tolerance = line_tolerance(policy, "price_unit", figures)
    currency, unit_price = figures.order.currency, figures.line.unit_price
    wrong = [
        difference
        for difference, quantity, rounding in parts
        if abs(difference) - rounding > NEGLIGIBLE
        and quantity
        and not tolerance.allows(difference / abs(quantity), unit_price, currency)
    ]
    if not wrong:
        return None
    worst = max(wrong, key=lambda difference: (abs(difference), difference))
    return _Variance(difference=worst, tolerance=f"{line_limit(tolerance, figures, worst)} per unit")


def _price_finding(facts: Facts, match: Match, figures: LineFigures, variance: _Variance) -> Finding:
    currency, ours = figures.order.currency, figures.line.unit_price
    quantity, net = figures.invoiced or ZERO, figures.invoiced_net or ZERO
    billed = price(net / quantity, currency) if quantity else money(net, currency)
    more = "too much" if variance.difference > 0 else "less than ordered"
    message = (
        f"{line_name(figures)}: price {billed} on the paper, {price(ours, currency)} on the order; "
        f"{money(abs(variance.difference), currency)} {more} over {count(quantity, figures.line.unit)}."
    )
    return line_finding(
        facts, match, figures, CODE, message,
        expected=price(ours, currency), actual=billed, difference=money(variance.difference, currency),
        tolerance=variance.tolerance, at_risk=variance.difference,
    )  # fmt: skip


CONTROL = Control(
    code=CODE,
    checks="Price billed is the price ordered (SAP PP)",
    formula="billed value − quantity × order price, outside `price_unit` or cumulative `price_total`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=price_variance,
)
