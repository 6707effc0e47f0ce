"""Finds the order lines a line of a paper may bill: those it has the most in common with, and how well each fits.

Ties are lexicographic: where a line shares an identifier with an order line, no likeness of texts is looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from core.erp import Item, PurchaseOrderLine
from core.keys import gtin_key, line_key, plain_key
from core.money import ZERO
from triage.conversion import Conversion, conversion
from triage.facts import PaperLine

LineKey = tuple[str, str]
"""An order line: order number and line number as the ERP writes them."""

TIERS = ("order line", "item id", "GTIN", "supplier item id", "identifier in the text", "description and price")
"""What a pair can have in common, strongest first."""

BY_DESCRIPTION = len(TIERS) - 1
NEAR_PRICE = Decimal("0.02")
_SHORTEST_MENTION = 5
_IDENTIFIED = 100
_SURE_LIKENESS = 85
_FAIR_LIKENESS = 60
_FAR_PRICE = Decimal("0.30")
_MORE_THAN_OPEN = Decimal("1.1")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper line and an order line that have something in common.

    Attributes:
        tier: what, as an index of `TIERS`; `score`: 100 for an identifier, the likeness of the texts otherwise.
        distance: relative difference of the prices per unit of the order, 1 where there is none to compare.
        quantity: what the line bills in the order's unit; None where that is not known.
        conversion: how it became one in the order's unit.
    """

    tier: int
    score: int
    distance: Decimal
    quantity: Decimal | None
    conversion: Conversion
    line: PaperLine
    order_line: PurchaseOrderLine
    key: LineKey


class OrderLines:
    """Order lines that may be billed, found by what is printed on a paper.

    Args:
        lines: the order lines, in one order.
        items: master records by item id.
        open_quantities: what is ordered and not yet billed on each.
    """

    def __init__(
        self, lines: Sequence[PurchaseOrderLine], items: Mapping[str, Item], open_quantities: Mapping[LineKey, Decimal]
    ) -> None:
        self._lines = lines
        self._items = items
        self._open = open_quantities
        self._owners: defaultdict[str, set[str]] = defaultdict(set)
        self._by_number: defaultdict[str, list[PurchaseOrderLine]] = defaultdict(list)
        self._by_item: defaultdict[str, list[PurchaseOrderLine]] = defaultdict(list)
        self._by_gtin: defaultdict[str, list[PurchaseOrderLine]] = defaultdict(list)
        self._by_supplier_item: defaultdict[str, list[PurchaseOrderLine]] = defaultdict(list)
        for item in items.values():
            for key in (plain_key(item.item_id), plain_key(item.supplier_item_id), gtin_key(item.gtin)):
                self._owners[key].add(item.item_id)
        for line in lines:
            self._index(line)
        self._owners.pop("", None)

    def candidates(self, line: PaperLine, allowed: frozenset[str]) -> list[Candidate]:
        """The order lines of the allowed orders that a line has most in common with; none where it has nothing.

        Args:
            line: with quantity, price and net amount completed.
            allowed: numbers of the orders it may bill. A bare line number means nothing among several.
        """
        mentions = _mentions(line)
        claimed = self._claimed(line, mentions)
        if len(allowed) == 1 and (number := line_key(line.purchase_order_line)):
            found = [
                at
                for at in self._by_number.get(number, ())
                if at.po_number in allowed and (not claimed or at.item_id in claimed)
            ]
            if found:
                return [self._candidate(0, _IDENTIFIED, line, at) for at in found]
        for tier, orders in enumerate(self._identified(line, mentions), start=1):
            found = [at for at in orders if at.po_number in allowed]
            if found:
                return [self._candidate(tier, _IDENTIFIED, line, at) for at in found]
        return [] if not line.description else self._described(line, allowed, claimed)

    def _index(self, line: PurchaseOrderLine) -> None:
        item = self._items.get(line.item_id)
        own, theirs = plain_key(line.item_id), plain_key(line.supplier_item_id)
        self._by_number[line_key(line.line_number)].append(line)
        for key in {own, theirs}:
            self._owners[key].add(line.item_id)
        for key in {theirs} if item is None else {theirs, plain_key(item.supplier_item_id)}:
            if key:
                self._by_supplier_item[key].append(line)
        if own:
            self._by_item[own].append(line)
        if item is not None and (gtin := gtin_key(item.gtin)):
            self._by_gtin[gtin].append(line)

    def _identified(self, line: PaperLine, mentions: frozenset[str]) -> Iterable[Sequence[PurchaseOrderLine]]:
        """Order lines by identifier, strongest first."""
        seller = plain_key(line.seller_item_id)
        yield _of(self._by_item, {plain_key(line.buyer_item_id), seller})
        yield self._by_gtin.get(gtin_key(line.gtin), ())
        yield self._by_supplier_item.get(seller, ())
        if mentions:
            yield _distinct(
                [
                    *_of(self._by_item, mentions),
                    *_of(self._by_supplier_item, mentions),
                    *_of(self._by_gtin, {gtin_key(mention) for mention in mentions}),
                ]
            )

    def _described(self, line: PaperLine, allowed: frozenset[str], claimed: frozenset[str]) -> list[Candidate]:
        """Order lines that read alike at nearly the price; a line that says one item is never taken for another."""
        found = []
        for at in self._lines:
            if at.po_number not in allowed or (claimed and at.item_id not in claimed):
                continue
            item = self._items.get(at.item_id)
            score = _likeness(line.description, at.description, item.description if item else None)
            if score < _FAIR_LIKENESS:
                continue
            candidate = self._candidate(BY_DESCRIPTION, score, line, at)
            has_price = line.unit_price is not None and candidate.conversion.is_possible
            if _is_alike(score, candidate.distance, has_price=has_price):
                found.append(candidate)
        return found

    def _claimed(self, line: PaperLine, mentions: frozenset[str]) -> frozenset[str]:
        """The items a paper line's identifiers stand for."""
        keys = (plain_key(line.buyer_item_id), plain_key(line.seller_item_id), gtin_key(line.gtin), *mentions)
        return frozenset().union(*(self._owners[key] for key in keys if key in self._owners))

    def _candidate(self, tier: int, score: int, line: PaperLine, order_line: PurchaseOrderLine) -> Candidate:
        key = (order_line.po_number, order_line.line_number)
        item = self._items.get(order_line.item_id)
        into = conversion(line.unit, order_line, item, partial(_fits, line, order_line, self._open.get(key, ZERO)))
        quantity = None if line.quantity is None or not into.is_possible else into.quantity(line.quantity)
        unit_price = None if line.unit_price is None or not into.is_possible else into.unit_price(line.unit_price)
        return Candidate(
            tier=tier,
            score=score,
            distance=_price_distance(unit_price, order_line.unit_price),
            quantity=quantity,
            conversion=into,
            line=line,
            order_line=order_line,
            key=key,
        )


