"""Narrows what is known of earlier invoices to what could change a decision: facts are kept with every decision.

Years of postings are looked through; those that no policy could take for the paper are left out. No decision differs.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from core.erp import PostedInvoice
from core.keys import number_key
from triage.amounts import signed_total
from triage.billed_before import could_be_one
from triage.facts import Facts, KnownInvoice, Paper


def narrow(facts: Facts) -> Facts:
    """The facts with only those earlier invoices that may be the paper, reverse it, or bill its orders.

    Of other suppliers' master records those stay under which one of them is.
    """
    paper, total = facts.paper, signed_total(facts.paper)
    numbers = {order.po_number for order in facts.orders}
    itemised = {line.document_id for line in facts.billed}
    every: tuple[PostedInvoice | KnownInvoice, ...] = (*facts.posted, *facts.known)
    reversal = -total if total is not None and total > 0 and _is_twice(paper, total, every) else None
    posted = tuple(
        at
        for at in facts.posted
        if at.po_number in numbers or at.total_with_vat == reversal or could_be_one(paper, total, at)
    )
    known = tuple(
        at
        for at in facts.known
        if at.document_id in itemised
        or at.sha256 == paper.sha256
        or at.total_with_vat == reversal
        or could_be_one(paper, total, at)
    )
    kept: tuple[PostedInvoice | KnownInvoice, ...] = (*posted, *known)
    under = {at.supplier_id for at in kept}
    related = tuple(at for at in facts.related if at.supplier_id in under)
    return replace(facts, posted=posted, known=known, related=related)


def _is_twice(paper: Paper, total: Decimal, earlier: Iterable[PostedInvoice | KnownInvoice]) -> bool:
    """Whether an invoice of this number and total is there, so that a credit note over it matters."""
    number = number_key(paper.invoice_number)
    return any(at.total_with_vat == total and number_key(at.invoice_number) == number for at in earlier)
