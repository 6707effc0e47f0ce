"""Finds what could be a party on the pages: a name, and the address lines that stand with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.documents import Box
from extraction.candidates import Candidate
from extraction.labels import Label
from extraction.layout import Layout, Run, surrounding
from extraction.lexicon import COUNTRY_WORDS, LEGAL_FORMS, STREET_WORDS
from extraction.values import fold, squeeze

_SEPARATOR = re.compile(r"^[-–—·•|∙◦*/]$")
_POSTCODE = re.compile(
    r"(?:^|\s)(?:[A-Z]{1,2}[- ])?"
    r"(?:\d{3}\s\d{2}|\d{5}(?:-\d{4})?|\d{4}\s?[A-Z]{2}|\d{4}|\d{2}-\d{3}|\d{4}-\d{3}|\d{6})[,\s]+[^\W\d]{2}"
    r"|\b[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}\b|[^\W\d]{3,}[,.]?\s+(?:[A-Z]{2}\s+)?\d{5}(?:-\d{4})?\b"
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\b(tel|fax|phone|telefon|mobil|email|e-mail|fon|tlf|hp)\b[\s.:]|[:：]\s*\S", re.IGNORECASE
)
_REGISTER = re.compile(
    r"^(?=.*\d{4})\W*(?:co\.?|reg\.?|roc|no\.?|gst|brn)?[\s.:]*\(?[\dA-Z]{4,}(?:\s?-\s?[\dA-Z]{1,2})?\W*$",
    re.IGNORECASE,
)
_ENDS_WITH_CODE = re.compile(r"\b\d{5,6}\W*$")
_SALUTATIONS = frozenset(
    {"herrn", "herr", "frau", "firma", "an", "to", "mr", "mrs", "ms", "monsieur", "madame", "spettle", "spett"}
)
_MOST_ADDRESS_LINES = 7
_LONGEST_NAME = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it stands under or beside a name, its lines joined by commas."""

    text: str
    start: int
    end: int
    page: int
    box: Box
    has_postcode: bool
    has_street: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A candidate for a name with the address that goes with it, if one does."""

    name: Candidate
    address: Address | None
    lines_below: int


def find_parties(layout: Layout, labels: tuple[Label, ...]) -> tuple[Party, ...]:
    """Every piece of text that could be a party's name, in reading order."""
    finder = _PartyFinder(layout, labels)
    return tuple(party for segment in layout.segments for party in finder.in_segment(segment))


def has_legal_form(text: str) -> bool:
    """Whether a name carries the word of a company's legal form: GmbH, Ltd, S.r.l., SDN BHD."""
    words = [squeeze(word) for word in text.split()]
    return any(word in LEGAL_FORMS for word in words[1:]) or bool(
        re.search(r"\b(s\.?\s?r\.?\s?l|s\.?\s?a\.?|sp\.? ?z ?o\.? ?o|b\.?v|n\.?v)\.?$", fold(text))
    )


