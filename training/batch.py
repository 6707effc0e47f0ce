"""Decides which papers the retailer finds on its desk: how many, in what form, from whom, and which ones lie."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.documents import DocumentType
from training.faults import KINDS, lookalike_number, with_lines
from training.ledger import (
    Ledger,
    Order,
    OrderLine,
    Posted,
    billed_lines,
    number_text,
    scaled,
    with_share_received,
    without_receipts,
)
from training.names import street
from training.papers import Distraction, Line, Paper, totals_of
from training.retailer import RETAILER, House, Retailer, stranger
from training.standalone import random_freight

# form, kind of paper, planted fault, suppliers to take from (by place), how many
_PLAN: tuple[tuple[str, str, str | None, tuple[int, ...], int], ...] = (
    ("native", "invoice", None, tuple(range(15)), 28),
    ("scan", "invoice", None, (0, 3, 4, 6, 7, 8, 12), 7),
    ("ubl", "invoice", None, (1, 6, 11, 9), 4),
    ("cii", "invoice", None, (4, 10, 5, 3), 4),
    ("hybrid", "invoice", None, (0, 4, 3, 13), 4),
    ("mail", "invoice", None, (2,), 1),
    ("ubl", "credit_note", None, (7,), 1),
    ("native", "credit_note", None, (0,), 1),
    ("native", "delivery_note", None, (0, 4, 6, 9, 10), 5),
    ("native", "delivery_note", "shipped-over", (4,), 1),
    ("native", "delivery_note", "shipped-short", (0,), 1),
    ("native", "delivery_note", "shipped-late", (6,), 1),
    ("native", "delivery_note", "received-other", (10,), 1),
    ("native", "invoice", "split-invoices", (9,), 1),
    ("native", "invoice", "duplicate-number", (5,), 1),
    ("ubl", "invoice", "duplicate-lookalike", (14,), 1),
    ("native", "invoice", "duplicate-lookalike", (7,), 1),
    ("native", "invoice", "unknown-supplier", (1,), 1),
    ("scan", "invoice", "unknown-supplier", (6,), 1),
    ("native", "invoice", "foreign-account", (9,), 1),
    ("cii", "invoice", "foreign-account", (8,), 1),
    ("native", "invoice", "broken-account", (12,), 1),
    ("native", "invoice", "unknown-order", (13,), 1),
    ("ubl", "invoice", "unknown-order", (10,), 1),
    ("native", "invoice", "price-raised", (3,), 1),
    ("cii", "invoice", "price-raised", (11,), 1),
    ("native", "invoice", "quantity-over-received", (2,), 1),
    ("ubl", "invoice", "quantity-over-received", (12,), 1),
    ("scan", "invoice", "quantity-over-received", (8,), 1),
    ("native", "invoice", "nothing-received", (14,), 1),
    ("hybrid", "invoice", "nothing-received", (13,), 1),
    ("hybrid", "invoice", "hybrid-differs", (4,), 1),
    ("native", "invoice", "lines-do-not-add-up", (6,), 1),
    ("ubl", "invoice", "sums-do-not-add-up", (9,), 1),
    ("native", "invoice", "tax-wrong", (10,), 1),
    ("cii", "invoice", "tax-wrong", (1,), 1),
    ("native", "invoice", "encrypted", (11,), 1),
    ("native", "invoice", "truncated", (5,), 1),
    ("ruin", "invoice", "illegible", (0,), 1),
)
_PARTLY_POSTED = 3
_SPLIT_IN = Decimal(45_000), Decimal(30_000)  # the invoice, at most, and the one posted beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A paper on the desk: what it says, in whose style, in which form, and the fault planted in it."""

    paper: Paper
    house: House
    form: str
    fault: str | None


