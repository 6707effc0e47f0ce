"""Watches a promise with blind checks, one after the other, and says when they speak against it.

Each check of a paper that would have cleared is a bet against the promise: money grows with a wrong paper and shrinks a
little with a right one, so that it cannot be expected to grow while the promise is kept, whatever the order of the
checks and however often one looks. Each bet begins anew when it has lost what it won, so that a long good past does not
hide a bad present (an e-detector: Shin, Ramdas & Rinaldo 2022). Three bets, for errors three, ten and thirty times over
what is tolerated, are averaged.

The promise counts as broken once the average is `1 / (1 - level)`: 20 at 95 %. While at most the tolerated share of
papers is wrong, that many checks at least pass on average before a false alarm.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from triage.promise import Terms

TIMES_OVER = (3.0, 10.0, 30.0)
_MOST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One blind check: what its paper was read from, whether it was wrong, and the chance it was drawn with."""

    source: str
    wrong: bool
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the checks say together.

    Attributes:
        evidence: the average of the bets; the promise is broken from `alarm` on.
        checks: how many there were, up to the alarm.
        blamed: sources of the wrong papers since the evidence began to grow.
    """

    evidence: float
    alarm: float
    checks: int
    errors: int
    blamed: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the checks speak against the promise."""
        return self.evidence >= self.alarm


def watch(checks: Iterable[Check], terms: Terms) -> Watched:
    """Follows the checks in their order up to the first alarm.

    A paper that was likelier to be drawn counts for less, so that the checks speak for all papers alike.
    """
    checks = tuple(checks)
    alarm = 1.0 / max(1.0 - terms.level, 1e-9)
    least = min((check.chance for check in checks), default=1.0)
    money = [1.0 for _ in TIMES_OVER]
    recent: list[str] = []
    errors = 0
    for number, check in enumerate(checks, start=1):
        weight = least / check.chance
        money = [
            max(1.0, had * _gain(check.wrong, weight, times, terms))
            for had, times in zip(money, TIMES_OVER, strict=True)
        ]
        errors += check.wrong
        recent = [] if max(money) <= 1.0 else [*recent, check.source] if check.wrong else recent
        evidence = sum(money) / len(money)
        if evidence >= alarm:
            blamed = tuple(sorted(set(recent)))
            return Watched(evidence=evidence, alarm=alarm, checks=number, errors=errors, blamed=blamed)
    return Watched(evidence=sum(money) / len(money), alarm=alarm, checks=len(checks), errors=errors)


def _gain(wrong: bool, weight: float, times: float, terms: Terms) -> float:
    """What one bet is multiplied with: its mean is at most 1 while no more than the tolerated share is wrong."""
    suspected = min(times * terms.tolerated, _MOST)
    stake = (suspected / terms.tolerated - 1) / (1 - terms.tolerated) if terms.tolerated else 1.0 / 1e-9
    return max(0.0, 1.0 + stake * weight * (wrong - terms.tolerated))
