"""Measures what speaks for a name being the seller's or the buyer's: its block, its section, what repeats it."""

import re
from collections.abc import Mapping, Sequence

from extraction.addresses import has_postcode, looks_like_street
from extraction.candidates import Candidate
from extraction.candidates_parties import Party, same_column
from extraction.labels import Label
from extraction.layout import Layout, Run
from extraction.lexicon import COURTESY, SALUTATIONS
from extraction.party_names import has_legal_form
from extraction.values import squeeze

NAMES = """
    block_line block_lines block_vat block_iban block_contact block_register block_customer block_postcode
    first_block window sender_line under_sender_line salutation_above person_like name_keyed keyed_seller keyed_buyer
    under_seller under_buyer under_other web_share foot_repeat text_repeat before_title courtesy address_near
    register_cut row_alone line_height
"""
_SELLER = ("seller_name", "shipper_name")
_BUYER = ("buyer_name",)
_OTHERS = ("x_ship_to", "x_payee", "consignee_name", "carrier_name")
_SECTION_WORDS, _WORDS_BEFORE, _SECTION_REACH = 6, 3, 16.0
_BLOCK_GAP = 1.15
_FOOT = 0.85
_WINDOW_TOP, _WINDOW_BOTTOM, _WINDOW_RIGHT = 0.12, 0.36, 0.55
_PERSON = re.compile(r"^(?:(?:Herrn?|Frau|Mrs?|Ms|Dr|Prof)\.? )*[^\W\d_]+\.?(?:[ -][^\W\d_]+\.?){0,2} [^\W\d_]{2,}$")
_WEB = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w.-]+)\.\w{2,}", re.IGNORECASE)
_COMMON = frozenset({"gmail", "gmx", "web", "yahoo", "hotmail", "outlook", "tonline", "mail", "info", "shop", "online"})
_SEPARATORS = re.compile(r"\s[-–—·•|∙*/]\s|,")
_LEAST_SHARED = 4


