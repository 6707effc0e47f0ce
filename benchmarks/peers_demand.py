"""Other people's forecasting code on the same panel and origins: methods of statsforecast, and mlforecast."""

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models.demand.panel import Panel, last_known
from training.predictions.demand.judge import Origins, Said

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEASON = 7
_LEVEL = 90  # a central 90 % interval ends at the 95 % quantile


def statsforecast_said(panel: Panel, origins: Origins) -> dict[str, Said]:
    """AutoETS, AutoTheta, CrostonSBA and SeasonalNaive of statsforecast, refitted on every series at every origin.

    CrostonSBA comes without an interval; the 95 % quantile of its errors on the series' own last 56 days is added.
    Series too young for a method are forecast by Naive instead, as statsforecast offers.
    """
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, AutoTheta, CrostonSBA, Naive, SeasonalNaive

    methods: list[Any] = [
        AutoETS(season_length=_SEASON),
        AutoTheta(season_length=_SEASON),
        CrostonSBA(),
        SeasonalNaive(season_length=_SEASON),
    ]
    found = {f"statsforecast {method.alias}": Said(point=[], upper=[]) for method in methods}
    for origin, horizons in origins.at:
        history = _history(panel, origin)
        interval: dict[str, Any] = {"level": [_LEVEL]}
        ahead = len(horizons)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            intervals = StatsForecast(
                models=[m for m in methods if m.alias != "CrostonSBA"], freq=1, n_jobs=2, fallback_model=Naive()
            )
            said = intervals.forecast(df=history, h=ahead, **interval)
            croston = StatsForecast(models=[CrostonSBA()], freq=1, n_jobs=2, fallback_model=Naive()).forecast(
                df=history, h=ahead
            )
        for method in methods:
            name = method.alias
            source = croston if name == "CrostonSBA" else said
            point = _laid(source, name, panel.series, ahead)
            # SeasonalNaive says nothing of a series younger than its season: the last known value stands in.
            point = np.where(np.isnan(point), last_known(panel.quantity[:, : origin + 1])[:, None], point)
            if name == "CrostonSBA":
                last = panel.quantity[:, max(0, origin - 55) : origin + 1]
                upper = point + np.nan_to_num(np.nanquantile(last - point[:, :1], 0.95, axis=1))[:, None]
            else:
                upper = _laid(source, f"{name}-hi-{_LEVEL}", panel.series, ahead)
                upper = np.where(np.isnan(upper), point, upper)
            found[f"statsforecast {name}"].point.append(np.maximum(point, 0))
            found[f"statsforecast {name}"].upper.append(np.maximum(upper, 0).astype(np.float32))
    return found


def _history(panel: Panel, origin: int) -> pl.DataFrame:
    """Known demand up to an origin, unknown days filled with the series' mean: these methods take no gaps."""
    parts = []
    for series in range(panel.series):
        first = int(panel.seen[series])
        if first > origin:
            continue
        cells = panel.quantity[series, first : origin + 1]
        cells = np.where(np.isnan(cells), np.nanmean(cells), cells)
        parts.append(
            pl.DataFrame(
                {"unique_id": np.full(len(cells), series), "ds": np.arange(first, origin + 1), "y": cells.astype(float)}
            )
        )
    return pl.concat(parts)


def _laid(said: pl.DataFrame, column: str, series: int, ahead: int) -> "NDArray[np.float32]":
    found = np.zeros((series, ahead), dtype=np.float32)
    ordered = said.sort("unique_id", "ds")
    found[ordered["unique_id"].unique(maintain_order=True).to_numpy()] = (
        ordered[column].to_numpy().reshape(-1, ahead).astype(np.float32)
    )
    return found


