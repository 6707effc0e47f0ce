"""Sees to it that nobody accepts what is not so any more: a feed that came after a decision has it made again first.

Nothing is judged again where no feed it rests on was loaded since. What is no news to a planner (ages, a figure of a
model that moved) stops nobody.
"""

from collections.abc import Mapping

from core.database import ReadSession
from core.errors import ConflictError
from core.ids import made_at
from ingest.erp import ErpReader
from triage.planning_judged import Judged
from triage.planning_news import says_more
from triage.planning_recorded import RecordedPlanning

_ON_ORDER = ("purchase_orders", "purchase_order_lines", "goods_receipts")
RESTS_ON: Mapping[str, frozenset[str]] = {
    "order": frozenset(
        {"sales_orders", "sales_order_lines", "shipments", "stock_levels", "locations", "erp_blocks", *_ON_ORDER}
    ),
    "recommendation": frozenset({"items", "suppliers", "stock_levels", "demand", *_ON_ORDER}),
    "demand": frozenset({"demand"}),
}
"""Feeds a decision about planning is made from, by its kind."""


def newer_feeds(session: ReadSession, record: RecordedPlanning) -> tuple[str, ...]:
    """Feeds the decision rests on that were loaded after it was made."""
    since, needed = made_at(record.decision_id), RESTS_ON.get(record.kind, frozenset())
    fresh = ErpReader(session).freshness()
    return tuple(
        one.feed for one in fresh if one.feed in needed and one.loaded_at is not None and one.loaded_at > since
    )


def check_still_so(session: ReadSession, record: RecordedPlanning, again: Judged | None) -> None:
    """Refuses to accept a decision that newer feeds would have made otherwise.

    Args:
        again: the same judged from the feeds as they are now; None where nobody has looked.

    Raises:
        ConflictError: `CASE-FACTS-CHANGED`.
    """
    newer = newer_feeds(session, record)
    if not newer or (again is not None and not says_more(again, record)):
        return
    raise ConflictError(
        "CASE-FACTS-CHANGED",
        f"Newer feeds ({', '.join(newer)}) have come since this was decided, and it is not so any more.",
        "Look at the case as it is now, then decide.",
    )
