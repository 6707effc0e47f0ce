"""Delivery notes of the year: honest ones of goods that came in one delivery, and faulty ones of every kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from core.documents import DocumentType
from training.year_books import Bill, at_desk
from training.year_faults import stray_line
from training.year_plan import Plan

NOTE = "note"

Spoil = Callable[[Plan, Bill], Bill | None]


def add_notes(plan: Plan, count: int) -> None:
    """So many honest notes, each of an order that came whole on one day."""
    for _, (place, bill) in zip(range(count), plan.free(lambda one: _came_at_once(plan, one)), strict=False):
        plan.take(place)
        plan.bills.append(_note(plan, bill))


def plant_in_notes(plan: Plan, count: int) -> None:
    """So many faults in notes, at least one of each kind."""
    names = list(NOTE_FAULTS)
    for number in range(max(count, len(names))):
        name = names[number % len(names)]
        code, _, spoil = NOTE_FAULTS[name]
        for place, note in plan.free(lambda one: one.pattern == NOTE):
            made = spoil(plan, note)
            if made is None:
                continue
            faulty = replace(made, fault=name, expected=frozenset({code}))
            if made.arrives > note.arrives:
                plan.take(place)
                plan.add(faulty)
            else:
                plan.change(place, faulty)
            break


def _note(plan: Plan, bill: Bill) -> Bill:
    came = plan.books.receipts[bill.orders[0], str(bill.paper.lines[0].purchase_order_line)][0].received_at.date()
    paper = replace(
        bill.paper,
        document_type=DocumentType.DELIVERY_NOTE,
        number=f"LS{len(plan.bills):07d}",
        issue_date=came - timedelta(days=1),
        delivery_date=came,
        due_date=None,
        totals=None,
    )
    return replace(bill, paper=paper, arrives=at_desk(plan.rng, came), pattern=NOTE)


def _came_at_once(plan: Plan, bill: Bill) -> bool:
    """Whether every line of a single order was received once, all on one day."""
    if bill.pattern != "single":
        return False
    came = [
        plan.books.receipts.get((line.po_number, line.line_number), ()) for line in plan.books.lines_of(bill.orders[0])
    ]
    days = {receipt.received_at.date() for receipts in came for receipt in receipts}
    return all(len(receipts) == 1 for receipts in came) and len(days) == 1


def _no_order(_plan: Plan, note: Bill) -> Bill | None:
    return replace(note, paper=replace(note.paper, purchase_order=None))


def _unknown_order(plan: Plan, note: Bill) -> Bill | None:
    number = f"47{plan.rng.randint(10_000_000, 99_999_999)}"
    return replace(note, paper=replace(note.paper, purchase_order=number))


def _stray(plan: Plan, note: Bill) -> Bill | None:
    made = stray_line(plan.rng, note)
    return None if made is None else replace(made, paper=replace(made.paper, totals=None))


def _too_many(plan: Plan, note: Bill) -> Bill | None:
    return _with_first(note, (note.paper.lines[0].quantity * plan.rng.randint(130, 170) / 100).to_integral_value() + 1)


def _too_few(plan: Plan, note: Bill) -> Bill | None:
    quantity = note.paper.lines[0].quantity
    few = (quantity * plan.rng.randint(20, 70) / 100).to_integral_value(rounding=ROUND_FLOOR)
    return None if few < 1 else _with_first(note, few)


def _late(plan: Plan, note: Bill) -> Bill | None:
    """Everything on the order was promised for ten days before it came."""
    assert note.paper.delivery_date is not None
    for line in plan.books.lines_of(note.orders[0]):
        promised = at_desk(plan.rng, note.paper.delivery_date - timedelta(days=plan.rng.randint(10, 20)))
        plan.books.order_lines[line.po_number, line.line_number] = replace(line, promised_at=promised)
    return note


def _again(plan: Plan, note: Bill) -> Bill | None:
    later = note.arrives.date() + timedelta(days=plan.rng.randint(1, 20))
    return replace(note, arrives=at_desk(plan.rng, later))


def _received_other(plan: Plan, note: Bill) -> Bill | None:
    """Of an order nobody bills, less of a line was received than the note says; the note is looked at the day after."""
    deals = plan.deals_of(note.trader)
    ordered = deals.place(plan.rng.randrange(10, 240))
    came = ordered[0].promised_at
    if came is None or note.trader.is_service:
        return None
    day = came.date() - timedelta(days=50)
    for place, line in enumerate(ordered):
        share = plan.rng.randint(20, 70) if place == 0 else 100
        received = (line.quantity * share / 100).to_integral_value(rounding=ROUND_FLOOR) or Decimal(1)
        if place == 0 and received == line.quantity:
            return None
        plan.books.receive(line, day, received)
    bill = deals.bill([(line, line.quantity) for line in ordered], 0, NOTE)
    made = _note(plan, bill)
    return replace(made, arrives=max(at_desk(plan.rng, day + timedelta(days=1)), note.arrives + timedelta(seconds=1)))


def _with_first(note: Bill, quantity: Decimal) -> Bill:
    first, *others = note.paper.lines
    return replace(note, paper=replace(note.paper, lines=(replace(first, quantity=quantity), *others)))


NOTE_FAULTS: Mapping[str, tuple[str, str, Spoil]] = {
    "note-no-order": ("SHIP-PO", "It names no order.", _no_order),
    "note-unknown-order": ("SHIP-PO", "There is no such order.", _unknown_order),
    "note-stray-line": ("SHIP-ITEM", "Something on it was not ordered.", _stray),
    "note-too-many": ("SHIP-OVER", "More than was ordered.", _too_many),
    "note-too-few": ("SHIP-SHORT", "Less than is open.", _too_few),
    "note-late": ("SHIP-LATE", "Later than promised.", _late),
    "note-again": ("SHIP-DUPLICATE", "Here before.", _again),
    "note-received-other": ("SHIP-RECEIPT", "Less was received than it says.", _received_other),
}
