"""Finds the straight lines drawn on a page: the rules of tables, and the edges of boxes and shaded rows."""

import ctypes
from collections.abc import Iterator
from typing import Any

from core.documents import Box
from extraction.frames import Frame

_MOST_OBJECTS, _MOST_RULINGS, _MOST_SEGMENTS = 6_000, 1_500, 200
_FORM_DEPTH = 3
_THIN, _LEVEL, _LONG = 2.0, 0.5, 8.0
_Point = tuple[float, float]


def rulings_of(page: Any, frame: Frame) -> tuple[Box, ...]:
    """The horizontal and vertical lines of a page as boxes without thickness, on the upright page.

    A page with more drawn on it than any table needs is looked at no further.
    """
    import pypdfium2.raw as pdfium

    found: dict[tuple[int, int, int, int], Box] = {}
    left, bottom, right, top = page.get_bbox()
    if page.get_rotation() % 360:
        return ()
    for number, (path, kind) in enumerate(_drawn(page.raw)):
        if number == _MOST_OBJECTS or len(found) >= _MOST_RULINGS:
            break
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        for x0, y0, x1, y1 in _edges(path):
            if min(x1, right) - max(x0, left) < -_THIN or min(y1, top) - max(y0, bottom) < -_THIN:
                continue
            box = frame.to_upright(Box(x0 - left, top - y1, x1 - left, top - y0))
            found.setdefault((round(box.x0), round(box.top), round(box.x1), round(box.bottom)), box)
    return tuple(sorted(found.values(), key=lambda box: (box.top, box.x0)))


def _drawn(page: Any) -> Iterator[tuple[Any, int]]:
    """Every object of a page, those inside of forms too, with its kind."""
    import pypdfium2.raw as pdfium

    kind_of, get = pdfium.FPDFPageObj_GetType, pdfium.FPDFPage_GetObject
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        thing = get(page, index)
        kind = kind_of(thing)
        yield thing, kind
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _drawn_inside(thing, 1)


def _drawn_inside(form: Any, depth: int) -> Iterator[tuple[Any, int]]:
    import pypdfium2.raw as pdfium

    if depth >= _FORM_DEPTH:
        return
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        thing = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        yield thing, kind
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _drawn_inside(thing, depth + 1)


def _edges(path: Any) -> Iterator[tuple[float, float, float, float]]:
    """The straight legs of a path that are level or upright and long enough, in page space."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    for (ax, ay), (bx, by) in _legs(path):
        x0, y0 = a * ax + c * ay + e, b * ax + d * ay + f
        x1, y1 = a * bx + c * by + e, b * bx + d * by + f
        if abs(y1 - y0) < _LEVEL and abs(x1 - x0) >= _LONG:
            yield min(x0, x1), (y0 + y1) / 2, max(x0, x1), (y0 + y1) / 2
        elif abs(x1 - x0) < _LEVEL and abs(y1 - y0) >= _LONG:
            yield (x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1)


def _legs(path: Any) -> Iterator[tuple[_Point, _Point]]:
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield here, point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, start
        here = point
