"""Estimates from labelled history which share of some papers people would call wrong, with an interval around it.

A paper drawn for a blind check with chance p stands for 1/p of those that were not looked at (Horvitz & Thompson).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LEVEL = 0.95
_LEAST_CHANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Labels, counted: how many, how many of them wrong, and the sums of weights an estimate is made of."""

    labels: int = 0
    wrong: int = 0
    weight: float = 0.0
    weight_squared: float = 0.0
    wrong_weight: float = 0.0


NO_LABELS = Counted()


def count_label(was_wrong: bool, chance: float) -> Counted:
    """One label; `chance` is the one with which such a paper comes before a person, 1 for what was held."""
    weight = 1.0 / max(chance, _LEAST_CHANCE)
    return Counted(
        labels=1,
        wrong=int(was_wrong),
        weight=weight,
        weight_squared=weight * weight,
        wrong_weight=weight if was_wrong else 0.0,
    )


def sum_of(parts: Iterable[Counted]) -> Counted:
    """Several counts as one."""
    some = list(parts)
    return Counted(
        labels=sum(one.labels for one in some),
        wrong=sum(one.wrong for one in some),
        weight=sum(one.weight for one in some),
        weight_squared=sum(one.weight_squared for one in some),
        wrong_weight=sum(one.wrong_weight for one in some),
    )


def estimate(papers: int, counted: Counted) -> dict[str, Any]:
    """The weighted share that is wrong, and the Clopper–Pearson interval on the effective count (Kish 1965).

    Without any label the interval is all there is: from 0 to 1.
    """
    effective = counted.weight * counted.weight / counted.weight_squared if counted.labels else 0.0
    share = counted.wrong_weight / counted.weight if counted.labels else None
    lower, upper = interval(0.0 if share is None else share * effective, effective)
    return {
        "papers": papers,
        "labelled": counted.labels,
        "wrong": counted.wrong,
        "effective": round(effective, 1),
        "share": None if share is None else round(share, 6),
        "lower": round(lower, 6),
        "upper": round(upper, 6),
        "level": LEVEL,
    }


def interval(wrong: float, count: float, level: float = LEVEL) -> tuple[float, float]:
    """Clopper & Pearson (1934), two-sided, by the beta quantiles, which also take counts that are not whole."""
    from scipy.special import betaincinv

    if count <= 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    lower = 0.0 if wrong <= 0 else float(betaincinv(wrong, count - wrong + 1, tail))
    upper = 1.0 if wrong >= count else float(betaincinv(wrong + 1, count - wrong, 1 - tail))
    return lower, upper
