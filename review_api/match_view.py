"""Lays a paper's lines beside order and receipts: what differs, by how much, how much may, and why they were paired."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.decisions import Decision
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, DocumentType, Extraction
from core.money import NEGLIGIBLE, ZERO, exact_sum, plain, rounded, rounding_allowance
from core.texts import N_
from review_api.field_view import lines_of
from review_api.presenting import NOTHING, Reader
from review_api.words import field_label, unit_word
from triage.facts import Facts, PaperLine
from triage.line_findings import bills, line_tolerance, needs_receipt
from triage.match import LineFigures, Match, Pair, pair_lines
from triage.policy import Policy, Tolerance, ToleranceName, amount_in

SHOWN_LINES = 200
_TIERS = (
    N_("order line"), N_("item id"), N_("GTIN"), N_("supplier item id"), N_("identifier in the text"),
    N_("description and price"),
)  # fmt: skip
"""What a pair can have in common, as `triage.candidates` calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """One difference with its sign, and how much may be: `+24 pcs`, `none`; `over` where more than that."""

    text: str
    tolerance: str
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the paper beside its order line and what was received; ready to be read.

    Attributes:
        net, ordered_net: the line's amount on the paper, and what its quantity costs at the order's price.
        billed: what other papers have billed on the order line; `billed_by` are their documents.
        shared: the paper's other lines on the same order line: figures are for all of them together.
    """

    index: int
    description: str
    item: str
    invoiced: str
    net: str
    ordered: str
    order: str
    ordered_net: str
    paired_by: str
    conversion: str
    received: str
    receipts: str
    billed: str
    billed_by: tuple[str, ...]
    shared: str
    differences: tuple[DifferenceView, ...]
    differs: bool
    unsure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsView:
    """All lines together: on the paper, at the order's prices, and what is between; `paper_net` where it is another."""

    net: str
    ordered_net: str
    difference: str
    over: bool
    paper_net: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchView:
    """The lines side by side."""

    lines: tuple[LineView, ...] = ()
    totals: TotalsView | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What every line of the table is made with."""

    extraction: Extraction
    facts: Facts
    policy: Policy
    reader: Reader
    asked: frozenset[int]

    @property
    def is_shipment(self) -> bool:
        """Whether the paper is about goods and not about money."""
        return self.extraction.document_type in SHIPMENT_TYPES

    @property
    def currency(self) -> str | None:
        """The paper's."""
        return self.facts.paper.currency


def match_view(
    extraction: Extraction, facts: Facts, decision: Decision, *, policy: Policy, reader: Reader
) -> MatchView:
    """The lines of a paper beside their order lines and receipts."""
    asked = frozenset(index for finding in decision.findings for index in lines_of(finding.subject))
    table = _Table(extraction=extraction, facts=facts, policy=policy, reader=reader, asked=asked)
    match = pair_lines(facts) if extraction.document_type in BILLING_TYPES | SHIPMENT_TYPES else Match()
    pairs = {pair.paper_line: pair for pair in match.pairs}
    figures = {(one.line.po_number, one.line.line_number): one for one in match.figures}
    shown = facts.paper.lines[:SHOWN_LINES]
    views = []
    for line in shown:
        pair = pairs.get(line.index)
        views.append(_line_view(table, line, pair, figures.get((pair.po_number, pair.line_number)) if pair else None))
    return MatchView(lines=tuple(views), totals=_totals(table, match), left_out=len(facts.paper.lines) - len(shown))


def _line_view(table: _Table, line: PaperLine, pair: Pair | None, against: LineFigures | None) -> LineView:
    reader, row = table.reader, table.extraction.lines[line.index - 1]
    unsure = [
        reader.say(field_label(name)).lower()
        for name, field in row.items()
        if field.confidence < table.policy.confidence.of_line_field(name)
    ]
    differences = tuple(_differences(table, pair, against))
    view = {
        "index": line.index,
        "description": line.description or "",
        "item": line.buyer_item_id or line.seller_item_id or line.gtin or "",
        "invoiced": _times(line.quantity, line.unit_price, line.unit, reader),
        "net": _money(line.line_net_amount, reader, table.currency),
        "unsure": ", ".join(unsure),
        "differences": differences,
        "differs": line.index in table.asked or any(one.over for one in differences),
    }
    return LineView(**view, **_order_side(table, pair, against))  # type: ignore[arg-type]


def _order_side(table: _Table, pair: Pair | None, against: LineFigures | None) -> dict[str, object]:
    reader = table.reader
    if pair is None or against is None:
        nothing = dict.fromkeys(("order", "ordered_net", "paired_by", "conversion", "receipts", "billed", "shared"), "")
        return {**nothing, "ordered": reader.say("no order line"), "received": NOTHING, "billed_by": ()}
    unit, currency = _unit(against.line.unit, reader), against.order.currency
    others = [reader.number(Decimal(index)) for index in against.paper_lines if index != pair.paper_line]
    expected = None if against.invoiced is None else against.invoiced * against.line.unit_price
    return {
        "ordered": _times(against.line.quantity, against.line.unit_price, against.line.unit, reader),
        "order": f"{pair.po_number} / {pair.line_number}",
        "ordered_net": "" if table.is_shipment else _money(expected, reader, currency),
        "paired_by": reader.say("paired by %(what)s (%(score)s)", what=reader.say(pair.why), score=pair.score),
        "conversion": reader.sentence(pair.conversion or pair.problem or ""),
        "received": f"{reader.number(against.received)} {unit}",
        "receipts": ", ".join(against.receipts),
        "billed": reader.say("%(amount)s billed before", amount=f"{reader.number(against.billed)} {unit}")
        if against.billed
        else "",
        "billed_by": against.billed_by,
        "shared": reader.say("together with line %(lines)s", lines=", ".join(others)) if others else "",
    }