@dataclass(slots=True, kw_only=True)
class _Desk:
    """The books while papers are made: orders still free, and what making a paper changes in them."""

    rng: Random
    seed: int
    today: date
    free: dict[str, list[Order]]
    changed: dict[str, Order] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    serials: dict[str, int] = field(default_factory=dict)

    def busiest(self, houses: list[House], turn: int) -> House:
        """Of some suppliers the one with most free orders; of equals, each in its turn."""
        turned = houses[turn % len(houses) :] + houses[: turn % len(houses)]
        return max(turned, key=lambda house: len(self.free[house.supplier_id]))

    def take(self, house: House, *, received_twice: bool = False) -> Order:
        """A free order of the supplier, of those asked for when there is one."""
        orders = self.free[house.supplier_id]
        fit = [order for order in orders if not received_twice or _came_twice(order)]
        order = (fit or orders)[0]
        orders.remove(order)
        return order

    def number(self, house: House) -> str:
        """The supplier's next document number."""
        serial = self.serials.get(house.supplier_id, house.first_number) + self.rng.randint(1, 9)
        self.serials[house.supplier_id] = serial
        return number_text(house, serial)

    def change(self, order: Order) -> Order:
        """Puts a changed order into the books."""
        self.changed[order.po_number] = order
        return order

    def post(self, house: House, number: str, issued: date, gross: Decimal, po_number: str) -> None:
        """Posts an invoice."""
        self.posted.append(Posted(house=house, number=number, issued=issued, gross=gross, po_number=po_number))


def fill_desk(retailer: Retailer, ledger: Ledger, seed: int) -> tuple[tuple[Sent, ...], Ledger]:
    """The papers of the day in a shuffled order, and the books as they must be for each to be what it is."""
    rng = Random(f"desk {seed}")  # noqa: S311  papers, not secrets
    free = {
        house.supplier_id: [order for order in ledger.open_orders if order.house is house] for house in retailer.houses
    }
    desk = _Desk(rng=rng, seed=seed, today=ledger.as_of.date(), free=free)
    sent: list[Sent] = []
    for form, kind, fault, places, count in sorted(_PLAN, key=lambda row: len(row[3])):
        for turn in range(count):
            house = desk.busiest([retailer.houses[place] for place in places], turn)
            split = fault is None and form == "native" and kind == "invoice" and turn < _PARTLY_POSTED
            paper = _paper(desk, retailer, house, kind, fault, split=split)
            sent.append(Sent(paper=paper, house=house, form=form, fault=fault))
    rng.shuffle(sent)
    orders = tuple(desk.changed.get(order.po_number, order) for order in ledger.open_orders)
    return tuple(sent), replace(ledger, open_orders=orders, posted=(*ledger.posted, *desk.posted))


def _paper(
    desk: _Desk, retailer: Retailer, house: House, kind: str, fault: str | None, *, split: bool
) -> Paper:  # fmt: skip
    if kind == "delivery_note":
        return _delivery_note(desk, house, fault)
    if kind == "credit_note":
        return _credit_note(desk, house)
    order = desk.take(house, received_twice=split)
    if fault == "nothing-received":
        paper = _invoice(desk, order, lines=_as_ordered(order))
        desk.change(without_receipts(order))
        return paper
    if fault == "quantity-over-received":
        desk.change(with_share_received(order, Decimal("0.5")))
        return _invoice(desk, order, lines=_as_ordered(order))
    if fault == "split-invoices":
        return _half_of_a_large_one(desk, order)
    if split and _came_twice(order):
        return _second_invoice(desk, order)
    paper = _invoice(desk, order)
    return _spoiled(desk, retailer, order, paper, fault) if fault else paper


def _spoiled(desk: _Desk, retailer: Retailer, order: Order, paper: Paper, fault: str) -> Paper:
    spoil = KINDS[fault].spoil
    if spoil is not None:
        return spoil(desk.rng, paper)
    assert paper.totals is not None
    if fault.startswith("duplicate"):
        number = paper.number if "0" in paper.number else number_text(order.house, 20101)
        desk.post(order.house, number, paper.issue_date, paper.totals.gross, order.po_number)
        return replace(paper, number=lookalike_number(number) if fault.endswith("lookalike") else number)
    if fault == "unknown-supplier":
        taken = frozenset(word for house in retailer.houses for word in house.party.name.split())
        seller = stranger(desk.seed, int(order.po_number), order.house, taken)
        return replace(paper, seller=seller, purchase_order=None, despatch_number=None)
    return paper


