"""Turns a candidate and a field into numbers: how the labels, the page and the sums speak for the one being the other.

The same numbers are used in training and at run time. None of them depends on a supplier's template.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.amounts import AmountRoles
from extraction.candidates import MONEY_FIELDS, Candidate, same_value
from extraction.candidates_parties import Party, has_legal_form
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lexicon import COUNTRY_WORDS
from extraction.lines_header import find_headers
from extraction.lines_items import Item
from extraction.lines_reading import best_items, sum_of_lines
from extraction.lines_table import Table, cut_tables
from extraction.relations import Near, Neighbourhood, Relations
from extraction.values import Locale, fold, squeeze
from extraction.vocabulary import phrases

KINDS: Mapping[str, str] = {
    "invoice_number": "id",
    "purchase_order_reference": "id",
    "despatch_advice_reference": "id",
    "payment_reference": "id",
    "shipment_number": "id",
    "bill_of_lading_number": "id",
    "tracking_number": "id",
    "container_number": "id",
    "seal_number": "id",
    "issue_date": "date",
    "due_date": "date",
    "delivery_date": "date",
    "despatch_date": "date",
    **dict.fromkeys(MONEY_FIELDS, "amount"),
    "seller_vat_id": "vat",
    "buyer_vat_id": "vat",
    "payment_iban": "iban",
    "seller_name": "name",
    "buyer_name": "name",
    "shipper_name": "name",
    "consignee_name": "name",
    "carrier_name": "name",
    "package_count": "count",
    "gross_weight": "weight",
    "net_weight": "weight",
}
_NAMES = """
    left left_far left_other left_second left_second_other right right_other above above_far above_other
    above_taken weak_only page_first page_last top across height repeats first_of_value title_row nearest_title
    ocr_doubt order in_table under_table section_own section_other valid invalid ambiguous joined local letters
    digits length separators year_like number_like long_number decimals_2 currency negative percent largest rank
    as_net as_tax as_gross as_sum sum_of_lines bottom_most zero against_locale earliest latest days_after round_term
    legal_form has_address has_postcode is_heading is_label own_label in_head in_foot capitals web_match
    place_like words first_lines lines_below prose
"""
FEATURES = tuple(_NAMES.split())
_INDEX = {name: index for index, name in enumerate(FEATURES)}
_TITLE = re.compile(
    r"rechnung|invoice|factur|fattura|factuur|fatura|faktur|gutschrift|credit|avoir|abono|receipt|lieferschein|delivery|livraison|albaran|pakbon|ddt|remessa|packing|nota|bill|wz"
)
_TITLE_REACH = 2.5
_TITLE_WORDS = 7
_CENT = Decimal("0.011")
_LEFT_REACH = 80.0
_DATED_BY_OF = ("purchase_order_reference", "despatch_advice_reference", "x_supplier_number", "x_order_date")
_OWN_SECTION = {
    "seller_name": ("seller_name",),
    "seller_vat_id": ("seller_name",),
    "shipper_name": ("shipper_name", "seller_name"),
    "buyer_name": ("buyer_name",),
    "buyer_vat_id": ("buyer_name",),
    "consignee_name": ("consignee_name", "x_ship_to"),
    "carrier_name": ("carrier_name",),
    "payment_iban": ("seller_name",),
}
_TERM_DAYS = frozenset({7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 90})
_WEB = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w-]+(?:\.[\w-]+)*)\.\w{2,}", re.IGNORECASE)
_COMMON_HOSTS = frozenset({"gmail", "gmx", "web", "yahoo", "hotmail", "outlook", "tonline"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One document, ready to be asked about any candidate."""

    layout: Layout
    locale: Locale
    labels: tuple[Label, ...]
    tables: tuple[Table, ...]
    items: tuple[Item, ...]
    roles_of_columns: tuple[str | None, ...]
    lines_sum: Decimal | None
    candidates: Mapping[str, tuple[Candidate, ...]]
    parties: tuple[Party, ...]
    roles: AmountRoles
    neighbourhood: Neighbourhood
    shared: Mapping[int, list[float]]
    relations: Mapping[int, Relations]


