import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError, TooLargeError
from ingest.containers import Part, UnpackLimits, unpack
from tests.ingest.conftest import PDF

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def zip_of(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return file.getvalue()


def mail_with(*papers: tuple[str, bytes, str], text: str = "Please find our invoice attached.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "billing@nordlicht.example"
    mail["To"] = "ap@shop.example"
    mail["Subject"] = "Invoice R-17"
    mail.set_content(text)
    for name, data, media_type in papers:
        maintype, subtype = media_type.split("/")
        mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return mail


def from_zip(data: bytes, limits: UnpackLimits | None = None) -> tuple[Part, ...]:
    return unpack(data, "application/zip", limits)


def from_mail(mail: EmailMessage | bytes, limits: UnpackLimits | None = None) -> tuple[Part, ...]:
    return unpack(mail if isinstance(mail, bytes) else bytes(mail), "message/rfc822", limits)


def code_of(data: bytes, media_type: str, limits: UnpackLimits | None = None) -> str:
    with pytest.raises(InputError) as caught:
        unpack(data, media_type, limits)
    assert caught.value.remedy
    return caught.value.code


def test_the_papers_of_an_archive_come_out_in_its_order() -> None:
    data = zip_of(("b/", b""), ("b/r2.pdf", PDF), ("a.xml", b"<Invoice/>"))
    assert from_zip(data) == (Part("b/r2.pdf", PDF), Part("a.xml", b"<Invoice/>"))


def test_what_operating_systems_leave_in_archives_is_no_paper() -> None:
    data = zip_of(("__MACOSX/._r.pdf", b"x"), (".DS_Store", b"x"), ("in/Thumbs.db", b"x"), ("r.pdf", PDF), ("e", b""))
    assert [part.file_name for part in from_zip(data)] == ["r.pdf"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zip_of(), "DOC-ARCHIVE-EMPTY"),
        (zip_of(("empty.pdf", b"")), "DOC-ARCHIVE-EMPTY"),
        (zip_of(("inner.zip", zip_of(("r.pdf", PDF)))), "DOC-ARCHIVE-NESTED"),
        (zip_of(("r.pdf", zip_of(("r.pdf", PDF)))), "DOC-ARCHIVE-NESTED"),
        (zip_of(("zeros.pdf", b"\x00" * 20_000_000)), "DOC-ARCHIVE-RATIO"),
        (b"PK\x03\x04 and then nothing", "DOC-ARCHIVE-BROKEN"),
        (zip_of(("r.pdf", PDF * 40))[:-40], "DOC-ARCHIVE-BROKEN"),
    ],
)
def test_an_archive_that_cannot_be_unpacked_says_why(data: bytes, code: str) -> None:
    assert code_of(data, "application/zip") == code


def test_an_archive_with_a_password_says_so() -> None:
    data = bytearray(zip_of(("r.pdf", PDF), method=zipfile.ZIP_STORED))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert code_of(bytes(data), "application/zip") == "DOC-ARCHIVE-ENCRYPTED"


def test_an_archive_that_lies_about_its_sizes_is_not_believed() -> None:
    data = bytearray(zip_of(("zeros.pdf", b"\x00" * 20_000_000)))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = struct.pack("<I", 1000)
    assert code_of(bytes(data), "application/zip") == "DOC-ARCHIVE-BROKEN"


def test_entries_that_overlap_are_counted_as_often_as_they_unpack() -> None:
    """The way of the flat zip bomb: many names for the same packed bytes."""
    packed = zip_of(("a", b"\x00" * 500_000))
    start = packed.index(b"PK\x01\x02")
    entry, end = packed[start:-22], bytearray(packed[-22:])
    count = 900
    end[8:12] = struct.pack("<HH", count, count)
    end[12:16] = struct.pack("<I", len(entry) * count)
    assert code_of(packed[:start] + entry * count + bytes(end), "application/zip") == "DOC-ARCHIVE-RATIO"


def test_limits_of_number_and_size_hold() -> None:
    many = zip_of(*((f"{number}.pdf", PDF) for number in range(11)))
    with pytest.raises(TooLargeError, match="DOC-ARCHIVE-FILES"):
        from_zip(many, UnpackLimits(max_files=10))
    with pytest.raises(TooLargeError, match="DOC-ARCHIVE-SIZE"):
        from_zip(many, UnpackLimits(max_bytes=len(PDF) * 10))
    assert len(from_zip(many, UnpackLimits(max_files=11, max_bytes=len(PDF) * 11))) == 11


