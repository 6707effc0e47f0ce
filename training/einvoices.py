"""Writes a paper as an EN 16931 e-invoice in UBL 2.1 or UN/CEFACT CII D16B, and as a hybrid PDF (Factur-X)."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from core.documents import DocumentType
from core.money import plain
from training.papers import Line, Paper, Party, Totals

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CAC = f"{_UBL}CommonAggregateComponents-2"
_CBC = f"{_UBL}CommonBasicComponents-2"
_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_GUIDELINE = "urn:cen.eu:en16931:2017"
_GTIN_SCHEME = "0160"
_FIXED_PDF_DATE = rb"\g<1>20261120080000"
_FIXED_XMP_DATE = b"2026-11-20T08:00:00"


def write_ubl(paper: Paper) -> bytes:
    """The paper as a UBL 2.1 Invoice or CreditNote."""
    credit = paper.document_type is DocumentType.CREDIT_NOTE
    kind = "CreditNote" if credit else "Invoice"
    root = _Node.root(f"{_UBL}{kind}-2", kind, {None: f"{_UBL}{kind}-2", "cac": _CAC, "cbc": _CBC})
    root.add(_CBC, "CustomizationID", _GUIDELINE)
    root.add(_CBC, "ID", paper.number)
    root.add(_CBC, "IssueDate", paper.issue_date.isoformat())
    if paper.due_date and not credit:
        root.add(_CBC, "DueDate", paper.due_date.isoformat())
    root.add(_CBC, f"{kind}TypeCode", "381" if credit else "380")
    root.add(_CBC, "DocumentCurrencyCode", paper.currency)
    if paper.purchase_order:
        root.add(_CAC, "OrderReference").add(_CBC, "ID", paper.purchase_order)
    if paper.original_number:
        reference = root.add(_CAC, "BillingReference").add(_CAC, "InvoiceDocumentReference")
        reference.add(_CBC, "ID", paper.original_number)
    if paper.despatch_number:
        root.add(_CAC, "DespatchDocumentReference").add(_CBC, "ID", paper.despatch_number)
    _ubl_party(root.add(_CAC, "AccountingSupplierParty"), paper.seller)
    _ubl_party(root.add(_CAC, "AccountingCustomerParty"), paper.buyer)
    if paper.delivery_date:
        root.add(_CAC, "Delivery").add(_CBC, "ActualDeliveryDate", paper.delivery_date.isoformat())
    _ubl_payment(root, paper)
    _ubl_totals(root, paper, _totals(paper))
    for line in paper.lines:
        _ubl_line(root, line, paper.currency, kind)
    return root.document()


def write_cii(paper: Paper) -> bytes:
    """The paper as a CII invoice of the EN 16931 profile."""
    root = _Node.root(_RSM, "CrossIndustryInvoice", {"rsm": _RSM, "ram": _RAM, "udt": _UDT})
    context = root.add(_RSM, "ExchangedDocumentContext").add(_RAM, "GuidelineSpecifiedDocumentContextParameter")
    context.add(_RAM, "ID", _GUIDELINE)
    document = root.add(_RSM, "ExchangedDocument")
    document.add(_RAM, "ID", paper.number)
    document.add(_RAM, "TypeCode", "381" if paper.document_type is DocumentType.CREDIT_NOTE else "380")
    _cii_date(document.add(_RAM, "IssueDateTime"), paper.issue_date)
    trade = root.add(_RSM, "SupplyChainTradeTransaction")
    for line in paper.lines:
        _cii_line(trade, line)
    agreement = trade.add(_RAM, "ApplicableHeaderTradeAgreement")
    _cii_party(agreement.add(_RAM, "SellerTradeParty"), paper.seller)
    _cii_party(agreement.add(_RAM, "BuyerTradeParty"), paper.buyer)
    if paper.purchase_order:
        agreement.add(_RAM, "BuyerOrderReferencedDocument").add(_RAM, "IssuerAssignedID", paper.purchase_order)
    delivery = trade.add(_RAM, "ApplicableHeaderTradeDelivery")
    if paper.delivery_date:
        event = delivery.add(_RAM, "ActualDeliverySupplyChainEvent")
        _cii_date(event.add(_RAM, "OccurrenceDateTime"), paper.delivery_date)
    if paper.despatch_number:
        delivery.add(_RAM, "DespatchAdviceReferencedDocument").add(_RAM, "IssuerAssignedID", paper.despatch_number)
    _cii_settlement(trade.add(_RAM, "ApplicableHeaderTradeSettlement"), paper, _totals(paper))
    return root.document()


def write_hybrid(pdf: bytes, xml: bytes) -> bytes:
    """A PDF that carries its CII invoice (Factur-X, EN 16931 profile), with fixed dates: same input, same bytes."""
    import logging

    from facturx import generate_from_binary

    logging.getLogger("factur-x").setLevel(logging.ERROR)
    made: bytes = generate_from_binary(
        pdf, xml, flavor="factur-x", level="en16931", check_xsd=False, xmp_compression=False
    )
    made = re.sub(rb"(D(?::|\\072))\d{14}", _FIXED_PDF_DATE, made)
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", _FIXED_XMP_DATE, made)


class _Node:
    """An XML element that builds its children in order."""

    def __init__(self, element: Any) -> None:
        self._element = element

    @classmethod
    def root(cls, namespace: str, name: str, prefixes: Any) -> "_Node":
        from lxml import etree

        return cls(etree.Element(f"{{{namespace}}}{name}", nsmap=prefixes))

    def add(self, namespace: str, name: str, text: str | None = None, **attributes: str) -> "_Node":
        from lxml import etree

        child = etree.SubElement(self._element, f"{{{namespace}}}{name}", attributes)
        child.text = text
        return _Node(child)

    def document(self) -> bytes:
        from lxml import etree

        made: bytes = etree.tostring(self._element, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return made


def _totals(paper: Paper) -> Totals:
    assert paper.totals is not None
    return paper.totals


def _unit_code(line: Line) -> str:
    return "C62" if line.unit not in {"kg", "l"} else {"kg": "KGM", "l": "LTR"}[line.unit]


def _tax_category(rate: Decimal) -> str:
    return "S" if rate else "AE"


def _amount(value: Decimal) -> str:
    return f"{value:.2f}"


def _ubl_party(role: _Node, party: Party) -> None:
    node = role.add(_CAC, "Party")
    node.add(_CAC, "PartyName").add(_CBC, "Name", party.name)
    address = node.add(_CAC, "PostalAddress")
    address.add(_CBC, "StreetName", party.street)
    address.add(_CBC, "CityName", party.city)
    address.add(_CBC, "PostalZone", party.postcode)
    address.add(_CAC, "Country").add(_CBC, "IdentificationCode", party.country)
    if party.vat_id:
        scheme = node.add(_CAC, "PartyTaxScheme")
        scheme.add(_CBC, "CompanyID", party.vat_id)
        scheme.add(_CAC, "TaxScheme").add(_CBC, "ID", "VAT")
    node.add(_CAC, "PartyLegalEntity").add(_CBC, "RegistrationName", party.name)


def _ubl_payment(root: _Node, paper: Paper) -> None:
    if bank := paper.seller.bank:
        means = root.add(_CAC, "PaymentMeans")
        means.add(_CBC, "PaymentMeansCode", "58" if paper.currency == "EUR" else "30")
        if paper.payment_reference:
            means.add(_CBC, "PaymentID", paper.payment_reference)
        account = means.add(_CAC, "PayeeFinancialAccount")
        account.add(_CBC, "ID", bank.iban)
        account.add(_CAC, "FinancialInstitutionBranch").add(_CBC, "ID", bank.bic)


def _ubl_totals(root: _Node, paper: Paper, totals: Totals) -> None:
    currency = {"currencyID": paper.currency}
    tax = root.add(_CAC, "TaxTotal")
    tax.add(_CBC, "TaxAmount", _amount(totals.tax), **currency)
    for row in totals.rows:
        part = tax.add(_CAC, "TaxSubtotal")
        part.add(_CBC, "TaxableAmount", _amount(row.base), **currency)
        part.add(_CBC, "TaxAmount", _amount(row.tax), **currency)
        category = part.add(_CAC, "TaxCategory")
        category.add(_CBC, "ID", _tax_category(row.rate))
        category.add(_CBC, "Percent", plain(row.rate))
        if not row.rate:
            category.add(_CBC, "TaxExemptionReason", "Reverse charge")
        category.add(_CAC, "TaxScheme").add(_CBC, "ID", "VAT")
    sums = root.add(_CAC, "LegalMonetaryTotal")
    lines = sum((line.net for line in paper.lines), Decimal(0))
    sums.add(_CBC, "LineExtensionAmount", _amount(lines), **currency)
    sums.add(_CBC, "TaxExclusiveAmount", _amount(totals.net), **currency)
    sums.add(_CBC, "TaxInclusiveAmount", _amount(totals.gross), **currency)
    if totals.prepaid is not None:
        sums.add(_CBC, "PrepaidAmount", _amount(totals.prepaid), **currency)
    sums.add(_CBC, "PayableAmount", _amount(totals.due), **currency)


def _ubl_line(root: _Node, line: Line, currency: str, kind: str) -> None:
    node = root.add(_CAC, f"{kind}Line")
    node.add(_CBC, "ID", line.line_id)
    quantity = "CreditedQuantity" if kind == "CreditNote" else "InvoicedQuantity"
    node.add(_CBC, quantity, plain(line.quantity), unitCode=_unit_code(line))
    node.add(_CBC, "LineExtensionAmount", _amount(line.net), currencyID=currency)
    if line.purchase_order_line:
        node.add(_CAC, "OrderLineReference").add(_CBC, "LineID", line.purchase_order_line)
    item = node.add(_CAC, "Item")
    item.add(_CBC, "Name", line.description)
    if line.buyer_item_id:
        item.add(_CAC, "BuyersItemIdentification").add(_CBC, "ID", line.buyer_item_id)
    if line.seller_item_id:
        item.add(_CAC, "SellersItemIdentification").add(_CBC, "ID", line.seller_item_id)
    if line.gtin:
        item.add(_CAC, "StandardItemIdentification").add(_CBC, "ID", line.gtin, schemeID=_GTIN_SCHEME)
    category = item.add(_CAC, "ClassifiedTaxCategory")
    category.add(_CBC, "ID", _tax_category(line.tax_rate))
    category.add(_CBC, "Percent", plain(line.tax_rate))
    category.add(_CAC, "TaxScheme").add(_CBC, "ID", "VAT")
    node.add(_CAC, "Price").add(_CBC, "PriceAmount", plain(line.unit_price), currencyID=currency)


def _cii_date(node: _Node, day: date) -> None:
    node.add(_UDT, "DateTimeString", f"{day:%Y%m%d}", format="102")


def _cii_party(node: _Node, party: Party) -> None:
    node.add(_RAM, "Name", party.name)
    address = node.add(_RAM, "PostalTradeAddress")
    address.add(_RAM, "PostcodeCode", party.postcode)
    address.add(_RAM, "LineOne", party.street)
    address.add(_RAM, "CityName", party.city)
    address.add(_RAM, "CountryID", party.country)
    if party.vat_id:
        node.add(_RAM, "SpecifiedTaxRegistration").add(_RAM, "ID", party.vat_id, schemeID="VA")


def _cii_line(trade: _Node, line: Line) -> None:
    node = trade.add(_RAM, "IncludedSupplyChainTradeLineItem")
    node.add(_RAM, "AssociatedDocumentLineDocument").add(_RAM, "LineID", line.line_id)
    product = node.add(_RAM, "SpecifiedTradeProduct")
    if line.gtin:
        product.add(_RAM, "GlobalID", line.gtin, schemeID=_GTIN_SCHEME)
    if line.seller_item_id:
        product.add(_RAM, "SellerAssignedID", line.seller_item_id)
    if line.buyer_item_id:
        product.add(_RAM, "BuyerAssignedID", line.buyer_item_id)
    product.add(_RAM, "Name", line.description)
    agreement = node.add(_RAM, "SpecifiedLineTradeAgreement")
    if line.purchase_order_line:
        agreement.add(_RAM, "BuyerOrderReferencedDocument").add(_RAM, "LineID", line.purchase_order_line)
    agreement.add(_RAM, "NetPriceProductTradePrice").add(_RAM, "ChargeAmount", plain(line.unit_price))
    delivery = node.add(_RAM, "SpecifiedLineTradeDelivery")
    delivery.add(_RAM, "BilledQuantity", plain(line.quantity), unitCode=_unit_code(line))
    settlement = node.add(_RAM, "SpecifiedLineTradeSettlement")
    tax = settlement.add(_RAM, "ApplicableTradeTax")
    tax.add(_RAM, "TypeCode", "VAT")
    tax.add(_RAM, "CategoryCode", _tax_category(line.tax_rate))
    tax.add(_RAM, "RateApplicablePercent", plain(line.tax_rate))
    sums = settlement.add(_RAM, "SpecifiedTradeSettlementLineMonetarySummation")
    sums.add(_RAM, "LineTotalAmount", _amount(line.net))


def _cii_settlement(node: _Node, paper: Paper, totals: Totals) -> None:
    if paper.payment_reference:
        node.add(_RAM, "PaymentReference", paper.payment_reference)
    node.add(_RAM, "InvoiceCurrencyCode", paper.currency)
    if bank := paper.seller.bank:
        means = node.add(_RAM, "SpecifiedTradeSettlementPaymentMeans")
        means.add(_RAM, "TypeCode", "58" if paper.currency == "EUR" else "30")
        means.add(_RAM, "PayeePartyCreditorFinancialAccount").add(_RAM, "IBANID", bank.iban)
        means.add(_RAM, "PayeeSpecifiedCreditorFinancialInstitution").add(_RAM, "BICID", bank.bic)
    for row in totals.rows:
        tax = node.add(_RAM, "ApplicableTradeTax")
        tax.add(_RAM, "CalculatedAmount", _amount(row.tax))
        tax.add(_RAM, "TypeCode", "VAT")
        if not row.rate:
            tax.add(_RAM, "ExemptionReason", "Reverse charge")
        tax.add(_RAM, "BasisAmount", _amount(row.base))
        tax.add(_RAM, "CategoryCode", _tax_category(row.rate))
        tax.add(_RAM, "RateApplicablePercent", plain(row.rate))
    if paper.due_date:
        terms = node.add(_RAM, "SpecifiedTradePaymentTerms")
        _cii_date(terms.add(_RAM, "DueDateDateTime"), paper.due_date)
    sums = node.add(_RAM, "SpecifiedTradeSettlementHeaderMonetarySummation")
    sums.add(_RAM, "LineTotalAmount", _amount(sum((line.net for line in paper.lines), Decimal(0))))
    sums.add(_RAM, "TaxBasisTotalAmount", _amount(totals.net))
    sums.add(_RAM, "TaxTotalAmount", _amount(totals.tax), currencyID=paper.currency)
    sums.add(_RAM, "GrandTotalAmount", _amount(totals.gross))
    if totals.prepaid is not None:
        sums.add(_RAM, "TotalPrepaidAmount", _amount(totals.prepaid))
    sums.add(_RAM, "DuePayableAmount", _amount(totals.due))
    if paper.original_number:
        node.add(_RAM, "InvoiceReferencedDocument").add(_RAM, "IssuerAssignedID", paper.original_number)
