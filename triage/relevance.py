"""Narrows what is known of a supplier's invoices to what could change a decision: facts are kept with every decision.

Years of postings are looked through; those that share nothing with the paper are left out. No decision differs.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from core.erp import PostedInvoice
from core.keys import number_key
from triage.facts import Facts, KnownInvoice

Invoice = TypeVar("Invoice", PostedInvoice, KnownInvoice)


def narrow(facts: Facts) -> Facts:
    """The facts with only those earlier invoices that share the number, an amount, the file or an order with the paper.

    Of each that stays those of the same or the opposite amount stay too: one may be the credit note that reverses it.
    """
    numbers = {order.po_number for order in facts.orders}
    itemised = {line.document_id for line in facts.billed}
    near: list[PostedInvoice | KnownInvoice] = [
        *(at for at in facts.posted if _shares(at, facts) or at.po_number in numbers),
        *(at for at in facts.known if _shares(at, facts) or at.document_id in itemised),
    ]
    near += [at for at in facts.known if at.sha256 == facts.paper.sha256]
    amounts = {abs(at.total_with_vat) for at in near}
    kept = {id(at) for at in near}
    return replace(facts, posted=_kept(facts.posted, kept, amounts), known=_kept(facts.known, kept, amounts))


def _shares(earlier: PostedInvoice | KnownInvoice, facts: Facts) -> bool:
    paper = facts.paper
    same_number = number_key(earlier.invoice_number) == number_key(paper.invoice_number)
    return same_number or (
        paper.total_with_vat is not None and abs(paper.total_with_vat) == abs(earlier.total_with_vat)
    )


def _kept(invoices: Iterable[Invoice], kept: set[int], amounts: set[Decimal]) -> tuple[Invoice, ...]:
    return tuple(at for at in invoices if id(at) in kept or abs(at.total_with_vat) in amounts)