def _invoice(desk: _Desk, order: Order, *, lines: tuple[Line, ...] | None = None) -> Paper:
    house, rng = order.house, desk.rng
    lines = billed_lines(order) if lines is None else lines
    issued = min(order.last_receipt + timedelta(days=rng.randint(1, 4)), desk.today - timedelta(days=1))
    return Paper(
        document_type=DocumentType.INVOICE,
        language=house.language,
        number=desk.number(house),
        issue_date=issued,
        currency=house.currency,
        seller=house.party,
        buyer=house.entity,
        ship_to=replace(
            house.entity, name=f"{RETAILER} Depot {house.entity.city}", street=street(rng, house.entity.country)
        ),
        lines=lines,
        totals=totals_of(lines, house.currency),
        due_date=issued + timedelta(days=house.terms_days),
        terms_days=house.terms_days,
        delivery_date=order.last_receipt,
        purchase_order=order.po_number,
        despatch_number=f"L{rng.randint(100000, 999999)}" if rng.random() < 0.4 else None,
        distraction=_distraction(rng, order),
    )


def _second_invoice(desk: _Desk, order: Order) -> Paper:
    """The second delivery of an order whose first one is billed and posted."""
    first = {line.line_number: line.received[0][1] for line in order.lines}
    rest = {line.line_number: line.received[1][1] for line in order.lines}
    posted = totals_of(billed_lines(order, first), order.house.currency)
    day = order.lines[0].received[0][0]
    desk.post(order.house, desk.number(order.house), day, posted.gross, order.po_number)
    return with_lines(_invoice(desk, order), billed_lines(order, rest))


def _credit_note(desk: _Desk, house: House) -> Paper:
    """Goods sent back after the whole order was billed and posted."""
    order = desk.take(house)
    paper = _invoice(desk, order)
    assert paper.totals is not None
    desk.post(house, paper.number, paper.issue_date, paper.totals.gross, order.po_number)
    first = order.lines[0]
    back = min(Decimal(desk.rng.randint(1, 4)), first.received_quantity)
    day = paper.issue_date
    returned = replace(first, received=(*first.received, (day, -back)))
    desk.change(replace(order, lines=(returned, *order.lines[1:])))
    credit = with_lines(paper, billed_lines(order, {first.line_number: back}))
    return replace(
        credit,
        document_type=DocumentType.CREDIT_NOTE,
        number=desk.number(house),
        original_number=paper.number,
        due_date=None,
        terms_days=None,
        despatch_number=None,
        issue_date=min(day + timedelta(days=3), desk.today - timedelta(days=1)),
    )


def _half_of_a_large_one(desk: _Desk, order: Order) -> Paper:
    """An invoice below the limit, and one posted the day before with which it is above."""
    most, beside = _SPLIT_IN
    gross = totals_of(billed_lines(order), order.house.currency).gross
    large = desk.change(scaled(order, max(1, int(most / gross))))
    desk.post(order.house, desk.number(order.house), order.last_receipt, beside, "")
    return replace(_invoice(desk, large), issue_date=order.last_receipt + timedelta(days=1))


def _delivery_note(desk: _Desk, house: House, fault: str | None) -> Paper:
    """What came in one delivery and was received as the paper says, unless the fault is there."""
    if fault == "shipped-late":
        desk.free[house.supplier_id].sort(key=lambda order: order.ordered_at)
    order = desk.take(house)
    share = Decimal("0.6") if fault == "received-other" else Decimal(1)
    order = desk.change(with_share_received(order, share))
    lines = _as_ordered(order)
    day = desk.today - timedelta(days=1) if fault == "shipped-late" else order.last_receipt
    note = replace(
        _invoice(desk, order, lines=lines),
        document_type=DocumentType.DELIVERY_NOTE,
        number=f"LS{desk.rng.randint(100000, 999999)}",
        issue_date=day - timedelta(days=1),
        delivery_date=day,
        due_date=None,
        terms_days=None,
        despatch_number=None,
        totals=None,
        freight=random_freight(desk.rng, lines),
    )
    spoil = KINDS[fault].spoil if fault else None
    return note if spoil is None else spoil(desk.rng, note)


def _as_ordered(order: Order) -> tuple[Line, ...]:
    return billed_lines(order, {line.line_number: line.ordered for line in order.lines})


def _came_twice(order: Order) -> bool:
    def twice(line: OrderLine) -> bool:
        return len(line.received) == 2 and all(quantity > 0 for _, quantity in line.received)

    return all(twice(line) for line in order.lines)


def _distraction(rng: Random, order: Order) -> Distraction:
    return Distraction(
        customer_number=f"{int(order.house.supplier_id[1:]) * 37 % 90000 + 10000}",
        order_date=order.ordered_on,
        quote_number=f"Q{rng.randint(1000, 9999)}",
        contact="P. Hensel",
        project="Depot 2",
    )
