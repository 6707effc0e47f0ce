"""What serving asks of the demand model: quantiles for every series, from a bundle or without one that fits.

What is said never fails for want of a model: then a statistical interval is given, and `words` says why.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.bundle import Bundle
from models.demand.forecast import Forecast, Forecaster
from models.demand.panel import Panel
from models.demand.statistical import statistical_forecast

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW_PERIODS = {1: 28, 7: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A forecast and what must be said with it.

    Attributes:
        words: why it is only statistical, and what was put right in the feed; empty where there is nothing to say.
    """

    forecast: Forecast
    words: tuple[str, ...] = ()

    @property
    def values(self) -> "NDArray[np.float32]":
        """Series × horizons × levels, units."""
        return self.forecast.values


def forecast_of(bundle: Bundle | None, panel: Panel, horizon: int, *, origin: int | None = None) -> Expected:
    """What is expected of every series over the periods after an origin.

    Args:
        horizon: periods ahead, from 1 to this one.
        origin: the last known period; that before the last `horizon` periods of the panel when None, for a panel built
            with `ahead=horizon`.
    """
    last = panel.periods - 1 - horizon if origin is None else origin
    ahead = np.arange(1, horizon + 1)
    said = list(panel.notes)
    forecaster = None if bundle is None else Forecaster(bundle)
    if forecaster is None:
        said.append("There is no demand model here: the interval is statistical, from the last eight weeks alone.")
    elif (misfit := forecaster.misfit(panel)) is not None:
        said.append(f"The demand model cannot be used, for {misfit}: the interval is statistical.")
        forecaster = None
    last = max(last, 0)
    if forecaster is None:
        return Expected(forecast=statistical_forecast(panel, last, ahead), words=tuple(said))
    if last + 1 < _FEW_PERIODS[panel.step_days]:
        said.append(f"Only {last + 1} periods of demand are known: expect little of the forecast.")
    return Expected(forecast=forecaster.forecast(panel, last, ahead), words=tuple(said))


def doubts(panel: Panel, origin: int, series: int) -> tuple[str, ...]:
    """What makes a series' forecast doubtful, in words: unknown, new, all zero, or of one day."""
    known = panel.quantity[series, : origin + 1]
    known = known[~np.isnan(known)]
    if known.size == 0:
        return ("nothing is known of it yet: it is forecast like new items of its category",)
    if known.size == 1:
        return (f"it is known for one {'day' if panel.step_days == 1 else 'week'} only",)
    if not known.any():
        return ("it has never sold anything",)
    if known.size < _FEW_PERIODS[panel.step_days]:
        return (f"it is known for {known.size} {'days' if panel.step_days == 1 else 'weeks'} only",)
    return ()
