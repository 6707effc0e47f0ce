"""Reads EDIFACT INVOIC, and ORDERS and ORDRSP: from D.96A (EANCOM) to the D.14B that EN 16931 is bound to."""

from collections.abc import Iterable
from itertools import pairwise

from core.documents import DocumentType, Field, Row
from extraction.edi_message import Contents, Message, Segment, joined, total
from extraction.edi_parties import (
    EdifactFields,
    Party,
    document_level,
    first_party,
    item,
    parties,
    quantity,
    reference,
    split,
)
from extraction.ubl import CREDIT_CODES
from extraction.xml_fields import not_one, not_zero, row

_SELLERS = ("SE", "SU", "II")
_BUYERS = ("BY", "IV", "BT")
_BILLED = ("47", "46", "12", "1")
_ORDERED = ("21", "1", "12")
_ALLOWANCE_AMOUNTS = {"A": ("204", "8"), "C": ("23", "8")}
# What may stand below an allowance or charge; anything else ends it.
_OF_AN_ALLOWANCE = frozenset({"ALI", "DTM", "QTY", "RNG", "PCD", "MOA", "RTE", "CUX", "TAX", "FTX"})


def parse_invoice(message: Message) -> Contents:
    """An invoice, or a credit note when its code says so."""
    make = EdifactFields(message.decimal_mark)
    header, groups, summary = split(message, "LIN")
    own = document_level(header)
    begin = _first(header, "BGM")
    currency = _currency(header)
    fields = {
        "invoice_number": make.text(begin.part(2)),
        "issue_date": make.day(own, "137", "3"),
        "due_date": make.day(own, "13", "140", "265") or make.day(_terms(header), "13", "140", "265"),
        "delivery_date": make.day(own, "35"),
        "currency": make.text(currency),
        "purchase_order_reference": make.text(reference(own, "ON")),
        "despatch_advice_reference": make.text(reference(own, "AAK", "DQ")),
        "payment_reference": make.text(reference(own, "PQ")),
        "payment_terms": make.text(_text(header, "AAB", "PMT")),
    }
    fields |= _parties(header, make) | _totals(header, summary, currency, make)
    is_credit = begin.part(1) in CREDIT_CODES
    return Contents(
        document_type=DocumentType.CREDIT_NOTE if is_credit else DocumentType.INVOICE,
        fields=fields,
        lines=tuple(_line(group, currency, make, _BILLED) for group in groups if not _is_sub_line(group[0])),
        tax_breakdown=tuple(_taxes(summary, currency, make)),
    )


def parse_order(message: Message) -> Contents:
    """An order, or the seller's answer to one, which names the order."""
    make = EdifactFields(message.decimal_mark)
    header, groups, summary = split(message, "LIN")
    own = document_level(header)
    currency = _currency(header)
    number = _first(header, "BGM").part(2)
    fields = {
        "purchase_order_reference": make.text(reference(own, "ON") if message.kind == "ORDRSP" else number),
        "issue_date": make.day(own, "137", "4"),
        "delivery_date": make.day(own, "2", "64", "35"),
        "currency": make.text(currency),
        "payment_terms": make.text(_text(header, "AAB", "PMT")),
    }
    fields |= _parties(header, make) | _totals([], summary, currency, make)
    return Contents(
        document_type=DocumentType.PURCHASE_ORDER,
        fields=fields,
        lines=tuple(_line(group, currency, make, _ORDERED) for group in groups),
    )


def _parties(header: list[Segment], make: EdifactFields) -> dict[str, Field | None]:
    found = parties(header)
    seller, buyer = first_party(found, *_SELLERS), first_party(found, *_BUYERS)
    accounts = [number for role in (*_SELLERS, "PE") for number in found.get(role, Party()).accounts()]
    return {
        "seller_name": make.text(seller.name()),
        "seller_address": make.text(seller.address()),
        "seller_vat_id": make.text(_vat_id(found, _SELLERS)),
        "buyer_name": make.text(buyer.name()),
        "buyer_address": make.text(buyer.address()),
        "buyer_vat_id": make.text(_vat_id(found, _BUYERS)),
        "payment_iban": make.one_of(accounts),
    }


def _vat_id(found: dict[str, Party], roles: tuple[str, ...]) -> str | None:
    given = (found[role].reference("VA") for role in roles if role in found)
    return next((number for number in given if number), None)


