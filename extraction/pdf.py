"""PDFium opens, renders and unpacks a PDF; everything it refuses gets a code."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from extraction.limits import ReadLimits, too_many_pages, too_many_pixels
from extraction.pdf_contents import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

_PASSWORD_ERRORS = frozenset({4, 5})
_BROKEN = InputError(
    "DOC-PDF-BROKEN",
    "It is a broken or incomplete PDF.",
    "Open it in a viewer and save it anew, or ask the sender for it again.",
)


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


def check_pictures(pictures: Iterable[Picture], limits: ReadLimits) -> None:
    """Refuses a page with an image that is too big to decode.

    Raises:
        TooLargeError: `DOC-TOO-MANY-PIXELS`.
    """
    for picture in pictures:
        if picture.width * picture.height > limits.max_page_pixels:
            raise too_many_pixels(picture.width, picture.height, limits)


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
