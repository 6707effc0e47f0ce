"""Counts what was read right: field and line F1, coverage at 99 % precision, calibration error, reliability."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.documents import Extraction, Reading
from extraction.agreement import agrees, dates_in, is_visible, line_agrees, numbers_in
from extraction.calibration import expected_calibration_error
from extraction.values import squeeze

LINE_KEYS = ("quantity", "unit_price", "line_net_amount")


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

    def _add_lines(self, extraction: Extraction | None, lines: Sequence[Mapping[str, str]]) -> None:
        """Lines count on papers whose lines are known and priced."""
        priced = [line for line in lines if line.get("line_net_amount")]
        if not priced:
            return
        given = [{name: cell.value for name, cell in row.items()} for row in extraction.lines] if extraction else []
        self.lines_wanted += len(priced)
        self.lines_given += len(given)
        left = list(range(len(priced)))
        for row in given:
            match = next((n for n in left if line_agrees(row, priced[n])), None)
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
    return total


def reliability_svg(sure: Sequence[tuple[float, bool]], *, title: str) -> str:
    """A reliability diagram: for ten bins of confidence, the share that is right; the diagonal is what was promised."""
    size, margin = 260, 34
    side, middle = size + 2 * margin, margin + size / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" font-family="sans-serif" font-size="11">',
        f'<rect x="{margin}" y="{margin}" width="{size}" height="{size}" fill="none" stroke="#888"/>',
        f'<path d="M{margin} {margin + size}L{margin + size} {margin}" stroke="#888" stroke-dasharray="4"/>',
        f'<text x="{margin}" y="20">{title}</text>',
        f'<text x="{middle}" y="{side - 6}" text-anchor="middle">confidence</text>',
        f'<text x="12" y="{middle}" transform="rotate(-90 12 {middle})" text-anchor="middle">share right</text>',
    ]
    for number in range(10):
        low, high = number / 10, (number + 1) / 10
        inside = [right for confidence, right in sure if low < confidence <= high]
        if inside:
            share = sum(inside) / len(inside)
            x, height = margin + size * low, size * share
            parts.append(
                f'<rect x="{x + 2:.1f}" y="{margin + size - height:.1f}" width="{size / 10 - 4:.1f}" '
                f'height="{height:.1f}" fill="#4a7ebb" opacity="0.75">'
                f"<title>{len(inside)} values, {share:.0%} right</title></rect>"
            )
    return "\n".join([*parts, "</svg>"]) + "\n"
