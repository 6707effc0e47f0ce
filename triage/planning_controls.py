"""Which controls there are of customers' orders, as `triage.controls.catalogue` shows them."""

from triage.controls import (
    ord_carrier,
    ord_cutoff,
    ord_erp_block,
    ord_feed_missing,
    ord_feed_stale,
    ord_split,
    ord_stock,
)
from triage.planning_control import OrderControl

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
