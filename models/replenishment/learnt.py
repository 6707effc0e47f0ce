"""What training finds out about a house's demand, and how it is kept in a bundle."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.bundle import Bundle
from models.replenishment.counts import CountPrior
from models.replenishment.demand import Prior
from models.replenishment.history import Weekdays

NAME = "replenishment"
FEATURES = ("mean_daily", "spread", "wanted_share", "days")
"""What is watched of each item that is planned: its mean day, variance over mean, days with demand, days known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What training found out about a house.

    Attributes:
        priors: what items are like, by category; the house's own under "".
        half_life_days: how fast the past counts less, None for not at all.
        window_days: how far back is looked.
        doubt: how much of what a short history leaves open about a level is planned for, 1 being all.
        past_share: share of the paths that are past weeks drawn at random instead of fitted days.
    """

    priors: Mapping[str, Prior]
    weekdays: Weekdays = field(default_factory=Weekdays)
    half_life_days: float | None = None
    window_days: int = 182
    doubt: float = 1.0
    past_share: float = 0.0

    def prior(self, category: str | None) -> Prior:
        """The category's, else the house's."""
        return self.priors.get(category or "") or self.priors.get("") or Prior()


def learnt_to_json(learnt: Learnt) -> dict[str, Any]:
    """What was learnt in JSON's own types."""
    return {
        "priors": {name: asdict(prior) for name, prior in learnt.priors.items()},
        "weekdays": {"shares": list(learnt.weekdays.shares), "likeness": learnt.weekdays.likeness},
        "half_life_days": learnt.half_life_days,
        "window_days": learnt.window_days,
        "doubt": learnt.doubt,
        "past_share": learnt.past_share,
    }


def learnt_of(bundle: Bundle) -> Learnt | None:
    """What a bundle holds; None where it was made for another version of this model."""
    content = bundle.content
    try:
        return Learnt(
            priors={name: _prior(prior) for name, prior in content["priors"].items()},
            weekdays=Weekdays(shares=tuple(content["weekdays"]["shares"]), likeness=content["weekdays"]["likeness"]),
            half_life_days=content["half_life_days"],
            window_days=content["window_days"],
            doubt=content["doubt"],
            past_share=content["past_share"],
        )
    except (KeyError, TypeError, AttributeError):
        return None


def _prior(content: Mapping[str, Any]) -> Prior:
    counts = {name: CountPrior(**content[name]) for name in ("count", "sizes")}
    return Prior(**{**content, **counts})
