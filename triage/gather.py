"""Gathers the facts decisions are made from: what the ERP's feeds and this house know about papers.

Many papers are gathered with as many queries as one: each query asks for all of them.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

from core.billed import InvoiceKeys
from core.database import ReadSession
from core.erp import PostedInvoice, PurchaseOrder, Supplier
from core.keys import gross_key, number_key
from ingest.erp import ErpReader
from triage import pending, promises
from triage.amounts import signed_total
from triage.facts import BilledLine, Facts, KnownInvoice, Paper
from triage.identify import SupplierIndex
from triage.orders import find_orders, order_references
from triage.recent import gather_recent
from triage.relevance import narrow
from triage.shipments import gather_shipments

PAPERS_AT_ONCE = 2_000

_Record = TypeVar("_Record")

_INDEXES: OrderedDict[str, SupplierIndex] = OrderedDict()
_MOST_INDEXES = 2


def gather(session: ReadSession, paper: Paper, as_of: datetime) -> Facts:
    """Everything the controls may look at, as it is known in this transaction.

    Of the orders those the paper names; where it names none, its supplier's open ones.
    """
    return gather_many(session, [paper], as_of)[0]


def gather_many(session: ReadSession, papers: Sequence[Paper], as_of: datetime) -> list[Facts]:
    """The facts of each paper, as `gather` finds them one by one.

    What is decided about one of them is not among the facts of the next: this is for judging, not for deciding.
    """
    erp = ErpReader(session)
    index = supplier_index(erp)
    return [
        facts
        for start in range(0, len(papers), PAPERS_AT_ONCE)
        for facts in _gather(session, erp, index, papers[start : start + PAPERS_AT_ONCE], as_of)
    ]


def supplier_index(erp: ErpReader) -> SupplierIndex:
    """All suppliers as this transaction knows them, prepared once for each load of the feed."""
    marker = erp.suppliers_marker()
    if marker is None:
        return SupplierIndex(erp.suppliers_all())
    index = _INDEXES.get(marker)
    if index is None:
        index = _INDEXES[marker] = SupplierIndex(erp.suppliers_all())
        while len(_INDEXES) > _MOST_INDEXES:
            _INDEXES.popitem(last=False)
    return index


def _gather(
    session: ReadSession, erp: ErpReader, index: SupplierIndex, papers: Sequence[Paper], as_of: datetime
) -> list[Facts]:
    identified = [index.identify(paper) for paper in papers]
    suppliers = [None if found is None else found.supplier for found in identified]
    orders = _orders(erp, papers, suppliers)
    numbers = [tuple(order.po_number for order in mine) for mine in orders]
    all_numbers = {number for mine in numbers for number in mine}
    lines = _by(erp.order_lines(all_numbers), lambda line: line.po_number)
    receipts = _by(erp.receipts(all_numbers), lambda receipt: receipt.po_number)
    items = {item.item_id: item for item in erp.items({line.item_id for each in lines.values() for line in each})}
    refs = [_references(*at) for at in zip(papers, suppliers, numbers, strict=True)]
    blocks = _by(erp.erp_blocks({ref for mine in refs for ref in mine}), lambda block: number_key(block.document_ref))
    billed = _billed(session, papers, numbers)
    headers = _by(pending.billed_headers(session, all_numbers), lambda at: at.po_number)
    keys = [_keys(paper, supplier, index, as_of) for paper, supplier in zip(papers, suppliers, strict=True)]
    posted, known = _posted(erp, keys, numbers), _known(session, papers, keys, billed)
    feeds = erp.freshness()
    versions = promises.newest(session, {paper.document_type.value for paper in papers})
    recent = gather_recent(session, papers, suppliers, orders, as_of)
    shipments = gather_shipments(session, papers, numbers)
    gathered = []
    for at, paper in enumerate(papers):
        order_lines = _of(lines, numbers[at])
        facts = Facts(
            paper=paper,
            as_of=as_of,
            supplier=suppliers[at],
            orders=orders[at],
            order_lines=order_lines,
            receipts=_of(receipts, numbers[at]),
            items=tuple(items[item_id] for item_id in sorted({line.item_id for line in order_lines} & items.keys())),
            posted=posted[at],
            known=known[at],
            billed=billed[at],
            feeds=feeds,
            erp_blocks=_of(blocks, sorted({number_key(ref) for ref in refs[at]})),
            related=_related(suppliers[at], (*posted[at], *known[at]), index),
            iban_changed_at=recent[at].iban_changed_at,
            recent_invoices=recent[at].invoices,
            recent_orders=recent[at].orders,
            billed_headers=tuple(one for one in _of(headers, numbers[at]) if one.document_id != paper.document_id),
            known_shipments=shipments[at][0],
            shipped=shipments[at][1],
            promise=promises.promise_for(paper, versions.get(paper.document_type.value)),
        )
        gathered.append(narrow(facts))
    return gathered


def _by(records: Iterable[_Record], key: Callable[[_Record], str]) -> Mapping[str, list[_Record]]:
    found: defaultdict[str, list[_Record]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return found


def _of(records: Mapping[str, Sequence[_Record]], keys: Iterable[str]) -> tuple[_Record, ...]:
    return tuple(record for key in keys for record in records.get(key, ()))


def _orders(
    erp: ErpReader, papers: Sequence[Paper], suppliers: Sequence[Supplier | None]
) -> list[tuple[PurchaseOrder, ...]]:
    """By the numbers as printed; a number no order has may still be one of the supplier's, spelled differently."""
    references = [order_references(paper) for paper in papers]
    by_number = {order.po_number: order for order in erp.orders({ref for mine in references for ref in mine})}
    named = [tuple(by_number[ref] for ref in mine if ref in by_number) for mine in references]
    missing = [find_orders(mine, orders)[1] for mine, orders in zip(references, named, strict=True)]
    searching = [
        supplier.supplier_id
        for supplier, mine, absent in zip(suppliers, references, missing, strict=True)
        if supplier is not None and (absent or not mine)
    ]
    still_open = erp.open_orders(searching)
    found = []
    for supplier, mine, orders, absent in zip(suppliers, references, named, missing, strict=True):
        theirs = () if supplier is None else still_open.get(supplier.supplier_id, ())
        if not mine:
            found.append(theirs)
            continue
        respelled = find_orders(absent, theirs)[0] if absent else ()
        all_named = {order.po_number: order for order in (*orders, *respelled)}
        found.append(tuple(all_named[number] for number in sorted(all_named)))
    return found


