"""Loads what judging customers' orders and recommendations have in common."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from ingest.erp import ErpReader
from ingest.erp_planning import PlanningReader
from triage.inbound import Inbound, open_inbound
from triage.policy import Policy

Record = TypeVar("Record")


def load_inbound(
    erp: ErpReader, planning: PlanningReader, items: Iterable[str], policy: Policy, as_of: datetime
) -> tuple[Inbound, ...]:
    """What is on order of these items and not yet here."""
    lines = planning.order_lines_of_items(items)
    numbers = {line.po_number for line in lines}
    return open_inbound(
        erp.orders(numbers), lines, erp.receipts(numbers), closed=policy.statuses.order_closed, as_of=as_of
    )


def by_key(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, tuple[Record, ...]]:
    """Records by a key, each group in the order they came."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return {name: tuple(group) for name, group in found.items()}