class NameMeasure:
    """The blocks, sections and repeated words of a document, asked about each name."""

    def __init__(
        self, layout: Layout, labels: Sequence[Label], by_kind: Mapping[str, Sequence[Candidate]], titles: Sequence[int]
    ) -> None:
        self.layout = layout
        self.height = max(layout.text_height, 1.0)
        self.block_at = _blocks(layout)
        self.members: dict[int, list[int]] = {}
        for segment, block in enumerate(self.block_at):
            self.members.setdefault(block, []).append(segment)
        self.first_title = min(titles, default=None)
        self.label_before = {label.end: label for label in labels}
        self.sections = [label for label in labels if self._is_section(label)]
        self.marks = self._marks_of_blocks(labels, by_kind)
        self.hosts = {
            squeeze(part)
            for word in layout.words
            for match in _WEB.finditer(word.text)
            for part in re.split(r"[.-]", match.group(1).lower())
            if len(part) >= _LEAST_SHARED
        } - _COMMON
        self.text = squeeze(" ".join(word.text for word in layout.words))
        self.foot = squeeze(
            " ".join(w.text for w in layout.words if w.box.top > _FOOT * layout.page_sizes[w.page - 1][1])
        )

    def measure(self, candidate: Candidate, party: Party) -> dict[str, float]:
        """The features of `NAMES` that are not 0."""
        segment = self.layout.words[candidate.start].segment
        block = self.members[self.block_at[segment]]
        line, run = block.index(segment), self.layout.segments[segment]
        values = {
            "block_line": min(line, 6) / 6,
            "block_lines": min(len(block), 8) / 8,
            "first_block": float(self.block_at[segment] == 0),
            "row_alone": float(len(self.layout.segments_of(candidate.row)) == 1),
            "line_height": min(run.height / self.height, 3.0) / 3,
            "before_title": float(self.first_title is not None and candidate.row < self.first_title),
        }
        values |= self.marks.get(self.block_at[segment], {})
        self._envelope(candidate, party, block, line, values)
        self._sections(candidate, values)
        self._words(candidate, values)
        return values

    def _envelope(self, c: Candidate, party: Party, block: Sequence[int], line: int, values: dict[str, float]) -> None:
        """Where a letter's window shows an address, and the sender's line over it."""
        width, height = self.layout.page_sizes[c.page - 1]
        run = self.layout.segments[self.layout.words[c.start].segment]
        is_sender = _is_sender_line(run)
        values["sender_line"] = float(is_sender)
        in_window = _WINDOW_TOP < c.box.top / height < _WINDOW_BOTTOM and c.box.x0 / width < _WINDOW_RIGHT
        values["window"] = float(
            c.page == 1 and in_window and not is_sender and len(block) > 1 and not self.layout.is_ocr
        )
        above = [self.layout.segments[s] for s in block[:line]]
        over = above[-1] if above else self._over(run)
        values["under_sender_line"] = float(any(_is_sender_line(a) for a in (*above, *([over] if over else ()))))
        values["salutation_above"] = float(over is not None and squeeze(over.text) in SALUTATIONS)
        if party.address is not None:
            drop = (party.address.box.top - c.box.bottom) / self.height
            values["address_near"] = 1 / (1 + max(drop, 0.0))

    def _over(self, run: Run) -> Run | None:
        """The segment over this one in its column, up to four lines away."""
        first, _ = self.layout.rows_of_page(run.page)
        for row in range(run.row - 1, max(run.row - 5, first - 1), -1):
            for other in self.layout.segments_of(row):
                if abs(other.box.x0 - run.box.x0) <= self.height and run.box.top - other.box.bottom < 4 * self.height:
                    return other
        return None

    def _sections(self, c: Candidate, values: dict[str, float]) -> None:
        """Which party's heading the name stands under, however it is worded, and what its own label says."""
        label = self._own_label(c)
        if label is not None:
            values["name_keyed"] = label.strength("x_name_label")
            values["keyed_seller"] = max(label.strength(field) for field in _SELLER)
            values["keyed_buyer"] = max(label.strength(field) for field in _BUYER)
        best: tuple[float, Label] | None = None
        for section in self.sections:
            drop = (c.box.top - section.box.top) / self.height
            aside = (c.box.x0 - section.box.x0) / self.height
            if section.page != c.page or section.end > c.start or not 0.5 < drop < _SECTION_REACH or aside < -2:
                continue
            cost = drop + 0.35 * abs(aside)
            if best is None or cost < best[0]:
                best = (cost, section)
        if best is not None:
            near = max(0.0, 1 - best[0] / (1.6 * _SECTION_REACH))
            values["under_seller"] = near * max(best[1].strength(field) for field in _SELLER)
            values["under_buyer"] = near * max(best[1].strength(field) for field in _BUYER)
            values["under_other"] = near * max(best[1].strength(field) for field in _OTHERS)

    def _own_label(self, c: Candidate) -> Label | None:
        """The label that ends right before the name, in its line or in the column left of it."""
        for back in (0, 1):
            label = self.label_before.get(c.start - back)
            if label is not None and label.row == c.row and (back == 0 or self.layout.words[c.start - 1].text in ":="):
                return label
        return None

    def _words(self, c: Candidate, values: dict[str, float]) -> None:
        squeezed, words = squeeze(c.value), [squeeze(word) for word in c.value.split()]
        values["person_like"] = float(bool(_PERSON.match(c.value)) and not has_legal_form(c.value))
        values["courtesy"] = sum(word in COURTESY for word in words) / len(words)
        values["web_share"] = max(
            (
                len(word) / max(len(host), 1) if word in host else len(host) / len(squeezed)
                for host in self.hosts
                for word in (*words, squeezed)
                if len(word) >= _LEAST_SHARED and (word in host or host in squeezed)
            ),
            default=0.0,
        )
        if len(squeezed) >= _LEAST_SHARED:
            values["foot_repeat"] = float(
                c.box.top / self.layout.page_sizes[c.page - 1][1] < _FOOT and squeezed in self.foot
            )
            values["text_repeat"] = min(self.text.count(squeezed) - 1, 3) / 3
        said = " ".join(word.text for word in self.layout.words[c.start : c.end])
        values["register_cut"] = float(len(squeeze(said)) >= len(squeezed) + 5 and squeezed in squeeze(said))

    def _marks_of_blocks(
        self, labels: Sequence[Label], by_kind: Mapping[str, Sequence[Candidate]]
    ) -> dict[int, dict[str, float]]:
        """What else stands in a block: it tells whose block it is."""
        marks: dict[int, dict[str, float]] = {}

        def mark(word: int, name: str) -> None:
            marks.setdefault(self.block_at[self.layout.words[word].segment], {})[name] = 1.0

        for kind, name in (("vat", "block_vat"), ("iban", "block_iban")):
            for candidate in by_kind.get(kind, ()):
                mark(candidate.start, name)
        for label in labels:
            for field, name in (
                ("x_contact", "block_contact"),
                ("x_register", "block_register"),
                ("x_customer_number", "block_customer"),
            ):
                if label.strength(field) == 1:
                    mark(label.start, name)
        for segment in self.layout.segments:
            if _WEB.search(segment.text):
                mark(segment.start, "block_contact")
            if has_postcode(segment.text):
                mark(segment.start, "block_postcode")
        return marks

    def _is_section(self, label: Label) -> bool:
        """A party's word in a short line that is no sentence: `Angaben zum Käufer`, `Seller / Verkäufer`."""
        if not any(label.strength(field) == 1 for field in (*_SELLER, *_BUYER, *_OTHERS)):
            return False
        segment = self.layout.segments[self.layout.words[label.start].segment]
        closes = label.end >= segment.end or self.layout.words[label.end - 1].text.endswith(":")
        is_short = segment.end - segment.start <= _SECTION_WORDS and label.start - segment.start <= _WORDS_BEFORE
        return closes or (is_short and not has_legal_form(segment.text))


def _is_sender_line(run: Run) -> bool:
    """A company and its address on one line, as over a letter's window."""
    return len(_SEPARATORS.findall(run.text)) >= 2 and has_postcode(run.text) and not looks_like_street(run.text[:12])


def _blocks(layout: Layout) -> list[int]:
    """For each segment the number of its block: lines of one column, close under each other."""
    block_at: list[int] = []
    count = 0
    for segment in layout.segments:
        found = None
        for row in range(segment.row - 1, max(segment.row - 3, -1), -1):
            if layout.rows[row].page != segment.page:
                break
            for upper in layout.segments_of(row):
                gap = segment.box.top - upper.box.bottom
                if gap <= _BLOCK_GAP * max(segment.height, upper.height) and same_column(
                    segment, upper.box.x0, upper, is_ocr=layout.is_ocr
                ):
                    found = block_at[layout.words[upper.start].segment]
                    break
            if found is not None:
                break
        if found is None:
            found, count = count, count + 1
        block_at.append(found)
    return block_at
