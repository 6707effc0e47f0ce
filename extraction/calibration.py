"""Turns scores into confidences that mean something: the share of such values that are right.

A confidence is made in two steps, both fitted on documents whose layouts the models had not seen: a logistic model
over the score, its margin and the checks, and then a monotone table from that to the observed share.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

SIGNALS = (
    "score",
    "margin",
    "rivals",
    "adds_up",
    "clash",
    "valid",
    "invalid",
    "ambiguous",
    "labelled",
    "ocr",
    "ocr_doubt",
    "lines",
    "remembered",
    "known",
    "disagreed",
    "sums_up",
    "sums_gross",
    "unanimous",
    "fits_rate",
    "repeated",
    "familiar",
    "has_lines",
    "mended",
)
HIGHEST = 0.998
LOWEST = 0.01
_ORDER_SHARE, _ORDER_SPREAD = 0.01, 4.0
_DEFAULT_WEIGHTS = (
    *(0.5, 0.25, -0.3, 2.0, -2.0, 1.0, -1.5, -3.0, 0.5, -0.5, -2.0, 1.0, 0.5, 0.5, -1.0, 0.5, -0.5),
    *(0.0, 0.0, 0.0, 0.0, 0.0, -1.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """How one field's score becomes a probability.

    Attributes:
        weights: one for each of `SIGNALS`.
        knots: pairs of (probability before, share observed), rising; empty when the logistic model is used as it is.
        knots_ocr: the same for values read from images.
    """

    bias: float = 0.0
    weights: tuple[float, ...] = _DEFAULT_WEIGHTS
    knots: tuple[tuple[float, float], ...] = ()
    knots_ocr: tuple[tuple[float, float], ...] = ()

    @classmethod
    def from_json(cls, content: Mapping[str, Any], signals: Sequence[str] = SIGNALS) -> Self:
        """Reads what `to_json` wrote, by the signals of that time; one that came later does not count."""
        given = dict(zip(signals, content["weights"], strict=True))
        return cls(
            bias=content["bias"],
            weights=tuple(given.get(name, 0.0) for name in SIGNALS),
            knots=tuple((x, y) for x, y in content["knots"]),
            knots_ocr=tuple((x, y) for x, y in content["knots_ocr"]),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON's own types, for the bundle."""
        return {
            "bias": self.bias,
            "weights": list(self.weights),
            "knots": [list(k) for k in self.knots],
            "knots_ocr": [list(k) for k in self.knots_ocr],
        }

    def before(self, signals: Sequence[float]) -> float:
        """The logistic model's probability, before the table."""
        return _logistic(self._evidence(signals))

    def of(self, signals: Sequence[float]) -> float:
        """The calibrated probability that the value is right, never quite 0 or 1.

        Where the table is flat, as it is at its ends, more evidence still counts for a little, so that values can be
        put in order.
        """
        evidence = self._evidence(signals)
        knots = self.knots_ocr if signals[SIGNALS.index("ocr")] and self.knots_ocr else self.knots
        table = interpolate(knots, _logistic(evidence))
        order = _logistic(evidence / _ORDER_SPREAD)
        return min(max((1 - _ORDER_SHARE) * table + _ORDER_SHARE * order, LOWEST), HIGHEST)

    def _evidence(self, signals: Sequence[float]) -> float:
        return self.bias + sum(weight * signal for weight, signal in zip(self.weights, signals, strict=True))


def _logistic(evidence: float) -> float:
    return 1 / (1 + math.exp(-max(min(evidence, 30.0), -30.0)))


def interpolate(knots: Sequence[tuple[float, float]], x: float) -> float:
    """Piecewise linear between knots, flat beyond them; x itself when there are none."""
    if not knots:
        return x
    index = bisect_right(knots, x, key=lambda knot: knot[0])
    if index == 0:
        return knots[0][1]
    if index == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[index - 1], knots[index]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0) if x1 > x0 else y1


def expected_calibration_error(confidences: Sequence[float], rights: Sequence[bool], *, bins: int = 10) -> float:
    """Mean distance between confidence and share of right ones over equal bins, weighted by their size."""
    if not confidences:
        return 0.0
    total = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [
            (c, r) for c, r in zip(confidences, rights, strict=True) if low < c <= high or (number == 0 and c == 0)
        ]
        if inside:
            gap = sum(c for c, _ in inside) - sum(r for _, r in inside)
            total += abs(gap)
    return total / len(confidences)
