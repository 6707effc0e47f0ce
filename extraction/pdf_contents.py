"""What is drawn on a PDF's page, found in one walk over its objects: pictures and their places, and kinds of text."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from core.documents import Box

_FORM_DEPTH = 4
_MOST_OBJECTS = 20_000
_FLAT = 1e-6
_SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]


class Picture(NamedTuple):
    """An image on a page: where it is displayed, the share of the page it covers, and its own pixels."""

    box: Box
    coverage: float
    width: int
    height: int


class Contents(NamedTuple):
    """What a page holds.

    Attributes:
        is_plain: whether all text is written with ink, in one direction, and not inside of forms.
        is_blank: whether nothing at all is drawn.
    """

    pictures: tuple[Picture, ...]
    is_plain: bool
    is_blank: bool


class Display:
    """Turns page coordinates (origin bottom left, before rotation) into displayed ones (origin top left)."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.quarter = page.get_rotation() // 90 % 4

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The box as displayed."""
        if self.quarter == 0:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.quarter == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.quarter == 2:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)


def contents(page: Any) -> Contents:
    """The pictures of a page, those inside of forms too, and whether its text is of the plain kind."""
    import pypdfium2.raw as pdfium

    display = Display(page)
    width, height = page.get_size()
    area = max(width * height, 1.0)
    found: list[Picture] = []
    is_plain = True
    for number, (thing, kind, form) in enumerate(_objects(page.raw)):
        if number == _MOST_OBJECTS:
            is_plain = False
            break
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            is_plain = is_plain and form is None and _is_plain(thing)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            is_plain = False
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.append(_picture(thing, form or _SAME, display, area))
    return Contents(tuple(found), is_plain, not pdfium.FPDFPage_CountObjects(page.raw))


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix | None]]:
    """Every object with its kind and, inside of a form, the form's place."""
    import pypdfium2.raw as pdfium

    kind_of, get = pdfium.FPDFPageObj_GetType, pdfium.FPDFPage_GetObject
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        thing = get(page, index)
        kind = kind_of(thing)
        yield thing, kind, None
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _inside(thing, _SAME, 1)


def _inside(form: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix | None]]:
    import pypdfium2.raw as pdfium

    if depth >= _FORM_DEPTH:
        return
    place = _times(_matrix(form), outer)
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        thing = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        yield thing, kind, place
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _inside(thing, place, depth + 1)


def _is_plain(text: Any) -> bool:
    """Whether a piece of text runs from left to right before the page is turned, and is written with ink."""
    a, b, _, _, _, _ = _matrix(text)
    return a > 0 and abs(b) <= _FLAT * a and _has_ink(text)


def _has_ink(text: Any) -> bool:
    import pypdfium2.raw as pdfium

    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _picture(image: Any, form: Matrix, display: Display, area: float) -> Picture:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(image, left, bottom, right, top)
    across, down = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, across, down)
    corners = [
        (form[0] * x + form[2] * y + form[4], form[1] * x + form[3] * y + form[5])
        for x in (left.value, right.value)
        for y in (bottom.value, top.value)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    coverage = min((max(xs) - min(xs)) * (max(ys) - min(ys)) / area, 1.0)
    return Picture(display.box(min(xs), min(ys), max(xs), max(ys)), coverage, across.value, down.value)


def _matrix(thing: Any) -> Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(thing, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """The place of what lies at `inner` in something that lies at `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
