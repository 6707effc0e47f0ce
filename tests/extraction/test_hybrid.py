"""Hybrid PDFs are read twice; a difference is said when the page surely shows another value, and only then."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from core.documents import Box, Extraction, Field, Page, Reading, Source, Word
from core.documents_json import extraction_from_json, extraction_to_json
from extraction.hybrid import SURE, differences
from extraction.layout import lay_out
from extraction.pipeline import ReadOptions, read_and_extract
from extraction.printed import Printed
from training.batch import Sent, fill_desk
from training.einvoices import write_cii, write_hybrid
from training.layouts import print_paper
from training.ledger import AS_OF, build_ledger
from training.retailer import build_retailer

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents" / "invoices-hybrid"


@pytest.fixture(scope="module")
def honest() -> tuple[bytes, bytes]:
    """A generated page and the e-invoice that belongs to it."""
    retailer = build_retailer(5)
    sent, _ = fill_desk(retailer, build_ledger(retailer, 5, AS_OF), 5)
    one: Sent = next(at for at in sent if at.form == "hybrid" and at.fault is None)
    return print_paper(one.paper, one.house.style).pdf, write_cii(one.paper)


def changed(xml: bytes, element: str, old: str, new: str) -> bytes:
    """The e-invoice with one value replaced, however often the element comes."""
    after = re.sub(rf"(<ram:{element}[^>]*>){re.escape(old)}(<)".encode(), rf"\g<1>{new}\g<2>".encode(), xml)
    assert after != xml
    return after


def value(xml: bytes, element: str) -> str:
    found = re.search(rf"<ram:{element}[^>]*>([^<]+)<".encode(), xml)
    assert found
    return found[1].decode()


def test_hybrid_whose_halves_agree_says_nothing(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    extraction = read_and_extract(write_hybrid(pdf, xml))
    assert extraction.source is Source.CII
    assert extraction.findings == ()


@pytest.mark.parametrize(
    ("element", "new", "field"),
    [
        ("IBANID", "DE02120300000000202051", "payment_iban"),
        ("GrandTotalAmount", "98765.43", "total_with_vat"),
        ("TaxBasisTotalAmount", "87654.32", "total_without_vat"),
        ("DuePayableAmount", "98765.43", "amount_due"),
        ("InvoiceCurrencyCode", "USD", "currency"),
    ],
)
def test_value_changed_in_the_data_is_found(honest: tuple[bytes, bytes], element: str, new: str, field: str) -> None:
    pdf, xml = honest
    old = value(xml, element)
    (remark,) = read_and_extract(write_hybrid(pdf, changed(xml, element, old, new))).findings
    assert (remark.code, remark.outcome, remark.subject) == ("DOC-HYBRID", "block", field)
    assert remark.actual is not None
    assert new in remark.actual
    assert remark.evidence


def test_changed_number_is_found_with_both_numbers_and_the_place_on_the_page(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    old = value(xml.partition(b"ExchangedDocument>")[2], "ID")
    new = old[:-1] + str((int(old[-1]) + 1) % 10)
    (remark,) = read_and_extract(write_hybrid(pdf, changed(xml, "ID", old, new))).findings
    assert remark.subject == "invoice_number"
    assert (remark.expected, remark.actual) == (f"{old} (on the page)", f"{new} (in the e-invoice data)")
    assert [place.text for place in remark.evidence] == [old]


def test_every_changed_value_is_named(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    for element, new in (("IBANID", "DE02120300000000202051"), ("GrandTotalAmount", "98765.43")):
        xml = changed(xml, element, value(xml, element), new)
    found = read_and_extract(write_hybrid(pdf, xml)).findings
    assert {remark.subject for remark in found} == {"payment_iban", "total_with_vat"}


def test_changed_seller_and_date_are_found(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    before, seller, after = xml.partition(b"<ram:SellerTradeParty>")
    name = value(after, "Name")
    after = after.replace(name.encode(), b"Kranich Holding 77 Ltd", 1)
    xml = before + seller + after
    day = re.search(rb'format="102">(\d{8})<', xml)
    assert day
    xml = xml.replace(day[1], b"20190203", 1)
    found = read_and_extract(write_hybrid(pdf, xml)).findings
    assert {remark.subject for remark in found} >= {"seller_name", "issue_date"}


def test_pages_alone_are_compared_with_nothing(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    data = write_hybrid(pdf, changed(xml, "GrandTotalAmount", value(xml, "GrandTotalAmount"), "98765.43"))
    assert read_and_extract(data, ReadOptions(ignore_embedded=True)).findings == ()


def carrying(pdf: bytes, name: str, data: bytes) -> bytes:
    """A PDF with a file attached."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.add_attachment(name, data)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_einvoice_is_found_whatever_its_attachment_is_called(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    assert read_and_extract(carrying(pdf, "Anlage 1 (2).dat", xml)).source is Source.CII


