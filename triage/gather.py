"""Gathers the facts a decision is made from: what the ERP's feeds and this house know about a paper."""

from datetime import datetime

from core.database import ReadSession
from core.erp import PurchaseOrder, Supplier
from ingest.erp import ErpReader
from triage import pending
from triage.facts import Facts, Paper
from triage.identify import identify
from triage.orders import find_orders, order_references
from triage.relevance import narrow


def gather(session: ReadSession, paper: Paper, as_of: datetime) -> Facts:
    """Everything the controls may look at, as it is known in this transaction.

    Of the orders those the paper names; where it names none, its supplier's open ones.
    """
    erp = ErpReader(session)
    identified = identify(paper, erp.suppliers_all())
    supplier = None if identified is None else identified.supplier
    orders = _orders(erp, paper, supplier)
    numbers = tuple(order.po_number for order in orders)
    order_lines = erp.order_lines(numbers)
    facts = Facts(
        paper=paper,
        as_of=as_of,
        supplier=supplier,
        orders=orders,
        order_lines=order_lines,
        receipts=erp.receipts(numbers),
        items=erp.items(sorted({line.item_id for line in order_lines})),
        posted=() if supplier is None else erp.posted_invoices(supplier.supplier_id),
        known=()
        if supplier is None
        else pending.known_invoices(session, supplier.supplier_id, except_document_id=paper.document_id),
        billed=pending.billed_lines(session, numbers, except_document_id=paper.document_id),
        feeds=erp.freshness(),
        erp_blocks=erp.erp_blocks(_references(paper, supplier, numbers)),
    )
    return narrow(facts)


def _orders(erp: ErpReader, paper: Paper, supplier: Supplier | None) -> tuple[PurchaseOrder, ...]:
    """By the numbers as printed; a number no order has may still be one of the supplier's, spelled differently."""
    references = order_references(paper)
    if not references:
        return () if supplier is None else erp.open_orders(supplier.supplier_id)
    orders = erp.orders(references)
    _, missing = find_orders(references, orders)
    if not missing or supplier is None:
        return orders
    respelled, _ = find_orders(missing, erp.open_orders(supplier.supplier_id))
    by_number = {order.po_number: order for order in (*orders, *respelled)}
    return tuple(by_number[number] for number in sorted(by_number))


def _references(paper: Paper, supplier: Supplier | None, po_numbers: tuple[str, ...]) -> tuple[str, ...]:
    """What the ERP may have blocked it under: the invoice's number, with its supplier's too, or an order's."""
    names = {paper.document_id, *po_numbers}
    if paper.invoice_number:
        names.add(paper.invoice_number)
        if supplier is not None:
            names.add(f"{supplier.supplier_id}/{paper.invoice_number}")
    if paper.shipment_number:
        names.add(paper.shipment_number)
    return tuple(sorted(names))
