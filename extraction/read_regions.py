"""Reads what only pictures show on a page that has a text layer as well."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.documents import Box, Source, Word
from core.errors import ClearholdError
from extraction import pdf
from extraction.frames import Frame
from extraction.limits import ReadLimits
from extraction.ocr_page import RENDER_DPI, OcrPage, is_empty, read_picture
from extraction.pdf_contents import Contents
from extraction.regions import unread_regions, with_read_regions, with_text_layer
from extraction.text_layer import TextLayer, in_reading_order

if TYPE_CHECKING:
    from PIL.Image import Image

_WHITE = 255
_DARK = 170
_LEAST_INK = 0.002


def rendering_dpi(width: float, height: float, limits: ReadLimits) -> float:
    """As fine as reading needs, and no picture bigger than allowed."""
    return float(min(RENDER_DPI, (limits.max_page_pixels * 72 * 72 / max(width * height, 1.0)) ** 0.5))


def read_with_pictures(
    page: Any, layer: TextLayer, found: Contents, limits: ReadLimits, *, language: str | None, ocr: str
) -> tuple[tuple[Word, ...], Source]:
    """The words of the layer and of its larger pictures without doubles, and where most of them were read.

    A picture that cannot be read does not keep the layer from being read.
    """
    regions = unread_regions(found.pictures, layer.words, layer.frame) if found.pictures else []
    if not regions:
        return layer.words, Source.TEXT_LAYER
    pdf.check_pictures(found.pictures, limits)
    dpi = rendering_dpi(layer.frame.width, layer.frame.height, limits)
    sheet = _without_words(pdf.render(page, dpi, grey=True), layer, dpi)
    read: list[Word] = []
    for region in regions:
        picture = sheet.crop(_pixels(region, dpi))
        if not _may_hold_text(picture):
            continue
        try:
            part = read_picture(picture, dpi, language, ocr=ocr)
        except ClearholdError:
            continue
        read.extend(_moved(word, part.frame, region, layer.frame) for word in part.words)
    words = with_read_regions(layer.words, read)
    if len(words) == len(layer.words):
        return layer.words, Source.TEXT_LAYER
    source = Source.TEXT_LAYER if 2 * len(layer.words) >= len(words) else Source.OCR
    return in_reading_order(words), source


def over_scan(scan: OcrPage, layer: TextLayer) -> tuple[Word, ...]:
    """What OCR read on a page, with the words that the file itself has for what OCR saw there."""
    if not layer.words:
        return scan.words
    own = [replace(word, box=_rounded(scan.frame.to_upright(layer.frame.to_display(word.box)))) for word in layer.words]
    return in_reading_order(with_text_layer(scan.words, own))


def _without_words(sheet: "Image", layer: TextLayer, dpi: float) -> "Image":
    """The sheet with the text layer's own words painted over, so that they are not read a second time."""
    for word in layer.words:
        sheet.paste(_WHITE, _pixels(layer.frame.to_display(word.box), dpi))
    return sheet


def _pixels(box: Box, dpi: float) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = (round(edge * dpi / 72) for edge in box)
    return x0, top, x1, bottom


def _may_hold_text(picture: "Image") -> bool:
    """Whether a picture has anything dark on light, or light on dark, in it."""
    if min(picture.size) < 1 or is_empty(picture):
        return False
    shades = picture.histogram()
    dark = sum(shades[:_DARK]) / max(sum(shades), 1)
    return _LEAST_INK <= dark <= 1 - _LEAST_INK


def _moved(word: Word, own: Frame, region: Box, page: Frame) -> Word:
    """A word of a region on the upright page."""
    x0, top, x1, bottom = own.to_display(word.box)
    left, upper = region.x0, region.top
    return replace(word, box=_rounded(page.to_upright(Box(x0 + left, top + upper, x1 + left, bottom + upper))))


def _rounded(box: Box) -> Box:
    return Box(*(round(edge, 2) for edge in box))
