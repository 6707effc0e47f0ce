"""Reads UBL 2: invoices, credit notes, despatch advices and waybills, in the terms of EN 16931."""

from typing import TYPE_CHECKING

from core.documents import BILLING_TYPES, DocumentType, Field, Row, Source
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

CREDIT_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
DOCUMENT_TYPES = {
    "Invoice": DocumentType.INVOICE,
    "CreditNote": DocumentType.CREDIT_NOTE,
    "SelfBilledInvoice": DocumentType.INVOICE,
    "SelfBilledCreditNote": DocumentType.CREDIT_NOTE,
    "DespatchAdvice": DocumentType.DESPATCH_ADVICE,
    "Waybill": DocumentType.BILL_OF_LADING,
    "BillOfLading": DocumentType.BILL_OF_LADING,
}
_make = XmlFields(Source.UBL)
Parts = tuple[dict[str, Field | None], list[Row], list[Row]]


def document_type(root: "_Element") -> DocumentType:
    """What it is: an invoice whose type code says credit is a credit note."""
    kind = DOCUMENT_TYPES[str(root.tag)]
    if kind is DocumentType.INVOICE and content(root, "InvoiceTypeCode") in CREDIT_CODES:
        return DocumentType.CREDIT_NOTE
    return kind


def parse(root: "_Element") -> Parts:
    """Fields, lines and tax breakdown."""
    if DOCUMENT_TYPES[str(root.tag)] in BILLING_TYPES:
        return _billing(root)
    return _shipment(root)


