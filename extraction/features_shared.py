"""Measures what a candidate is like whatever the field: its place, its form, what else stands on the pages like it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from extraction.amounts import AmountRoles
from extraction.candidates import Candidate, same_value
from extraction.candidates_parties import Party
from extraction.features_money import MoneyMeasure
from extraction.features_names import NameMeasure
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lexicon import COUNTRY_WORDS
from extraction.lines_table import Table
from extraction.party_names import has_legal_form
from extraction.values import fold, squeeze
from extraction.vocabulary import phrases

_TITLE = re.compile(
    r"rechnung|invoice|factur|fattura|factuur|fatura|faktur|gutschrift|credit|avoir|abono|receipt|lieferschein|delivery|livraison|albaran|pakbon|ddt|remessa|packing|nota|bill|wz"
)
_TITLE_REACH = 2.5
_TITLE_WORDS = 7
_TERM_DAYS = frozenset({7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 90})
_WEB = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w-]+(?:\.[\w-]+)*)\.\w{2,}", re.IGNORECASE)
_COMMON_HOSTS = frozenset({"gmail", "gmx", "web", "yahoo", "hotmail", "outlook", "tonline"})
_MARKS = (
    "valid",
    "invalid",
    "ambiguous",
    "joined",
    "local",
    "decimals_2",
    "currency",
    "negative",
    "percent",
    "against_locale",
)


class Measure:
    """Computes the features that a candidate has whatever the field."""

    def __init__(
        self,
        layout: Layout,
        labels: Sequence[Label],
        by_kind: Mapping[str, Sequence[Candidate]],
        *,
        roles: AmountRoles,
        parties: Mapping[int, Party],
        tables: Sequence[Table],
        lines_sum: Decimal | None,
    ) -> None:
        self.layout, self.parties = layout, parties
        self.table_rows = {row.row: table for table in tables for row in table.rows}
        self.last_table_row = max(self.table_rows, default=10**9)
        self.counts = Counter((c.kind, same_value(c.kind, c.value)) for found in by_kind.values() for c in found)
        self.seen: set[tuple[str, str]] = set()
        self.order = {id(c): i / max(len(found) - 1, 1) for found in by_kind.values() for i, c in enumerate(found)}
        days = [c.day for c in by_kind.get("date", ()) if c.day]
        self.first_day, self.last_day = min(days, default=None), max(days, default=None)
        self.title_rows = {
            row.row for row in layout.rows if row.end - row.start <= _TITLE_WORDS and _TITLE.search(fold(row.text))
        }
        self.label_words = {word for label in labels for word in range(label.start, label.end)}
        self.tallest = max((run.height for run in layout.segments), default=1.0)
        self.hosts = self._hosts()
        self.last_page = len(layout.page_sizes)
        self.money = MoneyMeasure(
            layout, by_kind.get("amount", ()), roles=roles, lines_sum=lines_sum, last_table_row=self.last_table_row
        )
        self.names = NameMeasure(layout, labels, by_kind, sorted(self.title_rows))

    def _hosts(self) -> set[str]:
        hosts = {
            part
            for word in self.layout.words
            for match in _WEB.finditer(word.text)
            for part in match.group(1).lower().split(".")
        }
        return {squeeze(host) for host in hosts if len(host) > 3} - _COMMON_HOSTS

    def shared(self, candidate: Candidate) -> dict[str, float]:
        """The features that do not depend on the field, those that are not 0."""
        values = {mark: 1.0 for mark in _MARKS if mark in candidate.marks}
        self._place(candidate, values)
        kind = candidate.kind
        if kind == "id":
            _identifier(candidate, values)
        elif kind == "amount":
            self.money.measure(candidate, self.order[id(candidate)], values)
        elif kind == "date":
            self._date(candidate, values)
        elif kind == "name":
            self._name(candidate, values)
        return values

    def _place(self, c: Candidate, values: dict[str, float]) -> None:
        width, height = self.layout.page_sizes[c.page - 1]
        key = (c.kind, same_value(c.kind, c.value))
        values["page_first"] = float(c.page == 1)
        values["page_last"] = float(c.page == self.last_page)
        values["top"] = c.box.top / height
        values["across"] = c.box.x0 / width
        values["height"] = min((c.box.bottom - c.box.top) / self.layout.text_height, 4.0) / 4
        values["repeats"] = min(self.counts[key] - 1, 4) / 4
        values["first_of_value"] = float(key not in self.seen)
        self.seen.add(key)
        row = self.layout.rows[c.row]
        values["title_row"] = float(c.row in self.title_rows)
        values["nearest_title"] = float(
            any(
                row.box.top - self.layout.rows[r].box.top < _TITLE_REACH * self.layout.text_height
                for r in (c.row - 2, c.row - 1, c.row)
                if r in self.title_rows
            )
        )
        words = self.layout.words[c.start : c.end]
        values["ocr_doubt"] = 1 - min([word.confidence for word in words])
        values["disagreed"] = [word.agreed for word in words].count(False) / len(words)
        values["order"] = self.order[id(c)]
        table = self.table_rows.get(c.row)
        values["in_table"] = float(
            table is not None
            and table.left - 2 * self.layout.text_height <= c.box.x0 <= table.right + 2 * self.layout.text_height
        )
        values["under_table"] = float(c.row > self.last_table_row)

    def _date(self, c: Candidate, values: dict[str, float]) -> None:
        assert c.day is not None
        assert self.first_day is not None
        days = (c.day - self.first_day).days
        values["earliest"], values["latest"] = float(days == 0), float(c.day == self.last_day)
        values["days_after"] = min(days, 120) / 120
        values["round_term"] = float(days in _TERM_DAYS)

    def _name(self, c: Candidate, values: dict[str, float]) -> None:
        party, words = self.parties[id(c)], c.value.split()
        folded = fold(c.value)
        squeezed = squeeze(c.value)
        address = party.address
        values |= self.names.measure(c, party)
        values["legal_form"] = float(has_legal_form(c.value))
        values["has_address"] = float(address is not None)
        values["has_postcode"] = float(address is not None and address.has_postcode)
        values["is_heading"] = float(bool(_TITLE.search(folded)))
        begins_with_label = c.start in self.label_words and not has_legal_form(c.value)
        values["is_label"] = float(squeezed in phrases() or begins_with_label)
        values["own_label"] = float(c.start > self._segment_start(c) and c.start - 1 in self.label_words)
        values["in_head"] = float(c.page == 1 and values["top"] < 0.2)
        values["in_foot"] = float(values["top"] > 0.87)
        values["capitals"] = float(c.value.upper() == c.value)
        values["web_match"] = float(
            any(host in squeezed or (len(squeezed) > 4 and squeezed in host) for host in self.hosts)
        )
        values["place_like"] = float(squeezed in COUNTRY_WORDS or any(map(str.isdigit, c.value)))
        values["words"] = min(len(words), 8) / 8
        values["first_lines"] = 1 / (1 + c.row) if c.page == 1 else 0.0
        values["lines_below"] = min(party.lines_below, 5) / 5
        values["prose"] = sum(word.islower() for word in words) / len(words)

    def _segment_start(self, c: Candidate) -> int:
        return self.layout.segments[self.layout.words[c.start].segment].start


def _identifier(c: Candidate, values: dict[str, float]) -> None:
    bare = squeeze(c.value)
    digits = sum(map(str.isdigit, bare))
    values["letters"] = float(digits < len(bare))
    values["digits"] = min(digits, 12) / 12
    values["length"] = min(len(bare), 16) / 16
    values["separators"] = min(sum(not ch.isalnum() for ch in c.value), 3) / 3
    values["year_like"] = float(bool(re.fullmatch(r"(19|20)\d\d", bare)))
    values["number_like"] = float(bool(re.fullmatch(r"\d{1,3}([.,]\d+)?", c.value)))
    values["long_number"] = float(bare.isdigit() and len(bare) in {8, 12, 13, 14})
