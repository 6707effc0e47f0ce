"""What shipment documents say was shipped: by this one, by those before it, and what of it has been received.

One shipment may have several papers (a packing list beside a delivery note). Papers of one kind are compared with
papers of that kind, and copies under one shipment number count once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date
from decimal import Decimal
from typing import NamedTuple

from core.documents import SHIPMENT_TYPES
from core.erp import GoodsReceipt, PurchaseOrderLine
from core.keys import number_key
from core.money import ZERO, exact_sum
from triage.facts import Facts, KnownShipment, Paper, ShippedLine
from triage.match import Match


class Earlier(NamedTuple):
    """What was shipped on an order line before this paper, and the records that say so."""

    quantity: Decimal
    used: tuple[str, ...]


def shipped_on(paper: Paper) -> date | None:
    """The day the goods left, else came, else the day of the paper."""
    return paper.despatch_date or paper.delivery_date or paper.issue_date


def known_shipment(paper: Paper, supplier_id: str | None) -> KnownShipment | None:
    """A shipment document as later ones are compared with it; None for a paper of another kind."""
    if paper.document_type not in SHIPMENT_TYPES:
        return None
    return KnownShipment(
        document_id=paper.document_id,
        sha256=paper.sha256,
        document_type=paper.document_type,
        supplier_id=supplier_id,
        shipment_number=paper.shipment_number,
        shipped_on=shipped_on(paper),
    )


def shipped_lines(paper: Paper, match: Match) -> tuple[ShippedLine, ...]:
    """What this paper ships on each order line, in the order's unit; nothing where that cannot be counted."""
    if paper.document_type not in SHIPMENT_TYPES:
        return ()
    return tuple(
        ShippedLine(
            document_id=paper.document_id,
            po_number=figures.line.po_number,
            line_number=figures.line.line_number,
            quantity=figures.invoiced,
        )
        for figures in match.figures
        if figures.invoiced is not None
    )


def others_of_kind(facts: Facts) -> Mapping[str, KnownShipment]:
    """Shipment documents of this paper's kind that were here before, by document."""
    paper = facts.paper
    return {
        at.document_id: at
        for at in facts.known_shipments
        if at.document_type is paper.document_type and at.document_id != paper.document_id
    }


def has_same_number(facts: Facts, other: KnownShipment) -> bool:
    """Whether another paper has this one's shipment number, and is not known to be from somebody else."""
    ours = number_key(facts.paper.shipment_number)
    suppliers = {other.supplier_id, None if facts.supplier is None else facts.supplier.supplier_id} - {None}
    return bool(ours) and number_key(other.shipment_number) == ours and len(suppliers) < 2


def shipped_before(facts: Facts, line: PurchaseOrderLine) -> Earlier:
    """Shipped on an order line before: by other papers of this kind, or received before this shipment left.

    The larger of the two: goods that came without a paper were shipped, and so were those still on their way.
    """
    on = shipped_on(facts.paper)
    papers = _on_papers(facts, line, lambda _: True)
    came = [at for at in _receipts(facts, line) if on is not None and _day(at) < on]
    received = exact_sum(at.quantity for at in came)
    return Earlier(max(papers.quantity, received, ZERO), (*papers.used, *receipt_keys(came)))


def shipped_beside(facts: Facts, line: PurchaseOrderLine, *, first: date, last: date) -> Earlier:
    """Shipped on an order line by other papers of this kind in a span of days."""
    return _on_papers(facts, line, lambda at: at.shipped_on is not None and first <= at.shipped_on <= last)


def received_between(facts: Facts, line: PurchaseOrderLine, *, first: date, last: date) -> tuple[GoodsReceipt, ...]:
    """Receipts of an order line posted in a span of days."""
    return tuple(at for at in _receipts(facts, line) if first <= _day(at) <= last)


def receipt_keys(receipts: Iterable[GoodsReceipt]) -> tuple[str, ...]:
    """Keys of receipts, as facts are named."""
    return tuple(f"goods_receipt:{at.receipt_id}" for at in receipts)


def shipped_key(line: ShippedLine) -> str:
    """The key of what a paper ships on an order line, as facts are named."""
    return f"shipped_line:{line.document_id}/{line.po_number}/{line.line_number}"


def _on_papers(facts: Facts, line: PurchaseOrderLine, counts: Callable[[KnownShipment], bool]) -> Earlier:
    others = {
        document_id: at
        for document_id, at in others_of_kind(facts).items()
        if not has_same_number(facts, at) and counts(at)
    }
    by_shipment: defaultdict[str, list[Decimal]] = defaultdict(list)
    used: list[str] = []
    for at in facts.shipped:
        other = others.get(at.document_id)
        if other is None or (at.po_number, at.line_number) != (line.po_number, line.line_number):
            continue
        by_shipment[number_key(other.shipment_number) or other.document_id].append(at.quantity)
        used += [f"known_shipment:{other.document_id}", shipped_key(at)]
    return Earlier(exact_sum(max(quantities) for quantities in by_shipment.values()), tuple(used))


def _receipts(facts: Facts, line: PurchaseOrderLine) -> list[GoodsReceipt]:
    key = (line.po_number, line.line_number)
    return [at for at in facts.receipts if (at.po_number, at.line_number) == key]


def _day(receipt: GoodsReceipt) -> date:
    return receipt.received_at.astimezone(UTC).date()
