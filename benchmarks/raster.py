"""Prints a native PDF as the picture a scanner would give, so that it can only be read by OCR."""

import io
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from training.real_papers import RealPaper

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200
SKEW_DEGREES = 1.0
_NOISE, _BLUR = 12.0, 0.6


def as_scan(paper: RealPaper) -> RealPaper:
    """Every page in grey at 200 dpi, otherwise clean."""
    return _as_tiff(paper, _pictures(paper))


def as_poor_scan(paper: RealPaper) -> RealPaper:
    """Every page in grey at 200 dpi, turned by one degree, a little blurred, with noise; the same each time."""
    import numpy as np
    from PIL import Image, ImageFilter

    rng = np.random.default_rng(crc32(paper.file.encode()))
    worse = []
    for page in _pictures(paper):
        turned = page.rotate(-SKEW_DEGREES, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
        grey = np.asarray(turned.filter(ImageFilter.GaussianBlur(_BLUR)), dtype=np.float64)
        noisy = np.clip(grey * 0.92 + 8 + rng.normal(0, _NOISE, grey.shape), 0, 255)
        worse.append(Image.fromarray(noisy.astype(np.uint8), "L"))
    return _as_tiff(paper, worse)


def _pictures(paper: RealPaper) -> "list[Image]":
    import pypdfium2

    document = pypdfium2.PdfDocument(paper.data)
    return [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]


def _as_tiff(paper: RealPaper, pages: "list[Image]") -> RealPaper:
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], dpi=(DPI, DPI), compression="tiff_deflate")
    return replace(paper, data=buffer.getvalue(), media_type="image/tiff")
