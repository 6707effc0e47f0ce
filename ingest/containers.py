"""Takes the papers out of a mail or an archive: one level, with limits, and with a code for each refusal.

Pure: bytes in, parts out. It runs in a child process, since what it opens comes from strangers.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from lzma import LZMAError
from typing import NamedTuple

from core.errors import InputError, TooLargeError
from ingest.sniff import sniff

# Below this, a ratio says nothing: a one-line text packs badly and a small form packs well.
SMALL_BYTES = 1_000_000
MAX_MAIL_DEPTH = 20
_CHUNK = 1_000_000
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
_EXCHANGE_BODY = re.compile(r"ATT\d+\.(txt|html?)", re.IGNORECASE)
_NO_PAPERS = frozenset(
    (
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/rfc822-headers",
        "message/delivery-status",
        "message/disposition-notification",
    )
)
_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    LookupError, OverflowError,
)  # fmt: skip
# What the standard library's parser lets through on hostile mail; it promises no error type of its own.
_BROKEN_MAIL = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


class Part(NamedTuple):
    """A file out of a mail or an archive."""

    file_name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackLimits:
    """What one mail or archive may unpack into; the settings of the same names are their source."""

    max_bytes: int = 50_000_000
    max_files: int = 1_000
    max_ratio: float = 100.0


def unpack(data: bytes, media_type: str, limits: UnpackLimits | None = None) -> tuple[Part, ...]:
    """The papers in a mail (`message/rfc822`) or archive (`application/zip`), in its order; empty files are left out.

    Mails attached to a mail and archives attached to a mail are parts as they are. The body of a mail is no paper.

    Raises:
        InputError: `DOC-EMAIL-EMPTY`, `DOC-EMAIL-BROKEN`, `DOC-ARCHIVE-EMPTY`, `DOC-ARCHIVE-BROKEN`,
            `DOC-ARCHIVE-ENCRYPTED`, `DOC-ARCHIVE-NESTED`, `DOC-ARCHIVE` when it is neither.
        TooLargeError: `DOC-ARCHIVE-FILES`, `DOC-ARCHIVE-RATIO`, `DOC-ARCHIVE-SIZE`.
    """
    limits = limits or UnpackLimits()
    if media_type == "application/zip":
        return _unpack_zip(data, limits)
    if media_type == "message/rfc822":
        return _unpack_mail(data, limits)
    raise InputError("DOC-ARCHIVE", "It is neither a mail nor a zip archive.", "Send the papers in it one by one.")


def _unpack_zip(data: bytes, limits: UnpackLimits) -> tuple[Part, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [
                entry for entry in archive.infolist() if not entry.is_dir() and not _LITTER.search(entry.filename)
            ]
            _check_entries(entries, len(data), limits)
            parts = tuple(_zip_parts(archive, entries, limits))
    except InputError:
        raise
    except _BROKEN_ZIP as error:
        raise InputError(
            "DOC-ARCHIVE-BROKEN",
            f"The zip archive cannot be unpacked: {_first_line(error)}.",
            "Ask the sender for it again, or for the papers without an archive.",
        ) from None
    if not parts:
        raise InputError("DOC-ARCHIVE-EMPTY", "There is no paper in the archive.", "Ask the sender for the papers.")
    return parts


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, limits: UnpackLimits) -> None:
    """Believes the archive's own figures only where they speak against it."""
    _check_count(len(entries), limits)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InputError(
            "DOC-ARCHIVE-ENCRYPTED",
            "The zip archive has a password.",
            "Unpack it with the password and send the papers in it.",
        )
    _check_size(sum(entry.file_size for entry in entries), packed, limits)


