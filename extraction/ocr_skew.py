"""Finds the angle at which a picture's text leans by the picture alone: rows of ink are sharpest when it is level."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 700
_MOST_DEGREES = 9
_COARSE, _FINE = 1.0, 0.25
_SHARPER = 1.15


def picture_lean(image: "Image") -> float:
    """The clockwise angle in radians by which a grey picture leans; 0 when it looks level or shows no rows."""
    from PIL.Image import Resampling

    scale = min(_SIDE / max(image.size), 1.0)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    small = image.resize(size, Resampling.BILINEAR)
    level = _sharpness(small, 0.0)
    steps = [step * _COARSE for step in range(-_MOST_DEGREES, _MOST_DEGREES + 1)]
    coarse = max(steps, key=lambda degrees: _sharpness(small, degrees))
    near = [coarse + step * _FINE for step in range(-3, 4)]
    best = max(near, key=lambda degrees: _sharpness(small, degrees))
    return math.radians(best) if _sharpness(small, best) > _SHARPER * level else 0.0


def levelled_picture(image: "Image", lean: float) -> "Image":
    """The picture turned back by its lean, of the same size; corners are filled with paper."""
    from PIL.Image import Resampling

    return image.rotate(math.degrees(lean), Resampling.BICUBIC, fillcolor=255) if lean else image


def _sharpness(image: "Image", degrees: float) -> float:
    """How much the ink of neighbouring rows differs once the picture is turned back by degrees."""
    import numpy as np
    from PIL.Image import Resampling

    ink = 255 - np.asarray(image.rotate(degrees, Resampling.BILINEAR, fillcolor=255), dtype=np.float32)
    rows = ink.sum(axis=1)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())
