"""The three-way match: what is billed against what was ordered and what was received, line by line.

Everything is cumulative over the papers that bill an order line, so splitting an invoice gains nothing.
"""

from dataclasses import dataclass
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, rounding_allowance
from triage.control import APPROVER, CLERK, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import count, finding, limit_text, line_fields, lines_text, money, price
from triage.match import LineFigures, Match
from triage.policy import Policy, Tolerance, ToleranceName

PRICE, QUANTITY, NOT_RECEIVED, OVERBILLED = "MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "MATCH-OVERBILLED"


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


def quantity_variance(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Price × (billed now − (received − billed before)), where goods have been received (SAP DQ)."""
    found = []
    for figures in match.figures:
        if not _needs_receipt(figures, policy) or not figures.receipts or not _bills(figures):
            continue
        open_quantity = figures.received - figures.billed
        over = (figures.invoiced or ZERO) - open_quantity
        value, expected = figures.line.unit_price * over, figures.line.unit_price * max(open_quantity, ZERO)
        tolerance = _tolerance(policy, "quantity", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        more = (
            f"{count(figures.invoiced or ZERO, unit)} billed, {count(open_quantity, unit)} received and not yet billed"
        )
        received = f"{count(figures.received, unit)} received, {count(figures.billed, unit)} billed before"
        apart = f"{money(abs(value), figures.order.currency)} {'too much' if value > 0 else 'less than received'}"
        message = f"{_what(figures)}: {more} ({received}); {apart}."
        found.append(
            _finding(
                facts, match, figures, QUANTITY, message,
                expected=count(open_quantity, unit), actual=count(figures.invoiced or ZERO, unit),
                difference=count(over, unit), tolerance=_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


def not_received(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Price × (billed now + billed before), where a receipt is required and none is posted (SAP DW)."""
    found = []
    for figures in match.figures:
        if not _needs_receipt(figures, policy) or figures.receipts or not _bills(figures):
            continue
        billed = (figures.invoiced or ZERO) + figures.billed
        value, expected = figures.line.unit_price * billed, figures.line.unit_price * figures.line.quantity
        tolerance = _tolerance(policy, "not_received", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        message = (
            f"{_what(figures)}: {count(billed, unit)} billed, no goods receipt is posted; "
            f"{money(value, figures.order.currency)} for goods nobody has confirmed."
        )
        found.append(
            _finding(
                facts, match, figures, NOT_RECEIVED, message,
                expected="a goods receipt", actual="none", difference=count(billed, unit),
                tolerance=_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


def overbilled(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Billed now and before over what was ordered and the allowance; the allowance cannot be used up twice."""
    found = []
    for figures in match.figures:
        if not _bills(figures):
            continue
        billed = (figures.invoiced or ZERO) + figures.billed
        over = billed - figures.line.quantity
        value, expected = figures.line.unit_price * over, figures.line.unit_price * figures.line.quantity
        tolerance = _tolerance(policy, "overbilled", figures)
        if tolerance.allows(value, expected, figures.order.currency):
            continue
        unit = figures.line.unit
        message = (
            f"{_what(figures)}: {count(billed, unit)} billed in all, {count(figures.line.quantity, unit)} ordered; "
            f"{money(abs(value), figures.order.currency)} {'too much' if value > 0 else 'less than ordered'}."
        )
        found.append(
            _finding(
                facts, match, figures, OVERBILLED, message, outcome=Outcome.BLOCK,
                expected=f"{count(figures.line.quantity, unit)} or fewer", actual=count(billed, unit),
                difference=count(over, unit), tolerance=_limit(tolerance, figures, value), at_risk=value,
            )
        )  # fmt: skip
    return tuple(found)


def _variance(figures: LineFigures, invoiced: Decimal, net: Decimal, policy: Policy) -> _Variance | None:
    """The difference that is not allowed: of the order line, with what was billed before, or of one line per unit."""
    currency, unit_price = figures.order.currency, figures.line.unit_price
    expected = invoiced * unit_price
    difference = net - expected
    total = _tolerance(policy, "price_total", figures)
    if abs(difference) > rounding_allowance(len(figures.pairs), currency):
        if not total.allows(difference, expected, currency):
            return _Variance(difference=difference, tolerance=_limit(total, figures, difference))
        before = figures.billed * unit_price
        cumulative = difference + figures.billed_net - before
        grows = (cumulative > 0) == (difference > 0)
        if grows and not total.allows(cumulative, expected + before, currency):
            return _Variance(difference=cumulative, tolerance=_limit(total, figures, cumulative))
    return _unit_variance(figures, policy)


def _unit_variance(figures: LineFigures, policy: Policy) -> _Variance | None:
    """The largest difference of one line whose price per unit is not allowed, wherever the line stands."""
    currency, unit_price = figures.order.currency, figures.line.unit_price
    tolerance = _tolerance(policy, "price_unit", figures)
    wrong = []
    for pair in figures.pairs:
        if not pair.quantity or pair.net_amount is None:
            continue
        difference = pair.net_amount - pair.quantity * unit_price
        per_unit = difference / abs(pair.quantity)
        if abs(difference) > rounding_allowance(1, currency) and not tolerance.allows(per_unit, unit_price, currency):
            wrong.append(difference)
    if not wrong:
        return None
    worst = max(wrong, key=lambda difference: (abs(difference), difference))
    return _Variance(difference=worst, tolerance=f"{_limit(tolerance, figures, worst)} per unit")


def _price_finding(facts: Facts, match: Match, figures: LineFigures, variance: _Variance) -> Finding:
    currency, ours = figures.order.currency, figures.line.unit_price
    quantity, net = figures.invoiced or ZERO, figures.invoiced_net or ZERO
    billed = price(net / quantity, currency) if quantity else money(net, currency)
    more = "too much" if variance.difference > 0 else "less than ordered"
    message = (
        f"{_what(figures)}: price {billed} on the paper, {price(ours, currency)} on the order; "
        f"{money(abs(variance.difference), currency)} {more} over {count(quantity, figures.line.unit)}."
    )
    return _finding(
        facts, match, figures, PRICE, message,
        expected=price(ours, currency), actual=billed, difference=money(variance.difference, currency),
        tolerance=variance.tolerance, at_risk=variance.difference,
    )  # fmt: skip


def _needs_receipt(figures: LineFigures, policy: Policy) -> bool:
    return policy.needs_receipt(
        item_id=figures.line.item_id, supplier_id=figures.order.supplier_id, legal_entity=figures.order.legal_entity
    )


def _bills(figures: LineFigures) -> bool:
    """Whether the paper asks for money on this line: a credit note does not, and needs no receipt."""
    return figures.invoiced is not None and figures.invoiced > 0


def _tolerance(policy: Policy, name: ToleranceName, figures: LineFigures) -> Tolerance:
    return policy.tolerance_for(
        name,
        item_id=figures.line.item_id,
        supplier_id=figures.order.supplier_id,
        legal_entity=figures.order.legal_entity,
    )


def _limit(tolerance: Tolerance, figures: LineFigures, difference: Decimal) -> str:
    return limit_text(tolerance, figures.order.currency, over=difference > 0)


def _what(figures: LineFigures) -> str:
    """`Line 3 (Olive oil 5 l), order 4500012 line 2`."""
    lines = lines_text(figures.paper_lines)
    described = f" ({figures.line.description})" if figures.line.description else ""
    return f"{lines[:1].upper()}{lines[1:]}{described}, order {figures.line.po_number} line {figures.line.line_number}"


def _finding(
    facts: Facts,
    match: Match,
    figures: LineFigures,
    code: str,
    message: str,
    *,
    outcome: Outcome = Outcome.HOLD,
    expected: str,
    actual: str,
    difference: str,
    tolerance: str,
    at_risk: Decimal,
) -> Finding:
    receipts = {f"goods_receipt:{receipt_id}" for receipt_id in figures.receipts}
    billed = {f"billed_line:{document_id}/{figures.key}" for document_id in figures.billed_by}
    return finding(
        facts,
        code,
        outcome,
        message,
        subject=lines_text(figures.paper_lines),
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance=tolerance,
        used={*match.used, *receipts, *billed},
        evidence=line_fields(figures.paper_lines, "description", "quantity", "unit_price", "line_net_amount"),
        at_risk=at_risk if figures.order.currency == facts.paper.currency else None,
    )


CONTROLS = (
    Control(
        code=PRICE,
        checks="Price billed is the price ordered (SAP PP)",
        formula="billed value − quantity × order price, outside `price_unit` or cumulative `price_total`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=price_variance,
    ),
    Control(
        code=QUANTITY,
        checks="Billed is received and not yet billed (SAP DQ)",
        formula="price × (billed − (received − billed before)), outside `quantity`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a goods receipt in the feed",
        run=quantity_variance,
        types=INVOICE_TYPES,
    ),
    Control(
        code=NOT_RECEIVED,
        checks="Something was received at all (SAP DW)",
        formula="receipt required, none posted: price × (billed + billed before), outside `not_received`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a goods receipt in the feed",
        run=not_received,
        types=INVOICE_TYPES,
    ),
    Control(
        code=OVERBILLED,
        checks="All billing stays within what was ordered",
        formula="price × (billed + billed before − ordered), outside `overbilled`",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected invoice or a credit note",
        run=overbilled,
        types=INVOICE_TYPES,
    ),
)
