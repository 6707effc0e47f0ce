"""Reads the lines of a paper: finds their table, settles what each column is, and checks that quantity × price = net.

Headings propose what a column is; the figures decide. Where headings are unknown or say two things, the reading under
which most rows multiply out is taken.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from core.documents import Evidence, Field, Row, Source
from core.money import plain
from extraction.bundle import Bundle
from extraction.calibration import SIGNALS
from extraction.features import Scene
from extraction.layout import surrounding
from extraction.lines_items import NUMERIC, Cell, Item, assemble, percent_of
from extraction.lines_table import Column, Table

_MOST_READINGS = 40
_GOOD_ENOUGH = 0.95
_ROUNDING = Decimal("0.011")
_LINE_FIELDS = {
    "line_id": "line_id", "description": "description", "seller_item_id": "seller_item_id", "buyer_item_id": "buyer_item_id", "gtin": "gtin",
    "quantity": "quantity", "unit": "unit", "unit_price": "unit_price", "tax_rate": "tax_rate", "line_net_amount": "line_net_amount",
    "package_count": "package_count", "gross_weight": "gross_weight", "lot_number": "lot_number",
}  # fmt: skip
_GTIN = re.compile(r"\b(\d{13}|\d{8}|\d{12}|\d{14})\b")


def read_lines(scene: Scene, bundle: Bundle, source: Source, *, shipment: bool) -> tuple[Row, ...]:
    """The lines of the table that gives the most items that multiply out (or, without prices, the most items)."""
    items, roles = best_items(scene)
    return tuple(_line(scene, item, roles, bundle, source, shipment=shipment) for item in items)


def best_items(scene: Scene) -> tuple[list[Item], tuple[str | None, ...]]:
    """The items of the table most like one of lines, and what each of its columns is."""
    best: tuple[float, list[Item], tuple[str | None, ...]] = (0.0, [], ())
    for table in scene.tables:
        found = _best_reading(scene, table)
        if found[0] > best[0]:
            best = found
    return best[1], best[2]


def read_tax_breakdown(scene: Scene, source: Source) -> tuple[Row, ...]:
    """Rows of rate, taxable amount and tax: three figures on one row of which the rate takes one to the other."""
    found: dict[str, Row] = {}
    by_row: dict[int, list[Cell]] = {}
    for candidate in scene.candidates.get("amount", ()):
        by_row.setdefault(candidate.row, []).append(
            Cell(words=tuple(range(candidate.start, candidate.end)), text=candidate.value, number=candidate.number)
        )
    for row, amounts in by_row.items():
        rates = _rates_on(scene, row)
        match = _base_and_tax(amounts, rates)
        if match is not None:
            rate, base, tax = match
            found.setdefault(plain(rate), {
                "rate": Field(value=plain(rate), confidence=0.95, source=source, reasons=("adds up",)),
                "taxable_amount": _field(scene, base.number, base.words, 0.95, source, ("adds up",)),
                "tax_amount": _field(scene, tax.number, tax.words, 0.95, source, ("adds up",)),
            })  # fmt: skip
    return tuple(found.values())


def _rates_on(scene: Scene, row: int) -> list[Decimal]:
    text = scene.layout.rows[row].text
    printed = [Decimal(r.replace(",", ".")) for r in re.findall(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%", text)]
    bare = [Decimal(r.replace(",", ".")) for r in re.findall(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)(?![\d.,])", text)]
    return [rate for rate in dict.fromkeys([*printed, *bare]) if 0 < rate < 40]


def _base_and_tax(amounts: Sequence[Cell], rates: Sequence[Decimal]) -> tuple[Decimal, Cell, Cell] | None:
    for rate in rates:
        for base, tax in product(amounts, repeat=2):
            if (
                base.number
                and tax.number
                and base is not tax
                and abs(base.number * rate / 100 - tax.number) <= _ROUNDING
            ):
                return rate, base, tax
    return None


def _best_reading(scene: Scene, table: Table) -> tuple[float, list[Item], tuple[str | None, ...]]:
    best: tuple[float, list[Item], tuple[str | None, ...]] = (0.0, [], ())
    for preference, roles in _readings(table.columns):
        items = assemble(scene.layout, table, roles, scene.locale)
        worth = sum(_item_worth(item, roles) for item in items) + preference
        if items and worth > best[0]:
            best = (worth, items, roles)
        if items and worth >= _GOOD_ENOUGH * len(items):
            break
    return best


def _readings(columns: Sequence[Column]) -> Iterator[tuple[float, tuple[str | None, ...]]]:
    """Ways to understand the headings in which no column's role comes twice, likeliest first, with a small preference."""
    options = [_options(column) for column in columns]
    seen: set[tuple[str | None, ...]] = set()
    for way in _by_sum([len(option) for option in options]):
        roles = tuple(option[index] for option, index in zip(options, way, strict=True))
        named = [role for role in roles if role and role != "other"]
        if len(named) == len(set(named)) and roles not in seen:
            seen.add(roles)
            if len(seen) > _MOST_READINGS:
                return
            yield 0.5 - 0.12 * sum(way), roles


def _options(column: Column) -> tuple[str | None, ...]:
    """What a column may be, likeliest first; at last, nothing of interest."""
    return (*column.columns[:2], None)


