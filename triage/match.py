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
from triage.assign import Room, assign
from triage.candidates import TIERS, Candidate, LineKey, OrderLines
from triage.earlier import Earlier, add_up
from triage.facts import BilledLine, Facts, KnownInvoice, Paper
from triage.orders import find_order, find_orders, order_references

_NOTHING = Earlier()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A paper line and the order line it bills: figures in the order's unit.

    Attributes:
        paper_line: `index` of the line on the paper.
        why: what they have in common: one of `candidates.TIERS`.
        score: 0 to 100; 100 for an identifier, the likeness of the texts for a description.
        quantity, net_amount, unit_price: as printed or, where one is missing, derived from the other two; quantity and
            net amount negative on a credit note; None where neither, and where the units do not convert.
        tax_rate: as printed.
        conversion: how the printed unit became the order's, in words; None where both are one.
        problem: why the units cannot be compared, or not surely; None where they can.
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
    conversion: str | None = None
    problem: str | None = None

    @property
    def reason(self) -> str:
        """Why the two were paired, and how their units became one: `paired by item id (100), 1 CT is 12 pcs`."""
        return ", ".join([f"paired by {self.why} ({self.score})", *filter(None, (self.conversion, self.problem))])


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigures:
    """An order line and everything known of it: quantities in its unit, amounts in its order's currency.

    Attributes:
        received: goods receipts less returns; `receipts` names those posted.
        billed, billed_net: what other papers have billed on it (`billed_by`).
        before: how far their amounts were from the order's price.
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
    before: Earlier
    invoiced: Decimal | None
    invoiced_net: Decimal | None
    pairs: tuple[Pair, ...]

    @property
    def key(self) -> str:
        """`order/line`, as facts are named."""
        return f"{self.line.po_number}/{self.line.line_number}"

    @property
    def billed_before(self) -> Decimal:
        """The quantity billed before that counts: never below nothing.

        A credit for goods that were never billed makes no room for more.
        """
        return max(self.billed, ZERO)

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
    """Pairs by what a paper line and an order line have in common, strongest first, and so that all fit best together.

    A paper line bills one order line; several paper lines may bill the same one. A paper that names no order is
    paired with all the orders given.
    """
    named, unknown = find_orders(order_references(facts.paper), facts.orders)
    orders = named if named or unknown else tuple(sorted(facts.orders, key=lambda order: order.po_number))
    books = _Books(facts, orders)
    order_lines = OrderLines(books.lines, books.items, books.open_quantities())
    allowed = _allowed_orders(facts, orders)
    candidates = [
        order_lines.candidates(signed_line(facts.paper, line), allowed[line.purchase_order_reference])
        for line in facts.paper.lines
    ]
    taken = assign(candidates, books.rooms())
    pairs = tuple(_pair(taken[index]) for index in sorted(taken))
    return Match(
        pairs=pairs,
        unpaired=tuple(sorted({line.index for line in facts.paper.lines} - taken.keys())),
        figures=books.figures(pairs),
        orders=orders,
        unknown_orders=unknown,
        used=books.keys(),
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


def _allowed_orders(facts: Facts, orders: Sequence[PurchaseOrder]) -> Mapping[str | None, frozenset[str]]:
    """Order numbers a line may bill, by its own reference; without one those of the header, else any looked at."""
    header, _ = find_orders(facts.paper.purchase_order_references, facts.orders)
    allowed: dict[str | None, frozenset[str]] = {None: frozenset(order.po_number for order in header or orders)}
    for line in facts.paper.lines:
        reference = line.purchase_order_reference
        if reference is not None and reference not in allowed:
            order = find_order(reference, facts.orders) if reference else None
            allowed[reference] = frozenset({order.po_number} if order else ()) if reference else allowed[None]
    return allowed


def _pair(candidate: Candidate) -> Pair:
    line, into = candidate.line, candidate.conversion
    return Pair(
        paper_line=line.index,
        po_number=candidate.order_line.po_number,
        line_number=candidate.order_line.line_number,
        why=TIERS[candidate.tier],
        score=candidate.score,
        quantity=candidate.quantity,
        net_amount=line.line_net_amount,
        unit_price=None if line.unit_price is None or not into.is_possible else into.unit_price(line.unit_price),
        tax_rate=line.tax_rate,
        conversion=into.note,
        problem=into.problem,
    )


class _Books:
    """What is ordered, received and billed before on each line of some orders."""

    def __init__(self, facts: Facts, orders: Sequence[PurchaseOrder]) -> None:
        self._orders = {order.po_number: order for order in orders}
        self.lines = sorted(
            (line for line in facts.order_lines if line.po_number in self._orders),
            key=lambda line: (line.po_number, line.line_number),
        )
        self.items = {item.item_id: item for item in facts.items}
        self._receipts: defaultdict[LineKey, list[GoodsReceipt]] = defaultdict(list)
        for receipt in facts.receipts:
            self._receipts[receipt.po_number, receipt.line_number].append(receipt)
        self._billed: defaultdict[LineKey, list[BilledLine]] = defaultdict(list)
        for billed in facts.billed:
            if billed.document_id != facts.paper.document_id:
                self._billed[billed.po_number, billed.line_number].append(billed)
        self._keyed = tuple(((line.po_number, line.line_number), line) for line in self.lines)
        self._received_on = {key: exact_sum(at.quantity for at in mine) for key, mine in self._receipts.items()}
        self._billed_on = {key: exact_sum(at.quantity for at in mine) for key, mine in self._billed.items()}

    def open_quantities(self) -> Mapping[LineKey, Decimal]:
        """Ordered and not yet billed, by order line."""
        return {key: line.quantity - self._billed_on.get(key, ZERO) for key, line in self._keyed}

    def rooms(self) -> Mapping[LineKey, Room]:
        """What each order line can take."""
        return {key: self._room(key, line) for key, line in self._keyed}

    def figures(self, pairs: Sequence[Pair]) -> tuple[LineFigures, ...]:
        """Everything known of the order lines that are billed, by order and line number."""
        ours: defaultdict[LineKey, list[Pair]] = defaultdict(list)
        for pair in pairs:
            ours[pair.po_number, pair.line_number].append(pair)
        return tuple(self._figures(key, line, ours[key]) for key, line in self._keyed if key in ours)

    def keys(self) -> tuple[str, ...]:
        """Keys of all records the pairing looks at."""
        keys = [f"purchase_order:{number}" for number in self._orders]
        for (po_number, number), line in self._keyed:
            keys.append(f"purchase_order_line:{po_number}/{number}")
            if line.item_id in self.items:
                keys.append(f"item:{line.item_id}")
            keys += [f"goods_receipt:{at.receipt_id}" for at in self._receipts.get((po_number, number), ())]
            keys += [
                f"billed_line:{at.document_id}/{po_number}/{number}" for at in self._billed.get((po_number, number), ())
            ]
        return tuple(sorted(set(keys)))

    def _room(self, key: LineKey, line: PurchaseOrderLine) -> Room:
        billed = self._billed_on.get(key, ZERO)
        return Room(
            ordered=line.quantity - billed,
            received=self._received_on[key] - billed if key in self._received_on else None,
            credited=billed if billed > 0 else line.quantity,
        )

    def _figures(self, key: LineKey, line: PurchaseOrderLine, pairs: Sequence[Pair]) -> LineFigures:
        billed = self._billed.get(key, ())
        return LineFigures(
            order=self._orders[line.po_number],
            line=line,
            received=self._received_on.get(key, ZERO),
            receipts=tuple(sorted(receipt.receipt_id for receipt in self._receipts.get(key, ()))),
            billed=self._billed_on.get(key, ZERO),
            billed_net=exact_sum(at.net_amount for at in billed),
            billed_by=tuple(sorted({at.document_id for at in billed})),
            before=_before(billed, line.unit_price) if billed else _NOTHING,
            invoiced=_sum_or_none([pair.quantity for pair in pairs]),
            invoiced_net=_sum_or_none([pair.net_amount for pair in pairs]),
            pairs=tuple(pairs),
        )


def _before(billed: Sequence[BilledLine], unit_price: Decimal) -> Earlier:
    expected = [at.quantity * unit_price for at in billed]
    return add_up((at.net_amount - value, value, at.net_amount) for at, value in zip(billed, expected, strict=True))


def _sum_or_none(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def _billed_line(paper: Paper, figures: LineFigures) -> BilledLine:
    quantity, unit_price = figures.invoiced, figures.line.unit_price
    if quantity is None:
        # What cannot be counted counts by its value, so that the next paper on the line finds it.
        quantity = figures.invoiced_net / unit_price if figures.invoiced_net and unit_price else ZERO
    at_order_price = quantity * unit_price
    return BilledLine(
        document_id=paper.document_id,
        po_number=figures.line.po_number,
        line_number=figures.line.line_number,
        quantity=quantity,
        net_amount=at_order_price if figures.invoiced_net is None else figures.invoiced_net,
    )
