"""Reads the goods of shipment papers, which have no prices to check them by: quantities, packages, weights, lots, SSCC.

A row with a number in the counting column begins a line; what stands under it until the next belongs to it, such as
the lots and shipping container codes that many houses print below the description.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.money import plain
from extraction.candidates_freight import sscc_is_valid
from extraction.features import Scene
from extraction.layout import Layout
from extraction.lines_fields import LineValue, gtin_is_valid
from extraction.lines_table import Table, TableRow
from extraction.lines_texts import NamedNumber, named_numbers
from extraction.values import parse_number, squeeze
from extraction.vocabulary import phrases

LINE_FIELDS = frozenset(
    {
        "line_id", "description", "seller_item_id", "buyer_item_id", "gtin", "quantity", "unit", "package_count",
        "gross_weight", "lot_number", "sscc", "purchase_order_reference",
    }
)  # fmt: skip
NAMED = frozenset({"seller_item_id", "buyer_item_id", "gtin", "lot_number", "sscc", "purchase_order_reference"})
_COUNTS = ("quantity", "package_count", "gross_weight", "net_weight")
_NUMERIC = frozenset({*_COUNTS, "ordered_quantity", "backordered_quantity"})
_PREFERRED = frozenset({"sscc", "purchase_order_reference", "net_weight", "backordered_quantity", "marks"})
_WORDED = frozenset({"description", "marks"})
_DELIVERED = ("deliver", "ship", "despatch", "dispatch", "geliefert", "liefer", "livr", "entreg", "consegn", "gelever",
              "wydan", "dostarcz", "expedie")  # fmt: skip
_TOTALS = re.compile(r"^(total|totals|totales|totaux|totale|totali|totais|gesamt|gesamtsumme|summe|summen|suma|razem|"
                     r"grandtotal|totaal|subtotal|zwischensumme)(?![a-z])")  # fmt: skip
_GAP = 1.5
_LONGEST_LINE_ID, _LONGEST_COUNT = 6, 3
_MOSTLY = 0.8
_CODE = re.compile(r"(?:\(00\))?(\d{18}|00\d{18})")
_GTIN = re.compile(r"\d{8}|\d{12,14}")


@dataclass(slots=True)
class _Line:
    """The words of a line: by role those in its own column, and those of the rows below that only explain it."""

    cells: dict[str, list[int]] = field(default_factory=dict)
    below: list[int] = field(default_factory=list)
    last: TableRow | None = None


def shipment_lines(scene: Scene) -> tuple[dict[str, LineValue], ...]:
    """What each line of a shipment paper says, by the interface's names; training sees what extraction sees."""
    best: tuple[dict[str, LineValue], ...] = ()
    for table in scene.lines.tables:
        roles = _roles(scene, table)
        if "quantity" not in roles:
            _find_quantity(scene, table, roles)
        counting = next((name for name in _COUNTS if name in roles), None)
        if counting is None:
            continue
        found = [_values(scene, line) for line in _lines(scene, table, roles, counting)]
        kept = tuple(values for values in found if len(values) > 1)
        if sum(map(len, kept)) > sum(map(len, best)):
            best = kept
    return best


def _roles(scene: Scene, table: Table) -> list[str | None]:
    """What each column is; of two that count goods, the one of what was delivered."""
    meanings = [_meanings(scene, table, index) for index in range(len(table.columns))]
    only = {names[0] for names in meanings if len(names) == 1}
    roles: list[str | None] = []
    for names in meanings:
        preferred = [name for name in names if name in _PREFERRED]
        options = [*preferred, *names]
        rather = [name for name in options if name not in only or len(names) == 1]
        free = next((name for name in (*rather, *options) if name == "other" or name not in roles), None)
        roles.append(None if free == "other" else free)
    return roles


