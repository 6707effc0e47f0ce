"""Learns what the demand of a house is like, and by which settings its past is best read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from models.replenishment.demand import Known, Prior, known, learn_prior
from models.replenishment.history import (
    History,
    Weekdays,
    exposures,
    history_of,
    learn_weekdays,
    past_exposures,
    recency,
)
from models.replenishment.learnt import Learnt
from models.replenishment.plan import LEAST_DAYS, LEAST_STEPS
from training.predictions.replenishment.series import Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEARN_FROM = 500
LEAST_OF_CATEGORY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the past is read: how far back, how fast it fades, by weekdays or not; the rest as `Learnt` says."""

    window_days: int = 182
    half_life_days: float | None = None
    weekdays: bool = True
    doubt: float = 1.0
    past_share: float = 0.0

    @property
    def words(self) -> str:
        """As it is shown."""
        fade = "" if self.half_life_days is None else f", counting half after {self.half_life_days:.0f}"
        of = f"{self.past_share:.0%} past weeks, doubt {self.doubt:g}"
        return f"{self.window_days} days{fade}, weekdays {'told apart' if self.weekdays else 'alike'}, {of}"


SETTINGS = (
    Setting(),
    Setting(window_days=364),
    Setting(half_life_days=45, doubt=0, past_share=0.5),
    Setting(window_days=91, past_share=1),
    Setting(window_days=91, half_life_days=30, past_share=1),
)
"""The first is taken unless another is clearly better."""


def history_at(one: Series, today: date, window_days: int) -> History | None:
    """The grid of an item as known in the morning of a day; None where it could not be planned from it."""
    found = history_of(one.days, since=today - timedelta(days=window_days), until=today)
    if found is None or not found.quantities.any() or found.days < LEAST_DAYS or found.counts.sum() < LEAST_STEPS:
        return None
    return found


def learn(items: Sequence[Series], today: date, setting: Setting, *, seed: int) -> Learnt:
    """What the items are like, from what was known in the morning of a day; of many, a random part is enough."""
    known_items = [
        (one.category or "", history)
        for one in drawn(items, LEARN_FROM, seed)
        if (history := history_at(one, today, setting.window_days)) is not None
    ]
    weekdays = learn_weekdays(history for _, history in known_items) if setting.weekdays else Weekdays()
    by_category: defaultdict[str, list[Known]] = defaultdict(list)
    for category, history in known_items:
        days = past_exposures(history, exposures(history, weekdays))
        one = known(history.quantities, days, recency(history, setting.half_life_days))
        by_category[""].append(one)
        if category:
            by_category[category].append(one)
    return Learnt(
        priors=_priors(by_category),
        weekdays=weekdays,
        half_life_days=setting.half_life_days,
        window_days=setting.window_days,
        doubt=setting.doubt,
        past_share=setting.past_share,
    )


def drawn(items: Sequence[Series], most: int, seed: int) -> list[Series]:
    """So many of them at the most, drawn at random, in their order."""
    if len(items) <= most:
        return list(items)
    places: NDArray[np.int64] = np.random.default_rng(seed).choice(len(items), size=most, replace=False)
    return [items[place] for place in sorted(places.tolist())]


def _priors(by_category: Mapping[str, Sequence[Known]]) -> dict[str, Prior]:
    return {
        category: learn_prior(items)
        for category, items in sorted(by_category.items())
        if category == "" or len(items) >= LEAST_OF_CATEGORY
    }
