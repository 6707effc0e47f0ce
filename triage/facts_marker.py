"""A mark of everything decisions about papers hang on besides the papers: the feeds, the policy, the rules."""

from core.canonical import sha256_of
from core.database import ReadSession
from ingest.feed_load import newest_loads
from triage.decide import RULES_VERSION
from triage.policy import Policy

_FEEDS = (
    "suppliers",
    "items",
    "purchase_orders",
    "purchase_order_lines",
    "goods_receipts",
    "posted_invoices",
    "erp_blocks",
)


def facts_marker(session: ReadSession, policy: Policy) -> str:
    """Changes whenever a feed was loaded, another policy is in force, or the rules are others; one query."""
    loads = newest_loads(session)
    return sha256_of([[loads.get(feed) for feed in _FEEDS], policy.hash, RULES_VERSION])
