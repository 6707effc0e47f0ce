"""Counts what was read right: field and line F1, document types, coverage at 99 % precision, calibration error."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.documents import Extraction, Reading
from extraction.agreement import agrees, dates_in, is_visible, line_agrees, numbers_in
from extraction.calibration import expected_calibration_error
from extraction.values import squeeze

SHIPPED_KEYS = ("seller_item_id", "buyer_item_id", "gtin", "lot_number", "sscc", "package_count")


@dataclass(slots=True)
class Tally:
    """What was wanted, given and right, field by field, and how sure each given value was."""

    name: str
    documents: int = 0
    refused: int = 0
    wanted: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    lines_wanted: int = 0
    lines_given: int = 0
    lines_right: int = 0
    wrong: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    types_known: int = 0
    types_right: int = 0

    def add(
        self, file: str, extraction: Extraction | None, fields: Mapping[str, str], lines: Sequence[Mapping[str, str]]
    ) -> None:
        """Counts one document against the values that can be seen on it. A refused document gives nothing."""
        self.documents += 1
        self.refused += extraction is None
        for name, value in fields.items():
            self.wanted[name] += 1
            found = extraction.fields.get(name) if extraction else None
            if found is None:
                self.wrong.append((file, name, value, None))
                continue
            is_right = agrees(name, found.value, value)
            self.given[name] += 1
            self.right[name] += is_right
            self.sure.append((found.confidence, is_right))
            if not is_right:
                self.wrong.append((file, name, value, found.value))
        self._add_lines(extraction, lines)

    def add_type(self, extraction: Extraction | None, types: frozenset[str]) -> None:
        """Counts whether it was taken for one of the types it may rightly be called."""
        if types:
            self.types_known += 1
            self.types_right += extraction is not None and extraction.document_type.value in types

    def _add_lines(self, extraction: Extraction | None, lines: Sequence[Mapping[str, str]]) -> None:
        """Lines count where they are known: priced ones by their amounts, shipped ones by what was shipped."""
        priced = [line for line in lines if line.get("line_net_amount")]
        agree = line_agrees if priced else shipped_line_agrees
        priced = priced or [line for line in lines if line.get("quantity")]
        if not priced:
            return
        given = [{name: cell.value for name, cell in row.items()} for row in extraction.lines] if extraction else []
        self.lines_wanted += len(priced)
        self.lines_given += len(given)
        left = list(range(len(priced)))
        for row in given:
            match = next((n for n in left if agree(row, priced[n])), None)
            if match is not None:
                left.remove(match)
                self.lines_right += 1

    @property
    def f1(self) -> float:
        """Micro F1 over all fields: right values over (given + wanted) / 2."""
        return 2 * sum(self.right.values()) / max(sum(self.given.values()) + sum(self.wanted.values()), 1)

    @property
    def line_f1(self) -> float | None:
        """F1 over lines, None where no lines are known."""
        total = self.lines_wanted + self.lines_given
        return 2 * self.lines_right / total if self.lines_wanted else None

    def field_f1(self, name: str) -> float:
        """F1 of one field."""
        return 2 * self.right[name] / max(self.given[name] + self.wanted[name], 1)

    @property
    def type_accuracy(self) -> float | None:
        """Share of papers whose type was told, None where no type is known."""
        return self.types_right / self.types_known if self.types_known else None

    @property
    def ece(self) -> float:
        """Expected calibration error over ten bins."""
        return expected_calibration_error([c for c, _ in self.sure], [r for _, r in self.sure])

    def coverage(self, precision: float = 0.99) -> float:
        """The longest prefix by confidence of which this share is right, over all wanted values."""
        best = right = 0
        for number, (_, is_right) in enumerate(sorted(self.sure, key=lambda pair: -pair[0]), 1):
            right += is_right
            best = number if right >= precision * number else best
        return best / max(sum(self.wanted.values()), 1)

    def sure_and_wrong(self, at_least: float = 0.9) -> tuple[int, int]:
        """How many values with at least this confidence are wrong, of how many."""
        high = [right for confidence, right in self.sure if confidence >= at_least]
        return high.count(False), len(high)


def shipped_line_agrees(given: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """A shipped line is right when its quantity is, and every item id, lot, SSCC and count of packages it carries."""
    named = [name for name in SHIPPED_KEYS if wanted.get(name)] or ["description"]
    names = [*(["quantity"] if wanted.get("quantity") else ()), *named]
    return all(name in given and agrees(name, given[name], wanted[name]) for name in names if wanted.get(name))


def visible_fields(fields: Mapping[str, str | None], reading: Reading) -> dict[str, str]:
    """The true values that can be seen on the pages; e-invoice data without pages is all to be seen."""
    known = {name: str(value) for name, value in fields.items() if value is not None}
    if not reading.pages:
        return known
    words = [word.text for page in reading.pages for word in page.words]
    text, numbers, dates = squeeze("".join(words)), numbers_in(words), dates_in(words)
    return {name: value for name, value in known.items() if is_visible(name, value, text, numbers, dates)}


def merged(name: str, tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    total = Tally(name)
    for tally in tallies:
        total.documents += tally.documents
        total.refused += tally.refused
        total.wanted += tally.wanted
        total.given += tally.given
        total.right += tally.right
        total.sure += tally.sure
        total.wrong += tally.wrong
        total.lines_wanted += tally.lines_wanted
        total.lines_given += tally.lines_given
        total.lines_right += tally.lines_right
        total.types_known += tally.types_known
        total.types_right += tally.types_right
    return total
