"""Whatever the bytes: reading ends in an extraction or in a coded error with a remedy, soon and within the limits."""

import contextlib
import json
import random
import struct
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from core.errors import ClearholdError, InputError, TooLargeError
from core.limited import LimitedExecutor, ProcessLimits
from extraction.pipeline import ReadOptions, read_and_extract, warm_up
from extraction.render import render_page
from review_api.cli.main import main
from tests.extraction.test_read import as_bytes, draw_invoice, make_pdf, scan

UBL = 'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'


@pytest.fixture(scope="module")
def executor() -> Iterator[LimitedExecutor]:
    """A limited child as the worker has it."""
    limits = ProcessLimits(seconds=20, memory_bytes=1_500_000_000)
    with LimitedExecutor(1, limits=limits, initializer=warm_up) as executor:
        yield executor


def refusal(executor: LimitedExecutor, data: bytes) -> ClearholdError:
    """Why the bytes are refused."""
    error = executor.submit(read_and_extract, data, ReadOptions()).exception(60)
    assert isinstance(error, ClearholdError)
    assert error.message
    assert error.remedy
    return error


def laughs() -> bytes:
    """A few lines that would become a gigabyte."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><Invoice {UBL}>&l9;</Invoice>'.encode()


def encrypted() -> bytes:
    """A PDF that asks for a password."""
    writer = PdfWriter()
    writer.add_page(PdfReader(BytesIO(make_pdf(draw_invoice))).pages[0])
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge, and is a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


def many_pages(count: int) -> bytes:
    """A small PDF with very many pages."""
    kids = b" ".join(b"3 0 R" for _ in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 4\n0000000000 65535 f \n" + table
    out += b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(out)


def pdf_with_a_bomb() -> bytes:
    """A PDF whose page is an image of 60,000 by 60,000 pixels in a few kilobytes."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    image = writer._add_object(_stream(zlib.compress(bytes(1000)), Width=60_000, Height=60_000, BitsPerComponent=8))
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/I"): image})}
    )
    content = writer._add_object(_plain_stream(b"q 595 0 0 842 0 0 cm /I Do Q"))
    page[NameObject("/Contents")] = ArrayObject([content])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(data: bytes, **numbers: int) -> DictionaryObject:
    stream = _plain_stream(data)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/Filter"): NameObject("/FlateDecode"),
            **{NameObject(f"/{name}"): NumberObject(number) for name, number in numbers.items()},
        }
    )
    return stream


def _plain_stream(data: bytes) -> DictionaryObject:
    from pypdf.generic import StreamObject

    stream = StreamObject()
    stream.set_data(data)
    return stream


CASES = {
    "empty": (b"", "DOC-EMPTY"),
    "text renamed to .pdf": (b"Dear customer, please find our invoice attached.\n", "DOC-TYPE-UNKNOWN"),
    "random bytes": (random.Random(7).randbytes(50_000), "DOC-TYPE-UNKNOWN"),
    "encrypted PDF": (encrypted(), "DOC-PDF-ENCRYPTED"),
    "truncated PDF": (make_pdf(draw_invoice)[:700], "DOC-PDF-BROKEN"),
    "PDF header and noise": (b"%PDF-1.7\n" + random.Random(8).randbytes(9_000), "DOC-PDF-BROKEN"),
    "10,000-page PDF": (many_pages(10_000), "DOC-TOO-MANY-PAGES"),
    "PDF with an image bomb": (pdf_with_a_bomb(), "DOC-TOO-MANY-PIXELS"),
    "image bomb": (png_header(60_000, 60_000), "DOC-TOO-MANY-PIXELS"),
    "truncated image": (as_bytes(Image.effect_noise((400, 400), 90), "PNG")[:4_000], "DOC-IMAGE-BROKEN"),
    "image header and noise": (b"\xff\xd8\xff\xe0" + random.Random(9).randbytes(9_000), "DOC-IMAGE-BROKEN"),
    "billion laughs": (laughs(), "DOC-XML-ENTITIES"),
    "laughs in an attribute": (laughs().replace(b">&l9;<", b' note="&l9;"><'), "DOC-XML-ENTITIES"),
    "external entity": (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice {UBL}>&e;</Invoice>'.encode(),
        "DOC-XML-ENTITIES",
    ),
    "external DTD": (f'<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><Invoice {UBL}/>'.encode(), "DOC-XML-ENTITIES"),
    "entities in UTF-16": (
        laughs().decode().replace("<?xml version", "<?xml version").encode("utf-16"),
        "DOC-XML-ENTITIES",
    ),
    "deep XML": (f"<Invoice {UBL}>".encode() + b"<a>" * 200 + b"</a>" * 200 + b"</Invoice>", "DOC-XML-DEPTH"),
    "very deep XML": (b"<a>" * 500_000, "DOC-XML-DEPTH"),
    "broken XML": (f"<?xml version='1.0'?><Invoice {UBL}><ID>1</Invoice>".encode(), "DOC-XML-BROKEN"),
    "XML of an unknown encoding": (b"<?xml version='1.0' encoding='EBCDIC-XX'?><Invoice/>", "DOC-XML-BROKEN"),
    "XML that is no e-invoice": (b"<?xml version='1.0'?><rss><channel/></rss>", "DOC-XML-UNKNOWN"),
    "EDIFACT": (b"UNB+UNOC:3+A+B+200101:1200+1'UNH+1+INVOIC:D:96A:UN'", "DOC-EDI-BROKEN"),
    "archive": (b"PK\x03\x04" + bytes(60), "DOC-ARCHIVE"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_with_its_code_and_a_remedy(executor: LimitedExecutor, name: str) -> None:
    data, code = CASES[name]
    began = time.monotonic()
    assert refusal(executor, data).code == code
    assert time.monotonic() - began < 10


def test_the_refusal_of_too_much_is_a_too_large_error(executor: LimitedExecutor) -> None:
    assert isinstance(refusal(executor, many_pages(201)), TooLargeError)
    assert isinstance(refusal(executor, png_header(9_000, 9_000)), TooLargeError)


def test_as_many_pages_as_allowed_are_read() -> None:
    assert len(read_and_extract(many_pages(200)).page_sizes) == 200


@pytest.mark.law
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_documents_are_read_or_refused_but_never_break_the_reader(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(WHOLE), label="which"))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + 1] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(ClearholdError):
        read_and_extract(bytes(whole))


