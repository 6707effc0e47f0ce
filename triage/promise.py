"""Derives the thresholds above which values may be relied on, from a tolerated error rate and labelled history.

It is learnt how often a value is wrong at a stated confidence, by field and source. That gives a family of threshold
sets with one number: the doubt allowed to any single value. Then the papers each set would clear are counted, and the
wrong among them; from a set that is expected to pass, the sets are tested one after the other, ever looser, and the
first that fails ends it. Because the order does not hang on what is counted, each test keeps the full confidence
(learn then test: Angelopoulos et al. 2021; fixed-sequence testing).

What is learnt and what is counted are kept apart by cross-fitting: each fifth of the papers is counted with shapes
learnt from the other four, so no paper speaks in its own favour. The bound is that of the procedure, averaged over the
fifths; `benchmarks/promise.py` measures how often a promise so made is broken.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

import numpy as np

from triage.promise_bounds import chance_to_show, fewest_without_error, upper_bound
from triage.promise_history import History, weights_of
from triage.promise_shape import Flags, Floats, Judged, Shape

FOLDS = 5
"""Each part of the history is counted with what was learnt from the others."""

HIDING_FACTOR = 4
"""A field of a source has a threshold only with so many labels that an error rate this many times over the tolerated
one would have shown."""

STEPS = 100
_DIGITS = Decimal("0.000001")
_ALMOST = 1e-9
_SURE_ENOUGH = 0.8
_MOST_TIMES = 100
_KEPT_BACK = 0.1
"""The part of the chance of error kept back for a second beginning."""

_CAUTION = 3.0
_EAGERNESS = 4
"""How much clearing more papers weighs against passing less surely, where the tests begin."""

Shapes = Mapping[tuple[int, int], Shape]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is promised: of the papers cleared, no more than `tolerated` are wrong, with confidence `level`."""

    tolerated: float
    level: float

    @property
    def fewest(self) -> int:
        """How many labels a field of a source needs before it may have a threshold."""
        return fewest_without_error(min(HIDING_FACTOR * self.tolerated, 0.5), self.level)


class Standing(StrEnum):
    """What the history says of a promise."""

    KEPT = "kept"
    TOO_LITTLE = "too_little"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldThreshold:
    """The least confidence with which a field's value of a source may be relied on; None: no value may.

    Attributes:
        labels, errors: judged readings of that field and source it rests on, and the wrong ones among them.
    """

    field: str
    source: str
    threshold: Decimal | None
    labels: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """One set of thresholds: the share of papers it would clear, of those the share wrong, and its upper bound."""

    touchless: float
    risk: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What follows from a history.

    Attributes:
        papers: judged papers it rests on.
        point: of the thresholds derived; None when there are none.
        curve: of every set tried, the strictest first, whether it passed or not.
        needed: about how many judged papers it takes; None when there are enough, or no number would do.
    """

    standing: Standing
    thresholds: tuple[FieldThreshold, ...]
    papers: int
    point: CurvePoint | None
    curve: tuple[CurvePoint, ...]
    needed: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Tested:
    """A history ready to be counted.

    Attributes:
        cuts: by set, the doubt (log-odds of its least sure value) up to which a paper clears, the strictest first.
        masks: by set, which papers it clears, each judged by shapes that were learnt without it.
        expected: by paper, the chance that any of its values is wrong, by the same shapes.
    """

    history: History
    terms: Terms
    shapes: Shapes
    floors: Floats
    cuts: Floats
    masks: Flags
    expected: Floats
    weights: Floats

    def thresholds(self, place: int) -> Floats:
        """The thresholds of a set, a row a source and a column a field; infinite where none may be relied on."""
        table = np.full((len(self.history.sources), len(self.history.fields)), np.inf)
        for (source, field), shape in self.shapes.items():
            least = shape.confidence_at(float(self.cuts[place]))
            table[source, field] = rounded_up(max(least, float(self.floors[field])))
        return table

    def count(self, place: int) -> tuple[float, float]:
        """Papers a set clears and wrong ones among them, as if each counted for as much as the heaviest.

        That can only widen a bound: it is what keeping each with a chance of weight over heaviest would leave.
        """
        cleared = self.masks[place]
        if not cleared.any():
            return 0.0, 0.0
        weights = self.weights[cleared] / self.weights[cleared].max()
        return float(weights.sum()), float(weights[self.history.wrong[cleared]].sum())

    def share(self, rows: Flags) -> float:
        """The share of all papers these stand for."""
        return float(self.weights[rows].sum() / self.weights.sum())

    def risk_expected(self, place: int) -> float:
        """The share of wrong papers among those a set clears, by what was learnt; what was counted has no say."""
        cleared = self.masks[place]
        return float(np.average(self.expected[cleared], weights=self.weights[cleared])) if cleared.any() else 1.0

    def chance(self, place: int, level: float, *, times: float = 1.0, caution: float = 1.0) -> float:
        """The chance that a set passes its test, with so many times the papers there are."""
        count, risk = self.count(place)[0] * times, self.risk_expected(place) * caution
        return chance_to_show(count, risk, self.terms.tolerated, level)

    def beginning(self, end: int, level: float, caution: float) -> int:
        """The set before `end` to begin with: likely to pass, and clearing much."""
        hopes = [
            self.share(self.masks[place]) ** _EAGERNESS * self.chance(place, level, caution=caution)
            for place in range(end)
        ]
        return max(range(end), key=lambda place: hopes[place])

    def passing(self, places: range, level: float) -> int | None:
        """The last of these sets, in their order, before the first whose bound is over what is tolerated."""
        passed = None
        for place in places:
            count, errors = self.count(place)
            if upper_bound(errors, count, level) > self.terms.tolerated:
                break
            passed = place
        return passed

    def point(self, place: int) -> CurvePoint:
        """A set's place on the curve."""
        count, errors = self.count(place)
        bound = upper_bound(errors, count, self.terms.level)
        return CurvePoint(touchless=self.share(self.masks[place]), risk=errors / count if count else 0.0, bound=bound)