def test_an_orders_data_are_left_aside_and_the_pages_read_instead(honest: tuple[bytes, bytes]) -> None:
    pdf, _ = honest
    order = b'<?xml version="1.0"?><rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:x"/>'
    extraction = read_and_extract(carrying(pdf, "order-x.xml", order))
    assert extraction.source is Source.TEXT_LAYER
    assert [(remark.code, remark.outcome) for remark in extraction.findings] == [("DOC-ORDER-DATA", "hold")]
    assert "order-x.xml" in extraction.findings[0].message
    assert extraction.fields == read_and_extract(pdf).fields


def test_remark_survives_being_stored(honest: tuple[bytes, bytes]) -> None:
    pdf, xml = honest
    extraction = read_and_extract(
        write_hybrid(pdf, changed(xml, "GrandTotalAmount", value(xml, "GrandTotalAmount"), "98765.43"))
    )
    again = extraction_from_json(extraction_to_json(extraction))
    (stored,), (made,) = again.findings, extraction.findings
    assert replace(stored, evidence=()) == replace(made, evidence=())
    assert [(place.page, place.text) for place in stored.evidence] == [(at.page, at.text) for at in made.evidence]


def reading(text: str, source: Source = Source.TEXT_LAYER) -> Reading:
    words = tuple(
        Word(text=word, box=Box(10 + 40 * column, 20 * row, 45 + 40 * column, 20 * row + 10))
        for row, line in enumerate(text.splitlines())
        for column, word in enumerate(line.split())
    )
    return Reading(sha256="ab" * 32, media_type="application/pdf", pages=(
        Page(number=1, width=595, height=842, source=source, words=words),
    ))  # fmt: skip


