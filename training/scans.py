"""Turns a printed paper into what comes out of a scanner or fax: skewed, grey, noisy, as PDF, PNG, JPEG or TIFF."""

import io
from dataclasses import dataclass
from random import Random
from typing import Any

FORMS = ("pdf", "png", "jpg", "tif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wear:
    """How badly a scan treats a page.

    Attributes:
        dpi: resolution.
        skew_degrees: rotation, counter-clockwise.
        blur: radius in pixels.
        noise: standard deviation of grey levels, 0 to 255.
        contrast: 1 keeps it, less fades the ink.
        paper: grey level of the paper.
        specks: dark spots per page.
        folds: grey lines across, where the paper was folded.
    """

    dpi: int = 200
    skew_degrees: float = 0.0
    blur: float = 0.0
    noise: float = 4.0
    contrast: float = 1.0
    paper: int = 250
    specks: int = 0
    folds: int = 0


def random_wear(rng: Random) -> Wear:
    """An ordinary office scan or a poorer one, still readable."""
    dpi = rng.choice((120, 150, 150, 175, 200, 200, 240))
    return Wear(
        dpi=dpi,
        skew_degrees=rng.uniform(-1.4, 1.4),
        blur=rng.uniform(0.0, 0.6 if dpi < 200 else 0.9),
        noise=rng.uniform(2.0, 11.0),
        contrast=rng.uniform(0.62, 1.0),
        paper=rng.randint(228, 253),
        specks=rng.randint(0, 60),
        folds=rng.choice((0, 0, 0, 1, 2)),
    )


def retail_wear(rng: Random) -> Wear:
    """An ordinary office scan of a retailer's own scanner: 200 dpi, slightly skewed and grey."""
    return Wear(
        dpi=200,
        skew_degrees=rng.uniform(-1.2, 1.2),
        blur=rng.uniform(0.1, 0.6),
        noise=rng.uniform(3.0, 9.0),
        contrast=rng.uniform(0.7, 0.95),
        paper=rng.randint(232, 250),
        specks=rng.randint(0, 40),
    )


RUINED = Wear(dpi=90, skew_degrees=1.0, blur=0.6, noise=8.0, contrast=0.6, paper=225, specks=100)
"""A page whose title can still be read and whose figures nobody should trust: what an old fax leaves."""


def scan_or_keep(rng: Random, pdf: bytes, *, share: float) -> tuple[str, bytes]:
    """With the given chance a scan of the paper, else the paper; answers the file's suffix and bytes."""
    if rng.random() >= share:
        return ".pdf", pdf
    form = rng.choice(("pdf", "pdf", "png", "jpg", "tif") if page_count(pdf) == 1 else ("pdf", "tif"))
    data = scan(pdf, random_wear(rng), form=form, seed=rng.getrandbits(32))
    return f"-scan.{form}", data


def scan(pdf: bytes, wear: Wear, *, form: str, seed: int) -> bytes:
    """Scans all pages; PNG and JPEG hold one page, so a longer paper becomes TIFF's or PDF's many in those forms only.

    Args:
        form: one of `FORMS`; for `png` and `jpg` only the first page is kept.
        seed: decides the noise.
    """
    pages = [_worn(image, wear, seed + number) for number, image in enumerate(_rendered(pdf, wear.dpi))]
    buffer = io.BytesIO()
    dpi = (wear.dpi, wear.dpi)
    if form == "png":
        pages[0].save(buffer, "PNG", dpi=dpi)
    elif form == "jpg":
        pages[0].save(buffer, "JPEG", quality=72, dpi=dpi)
    elif form == "tif":
        pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=dpi)
    else:
        return _image_pdf(pages, wear.dpi)
    return buffer.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _rendered(pdf: bytes, dpi: int) -> list[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def _worn(image: Any, wear: Wear, seed: int) -> Any:
    import numpy as np
    from PIL import Image, ImageFilter

    turned = image.rotate(wear.skew_degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if wear.blur:
        turned = turned.filter(ImageFilter.GaussianBlur(wear.blur))
    rng = np.random.default_rng(seed)
    grey = np.asarray(turned, dtype=np.float32)
    grey = wear.paper - (255.0 - grey) * wear.contrast * (wear.paper / 255.0)
    grey += rng.normal(0.0, wear.noise, grey.shape).astype(np.float32)
    for _ in range(wear.specks):
        row, column = int(rng.integers(grey.shape[0])), int(rng.integers(grey.shape[1]))
        grey[row : row + 2, column : column + 2] = 60.0
    for number in range(wear.folds):
        row = int(grey.shape[0] * (number + 1) / (wear.folds + 1) + rng.integers(-20, 20))
        grey[row : row + 3] -= rng.uniform(12.0, 45.0)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _image_pdf(pages: list[Any], dpi: int) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas: Any = Canvas(buffer, invariant=1, pageCompression=1)
    for page in pages:
        width, height = page.width * 72 / dpi, page.height * 72 / dpi
        jpeg = io.BytesIO()
        page.save(jpeg, "JPEG", quality=75)
        jpeg.seek(0)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(jpeg), 0, 0, width=width, height=height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