def set_scene(
    layout: Layout,
    locale: Locale,
    labels: tuple[Label, ...],
    candidates: Sequence[Candidate],
    parties: tuple[Party, ...],
) -> Scene:
    """Measures everything that does not depend on the field."""
    everything = [*candidates, *(party.name for party in parties)]
    by_kind: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in everything:
        by_kind[candidate.kind].append(candidate)
    roles = AmountRoles(layout, by_kind["amount"])
    neighbourhood = Neighbourhood(layout, labels, everything)
    tables = cut_tables(layout, find_headers(layout), labels)
    items, roles_of_columns = best_items(layout, tables, locale)
    lines_sum = sum_of_lines(items, roles_of_columns)
    measure = _Measure(
        layout,
        labels,
        by_kind,
        roles=roles,
        parties={id(p.name): p for p in parties},
        tables=tables,
        lines_sum=lines_sum,
    )
    wanted = [c for kind in set(KINDS.values()) for c in by_kind[kind]]
    return Scene(
        layout=layout,
        locale=locale,
        labels=labels,
        tables=tables,
        items=tuple(items),
        roles_of_columns=roles_of_columns,
        lines_sum=lines_sum,
        candidates={kind: tuple(found) for kind, found in by_kind.items()},
        parties=parties,
        roles=roles,
        neighbourhood=neighbourhood,
        shared={id(candidate): measure.shared(candidate) for candidate in wanted},
        relations={id(candidate): neighbourhood.of(candidate) for candidate in wanted},
    )


def feature_vector(scene: Scene, candidate: Candidate, field: str) -> list[float]:
    """The numbers of `FEATURES`, in that order, for this candidate being this field."""
    vector = list(scene.shared[id(candidate)])
    relations = scene.relations[id(candidate)]
    wanted = "x_buyer_vat_id" if field == "buyer_vat_id" else field
    _label_features(vector, relations, wanted)
    above = relations.above
    if above is not None and scene.neighbourhood.is_occupied(above.label, candidate.kind):
        vector[_INDEX["above_taken"]] = 1.0
        vector[_INDEX["above"]] *= 0.3
    own = _OWN_SECTION.get(field)
    if own:
        vector[_INDEX["section_own"]] = max(relations.sections.get(name, 0.0) for name in own)
        others = [value for name, value in relations.sections.items() if name not in own]
        vector[_INDEX["section_other"]] = max(others, default=0.0)
    elif relations.sections:
        vector[_INDEX["section_other"]] = max(relations.sections.values())
    return vector


def _label_features(vector: list[float], relations: Relations, field: str) -> None:
    left, second, above = relations.left, relations.left_second, relations.above
    if left is not None:
        strength, near = _left_strength(left, second, field), _nearness(left, _LEFT_REACH)
        vector[_INDEX["left" if not left.between else "left_far"]] = strength * near
        vector[_INDEX["left_other"]] = 0.0 if strength else near * _other(left)
        vector[_INDEX["weak_only"]] = float(strength == 0.5)
    right = relations.right
    if right is not None:
        strength = right.label.strength(field)
        vector[_INDEX["right"]] = strength / (1 + right.distance)
        vector[_INDEX["right_other"]] = 0.0 if strength else _other(right) / (1 + right.distance)
    if second is not None:
        strength = second.label.strength(field)
        vector[_INDEX["left_second"]] = strength * _nearness(second, _LEFT_REACH) * (0.5 if second.between else 1.0)
        vector[_INDEX["left_second_other"]] = 0.0 if strength else _nearness(second, _LEFT_REACH) * _other(second)
    if above is not None:
        strength, near = above.label.strength(field), _nearness(above, 4.0)
        vector[_INDEX["above" if not above.between else "above_far"]] = strength * near
        vector[_INDEX["above_other"]] = 0.0 if strength else near * _other(above)
        second_above = relations.above_second
        if not strength and second_above is not None and second_above.label.row == above.label.row:
            vector[_INDEX["above"]] = 0.8 * second_above.label.strength(field) * _nearness(second_above, 4.0)


def _left_strength(left: Near, second: Near | None, field: str) -> float:
    """How strongly the label at the left names the field. The `of` in `order 4711 of 1 March` dates the order."""
    strength = left.label.strength(field)
    dates_another = second is not None and any(second.label.strength(name) == 1 for name in _DATED_BY_OF)
    return 0.0 if KINDS.get(field) == "date" and left.label.is_weak and dates_another else strength


def _nearness(near: Near, reach: float) -> float:
    return math.exp(-near.distance / reach)


