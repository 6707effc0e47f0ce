"""Sums up what a paper bills beside ordered goods: charges, deposits, and its balance against the order's prices.

All as the buyer's debt, and with what papers before it have billed on the same orders, so that an allowance for a
whole order is used up once however many papers it is billed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.documents import BILLING_TYPES
from core.erp import PurchaseOrder
from core.money import ZERO, exact_sum
from triage.amounts import net_total, signed, signed_line
from triage.earlier import Earlier, add_up
from triage.facts import BilledHeader, Facts, Paper, PaperLine
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy
from triage.unpaired import is_charge, is_deposit, unpaired_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a paper bills beside its lines.

    Attributes:
        charge_amount: freight and other charges that are not on the order; `charges`: the lines among them.
        deposit_amount: deposits billed less those deducted; `deposits`: the lines.
        net_amount: net total without charges and deposits.
        ordered_amount: quantity × order price of everything paired; `balance_amount`: what goods cost beyond that.
            Both 0 where they cannot be compared (`is_comparable`).
    """

    charge_amount: Decimal = ZERO
    deposit_amount: Decimal = ZERO
    net_amount: Decimal = ZERO
    ordered_amount: Decimal = ZERO
    balance_amount: Decimal = ZERO
    charges: tuple[PaperLine, ...] = ()
    deposits: tuple[PaperLine, ...] = ()
    is_comparable: bool = False


def header_of(facts: Facts, match: Match, policy: Policy) -> Header:
    """What this paper bills beside ordered goods."""
    paper = facts.paper
    unpaired = unpaired_lines(facts, match)
    deposits = tuple(at for at in unpaired if is_deposit(at))
    charges = tuple(at for at in unpaired if not is_deposit(at) and is_charge(at, policy))
    charge_amount = _sum(paper, charges) + signed(paper, paper.total_charges or ZERO)
    billed_deposit = _sum(paper, deposits)
    net = net_total(paper)
    net_amount = ZERO if net is None else signed(paper, net) - charge_amount - billed_deposit
    comparable = net is not None and bool(match.figures) and _can_be_compared(facts, match)
    strangers = _sum(paper, [at for at in unpaired if at not in deposits and at not in charges])
    ordered = exact_sum((at.invoiced or ZERO) * at.line.unit_price for at in match.figures) if comparable else ZERO
    return Header(
        charge_amount=charge_amount,
        deposit_amount=billed_deposit or -_deducted_by_prepayment(facts, match),
        net_amount=net_amount,
        ordered_amount=ordered,
        balance_amount=net_amount - strangers - ordered if comparable else ZERO,
        charges=charges,
        deposits=deposits,
        is_comparable=comparable,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What papers before this one have billed beside ordered goods on any of its orders; each paper counts once.

    Attributes:
        charges: measured by the goods they came with; `balances`: by the value of their goods at the order's prices.
        deposit_amount: deposits billed and not yet deducted.
        keys: of the records they left.
    """

    charges: Earlier
    balances: Earlier
    deposit_amount: Decimal
    keys: tuple[str, ...]


def header_before(facts: Facts, match: Match) -> Before:
    """What papers before this one have billed beside ordered goods."""
    numbers = {order.po_number for order in match.orders}
    rows = [at for at in facts.billed_headers if at.po_number in numbers and at.document_id != facts.paper.document_id]
    papers = {at.document_id: at for at in sorted(rows, key=lambda at: (at.document_id, at.po_number))}.values()
    whole = [(at, at.net_amount + at.charge_amount) for at in papers]
    return Before(
        charges=add_up((at.charge_amount, at.net_amount, billed) for at, billed in whole),
        balances=add_up((at.balance_amount, at.ordered_amount, billed) for at, billed in whole),
        deposit_amount=exact_sum(at.deposit_amount for at in papers),
        keys=tuple(sorted(f"billed_header:{at.document_id}/{at.po_number}" for at in rows)),
    )


def billed_headers(facts: Facts, match: Match, policy: Policy) -> tuple[BilledHeader, ...]:
    """What this paper bills beside its lines, to be remembered for the papers after it, for each order it is about.

    Nothing for an order in another currency: amounts would mix.
    """
    if facts.paper.document_type not in BILLING_TYPES:
        return ()
    header = header_of(facts, match, policy)
    return tuple(
        BilledHeader(
            document_id=facts.paper.document_id,
            po_number=order.po_number,
            net_amount=header.net_amount,
            ordered_amount=header.ordered_amount,
            balance_amount=header.balance_amount,
            charge_amount=header.charge_amount,
            deposit_amount=header.deposit_amount,
        )
        for order in orders_billed(facts, match)
    )


def orders_billed(facts: Facts, match: Match) -> tuple[PurchaseOrder, ...]:
    """The orders in the paper's own currency that it names, or, where it names none, that its lines bill."""
    paired = {figures.order.po_number for figures in match.figures}
    named = bool(order_references(facts.paper))
    return tuple(
        order
        for order in match.orders
        if order.currency == facts.paper.currency and (named or order.po_number in paired)
    )


def _can_be_compared(facts: Facts, match: Match) -> bool:
    return all(at.order.currency == facts.paper.currency and at.invoiced is not None for at in match.figures)


def _sum(paper: Paper, lines: Sequence[PaperLine]) -> Decimal:
    return exact_sum(signed_line(paper, at).line_net_amount or ZERO for at in lines)


def _deducted_by_prepayment(facts: Facts, match: Match) -> Decimal:
    """Deposits of papers before it that a prepaid amount deducts, without VAT: no more than stands open."""
    paper, gross, net = facts.paper, facts.paper.total_with_vat, net_total(facts.paper)
    if not paper.prepaid_amount or not gross or net is None:
        return ZERO
    prepaid = signed(paper, paper.prepaid_amount) * net / gross
    return min(max(prepaid, ZERO), max(header_before(facts, match).deposit_amount, ZERO))
