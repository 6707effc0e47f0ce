"""Finds the straight lines drawn on a page: the rules of tables, and the edges of boxes and shaded rows."""

import ctypes
from collections.abc import Iterator
from typing import Any

from core.documents import Box
from extraction.frames import Frame

_MOST_OBJECTS, _MOST_RULINGS, _MOST_SEGMENTS = 6_000, 1_500, 12
_FORM_DEPTH = 3
_THIN, _LONG = 2.0, 8.0


def rulings_of(page: Any, frame: Frame) -> tuple[Box, ...]:
    """The horizontal and vertical lines of a page as boxes without thickness, on the upright page.

    A page with more drawn on it than any table needs is looked at no further.
    """
    import pypdfium2.raw as pdfium

    found: dict[tuple[int, int, int, int], Box] = {}
    left, bottom, right, top = page.get_bbox()
    if page.get_rotation() % 360:
        return ()
    for number, path in enumerate(page.get_objects(max_depth=_FORM_DEPTH)):
        if number == _MOST_OBJECTS or len(found) >= _MOST_RULINGS:
            break
        if path.type != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        for x0, y0, x1, y1 in _edges(path):
            if min(x1, right) - max(x0, left) < -_THIN or min(y1, top) - max(y0, bottom) < -_THIN:
                continue
            box = frame.to_upright(Box(x0 - left, top - y1, x1 - left, top - y0))
            found.setdefault((round(box.x0), round(box.top), round(box.x1), round(box.bottom)), box)
    return tuple(sorted(found.values(), key=lambda box: (box.top, box.x0)))


def _edges(path: Any) -> Iterator[tuple[float, float, float, float]]:
    """The edges of a path in page space: one for a thin one, four for a box, each leg for a line of few legs."""
    import pypdfium2.raw as pdfium

    x0, y0, x1, y1 = path.get_bounds()
    width, height = x1 - x0, y1 - y0
    if height < _THIN and width >= _LONG:
        yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    elif width < _THIN and height >= _LONG:
        yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1
    elif width >= _LONG and height >= _LONG:
        count = pdfium.FPDFPath_CountSegments(path.raw)
        if count <= _MOST_SEGMENTS and _is_box(path, count):
            yield x0, y0, x1, y0
            yield x0, y1, x1, y1
            yield x0, y0, x0, y1
            yield x1, y0, x1, y1


def _is_box(path: Any, count: int) -> bool:
    """Whether all points of a path are corners of one rectangle."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    across, down = set(), set()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path.raw, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_BEZIERTO:
            return False
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across.add(round(x.value, 1))
        down.add(round(y.value, 1))
    return len(across) <= 2 and len(down) <= 2
