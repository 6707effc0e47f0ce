"""Turns bytes into a reading: for each page the text layer or, where there is none worth the name, OCR.

A reading's pages are upright. `read_framed` tells as well how each lies in the file, so that what is found on it can
be shown where a person sees it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from core.documents import Page, Reading, Source, Word
from core.errors import InputError
from extraction import images, pdf
from extraction.frames import Frame
from extraction.language import guess_language
from extraction.limits import ReadLimits
from extraction.ocr_page import read_picture
from extraction.pdf_contents import contents
from extraction.pdf_text import characters
from extraction.read_regions import over_scan, read_with_pictures, rendering_dpi
from extraction.rulings import rulings_of
from extraction.structured import EDI_MEDIA_TYPES, is_einvoice_root
from extraction.text_layer import characters_to_words, is_worth_reading

_EINVOICE_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml", "cii.xml"})
_XML_ATTACHMENT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FramedReading:
    """A reading and, for each of its pages, how it lies in the file."""

    reading: Reading
    frames: tuple[Frame, ...]


def read(data: bytes, *, media_type: str, limits: ReadLimits | None = None, ocr: str = "auto") -> Reading:
    """What can be seen in a document.

    Args:
        media_type: as `ingest.sniff.sniff` tells it.
        ocr: `auto`, `tesseract` or `rapidocr`.

    Raises:
        InputError: what it is, or why it cannot be read, by code.
        TooLargeError: a limit it is over.
        UnavailableError: `OCR-MISSING` when it is a scan and the OCR engine is not there.
    """
    return read_framed(data, media_type=media_type, limits=limits, ocr=ocr).reading


def read_framed(data: bytes, *, media_type: str, limits: ReadLimits | None = None, ocr: str = "auto") -> FramedReading:
    """The same, and how each page lies."""
    limits = limits or ReadLimits()
    if not data:
        raise InputError("DOC-EMPTY", "It is empty.", "Send it again; the transfer may have been cut off.")
    sha256 = hashlib.sha256(data).hexdigest()
    if media_type == "application/xml":
        return FramedReading(reading=Reading(sha256=sha256, media_type=media_type, xml=data), frames=())
    if media_type in EDI_MEDIA_TYPES:
        return FramedReading(reading=Reading(sha256=sha256, media_type=media_type, edi=data), frames=())
    xml: bytes | None = None
    if media_type == "application/pdf":
        with pdf.open_pdf(data, limits) as document:
            xml = embedded_einvoice(document)
            pages = list(_pdf_pages(document, limits, ocr))
    elif media_type in images.MEDIA_TYPES:
        pages = list(_image_pages(data, media_type, limits, ocr))
    else:
        raise unreadable(media_type)
    reading = Reading(sha256=sha256, media_type=media_type, pages=tuple(page for page, _ in pages), xml=xml)
    return FramedReading(reading=reading, frames=tuple(frame for _, frame in pages))


def unreadable(media_type: str) -> InputError:
    """Why a file of this type is not read."""
    if media_type in {"application/zip", "message/rfc822"}:
        kind = "an archive" if media_type == "application/zip" else "an e-mail"
        return InputError(
            "DOC-ARCHIVE", f"It is {kind}, not one paper.", "Take it in with `clearhold ingest`, which unpacks it."
        )
    what = "plain text" if media_type == "text/plain" else "of no known type"
    return InputError(
        "DOC-TYPE-UNKNOWN",
        f"It is {what}, whatever its name says.",
        "Send a PDF, a PNG, JPEG or TIFF image, a UBL or CII e-invoice, or EDIFACT or X12.",
    )


def _pdf_pages(document: Any, limits: ReadLimits, ocr: str) -> Iterator[tuple[Page, Frame]]:
    language: str | None = None
    for number in range(1, len(document) + 1):
        with pdf.open_page(document, number) as page:
            width, height = page.get_size()
            found = contents(page)
            covered = min(sum(picture.coverage for picture in found.pictures), 1.0)
            layer = characters_to_words(characters(page, found), width=width, height=height)
            if is_worth_reading(layer.words, covered, is_blank=found.is_blank):
                language = language or guess_language(word.text for word in layer.words)
                words, source = read_with_pictures(page, layer, found, limits, language=language, ocr=ocr)
                drawn = replace(_page(number, words, layer.frame, source), rulings=rulings_of(page, layer.frame))
                yield drawn, layer.frame
                continue
            pdf.check_pictures(found.pictures, limits)
            dpi = rendering_dpi(width, height, limits)
            picture = pdf.render(page, dpi, grey=True)
        read_page = read_picture(picture, dpi, language, ocr=ocr)
        language = language or read_page.language
        yield _page(number, over_scan(read_page, layer), read_page.frame, Source.OCR), read_page.frame


def _image_pages(data: bytes, media_type: str, limits: ReadLimits, ocr: str) -> Iterator[tuple[Page, Frame]]:
    language: str | None = None
    for number, (image, dpi) in enumerate(images.pages(data, media_type, limits), 1):
        read_page = read_picture(images.to_grey(image), dpi, language, ocr=ocr)
        language = language or read_page.language
        yield _page(number, read_page.words, read_page.frame, Source.OCR), read_page.frame


def _page(number: int, words: tuple[Word, ...], frame: Frame, source: Source) -> Page:
    width, height = frame.upright_size()
    return Page(number=number, width=round(width, 2), height=round(height, 2), source=source, words=words)


def embedded_einvoice(document: Any) -> bytes | None:
    """The e-invoice a hybrid PDF carries: by its agreed name, else by what its root is."""
    candidates = [
        (name.lower() not in _EINVOICE_NAMES, data)
        for name, data in pdf.attachments(document)
        if len(data) <= _XML_ATTACHMENT_BYTES and is_einvoice_root(data)
    ]
    return min(candidates, key=lambda candidate: candidate[0])[1] if candidates else None