def _keys(paper: Paper, supplier: Supplier | None, index: SupplierIndex, as_of: datetime) -> InvoiceKeys:
    """What this paper may have been billed under before: its supplier is looked up under every number it has."""
    total = signed_total(paper)
    own = () if supplier is None else (supplier, *index.siblings(supplier))
    return InvoiceKeys(
        supplier_ids=tuple(one.supplier_id for one in own),
        number_key=number_key(paper.invoice_number),
        gross_key=gross_key(total),
        reversal_key=gross_key(-total) if total is not None and total > 0 else "",
        start=(paper.issue_date or as_of.date()).isoformat(),
    )


def _posted(
    erp: ErpReader, keys: Sequence[InvoiceKeys], numbers: Sequence[tuple[str, ...]]
) -> list[tuple[PostedInvoice, ...]]:
    alike = erp.posted_alike(keys)
    on_orders = _by(
        erp.posted_on_orders({number for mine in numbers for number in mine}), lambda invoice: invoice.po_number or ""
    )
    return [tuple(dict.fromkeys((*alike[at], *_of(on_orders, mine)))) for at, mine in enumerate(numbers)]


def _billed(
    session: ReadSession, papers: Sequence[Paper], numbers: Sequence[tuple[str, ...]]
) -> list[tuple[BilledLine, ...]]:
    all_lines = enumerate(pending.billed_lines(session, {number for mine in numbers for number in mine}))
    by_order = _by(all_lines, lambda at: at[1].po_number)
    found = []
    for paper, mine in zip(papers, numbers, strict=True):
        in_order = sorted(_of(by_order, mine), key=itemgetter(0))
        found.append(tuple(line for _, line in in_order if line.document_id != paper.document_id))
    return found


def _known(
    session: ReadSession,
    papers: Sequence[Paper],
    keys: Sequence[InvoiceKeys],
    billed: Sequence[tuple[BilledLine, ...]],
) -> list[tuple[KnownInvoice, ...]]:
    """Invoices seen here that are alike, of the same file, or on the same order lines; never the paper itself."""
    alike = pending.known_alike(session, keys)
    itemised = [{line.document_id for line in mine} for mine in billed]
    others = pending.known_by(
        session,
        document_ids={document_id for mine in itemised for document_id in mine},
        sha256s={paper.sha256 for paper in papers},
    )
    by_document, by_file = {at.document_id: at for at in others}, _by(others, lambda at: at.sha256)
    found = []
    for paper, theirs, documents in zip(papers, alike, itemised, strict=True):
        on_lines = (by_document[document_id] for document_id in documents & by_document.keys())
        mine = {at.document_id: at for at in (*theirs, *on_lines, *by_file.get(paper.sha256, ()))}
        mine.pop(paper.document_id, None)
        found.append([mine[document_id] for document_id in sorted(mine)])
    orders = pending.orders_of(session, {at.document_id for theirs in found for at in theirs})
    return [
        tuple(replace(at, po_numbers=orders[at.document_id]) if at.document_id in orders else at for at in theirs)
        for theirs in found
    ]


def _related(
    supplier: Supplier | None, invoices: Iterable[PostedInvoice | KnownInvoice], index: SupplierIndex
) -> tuple[Supplier, ...]:
    """Master records of other numbers that these invoices are under."""
    own = None if supplier is None else supplier.supplier_id
    others = (index.get(supplier_id) for supplier_id in sorted({at.supplier_id for at in invoices} - {own}))
    return tuple(record for record in others if record is not None)


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