def extraction(confidence: float, source: Source, **values: str) -> Extraction:
    base = read_and_extract(b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>")
    fields = {name: Field(value=text, confidence=confidence, source=source) for name, text in values.items()}
    return replace(base, fields=fields)


@pytest.mark.parametrize(
    ("field", "said", "page"),
    [
        ("total_with_vat", "1234.5", "Total 1.234,50 EUR"),
        ("total_with_vat", "1234.5", "Total 1 234,50 EUR"),
        ("total_with_vat", "-1234.5", "Total 1'234.50- CHF"),
        ("issue_date", "2026-03-04", "Date 4. März 2026"),
        ("issue_date", "2026-03-04", "Date 03/04/26"),
        ("payment_iban", "DE02120300000000202051", "IBAN DE02 1203 0000 0000 2020 51"),
        ("seller_vat_id", "CHE123456789", "UID CHE-123.456.789 MWST"),
        ("seller_vat_id", "DE123456789", "USt-IdNr. 123 456 789"),
        ("seller_name", "Nordlicht Handels GmbH & Co. KG", "NORDLICHT HANDELS"),
        ("currency", "EUR", "Total 12,00€"),
        ("invoice_number", "R-2026/17", "Nr. R 2026 17"),
    ],
)
def test_value_counts_as_seen_in_any_printed_form(field: str, said: str, page: str) -> None:
    assert Printed(lay_out(reading(page))).shows(field, said)


@pytest.mark.parametrize(
    ("field", "said", "page"),
    [
        ("total_with_vat", "1234.5", "Total 1.234,60 EUR"),
        ("issue_date", "2026-03-04", "Date 5. März 2026"),
        ("invoice_number", "R-17", "Nr. R-171"),
        ("seller_name", "Kranich Holding", "NORDLICHT HANDELS"),
        ("currency", "USD", "Total 12,00 €"),
    ],
)
def test_another_value_is_not_taken_for_it(field: str, said: str, page: str) -> None:
    assert not Printed(lay_out(reading(page))).shows(field, said)


def test_page_reader_that_is_not_sure_raises_no_alarm() -> None:
    einvoice = extraction(0.999, Source.CII, invoice_number="R-17")
    page = reading("Rechnung R-99")
    for confidence, alarms in ((SURE, 1), (SURE - 0.01, 0)):
        seen = extraction(confidence, Source.TEXT_LAYER, invoice_number="R-99")
        assert len(differences(einvoice, seen, page)) == alarms


def test_total_that_is_nowhere_on_a_readable_page_is_held_though_the_reader_is_not_sure() -> None:
    stated = {"invoice_number": "R-17", "issue_date": "2026-03-04", "seller_name": "Nordlicht GmbH", "currency": "EUR"}
    einvoice = extraction(0.999, Source.CII, total_with_vat="119", **stated)
    unsure = extraction(0.4, Source.TEXT_LAYER, total_with_vat="910")
    text = "Nordlicht Rechnung R-17 vom 4. März 2026 Summe 910,00 EUR"
    (remark,) = differences(einvoice, unsure, reading(text))
    assert (remark.outcome, remark.subject, remark.expected) == ("hold", "total_with_vat", None)
    assert remark.actual == "119.00 EUR (in the e-invoice data)"
    assert differences(einvoice, unsure, reading(text, Source.OCR)) == ()
    assert differences(einvoice, unsure, reading("Deckblatt: siehe Anlage")) == ()


def test_one_misread_character_of_a_scan_raises_no_alarm() -> None:
    einvoice = extraction(0.999, Source.CII, invoice_number="RE-20417")
    page = reading("Rechnung RE-2O417", Source.OCR)
    seen = extraction(0.99, Source.OCR, invoice_number="RE-2O417")
    assert differences(einvoice, seen, page) == ()


def test_account_on_the_page_is_proof_by_its_check_digits_alone() -> None:
    einvoice = extraction(0.999, Source.CII, payment_iban="DE75512108001245126199")
    page = reading("Zahlbar auf DE02 1203 0000 0000 2020 51")
    (remark,) = differences(einvoice, extraction(0.5, Source.TEXT_LAYER), page)
    assert (remark.subject, remark.expected) == ("payment_iban", "DE02120300000000202051 (on the page)")


def test_remainder_that_no_page_prints_is_no_difference() -> None:
    """What is due after a down payment is often in the data only."""
    einvoice = extraction(0.999, Source.CII, total_with_vat="100", amount_due="40")
    seen = extraction(0.99, Source.TEXT_LAYER, total_with_vat="100", amount_due="100")
    assert differences(einvoice, seen, reading("Total 100,00")) == ()


def test_other_role_of_the_same_paper_is_no_difference() -> None:
    einvoice = extraction(0.999, Source.CII, seller_vat_id="DE111111111", buyer_vat_id="DE136695976")
    seen = extraction(0.99, Source.TEXT_LAYER, seller_vat_id="DE136695976")
    assert differences(einvoice, seen, reading("USt-IdNr. DE136695976")) == ()


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared data")
@pytest.mark.parametrize("path", sorted(DATA.glob("*.pdf")), ids=lambda path: path.stem)
def test_real_hybrids_agree_with_themselves(path: Path) -> None:
    found = read_and_extract(path.read_bytes()).findings
    assert [remark for remark in found if remark.code == "DOC-HYBRID"] == []