def _meanings(scene: Scene, table: Table, index: int) -> tuple[str, ...]:
    """What a column may be; one whose cells are no numbers to count lines by is named after its items (`Item no.`)."""
    names = table.columns[index].columns
    if names[:1] != ("line_id",) or len(names) == 1:
        return names
    words = [scene.layout.words[row.cells[index][0]].text for row in table.rows if row.cells[index]]
    counting = sum(word.strip(".").isdigit() and len(word) <= _LONGEST_COUNT for word in words)
    return names if 2 * counting > len(words) else (*names[1:], names[0])


def _find_quantity(scene: Scene, table: Table, roles: list[str | None]) -> None:
    """A column of plain numbers under a heading that says nothing is of what was delivered, where none else is."""
    for index, role in enumerate(roles):
        filled = [row.cells[index] for row in table.rows if row.cells[index] and not _is_total(scene.layout, row)]
        numbers = [_number_in(scene, words) for words in filled]
        if role is None and filled and sum(number is not None for number in numbers) >= _MOSTLY * len(filled):
            if not any(name in roles for name in ("package_count", "gross_weight")):
                roles[index] = "quantity"
            return


def _lines(scene: Scene, table: Table, roles: Sequence[str | None], counting: str) -> Iterator[_Line]:
    """The lines of a table from top to bottom; it ends at its totals or at a wide gap."""
    layout, current = scene.layout, None
    home = roles.index(counting)
    for row in table.rows:
        if _is_total(layout, row):
            break
        begins = _number_in(scene, row.cells[home]) is not None and not _is_lone_number(roles, row)
        if begins:
            if current is not None:
                yield current
            current = _Line()
        elif current is None or current.last is None or not _follows(layout, current.last, row):
            continue
        _take(current, roles, row, first=begins)
    if current is not None:
        yield current


def _take(line: _Line, roles: Sequence[str | None], row: TableRow, *, first: bool) -> None:
    line.last = row
    for role, words in zip(roles, row.cells, strict=True):
        if not words:
            continue
        if role is None or (role in line.cells and role not in _WORDED and not first):
            line.below += words
        else:
            line.cells.setdefault(role, []).extend(words)


def _follows(layout: Layout, last: TableRow, row: TableRow) -> bool:
    return row.page == last.page and row.box.top - last.box.bottom <= _GAP * layout.text_height


def _is_total(layout: Layout, row: TableRow) -> bool:
    """A row that begins with the word for a sum, whatever figure stands left of it."""
    texts = [squeeze(layout.words[word].text) for cell in row.cells for word in cell]
    words = [text for text in texts if text and not text.isdigit()]
    return bool(words) and bool(_TOTALS.match(words[0])) and len(words) <= len(row.cells) + 2


def _is_lone_number(roles: Sequence[str | None], row: TableRow) -> bool:
    """A row of figures alone is a sum, when the table has words in its lines."""
    if "description" not in roles:
        return False
    named = [name for name in ("description", "seller_item_id", "gtin", "line_id", "sscc") if name in roles]
    return not any(row.cells[roles.index(name)] for name in named)


def _number_in(scene: Scene, words: Sequence[int]) -> tuple[Decimal, tuple[int, ...], str] | None:
    """The number a cell begins with, its words, and what follows it (`24 cartons`, `1 250 kg`, `12kg`)."""
    texts = [scene.layout.words[word].text for word in words]
    for end in range(min(len(words), 3), 0, -1):
        parsed = parse_number(" ".join(texts[:end]), scene.locale)
        if parsed is None or parsed.currency:
            continue
        rest = " ".join(texts[end:]).strip(" .")
        return None if any(c.isdigit() for c in rest) else (parsed.value, tuple(words[:end]), rest)
    glued = re.fullmatch(r"([\d.,]*\d)([^\W\d]{1,6}\.?)", texts[0]) if texts else None
    parsed = parse_number(glued[1], scene.locale) if glued else None
    return None if glued is None or parsed is None else (parsed.value, tuple(words[:1]), glued[2])


