"""Holds lines against the sums printed on the paper: what they add up to, and which doubtful rows are lines too."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from core.money import exact_sum
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lines_figures import Figure, figures_of
from extraction.lines_items import Item, number_of
from extraction.values import Locale, fold

_NET = ("total_without_vat", "x_line_sum")
_GROSS = ("total_with_vat", "amount_due")
_NO_GOODS = re.compile(
    r"^(gesamt|summe|sum|total|totaal|totale|saldo|balance|razem)|steuer|\btax|taxe|imposta|impuesto|imposto|podat|moms|btw|\b(vat|tva|iva|gst)\b"
)
_NAMED = frozenset({"net", "gross"})
_CENT = Decimal("0.011")
_MOST_LOOSE = 8
_MOST_STEPS = 6
_LEAST_RUN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The amounts of a paper that its lines may add up to.

    Attributes:
        net, gross: amounts beside the name of a total.
        by_row: every amount with its row, in reading order.
    """

    net: frozenset[Decimal]
    gross: frozenset[Decimal]
    by_row: tuple[tuple[int, Decimal], ...]


def sums_of(layout: Layout, labels: Sequence[Label], locale: Locale) -> Sums:
    """Finds the totals of a paper, named or not."""
    figures = {row: figures_of(layout, row, locale) for row in range(len(layout.rows))}
    return Sums(
        net=frozenset(_beside(labels, figures, _NET)),
        gross=frozenset(_beside(labels, figures, _GROSS)),
        by_row=tuple((row, f.value) for row, some in figures.items() for f in some if f.decimals >= 2),
    )


def _beside(labels: Sequence[Label], figures: dict[int, tuple[Figure, ...]], names: Iterable[str]) -> Iterable[Decimal]:
    for label in labels:
        if any(label.strength(name) == 1 for name in names):
            yield from (f.value for f in figures[label.row] if f.start >= label.end and not f.is_rate)


def fits(total: Decimal, sums: Sums, last_row: int) -> str | None:
    """Which sum of the paper some lines add up to: `net`, `gross`, `other` (printed below them), or none.

    Freight and the like may stand between the lines and their total: amounts below that lead from one to the other.
    """
    if _near(total, sums.net):
        return "net"
    if _near(total, sums.gross):
        return "gross"
    below = [value for row, value in sums.by_row if row > last_row]
    if _near(total, below):
        return "other"
    running = total
    for value, after in pairwise(below[: _MOST_STEPS + 1]):
        running += value
        if abs(running - after) <= _CENT:
            return "net"
    return None


def _near(total: Decimal, amounts: Iterable[Decimal]) -> bool:
    return any(abs(abs(total) - abs(amount)) <= _CENT for amount in amounts)


def net_of(items: Iterable[Item], roles: Sequence[str | None]) -> Decimal | None:
    """What the net amounts of items add up to; None when one has none."""
    amounts = [number_of(item, roles, "line_net_amount") for item in items]
    known = [amount for amount in amounts if amount is not None]
    return exact_sum(known) if amounts and len(known) == len(amounts) else None


def last_row_of(items: Iterable[Item]) -> int:
    """The last row that lines take."""
    return max((row.row for item in items for row in item.rows), default=-1)


def speaks_of_sums(text: str) -> bool:
    """Whether a text speaks of totals or taxes rather than of goods."""
    return bool(_NO_GOODS.search(fold(text)))


def _is_no_line(item: Item, roles: Sequence[str | None]) -> bool:
    texts = (
        cell.text for _, cell in sorted(item.cells.items()) if cell.number is None or any(map(str.isalpha, cell.text))
    )
    return (item.is_loose or _lacks_price(item, roles)) and any(speaks_of_sums(text) for text in texts)


def without_sums(items: Sequence[Item], roles: Sequence[str | None]) -> list[Item]:
    """Without rows that lack a price and speak of sums, or repeat what the rows before them add up to."""
    kept: list[Item] = []
    since = 0
    for item in items:
        if _is_no_line(item, roles):
            continue
        amount, before = number_of(item, roles, "line_net_amount"), [i for i in kept if not i.is_loose]
        doubtful = item.is_loose or _lacks_price(item, roles)
        if doubtful and amount is not None and before:
            runs = (before, before[since:])
            if any(
                run and (item.is_loose or len(run) >= _LEAST_RUN) and _near(amount, [net_of(run, roles) or Decimal(0)])
                for run in runs
            ):
                since = len(before)
                continue
        kept.append(item)
    return kept


def settle(items: Sequence[Item], roles: Sequence[str | None], sums: Sums) -> tuple[list[Item], str | None]:
    """The items that are lines, loose ones only when they are what is lacking to add up; and what these add up to.

    Items without their price go when the others add up without them.
    """
    items = without_sums(items, roles)
    firm = [item for item in items if not item.is_loose]
    whole = [item for item in firm if not _lacks_price(item, roles)]
    for lines in (firm, whole) if 0 < len(whole) < len(firm) else (firm,):
        total = net_of(lines, roles)
        found = fits(total, sums, last_row_of(lines)) if total is not None else None
        if found in _NAMED or (found and lines is whole):
            return lines, found
    return _with_loose(items, firm, roles, sums)


def _with_loose(
    items: Sequence[Item], firm: list[Item], roles: Sequence[str | None], sums: Sums
) -> tuple[list[Item], str | None]:
    loose = [item for item in items if item.is_loose]
    total = net_of(firm, roles) if firm else Decimal(0)
    if total is None:
        return firm, None
    sizes = range(len(loose), 0, -1) if len(loose) <= _MOST_LOOSE else (len(loose),)
    for size in sizes:
        for some in combinations(loose, size):
            more = total + (net_of(some, roles) or Decimal(0))
            if _near(more, sums.net) or _near(more, sums.gross):
                chosen = {id(item) for item in (*firm, *some)}
                return [item for item in items if id(item) in chosen], "net" if _near(more, sums.net) else "gross"
    return firm, fits(total, sums, last_row_of(firm)) if firm else None


def _lacks_price(item: Item, roles: Sequence[str | None]) -> bool:
    return "unit_price" in roles and all(number_of(item, roles, name) is None for name in ("unit_price", "list_price"))