def _zip_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: UnpackLimits) -> Iterator[Part]:
    total = 0
    for entry in entries:
        with archive.open(entry) as file:
            pieces = []
            while piece := file.read(_CHUNK):
                total += len(piece)
                _check_size(total, total, limits)
                pieces.append(piece)
        content = b"".join(pieces)
        if sniff(content) == "application/zip":
            raise InputError(
                "DOC-ARCHIVE-NESTED",
                f"The archive holds another archive ({entry.filename[:100]}).",
                "Unpack it and send the papers in it, in one archive or none.",
            )
        if content:
            yield Part(entry.filename, content)


def _check_count(count: int, limits: UnpackLimits) -> None:
    if count > limits.max_files:
        raise TooLargeError(
            "DOC-ARCHIVE-FILES",
            f"It holds {count:,} files; {limits.max_files:,} are allowed.",
            "Send them in several parts, or raise CLEARHOLD_MAX_ARCHIVE_FILES.",
        )


def _check_size(unpacked: int, packed: int, limits: UnpackLimits) -> None:
    if unpacked > SMALL_BYTES and unpacked > packed * limits.max_ratio:
        raise TooLargeError(
            "DOC-ARCHIVE-RATIO",
            f"It would unpack to {unpacked // max(packed, 1):,} times its size, as a zip bomb does.",
            "Send the papers without an archive, or raise CLEARHOLD_MAX_ARCHIVE_RATIO.",
        )
    if unpacked > limits.max_bytes:
        raise TooLargeError(
            "DOC-ARCHIVE-SIZE",
            f"It would unpack to more than the {limits.max_bytes:,} bytes allowed.",
            "Send the papers in several parts, or raise CLEARHOLD_MAX_BYTES.",
        )


def _unpack_mail(data: bytes, limits: UnpackLimits) -> tuple[Part, ...]:
    try:
        parts = tuple(_mail_parts(BytesParser(policy=compat32).parsebytes(data), limits))
    except InputError:
        raise
    except _BROKEN_MAIL:
        raise InputError(
            "DOC-EMAIL-BROKEN",
            "The e-mail is not built as mail is.",
            "Open it in a mail program and send the papers attached to it.",
        ) from None
    if not parts:
        raise InputError(
            "DOC-EMAIL-EMPTY",
            "No paper is attached to the e-mail.",
            "Read the mail itself; where it only links to a paper, download that and send it.",
        )
    return parts


def _mail_parts(message: Message, limits: UnpackLimits) -> Iterator[Part]:
    count = total = 0
    for part in _leaves(message, within="", depth=0):
        content = _content(part)
        if not content:
            continue
        count, total = count + 1, total + len(content)
        _check_count(count, limits)
        _check_size(total, total, limits)
        yield Part(_mail_name(part) or f"attachment-{count}{_ending(part)}", content)


def _leaves(message: Message, *, within: str, depth: int) -> Iterator[Message]:
    """The parts that may be papers, in order."""
    kind = message.get_content_type()
    if depth > MAX_MAIL_DEPTH:
        raise ValueError("nested too deep")
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, within=kind, depth=depth + 1)
    elif _may_be_paper(message, kind, within):
        yield message


def _may_be_paper(part: Message, kind: str, within: str) -> bool:
    name = _mail_name(part)
    is_attached = part.get_content_disposition() == "attachment"
    if kind in _NO_PAPERS:
        return False
    if kind in {"text/plain", "text/html"}:
        return bool(name or is_attached) and not _EXCHANGE_BODY.fullmatch(name)
    # The picture a mail's own text shows is a letterhead or a signature; a photo of a paper is attached.
    is_shown = within == "multipart/related" and "content-id" in part
    return is_attached or not (is_shown and part.get_content_maintype() == "image")


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _mail_name(part: Message) -> str:
    name = part.get_filename() or ""
    try:
        return str(make_header(decode_header(name))).strip()
    except (ValueError, LookupError):
        return name.strip()


def _ending(part: Message) -> str:
    return ".eml" if part.get_content_type() == "message/rfc822" else ""


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or ["it is broken"])[0][:200].rstrip(".")
