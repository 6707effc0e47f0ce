"""E-invoices: every value of the data comes out in the form of the interface, whatever the dialect."""

import json
import time
from pathlib import Path

import pytest

from core.documents import DocumentType, Extraction, Row, Source
from extraction.pipeline import ReadOptions, read_and_extract
from extraction.structured import parse_einvoice

SAMPLES = Path(__file__).parent / "einvoices"
ZUGFERD_1 = (SAMPLES / "zugferd_1_credit_note.xml").read_text(encoding="utf-8")
ACCOUNT = (
    "<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID>"
    "</cac:PayeeFinancialAccount></cac:PaymentMeans>"
)


def ubl_xml(*, more: str = "", payable: str = "125.00") -> str:
    """A UBL invoice, with more elements or another amount due."""
    xml = (SAMPLES / "ubl_invoice.xml").read_text(encoding="utf-8")
    return xml.replace("<!-- more -->", more).replace("@payable@", payable)


def ubl(*, more: str = "", payable: str = "125.00") -> Extraction:
    """What it says."""
    return parse_einvoice(ubl_xml(more=more, payable=payable).encode(), "0" * 64)


def values(row: Row) -> dict[str, str]:
    """Only the values."""
    return {name: field.value for name, field in row.items()}


def test_a_ubl_invoice_is_read_whole() -> None:
    extraction = ubl()
    assert (extraction.document_type, extraction.source) == (DocumentType.INVOICE, Source.UBL)
    assert values(extraction.fields) == {
        "invoice_number": "R-17",
        "issue_date": "2024-03-05",
        "due_date": "2024-04-04",
        "currency": "SEK",
        "purchase_order_reference": "PO-9",
        "seller_name": "Shop AB",
        "seller_address": "Gata 1, 22100 Lund, SE",
        "seller_vat_id": "SE123456789001",
        "payment_iban": "SE4550000000058398257466",
        "payment_reference": "ref 1",
        "total_without_vat": "100",
        "total_vat": "25",
        "total_with_vat": "125",
        "amount_due": "125",
    }
    assert [values(row) for row in extraction.tax_breakdown] == [
        {"rate": "25", "taxable_amount": "100", "tax_amount": "25"}
    ]


def test_a_price_for_many_says_for_how_many() -> None:
    assert values(ubl().lines[0]) == {
        "line_id": "1",
        "description": "Pen",
        "gtin": "4012345001235",
        "purchase_order_line": "4",
        "quantity": "10",
        "unit": "C62",
        "unit_price": "1000",
        "price_base_quantity": "100",
        "tax_rate": "25",
        "line_net_amount": "100",
    }


def test_values_from_data_are_sure_and_say_why() -> None:
    number = ubl().fields["invoice_number"]
    assert number.confidence == 0.999
    assert number.reasons == ("from the e-invoice's data",)


def test_two_different_accounts_make_the_account_unsure() -> None:
    account = ubl(more=ACCOUNT).fields["payment_iban"]
    assert account.confidence < 0.9
    assert account.reasons[0] == "2 different ones are given"


@pytest.mark.parametrize("payable", ["1.250,00", "NaN", "1e9999999", "12 5", "9" * 80])
def test_what_is_no_amount_is_kept_as_written_without_trust(payable: str) -> None:
    amount = ubl(payable=payable).fields["amount_due"]
    assert amount.value == payable
    assert amount.confidence < 0.1


@pytest.mark.parametrize(("written", "read"), [("+125.50", "125.5"), (".5", "0.5"), ("100.", "100"), ("-0.00", "0")])
def test_amounts_are_written_plainly(written: str, read: str) -> None:
    assert ubl(payable=written).fields["amount_due"].value == read


def test_a_credit_note_is_told_by_its_root_or_its_type_code() -> None:
    by_code = ubl_xml().replace(">380<", ">381<")
    by_root = ubl_xml().replace("Invoice-2", "CreditNote-2").replace("<Invoice ", "<CreditNote ")
    by_root = by_root.replace("</Invoice>", "</CreditNote>").replace("InvoiceLine", "CreditNoteLine")
    by_root = by_root.replace("InvoicedQuantity", "CreditedQuantity")
    for xml in (by_code, by_root):
        extraction = parse_einvoice(xml.encode(), "0" * 64)
        assert extraction.document_type is DocumentType.CREDIT_NOTE
        assert extraction.lines[0]["quantity"].value == "10"


