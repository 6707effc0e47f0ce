"""Tells from its bytes what kind of file something is. Names and declared types are never believed.

A cheap look at the beginning: it says who shall read the file, not that the file is sound.
"""

import re

HEAD_BYTES = 4096
TEXT_BYTES = 65_536

CONTAINER_TYPES = frozenset({"application/zip", "message/rfc822"})

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Word, Excel, OpenDocument and Java files are zip archives too, but each is one paper, not a folder of papers.
_PACKAGE_MARKS = (b"[Content_Types].xml", b"mimetypeapplication/", b"META-INF/MANIFEST.MF")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_XML_ELEMENT = re.compile(r"<[^\W\d][\w.\-]*(:[^\W\d][\w.\-]*)?(\s|/|>|$)")
_XML_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_EDIFACT = re.compile(r"(UNA.{6}\s*(UNB|UNG|UNH)|UN[BGH][^\w\s])", re.DOTALL)
_X12_ELEMENTS = 16
_HEADER = re.compile(r"([!-9;-~]+):([ \t].*|)$")
_MAIL_HEADERS = re.compile(
    r"from|to|cc|subject|date|(x-)?received|return-path|message-id|mime-version|content-type|delivered-to|sender|"
    r"reply-to|content-transfer-encoding|dkim-signature|arc-seal|authentication-results",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b\x7f]")
_HIGH_SHARE = 0.3


def sniff(data: bytes) -> str:
    """The media type that the content shows; `application/octet-stream` when it shows none.

    One of application/pdf, image/png, image/jpeg, image/tiff, application/xml, message/rfc822, application/zip,
    application/edifact, application/edi-x12, text/plain, application/octet-stream.
    """
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data.startswith(_ZIP):
        return "application/octet-stream" if _is_package(data) else "application/zip"
    head = _head_text(data)
    if head is not None and (named := _sniff_text(head)):
        return named
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    return "text/plain" if _is_text(data[:TEXT_BYTES]) else "application/octet-stream"


def _is_package(data: bytes) -> bool:
    directory = data[-TEXT_BYTES:]
    return any(mark in data[:HEAD_BYTES] or mark in directory for mark in _PACKAGE_MARKS)


def _head_text(data: bytes) -> str | None:
    """The beginning as text without its byte order mark, or None where there is no sense in one."""
    head = data[:HEAD_BYTES]
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, errors="replace")
    if head.startswith(b"<\x00"):
        return head.decode("utf-16-le", errors="replace")
    if head.startswith(b"\x00<"):
        return head.decode("utf-16-be", errors="replace")
    if b"\x00" in head[:64]:
        return None
    return head.decode("utf-8", errors="replace")


def _sniff_text(head: str) -> str | None:
    start = head.lstrip()
    if _is_xml(start):
        return "application/xml"
    if _EDIFACT.match(start):
        return "application/edifact"
    if _is_x12(start):
        return "application/edi-x12"
    if _is_mail(head):
        return "message/rfc822"
    return None


def _is_xml(start: str) -> bool:
    if start.startswith("<?xml"):
        return True
    root = _XML_COMMENT.sub("", start)
    lowered = root[:20].lower()
    if lowered.startswith(("<!doctype html", "<html")):
        return False
    return root.startswith("<!DOCTYPE") or _XML_ELEMENT.match(root) is not None


def _is_x12(start: str) -> bool:
    """Whether it begins with an interchange header: sixteen elements after whatever sign comes first."""
    separator = start[3:4]
    return start.startswith("ISA") and not separator.isalnum() and start[:200].count(separator) >= _X12_ELEMENTS


def _is_mail(head: str) -> bool:
    """Whether it begins with header lines, two of them such as mail has."""
    known: set[str] = set()
    for number, line in enumerate(head.lstrip("\r\n").splitlines()):
        if not line:
            break
        if line[0] in " \t" and number:
            continue
        if number == 0 and line.startswith("From "):
            continue
        header = _HEADER.match(line)
        if header is None:
            # The last line of what we look at may be cut.
            break
        if _MAIL_HEADERS.fullmatch(header[1]):
            known.add(header[1].lower())
    return len(known) >= 2


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if not data or _CONTROL.search(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return True
        return sum(byte >= 0x80 for byte in data) <= len(data) * _HIGH_SHARE
    return True
