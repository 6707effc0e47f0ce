"""Draws a page as PNG for people to look at: as it lies in the file, not as extraction turned it."""

from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import NotFoundError
from extraction import images, pdf
from extraction.limits import ReadLimits
from extraction.pdf_contents import contents
from extraction.read import unreadable

if TYPE_CHECKING:
    from PIL.Image import Image


def render_page(
    data: bytes, media_type: str, number: int, dpi: float = 110.0, *, limits: ReadLimits | None = None
) -> bytes:
    """Page `number`, counted from 1, as PNG.

    Raises:
        NotFoundError: `DOC-PAGE-UNKNOWN` when it has no such page; an e-invoice has none.
        InputError: when it cannot be read, as in `extraction.read`.
    """
    limits = limits or ReadLimits()
    if media_type == "application/pdf":
        picture = _pdf_page(data, number, dpi, limits)
    elif media_type in images.MEDIA_TYPES:
        picture = _image_page(data, media_type, number, dpi, limits)
    elif media_type == "application/xml":
        raise _no_page(number)
    else:
        raise unreadable(media_type)
    out = BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _pdf_page(data: bytes, number: int, dpi: float, limits: ReadLimits) -> "Image":
    with pdf.open_pdf(data, limits) as document:
        if not 1 <= number <= len(document):
            raise _no_page(number)
        with pdf.open_page(document, number) as page:
            pdf.check_pictures(contents(page).pictures, limits)
            width, height = page.get_size()
            fitting = (limits.max_page_pixels * 72 * 72 / max(width * height, 1.0)) ** 0.5
            return pdf.render(page, min(dpi, fitting), grey=False)


def _image_page(data: bytes, media_type: str, number: int, dpi: float, limits: ReadLimits) -> "Image":
    from PIL.Image import Resampling

    for index, (image, own_dpi) in enumerate(images.pages(data, media_type, limits), 1):
        if index == number:
            scale = min(dpi / own_dpi, 1.0)
            size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
            return images.to_colour(image).resize(size, Resampling.LANCZOS)
    raise _no_page(number)


def _no_page(number: int) -> NotFoundError:
    return NotFoundError(
        "DOC-PAGE-UNKNOWN", f"It has no page {number}.", "Ask for a page from 1 to its number of pages."
    )