def derive(history: History, terms: Terms, floors: Mapping[str, float] | None = None) -> Derived:
    """The thresholds a history allows.

    Args:
        history: oldest first; the order deals its papers into parts.
        floors: by field, a least threshold whatever the history says; 0 where none is given.
    """
    tested = _prepare(history, terms, floors or {})
    if tested is None:
        return _nothing(history, Standing.TOO_LITTLE, (), needed_at_first(terms))
    curve = tuple(tested.point(place) for place in range(len(tested.cuts)))
    chosen = _walk(tested)
    if chosen is None:
        return _not_yet(tested, curve)
    return Derived(
        standing=Standing.KEPT,
        thresholds=_listed(history, tested.thresholds(chosen)),
        papers=len(history),
        point=curve[chosen],
        curve=curve,
        needed=None,
    )


def needed_at_first(terms: Terms) -> int:
    """How many it takes when half of the papers clear and err a quarter as often as is tolerated."""
    count = 100.0
    while chance_to_show(count, terms.tolerated / 4, terms.tolerated, terms.level) < _SURE_ENOUGH:
        count *= 1.1
    return math.ceil(2 * count / 100) * 100


def would_clear(history: History, thresholds: Floats) -> Flags:
    """Which papers these thresholds would clear: every value there reaches its own."""
    needed = thresholds[history.source]
    return np.asarray((np.isnan(history.confidence) | (history.confidence >= needed)).all(axis=1), dtype=np.bool_)


def rounded_up(confidence: float) -> float:
    """A threshold as it is written down: six decimals, never looser; a step of a computer's last digit is no step."""
    return float(Decimal(confidence - _ALMOST).quantize(_DIGITS, rounding=ROUND_CEILING))


def _prepare(history: History, terms: Terms, floors: Mapping[str, float]) -> _Tested | None:
    """Learns and deals out; None when no field of no source has labels enough, or no paper could ever clear."""
    known = _known(history, terms)
    least = np.array([floors.get(name, 0.0) for name in history.fields])
    shapes = _learn(known, np.ones(len(history), dtype=np.bool_))
    doubt = _doubt(history, shapes, least)
    if not known or not np.isfinite(doubt).any():
        return None
    steps = np.linspace(0, 1, STEPS + 1)[1:]
    masks, expected = np.zeros((STEPS, len(history)), dtype=np.bool_), np.zeros(len(history))
    part_of = np.arange(len(history)) % FOLDS
    for part in range(FOLDS):
        mine = part_of == part
        counted, learnt = history.part(mine), _learn(known, ~mine)
        theirs = _doubt(counted, learnt, least)
        masks[:, mine] = theirs[None, :] <= _cuts(theirs, steps)[:, None]
        expected[mine] = _expected_errors(counted, learnt)
    return _Tested(
        history, terms, shapes, least, _cuts(doubt, steps), masks, expected, weights_of(doubt, history.chance)
    )


def _known(history: History, terms: Terms) -> Mapping[tuple[int, int], Judged]:
    """The readings of every field of every source that has labels enough."""
    known = {}
    for source in range(len(history.sources)):
        for field in range(len(history.fields)):
            rows = np.flatnonzero((history.source == source) & ~np.isnan(history.confidence[:, field]))
            if len(rows) >= terms.fewest:
                known[source, field] = Judged.of(rows, history.confidence[rows, field], history.right[rows, field])
    return known


