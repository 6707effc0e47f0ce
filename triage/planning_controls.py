"""Which controls there are of customers' orders and of recommendations, as `triage.controls.catalogue` shows them."""

from triage.controls import (
    ord_carrier,
    ord_cutoff,
    ord_erp_block,
    ord_feed_missing,
    ord_feed_stale,
    ord_split,
    ord_stock,
    rep_budget,
    rep_feed_missing,
    rep_feed_stale,
    rep_item,
    rep_master,
    rep_max,
    rep_moq,
    rep_pack,
    rep_shelf_life,
    rep_supplier,
)
from triage.planning_control import OrderControl, RecommendationControl

ORDER_CONTROLS: tuple[OrderControl, ...] = (
    ord_stock.CONTROL,
    ord_split.CONTROL,
    ord_cutoff.CONTROL,
    ord_carrier.CONTROL,
    ord_feed_stale.CONTROL,
    ord_feed_missing.CONTROL,
    ord_erp_block.CONTROL,
)
"""Every control of customers' orders. Their order changes nothing."""

RECOMMENDATION_CONTROLS: tuple[RecommendationControl, ...] = (
    rep_item.CONTROL,
    rep_supplier.CONTROL,
    rep_master.CONTROL,
    rep_moq.CONTROL,
    rep_pack.CONTROL,
    rep_max.CONTROL,
    rep_shelf_life.CONTROL,
    rep_budget.CONTROL,
    rep_feed_stale.CONTROL,
    rep_feed_missing.CONTROL,
)
"""Every control of recommendations to replenish. Their order changes nothing."""
