"""Turns a candidate and a field into numbers: how the labels, the page and the sums speak for the one being the other.

The same numbers are used in training and at run time. None of them depends on a supplier's template.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extraction.amounts import AmountRoles
from extraction.candidates import MONEY_FIELDS, Candidate
from extraction.candidates_parties import Party
from extraction.features_labels import OWN_SECTION, LabelMeasure, fields_named, label_features, section_features
from extraction.features_names import NAMES
from extraction.features_shared import Measure
from extraction.labels import Label
from extraction.layout import Layout
from extraction.lines_reading import Lines, find_lines
from extraction.relations import Neighbourhood, Relations
from extraction.values import Locale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extraction.knowledge_recall import Recalled

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
    disagreed row_labels bare_row left_words left_prefixed left_colon left_length listed
    lines_taxed amounts_below below_table right_edge aligned row_amounts strip_net strip_tax strip_gross
    paid_exact as_cash as_change rounded unrounded odd_decimals says_without says_with
"""
FEATURES = (*_NAMES.split(), *NAMES.split())
_INDEX = {name: index for index, name in enumerate(FEATURES)}
_NO_FIELD = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The candidates of a kind as a matrix for a field that no label names, and whom the labels name.

    Attributes:
        base: one row of `FEATURES` for each candidate, in their order.
        named: by field, the rows that some label near them names.
    """

    base: "NDArray[np.float64]"
    row_of: Mapping[int, int]
    named: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One document, ready to be asked about any candidate.

    Attributes:
        recalled: what the house knows besides the paper; None when nothing was asked.
    """

    layout: Layout
    locale: Locale
    labels: tuple[Label, ...]
    lines: Lines
    candidates: Mapping[str, tuple[Candidate, ...]]
    parties: tuple[Party, ...]
    roles: AmountRoles
    neighbourhood: Neighbourhood
    relations: Mapping[int, Relations]
    measured: Mapping[str, Measured]
    recalled: "Recalled | None" = None


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
    lines = find_lines(layout, labels, locale)
    measure = Measure(
        layout,
        labels,
        by_kind,
        roles=roles,
        parties={id(p.name): p for p in parties},
        tables=lines.tables,
        lines_sum=lines.total,
    )
    around = LabelMeasure(layout, labels, neighbourhood)
    kinds = sorted(set(KINDS.values()))
    relations = {id(c): neighbourhood.of(c) for kind in kinds for c in by_kind[kind]}
    return Scene(
        layout=layout,
        locale=locale,
        labels=labels,
        lines=lines,
        candidates={kind: tuple(found) for kind, found in by_kind.items()},
        parties=parties,
        roles=roles,
        neighbourhood=neighbourhood,
        relations=relations,
        measured={kind: _measured(by_kind[kind], measure, around, relations, neighbourhood) for kind in kinds},
    )


def _measured(
    candidates: Sequence[Candidate],
    measure: Measure,
    around: LabelMeasure,
    relations: Mapping[int, Relations],
    neighbourhood: Neighbourhood,
) -> Measured:
    width = len(FEATURES)
    places: list[int] = []
    found: list[float] = []
    named: dict[str, list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        near = relations[id(candidate)]
        values = measure.shared(candidate)
        around.measure(candidate, near, values)
        values |= _by_labels(candidate, near, _NO_FIELD, neighbourhood)
        if near.sections:
            values |= section_features(near, _NO_FIELD)
        places += [number * width + _INDEX[name] for name in values]
        found += values.values()
        for field in fields_named(near):
            named[field].append(number)
    base = np.zeros((len(candidates), width))
    base.put(places, found)
    return Measured(
        base=base,
        row_of={id(candidate): number for number, candidate in enumerate(candidates)},
        named={field: tuple(rows) for field, rows in named.items()},
    )


def _by_labels(candidate: Candidate, near: Relations, field: str, neighbourhood: Neighbourhood) -> dict[str, float]:
    above = near.above
    occupied = above is not None and neighbourhood.is_occupied(above.label, candidate.kind)
    return label_features(near, field, is_date=candidate.kind == "date", occupied=occupied)


def eligible(scene: Scene, field: str) -> tuple[Candidate, ...]:
    """The candidates a field may take its value from."""
    candidates = scene.candidates.get(KINDS[field], ())
    return tuple(c for c in candidates if "percent" not in c.marks) if field in MONEY_FIELDS else candidates


def feature_matrix(scene: Scene, field: str) -> "NDArray[np.float64]":
    """The numbers of `FEATURES`, in that order, for each eligible candidate being this field."""
    kind = KINDS[field]
    measured = scene.measured[kind]
    matrix = measured.base.copy()
    label_field = _label_field(field)
    candidates = scene.candidates.get(kind, ())
    for number in measured.named.get(label_field, ()):
        candidate = candidates[number]
        _write(matrix[number], _by_labels(candidate, scene.relations[id(candidate)], label_field, scene.neighbourhood))
    if field in OWN_SECTION:
        for number, candidate in enumerate(candidates):
            near = scene.relations[id(candidate)]
            if near.sections:
                _write(matrix[number], section_features(near, field))
    if field in MONEY_FIELDS:
        matrix = matrix[["percent" not in candidate.marks for candidate in candidates]]
    return matrix


def feature_vector(scene: Scene, candidate: Candidate, field: str) -> list[float]:
    """One row of `feature_matrix`."""
    measured = scene.measured[candidate.kind]
    row = measured.base[measured.row_of[id(candidate)]].copy()
    near = scene.relations[id(candidate)]
    _write(row, _by_labels(candidate, near, _label_field(field), scene.neighbourhood))
    _write(row, section_features(near, field))
    return [float(value) for value in row]


def _label_field(field: str) -> str:
    return "x_buyer_vat_id" if field == "buyer_vat_id" else field


def _write(row: "NDArray[np.float64]", values: Mapping[str, float]) -> None:
    for name, value in values.items():
        row[_INDEX[name]] = value
