"""Turns what a paper bills in its unit into the unit of the order: by measure, by case pack, or not at all.

A quantity that does not convert is never compared: kilograms are not pieces. What a clerk expects where a unit is not
known is in docs/decisions/0013-units-that-differ.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.erp import Item, PurchaseOrderLine
from core.money import plain
from core.units import CASE, ONE, PIECE, SOLD_AS_ONE, Unit, unit_key, unit_of

_ONE = Decimal(1)
_LOOSE = frozenset({PIECE, ONE, *SOLD_AS_ONE})
_BY_PACK = ", by the item's case pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How a quantity becomes one in the order's unit: times `times`, divided by `per`. Prices go the other way.

    Attributes:
        note: how, in words; None where both are in one unit, or one of them is in none.
        problem: why the quantities cannot be compared, or are compared only because nothing better is known.
        is_possible: whether quantities can be compared at all.
    """

    times: Decimal = _ONE
    per: Decimal = _ONE
    note: str | None = None
    problem: str | None = None
    is_possible: bool = True

    @property
    def changes(self) -> bool:
        """Whether figures differ in the other unit."""
        return self.times != self.per

    def quantity(self, quantity: Decimal) -> Decimal:
        """A quantity of the paper in the order's unit."""
        return quantity * self.times / self.per if self.changes else quantity

    def unit_price(self, unit_price: Decimal) -> Decimal:
        """A price per unit of the paper as one per unit of the order."""
        return unit_price * self.per / self.times if self.changes else unit_price


SAME = Conversion()


def conversion(
    printed: str | None, order_line: PurchaseOrderLine, item: Item | None, fits: Callable[[], bool]
) -> Conversion:
    """How a quantity in the printed unit becomes one in the order line's.

    Args:
        printed: the unit on the paper.
        fits: whether quantity and price fit the order line as they stand; asked only where the units leave it open.
    """
    ordered = order_line.unit
    if not printed or not ordered or printed == ordered or unit_key(printed) == unit_key(ordered):
        return SAME
    theirs, ours = unit_of(printed), unit_of(ordered)
    if theirs == ours and theirs is not None:
        return SAME
    if theirs is None or ours is None:
        return _taken_as_is(printed, ordered, fits())
    if theirs.kind == ours.kind:
        return _by(printed, ordered, times=theirs.size, per=ours.size)
    kinds = {theirs.kind, ours.kind}
    if kinds <= _LOOSE and theirs.size == ours.size:
        return SAME if kinds == {ONE, PIECE} else _taken_as_is(printed, ordered, fits())
    if ONE in kinds and fits():
        return _taken_as_is(printed, ordered, does_fit=True)
    if kinds <= _LOOSE:
        return _by(printed, ordered, times=theirs.size, per=ours.size)
    return _by_case_pack(printed, ordered, theirs, ours, item)


def _by_case_pack(printed: str, ordered: str, theirs: Unit, ours: Unit, item: Item | None) -> Conversion:
    """Between cases and what is in them: the item's case pack, in the item's own unit where that is measured."""
    pack = item.case_pack if item is not None and item.case_pack is not None and item.case_pack > 0 else None
    own = unit_of(item.unit) if item is not None else None
    inside, size = (_LOOSE, _ONE) if own is None or not own.is_measured else ({own.kind}, own.size)
    if pack is not None and theirs.kind == CASE and ours.kind in inside:
        return _by(printed, ordered, times=pack * size, per=ours.size, how=_BY_PACK)
    if pack is not None and ours.kind == CASE and theirs.kind in inside:
        return _by(printed, ordered, times=theirs.size, per=pack * size, how=_BY_PACK)
    missing = ", and the item has no case pack" if CASE in {theirs.kind, ours.kind} and pack is None else ""
    problem = f"in {printed} on the paper, ordered in {ordered}: they do not convert{missing}"
    return Conversion(problem=problem, is_possible=False)


def _by(printed: str, ordered: str, *, times: Decimal, per: Decimal, how: str = "") -> Conversion:
    more, less = (printed, ordered) if times >= per else (ordered, printed)
    ratio = max(times, per) / min(times, per)
    note = f"1 {more} is {plain(round(ratio, 6))} {less}{how}"
    return SAME if times == per and not how else Conversion(times=times, per=per, note=note)


def _taken_as_is(printed: str, ordered: str, does_fit: bool) -> Conversion:
    if does_fit:
        return Conversion(note=f"{printed} taken for {ordered}: quantity and price fit")
    problem = f"in {printed} on the paper, ordered in {ordered}: it is not known whether they are one unit"
    return Conversion(note=f"{printed} taken for {ordered}", problem=problem)
