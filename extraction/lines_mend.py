"""Mends figures that OCR misread by one digit, where quantity × price = amount leaves one way to read them.

Only what was printed is mended: a cell whose figure differs by a digit from what the other two say, or a quantity of
which no figure was read. Of two cells that could be wrong neither is touched; nor is a small difference, which may
come from a price that has more decimals than are printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extraction.lines_cells import Cell
from extraction.lines_figures import slack_of
from extraction.lines_items import Item, multiplies, number_of

_CENT = Decimal("0.01")
_HIDDEN = Decimal("0.01")
_LEAST_DIGITS = 3
_MOST_PIECES = 100_000


def mend(item: Item, roles: Sequence[str | None], *, amounts: bool) -> Item:
    """The item with the one figure put right that keeps it from multiplying out; itself when there is no such one.

    Args:
        amounts: whether amounts may be mended, and rather than others; to be tried only against a printed total.
    """
    if multiplies(item, roles) or "line_net_amount" not in roles or "quantity" not in roles:
        return item
    found = list(_ways(item, roles))
    if amounts:
        found = [way for way in found if way[0] == "line_net_amount"] or found
    if len(found) != 1 or (found[0][0] == "line_net_amount" and not amounts):
        return item
    role, cell = found[0]
    return replace(item, cells={**item.cells, roles.index(role): cell})


def _ways(item: Item, roles: Sequence[str | None]) -> Iterator[tuple[str, Cell]]:
    quantity, price, net = (number_of(item, roles, role) for role in ("quantity", "unit_price", "line_net_amount"))
    if price and net is not None:
        wanted = abs(net / price)
        if _is_count(wanted, price) and (cell := _reread(item, roles, "quantity", round(wanted))):
            yield "quantity", cell
    if quantity and price is not None:
        wanted = (abs(quantity) * price).quantize(_CENT)
        if cell := _reread(item, roles, "line_net_amount", wanted):
            yield "line_net_amount", cell
    if quantity and net is not None and "unit_price" in roles:
        cell = item.cells.get(roles.index("unit_price"))
        decimals = max(cell.decimals if cell else 0, 2)
        wanted = (abs(net) / abs(quantity)).quantize(Decimal(1).scaleb(-decimals))
        exact = abs(wanted * abs(quantity) - abs(net)) <= Decimal(slack_of(float(quantity), decimals))
        if exact and (cell := _reread(item, roles, "unit_price", wanted)):
            yield "unit_price", cell


def _is_count(value: Decimal, price: Decimal) -> bool:
    """Whether an amount is a whole number of times the price, within a cent."""
    whole = round(value)
    return 0 < whole < _MOST_PIECES and abs(value - whole) * abs(price) <= _CENT


def _reread(item: Item, roles: Sequence[str | None], role: str, wanted: Decimal | int) -> Cell | None:
    """The cell with the figure it must have, when what was read there is that but for one digit, or is nothing."""
    cell = item.cells.get(roles.index(role)) if role in roles else None
    if cell is None:
        return None
    value = Decimal(wanted)
    if cell.number is None:
        if role != "quantity":
            return None
        last = cell.text.split()[-1]
        unit = last if len(last) > 1 and last.strip(".").isalpha() else None
        return replace(cell, number=value, number_words=cell.words, unit=unit, mended=True)
    if role != "quantity" and abs(value - abs(cell.number)) <= _HIDDEN * abs(cell.number):
        return None
    read, due = _digits(abs(cell.number), cell.decimals), _digits(abs(value), cell.decimals)
    if role != "quantity" and len(due) < _LEAST_DIGITS:
        return None
    one_off = _one_digit_apart(read, due, may_lack=role == "quantity")
    return replace(cell, number=value.copy_sign(cell.number), mended=True) if one_off else None


def _one_digit_apart(read: str, due: str, *, may_lack: bool) -> bool:
    if len(read) == len(due):
        return sum(a != b for a, b in zip(read, due, strict=True)) == 1
    return may_lack and len(read) + 1 == len(due) and any(due[:i] + due[i + 1 :] == read for i in range(len(due)))


def _digits(value: Decimal, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", "")
