"""Measures how the labels around a candidate speak for a field, and how surely they are labels of it at all."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from extraction.candidates import Candidate
from extraction.labels import Label
from extraction.layout import Layout
from extraction.relations import Near, Neighbourhood, Relations

_LEFT_REACH, _ABOVE_REACH = 80.0, 4.0
_DATED_BY_OF = ("purchase_order_reference", "despatch_advice_reference", "x_supplier_number", "x_order_date")
_LIST_ROWS = 12
OWN_SECTION: Mapping[str, tuple[str, ...]] = {
    "seller_name": ("seller_name",),
    "seller_vat_id": ("seller_name",),
    "shipper_name": ("shipper_name", "seller_name"),
    "buyer_name": ("buyer_name",),
    "buyer_vat_id": ("buyer_name",),
    "consignee_name": ("consignee_name", "x_ship_to"),
    "carrier_name": ("carrier_name",),
    "payment_iban": ("seller_name",),
}


def fields_named(relations: Relations) -> frozenset[str]:
    """The fields that any label near the candidate names; for all others its labels say one and the same."""
    nears = (relations.left, relations.left_second, relations.right, relations.above, relations.above_second)
    return frozenset(meaning.field for near in nears if near is not None for meaning in near.label.meanings)


def label_features(relations: Relations, field: str, *, is_date: bool, occupied: bool) -> dict[str, float]:
    """The features of the labels left of, right of and above the candidate, for it being this field.

    Args:
        occupied: whether the label above has a value of this kind at its own side.
    """
    values: dict[str, float] = {}
    left, second, above, right = relations.left, relations.left_second, relations.above, relations.right
    if left is not None:
        strength, near = _left_strength(left, second, field, is_date=is_date), _nearness(left, _LEFT_REACH)
        values["left" if not left.between else "left_far"] = strength * near
        values["left_other"] = 0.0 if strength else near * _other(left)
        values["weak_only"] = float(strength == 0.5)
    if right is not None:
        strength = right.label.strength(field)
        values["right"] = strength / (1 + right.distance)
        values["right_other"] = 0.0 if strength else _other(right) / (1 + right.distance)
    if second is not None:
        strength, near = second.label.strength(field), _nearness(second, _LEFT_REACH)
        values["left_second"] = strength * near * (0.5 if second.between else 1.0)
        values["left_second_other"] = 0.0 if strength else near * _other(second)
    if above is not None:
        strength, near = above.label.strength(field), _nearness(above, _ABOVE_REACH)
        values["above" if not above.between else "above_far"] = strength * near
        values["above_other"] = 0.0 if strength else near * _other(above)
        beside = relations.above_second
        if not strength and beside is not None and beside.label.row == above.label.row:
            values["above"] = 0.8 * beside.label.strength(field) * _nearness(beside, _ABOVE_REACH)
        if occupied:
            values["above_taken"] = 1.0
            values["above"] = 0.3 * values.get("above", 0.0)
    return values


def section_features(relations: Relations, field: str) -> dict[str, float]:
    """Whether the candidate's block stands under a heading of the field's own party, or of another."""
    own = OWN_SECTION.get(field, ())
    others = [value for name, value in relations.sections.items() if name not in own]
    return {
        "section_own": max((relations.sections.get(name, 0.0) for name in own), default=0.0),
        "section_other": max(others, default=0.0),
    }


def _left_strength(left: Near, second: Near | None, field: str, *, is_date: bool) -> float:
    """How strongly the label at the left names the field. The `of` in `order 4711 of 1 March` dates the order."""
    strength = left.label.strength(field)
    dates_another = second is not None and any(second.label.strength(name) == 1 for name in _DATED_BY_OF)
    return 0.0 if is_date and left.label.is_weak and dates_another else strength


def _nearness(near: Near, reach: float) -> float:
    return math.exp(-near.distance / reach)


def _other(near: Near) -> float:
    return 0.5 if near.label.is_weak else 1.0


class LabelMeasure:
    """What the labels around are like, whatever field they name."""

    def __init__(self, layout: Layout, labels: Sequence[Label], neighbourhood: Neighbourhood) -> None:
        self.layout, self.neighbourhood = layout, neighbourhood
        self.label_words = {word for label in labels for word in range(label.start, label.end)}
        self.starts: dict[tuple[int, int], list[int]] = defaultdict(list)
        for label in labels:
            if layout.segments[layout.words[label.start].segment].start == label.start:
                self.starts[label.page, self._column(label)].append(label.row)

    def measure(self, candidate: Candidate, relations: Relations, values: dict[str, float]) -> None:
        """Writes the features of the label at the left and of the list it may stand in."""
        values["row_labels"] = min(len(self.neighbourhood.by_row[candidate.row]), 4) / 4
        left = relations.left
        if left is None:
            values["bare_row"] = float(self._is_alone(candidate))
            return
        label = left.label
        between = [w for w in range(label.end, candidate.start) if w not in self.label_words]
        strange = sum(any(map(str.isalpha, self.layout.words[w].text)) for w in between)
        values["left_words"] = min(strange, 3) / 3
        segment = self.layout.segments[self.layout.words[label.start].segment]
        before = label.start - 1
        values["left_prefixed"] = float(
            label.start > segment.start
            and before not in self.label_words
            and any(map(str.isalpha, self.layout.words[before].text))
        )
        values["left_colon"] = float(self.layout.words[label.end - 1].text.endswith(":"))
        values["left_length"] = min(len(label.phrase), 24) / 24
        values["listed"] = self._listed(label)

    def _listed(self, label: Label) -> float:
        """How many labels begin at the same edge in the rows around: many are a list of labels and values."""
        column = self._column(label)
        rows = [row for step in (-1, 0, 1) for row in self.starts.get((label.page, column + step), ())]
        return min(sum(0 < abs(row - label.row) <= _LIST_ROWS for row in rows), 8) / 8

    def _column(self, label: Label) -> int:
        return round(label.box.x0 / max(self.layout.text_height, 1.0))

    def _is_alone(self, candidate: Candidate) -> bool:
        row = self.layout.rows[candidate.row]
        return row.start == candidate.start and row.end == candidate.end