def _totals(
    header: list[Segment], summary: list[Segment], currency: str | None, make: EdifactFields
) -> dict[str, Field | None]:
    until_tax: list[Segment] = []
    for segment in summary:
        if segment.tag in {"TAX", "ALC"}:
            break
        until_tax.append(segment)

    def amount(*kinds: str) -> Field | None:
        return make.amount(_money(until_tax, currency, *kinds))

    allowances = amount("260") or make.amount(_sum_of_allowances(header, "A", currency, make))
    charges = amount("259") or make.amount(_sum_of_allowances(header, "C", currency, make))
    return {
        "total_without_vat": amount("389", "125"),
        "total_vat": amount("176", "124", "150"),
        "total_with_vat": amount("388", "77", "39", "128"),
        "total_allowances": not_zero(allowances),
        "total_charges": not_zero(charges),
        "prepaid_amount": amount("113"),
        "amount_due": amount("9"),
    }


def _sum_of_allowances(header: list[Segment], sign: str, currency: str | None, make: EdifactFields) -> str | None:
    """What the header takes off or adds, where the summary does not say."""
    groups: list[list[Segment]] = []
    group: list[Segment] | None = None
    for segment in header:
        if segment.tag == "ALC":
            group = []
            if segment.part(1) == sign:
                groups.append(group)
        elif segment.tag not in _OF_AN_ALLOWANCE:
            group = None
        if group is not None:
            group.append(segment)
    amounts = [make.number(_money(group, currency, *_ALLOWANCE_AMOUNTS[sign])) for group in groups]
    return total(amounts)


def _taxes(summary: list[Segment], currency: str | None, make: EdifactFields) -> Iterable[Row]:
    """Each rate with its base and its tax."""
    starts = [place for place, segment in enumerate(summary) if segment.tag == "TAX"]
    for start, end in pairwise([*starts, len(summary)]):
        group = summary[start:end]
        amounts = {
            "rate": make.amount(group[0].part(5, 4)),
            "taxable_amount": make.amount(_money(group, currency, "125")),
            "tax_amount": make.amount(_money(group, currency, "124")),
        }
        if found := row(amounts):
            yield found


def _line(group: list[Segment], currency: str | None, make: EdifactFields, counted: tuple[str, ...]) -> Row:
    own = _without_allowances(group)
    number, unit = quantity(own, *counted)
    price = _price(own)
    tax = next((segment for segment in own if segment.tag == "TAX"), None)
    return row(
        item(own, make)
        | {
            "purchase_order_line": make.text(reference(own, "ON", component=3)),
            "quantity": make.amount(number),
            "unit": make.text(unit),
            "unit_price": make.amount(price.part(1, 2) if price else None),
            "price_base_quantity": not_one(make.amount(price.part(1, 5) if price else None)),
            "tax_rate": make.amount(tax.part(5, 4) if tax else None),
            "line_net_amount": make.amount(_money(own, currency, "203", "66")),
        }
    )


def _without_allowances(group: list[Segment]) -> list[Segment]:
    own: list[Segment] = []
    is_allowance = False
    for segment in group:
        is_allowance = segment.tag == "ALC" or (is_allowance and segment.tag in _OF_AN_ALLOWANCE)
        if not is_allowance:
            own.append(segment)
    return own


def _is_sub_line(line: Segment) -> bool:
    """A part of the line before it, which counts the whole."""
    return line.part(4) == "1" and line.part(4, 2) is not None


def _price(group: list[Segment]) -> Segment | None:
    """The net price: other prices are what it was before."""
    prices = {segment.part(1): segment for segment in reversed(group) if segment.tag == "PRI"}
    return next((prices[kind] for kind in ("AAA", "INV", "CAL") if kind in prices), None)


def _money(group: list[Segment], currency: str | None, *kinds: str) -> str | None:
    """The amount of the first kind that is given in the document's currency."""
    given = [at for at in group if at.tag == "MOA" and at.part(1, 3) in {None, currency}]
    return next((at.part(1, 2) for kind in kinds for at in given if at.part(1) == kind and at.part(1, 2)), None)


def _currency(header: list[Segment]) -> str | None:
    """The currency of the document: another one may be named for taxes or payment."""
    given = [part for at in header if at.tag == "CUX" for part in at.elements if len(part) > 1 and part[1]]
    own = [part[1] for part in given if part[0] == "2"] or [part[1] for part in given if part[0] != "6"]
    return own[0].strip() if own else None


def _terms(header: list[Segment]) -> list[Segment]:
    """What stands below terms of payment."""
    start = next((place for place, at in enumerate(header) if at.tag in {"PAT", "PYT"}), len(header))
    return [segment for segment in header[start:] if segment.tag in {"PAT", "PYT", "DTM"}]


def _text(header: list[Segment], *kinds: str) -> str | None:
    given = [at for at in header if at.tag == "FTX" and at.parts(4)]
    return next((joined(at.parts(4), width=512) for kind in kinds for at in given if at.part(1) == kind), None)


def _first(segments: list[Segment], tag: str) -> Segment:
    return next((segment for segment in segments if segment.tag == tag), Segment(tag, ()))