def test_zugferd_1_is_read_under_its_own_names() -> None:
    extraction = parse_einvoice(ZUGFERD_1.encode(), "0" * 64)
    assert (extraction.document_type, extraction.source) == (DocumentType.CREDIT_NOTE, Source.CII)
    assert values(extraction.fields) == {
        "invoice_number": "471102",
        "issue_date": "2013-03-05",
        "purchase_order_reference": "B-7",
        "seller_name": "Lieferant GmbH",
        "seller_vat_id": "DE123456789",
        "currency": "EUR",
        "total_without_vat": "198",
        "total_vat": "37.62",
        "total_with_vat": "235.62",
    }
    assert [values(row) for row in extraction.lines] == [
        {
            "description": "Trennblätter A4",
            "quantity": "20",
            "unit": "C62",
            "unit_price": "9.9",
            "line_net_amount": "198",
        }
    ]
    assert values(extraction.tax_breakdown[0]) == {"rate": "19", "taxable_amount": "198", "tax_amount": "37.62"}


def test_groups_of_lines_are_not_counted_beside_their_parts() -> None:
    kind = "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    place = "<ram:IncludedSupplyChainTradeLineItem>\n   <ram:SpecifiedSupplyChainTradeAgreement>"
    assert place in ZUGFERD_1
    document = f"<ram:AssociatedDocumentLineDocument>{kind}</ram:AssociatedDocumentLineDocument>"
    xml = ZUGFERD_1.replace(place, place.replace("\n", f"{document}\n"))
    assert parse_einvoice(xml.encode(), "0" * 64).lines == ()


def test_an_invoice_in_a_delivery_envelope_is_read() -> None:
    body = ubl_xml().split("?>", 1)[1]
    envelope = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    xml = f'\n<StandardBusinessDocument xmlns="{envelope}"><Header/>{body}</StandardBusinessDocument>'
    assert values(parse_einvoice(xml.encode(), "0" * 64).fields) == values(ubl().fields)


def test_allowances_and_charges_of_the_whole_paper_are_told() -> None:
    xml = ubl_xml().replace(
        "<cac:LegalMonetaryTotal>",
        "<cac:LegalMonetaryTotal><cbc:AllowanceTotalAmount>0.00</cbc:AllowanceTotalAmount>"
        "<cbc:ChargeTotalAmount>5.80</cbc:ChargeTotalAmount>",
    )
    fields = values(parse_einvoice(xml.encode(), "0" * 64).fields)
    assert fields["total_charges"] == "5.8"
    assert "total_allowances" not in fields


def test_the_encoding_is_the_one_the_file_says() -> None:
    for encoding in ("iso-8859-1", "utf-16"):
        xml = f'<?xml version="1.0" encoding="{encoding}"?>{ZUGFERD_1}'.encode(encoding)
        extraction = read_and_extract(xml, ReadOptions(ignore_embedded=True))
        assert extraction.lines[0]["description"].value == "Trennblätter A4"


def test_an_einvoice_takes_less_than_twenty_milliseconds_warm() -> None:
    xml = ubl_xml().encode()
    read_and_extract(xml)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        read_and_extract(xml)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.02


@pytest.mark.data
@pytest.mark.parametrize("folder", ["einvoices", "invoices-hybrid"])
def test_every_labelled_value_of_real_einvoices_is_exact(data_folder: Path, folder: str) -> None:
    documents = data_folder / "documents"
    wrong = []
    for line in (documents / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if not label["file"].startswith(folder):
            continue
        extraction = read_and_extract((documents / label["file"]).read_bytes())
        found = values(extraction.fields)
        wrong += [(label["file"], name) for name, value in label["fields"].items() if found.get(name) != value]
        rows = [
            {name: values(row).get(name) for name in want}
            for row, want in zip(extraction.lines, label["lines"], strict=True)
        ]
        wrong += [(label["file"], "lines")] if rows != label["lines"] else []
    assert wrong == []
