"""Sums over what was known: of each key's events before an instant, older ones counting less where they decay.

An event at an instant is not yet known at that instant: everything strictly before counts.
"""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sums_before(
    event_keys: "NDArray[np.int64]",
    event_at: "NDArray[np.float64]",
    values: "NDArray[np.float64]",
    keys: "NDArray[np.int64]",
    at: "NDArray[np.float64]",
    *,
    half_life_days: float | None = None,
) -> "NDArray[np.float64]":
    """For every question (a key and an instant) the sums of the key's events before it.

    Args:
        values: events × what is summed.
        half_life_days: after so long an event counts half; for ever when None.
    """
    if not len(event_at) or not len(at):
        return np.zeros((len(at), values.shape[1]))
    instants = np.unique(np.concatenate([event_at, at]))
    events = event_keys * (len(instants) + 1) + np.searchsorted(instants, event_at)
    order = np.argsort(events, kind="stable")
    grown = values[order] * _growth(event_at[order], instants[0], half_life_days)[:, None]
    running = _running_sums(event_keys[order], grown)
    asked = keys * (len(instants) + 1) + np.searchsorted(instants, at)
    last = np.searchsorted(events[order], asked, side="left") - 1
    has = (last >= 0) & (event_keys[order][np.maximum(last, 0)] == keys)
    found = np.where(has[:, None], running[np.maximum(last, 0)], 0.0)
    return np.asarray(found / _growth(at, instants[0], half_life_days)[:, None], dtype=np.float64)


def sums_now(
    event_keys: "NDArray[np.int64]",
    event_at: "NDArray[np.float64]",
    values: "NDArray[np.float64]",
    *,
    count: int,
    now: float,
    half_life_days: float | None = None,
) -> "NDArray[np.float64]":
    """The same for all keys 0…`count` − 1 at one instant: keys × what is summed."""
    known = event_at < now
    left = 1.0 / _growth(np.full(int(known.sum()), now), 0.0, half_life_days, until=event_at[known])
    columns = [np.bincount(event_keys[known], values[known, i] * left, count) for i in range(values.shape[1])]
    return np.column_stack(columns) if columns else np.zeros((count, 0))


def _growth(
    at: "NDArray[np.float64]",
    start: float,
    half_life_days: float | None,
    until: "NDArray[np.float64] | None" = None,
) -> "NDArray[np.float64]":
    """What an event now outweighs one at the start by: twice for every half-life between."""
    if half_life_days is None:
        return np.ones(len(at))
    return np.asarray(2.0 ** ((at - (start if until is None else until)) / half_life_days), dtype=np.float64)


def _running_sums(keys: "NDArray[np.int64]", values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Running sums that start anew with every key, so that one key's many events cost another's few no digits."""
    names = [f"v{i}" for i in range(values.shape[1])]
    table = pl.DataFrame({"key": keys, **dict(zip(names, values.T, strict=True))})
    return table.select(pl.col(name).cum_sum().over("key") for name in names).to_numpy()
