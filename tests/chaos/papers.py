"""Small papers made in memory: e-invoices of one supplier, each over one order line, and broken ones."""

from datetime import UTC, datetime, timedelta

# The programs under test look at the real clock: a paper of last week stays one.
TODAY = datetime.now(UTC).date()
ORDERED, RECEIVED, BILLED = (TODAY - timedelta(days=days) for days in (22, 13, 7))

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
 <cbc:ID>{number}</cbc:ID>
 <cbc:IssueDate>{issued}</cbc:IssueDate>
 <cbc:DueDate>{due}</cbc:DueDate>
 <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>
 <cac:AccountingSupplierParty><cac:Party>
  <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>DE136695976</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
  </cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Nordlicht GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party>
  <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyLegalEntity><cbc:RegistrationName>Clear Retail SE</cbc:RegistrationName></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingCustomerParty>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
  <cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount>
   <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
   <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>
 </cac:TaxTotal>
 <cac:LegalMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">{gross}</cbc:PayableAmount>
 </cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID>
  <cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
  <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>
  <cac:Item><cbc:Name>Desk lamp</cbc:Name>
   <cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>
    <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">20</cbc:PriceAmount></cac:Price>
 </cac:InvoiceLine>
</Invoice>
"""


def e_invoice(number: int) -> bytes:
    """The invoice over the whole of order `PO-<number>`: `number + 1` lamps at 20.00."""
    quantity = number + 1
    net = 2_000 * quantity
    tax = net * 19 // 100
    return UBL.format(
        number=f"R-{number}",
        issued=BILLED.isoformat(),
        due=(BILLED + timedelta(days=30)).isoformat(),
        order=f"PO-{number}",
        quantity=quantity,
        net=_amount(net),
        tax=_amount(tax),
        gross=_amount(net + tax),
    ).encode()


def broken_pdf(number: int) -> bytes:
    """Bytes that say they are a PDF and are none."""
    return b"%PDF-1.7\n" + f"broken {number}\n".encode() * 20


def orders_feeds(numbers: range, *, received: bool = True) -> dict[str, str]:
    """Feeds with one order for every invoice of these numbers, received unless the test says otherwise."""
    orders = "".join(f"PO-{number},S-1,{ORDERED}T08:00:00Z,EUR,open\n" for number in numbers)
    lines = "".join(f"PO-{number},1,I-1,{number + 1},20,C62,Desk lamp,19\n" for number in numbers)
    arrived = numbers if received else ()
    receipts = "".join(f"GR-{number},PO-{number},1,{number + 1},{RECEIVED}T08:00:00Z\n" for number in arrived)
    return {
        "suppliers": "supplier_id,name,vat_id,country,iban,payment_terms_days,status\n"
        "S-1,Nordlicht GmbH,DE136695976,DE,DE02120300000000202051,30,active\n",
        "items": "item_id,description,unit,supplier_id,status\nI-1,Desk lamp,C62,S-1,active\n",
        "purchase_orders": "po_number,supplier_id,ordered_at,currency,status\n" + orders,
        "purchase_order_lines": "po_number,line_number,item_id,quantity,unit_price,unit,description,tax_rate\n" + lines,
        "goods_receipts": "receipt_id,po_number,line_number,quantity,received_at\n" + receipts,
        "posted_invoices": "supplier_id,invoice_number,invoice_date,total_with_vat,currency\n"
        "S-1,OLD-1,2026-10-01,119.00,EUR\n",
    }


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