def _billing(root: "_Element") -> Parts:
    currency = content(root, "DocumentCurrencyCode")
    totals = root.find("LegalMonetaryTotal")
    seller, buyer = root.find("AccountingSupplierParty/Party"), root.find("AccountingCustomerParty/Party")
    tax = _tax_total(root, currency)
    fields = {
        "invoice_number": _make.one_of(contents(root, "ID")),
        "issue_date": _make.date(content(root, "IssueDate")),
        "due_date": _make.date(content(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")),
        "delivery_date": _make.date(content(root, "Delivery/ActualDeliveryDate")),
        "currency": _make.text(currency),
        "purchase_order_reference": _make.text(content(root, "OrderReference/ID")),
        "despatch_advice_reference": _make.text(content(root, "DespatchDocumentReference/ID")),
        "seller_name": _make.text(_party_name(seller)),
        "seller_address": _make.text(_address(seller)),
        "seller_vat_id": _make.text(_vat_id(seller)),
        "buyer_name": _make.text(_party_name(buyer)),
        "buyer_address": _make.text(_address(buyer)),
        "buyer_vat_id": _make.text(_vat_id(buyer)),
        "payment_iban": _make.one_of(contents(root, "PaymentMeans/PayeeFinancialAccount/ID")),
        "payment_reference": _make.text(content(root, "PaymentMeans/PaymentID")),
        "payment_terms": _make.text(content(root, "PaymentTerms/Note")),
        "total_without_vat": _make.money(totals, "TaxExclusiveAmount", currency),
        "total_vat": _make.money(tax, "TaxAmount", currency),
        "total_with_vat": _make.money(totals, "TaxInclusiveAmount", currency),
        "total_allowances": not_zero(_make.money(totals, "AllowanceTotalAmount", currency)),
        "total_charges": not_zero(_make.money(totals, "ChargeTotalAmount", currency)),
        "prepaid_amount": _make.money(totals, "PrepaidAmount", currency),
        "amount_due": _make.money(totals, "PayableAmount", currency),
    }
    lines = [_billing_line(line) for tag in ("InvoiceLine", "CreditNoteLine") for line in root.iterfind(tag)]
    return fields, lines, [_subtotal(part) for part in ([] if tax is None else tax.iterfind("TaxSubtotal"))]


def _tax_total(root: "_Element", currency: str | None) -> "_Element | None":
    """The tax total of the document's currency: another one may repeat it in the seller's tax currency."""
    totals = root.findall("TaxTotal")
    own = [total for total in totals if attribute(total, "TaxAmount", "currencyID") == currency]
    return next(iter(own or totals), None)


def _billing_line(line: "_Element") -> Row:
    item, price = line.find("Item"), line.find("Price")
    return row(
        _item(line, item)
        | {
            "quantity": _make.amount(content(line, "InvoicedQuantity", "CreditedQuantity")),
            "unit": _make.text(
                attribute(line, "InvoicedQuantity", "unitCode") or attribute(line, "CreditedQuantity", "unitCode")
            ),
            "unit_price": _make.amount(content(price, "PriceAmount")),
            "price_base_quantity": not_one(_make.amount(content(price, "BaseQuantity"))),
            "tax_rate": _make.amount(content(item, "ClassifiedTaxCategory/Percent")),
            "line_net_amount": _make.amount(content(line, "LineExtensionAmount")),
        }
    )


def _item(line: "_Element", item: "_Element | None") -> dict[str, Field | None]:
    return {
        "line_id": _make.text(content(line, "ID")),
        "description": _make.text(content(item, "Name", "Description")),
        "seller_item_id": _make.text(content(item, "SellersItemIdentification/ID")),
        "buyer_item_id": _make.text(content(item, "BuyersItemIdentification/ID")),
        "gtin": _make.text(
            gtin(
                attribute(item, "StandardItemIdentification/ID", "schemeID"),
                content(item, "StandardItemIdentification/ID"),
            )
        ),
        "purchase_order_reference": _make.text(content(line, "OrderLineReference/OrderReference/ID")),
        "purchase_order_line": _make.text(content(line, "OrderLineReference/LineID")),
    }


def _subtotal(part: "_Element") -> Row:
    return row(
        {
            "rate": _make.amount(content(part, "TaxCategory/Percent", "Percent")),
            "taxable_amount": _make.amount(content(part, "TaxableAmount")),
            "tax_amount": _make.amount(content(part, "TaxAmount")),
        }
    )


def _shipment(root: "_Element") -> Parts:
    shipment = root.find("Shipment")
    shipper = _first(root, "DespatchSupplierParty/Party", "ConsignorParty", "Shipment/Consignment/ConsignorParty")
    consignee = _first(
        root, "DeliveryCustomerParty/Party", "Shipment/Consignment/ConsigneeParty", "Shipment/Delivery/DeliveryParty"
    )
    carrier = _first(root, "CarrierParty", "Shipment/Consignment/CarrierParty", "Shipment/Delivery/CarrierParty")
    is_waybill = document_type(root) is DocumentType.BILL_OF_LADING
    number = _make.text(content(root, "ID"))
    fields = {
        "shipment_number": _make.text(content(shipment, "ID")) if is_waybill else number,
        "bill_of_lading_number": number if is_waybill else None,
        "purchase_order_reference": _make.text(
            content(root, "OrderReference/ID", "DocumentReference/OrderReference/ID")
        ),
        "despatch_date": _make.date(
            content(
                root,
                "Shipment/Delivery/Despatch/ActualDespatchDate",
                "Shipment/ShipmentStage/TransportEvent/OccurrenceDate",
                "IssueDate",
            )
        ),
        "delivery_date": _make.date(
            content(
                shipment,
                "Delivery/ActualDeliveryDate",
                "Delivery/EstimatedDeliveryPeriod/EndDate",
                "Delivery/RequestedDeliveryPeriod/EndDate",
            )
        ),
        "carrier_name": _make.text(_party_name(carrier)),
        "tracking_number": _make.text(content(shipment, "Delivery/TrackingID") or content(root, "CarrierAssignedID")),
        "container_number": _make.text(content(shipment, "TransportHandlingUnit/TransportEquipment/ID")),
        "seal_number": _make.text(
            content(shipment, "TransportHandlingUnit/TransportEquipment/TransportEquipmentSeal/ID")
        ),
        "shipper_name": _make.text(_party_name(shipper)),
        "shipper_address": _make.text(_address(shipper)),
        "consignee_name": _make.text(_party_name(consignee)),
        "consignee_address": _make.text(_address(consignee)),
        "package_count": _make.amount(
            content(shipment, "TotalTransportHandlingUnitQuantity", "TransportHandlingUnit/TotalPackageQuantity")
        ),
        "gross_weight": _make.amount(content(shipment, "GrossWeightMeasure", "Consignment/GrossWeightMeasure")),
        "gross_weight_unit": _make.text(
            attribute(shipment, "GrossWeightMeasure", "unitCode")
            or attribute(shipment, "Consignment/GrossWeightMeasure", "unitCode")
        ),
        "net_weight": _make.amount(content(shipment, "NetWeightMeasure", "Consignment/NetWeightMeasure")),
    }
    lines = [_despatch_line(line) for line in root.iterfind("DespatchLine")]
    lines += [_goods_item(item) for item in root.iterfind("Shipment/GoodsItem")]
    return fields, lines, []


def _despatch_line(line: "_Element") -> Row:
    item = line.find("Item")
    fields = _item(line, item) | {
        "quantity": _make.amount(content(line, "DeliveredQuantity")),
        "unit": _make.text(attribute(line, "DeliveredQuantity", "unitCode")),
        "lot_number": _make.text(content(item, "ItemInstance/LotIdentification/LotNumberID")),
        "gross_weight": _make.amount(content(line, "Shipment/GoodsItem/GrossWeightMeasure")),
        "sscc": _make.text(content(line, "Shipment/TransportHandlingUnit/ID")),
    }
    return row(fields)


def _goods_item(goods: "_Element") -> Row:
    item = goods.find("Item")
    return row(
        _item(goods, item)
        | {
            "description": _make.text(content(item, "Name", "Description") or content(goods, "Description")),
            "quantity": _make.amount(content(goods, "Quantity")),
            "unit": _make.text(attribute(goods, "Quantity", "unitCode")),
            "gross_weight": _make.amount(content(goods, "GrossWeightMeasure")),
        }
    )


def _first(root: "_Element", *paths: str) -> "_Element | None":
    return next((found for path in paths if (found := root.find(path)) is not None), None)


def _party_name(party: "_Element | None") -> str | None:
    return content(party, "PartyLegalEntity/RegistrationName", "PartyName/Name", "PartyTaxScheme/RegistrationName")


def _vat_id(party: "_Element | None") -> str | None:
    """The VAT identifier: other tax registrations (income tax, local ones) are none."""
    schemes = [] if party is None else party.findall("PartyTaxScheme")
    return next((content(scheme, "CompanyID") for scheme in schemes if content(scheme, "TaxScheme/ID") == "VAT"), None)


def _address(party: "_Element | None") -> str | None:
    address = None if party is None else party.find("PostalAddress")
    street = " ".join(filter(None, (content(address, "StreetName"), content(address, "BuildingNumber")))) or None
    town = " ".join(filter(None, (content(address, "PostalZone"), content(address, "CityName")))) or None
    return one_line(
        (
            street,
            content(address, "AdditionalStreetName"),
            content(address, "BuildingName"),
            *contents(address, "AddressLine/Line"),
            town,
            content(address, "CountrySubentity"),
            content(address, "Country/IdentificationCode"),
        )
    )
