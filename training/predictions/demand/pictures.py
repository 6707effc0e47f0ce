"""Draws how a demand model did: loss by horizon beside the rules, and one forecast beside what came."""

from collections.abc import Mapping

import numpy as np

from models.demand.forecast import Forecaster
from models.demand.panel import Panel
from training.predictions.demand.judge import Origins, Said
from training.predictions.metrics import pinball
from training.predictions.pictures import backtest_svg, lines_svg


def pinball_by_horizon(panel: Panel, origins: Origins, said: Mapping[str, Said]) -> str:
    """Mean pinball loss of the median by periods ahead, a line a way."""
    longest = max(int(horizons.max()) for _, horizons in origins.at)
    lines = {
        name: [(float(horizon), _loss(panel, origins, way, horizon)) for horizon in range(1, longest + 1)]
        for name, way in said.items()
    }
    across = "days ahead" if panel.step_days == 1 else "weeks ahead"
    return lines_svg(lines, title="Pinball loss of the median by horizon", across=across, up="units")


def _loss(panel: Panel, origins: Origins, said: Said, horizon: int) -> float:
    came, forecast = [], []
    for at, (origin, horizons) in enumerate(origins.at):
        if horizon <= len(horizons):
            actual = panel.quantity[:, origin + horizon]
            use = ~np.isnan(actual) & (panel.seen <= origin)
            came.append(actual[use])
            forecast.append(said.point[at][use, horizon - 1])
    return pinball(np.concatenate(came), np.concatenate(forecast), 0.5)


def backtest(panel: Panel, origins: Origins, forecaster: Forecaster, said: Said) -> str:
    """Demand of all series together from the first origin, beside the sum of their forecasts."""
    origin, horizons = origins.at[0]
    actual = np.nansum(panel.quantity[:, origin + horizons], axis=0)
    mean = forecaster.forecast(panel, origin, horizons).mean.sum(axis=0)
    return backtest_svg(
        actual,
        {"sum of medians": said.point[0].sum(axis=0), "sum of means": mean},
        title="All series together, from the first origin",
        across="days" if panel.step_days == 1 else "weeks",
    )
