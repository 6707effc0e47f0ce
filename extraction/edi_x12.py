"""Reads X12 invoices (810), ship notices (856), orders (850) and their answers (855) in the terms of the interface."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.documents import DocumentType, Field, Remark, Row, Source
from extraction.edi_message import Contents, Message, Segment, check_count, total, unknown
from extraction.edi_x12_parts import X12Fields, first_party, parties, references, words
from extraction.edi_x12_ship import parse_ship_notice
from extraction.x12 import read_x12
from extraction.xml_fields import not_one, not_zero, row

_SELLERS = ("SE", "SU", "VN", "RI")
_BUYERS = ("BY", "BT", "OB")
_CREDIT_KINDS = frozenset({"CR", "CN", "CM"})
_FROM_INVOICE_DATE = "3"
# Codes of the price's unit that say it is for more than one.
_PRICED_FOR = {"HP": "100", "HF": "100", "HT": "100", "TP": "1000", "TT": "1000", "PN": "1000"}
_make = X12Fields(Source.X12)


def parse(data: bytes) -> Contents:
    """What the first transaction set says.

    Raises:
        InputError: `DOC-EDI-BROKEN`, or `DOC-EDI-UNKNOWN` naming the type of the message.
    """
    message = read_x12(data)
    if message.kind not in _READERS:
        raise unknown("X12", message.kind)
    contents = _READERS[message.kind](message)
    return replace(contents, findings=(*contents.findings, *message.findings))


def _invoice(message: Message) -> Contents:
    header, lines, summary = _split(message, "IT1", {"TDS"})
    begin = _first(header, "BIG")
    fields = _common(header, ("ST",)) | {
        "invoice_number": _make.text(begin.part(2)),
        "issue_date": _make.date(begin.part(1)),
        "due_date": _due_date(header, begin.part(1)),
        "delivery_date": _make.day(header, "035"),
        "purchase_order_reference": _make.text(begin.part(4) or references(header, "PO")),
        "despatch_advice_reference": _make.text(references(header, "SI", "PK")),
        "total_with_vat": _make.cents(_first(summary, "TDS").part(1)),
        "total_vat": _make.amount(total(at.part(2) for at in [*header, *summary] if at.tag == "TXI")),
        "total_allowances": not_zero(_allowances([*header, *summary], "A")),
        "total_charges": not_zero(_allowances([*header, *summary], "C")),
    }
    taxes = (
        row(
            {
                "rate": _make.amount(at.part(3)),
                "taxable_amount": _make.amount(at.part(8)),
                "tax_amount": _make.amount(at.part(2)),
            }
        )
        for at in [*header, *summary]
        if at.tag == "TXI"
    )
    return Contents(
        document_type=DocumentType.CREDIT_NOTE if begin.part(7) in _CREDIT_KINDS else DocumentType.INVOICE,
        fields=fields,
        lines=tuple(_line(group) for group in lines),
        tax_breakdown=tuple(tax for tax in taxes if tax),
        findings=_counted(summary, len(lines)),
    )


def _order(message: Message) -> Contents:
    header, lines, summary = _split(message, "PO1", {"CTT"})
    begin = next((at for at in header if at.tag in {"BEG", "BAK"}), Segment("BEG", ()))
    fields = _common(header, ("ST",)) | {
        "purchase_order_reference": _make.text(begin.part(3)),
        "issue_date": _make.date(begin.part(5 if begin.tag == "BEG" else 4)),
        "delivery_date": _make.day(header, "002", "106", "017"),
    }
    return Contents(
        document_type=DocumentType.PURCHASE_ORDER,
        fields=fields,
        lines=tuple(_line(group) for group in lines),
        findings=_counted(summary, len(lines)),
    )


_READERS: dict[str, Callable[[Message], Contents]] = {
    "810": _invoice,
    "850": _order,
    "855": _order,
    "856": parse_ship_notice,
}


def _common(header: list[Segment], else_buyer: tuple[str, ...]) -> dict[str, Field | None]:
    found = parties(header)
    seller, buyer = first_party(found, *_SELLERS), first_party(found, *_BUYERS, *else_buyer)
    terms = _first(header, "ITD")
    return {
        "currency": _make.text(_first(header, "CUR").part(2)),
        "seller_name": _make.text(seller.name()),
        "seller_address": _make.text(seller.address()),
        "seller_vat_id": _make.text(references(seller.segments, "VX")),
        "buyer_name": _make.text(buyer.name()),
        "buyer_address": _make.text(buyer.address()),
        "buyer_vat_id": _make.text(references(buyer.segments, "VX")),
        "payment_terms": _make.text(terms.part(12)),
    }


def _due_date(header: list[Segment], issued: str | None) -> Field | None:
    """The net due date; where only days are given that run from the invoice's date, counted from there."""
    terms = _first(header, "ITD")
    if terms.part(6):
        return _make.date(terms.part(6))
    days, start = terms.part(7), _make.date(issued)
    if terms.part(2) != _FROM_INVOICE_DATE or start is None or not days or not days.isdecimal() or len(days) > 3:
        return None
    try:
        return _make.date((date.fromisoformat(start.value) + timedelta(days=int(days))).isoformat())
    except (ValueError, OverflowError):
        return None


def _line(group: list[Segment]) -> Row:
    line = group[0]
    own = []
    for segment in group:
        if segment.tag in {"SAC", "SLN"}:
            break
        own.append(segment)
    tax = next((at for at in group if at.tag == "TXI" and at.part(3)), None)
    amounts = (at.part(5) for at in own if at.tag == "PAM" and at.part(4) == "1")
    return row(
        _make.item(line, 6)
        | {
            "line_id": _make.text(line.part(1)),
            "quantity": _make.amount(line.part(2)),
            "unit": _make.text(line.part(3)),
            "unit_price": _make.amount(line.part(4)),
            "price_base_quantity": not_one(_make.amount(_PRICED_FOR.get(line.part(5) or ""))),
            "tax_rate": _make.amount(tax.part(3) if tax else None),
            "line_net_amount": _make.amount(next(amounts, None)),
            "purchase_order_reference": _make.text(references(own, "PO")),
        }
        | words(own, line, 6, _make)
    )


def _allowances(segments: list[Segment], sign: str) -> Field | None:
    cents = total(at.part(5) for at in segments if at.tag == "SAC" and at.part(1) == sign and at.part(5))
    return _make.cents(cents)


def _counted(summary: Iterable[Segment], lines: int) -> tuple[Remark, ...]:
    count = next((at for at in summary if at.tag == "CTT"), None)
    return () if count is None else check_count("Lines (CTT01)", count.part(1), lines)


def _split(message: Message, start: str, ends: set[str]) -> tuple[list[Segment], list[list[Segment]], list[Segment]]:
    header: list[Segment] = []
    groups: list[list[Segment]] = []
    summary: list[Segment] = []
    into = header
    for segment in message.segments:
        if segment.tag in ends | {"CTT"}:
            into = summary
        elif segment.tag == start and into is not summary:
            into = []
            groups.append(into)
        into.append(segment)
    return header, groups, summary


def _first(segments: list[Segment], tag: str) -> Segment:
    return next((segment for segment in segments if segment.tag == tag), Segment(tag, ()))
