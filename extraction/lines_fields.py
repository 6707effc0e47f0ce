"""Turns the cells of an item into a line's fields: value, confidence, evidence; and says whether the figures fit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.documents import Evidence, Field, Row, Source
from core.money import plain
from extraction.bundle import Bundle
from extraction.calibration import SIGNALS
from extraction.candidates_freight import sscc_is_valid
from extraction.features import Scene
from extraction.layout import surrounding
from extraction.lines_cells import Cell, percent_of
from extraction.lines_items import NUMERIC, Item, multiplies
from extraction.lines_texts import NamedNumber, named_numbers

LINE_FIELDS = frozenset(
    {
        "line_id", "description", "seller_item_id", "buyer_item_id", "gtin", "quantity", "unit", "unit_price",
        "tax_rate", "line_net_amount", "package_count", "gross_weight", "lot_number",
    }
)  # fmt: skip
_LONGEST_LINE_ID = 6
_SURE = 0.95
_SAID: Mapping[bool | None, tuple[str, ...]] = {
    None: (),
    True: ("quantity × price adds up",),
    False: ("quantity × price does not add up",),
}
_GTIN = re.compile(r"\b(\d{13}|\d{8}|\d{12}|\d{14})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineValue:
    """A value of a line before it is a field: its words, and whether quantity × price confirm it or put it right."""

    value: str
    words: tuple[int, ...]
    adds: bool | None = None
    mended: bool = False


class LineWriter:
    """Writes the lines of one document."""

    def __init__(self, scene: Scene, bundle: Bundle, source: Source) -> None:
        self.scene, self.bundle, self.source = scene, bundle, source

    def line(self, values: Mapping[str, LineValue]) -> Row:
        """The fields of one line."""
        return {name: self._field(name, value) for name, value in values.items()}

    def _field(self, name: str, value: LineValue) -> Field:
        signals = line_signals(self.scene, value, self.source)
        sure = (name == "gtin" and gtin_is_valid(value.value)) or (name == "sscc" and sscc_is_valid(value.value))
        return Field(
            value=value.value,
            confidence=_SURE if sure else round(self.bundle.confidence(f"lines.{name}").of(signals), 4),
            source=self.source,
            evidence=evidence_of(self.scene, value.words),
            reasons=("check digit right",) if sure else _reasons(name, value),
        )


def _reasons(name: str, value: LineValue) -> tuple[str, ...]:
    if value.mended:
        return ("misread by OCR, put right by quantity × price",)
    return _SAID[value.adds] if name in NUMERIC else ()


def values_of(scene: Scene, item: Item, roles: Sequence[str | None]) -> dict[str, LineValue]:
    """What a line says, by the interface's names; training sees exactly what extraction sees."""
    adds, layout = multiplies(item, roles), scene.layout
    numbers = named_numbers(layout, _words_of_text(item, roles))
    values: dict[str, LineValue] = {}
    for index, cell in sorted(item.cells.items()):
        role = roles[index]
        if role in LINE_FIELDS and (made := _of_cell(scene, role, cell, adds, numbers)) is not None:
            values[role] = made
        if role == "quantity" and cell.unit:
            values.setdefault("unit", LineValue(value=cell.unit, words=cell.words, adds=adds))
        if role in {"unit_price", "list_price"} and cell.base:
            values["price_base_quantity"] = LineValue(value=str(cell.base), words=cell.words, adds=adds)
    for number in numbers:
        said = layout.words[number.number].text.strip(".,;:()")
        values.setdefault(number.role, LineValue(value=said, words=(number.number,), adds=adds))
    _list_price(item, roles, values, adds)
    _find_gtin(scene, item, values)
    if item.is_loose and "description" not in values:
        _describe(scene, item, roles, values)
    return values


