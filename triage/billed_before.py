"""Compares a paper with invoices seen before, posted in the ERP or known here: surely one, perhaps one, or two.

An invoice is named by its supplier, number, gross total, currency and date. The same one twice differs in one of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from core.decisions import Finding, Outcome
from core.erp import PostedInvoice
from core.keys import number_key
from core.money import plain
from triage.amounts import signed_total
from triage.facts import Facts, KnownInvoice, Paper
from triage.findings import day, finding, money
from triage.likeness import Likeness, is_telling, number_likeness
from triage.orders import find_orders, order_references
from triage.policy import Duplicates, Policy
from triage.same_party import same_party

Whose = Literal["the supplier's", "a namesake's", "somebody's", "another's"]

_EVIDENCE = ("invoice_number", "issue_date", "total_with_vat")
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An invoice seen before. Totals signed as debt.

    Attributes:
        keys: the facts it rests on: itself, the supplier's other master record, the credit note that reverses it.
        whose: of the paper's supplier under whatever number, of one with the same name, of somebody (where one of the
            two suppliers is not known), or of another one.
        on_other_orders: whether it surely bills other orders than the paper names.
    """

    keys: tuple[str, ...]
    supplier_id: str
    whose: Whose
    number: str
    issued: date | None
    total: Decimal
    currency: str
    sha256: str | None
    where: str
    is_reversed: bool
    on_other_orders: bool


def earlier_invoices(facts: Facts, policy: Policy) -> Sequence[Earlier]:
    """Every invoice seen before but this paper itself, in one order."""
    if not facts.posted and not facts.known:
        return ()
    reversed_statuses = policy.statuses.invoice_reversed
    orders = _orders(facts)
    found = [_posted(at, facts, orders, reversed_statuses) for at in facts.posted]
    found += [_known(at, facts, orders) for at in facts.known if at.document_id != facts.paper.document_id]
    found.sort(key=lambda at: (at.whose != "the supplier's", at.keys, at.total, at.currency, at.issued or date.min))
    total = signed_total(facts.paper)
    return [_with_reversal(at, found) if is_same(facts.paper, total, at) else at for at in found]


def may_be_billed(facts: Facts) -> bool:
    """Whether any invoice seen before could be this paper, under any policy; most papers have none."""
    paper, total = facts.paper, signed_total(facts.paper)
    return any(could_be_one(paper, total, at) for at in facts.posted) or any(
        could_be_one(paper, total, at) or at.sha256 == paper.sha256 for at in facts.known
    )


def duplicate_finding(facts: Facts, code: str, outcome: Outcome, message: str, used: Iterable[Earlier]) -> Finding:
    """A finding that the paper was billed before, resting on these invoices."""
    paper, total = facts.paper, signed_total(facts.paper)
    supplier = () if facts.supplier is None else (f"supplier:{facts.supplier.supplier_id}",)
    return finding(
        facts,
        code,
        outcome,
        message,
        subject="invoice_number",
        expected="a number and amount not billed before",
        actual=f"{paper.invoice_number or 'no number'}, {'' if total is None else money(total, paper.currency)}",
        used={*supplier, *(key for earlier in used for key in earlier.keys)},
        evidence=_EVIDENCE,
        at_risk=total,
    )


def named(earlier: Earlier) -> str:
    """An earlier invoice as a person calls it: number, total, where it is, its date."""
    dated = "" if earlier.issued is None else f", dated {day(earlier.issued)}"
    under = "" if earlier.whose == "the supplier's" else f" under supplier {earlier.supplier_id or 'unknown'}"
    return f"invoice {earlier.number} over {money(earlier.total, earlier.currency)} {earlier.where}{under}{dated}"


def is_same(paper: Paper, total: Decimal | None, earlier: Earlier) -> bool:
    """Whether number (look-alikes folded), gross total and currency are equal."""
    number = number_key(paper.invoice_number)
    equal = bool(number) and total == earlier.total and paper.currency == earlier.currency
    return equal and number == number_key(earlier.number)


def closeness(paper: Paper, total: Decimal | None, earlier: Earlier, rules: Duplicates) -> str | None:
    """Why two invoices may be one; None when they are surely the same (another control says so) or clearly two."""
    if earlier.sha256 is not None and earlier.sha256 == paper.sha256:
        return "it is the very same file"
    if is_same(paper, total, earlier):
        return _same_elsewhere(paper, earlier)
    if earlier.whose != "the supplier's":
        return None
    number = number_key(paper.invoice_number)
    same_number = bool(number) and number == number_key(earlier.number)
    same_total, same_currency = total == earlier.total, paper.currency == earlier.currency
    if same_number and same_total:
        return "number and amount are equal, the currency is not"
    if same_number and same_currency and _is_near_total(paper, total, earlier, rules):
        return "the number is equal, the amount nearly"
    if same_total and same_currency and _is_near_number(paper, earlier, rules):
        return "the amount is equal, the number nearly"
    return None


def could_be_one(paper: Paper, total: Decimal | None, earlier: PostedInvoice | KnownInvoice) -> bool:
    """Whether any policy could see the two as one: what is not so need not be kept with a decision."""
    number = number_key(paper.invoice_number)
    if number and number == number_key(earlier.invoice_number):
        return True
    return total == earlier.total_with_vat and number_likeness(paper.invoice_number, earlier.invoice_number) is not None


