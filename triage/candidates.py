"""Decides which order line each line of a paper bills: strongest thing in common first, whatever the order of lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.erp import Item, PurchaseOrderLine
from core.keys import gtin_key, line_key, plain_key
from core.money import ZERO
from triage.facts import PaperLine

LineKey = tuple[str, str]
"""An order line: order number and line number as the ERP writes them."""

TIERS = ("order line", "item id", "GTIN", "supplier item id", "identifier in the text", "description and price")
"""What a pair can have in common, strongest first."""

_BY_REFERENCE, _BY_ITEM, _BY_GTIN, _BY_SUPPLIER_ITEM, _BY_MENTION, _BY_DESCRIPTION = range(len(TIERS))
_SHORTEST_MENTION = 5
_IDENTIFIED = 100
_SURE_LIKENESS = 85
_FAIR_LIKENESS = 60
_NEAR_PRICE = Decimal("0.02")
_FAR_PRICE = Decimal("0.30")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper line and an order line that have something in common. `distance` is the relative difference of prices."""

    tier: int
    score: int
    distance: Decimal
    misfit: Decimal
    line: PaperLine
    order_line: PurchaseOrderLine

    @property
    def key(self) -> LineKey:
        """The order line's key."""
        return (self.order_line.po_number, self.order_line.line_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What pairing may choose from: order lines, their items, and what is ordered and not yet billed on each."""

    order_lines: Sequence[PurchaseOrderLine]
    items: Mapping[str, Item]
    open_quantities: Mapping[LineKey, Decimal]


def choose(lines: Iterable[tuple[PaperLine, frozenset[str]]], choices: Choices) -> dict[int, Candidate]:
    """The chosen candidate by paper line index; a line with nothing in common with any order line is left out.

    Args:
        lines: each with the order numbers it may bill.
        choices: the order lines to choose from.
    """
    owners = _owners(choices)
    candidates = [
        candidate
        for line, allowed in lines
        for order_line in choices.order_lines
        if order_line.po_number in allowed
        for candidate in _candidate(line, order_line, len(allowed) == 1, choices, owners)
    ]
    return _assign(candidates)


def _candidate(
    line: PaperLine,
    order_line: PurchaseOrderLine,
    one_order: bool,
    choices: Choices,
    owners: Mapping[str, frozenset[str]],
) -> tuple[Candidate, ...]:
    """None or one: the strongest thing a paper line and an order line have in common."""
    item = choices.items.get(order_line.item_id)
    distance = _price_distance(line, order_line)
    claimed = _claimed_items(line, owners)
    foreign = bool(claimed) and order_line.item_id not in claimed
    tier = _identified(line, order_line, item, one_order and not foreign)
    score = _IDENTIFIED
    if tier is None:
        if foreign:
            return ()
        score = _likeness(line.description, order_line.description, item.description if item else None)
        if not _is_alike(score, distance, has_price=line.unit_price is not None):
            return ()
        tier = _BY_DESCRIPTION
    open_quantity = choices.open_quantities.get((order_line.po_number, order_line.line_number), ZERO)
    misfit = abs(abs(line.quantity or ZERO) - open_quantity)
    return (Candidate(tier=tier, score=score, distance=distance, misfit=misfit, line=line, order_line=order_line),)


def _is_alike(score: int, distance: Decimal, *, has_price: bool) -> bool:
    """Whether description and price say the same goods; a shipment document has no prices to compare."""
    if score >= _SURE_LIKENESS:
        return not has_price or distance <= _FAR_PRICE
    return score >= _FAIR_LIKENESS and has_price and distance <= _NEAR_PRICE


def _identified(line: PaperLine, order_line: PurchaseOrderLine, item: Item | None, by_reference: bool) -> int | None:
    """The tier of an identifier both carry. A bare line number means nothing among several orders."""
    referenced = line_key(line.purchase_order_line)
    if by_reference and referenced and referenced == line_key(order_line.line_number):
        return _BY_REFERENCE
    if plain_key(order_line.item_id) in {plain_key(line.buyer_item_id), plain_key(line.seller_item_id)}:
        return _BY_ITEM
    gtin = gtin_key(line.gtin)
    if gtin and item is not None and gtin == gtin_key(item.gtin):
        return _BY_GTIN
    supplier_ids = {plain_key(order_line.supplier_item_id), plain_key(item.supplier_item_id if item else None)}
    if plain_key(line.seller_item_id) in supplier_ids - {""}:
        return _BY_SUPPLIER_ITEM
    if _mentions(line) & {plain_key(order_line.item_id), plain_key(item.gtin if item else None), *supplier_ids}:
        return _BY_MENTION
    return None


def _mentions(line: PaperLine) -> frozenset[str]:
    """Words of the description that may be identifiers: five characters or more, with a digit among them."""
    keys = (plain_key(word) for word in (line.description or "").split())
    return frozenset(key for key in keys if len(key) >= _SHORTEST_MENTION and any(char.isdigit() for char in key))


def _owners(choices: Choices) -> Mapping[str, frozenset[str]]:
    """Item ids by every identifier they are known under."""
    owners: dict[str, set[str]] = {}
    for item in choices.items.values():
        for key in (plain_key(item.item_id), plain_key(item.supplier_item_id), gtin_key(item.gtin)):
            owners.setdefault(key, set()).add(item.item_id)
    for line in choices.order_lines:
        for key in (plain_key(line.item_id), plain_key(line.supplier_item_id)):
            owners.setdefault(key, set()).add(line.item_id)
    return {key: frozenset(items) for key, items in owners.items() if key}


def _claimed_items(line: PaperLine, owners: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The items a paper line's identifiers stand for: a line that says one item is never taken for another."""
    keys = (plain_key(line.buyer_item_id), plain_key(line.seller_item_id), gtin_key(line.gtin), *_mentions(line))
    return frozenset().union(*(owners.get(key, frozenset()) for key in keys))


def _likeness(printed: str | None, *ours: str | None) -> int:
    from rapidfuzz import fuzz
    from rapidfuzz.utils import default_process

    texts = [text for text in ours if text]
    if not printed or not texts:
        return 0
    return max(int(fuzz.token_sort_ratio(printed, text, processor=default_process)) for text in texts)


def _price_distance(line: PaperLine, order_line: PurchaseOrderLine) -> Decimal:
    """Relative difference of the prices, 1 where one is missing or the order's is 0."""
    if line.unit_price is None or order_line.unit_price == 0:
        return Decimal(1)
    return abs(abs(line.unit_price) - order_line.unit_price) / order_line.unit_price


def _assign(candidates: Iterable[Candidate]) -> dict[int, Candidate]:
    """Takes candidates best first: to order lines nobody took, then the rest to order lines that others bill too."""
    ranked = sorted(candidates, key=_rank)
    strongest: dict[int, int] = {}
    for candidate in ranked:
        strongest.setdefault(candidate.line.index, candidate.tier)
    eligible = [candidate for candidate in ranked if candidate.tier == strongest[candidate.line.index]]
    taken: dict[int, Candidate] = {}
    used: set[LineKey] = set()
    for may_share in (False, True):
        for candidate in eligible:
            if candidate.line.index not in taken and (may_share or candidate.key not in used):
                taken[candidate.line.index] = candidate
                used.add(candidate.key)
    return taken


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Strongest tie first, then likeness, price and quantity; then what the line says, and last where it stands."""
    line = candidate.line
    said = tuple(
        str(value)
        for value in (
            line.quantity,
            line.unit_price,
            line.line_net_amount,
            line.description,
            line.gtin,
            line.buyer_item_id,
            line.seller_item_id,
            line.tax_rate,
        )
    )
    return (candidate.tier, -candidate.score, candidate.distance, candidate.misfit, candidate.key, said, line.index)