def _of_cell(
    scene: Scene, role: str, cell: Cell, adds: bool | None, numbers: Sequence[NamedNumber]
) -> LineValue | None:
    if role == "tax_rate":
        rate = percent_of(cell)
        return None if rate is None else LineValue(value=plain(rate), words=cell.words)
    if role in NUMERIC:
        words = cell.number_words or cell.words
        return (
            None
            if cell.number is None
            else LineValue(value=plain(cell.number), words=words, adds=adds, mended=cell.mended)
        )
    if role == "line_id":
        return LineValue(value=cell.text, words=cell.words, adds=adds) if len(cell.text) <= _LONGEST_LINE_ID else None
    if role != "description":
        return LineValue(value=cell.text, words=cell.words, adds=adds)
    aside = {word for number in numbers for word in number.words}
    words = tuple(word for word in cell.words if word not in aside)
    text = " ".join(scene.layout.words[word].text for word in words)
    return LineValue(value=text, words=words, adds=adds) if words else None


def _words_of_text(item: Item, roles: Sequence[str | None]) -> list[int]:
    """The words of an item that are no figures of its columns: its description and what stands under other cells."""
    texts = [cell.words for index, cell in sorted(item.cells.items()) if roles[index] == "description"]
    return sorted({word for words in (*texts, item.notes) for word in words})


def _list_price(item: Item, roles: Sequence[str | None], values: dict[str, LineValue], adds: bool | None) -> None:
    """Where only list prices are printed, these are the prices."""
    if "unit_price" in values or "list_price" not in roles:
        return
    cell = item.cells.get(roles.index("list_price"))
    if cell is not None and cell.number is not None:
        values["unit_price"] = LineValue(value=plain(cell.number), words=cell.number_words, adds=adds)


def _find_gtin(scene: Scene, item: Item, values: dict[str, LineValue]) -> None:
    """An article's global number may stand in any cell of words; its check digit makes it sure."""
    if "gtin" in values and gtin_is_valid(values["gtin"].value):
        return
    cells = [cell.words for cell in item.cells.values() if cell.number is None or len(cell.words) == 1]
    for word in (word for words in (*cells, item.notes) for word in words):
        match = _GTIN.fullmatch(scene.layout.words[word].text.strip(".,;:()"))
        if match and gtin_is_valid(match.group(1)):
            values["gtin"] = LineValue(value=match.group(1), words=(word,))
            return


def _describe(scene: Scene, item: Item, roles: Sequence[str | None], values: dict[str, LineValue]) -> None:
    """A charge or discount is described by all that stands before its amount."""
    amounts = {word for i, cell in item.cells.items() if roles[i] == "line_net_amount" for word in cell.words}
    words = tuple(word for row in item.rows for cell in row.cells for word in cell if word not in amounts)
    values.pop("unit", None)
    if words:
        values["description"] = LineValue(value=" ".join(scene.layout.words[w].text for w in words), words=words)


def line_signals(scene: Scene, value: LineValue, source: Source) -> list[float]:
    """The numbers of `SIGNALS` for a value of a line."""
    words = [scene.layout.words[word] for word in value.words]
    lines = scene.lines
    values: Mapping[str, float] = {
        "score": 2.0,
        "margin": 2.0,
        "adds_up": float(value.adds is True),
        "clash": float(value.adds is False),
        "labelled": float(not lines.inferred),
        "ocr": float(source is Source.OCR),
        "ocr_doubt": 1 - min((word.confidence for word in words), default=1.0),
        "disagreed": float(any(word.agreed is False for word in words)),
        "sums_up": float(lines.adds_up_to is not None),
        "mended": float(value.mended),
        "sums_gross": float(lines.adds_up_to == "gross"),
    }
    return [values.get(signal, 0.0) for signal in SIGNALS]


def evidence_of(scene: Scene, words: Sequence[int]) -> tuple[Evidence, ...]:
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


def gtin_is_valid(text: str) -> bool:
    """Whether these are the digits of a global article number, the last its check digit."""
    if not _GTIN.fullmatch(text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0
