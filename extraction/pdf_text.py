"""The characters of a PDF's page with their places, read in as few calls of PDFium as will do."""

import ctypes
import math
import unicodedata
from functools import lru_cache, partial
from typing import Any, NamedTuple

from extraction.pdf_contents import Contents, Display

_QUARTER = math.pi / 2
_SURROGATES = range(0xD800, 0xE000)
_SPLITTING = frozenset({"Zs", "Cc", "Zl", "Zp"})
_REPLACED = {
    0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x200B: "", 0x200C: "", 0x200D: "", 0xFEFF: "",
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
}  # fmt: skip


class Char(NamedTuple):
    """A character and its box as displayed: in points, origin top left, page rotation and crop applied.

    White space and line ends have no text. `quarter` counts the clockwise quarter turns by which it is turned as
    displayed; 0 is upright.
    """

    text: str
    x0: float = 0.0
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    quarter: int = 0


SPACE = Char("")


def characters(page: Any, contents: Contents) -> list[Char]:
    """What the text layer shows, in the order in which it was written.

    Words without ink are left out: what a scanning program hid behind its picture need not be what people see on it.
    """
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    try:
        display, raw, rect = Display(page), text_page.raw, pdfium.FS_RECTF()
        box_of, angle_of, is_plain = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle, contents.is_plain
        left, top, quarter = display.left, display.top, display.quarter
        is_upright = is_plain and quarter == 0
        chars: list[Char] = []
        add, make = chars.append, partial(tuple.__new__, Char)  # a quarter of the time of Char(…), for each letter
        for index, code in enumerate(_codes(raw, text_page.count_chars())):
            text = _text(code)
            if not text:
                if code:
                    add(SPACE)
            elif not box_of(raw, index, rect):
                continue
            elif is_upright:
                add(make((text, rect.left - left, top - rect.top, rect.right - left, top - rect.bottom, 0)))
            elif is_plain or not _is_inkless(raw, index):
                turn = quarter if is_plain else (round(angle_of(raw, index) / _QUARTER) + quarter) % 4
                add(Char(text, *display.box(rect.left, rect.bottom, rect.right, rect.top), turn))
        return chars
    finally:
        text_page.close()


def _codes(text_page: Any, count: int) -> list[int]:
    """The code of every character: all at once, one by one where some have no code or two."""
    import pypdfium2.raw as pdfium

    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        codes = buffer[:count]
        if 0 not in codes and not any(map(_SURROGATES.__contains__, codes)):
            return codes
    return [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]


@lru_cache(maxsize=65_536)
def _text(code: int) -> str:
    """How a character is written; nothing for what splits words."""
    text = _REPLACED.get(code)
    if text is None:
        text = "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
        if text.isspace() or unicodedata.category(text) in _SPLITTING:
            text = ""
    return text


def _is_inkless(text_page: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    text = pdfium.FPDFText_GetTextObject(text_page, index)
    return bool(text) and pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
