"""Decides whether a newly trained model may take over: only if it surely costs less, and is as honest as before.

Each way of predicting cost something on every subject judged. The gate resamples subjects, the same ones for both
ways, and asks whether the mean saving stays above nothing in 95 % of the resamples' middle: the percentile interval of
the paired bootstrap (Efron 1979). It assumes that subjects are independent of one another; a run that judges days of
one item counts the item as the subject.
"""

from dataclasses import dataclass

import numpy as np

from training.predictions.metrics import Floats
from training.predictions.outcome import Judged, Outcome

LEVEL = 0.95
CALIBRATION_TOLERANCE = 0.01
_DRAWS, _AT_ONCE, _MOST_GROUPS = 2_000, 4_000_000, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What one way saves a subject beside another: the mean, and between what it surely lies."""

    mean: float
    low: float
    high: float

    @property
    def is_saving(self) -> bool:
        """Whether the saving is surely above nothing."""
        return self.mean > 0 and self.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Whether the model may take over, and why, in sentences."""

    passed: bool
    why: str


def paired_interval(dearer: Floats, cheaper: Floats, *, seed: int, level: float = LEVEL) -> Interval:
    """The mean saving of the second way beside the first, subject by subject, with its percentile interval.

    Raises:
        ValueError: where the two were not judged on the same subjects.
    """
    if dearer.shape != cheaper.shape:
        raise ValueError(f"{len(dearer)} and {len(cheaper)} subjects cannot be compared in pairs")
    savings = np.asarray(dearer - cheaper, dtype=np.float64)
    if not len(savings):
        return Interval(mean=0.0, low=0.0, high=0.0)
    means = _resampled_means(savings, np.random.default_rng(seed))
    edge = (1 - level) / 2
    low, high = np.quantile(means, [edge, 1 - edge])
    return Interval(mean=float(savings.mean()), low=float(low), high=float(high))


def judge_gate(outcome: Outcome, champion: Judged | None, *, champion_version: str | None, seed: int) -> Gate:
    """Whether the run's model beats the champion and today's rule, and is no less honest than the champion.

    Args:
        champion: how the model in service did on the same subjects; None where there is none that can be judged.
        champion_version: its version; None where nothing is served.
    """
    model, rule = outcome.ways["model"], outcome.ways[outcome.rule]
    if outcome.unserved is not None:
        return Gate(passed=False, why=outcome.unserved)
    if champion_version == outcome.bundle.version:
        return Gate(passed=False, why=f"it is the champion {champion_version} itself, so there is nothing to promote")
    if not len(model.costs):
        return Gate(passed=False, why="no subject was judged, so nothing speaks for it")
    said: list[str] = []
    passed = _compare(said, f"today's rule ({outcome.rule})", rule, model, seed)
    if champion is not None:
        passed &= _compare(said, f"the champion ({champion_version})", champion, model, seed)
        passed &= _is_as_honest(said, outcome.calibration, champion, model)
    elif champion_version is not None:
        said.append(f"the champion {champion_version} was made from other columns and cannot be judged or served")
    else:
        said.append("there is no champion to beat")
    return Gate(passed=bool(passed), why="; ".join(said))


def _compare(said: list[str], whom: str, other: Judged, model: Judged, seed: int) -> bool:
    saving = paired_interval(other.costs, model.costs, seed=seed)
    words = f"{saving.mean:.4g} a subject beside {whom}, {LEVEL:.0%} between {saving.low:.4g} and {saving.high:.4g}"
    said.append(f"it saves {words}" if saving.is_saving else f"it does not surely save: {words}")
    return saving.is_saving


def _is_as_honest(said: list[str], metric: str, champion: Judged, model: Judged) -> bool:
    mine, theirs = (judged.metrics.get(metric, float("nan")) for judged in (model, champion))
    as_honest = bool(mine <= theirs + CALIBRATION_TOLERANCE)
    verdict = "no worse than" if as_honest else "worse than"
    said.append(
        f"its {metric} of {mine:.4f} is {verdict} the champion's {theirs:.4f} (tolerated: {CALIBRATION_TOLERANCE} more)"
    )
    return as_honest


def _resampled_means(savings: Floats, draw: np.random.Generator) -> Floats:
    """Means of resamples. Very many subjects are first dealt into equal groups: their means are as independent."""
    size = -(-len(savings) // _MOST_GROUPS)
    if size > 1:
        whole = len(savings) // size * size
        savings = draw.permutation(savings)[:whole].reshape(-1, size).mean(axis=1)
    count = len(savings)
    block = max(1, _AT_ONCE // count)
    means = [
        savings[draw.integers(0, count, (min(block, _DRAWS - start), count))].mean(axis=1)
        for start in range(0, _DRAWS, block)
    ]
    return np.concatenate(means)
