"""What a training run of a predictive model comes back with, whatever the model: the contract of every run.

A run is a function `train(frames, period, seed, say) -> Outcome`. All it may know is what was known at
`period.until`; it is judged on what came after, to `period.evaluate_to`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ingest.feed_frames import Frames
from models.bundle import Bundle

if TYPE_CHECKING:
    from numpy.typing import NDArray

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What may be known, and what a run is judged on.

    Attributes:
        until: the last day whose facts may be used for learning; None for a run that sets a later part aside itself.
        evaluate_to: the last day that is judged; the last the feeds tell of when None.
    """

    until: date | None = None
    evaluate_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How one way of predicting did on the later period.

    Attributes:
        metrics: `auc brier ece`, `wape pinball_50 pinball_95 coverage_95`, `top1 top3` or `cost_ratio`, and others.
        costs: what each subject judged cost under it at the review budget, in the order all ways share; the gate's
            paired bootstrap compares them. Empty for a way that is only shown.
    """

    metrics: Mapping[str, float]
    costs: "NDArray[np.float64]" = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished run.

    Attributes:
        trained_until, judged_from, judged_to: days; the gap between the first two is at least the label delay.
        count: how many subjects were judged.
        ways: `model` and every baseline, by the name the table shows.
        rule: the name in `ways` of what the house does today.
        calibration: the metric of `ways["model"]` that says how honest its probabilities are, smaller being better.
        judge: judges another bundle (the champion) on the same subjects; None where its features do not fit.
        parameters: what it was trained with.
        plots: pictures as SVG text, by file name without its end.
        unserved: why what was learnt cannot be put in service, whatever the gate says of its cost; None where it can.
        notes: sentences for the card: what was left out, leak alarms, warnings about the feeds.
    """

    name: str
    trained_until: date
    judged_from: date
    judged_to: date
    count: int
    ways: Mapping[str, Judged]
    rule: str
    calibration: str
    bundle: Bundle
    judge: Callable[[Bundle], Judged | None]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    plots: Mapping[str, str] = field(default_factory=dict)
    unserved: str | None = None
    notes: tuple[str, ...] = ()


class Train(Protocol):
    """A training run of one model."""

    def __call__(self, frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
        """Learns, is judged beside every baseline, and comes back with both."""
        ...
