"""Turns the cells of an item into a line's fields: value, confidence, evidence; and says whether the figures fit."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.documents import Evidence, Field, Row, Source
from core.money import plain
from extraction.bundle import Bundle
from extraction.calibration import SIGNALS
from extraction.features import Scene
from extraction.layout import surrounding
from extraction.lines_cells import Cell, percent_of
from extraction.lines_items import NUMERIC, Item, multiplies

LINE_FIELDS = frozenset(
    {
        "line_id", "description", "seller_item_id", "buyer_item_id", "gtin", "quantity", "unit", "unit_price",
        "tax_rate", "line_net_amount", "package_count", "gross_weight", "lot_number",
    }
)  # fmt: skip
_LONGEST_LINE_ID = 6
_GTIN = re.compile(r"\b(\d{13}|\d{8}|\d{12}|\d{14})\b")


class LineWriter:
    """Writes the lines of one document."""

    def __init__(self, scene: Scene, bundle: Bundle, source: Source) -> None:
        self.scene, self.bundle, self.source = scene, bundle, source

    def line(self, item: Item, roles: Sequence[str | None], *, shipment: bool) -> Row:
        """The fields of one item; `shipment` papers say nothing of tax."""
        adds = multiplies(item, roles)
        line: dict[str, Field] = {}
        for index, cell in sorted(item.cells.items()):
            role = roles[index]
            if role is None or role not in LINE_FIELDS:
                continue
            made = self._cell(role, cell, adds)
            if made is not None:
                line[role] = made
            if role == "quantity" and cell.unit and "unit" not in line:
                line["unit"] = self._text("unit", cell.unit, cell, adds)
        self._list_price(item, roles, line, adds)
        self._find_gtin(item, line)
        if shipment:
            line.pop("tax_rate", None)
        return line

    def _cell(self, role: str, cell: Cell, adds: bool | None) -> Field | None:
        if role == "tax_rate":
            rate = percent_of(cell)
            return None if rate is None else self._number(role, rate, cell, None)
        if role in NUMERIC:
            return None if cell.number is None else self._number(role, cell.number, cell, adds)
        if role == "line_id" and len(cell.text) > _LONGEST_LINE_ID:
            return None
        return self._text(role, cell.text, cell, adds)

    def _list_price(self, item: Item, roles: Sequence[str | None], line: dict[str, Field], adds: bool | None) -> None:
        """Where only list prices are printed, these are the prices."""
        if "unit_price" in line or "list_price" not in roles:
            return
        cell = item.cells.get(roles.index("list_price"))
        if cell is not None and cell.number is not None:
            line["unit_price"] = self._number("unit_price", cell.number, cell, adds)

    def _find_gtin(self, item: Item, line: dict[str, Field]) -> None:
        """An article's global number may stand in any cell of words; its check digit makes it sure."""
        if "gtin" in line and _gtin_is_valid(line["gtin"].value):
            return
        for cell in item.cells.values():
            if cell.number is not None and len(cell.words) > 1:
                continue
            for word in cell.words:
                match = _GTIN.fullmatch(self.scene.layout.words[word].text.strip(".,;:()"))
                if match and _gtin_is_valid(match.group(1)):
                    line["gtin"] = Field(
                        value=match.group(1),
                        confidence=0.95,
                        source=self.source,
                        evidence=evidence_of(self.scene, (word,)),
                        reasons=("check digit right",),
                    )
                    return

    def _number(self, role: str, number: Decimal, cell: Cell, adds: bool | None) -> Field:
        said = {None: (), True: ("quantity × price adds up",), False: ("quantity × price does not add up",)}
        return Field(
            value=plain(number),
            confidence=self._confidence(role, cell, adds),
            source=self.source,
            evidence=evidence_of(self.scene, cell.number_words or cell.words),
            reasons=said[adds],
        )

    def _text(self, role: str, text: str, cell: Cell, adds: bool | None) -> Field:
        return Field(
            value=text,
            confidence=self._confidence(role, cell, adds),
            source=self.source,
            evidence=evidence_of(self.scene, cell.words),
        )

    def _confidence(self, role: str, cell: Cell, adds: bool | None) -> float:
        signals = line_signals(self.scene, cell, adds, self.source)
        return round(self.bundle.confidence(f"lines.{role}").of(signals), 4)


def line_signals(scene: Scene, cell: Cell, adds: bool | None, source: Source) -> list[float]:
    """The numbers of `SIGNALS` for a cell of a line."""
    doubt = 1 - min((scene.layout.words[w].confidence for w in cell.words), default=1.0)
    values: Mapping[str, float] = {
        "score": 2.0,
        "margin": 2.0,
        "adds_up": float(adds is True),
        "clash": float(adds is False),
        "labelled": 1.0,
        "ocr": float(source is Source.OCR),
        "ocr_doubt": doubt,
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


def _gtin_is_valid(text: str) -> bool:
    if not _GTIN.fullmatch(text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0
