"""Reads UN/CEFACT Cross Industry Invoice: D16B (Factur-X, ZUGFeRD 2, XRechnung) and ZUGFeRD 1, whose names differ."""

from typing import TYPE_CHECKING

from core.documents import DocumentType, Field, Row, Source
from extraction.ubl import CREDIT_CODES, Parts
from extraction.xml_fields import (
    XmlFields,
    attribute,
    content,
    contents,
    gtin,
    not_one,
    not_zero,
    one_line,
    row,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
_LINE_KIND = "AssociatedDocumentLineDocument/LineStatusReasonCode"
_UNCOUNTED_LINES = frozenset({"GROUP", "INFORMATION"})
_make = XmlFields(Source.CII)


def document_type(root: "_Element") -> DocumentType:
    """An invoice, or a credit note when its type code says so."""
    code = content(root, "ExchangedDocument/TypeCode", "HeaderExchangedDocument/TypeCode")
    return DocumentType.CREDIT_NOTE if code in CREDIT_CODES else DocumentType.INVOICE


def parse(root: "_Element") -> Parts:
    """Fields, lines and tax breakdown."""
    trade = _first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreement = _first(trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    delivery = _first(trade, "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = _first(trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    head = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    fields = _head(head, agreement, delivery) | _parties(agreement) | _money(settlement)
    items = [] if trade is None else trade.findall("IncludedSupplyChainTradeLineItem")
    lines = [_line(item) for item in items if content(item, _LINE_KIND) not in _UNCOUNTED_LINES]
    taxes = [] if settlement is None else [_tax(part) for part in settlement.iterfind("ApplicableTradeTax")]
    # ZUGFeRD 1 carries remarks as lines that have nothing to pay.
    return fields, [line for line in lines if "quantity" in line or "line_net_amount" in line], taxes


def _head(
    head: "_Element | None", agreement: "_Element | None", delivery: "_Element | None"
) -> dict[str, Field | None]:
    return {
        "invoice_number": _make.one_of(contents(head, "ID")),
        "issue_date": _make.date(content(head, "IssueDateTime/DateTimeString")),
        "delivery_date": _make.date(
            content(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString")
        ),
        "purchase_order_reference": _make.text(_reference(agreement, "BuyerOrderReferencedDocument")),
        "despatch_advice_reference": _make.text(_reference(delivery, "DespatchAdviceReferencedDocument")),
    }


def _parties(agreement: "_Element | None") -> dict[str, Field | None]:
    seller, buyer = _first(agreement, "SellerTradeParty"), _first(agreement, "BuyerTradeParty")
    return {
        "seller_name": _make.text(content(seller, "Name")),
        "seller_address": _make.text(_address(seller)),
        "seller_vat_id": _make.text(_vat_id(seller)),
        "buyer_name": _make.text(content(buyer, "Name")),
        "buyer_address": _make.text(_address(buyer)),
        "buyer_vat_id": _make.text(_vat_id(buyer)),
    }


def _money(settlement: "_Element | None") -> dict[str, Field | None]:
    currency = content(settlement, "InvoiceCurrencyCode")
    totals = _first(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    means = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/"
    terms = "SpecifiedTradePaymentTerms/"
    return {
        "currency": _make.text(currency),
        "due_date": _make.date(content(settlement, terms + "DueDateDateTime/DateTimeString")),
        "payment_iban": _make.one_of(
            (*contents(settlement, means + "IBANID"), *contents(settlement, means + "ProprietaryID"))
        ),
        "payment_reference": _make.text(content(settlement, "PaymentReference")),
        "payment_terms": _make.text(content(settlement, terms + "Description")),
        "total_without_vat": _make.money(totals, "TaxBasisTotalAmount", currency),
        "total_vat": _make.money(totals, "TaxTotalAmount", currency),
        "total_with_vat": _make.money(totals, "GrandTotalAmount", currency),
        "total_allowances": not_zero(_make.money(totals, "AllowanceTotalAmount", currency)),
        "total_charges": not_zero(_make.money(totals, "ChargeTotalAmount", currency)),
        "prepaid_amount": _make.money(totals, "TotalPrepaidAmount", currency),
        "amount_due": _make.money(totals, "DuePayableAmount", currency),
    }


def _line(line: "_Element") -> Row:
    product = line.find("SpecifiedTradeProduct")
    agreement = _first(line, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    delivery = _first(line, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    settlement = _first(line, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    price = _first(agreement, "NetPriceProductTradePrice")
    return row(
        {
            "line_id": _make.text(content(line, "AssociatedDocumentLineDocument/LineID")),
            "description": _make.text(content(product, "Name", "Description")),
            "seller_item_id": _make.text(content(product, "SellerAssignedID")),
            "buyer_item_id": _make.text(content(product, "BuyerAssignedID")),
            "gtin": _make.text(gtin(attribute(product, "GlobalID", "schemeID"), content(product, "GlobalID"))),
            "quantity": _make.amount(content(delivery, "BilledQuantity")),
            "unit": _make.text(attribute(delivery, "BilledQuantity", "unitCode")),
            "unit_price": _make.amount(content(price, "ChargeAmount")),
            "price_base_quantity": not_one(_make.amount(content(price, "BasisQuantity"))),
            "tax_rate": _make.amount(
                content(settlement, "ApplicableTradeTax/RateApplicablePercent", "ApplicableTradeTax/ApplicablePercent")
            ),
            "line_net_amount": _make.amount(
                content(
                    settlement,
                    "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
                    "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
                )
            ),
            "purchase_order_reference": _make.text(_reference(agreement, "BuyerOrderReferencedDocument")),
            "purchase_order_line": _make.text(content(agreement, "BuyerOrderReferencedDocument/LineID")),
        }
    )


def _tax(part: "_Element") -> Row:
    return row(
        {
            "rate": _make.amount(content(part, "RateApplicablePercent", "ApplicablePercent")),
            "taxable_amount": _make.amount(content(part, "BasisAmount")),
            "tax_amount": _make.amount(content(part, "CalculatedAmount")),
        }
    )


def _first(element: "_Element | None", *paths: str) -> "_Element | None":
    if element is None:
        return None
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def _reference(element: "_Element | None", name: str) -> str | None:
    return content(element, f"{name}/IssuerAssignedID", f"{name}/ID")


def _vat_id(party: "_Element | None") -> str | None:
    return content(party, "SpecifiedTaxRegistration/ID[@schemeID='VA']")


def _address(party: "_Element | None") -> str | None:
    address = _first(party, "PostalTradeAddress")
    town = " ".join(filter(None, (content(address, "PostcodeCode"), content(address, "CityName")))) or None
    lines = (content(address, "LineOne"), content(address, "LineTwo"), content(address, "LineThree"))
    return one_line((*lines, town, content(address, "CountrySubDivisionName"), content(address, "CountryID")))