def _other(near: Near) -> float:
    return 0.5 if near.label.is_weak else 1.0


class _Measure:
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
        self.lines_sum = lines_sum
        self.layout, self.roles, self.parties = layout, roles, parties
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

    def _hosts(self) -> set[str]:
        hosts = {
            part
            for word in self.layout.words
            for match in _WEB.finditer(word.text)
            for part in match.group(1).lower().split(".")
        }
        return {squeeze(host) for host in hosts if len(host) > 3} - _COMMON_HOSTS

    def shared(self, candidate: Candidate) -> list[float]:
        values = dict.fromkeys(FEATURES, 0.0)
        self._place(candidate, values)
        for mark in (
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
        ):
            values[mark] = float(mark in candidate.marks)
        kind = candidate.kind
        if kind == "id":
            _identifier(candidate, values)
        elif kind == "amount":
            self._amount(candidate, values)
        elif kind == "date":
            self._date(candidate, values)
        elif kind == "name":
            self._name(candidate, values)
        return list(values.values())

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
        near = [
            r
            for r in range(max(c.row - 2, 0), c.row + 1)
            if r in self.title_rows
            and row.box.top - self.layout.rows[r].box.top < _TITLE_REACH * self.layout.text_height
        ]
        values["nearest_title"] = float(bool(near))
        values["ocr_doubt"] = 1 - min(word.confidence for word in self.layout.words[c.start : c.end])
        values["order"] = self.order[id(c)]
        table = self.table_rows.get(c.row)
        values["in_table"] = float(
            table is not None
            and table.left - 2 * self.layout.text_height <= c.box.x0 <= table.right + 2 * self.layout.text_height
        )
        values["under_table"] = float(c.row > self.last_table_row)

    def _amount(self, c: Candidate, values: dict[str, float]) -> None:
        assert c.number is not None
        values["zero"] = float(c.number == 0)
        values["largest"], values["rank"] = self.roles.size(c.number)
        values["as_net"], values["as_tax"], values["as_gross"] = self.roles.roles(c.number)
        values["as_sum"] = self.roles.as_sum(c)
        is_sum = self.lines_sum is not None and abs(abs(c.number) - abs(self.lines_sum)) <= _CENT
        values["sum_of_lines"] = float(is_sum)
        values["bottom_most"] = self.order[id(c)] ** 2

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
        values["legal_form"] = float(has_legal_form(c.value))
        values["has_address"] = float(address is not None)
        values["has_postcode"] = float(address is not None and address.has_postcode)
        values["is_heading"] = float(bool(_TITLE.search(folded)))
        values["is_label"] = float(squeezed in phrases() or c.start in self.label_words)
        values["own_label"] = float(c.start > self._segment_start(c) and c.start - 1 in self.label_words)
        values["in_head"] = float(c.page == 1 and values["top"] < 0.2)
        values["in_foot"] = float(values["top"] > 0.87)
        values["capitals"] = float(c.value.upper() == c.value)
        values["web_match"] = float(
            any(host in squeezed or (len(squeezed) > 4 and squeezed in host) for host in self.hosts)
        )
        values["place_like"] = float(squeezed in COUNTRY_WORDS or any(ch.isdigit() for ch in c.value))
        values["words"] = min(len(words), 8) / 8
        values["first_lines"] = 1 / (1 + c.row) if c.page == 1 else 0.0
        values["lines_below"] = min(party.lines_below, 5) / 5
        values["prose"] = sum(word.islower() for word in words) / len(words)

    def _segment_start(self, c: Candidate) -> int:
        return self.layout.segments[self.layout.words[c.start].segment].start


def _identifier(c: Candidate, values: dict[str, float]) -> None:
    bare = squeeze(c.value)
    digits = sum(ch.isdigit() for ch in bare)
    values["letters"] = float(digits < len(bare))
    values["digits"] = min(digits, 12) / 12
    values["length"] = min(len(bare), 16) / 16
    values["separators"] = min(sum(not ch.isalnum() for ch in c.value), 3) / 3
    values["year_like"] = float(bool(re.fullmatch(r"(19|20)\d\d", bare)))
    values["number_like"] = float(bool(re.fullmatch(r"\d{1,3}([.,]\d+)?", c.value)))
    values["long_number"] = float(bare.isdigit() and len(bare) in {8, 12, 13, 14})