def _values(scene: Scene, line: _Line) -> dict[str, LineValue]:
    values: dict[str, LineValue] = {}
    text = sorted({*line.cells.get("description", ()), *line.below})
    named = [number for number in named_numbers(scene.layout, text, NAMED) if _fits(scene.layout, number)]
    aside = {word for number in named for word in number.words} | set(_labels_of_notes(scene, line, named))
    for role, words in line.cells.items():
        if role in _NUMERIC:
            _count(scene, role, words, values)
        elif role == "description":
            own = [word for word in words if word not in aside and not _is_code(scene.layout.words[word].text)]
            _say(scene, role, own, values)
        elif role == "line_id":
            if sum(len(scene.layout.words[word].text) for word in words) <= _LONGEST_LINE_ID:
                _say(scene, role, words, values)
        elif role in LINE_FIELDS:
            _say(scene, role, words, values)
    for number in named:
        values.setdefault(number.role, _value(scene, (number.number,)))
    _codes(scene, line, values)
    return values


def _count(scene: Scene, role: str, words: Sequence[int], values: dict[str, LineValue]) -> None:
    found = _number_in(scene, words)
    if found is None or role not in LINE_FIELDS:
        return
    number, own, rest = found
    values[role] = LineValue(value=plain(number), words=own)
    if role == "quantity" and rest:
        values.setdefault("unit", LineValue(value=rest, words=tuple(words)))


def _say(scene: Scene, role: str, words: Sequence[int], values: dict[str, LineValue]) -> None:
    if words:
        values[role] = _value(scene, words)


def _value(scene: Scene, words: Sequence[int]) -> LineValue:
    text = " ".join(scene.layout.words[word].text for word in words).strip(" .,;:()")
    return LineValue(value=text, words=tuple(words))


def _codes(scene: Scene, line: _Line, values: dict[str, LineValue]) -> None:
    """Shipping container codes and article numbers wherever they stand in the line, known by their check digits."""
    for word in sorted({w for words in (*line.cells.values(), line.below) for w in words}):
        text = scene.layout.words[word].text.strip(".,;:")
        match = _CODE.fullmatch(text)
        if match is not None and sscc_is_valid(match[1][-18:]) and "sscc" not in values:
            values["sscc"] = LineValue(value=match[1][-18:], words=(word,))
        elif _GTIN.fullmatch(text) and gtin_is_valid(text):
            values.setdefault("gtin", LineValue(value=text, words=(word,)))


def _is_code(text: str) -> bool:
    """Whether a word under the description is a number known by its check digit."""
    bare = text.strip(".,;:")
    code = _CODE.fullmatch(bare)
    return (code is not None and sscc_is_valid(code[1][-18:])) or (len(bare) >= 12 and gtin_is_valid(bare))


def _labels_of_notes(scene: Scene, line: _Line, named: Sequence[NamedNumber]) -> Iterator[int]:
    """The rest of a row that names a number: `Best before 31.12.2027` beside a lot, and labels of codes."""
    rows = {scene.layout.words[number.number].row for number in named}
    first = scene.layout.words[line.cells["description"][0]].row if line.cells.get("description") else None
    for word in line.cells.get("description", ()):
        row = scene.layout.words[word].row
        if row != first and (row in rows or _has_colon(scene.layout, line, row)):
            yield word


def _has_colon(layout: Layout, line: _Line, row: int) -> bool:
    """Whether a row under the description is a label and its value."""
    words = [layout.words[word].text for word in line.cells["description"] if layout.words[word].row == row]
    labelled = any(word.endswith(":") for word in words[:-1])
    return (labelled or squeeze("".join(words[:-1])) in phrases()) and any(c.isdigit() for c in words[-1])


def _fits(layout: Layout, number: NamedNumber) -> bool:
    """Whether what stands behind a name is such a number: an SSCC has 18 digits."""
    text = layout.words[number.number].text.strip(".,;:()")
    if number.role == "sscc":
        return bool(_CODE.fullmatch(text))
    return any(c.isdigit() for c in text)
