"""What price and promotion say of the period forecast, and what the series sold under the like of them before.

Where prices and promotions are planned, the base is what the series sold at a similar price and promotion: a kernel
mean over its own past, drawn to that of the same item at other places. Where they are not, the base is the recent
level, and all that is known of the price is the last one paid.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.demand.panel import Panel, last_known
from models.demand.pasts import Past

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLANNED = (
    "price_to_usual", "price_to_last", "price_to_others", "cheapest_other", "promotion", "promotions_of_others",
    "usual_promotion", "price_before", "promotion_before", "item_price", "item_promotion",
    "like_own", "like_weight", "like_item", "base_to_level",
)  # fmt: skip
_WIDTH = 0.06
_MEMORY_PERIODS = 26.0
_OTHER_PROMOTION = 0.25
_OTHER_EXTRA = 0.25
_POOL_WEIGHT = 0.5
_SMALLEST = 1e-3


def planned_features(panel: Panel, past: Past, target: int) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Columns of `PLANNED` and of the extras, and the base, for the period forecast."""
    if not panel.is_planned:
        return _unplanned(panel, past), past.level
    until = past.origin + 1
    prices = np.log(panel.price[:, :until])
    usual = _mean(prices)
    now = np.log(panel.price[:, target])
    relative = now - usual
    promotion = np.where(past.alive, panel.promotion[:, target], np.nan)
    items, places, _ = panel.codes
    before = np.log(panel.price[:, target - 1]) - usual
    like_own, like_weight, like_item = _alike(panel, past, prices, target)
    extras = [
        column
        for name in sorted(panel.extras)
        for column in (
            panel.extras[name][:, target],
            panel.extras[name][:, target - 1],
            _mean(panel.extras[name][:, :until]),
        )
    ]
    base = np.where(np.isnan(like_own), past.level, np.maximum(like_own, _SMALLEST)).astype(np.float32)
    columns = np.column_stack(
        [
            relative,
            now - last_known(prices),
            relative - _others(relative, places),
            _cheapest_other(relative, places),
            promotion,
            _others(promotion, places),
            _mean(panel.promotion[:, :until]),
            before,
            panel.promotion[:, target - 1],
            _others(relative, items),
            _others(promotion, items),
            like_own / past.level,
            like_weight,
            like_item,
            np.log(base / past.level),
            *extras,
        ]
    )
    return columns.astype(np.float32), base


def _unplanned(panel: Panel, past: Past) -> "NDArray[np.float32]":
    """Only how the last known price lies to the usual one."""
    columns = np.full((panel.series, len(PLANNED) + 3 * len(panel.extras)), np.nan, dtype=np.float32)
    prices = panel.price[:, : past.origin + 1]
    if not np.isnan(prices).all():
        logs = np.log(prices)
        columns[:, PLANNED.index("price_to_usual")] = last_known(logs) - _mean(logs)
    return columns


def _alike(
    panel: Panel,
    past: Past,
    prices: "NDArray[np.float32]",
    target: int,
) -> "tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]":
    """What was sold under like conditions: own kernel mean, its weight, and the item's relative to usual."""
    until = past.origin + 1
    now, promotion = np.log(panel.price[:, target]), panel.promotion[:, target]
    sold = panel.quantity[:, :until]
    age = np.arange(past.origin, -1, -1, dtype=np.float32)
    gap = np.abs(prices - now[:, None]) / _WIDTH
    weight = np.exp(-gap - age[None, :] / _MEMORY_PERIODS)
    weight *= np.where(panel.promotion[:, :until] == promotion[:, None], 1, _OTHER_PROMOTION)
    for cells in panel.extras.values():
        weight *= np.exp(-np.abs(cells[:, :until] - cells[:, [target]]) / _OTHER_EXTRA)
    known = ~np.isnan(sold) & ~np.isnan(weight)
    weight = np.where(known, weight, 0)
    usual = past.means[3]
    total = weight.sum(1)
    relative = np.where(known, sold, 0) / np.maximum(usual, _SMALLEST)[:, None]
    number = (weight * relative).sum(1)
    size = int(past.item_codes.max()) + 1
    summed = np.bincount(past.item_codes, weights=np.nan_to_num(number), minlength=size)
    counted = np.bincount(past.item_codes, weights=total, minlength=size)
    item = np.full(size, np.nan)
    np.divide(summed, counted, out=item, where=counted > _SMALLEST)
    pooled = item[past.item_codes]
    prior = np.where(np.isnan(pooled), 1.0, pooled)
    own = (number + _POOL_WEIGHT * prior) / (total + _POOL_WEIGHT) * usual
    return own.astype(np.float32), total.astype(np.float32), pooled.astype(np.float32)


def _mean(cells: "NDArray[np.float32]") -> "NDArray[np.float32]":
    known = ~np.isnan(cells)
    count = known.sum(1)
    total = np.where(known, cells, 0).sum(1, dtype=np.float32)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _others(values: "NDArray[np.float32]", codes: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """Mean of the other series of the same kind."""
    known = ~np.isnan(values)
    size = int(codes.max()) + 1
    total = np.bincount(codes[known], weights=values[known], minlength=size)[codes]
    count = np.bincount(codes[known], minlength=size)[codes]
    own = np.where(known, values, 0)
    left = count - known
    return np.where(left > 0, (total - own) / np.maximum(left, 1), np.nan).astype(np.float32)


def _cheapest_other(relative: "NDArray[np.float32]", places: "NDArray[np.int64]") -> "NDArray[np.float32]":
    """How far the cheapest other item at the place lies below its usual price."""
    size = int(places.max()) + 1
    filled = np.where(np.isnan(relative), np.inf, relative)
    first, second = np.full(size, np.inf), np.full(size, np.inf)
    np.minimum.at(first, places, filled)
    is_first = filled == first[places]
    np.minimum.at(second, places, np.where(is_first, np.inf, filled))
    tied = np.bincount(places[is_first], minlength=size)[places] > 1
    found = np.where(is_first & ~tied, second[places], first[places])
    return np.where(np.isfinite(found), found, np.nan).astype(np.float32)
