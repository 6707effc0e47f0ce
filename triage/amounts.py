"""The paper's amounts as the buyer's debt: signed, and completed where one of three was not printed."""

from dataclasses import replace
from decimal import Decimal

from core.documents import DocumentType
from core.money import round_amount
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
    return replace(
        line,
        quantity=None if quantity is None else signed(paper, quantity),
        unit_price=price,
        line_net_amount=None if net is None else signed(paper, net),
    )


def net_total(paper: Paper) -> Decimal | None:
    """The total without VAT: printed, else gross less VAT, else gross where the paper shows no VAT at all."""
    if paper.total_without_vat is not None:
        return paper.total_without_vat
    if paper.total_with_vat is None:
        return None
    if paper.total_vat is not None:
        return paper.total_with_vat - paper.total_vat
    shows_vat = paper.tax_breakdown or any(line.tax_rate for line in paper.lines)
    return None if shows_vat else paper.total_with_vat