def mlforecast_said(panel: Panel, last: int, origins: Origins) -> Said:
    """Direct LightGBM quantile models of mlforecast: the same lags, windows, calendar, price and promotion columns.

    Price relative to its mean, to the place's others and to the week before, promotion and advertisement of this and
    the week before, item and place as codes; lags and rolling means and deviations by mlforecast itself.
    """
    import lightgbm
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExpandingMean, RollingMean, RollingQuantile, RollingStd

    table = _columns(panel)
    ahead = max(len(horizons) for _, horizons in origins.at)
    options: dict[str, Any] = {
        "n_estimators": 300, "learning_rate": 0.08, "num_leaves": 63, "min_child_samples": 100, "colsample_bytree": 0.7,
        "subsample": 0.7, "subsample_freq": 1, "n_jobs": 1, "verbosity": -1, "random_state": 0,
    }  # fmt: skip
    model = MLForecast(
        models={
            "median": lightgbm.LGBMRegressor(objective="quantile", alpha=0.5, **options),
            "upper": lightgbm.LGBMRegressor(objective="quantile", alpha=0.95, **options),
        },
        freq=1,
        lags=[1, 2, 3, 4],
        lag_transforms={
            1: [
                RollingMean(4, min_samples=1), RollingMean(8, min_samples=1), RollingMean(26, min_samples=1),
                RollingStd(13, min_samples=2), ExpandingMean(),
                *(RollingQuantile(p=p, window_size=13, min_samples=1) for p in (0.25, 0.5, 0.75, 0.9)),
            ]
        },
    )  # fmt: skip
    known = table.filter(pl.col("ds") <= last)
    point, upper = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(known, static_features=["item", "place"], max_horizon=ahead, dropna=True)
        for origin, horizons in origins.at:
            history = table.filter(pl.col("ds") <= origin)
            later = table.filter((pl.col("ds") > origin) & (pl.col("ds") <= origin + ahead)).drop("y", "item", "place")
            later = _padded(later, panel.series, origin, ahead)
            said = model.predict(h=ahead, new_df=history, X_df=later)
            point.append(np.maximum(_laid(said, "median", panel.series, ahead), 0)[:, : len(horizons)])
            upper.append(np.maximum(_laid(said, "upper", panel.series, ahead), 0)[:, : len(horizons)])
    return Said(point=point, upper=upper)


def _columns(panel: Panel) -> pl.DataFrame:
    """One row a series and week from its first on; unknown weeks carry the last value on, for gaps are not taken."""
    prices = np.log(panel.price)
    usual = np.nancumsum(prices, axis=1) / np.maximum(np.cumsum(~np.isnan(prices), axis=1), 1)
    relative = prices - usual
    place = panel.codes[1]
    others = np.stack([np.nanmean(relative[place == code], axis=0) for code in range(place.max() + 1)])[place]
    columns = {
        "y": panel.quantity, "relative": relative, "to_others": relative - others,
        "before": np.roll(relative, 1, axis=1), "promotion": panel.promotion,
        "promotion_before": np.roll(panel.promotion, 1, axis=1),
        **panel.extras,
        "week": np.broadcast_to(panel.calendar.facts[0, :, 2] // 7, panel.quantity.shape),
    }  # fmt: skip
    series, period = np.meshgrid(np.arange(panel.series), np.arange(panel.periods), indexing="ij")
    frame = pl.DataFrame(
        {
            "unique_id": series.ravel(),
            "ds": period.ravel(),
            "item": panel.codes[0][series.ravel()],
            "place": place[series.ravel()],
            **{name: np.ascontiguousarray(cells).ravel().astype(float) for name, cells in columns.items()},
        }
    )
    frame = frame.filter(pl.col("ds") >= pl.Series(panel.seen[frame["unique_id"].to_numpy()]))
    return frame.with_columns(pl.col("y").fill_nan(None).forward_fill().over("unique_id"))


def _padded(later: pl.DataFrame, series: int, origin: int, ahead: int) -> pl.DataFrame:
    """Every series and week ahead: mlforecast asks for all, also past the feed's end."""
    grid = pl.DataFrame(
        {"unique_id": np.repeat(np.arange(series), ahead), "ds": np.tile(origin + 1 + np.arange(ahead), series)}
    )
    return grid.join(later, on=["unique_id", "ds"], how="left")