@pytest.mark.law
@settings(max_examples=60, deadline=None)
@given(
    head=st.sampled_from([b"", b"%PDF-1.4\n", b"<?xml version='1.0'?>", b"\x89PNG\r\n\x1a\n", b"II*\x00"]),
    tail=st.binary(),
)
def test_any_bytes_are_read_or_refused(head: bytes, tail: bytes) -> None:
    with pytest.raises(ClearholdError):
        read_and_extract(head + tail)


WHOLE = (
    make_pdf(draw_invoice),
    f"<?xml version='1.0'?><Invoice {UBL}><ID>R-1</ID><IssueDate>2024-01-02</IssueDate></Invoice>".encode(),
    as_bytes(Image.new("L", (60, 60), 255), "PNG"),
    as_bytes(Image.new("L", (60, 60), 255), "TIFF"),
)


@pytest.mark.parametrize(
    "name", ["truncated PDF", "encrypted PDF", "PDF with an image bomb", "image bomb", "deep XML", "archive"]
)
def test_what_cannot_be_read_cannot_be_drawn_either(name: str) -> None:
    from ingest.sniff import sniff

    data, _ = CASES[name]
    with pytest.raises(ClearholdError):
        render_page(data, sniff(data), 1, 72)


def test_a_broken_einvoice_inside_a_pdf_is_told_and_the_pages_are_read() -> None:
    writer = PdfWriter()
    writer.add_page(PdfReader(BytesIO(make_pdf(draw_invoice))).pages[0])
    writer.add_attachment("factur-x.xml", f"<Invoice {UBL}><ID>".encode())
    out = BytesIO()
    writer.write(out)
    extraction = read_and_extract(out.getvalue())
    assert extraction.fields["invoice_number"].value == "R-2024-118"
    assert [(remark.code, remark.outcome) for remark in extraction.findings] == [("DOC-SCHEMA", "hold")]


def test_extract_prints_json_for_what_it_reads_and_a_line_for_what_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(draw_invoice))
    (tmp_path / "b.pdf").write_bytes(b"no paper at all\n")
    (tmp_path / "c.png").write_bytes(as_bytes(scan(make_pdf(draw_invoice)), "PNG"))
    code = main(["extract", "--jsonl", str(tmp_path), str(tmp_path / "missing.pdf")])
    printed = capsys.readouterr()
    objects = [json.loads(line) for line in printed.out.splitlines()]
    assert code == 1
    assert [Path(found["path"]).name for found in objects] == ["a.pdf", "b.pdf", "c.png", "missing.pdf"]
    assert objects[0]["fields"]["invoice_number"]["value"] == "R-2024-118"
    assert objects[0]["fields"]["invoice_number"]["evidence"][0]["page"] == 1
    assert objects[1]["error"].keys() == {"code", "message", "remedy"}
    assert [line.rsplit("[", 1)[1] for line in printed.err.splitlines()] == ["DOC-TYPE-UNKNOWN]", "FILE-NOT-FOUND]"]


def test_extract_prints_one_object_for_one_file_and_a_table_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(draw_invoice))
    assert main(["extract", "--json", str(tmp_path / "a.pdf")]) == 0
    assert json.loads(capsys.readouterr().out)["document_type"] == "invoice"
    assert main(["extract", str(tmp_path / "a.pdf")]) == 0
    assert "R-2024-118" in capsys.readouterr().out


def test_input_errors_are_what_readers_raise() -> None:
    with pytest.raises(InputError, match="DOC-TYPE-UNKNOWN"):
        read_and_extract(b"hello there")