def _differences(table: _Table, pair: Pair | None, against: LineFigures | None) -> Iterator[DifferenceView]:
    """Quantity over what is received and not yet billed, in the order's unit, and price over the order's.

    Nothing where the units do not convert: a finding says so.
    """
    if pair is None or against is None or (pair.quantity is None and pair.problem is not None):
        return
    reader, price, currency = table.reader, against.line.unit_price, against.order.currency
    if against.invoiced is not None:
        open_quantity = against.received - (ZERO if table.is_shipment else against.billed_before)
        over = against.invoiced - open_quantity
        must_be_here = bills(against) and needs_receipt(table.policy, against)
        if over and (table.is_shipment or must_be_here):
            tolerance = line_tolerance(table.policy, _quantity_rule(table, over), against)
            yield DifferenceView(
                text=f"{_signed(over, reader)} {_unit(against.line.unit, reader)}",
                tolerance=_limit(tolerance, reader, currency, over=over > 0),
                over=not tolerance.allows(price * over, price * max(open_quantity, ZERO), currency),
            )
    if not table.is_shipment and currency == table.currency:
        yield from _price_differences(table, pair, against)


def _price_differences(table: _Table, pair: Pair, against: LineFigures) -> Iterator[DifferenceView]:
    """What one unit costs over the order's price, and what the order line's amounts come to over it."""
    reader, price, currency = table.reader, against.line.unit_price, against.order.currency
    dearer = ZERO if pair.unit_price is None else pair.unit_price - price
    if abs(dearer) > NEGLIGIBLE:
        tolerance = line_tolerance(table.policy, "price_unit", against)
        yield DifferenceView(
            text=reader.say("%(amount)s each", amount=_signed(dearer, reader)),
            tolerance=_limit(tolerance, reader, currency, over=dearer > 0),
            over=not tolerance.allows(dearer, price, currency),
        )
    if against.invoiced is None or against.invoiced_net is None:
        return
    expected = against.invoiced * price
    apart = against.invoiced_net - expected
    if abs(apart) - rounding_allowance(len(against.pairs), currency) > NEGLIGIBLE:
        tolerance = line_tolerance(table.policy, "price_total", against)
        yield DifferenceView(
            text=f"{_signed(apart, reader)} {currency}",
            tolerance=_limit(tolerance, reader, currency, over=apart > 0),
            over=not tolerance.allows(apart, expected, currency),
        )


def _quantity_rule(table: _Table, over: Decimal) -> ToleranceName:
    if table.is_shipment:
        return "ship_over" if over > 0 else "ship_short"
    return "quantity"


def _totals(table: _Table, match: Match) -> TotalsView | None:
    """Of billing papers in the currency of their orders, with an amount on every line."""
    paper, reader = table.facts.paper, table.reader
    nets = [line.line_net_amount for line in paper.lines]
    if table.is_shipment or not nets or any(net is None for net in nets):
        return None
    net = exact_sum(amount for amount in nets if amount is not None)
    invoiced = [(one.invoiced, one.line.unit_price, one.order.currency) for one in match.figures]
    known = [
        amount * price for amount, price, currency in invoiced if amount is not None and currency == paper.currency
    ]
    ordered = exact_sum(known) if known and len(known) == len(invoiced) else None
    sign = -1 if paper.document_type is DocumentType.CREDIT_NOTE else 1
    apart = None if ordered is None else sign * net - ordered
    stated = paper.total_without_vat
    return TotalsView(
        net=_money(net, reader, paper.currency),
        ordered_net="" if ordered is None else _money(sign * ordered, reader, paper.currency),
        difference="✓" if apart == 0 else "" if apart is None else f"{_signed(apart, reader)} {paper.currency}",
        over=bool(apart and apart > 0),
        paper_net="" if stated in {None, net} else _money(stated, reader, paper.currency),
    )


def _times(quantity: Decimal | None, price: Decimal | None, unit: str | None, reader: Reader) -> str:
    amount = "?" if quantity is None else f"{reader.number(quantity)} {_unit(unit, reader) if unit else ''}".rstrip()
    return amount if price is None else f"{amount} × {reader.value('unit_price', plain(rounded(price, 6)), None)}"


def _money(amount: Decimal | None, reader: Reader, currency: str | None) -> str:
    return "" if amount is None else reader.value("line_net_amount", plain(rounded(amount, 4)), currency)


def _signed(amount: Decimal, reader: Reader) -> str:
    return f"{'+' if amount > 0 else '−'}{reader.number(rounded(abs(amount), 4))}"


def _unit(unit: str | None, reader: Reader) -> str:
    return reader.say(unit_word(unit))


def _limit(tolerance: Tolerance, reader: Reader, currency: str | None, *, over: bool) -> str:
    """A side of a tolerance in a few characters: `none`, `2 %`, `2 % · 10.00 EUR` (the tighter decides)."""
    pct = tolerance.upper_pct if over else tolerance.lower_pct
    amount = amount_in(tolerance.upper_amount if over else tolerance.lower_amount, currency)
    if pct == 0 or amount == 0:
        return reader.say("none")
    parts = [] if pct is None else [f"{reader.number(pct)} %"]
    parts += [] if amount is None else [reader.money(amount, currency)]
    return " · ".join(parts) or reader.say("any")
