"""Header fields come out of pages by their labels, their places and their sums, each with confidence and evidence."""

from dataclasses import replace

import pytest

from core.documents import DocumentType, Extraction, Field, Source
from extraction.bundle import Bundle, default_bundle, keyword_bundle
from extraction.extract import extract
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of

BUNDLES = [pytest.param(default_bundle, id="trained"), pytest.param(keyword_bundle, id="keywords")]


def read_invoice(bundle: Bundle, **changed: str) -> Extraction:
    rows: list[Cells | str | None] = []
    for row in INVOICE:
        if row is None or isinstance(row, str):
            rows.append(changed.get(row, row) if row else None)
        else:
            rows.append([(x, changed.get(text, text)) for x, text in row])
    return extract(reading_of(page_of(rows)), bundle=bundle)


def values(extraction: Extraction) -> dict[str, str]:
    return {name: field.value for name, field in extraction.fields.items()}


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_plain_invoice_is_read_whole(bundle: object) -> None:
    assert callable(bundle)
    found = values(read_invoice(bundle()))
    wanted = {
        "invoice_number": "RE-2026-0034",
        "issue_date": "2026-11-05",
        "due_date": "2026-12-05",
        "purchase_order_reference": "4500017",
        "currency": "EUR",
        "seller_name": "Muster Handels GmbH",
        "seller_vat_id": "DE232446240",
        "buyer_name": "Beispiel Laden AG",
        "payment_iban": "DE30507500940000048567",
        "total_without_vat": "100",
        "total_vat": "19",
        "total_with_vat": "119",
    }
    assert {name: found.get(name) for name in wanted} == wanted


def test_the_same_reading_gives_the_same_extraction() -> None:
    assert read_invoice(default_bundle()) == read_invoice(default_bundle())


def test_every_field_shows_where_it_stands() -> None:
    extraction = read_invoice(default_bundle())
    number = extraction.fields["invoice_number"]
    assert number.evidence[0].text == "RE-2026-0034"
    assert number.evidence[0].page == 1
    assert number.evidence[0].box.x0 == pytest.approx(450)
    assert all(field.evidence for field in extraction.fields.values())


def test_confidence_is_a_probability_and_has_reasons() -> None:
    gross = read_invoice(default_bundle()).fields["total_with_vat"]
    assert 0 < gross.confidence < 1
    assert "adds up" in gross.reasons


def test_totals_that_do_not_add_up_are_trusted_less() -> None:
    right = read_invoice(keyword_bundle()).fields["total_with_vat"]
    wrong = read_invoice(keyword_bundle(), **{"19,00": "18,00"}).fields["total_with_vat"]
    assert wrong.confidence < right.confidence
    assert "adds up" not in wrong.reasons


def test_amount_due_is_the_gross_total_when_nothing_was_paid() -> None:
    assert values(read_invoice(default_bundle()))["amount_due"] == "119"


def test_a_vat_id_with_wrong_check_digits_is_read_and_said() -> None:
    field = read_invoice(keyword_bundle(), **{"USt-IdNr.: DE232446240": "USt-IdNr.: DE123456789"}).fields[
        "seller_vat_id"
    ]
    assert field.value == "DE123456789"
    assert "check digits wrong" in field.reasons


def test_an_iban_with_wrong_check_digits_is_trusted_less() -> None:
    good = read_invoice(default_bundle()).fields["payment_iban"]
    bad = read_invoice(default_bundle(), **{"IBAN: DE30 5075 0094 0000 0485 67": "IBAN: DE30 5075 0094 0000 0485 68"})
    assert bad.fields["payment_iban"].confidence < good.confidence


def dated(printed: str) -> Field:
    rows: list[Cells | str | None] = [
        "Muster Ltd",
        [(40, "Invoice No"), (150, "INV-1")],
        [(40, "Invoice date"), (150, printed)],
        "Invoice total 10.00",
    ]
    return extract(reading_of(page_of(rows)), bundle=keyword_bundle()).fields["issue_date"]


