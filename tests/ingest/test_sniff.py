import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sniff import sniff

KNOWN = {
    "application/pdf", "image/png", "image/jpeg", "image/tiff", "application/xml", "message/rfc822", "application/zip",
    "application/edifact", "application/edi-x12", "text/plain", "application/octet-stream",
}  # fmt: skip
ISA = (
    "ISA*00*          *00*          *ZZ*AAA            *01*BBB            *141117*1200*U*00401*000000001*0*P*>~GS*PO*X~"
)
MAIL = b"Return-Path: <a@example.org>\r\nFrom: a@example.org\r\nSubject: Invoice\r\n\r\nSee attachment.\r\n"
XML = '<?xml version="1.0"?><Invoice xmlns="urn:x"><ID>1</ID></Invoice>'


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n", "application/pdf"),
        (b"\n" * 1000 + b"%PDF-1.4\n", "application/pdf"),
        (b"\n" * 1100 + b"%PDF-1.4\n", "text/plain"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"II*\x00\x08\x00", "image/tiff"),
        (b"MM\x00*\x00\x00", "image/tiff"),
        (XML.encode(), "application/xml"),
        (b"\xef\xbb\xbf" + XML.encode(), "application/xml"),
        (XML.encode("utf-16"), "application/xml"),
        (XML.encode("utf-16-be"), "application/xml"),
        (b"  \n<!-- made by us -->\n<ubl:Invoice xmlns:ubl='u'/>", "application/xml"),
        (b"<!DOCTYPE Invoice [<!ENTITY a 'b'>]><Invoice>&a;</Invoice>", "application/xml"),
        (b"<!DOCTYPE html><html></html>", "text/plain"),
        (b"<html><body>Rechnung</body></html>", "text/plain"),
        (b"<3 this supplier", "text/plain"),
        (b"UNA:+.? 'UNB+UNOC:3+a+b'", "application/edifact"),
        (b"UNA:+.? '\r\nUNB+UNOC:3+a+b'", "application/edifact"),
        (b"UNB+UNOA:1+a+b'", "application/edifact"),
        (b"UNBELIEVABLE OFFER", "text/plain"),
        (ISA.encode(), "application/edi-x12"),
        (b"ISABELLA writes to you", "text/plain"),
        (MAIL, "message/rfc822"),
        (b"From someone Mon Nov 23\n" + MAIL, "message/rfc822"),
        (b"Total: 12\nDate: today\n", "text/plain"),
        (packed("a.pdf", "b.pdf"), "application/zip"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "application/octet-stream"),
        (packed("_rels/.rels", "word/document.xml", "[Content_Types].xml"), "application/octet-stream"),
        (b"Rechnung Nr. 17\nSumme 12,00 \xe2\x82\xac\n", "text/plain"),
        ("Rechnung für Grüße".encode("cp1252"), "text/plain"),
        ("Rechnung".encode("utf-16"), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (bytes(range(128, 256)), "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_type_is_told_from_the_content(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


@pytest.mark.law
@given(
    st.builds(
        lambda start, rest: start + rest,
        st.sampled_from([b"", b"<", b"<\x00", b"\x00<", b"\xff\xfe", b"UNA", b"ISA*", b"PK\x03\x04", b"From ", b"%PD"]),
        st.binary(max_size=300),
    )
)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert sniff(data) in KNOWN


@pytest.mark.data
def test_real_documents_are_what_their_folder_says(data_folder: Path) -> None:
    expected = {
        "invoices-pdf": {"application/pdf"},
        "invoices-hybrid": {"application/pdf"},
        "invoices-real": {"application/pdf"},
        "receipts-scan": {"image/jpeg"},
        "einvoices": {"application/xml"},
        # One of them is a maker's own format, with neither UNB nor ISA.
        "edi": {"application/xml", "application/edifact", "application/edi-x12", "text/plain"},
    }
    for folder, types in expected.items():
        files = sorted((data_folder / "documents" / folder).iterdir())
        assert files
        assert {sniff(file.read_bytes()) for file in files} == types, folder
