"""PDFium behind four questions: open it, its text, its pictures, its attachments. Everything it refuses gets a code."""

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from core.documents import Box
from core.errors import InputError
from extraction.limits import ReadLimits, too_many_pages, too_many_pixels

if TYPE_CHECKING:
    from PIL.Image import Image

_PASSWORD_ERRORS = frozenset({4, 5})
_FORM_DEPTH = 4
_MOST_OBJECTS = 20_000
_QUARTER = math.pi / 2
_BROKEN = InputError(
    "DOC-PDF-BROKEN",
    "It is a broken or incomplete PDF.",
    "Open it in a viewer and save it anew, or ask the sender for it again.",
)


class Char(NamedTuple):
    """A character and its box as displayed: in points, origin top left, page rotation and crop applied.

    `quarter` counts the clockwise quarter turns by which it is turned as displayed; 0 is upright. `is_hidden` is
    written without ink, as programs lay recognised text over a scan.
    """

    text: str
    box: Box
    quarter: int = 0
    is_hidden: bool = False


class Picture(NamedTuple):
    """An image on a page: the share of the page it covers, and its own pixels."""

    coverage: float
    width: int
    height: int


@contextmanager
def open_pdf(data: bytes, limits: ReadLimits) -> Iterator[Any]:
    """The opened document.

    Raises:
        InputError: `DOC-PDF-ENCRYPTED`, `DOC-PDF-BROKEN`.
        TooLargeError: `DOC-TOO-MANY-PAGES`.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS:
            raise InputError(
                "DOC-PDF-ENCRYPTED", "It is protected by a password.", "Ask the sender for it without a password."
            ) from error
        raise _BROKEN from error
    try:
        if len(pdf) < 1:
            raise _BROKEN
        if len(pdf) > limits.max_pages:
            raise too_many_pages(len(pdf), limits)
        yield pdf
    finally:
        pdf.close()


@contextmanager
def open_page(pdf: Any, number: int) -> Iterator[Any]:
    """Page `number`, counted from 1, with what is filled into forms and stamped on it.

    Raises:
        InputError: `DOC-PDF-BROKEN` when this page cannot be loaded.
    """
    import pypdfium2

    try:
        page = _flattened(pdf, number - 1)
    except pypdfium2.PdfiumError as error:
        raise _BROKEN from error
    try:
        yield page
    except pypdfium2.PdfiumError as error:
        raise _BROKEN from error
    finally:
        page.close()


def _flattened(pdf: Any, index: int) -> Any:
    """PDFium's text knows nothing of form fields and notes until they are part of the page."""
    import pypdfium2.raw as pdfium

    page = pdf[index]
    if not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return pdf[index]


def characters(page: Any) -> list[Char]:
    """What the text layer holds, in the order in which it was written; line ends come as line feeds."""
    import pypdfium2.raw as pdfium

    to_display = _Display(page)
    text_page = page.get_textpage()
    raw, rect = text_page.raw, pdfium.FS_RECTF()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    angle_of, page_quarter = pdfium.FPDFText_GetCharAngle, page.get_rotation() // 90
    chars: list[Char] = []
    try:
        for index in range(text_page.count_chars()):
            code = unicode_of(raw, index)
            if not code or not box_of(raw, index, rect):
                continue
            quarter = (round(angle_of(raw, index) / _QUARTER) + page_quarter) % 4
            box = to_display.box(rect.left, rect.bottom, rect.right, rect.top)
            chars.append(Char(_character(code), box, quarter, _is_inkless(raw, index)))
        return chars
    finally:
        text_page.close()


def pictures(page: Any) -> list[Picture]:
    """The images on a page, those inside of forms too."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    area = max(width * height, 1.0)
    found: list[Picture] = []
    for number, image in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH)):
        if number == _MOST_OBJECTS:
            break
        left, bottom, right, top = image.get_bounds()
        across, down = ctypes.c_uint(), ctypes.c_uint()
        pdfium.FPDFImageObj_GetImagePixelSize(image.raw, across, down)
        coverage = min(abs((right - left) * (top - bottom)) / area, 1.0)
        found.append(Picture(coverage, across.value, down.value))
    return found


def check_pictures(page: Any, limits: ReadLimits) -> None:
    """Refuses a page with an image that is too big to decode.

    Raises:
        TooLargeError: `DOC-TOO-MANY-PIXELS`.
    """
    for picture in pictures(page):
        if picture.width * picture.height > limits.max_page_pixels:
            raise too_many_pixels(picture.width, picture.height, limits)


def is_blank(page: Any) -> bool:
    """Whether nothing at all is drawn on it."""
    import pypdfium2.raw as pdfium

    return not pdfium.FPDFPage_CountObjects(page.raw)


def render(page: Any, dpi: float, *, grey: bool) -> "Image":
    """A picture of a page as displayed."""
    picture: Image = page.render(scale=dpi / 72, grayscale=grey).to_pil()
    return picture.convert("L" if grey else "RGB")


def attachments(pdf: Any) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file inside that can be read."""
    import pypdfium2

    for number in range(pdf.count_attachments()):
        try:
            attachment = pdf.get_attachment(number)
            yield attachment.get_name(), bytes(attachment.get_data())
        except pypdfium2.PdfiumError:
            continue


def _is_inkless(text_page: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    text = pdfium.FPDFText_GetTextObject(text_page, index)
    return bool(text) and pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


class _Display:
    """Turns page coordinates (origin bottom left, before rotation) into displayed ones (origin top left)."""

    def __init__(self, page: Any) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation() % 360

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        if self._rotation == 0:
            return Box(left - self._left, self._top - top, right - self._left, self._top - bottom)
        if self._rotation == 90:
            return Box(bottom - self._bottom, left - self._left, top - self._bottom, right - self._left)
        if self._rotation == 180:
            return Box(self._right - right, bottom - self._bottom, self._right - left, top - self._bottom)
        return Box(self._top - top, self._right - right, self._top - bottom, self._right - left)


_REPLACED = {
    0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x0D: "\n", 0x200B: "", 0x200C: "", 0x200D: "", 0xFEFF: "",
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
}  # fmt: skip


def _character(code: int) -> str:
    if code in _REPLACED:
        return _REPLACED[code]
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