def test_an_ambiguous_date_is_trusted_less() -> None:
    assert dated("03/04/2026").confidence < dated("23/04/2026").confidence
    assert "day and month could be exchanged" in dated("03/04/2026").reasons


def test_the_date_of_an_order_is_not_the_date_of_the_invoice() -> None:
    rows = ["Rechnung Nr. 471102 vom 05.06.2018", None, "Rechnung gemäß Bestellung Nr. 2018-471331 vom 01.03.2018."]
    found = values(extract(reading_of(page_of(rows)), bundle=keyword_bundle()))
    assert found["issue_date"] == "2018-06-05"
    assert found["invoice_number"] == "471102"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Rechnung", DocumentType.INVOICE),
        ("CREDIT NOTE", DocumentType.CREDIT_NOTE),
        ("Lieferschein", DocumentType.DELIVERY_NOTE),
        ("Packing List", DocumentType.PACKING_LIST),
        ("Bill of Lading", DocumentType.BILL_OF_LADING),
        ("FACTUUR", DocumentType.INVOICE),
        ("Purchase Order", DocumentType.PURCHASE_ORDER),
        ("Quittung", DocumentType.RECEIPT),
    ],
)
def test_the_title_tells_the_kind_of_paper(title: str, kind: DocumentType) -> None:
    assert extract(reading_of(page_of(["Muster GmbH", None, title, None, "12.03.2026"]))).document_type is kind


def test_a_delivery_note_has_shipment_fields() -> None:
    rows = [
        "Muster Handels GmbH",
        "Hafenstraße 12",
        "20457 Hamburg",
        None,
        "Lieferschein",
        None,
        [(40, "Lieferschein-Nr."), (200, "LS-4711")],
        [(40, "Ihre Bestellung"), (200, "4500017")],
        [(40, "Versanddatum"), (200, "05.11.2026")],
        [(40, "Bruttogewicht"), (200, "12,5 kg")],
        [(40, "Packstücke"), (200, "3")],
    ]
    found = values(extract(reading_of(page_of(rows)), bundle=keyword_bundle()))
    assert found["shipment_number"] == "LS-4711"
    assert found["purchase_order_reference"] == "4500017"
    assert (found["gross_weight"], found["gross_weight_unit"], found["package_count"]) == ("12.5", "kg", "3")
    assert "total_with_vat" not in found


def test_an_address_starts_after_the_register_number_and_ends_with_the_town() -> None:
    rows: list[Cells | str | None] = [
        "MUSTER TRADING SDN BHD",
        "(961394-X)",
        "NO. 135, JALAN CONTOH, 43500",
        "SEMENYIH, SELANGOR",
        "Tel : 03-1234567",
        None,
        "TAX INVOICE",
        [(40, "Date"), (150, "16/04/2018")],
        [(40, "Total"), (150, "12.00")],
    ]
    found = values(extract(reading_of(page_of(rows)), bundle=keyword_bundle()))
    assert found["seller_name"] == "MUSTER TRADING SDN BHD"
    assert found["seller_address"] == "NO. 135, JALAN CONTOH, 43500, SEMENYIH, SELANGOR"


def test_a_page_without_words_gives_no_fields_and_no_error() -> None:
    extraction = extract(reading_of(page_of([])))
    assert extraction.document_type is DocumentType.OTHER
    assert not extraction.fields


def test_values_read_by_ocr_say_so() -> None:
    page = replace(page_of(INVOICE), source=Source.OCR)
    extraction = extract(reading_of(page))
    assert extraction.source is Source.OCR
    assert all(isinstance(field, Field) and field.source is Source.OCR for field in extraction.fields.values())


def test_embedded_data_is_preferred_unless_told_otherwise() -> None:
    xml = (
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
        b'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        b"<cbc:ID>RE-2026-0034</cbc:ID></Invoice>"
    )
    reading = replace(reading_of(page_of(INVOICE)), xml=xml)
    from_data, from_page = extract(reading), extract(reading, ignore_embedded=True)
    assert (from_data.source, from_page.source) == (Source.UBL, Source.TEXT_LAYER)
    assert from_data.fields["invoice_number"].evidence[0].box.x0 == pytest.approx(450)