def _orders(facts: Facts) -> frozenset[str]:
    """The orders the paper bills; none where one of the numbers it names is not known."""
    named, unknown = find_orders(order_references(facts.paper), facts.orders)
    return frozenset() if unknown else frozenset(order.po_number for order in named)


def _posted(at: PostedInvoice, facts: Facts, orders: frozenset[str], reversed_statuses: Sequence[str]) -> Earlier:
    whose, others = _whose(at.supplier_id, facts)
    return Earlier(
        keys=(f"posted_invoice:{at.supplier_id}/{at.invoice_number}", *others),
        supplier_id=at.supplier_id,
        whose=whose,
        number=at.invoice_number,
        issued=at.invoice_date,
        total=at.total_with_vat,
        currency=at.currency,
        sha256=None,
        where="is posted already",
        is_reversed=(at.status or "").strip().lower() in reversed_statuses,
        on_other_orders=bool(orders and at.po_number) and at.po_number not in orders,
    )


def _known(at: KnownInvoice, facts: Facts, orders: frozenset[str]) -> Earlier:
    whose, others = _whose(at.supplier_id, facts)
    return Earlier(
        keys=(f"known_invoice:{at.document_id}", *others),
        supplier_id=at.supplier_id,
        whose=whose,
        number=at.invoice_number,
        issued=at.issue_date,
        total=at.total_with_vat,
        currency=at.currency,
        sha256=at.sha256,
        where="is here already",
        is_reversed=False,
        on_other_orders=bool(orders and at.po_numbers) and orders.isdisjoint(at.po_numbers),
    )


def _whose(supplier_id: str, facts: Facts) -> tuple[Whose, tuple[str, ...]]:
    """Whose an invoice is, and the master record that says so where it is not the paper's supplier's own."""
    if facts.supplier is None or not supplier_id:
        return "somebody's", ()
    if supplier_id == facts.supplier.supplier_id:
        return "the supplier's", ()
    record = next((at for at in facts.related if at.supplier_id == supplier_id), None)
    basis = None if record is None else same_party(facts.supplier, record)
    if basis is None:
        return "another's", ()
    return "a namesake's" if basis == "name" else "the supplier's", (f"supplier:{supplier_id}",)


def _with_reversal(earlier: Earlier, others: Iterable[Earlier]) -> Earlier:
    """An invoice with the newest credit note over exactly its amount that came after it, if there is one."""
    if earlier.is_reversed or earlier.total <= 0 or earlier.whose != "the supplier's":
        return earlier
    reversals = [
        other
        for other in others
        if other.total == -earlier.total
        and other.currency == earlier.currency
        and other.whose == earlier.whose
        and (earlier.issued is None or other.issued is None or other.issued >= earlier.issued)
    ]
    if not reversals:
        return earlier
    newest = max(reversals, key=lambda at: (at.issued or date.max, at.keys))
    return replace(earlier, keys=(*earlier.keys, *newest.keys), is_reversed=True)


def _same_elsewhere(paper: Paper, earlier: Earlier) -> str | None:
    """Why an invoice with the same number, total and currency may be this one, when it is not surely."""
    if earlier.whose == "the supplier's":
        return "a credit note has reversed that one" if earlier.is_reversed else None
    if earlier.whose == "a namesake's":
        return "number and amount are equal, under another number of a supplier of this name"
    same_day = paper.issue_date is not None and paper.issue_date == earlier.issued
    if earlier.whose == "somebody's" and same_day and is_telling(paper.invoice_number):
        return "number, amount and date are equal, and the supplier of one of them is not known"
    return None


def _is_near_total(paper: Paper, total: Decimal | None, earlier: Earlier, rules: Duplicates) -> bool:
    """Within the policy's percentage, billed on the same day, or one slip of the keyboard away.

    A supplier may start its numbers anew each year: the same number long before, in another year, is another invoice.
    """
    if total is None:
        return True
    if (total > 0) != (earlier.total > 0):
        return False
    ours, theirs = paper.issue_date, earlier.issued
    if ours is not None and theirs is not None and ours.year != theirs.year and abs((ours - theirs).days) > rules.days:
        return False
    near = abs(total - earlier.total) * 100 <= abs(earlier.total) * rules.gross_pct
    return near or (ours is not None and ours == theirs) or _is_slip(total, earlier.total)


def _is_slip(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts differ by one digit typed wrongly, left out, added or swapped, or by where the point is."""
    from rapidfuzz.distance import OSA

    ours, theirs = (plain(abs(amount)).replace(".", "").strip("0") for amount in (one, other))
    if ours == theirs:
        return True
    return min(len(ours), len(theirs)) >= _FEWEST_DIGITS and OSA.distance(ours, theirs) <= 1


def _is_near_number(paper: Paper, earlier: Earlier, rules: Duplicates) -> bool:
    """Alike as written: of one day, or within the policy's days. As a counter could have made them: only of one day.

    A second copy names the order of the first: bills of several places or deliveries, one after the other and over
    the same amount, each name their own.
    """
    likeness = number_likeness(paper.invoice_number, earlier.number)
    ours, theirs = paper.issue_date, earlier.issued
    same_day = ours is not None and ours == theirs
    if likeness is Likeness.WRITTEN:
        if same_day or ours is None or theirs is None:
            return True
        return abs((ours - theirs).days) <= rules.days and not earlier.on_other_orders
    return likeness is Likeness.COUNTED and same_day and not earlier.on_other_orders
