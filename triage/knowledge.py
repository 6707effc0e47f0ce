"""Gathers what the house knows besides a paper: remembered corrections, and what the ERP's feeds name."""

from collections.abc import Iterable

from core.canonical import sha256_of
from core.database import ReadSession
from extraction.knowledge import Hints, Knowledge, make_knowledge
from extraction.values import squeeze
from ingest.erp import ErpReader
from triage import memory

_FEEDS = frozenset({"suppliers", "purchase_orders", "items"})


def gather_knowledge(session: ReadSession) -> Knowledge:
    """Everything that may help to read the next paper, as it is known in this transaction."""
    erp = ErpReader(session)
    suppliers = erp.suppliers_all()
    hints = Hints(
        order_numbers=_keys(erp.open_order_numbers()),
        vat_ids=_keys(supplier.vat_id for supplier in suppliers),
        names=_keys(supplier.name for supplier in suppliers),
        item_ids=_keys(erp.item_numbers()),
    )
    return make_knowledge(memory.remembered(session), hints)


def knowledge_marker(session: ReadSession) -> str:
    """Changes whenever `gather_knowledge` would answer otherwise; much cheaper than asking it."""
    fresh = [(one.feed, one.loaded_at, one.rows) for one in ErpReader(session).freshness() if one.feed in _FEEDS]
    return sha256_of([fresh, [str(part) for part in memory.marker(session)]])


def _keys(texts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(key for text in texts if text and (key := squeeze(text)))