def _by_sum(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Tuples of choices, those nearest to all first choices before the others."""
    for total in range(4):
        yield from _with_sum(sizes, total)


def _with_sum(sizes: Sequence[int], total: int) -> Iterator[tuple[int, ...]]:
    if not sizes:
        if total == 0:
            yield ()
        return
    for first in range(min(sizes[0] - 1, total), -1, -1):
        for rest in _with_sum(sizes[1:], total - first):
            yield (first, *rest)


def _item_worth(item: Item, roles: Sequence[str | None]) -> float:
    adds = multiplies(item, roles)
    return 1.0 if adds else 0.25 if adds is None else 0.1


def _numbers(item: Item, roles: Sequence[str | None]) -> dict[str, Decimal]:
    return {
        role: cell.number
        for i, cell in item.cells.items()
        if (role := roles[i]) in NUMERIC and cell.number is not None and role
    }


def multiplies(item: Item, roles: Sequence[str | None]) -> bool | None:
    """Whether quantity × price (less discount) is the net amount; None when one of them is missing."""
    numbers = _numbers(item, roles)
    quantity, net = numbers.get("quantity"), numbers.get("line_net_amount")
    if quantity is None or net is None:
        return None
    prices = [numbers[name] for name in ("unit_price", "list_price") if name in numbers]
    if not prices:
        return None
    shares = [Decimal(1)]
    if "discount" in numbers and abs(numbers["discount"]) < 100:
        shares.append(1 - abs(numbers["discount"]) / 100)
    slack = _ROUNDING + abs(quantity) * Decimal("0.00005")
    return any(abs(abs(quantity * price * share) - abs(net)) <= slack for price in prices for share in shares)


def _line(
    scene: Scene, item: Item, roles: Sequence[str | None], bundle: Bundle, source: Source, *, shipment: bool
) -> Row:
    adds = multiplies(item, roles)
    line: dict[str, Field] = {}
    for index, cell in sorted(item.cells.items()):
        role = roles[index]
        if role not in _LINE_FIELDS or role is None:
            continue
        made = _cell_field(scene, role, cell, adds, bundle, source)
        if made is not None:
            line[_LINE_FIELDS[role]] = made
        if role == "quantity" and cell.unit and "unit" not in line:
            line["unit"] = Field(
                value=cell.unit,
                confidence=round(_confidence(scene, "unit", cell, adds, bundle, source), 4),
                source=source,
                evidence=_evidence(scene, cell.words),
            )
    if "unit_price" not in line and "list_price" in roles:
        cell = item.cells.get(roles.index("list_price"))
        if cell is not None and cell.number is not None:
            line["unit_price"] = _field(
                scene,
                cell.number,
                cell.words,
                _confidence(scene, "unit_price", cell, adds, bundle, source),
                source,
                _said(adds),
            )
    _find_gtin(scene, item, line, source)
    if shipment:
        line.pop("tax_rate", None)
    return line


def _cell_field(scene: Scene, role: str, cell: Cell, adds: bool | None, bundle: Bundle, source: Source) -> Field | None:
    confidence = _confidence(scene, role, cell, adds, bundle, source)
    if role == "tax_rate":
        rate = percent_of(cell)
        return None if rate is None else _field(scene, rate, cell.words, confidence, source, ())
    if role in NUMERIC:
        return (
            None
            if cell.number is None
            else _field(scene, cell.number, cell.number_words or cell.words, confidence, source, _said(adds))
        )
    if role == "line_id" and len(cell.text) > 6:
        return None
    return Field(value=cell.text, confidence=round(confidence, 4), source=source, evidence=_evidence(scene, cell.words))


def _find_gtin(scene: Scene, item: Item, line: dict[str, Field], source: Source) -> None:
    """An article's global number may stand in any cell of words; its check digit makes it sure."""
    if "gtin" in line and _gtin_is_valid(line["gtin"].value):
        return
    for cell in item.cells.values():
        if cell.number is not None and len(cell.words) > 1:
            continue
        for word in cell.words:
            match = _GTIN.fullmatch(scene.layout.words[word].text.strip(".,;:()"))
            if match and _gtin_is_valid(match.group(1)):
                line["gtin"] = Field(
                    value=match.group(1),
                    confidence=0.95,
                    source=source,
                    evidence=_evidence(scene, (word,)),
                    reasons=("check digit right",),
                )
                return


def _gtin_is_valid(text: str) -> bool:
    if not _GTIN.fullmatch(text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0


def _confidence(scene: Scene, role: str, cell: Cell, adds: bool | None, bundle: Bundle, source: Source) -> float:
    return bundle.confidence(f"lines.{role}").of(line_signals(scene, cell, adds, source))


def line_signals(scene: Scene, cell: Cell, adds: bool | None, source: Source) -> list[float]:
    """The numbers of `SIGNALS` for a cell of a line."""
    doubt = 1 - min((scene.layout.words[w].confidence for w in cell.words), default=1.0)
    values = {
        "score": 2.0,
        "margin": 2.0,
        "adds_up": adds is True,
        "clash": adds is False,
        "labelled": 1.0,
        "ocr": source is Source.OCR,
        "ocr_doubt": doubt,
    }
    return [float(values.get(signal, 0.0)) for signal in SIGNALS]


def _said(adds: bool | None) -> tuple[str, ...]:
    return () if adds is None else ("quantity × price adds up",) if adds else ("quantity × price does not add up",)


def _field(
    scene: Scene,
    number: Decimal | None,
    words: Sequence[int],
    confidence: float,
    source: Source,
    reasons: tuple[str, ...],
) -> Field:
    assert number is not None
    return Field(
        value=plain(number),
        confidence=round(confidence, 4),
        source=source,
        evidence=_evidence(scene, words),
        reasons=reasons,
    )


def _evidence(scene: Scene, words: Sequence[int]) -> tuple[Evidence, ...]:
    """One box for each row the words stand on."""
    by_row: dict[int, list[int]] = {}
    for word in words:
        by_row.setdefault(scene.layout.words[word].row, []).append(word)
    return tuple(
        Evidence(
            page=scene.layout.words[row[0]].page,
            box=surrounding([scene.layout.words[w].box for w in row]),
            text=" ".join(scene.layout.words[w].text for w in row),
        )
        for row in by_row.values()
    )
