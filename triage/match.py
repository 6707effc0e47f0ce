"""Pairs the lines of a paper with order lines, and sums up what is ordered, received and billed on each.

Pure, and independent of the order anything comes in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.documents import BILLING_TYPES
from core.erp import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
from core.money import ZERO, exact_sum
from triage.amounts import signed_line, signed_total
from triage.candidates import TIERS, Candidate, Choices, LineKey, choose
from triage.facts import BilledLine, Facts, KnownInvoice, Paper, PaperLine
from triage.orders import find_order, find_orders, order_references


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A paper line and the order line it bills.

    Attributes:
        paper_line: `index` of the line on the paper.
        why: what they have in common: one of `candidates.TIERS`.
        score: 0 to 100; 100 for an identifier, the likeness of the texts for a description.
        quantity, net_amount, unit_price: as printed or, where one is missing, derived from the other two; quantity and
            net amount negative on a credit note; None where neither.
        tax_rate: as printed.
    """

    paper_line: int
    po_number: str
    line_number: str
    why: str
    score: int
    quantity: Decimal | None
    net_amount: Decimal | None
    unit_price: Decimal | None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """An order line and everything known of it: quantities in its unit, amounts in its order's currency.

    Attributes:
        received: goods receipts less returns; `receipts` names those posted.
        billed, billed_net: what other papers have billed on it (`billed_by`).
        invoiced, invoiced_net: what this paper bills on it, all its lines together; negative for a credit note.
            None where a quantity or an amount is missing.
        pairs: the paper's lines on it, by index.
    """

    order: PurchaseOrder
    line: PurchaseOrderLine
    received: Decimal
    receipts: tuple[str, ...]
    billed: Decimal
    billed_net: Decimal
    billed_by: tuple[str, ...]
    invoiced: Decimal | None
    invoiced_net: Decimal | None
    pairs: tuple[Pair, ...]

    @property
    def key(self) -> str:
        """`order/line`, as facts are named."""
        return f"{self.line.po_number}/{self.line.line_number}"

    @property
    def paper_lines(self) -> tuple[int, ...]:
        """Indices of the paper's lines on it, ascending."""
        return tuple(pair.paper_line for pair in self.pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How a paper fits its orders.

    Attributes:
        pairs: by paper line.
        unpaired: indices of paper lines that bill nothing that was ordered.
        figures: one for each order line this paper bills, by order and line number.
        orders: the orders looked at, by number; `unknown_orders`: numbers the paper names that no order has.
        used: keys of the records the pairing looked at, sorted.
    """

    pairs: tuple[Pair, ...] = ()
    unpaired: tuple[int, ...] = ()
    figures: tuple[LineFigures, ...] = ()
    orders: tuple[PurchaseOrder, ...] = ()
    unknown_orders: tuple[str, ...] = ()
    used: tuple[str, ...] = ()


def pair_lines(facts: Facts) -> Match:
    """Pairs by what a paper line and an order line have in common, strongest first (`candidates.TIERS`).

    A paper line bills one order line; several paper lines may bill the same one. An order line nobody has taken yet
    is preferred, so that two lines for one item go to its two order lines. A paper that names no order is paired
    with all the orders given.
    """
    named, unknown = find_orders(order_references(facts.paper), facts.orders)
    orders = named if named or unknown else tuple(sorted(facts.orders, key=lambda order: order.po_number))
    numbers = {order.po_number for order in orders}
    order_lines = sorted(
        (line for line in facts.order_lines if line.po_number in numbers),
        key=lambda line: (line.po_number, line.line_number),
    )
    items = {item.item_id: item for item in facts.items}
    choices = Choices(order_lines=order_lines, items=items, open_quantities=_open_quantities(facts))
    lines = [(signed_line(facts.paper, line), _allowed(line, facts, numbers)) for line in facts.paper.lines]
    taken = choose(lines, choices)
    pairs = tuple(_pair(taken[index]) for index in sorted(taken))
    return Match(
        pairs=pairs,
        unpaired=tuple(sorted({line.index for line in facts.paper.lines} - taken.keys())),
        figures=_figures(facts, pairs, orders, order_lines),
        orders=orders,
        unknown_orders=unknown,
        used=_used(facts, order_lines, orders, items),
    )


def billed_lines(paper: Paper, match: Match) -> tuple[BilledLine, ...]:
    """What this paper bills on each order line, to be remembered for the papers after it; negative for a credit note.

    Empty for a shipment document: it bills nothing.
    """
    if paper.document_type not in BILLING_TYPES:
        return ()
    return tuple(_billed_line(paper, figures) for figures in match.figures)


def known_invoice(paper: Paper, supplier_id: str) -> KnownInvoice | None:
    """A billing paper as later duplicates are compared with it; None when it lacks number, total or currency."""
    total = signed_total(paper)
    if paper.document_type not in BILLING_TYPES or not paper.invoice_number or total is None or not paper.currency:
        return None
    return KnownInvoice(
        document_id=paper.document_id,
        sha256=paper.sha256,
        supplier_id=supplier_id,
        invoice_number=paper.invoice_number,
        issue_date=paper.issue_date,
        total_with_vat=total,
        currency=paper.currency,
    )


def _allowed(line: PaperLine, facts: Facts, numbers: set[str]) -> frozenset[str]:
    """Order numbers a line may bill: its own reference, else those of the header, else any looked at."""
    if line.purchase_order_reference:
        order = find_order(line.purchase_order_reference, facts.orders)
        return frozenset({order.po_number} if order else ())
    header, _ = find_orders(facts.paper.purchase_order_references, facts.orders)
    return frozenset(order.po_number for order in header) or frozenset(numbers)


def _pair(candidate: Candidate) -> Pair:
    line = candidate.line
    return Pair(
        paper_line=line.index,
        po_number=candidate.order_line.po_number,
        line_number=candidate.order_line.line_number,
        why=TIERS[candidate.tier],
        score=candidate.score,
        quantity=line.quantity,
        net_amount=line.line_net_amount,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
    )


def _used(
    facts: Facts,
    lines: Sequence[PurchaseOrderLine],
    orders: Sequence[PurchaseOrder],
    items: Mapping[str, object],
) -> tuple[str, ...]:
    billed = _billed(facts)
    keys = {f"purchase_order:{order.po_number}" for order in orders}
    keys |= {f"purchase_order_line:{line.po_number}/{line.line_number}" for line in lines}
    keys |= {f"item:{line.item_id}" for line in lines if line.item_id in items}
    keys |= {
        f"billed_line:{at.document_id}/{at.po_number}/{at.line_number}"
        for line in lines
        for at in billed.get((line.po_number, line.line_number), ())
    }
    return tuple(sorted(keys))


def _billed(facts: Facts) -> Mapping[LineKey, list[BilledLine]]:
    """What other papers have billed, by order line."""
    by_line: defaultdict[LineKey, list[BilledLine]] = defaultdict(list)
    for billed in facts.billed:
        if billed.document_id != facts.paper.document_id:
            by_line[billed.po_number, billed.line_number].append(billed)
    return by_line


def _open_quantities(facts: Facts) -> Mapping[LineKey, Decimal]:
    """Ordered and not yet billed, by order line."""
    billed = _billed(facts)
    keys = {(line.po_number, line.line_number): line.quantity for line in facts.order_lines}
    return {key: ordered - exact_sum(at.quantity for at in billed.get(key, ())) for key, ordered in keys.items()}


def _figures(
    facts: Facts, pairs: Sequence[Pair], orders: Sequence[PurchaseOrder], order_lines: Sequence[PurchaseOrderLine]
) -> tuple[LineFigures, ...]:
    by_number = {order.po_number: order for order in orders}
    ours: defaultdict[LineKey, list[Pair]] = defaultdict(list)
    for pair in pairs:
        ours[pair.po_number, pair.line_number].append(pair)
    receipts: defaultdict[LineKey, list[GoodsReceipt]] = defaultdict(list)
    for receipt in facts.receipts:
        receipts[receipt.po_number, receipt.line_number].append(receipt)
    billed = _billed(facts)
    keyed = [((line.po_number, line.line_number), line) for line in order_lines]
    return tuple(
        LineFigures(
            order=by_number[line.po_number],
            line=line,
            received=exact_sum(receipt.quantity for receipt in receipts.get(key, ())),
            receipts=tuple(sorted(receipt.receipt_id for receipt in receipts.get(key, ()))),
            billed=exact_sum(at.quantity for at in billed.get(key, ())),
            billed_net=exact_sum(at.net_amount for at in billed.get(key, ())),
            billed_by=tuple(sorted({at.document_id for at in billed.get(key, ())})),
            invoiced=_sum_or_none([pair.quantity for pair in ours[key]]),
            invoiced_net=_sum_or_none([pair.net_amount for pair in ours[key]]),
            pairs=tuple(ours[key]),
        )
        for key, line in keyed
        if key in ours
    )


def _sum_or_none(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def _billed_line(paper: Paper, figures: LineFigures) -> BilledLine:
    quantity = ZERO if figures.invoiced is None else figures.invoiced
    at_order_price = quantity * figures.line.unit_price
    return BilledLine(
        document_id=paper.document_id,
        po_number=figures.line.po_number,
        line_number=figures.line.line_number,
        quantity=quantity,
        net_amount=at_order_price if figures.invoiced_net is None else figures.invoiced_net,
    )