def _learn(known: Mapping[tuple[int, int], Judged], papers: Flags) -> Shapes:
    return {place: judged.shape(papers) for place, judged in known.items()}


def _cuts(doubt: Floats, steps: Floats) -> Floats:
    """The doubts up to which these shares of the papers that can clear at all do."""
    finite = doubt[doubt < np.inf]
    if not len(finite):
        return np.full(len(steps), -np.inf)
    return np.asarray(np.quantile(finite, steps, method="higher"), dtype=np.float64)


def _doubt(history: History, shapes: Shapes, floors: Floats) -> Floats:
    """By paper, the log-odds of its least sure value; infinite where a value may not be relied on at all."""
    values = np.where(history.confidence < floors, np.inf, -np.inf)
    for source in range(len(history.sources)):
        mine = history.source == source
        for field in range(len(history.fields)):
            there = mine & ~np.isnan(history.confidence[:, field])
            shape = shapes.get((source, field))
            odds = np.inf if shape is None else shape.log_odds(history.confidence[there, field])
            values[there, field] = np.maximum(values[there, field], odds)
    return np.asarray(values.max(axis=1, initial=-np.inf), dtype=np.float64)


def _expected_errors(history: History, shapes: Shapes) -> Floats:
    """By paper, the chance that any of its values is wrong, by the shapes, as if they erred independently."""
    fine = np.zeros(len(history))
    for (source, field), shape in shapes.items():
        there = (history.source == source) & ~np.isnan(history.confidence[:, field])
        odds = shape.log_odds(history.confidence[there, field])
        fine[there] -= np.logaddexp(0.0, odds)
    return np.asarray(-np.expm1(fine), dtype=np.float64)


def _walk(tested: _Tested) -> int | None:
    """Tests set after set from one likely to pass and clear much; the last before the first that fails.

    When the very first fails, what was learnt has misled: then a stricter beginning is tried, with the part of the
    chance of error that was kept back for it.
    """
    doubt = 1 - tested.terms.level
    start = tested.beginning(len(tested.cuts), 1 - doubt * (1 - _KEPT_BACK), 1.0)
    passed = tested.passing(range(start, len(tested.cuts)), 1 - doubt * (1 - _KEPT_BACK))
    if passed is None and start:
        again = tested.beginning(start, 1 - doubt * _KEPT_BACK, _CAUTION)
        passed = tested.passing(range(again, start), 1 - doubt * _KEPT_BACK)
    return passed


def _needed(tested: _Tested) -> int | None:
    """About how many judged papers, like those there are, would show the promise with four chances in five."""
    times = 1.0
    while times < _MOST_TIMES:
        if any(
            tested.chance(place, tested.terms.level, times=times) >= _SURE_ENOUGH
            for place in range(0, len(tested.cuts), 5)
        ):
            return math.ceil(len(tested.history) * times / 10) * 10
        times *= 1.1
    return None


def _not_yet(tested: _Tested, curve: tuple[CurvePoint, ...]) -> Derived:
    """What is said of a history that no set passes on: what a little history expects of itself is not worth much."""
    papers, needed = len(tested.history), _needed(tested)
    if needed is None or needed <= papers:
        at_first = needed_at_first(tested.terms)
        if papers >= at_first:
            return _nothing(tested.history, Standing.NOT_MET, curve, needed)
        needed = at_first
    return _nothing(tested.history, Standing.TOO_LITTLE, curve, needed)


def _nothing(history: History, standing: Standing, curve: tuple[CurvePoint, ...], needed: int | None) -> Derived:
    none = np.full((len(history.sources), len(history.fields)), np.inf)
    return Derived(
        standing=standing,
        thresholds=_listed(history, none),
        papers=len(history),
        point=None,
        curve=curve,
        needed=needed,
    )


def _listed(history: History, thresholds: Floats) -> tuple[FieldThreshold, ...]:
    listed = []
    for source, source_name in enumerate(history.sources):
        for field, field_name in enumerate(history.fields):
            there = (history.source == source) & ~np.isnan(history.confidence[:, field])
            least = float(thresholds[source, field])
            if not there.any():
                continue
            listed.append(
                FieldThreshold(
                    field=field_name,
                    source=source_name,
                    threshold=Decimal(str(least)) if least <= 1 else None,
                    labels=int(there.sum()),
                    errors=int((~history.right[there, field]).sum()),
                )
            )
    return tuple(listed)
