"""The paper's amounts as the buyer's debt: signed, and completed where one of three was not printed."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from core.documents import DocumentType
from core.money import ZERO, exact_sum, round_amount
from triage.facts import Paper, PaperLine

_QUANTITY_STEP = Decimal("0.001")


def signed(paper: Paper, amount: Decimal) -> Decimal:
    """An amount or quantity as debt: a credit note reduces it, whether its amounts are printed with a minus or not."""
    if paper.document_type is not DocumentType.CREDIT_NOTE:
        return amount
    printed_negative = paper.total_with_vat is not None and paper.total_with_vat < 0
    return amount if printed_negative else -amount


def signed_total(paper: Paper) -> Decimal | None:
    """The paper's gross total as debt, None when it has none."""
    return None if paper.total_with_vat is None else signed(paper, paper.total_with_vat)


def signed_line(paper: Paper, line: PaperLine) -> PaperLine:
    """A line with quantity and net amount as debt, and the one of quantity, price and net that is missing derived."""
    quantity, price, net = line.quantity, line.unit_price, line.line_net_amount
    if quantity is None and price and net is not None:
        quantity = (net / price).quantize(_QUANTITY_STEP)
    elif price is None and quantity and net is not None:
        price = net / quantity
    elif net is None and quantity is not None and price is not None:
        net = quantity * price if paper.currency is None else round_amount(quantity * price, paper.currency)
    quantity = None if quantity is None else signed(paper, quantity)
    net = None if net is None else signed(paper, net)
    if quantity is line.quantity and price is line.unit_price and net is line.line_net_amount:
        return line
    return replace(line, quantity=quantity, unit_price=price, line_net_amount=net)


def net_total(paper: Paper) -> Decimal | None:
    """The total without VAT: printed, else gross less VAT, else gross where the paper shows no VAT at all."""
    if paper.total_without_vat is not None:
        return paper.total_without_vat
    if paper.total_with_vat is None:
        return None
    vat = vat_total(paper)
    if vat is not None:
        return paper.total_with_vat - vat
    shows_vat = paper.tax_breakdown or any(line.tax_rate for line in paper.lines)
    return None if shows_vat else paper.total_with_vat


def vat_total(paper: Paper) -> Decimal | None:
    """Total VAT: printed, else the sum of the breakdown, else what the rates of the lines make; None where unknown."""
    if paper.total_vat is not None:
        return paper.total_vat
    taxes = [group.tax_amount for group in paper.tax_breakdown if group.tax_amount is not None]
    if taxes and len(taxes) == len(paper.tax_breakdown):
        return exact_sum(taxes)
    by_rate = bases_by_rate(paper)
    if by_rate is None or paper.currency is None:
        return None
    return round_amount(exact_sum(base * rate / 100 for rate, base in by_rate.items()), paper.currency)


def bases_by_rate(paper: Paper) -> dict[Decimal, Decimal] | None:
    """Net amounts of the lines by VAT rate, None unless every line shows both."""
    by_rate: defaultdict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in paper.lines:
        if line.tax_rate is None or line.line_net_amount is None:
            return None
        by_rate[line.tax_rate] += line.line_net_amount
    return dict(by_rate) or None


def gap(paper: Paper, printed: Decimal, computed: Decimal) -> Decimal:
    """How far two amounts of one paper are apart.

    On a credit note the minus may stand on one, on both or on neither; on an invoice a minus means something.
    """
    if paper.document_type is DocumentType.CREDIT_NOTE:
        return abs(abs(printed) - abs(computed))
    return abs(printed - computed)