def _fits(line: PaperLine, order_line: PurchaseOrderLine, open_quantity: Decimal) -> bool:
    """Whether quantity and price fit an order line as they stand, as if both were in one unit."""
    if line.quantity is None or (line.quantity > 0 and line.quantity > open_quantity * _MORE_THAN_OPEN):
        return False
    if line.unit_price is None or order_line.unit_price == 0:
        return not line.unit_price
    return _price_distance(line.unit_price, order_line.unit_price) <= NEAR_PRICE


def _is_alike(score: int, distance: Decimal, *, has_price: bool) -> bool:
    """Whether description and price say the same goods; a shipment document has no prices to compare."""
    if score >= _SURE_LIKENESS:
        return not has_price or distance <= _FAR_PRICE
    return score >= _FAIR_LIKENESS and has_price and distance <= NEAR_PRICE


def _mentions(line: PaperLine) -> frozenset[str]:
    """Words of the description that may be identifiers: five characters or more, with a digit among them."""
    words = (line.description or "").split()
    keys = (plain_key(word) for word in words if len(word) >= _SHORTEST_MENTION)
    return frozenset(key for key in keys if len(key) >= _SHORTEST_MENTION and _has_digit(key))


def _has_digit(key: str) -> bool:
    return not key.isalpha() and any(char.isdigit() for char in key)


def _likeness(printed: str | None, *ours: str | None) -> int:
    from rapidfuzz import fuzz
    from rapidfuzz.utils import default_process

    texts = [text for text in ours if text]
    if not printed or not texts:
        return 0
    return max(int(fuzz.token_sort_ratio(printed, text, processor=default_process)) for text in texts)


def _price_distance(unit_price: Decimal | None, ordered_at: Decimal) -> Decimal:
    """Relative difference of the prices, 1 where one is missing or the order's is 0."""
    if unit_price is None or ordered_at == 0:
        return _ONE
    return ZERO if unit_price == ordered_at else abs(abs(unit_price) - ordered_at) / ordered_at


def _of(index: Mapping[str, Sequence[PurchaseOrderLine]], keys: Iterable[str]) -> Sequence[PurchaseOrderLine]:
    found = [index[key] for key in keys if key in index]
    return found[0] if len(found) == 1 else _distinct([line for lines in found for line in lines])


def _distinct(lines: Iterable[PurchaseOrderLine]) -> list[PurchaseOrderLine]:
    return list({(line.po_number, line.line_number): line for line in lines}.values())
