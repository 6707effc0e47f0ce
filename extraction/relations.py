"""Says how a candidate stands to the labels around it: which is left of it, above it, over its block."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.documents import Box
from extraction.candidates import Candidate
from extraction.labels import Label
from extraction.layout import Layout

_ABOVE_REACH = 6.0
_RIGHT_REACH, _WORDS_BETWEEN = 4.5, 2
_SECTION_REACH = 18.0
_PARTY_FIELDS = (
    "seller_name", "buyer_name", "x_ship_to", "consignee_name", "shipper_name", "x_payee", "carrier_name", "x_notify",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A label near a candidate: how far in text heights, and how many candidates of the same kind are between."""

    label: Label
    distance: float
    between: int


@dataclass(slots=True, kw_only=True)
class Relations:
    """Everything a candidate's place says, measured once and then asked for each field."""

    left: Near | None = None
    left_second: Near | None = None
    right: Near | None = None
    above: Near | None = None
    above_second: Near | None = None
    section: Near | None = None
    sections: dict[str, float] = field(default_factory=dict)


class Neighbourhood:
    """The labels of a document, indexed so that those near a candidate are found quickly."""

    def __init__(self, layout: Layout, labels: Sequence[Label], candidates: Sequence[Candidate]) -> None:
        self.layout = layout
        self.by_row: dict[int, list[Label]] = defaultdict(list)
        self.spots: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
        for label in labels:
            self.by_row[label.row].append(label)
        for candidate in candidates:
            self.spots[candidate.kind, candidate.row].append(candidate)
        self.sections = [label for label in labels if _is_section(label, layout)]
        self.height = max(layout.text_height, 1.0)

    def of(self, candidate: Candidate) -> Relations:
        """The relations of one candidate."""
        lefts = self._lefts(candidate)
        aboves = self._aboves(candidate)
        relations = Relations(
            left=lefts[0] if lefts else None,
            left_second=lefts[1] if len(lefts) > 1 else None,
            right=self._right(candidate),
            above=aboves[0] if aboves else None,
            above_second=aboves[1] if len(aboves) > 1 else None,
        )
        self._find_sections(candidate, relations)
        return relations

    def is_occupied(self, label: Label, kind: str) -> bool:
        """Whether a value of this kind stands right of the label on its own row, so that it labels nothing below."""
        nexts = [other for other in self.by_row[label.row] if other.start >= label.end]
        limit = min((other.start for other in nexts), default=10**9)
        reach = label.box.x1 + 30 * self.height
        return any(label.end <= spot.start < limit and spot.box.x0 < reach for spot in self.spots[kind, label.row])

    def _lefts(self, candidate: Candidate) -> list[Near]:
        nears = []
        for label in reversed(self.by_row[candidate.row]):
            if label.end > candidate.start:
                continue
            between = sum(
                label.end <= spot.start and spot.end <= candidate.start
                for spot in self.spots[candidate.kind, candidate.row]
            )
            gap = max(candidate.box.x0 - label.box.x1, 0.0) / self.height
            nears.append(Near(label=label, distance=gap, between=between))
            if len(nears) == 2:
                break
        return nears

    def _right(self, candidate: Candidate) -> Near | None:
        """The label that follows in the sentence or cell, over a currency and a short word (`451.13 EUR of VAT`)."""
        for label in self.by_row[candidate.row]:
            words = label.start - candidate.end
            if 0 <= words <= _WORDS_BETWEEN:
                gap = (label.box.x0 - candidate.box.x1) / self.height
                return Near(label=label, distance=float(words), between=0) if gap <= _RIGHT_REACH else None
        return None

    def _aboves(self, candidate: Candidate) -> list[Near]:
        """Labels over the candidate in its column, nearest first."""
        first, _ = self.layout.rows_of_page(candidate.page)
        nears: list[Near] = []
        between = 0
        box, top, height, rows = candidate.box, candidate.box.top, self.height, self.layout.rows
        for row in range(candidate.row - 1, first - 1, -1):
            drop = (top - rows[row].box.bottom) / height
            if drop > _ABOVE_REACH or len(nears) >= 2:
                break
            if row in self.by_row:
                nears += [
                    Near(label=label, distance=max(drop, 0.0), between=between)
                    for label in self.by_row[row]
                    if _over(label.box, box, height)
                ]
            if (candidate.kind, row) in self.spots:
                between += any(_over(spot.box, box, height) for spot in self.spots[candidate.kind, row])
        return nears

    def _find_sections(self, candidate: Candidate, relations: Relations) -> None:
        """The nearest party heading over the candidate's block; `sections` keeps how near each kind is, 0 to 1."""
        best = None
        for label in self.sections:
            if label.page != candidate.page or label.start > candidate.start:
                continue
            drop = (candidate.box.top - label.box.top) / self.height
            aside = abs(candidate.box.x0 - label.box.x0) / self.height
            right_of = label.box.x0 <= candidate.box.x0 + 2 * self.height
            if drop < -0.5 or drop > _SECTION_REACH or not right_of:
                continue
            cost = drop + 0.35 * aside
            if best is None or cost < best[0]:
                best = (cost, label)
        if best is not None:
            relations.section = Near(label=best[1], distance=best[0], between=0)
            for name in _PARTY_FIELDS:
                strength = best[1].strength(name)
                if strength:
                    relations.sections[name] = strength * max(0.0, 1 - best[0] / (1.5 * _SECTION_REACH))


def _over(upper: Box, lower: Box, height: float) -> bool:
    """Whether the upper box stands in the lower one's column: they overlap or share an edge."""
    overlap = min(upper.x1, lower.x1) - max(upper.x0, lower.x0)
    return overlap > 0.3 * min(upper.x1 - upper.x0, lower.x1 - lower.x0) or abs(upper.x0 - lower.x0) < 0.6 * height


def _is_section(label: Label, layout: Layout) -> bool:
    """A party heading stands at the start of its segment and either fills it or ends with a colon."""
    if not any(label.strength(name) == 1 for name in _PARTY_FIELDS):
        return False
    segment = layout.segments[layout.words[label.start].segment]
    closed = label.end >= segment.end or layout.words[label.end - 1].text.endswith(":")
    return segment.start == label.start and closed
