"""Finds the orders a paper means from the numbers printed on it."""

from collections.abc import Iterable

from core.erp import PurchaseOrder
from triage.facts import Paper
from triage.keys import number_key, plain_key


def order_references(paper: Paper) -> tuple[str, ...]:
    """Every order number the paper names, in its header or on a line, sorted."""
    on_lines = {line.purchase_order_reference for line in paper.lines if line.purchase_order_reference}
    return tuple(sorted({*paper.purchase_order_references} | on_lines))


def find_orders(
    references: Iterable[str], orders: Iterable[PurchaseOrder]
) -> tuple[tuple[PurchaseOrder, ...], tuple[str, ...]]:
    """The orders that printed numbers mean, by number, and the printed numbers that mean none."""
    known = tuple(orders)
    found: dict[str, PurchaseOrder] = {}
    unknown: set[str] = set()
    for reference in references:
        order = find_order(reference, known)
        if order is None:
            unknown.add(reference)
        else:
            found[order.po_number] = order
    return tuple(found[number] for number in sorted(found)), tuple(sorted(unknown))


def find_order(reference: str, orders: Iterable[PurchaseOrder]) -> PurchaseOrder | None:
    """The order a printed number means: exactly, else with look-alikes folded when only one order fits."""
    known = tuple(orders)
    for key in (plain_key, number_key):
        fitting = {order.po_number: order for order in known if key(order.po_number) == key(reference)}
        if len(fitting) == 1:
            return next(iter(fitting.values()))
    return None