class _PartyFinder:
    def __init__(self, layout: Layout, labels: tuple[Label, ...]) -> None:
        self.layout = layout
        self.label_at = {label.start: label for label in labels}
        self.label_segments = {
            layout.words[label.start].segment
            for label in labels
            if label.start == layout.segments[layout.words[label.start].segment].start and not label.is_weak
        }

    def in_segment(self, segment: Run) -> Iterator[Party]:
        start = self._after_label(segment)
        if start >= segment.end:
            return
        parts = self._parts(start, segment.end)
        first = parts[0]
        if not self._is_name_like(first) or squeeze(self._text(first)) in _SALUTATIONS:
            return
        below = self._lines_below(segment, first[0])
        inline = self._inline_address(parts)
        yield self._party(first, inline or self._address(below), len(below))
        if below and len(parts) == 1 and not has_legal_form(self._text(first)):
            second = (below[0].start, below[0].end)
            if self._is_name_like(second) and not _looks_like_street(self._text(second)):
                joined = f"{self._text(first)} {self._text(second)}"
                if len(joined) <= _LONGEST_NAME:
                    yield self._party((first[0], first[1]), self._address(below[1:]), len(below) - 1, joined, second)

    def _after_label(self, segment: Run) -> int:
        """Where the value starts in a segment that begins with a closed label (`Bill to: ACME Ltd`)."""
        label = self.label_at.get(segment.start)
        if label is None:
            return segment.start
        closed = self.layout.words[label.end - 1].text.rstrip().endswith(":") or label.end >= segment.end
        return min(label.end, segment.end) if closed else segment.start

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The pieces of a sender's line: `Company AG · Street 1 · 12345 Town`."""
        parts, first = [], start
        for word in range(start, end):
            text = self.layout.words[word].text
            if _SEPARATOR.match(text) and word > first:
                parts.append((first, word))
                first = word + 1
            elif text.endswith(",") and word + 1 < end and squeeze(self.layout.words[word + 1].text) not in LEGAL_FORMS:
                parts.append((first, word + 1))
                first = word + 1
        return [*parts, (first, end)] if first < end else parts or [(start, end)]

    def _is_name_like(self, span: tuple[int, int]) -> bool:
        text = self._text(span)
        letters = sum(c.isalpha() for c in text)
        if not letters >= 3 or len(text) > _LONGEST_NAME or span[1] - span[0] > 9:
            return False
        return letters >= 0.6 * len(text.replace(" ", "")) and "@" not in text and not text.endswith(":")

    def _text(self, span: tuple[int, int]) -> str:
        return " ".join(word.text for word in self.layout.words[span[0] : span[1]]).strip(" ,;:|-")

    def _lines_below(self, segment: Run, start: int) -> list[Run]:
        """Segments straight below in the same column, close enough to belong to one block."""
        lines: list[Run] = []
        x0, last = self.layout.words[start].box.x0, segment
        _, stop = self.layout.rows_of_page(segment.page)
        for row in range(segment.row + 1, min(segment.row + 3 * _MOST_ADDRESS_LINES, stop)):
            below = next((s for s in self.layout.segments_of(row) if _same_column(s.box, x0, last.box)), None)
            if below is None:
                if self.layout.rows[row].box.top - last.box.bottom > 1.6 * last.height:
                    break
                continue
            if below.box.top - last.box.bottom > 1.3 * max(last.height, below.height):
                break
            if self._ends_block(below) or len(lines) >= _MOST_ADDRESS_LINES:
                break
            lines.append(below)
            last = below
        return lines

    def _ends_block(self, segment: Run) -> bool:
        if self.layout.words[segment.start].segment in self.label_segments:
            label = self.label_at[segment.start]
            return (
                self.layout.words[label.end - 1].text.endswith((":", "."))
                or label.end == segment.end
                or label.box.x1 - label.box.x0 > 0.5 * (segment.box.x1 - segment.box.x0)
            )
        return bool(_CONTACT.search(segment.text))

    def _address(self, lines: list[Run]) -> Address | None:
        """The lines from the first that is no register number up to the postcode and its town, without a country."""
        kept: list[Run] = []
        postcode = town_follows = False
        for line in lines:
            if squeeze(line.text) in COUNTRY_WORDS or (postcode and not town_follows):
                break
            if town_follows:
                if not any(c.isdigit() for c in line.text):
                    kept.append(line)
                break
            if not kept and (
                _REGISTER.match(line.text) or (has_legal_form(line.text) and not _looks_like_street(line.text))
            ):
                continue
            kept.append(line)
            postcode = bool(_POSTCODE.search(line.text))
            town_follows = postcode and bool(_ENDS_WITH_CODE.search(line.text))
        if not kept or not any(c.isdigit() for line in kept for c in line.text):
            return None
        text = ", ".join(line.text.strip(" ,") for line in kept)
        return Address(
            text=text,
            start=kept[0].start,
            end=kept[-1].end,
            page=kept[0].page,
            box=surrounding([line.box for line in kept]),
            has_postcode=postcode,
            has_street=_looks_like_street(text),
        )

    def _inline_address(self, parts: list[tuple[int, int]]) -> Address | None:
        rest = parts[1:]
        if not rest:
            return None
        texts = [self._text(part) for part in rest]
        text = ", ".join(part for part in texts if part)
        if not _POSTCODE.search(" " + " ".join(texts)):
            return None
        start, end = rest[0][0], rest[-1][1]
        return Address(
            text=text,
            start=start,
            end=end,
            page=self.layout.words[start].page,
            box=surrounding([w.box for w in self.layout.words[start:end]]),
            has_postcode=True,
            has_street=_looks_like_street(text),
        )

    def _party(
        self,
        span: tuple[int, int],
        address: Address | None,
        below: int,
        joined: str | None = None,
        second: tuple[int, int] | None = None,
    ) -> Party:
        words = [*self.layout.words[span[0] : span[1]], *(self.layout.words[second[0] : second[1]] if second else ())]
        name = Candidate(
            kind="name",
            value=joined or self._text(span),
            start=span[0],
            end=span[1],
            page=words[0].page,
            row=words[0].row,
            box=surrounding([w.box for w in words]),
            marks=frozenset({"joined"} if joined else ()),
        )
        return Party(name=name, address=address, lines_below=below)


def _same_column(box: Box, x0: float, last: Box) -> bool:
    tolerance = 0.6 * max(last.bottom - last.top, 6.0)
    centred = abs((box.x0 + box.x1) - (last.x0 + last.x1)) / 2 <= 1.5 * tolerance
    right = abs(box.x1 - last.x1) <= 0.3 * tolerance
    return abs(box.x0 - x0) <= tolerance or centred or right


def _looks_like_street(text: str) -> bool:
    folded = fold(text)
    return any(word in folded for word in STREET_WORDS) and any(c.isdigit() for c in text)
