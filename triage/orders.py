"""Finds the orders a paper means from the numbers printed on it."""

from collections.abc import Iterable

from core.erp import PurchaseOrder
from core.keys import number_key, plain_key
from triage.facts import Paper

_FEWEST_DIGITS = 5


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
    """The order a printed number means; where several orders fit, none.

    Exactly first, else with look-alikes folded, else without the letters in front (`PO 4500012`).
    """
    known = tuple(orders)
    for key in (plain_key, number_key, _bare_key):
        wanted = key(reference)
        fitting = {order.po_number: order for order in known if wanted and key(order.po_number) == wanted}
        if len(fitting) == 1:
            return next(iter(fitting.values()))
    return None


def _bare_key(text: str) -> str:
    """The digits of a number that is letters, then at least five digits; empty for any other."""
    key = plain_key(text)
    digits = key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return digits if digits.isdigit() and len(digits) >= _FEWEST_DIGITS else ""