def test_the_papers_attached_to_a_mail_come_out_and_its_text_does_not() -> None:
    mail = mail_with(("Rechnung März.pdf", PDF, "application/pdf"), ("data.xml", b"<Invoice/>", "application/xml"))
    assert from_mail(mail) == (Part("Rechnung März.pdf", PDF), Part("data.xml", b"<Invoice/>"))


def test_a_letterhead_is_no_paper_and_a_photo_of_one_is() -> None:
    mail = mail_with(text="see below")
    mail.add_alternative("<p>Hello <img src='cid:logo'></p>", subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, maintype="image", subtype="png", cid="<logo>")
    assert code_of(bytes(mail), "message/rfc822") == "DOC-EMAIL-EMPTY"
    mail.add_attachment(PNG, maintype="image", subtype="png", disposition="inline", filename="photo.png")
    assert [part.file_name for part in from_mail(mail)] == ["photo.png"]


def test_a_text_is_a_paper_only_when_it_is_attached() -> None:
    edi = ("invoice.edi", b"UNB+UNOA:1+a+b'", "text/plain")
    mail = mail_with(
        edi, ("ATT00001.txt", b"-- sent from my phone", "text/plain"), ("x.ics", b"BEGIN", "text/calendar")
    )
    assert [part.file_name for part in from_mail(mail)] == ["invoice.edi"]


def test_a_mail_attached_to_a_mail_comes_out_as_a_mail() -> None:
    inner = mail_with(("r.pdf", PDF, "application/pdf"))
    outer = mail_with()
    outer.add_attachment(inner)
    (part,) = from_mail(outer)
    assert part.file_name.endswith(".eml")
    assert from_mail(part.data) == (Part("r.pdf", PDF),)


def test_an_attachment_without_a_name_gets_one() -> None:
    data = b"From: a@b.c\nSubject: x\nMIME-Version: 1.0\nContent-Type: application/pdf\n\n%PDF-1.4\n"
    assert from_mail(data) == (Part("attachment-1", b"%PDF-1.4\n"),)


def test_encoded_names_are_read_and_broken_ones_kept() -> None:
    head = b"From: a@b.c\nSubject: x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="
    assert from_mail(head + b'"=?utf-8?q?M=C3=A4rz=2Epdf?="\n\n%PDF-')[0].file_name == "März.pdf"
    assert from_mail(head + b'"=?nonsense?q?M=C3?="\n\n%PDF-')[0].file_name == "=?nonsense?q?M=C3?="


def test_a_mail_of_many_mails_is_refused_before_it_is_deep() -> None:
    data = b"From: a@b.c\nSubject: x\n"
    for number in range(200):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
    assert code_of(data + b"Content-Type: application/pdf\n\n%PDF-", "message/rfc822") == "DOC-EMAIL-BROKEN"


def test_a_mail_with_too_many_papers_is_refused() -> None:
    mail = mail_with(*((f"{number}.pdf", PDF, "application/pdf") for number in range(4)))
    with pytest.raises(TooLargeError, match="DOC-ARCHIVE-FILES"):
        from_mail(mail, UnpackLimits(max_files=3))


def test_only_mails_and_archives_are_unpacked() -> None:
    assert code_of(PDF, "application/pdf") == "DOC-ARCHIVE"


@pytest.mark.law
@given(st.binary(max_size=500), st.sampled_from(["application/zip", "message/rfc822"]), st.booleans())
def test_any_bytes_are_parts_or_an_error_with_a_code(data: bytes, media_type: str, like: bool) -> None:
    start = (b"PK\x03\x04" if "zip" in media_type else b"From: a\nContent-Type: multipart/mixed\n") if like else b""
    code = "DOC-"
    try:
        unpack(start + data, media_type)
    except InputError as error:
        code = error.code
    assert code.startswith("DOC-")


@pytest.mark.law
@given(st.data())
def test_an_archive_with_damaged_bytes_is_parts_or_an_error_with_a_code(data: st.DataObject) -> None:
    archive = bytearray(zip_of(("r.pdf", PDF * 3), ("x.xml", b"<Invoice/>" * 9)))
    for _ in range(data.draw(st.integers(1, 6))):
        archive[data.draw(st.integers(4, len(archive) - 1))] = data.draw(st.integers(0, 255))
    code = "DOC-ARCHIVE"
    try:
        from_zip(bytes(archive))
    except InputError as error:
        code = error.code
    assert code.startswith("DOC-ARCHIVE")


@pytest.mark.data
def test_real_papers_come_out_of_a_mail_byte_for_byte(data_folder: Path) -> None:
    files = sorted((data_folder / "documents" / "invoices-real").iterdir())
    mail = mail_with(*((file.name, file.read_bytes(), "application/pdf") for file in files))
    assert from_mail(mail) == tuple(Part(file.name, file.read_bytes()) for file in files)
