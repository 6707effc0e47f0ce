"""Finds what could be a party on the pages: a name, and the address lines that stand with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.addresses import (
    Address,
    address_of,
    before_contact,
    has_postcode,
    is_for_someone,
    is_tax_number,
    joined,
    looks_like_street,
    starts_address,
)
from extraction.candidates import Candidate
from extraction.labels import Label
from extraction.layout import Layout, Run, surrounding
from extraction.lexicon import ADDRESS_KEYS, LEGAL_FORMS, SALUTATIONS
from extraction.party_names import has_legal_form, is_courtesy, name_of
from extraction.values import squeeze

_SEPARATOR = re.compile(r"^[-–—·•|∙◦*/]$")
_SHOP = re.compile(
    r"\b(?:shopping (?:at|with)|(?:visiting|choosing|purchase at|buying (?:at|from))|einkauf (?:bei|im)"
    r"|visite (?:chez|à)|achats? chez|compra en|visita a|acquistato (?:da|presso)|aankoop bij|bezoek aan)$",
    re.IGNORECASE,
)
_SHOP_WORD = re.compile(r"shopping|visit|choos|purchase|buy|einkauf|achat|compra|acquist|aankoop|bezoek", re.IGNORECASE)
_COLON_VALUE = re.compile(r"[:：]\s*\S")
_NUMBERED = re.compile(r"^\W*(?:no|lot|unit|block|blk|address|adresse|anschrift)\b\W*:", re.IGNORECASE)
_TAG = re.compile(r"[(\[]?\b(?:BT|BG)-?\d+\b[)\]]?", re.IGNORECASE)
_PARTY_FIELDS = ("seller_name", "buyer_name", "shipper_name", "consignee_name", "carrier_name", "x_name_label")
_MOST_ADDRESS_LINES = 8
_MOST_KEYED_ROWS = 10
_STRIP_REACH = 4
_LONGEST_TAIL, _OTHER_SIZE = 2, 1.25
_LONGEST_NAME = 70
_MOST_WORDS = 10


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


@dataclass(frozen=True, slots=True)
class _Span:
    """Words that may be a name; `is_keyed` when a label right before them says so."""

    start: int
    end: int
    is_keyed: bool = False


class _PartyFinder:
    def __init__(self, layout: Layout, labels: tuple[Label, ...]) -> None:
        self.layout = layout
        self.label_at = {label.start: label for label in labels}
        self.label_before = {label.end: label for label in labels}
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
        spans = [_Span(*parts[0], is_keyed=start > segment.start)]
        spans += [_Span(*part) for part in parts[1:] if has_legal_form(name_of(self._text(part)))]
        spans += [span for span in self._labelled_inside(segment) if all(span.start != other.start for other in spans)]
        whole = self._text((start, segment.end))
        if len(parts) > 1 and has_legal_form(name_of(self._text(parts[-1]))) and not any(map(str.isdigit, whole)):
            spans.append(_Span(start, segment.end, is_keyed=start > segment.start))
        for span in spans:
            if self._is_name_like(span):
                yield from self._named(segment, span, parts)
        wide = self._over_gaps(segment)
        if wide is not None and self._is_name_like(wide):
            below = self._lines_below(segment, segment.start)
            yield self._party(wide, address_of(below), len(below))

    def _named(self, segment: Run, span: _Span, parts: list[tuple[int, int]]) -> Iterator[Party]:
        text = self._text((span.start, span.end))
        below = self._lines_below(segment, span.start)
        is_first = span.start == parts[0][0]
        salutation = squeeze(text) in SALUTATIONS
        if not salutation:
            address = self._inline_address(parts, span) or self._keyed_address(segment, span) or address_of(below)
            address = address or self._address_beside(segment) or self._address_on_strip(segment)
            yield self._party(span, address, len(below))
        if below and len(parts) == 1 and is_first:
            yield from self._over_lines(span, below, salutation=salutation)

    def _over_gaps(self, segment: Run) -> _Span | None:
        """A name in large letters, whose wide spaces were taken for gaps between columns."""
        end, last = segment.end, segment
        for other in self.layout.segments_of(segment.row):
            if other.start < segment.end:
                continue
            height = min(other.height, segment.height)
            if other.box.x0 - last.box.x1 > 1.2 * height or other.height > 1.4 * segment.height > 1.96 * other.height:
                break
            end, last = other.end, other
        is_new = end > segment.end and not self._has_large_neighbour_before(segment)
        return _Span(segment.start, end) if is_new else None

    def _has_large_neighbour_before(self, segment: Run) -> bool:
        before = [s for s in self.layout.segments_of(segment.row) if s.end <= segment.start]
        return bool(before) and segment.box.x0 - before[-1].box.x1 <= 1.2 * min(before[-1].height, segment.height)

    def _over_lines(self, span: _Span, below: Sequence[Run], *, salutation: bool) -> Iterator[Party]:
        """Names that go on in the next line, or in two more that end in a legal form."""
        text = self._text((span.start, span.end))
        goes_on = below[0].text.lstrip().startswith(("&", "+", "und ", "and ", "("))
        if has_legal_form(text) and not goes_on:
            return
        for count in (1, 2):
            lines = below[:count]
            if len(lines) < count or not self._may_go_on(lines[-1]):
                return
            name = name_of(" ".join([text, *(line.text for line in lines)]))
            is_tail = has_legal_form(f"{text} {lines[-1].text}") and len(lines[-1].text.split()) <= _LONGEST_TAIL
            is_whole = is_tail if count > 1 else is_tail or not self._is_own_name(span, lines[0])
            if is_whole and len(name) <= _LONGEST_NAME and not (salutation and count > 1):
                rest = list(below[count:])
                yield self._party(span, address_of(rest), len(rest), name, lines)

    def _is_own_name(self, span: _Span, line: Run) -> bool:
        """Whether the next line is a company of its own, under its brand in letters of another size."""
        sizes = sorted((self.layout.segments[self.layout.words[span.start].segment].height, line.height))
        return has_legal_form(name_of(line.text)) and sizes[1] > _OTHER_SIZE * sizes[0]

    def _may_go_on(self, line: Run) -> bool:
        span = _Span(line.start, line.end)
        return self._is_name_like(span) and not looks_like_street(line.text) and not has_postcode(line.text)

    def _after_label(self, segment: Run) -> int:
        """Where the value starts in a segment that begins with a closed label (`Bill to: ACME Ltd`)."""
        label = self.label_at.get(segment.start)
        if label is None:
            return segment.start
        end = label.end
        while end < segment.end and _TAG.fullmatch(self.layout.words[end].text.strip(":")):
            end += 1
        last = self.layout.words[end - 1].text.rstrip()
        if end < segment.end and self.layout.words[end].text == ":":
            return end + 1
        closed = last.endswith(":") or end >= segment.end or end > label.end
        return min(end, segment.end) if closed else segment.start

    def _labelled_inside(self, segment: Run) -> Iterator[_Span]:
        """Values of name labels in the middle of a line, of name labels without a colon, and after thanks."""
        words = self.layout.words
        is_thanks = _SHOP_WORD.search(segment.text) is not None
        for start in range(segment.start + 1, segment.end):
            label = self.label_before.get(start) or self.label_before.get(start - 1)
            if label is not None and label.start >= segment.start and any(label.strength(f) for f in _PARTY_FIELDS):
                closed = words[start - 1].text.endswith(":")
                opens = label.end == start and label.start == segment.start and words[start].text[:1].isupper()
                if closed or (opens and squeeze(words[start].text) not in LEGAL_FORMS):
                    yield _Span(start, self._value_end(start, segment.end), is_keyed=True)
            elif is_thanks and _SHOP.search(" ".join(w.text for w in words[max(start - 3, segment.start) : start])):
                yield _Span(start, segment.end, is_keyed=True)

    def _value_end(self, start: int, end: int) -> int:
        """A value in a line ends before the next label, a separator, or after a comma."""
        for word in range(start + 1, end):
            label = self.label_at.get(word)
            if _SEPARATOR.match(self.layout.words[word].text) or (label is not None and not label.is_weak):
                return word
            if self.layout.words[word - 1].text.endswith((",", ";")):
                return word
        return end

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

    def _is_name_like(self, span: _Span) -> bool:
        raw = self._text((span.start, span.end))
        text = name_of(raw)
        letters, words = sum(map(str.isalpha, text)), text.split()
        if letters < (2 if has_legal_form(text) else 3) or len(text) > _LONGEST_NAME or len(words) > _MOST_WORDS:
            return False
        if is_courtesy(words) and not has_legal_form(text):
            return False
        return letters >= 0.6 * len(text.replace(" ", "")) and "@" not in text and not raw.endswith(":")

    def _text(self, span: tuple[int, int]) -> str:
        return " ".join(word.text for word in self.layout.words[span[0] : span[1]]).strip(" ,;|-")

    def _lines_below(self, segment: Run, start: int) -> list[Run]:
        """Segments straight below in the same column, close enough to belong to one block."""
        lines: list[Run] = []
        x0, last = self.layout.words[start].box.x0, segment
        _, stop = self.layout.rows_of_page(segment.page)
        for row in range(segment.row + 1, min(segment.row + 3 * _MOST_ADDRESS_LINES, stop)):
            below = next((s for s in self.layout.segments_of(row) if self._is_under(s, x0, last)), None)
            if below is None:
                if self.layout.rows[row].box.top - last.box.bottom > 1.6 * last.height:
                    break
                continue
            if below.box.top - last.box.bottom > 1.3 * max(last.height, below.height, self.layout.text_height):
                break
            if self._ends_block(below) or len(lines) >= _MOST_ADDRESS_LINES:
                break
            lines.append(below)
            last = below
        return lines

    def _is_under(self, segment: Run, x0: float, last: Run) -> bool:
        """Whether a segment is in the column of the last; on strips, two lines that stand alone are in one column."""
        if same_column(segment, x0, last, is_ocr=self.layout.is_ocr):
            return True
        alone = all(len(self.layout.segments_of(run.row)) == 1 for run in (segment, last))
        a, b = segment.box, last.box
        overlap = min(a.x1, b.x1) - max(a.x0, b.x0)
        return self.layout.is_ocr and alone and overlap > 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)

    def _ends_block(self, segment: Run) -> bool:
        if _NUMBERED.match(segment.text) or is_tax_number(segment.text) or is_for_someone(segment.text):
            return False
        if not before_contact(segment.text):
            return True
        if self.layout.words[segment.start].segment in self.label_segments:
            label = self.label_at[segment.start]
            return (
                self.layout.words[label.end - 1].text.endswith((":", "."))
                or label.end == segment.end
                or label.box.x1 - label.box.x0 > 0.5 * (segment.box.x1 - segment.box.x0)
            )
        return bool(_COLON_VALUE.search(before_contact(segment.text)))

    def _inline_address(self, parts: list[tuple[int, int]], span: _Span) -> Address | None:
        """The address that follows the name in its own line."""
        at = next((i for i, part in enumerate(parts) if part[0] <= span.start < part[1]), len(parts))
        rest = parts[at + 1 :]
        if not rest:
            return None
        texts = [self._text(part) for part in rest]
        last = next((i for i, text in enumerate(texts) if has_postcode(text)), None)
        if last is None:
            return None
        start, end = rest[0][0], rest[last][1]
        text = joined(texts[: last + 1])
        return self._address(text, start, end)

    def _address(self, text: str, start: int, end: int) -> Address:
        words = self.layout.words[start:end]
        return Address(
            text=text,
            start=start,
            end=end,
            page=words[0].page,
            box=surrounding([w.box for w in words]),
            has_postcode=has_postcode(text),
            has_street=looks_like_street(text),
        )

    def _keyed_address(self, segment: Run, span: _Span) -> Address | None:
        """Street, postcode and town as values of labels in the rows below a labelled name."""
        if not (span.is_keyed or self._has_label_before(span.start)):
            return None
        if span.start > segment.start:
            key = segment
        else:
            before = [s for s in self.layout.segments_of(segment.row) if s.end <= segment.start]
            if not before:
                return None
            key = before[-1]
        found: dict[str, tuple[str, int, int]] = {}
        _, stop = self.layout.rows_of_page(segment.page)
        for row in range(segment.row + 1, min(segment.row + 1 + _MOST_KEYED_ROWS, stop)):
            kind, start, end = self._key_and_value(row, key)
            if kind and end > start:
                found.setdefault(kind, (self._text((start, end)), start, end))
            elif found and kind is None and row - self.layout.words[max(f[2] for f in found.values()) - 1].row > 2:
                break
        return self._from_keys(found)

    def _has_label_before(self, start: int) -> bool:
        return any(self.label_before.get(start - back) is not None for back in (0, 1))

    def _from_keys(self, found: dict[str, tuple[str, int, int]]) -> Address | None:
        street = " ".join(found[kind][0] for kind in ("street", "more") if kind in found)
        town = found["both"][0] if "both" in found else ""
        town = town or " ".join(found[kind][0] for kind in ("postcode", "town") if kind in found)
        if not street or not (town or has_postcode(street)):
            return None
        return self._address(
            f"{street}, {town}".strip(" ,"),
            min(start for _, start, _ in found.values()),
            max(end for _, _, end in found.values()),
        )

    def _key_and_value(self, row: int, key: Run) -> tuple[str | None, int, int]:
        """What kind of address line a row labels in the column of `key`, and the words of its value."""
        segments = list(self.layout.segments_of(row))
        at = next((i for i, s in enumerate(segments) if abs(s.box.x0 - key.box.x0) <= 1.2 * key.height), None)
        if at is None:
            return None, 0, 0
        label = segments[at]
        colon = next((w for w in range(label.start, label.end) if self.layout.words[w].text.endswith(":")), None)
        cut = label.end if colon is None else colon + 1
        kind = ADDRESS_KEYS.get(squeeze(_TAG.sub("", self._text((label.start, cut)))))
        if cut < label.end:
            return kind, cut, label.end
        if at + 1 < len(segments):
            return kind, segments[at + 1].start, segments[at + 1].end
        return kind, 0, 0

    def _address_beside(self, segment: Run) -> Address | None:
        """An address that starts at the right of the name, level with it, and has no name of its own."""
        for other in self.layout.segments_of(segment.row):
            if other.start >= segment.end and looks_like_street(other.text):
                address = address_of([other, *self._lines_below(other, other.start)])
                return address if address is not None and address.has_postcode else None
        return None

    def _address_on_strip(self, segment: Run) -> Address | None:
        """On a till's strip, the address that starts within the next few lines, however they are set."""
        if not self.layout.is_ocr or len(self.layout.segments_of(segment.row)) > 1:
            return None
        _, stop = self.layout.rows_of_page(segment.page)
        lines: list[Run] = []
        for row in range(segment.row + 1, min(segment.row + 1 + _MOST_ADDRESS_LINES, stop)):
            line = self.layout.rows[row]
            if len(self.layout.segments_of(row)) > 1 or line.box.top - segment.box.bottom > 20 * segment.height:
                break
            if lines or starts_address(line.text):
                lines.append(line)
            elif row - segment.row > _STRIP_REACH:
                break
        return address_of(lines)

    def _party(
        self, span: _Span, address: Address | None, below: int, whole: str | None = None, lines: Sequence[Run] = ()
    ) -> Party:
        boxes = [word.box for word in self.layout.words[span.start : span.end]]
        words = self.layout.words[span.start]
        marks = {"joined"} if whole else set()
        name = Candidate(
            kind="name",
            value=whole or name_of(self._text((span.start, span.end))),
            start=span.start,
            end=span.end,
            page=words.page,
            row=words.row,
            box=surrounding([*boxes, *(line.box for line in lines)]),
            marks=frozenset(marks | {"keyed"} if span.is_keyed else marks),
        )
        return Party(name=name, address=address, lines_below=below)


def same_column(segment: Run, x0: float, last: Run, *, is_ocr: bool = False) -> bool:
    """Whether a segment stands in the column of the one over it: same left edge, same middle or same right edge."""
    tolerance = 0.6 * max(last.height, 6.0)
    box = segment.box
    centred = abs((box.x0 + box.x1) - (last.box.x0 + last.box.x1)) / 2 <= (3.0 if is_ocr else 1.5) * tolerance
    right = abs(box.x1 - last.box.x1) <= 0.3 * tolerance
    return abs(box.x0 - x0) <= (1.5 if is_ocr else 1.0) * tolerance or centred or right
