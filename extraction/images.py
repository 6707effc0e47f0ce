"""Pillow behind one question: the pages of an image file, as the camera meant them, never bigger than allowed."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import ClearholdError, InputError
from extraction.limits import ReadLimits, too_many_pages, too_many_pixels

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MEDIA_TYPES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}
A4_LONG_SIDE_POINTS = 842.0
_TRUSTED_DPI = (50.0, 1_300.0)
_BROKEN = InputError(
    "DOC-IMAGE-BROKEN",
    "It is a broken or incomplete image.",
    "Open it in a viewer and save it anew, or scan the paper again.",
)


def pages(data: bytes, media_type: str, limits: ReadLimits) -> Iterator[tuple["Image", float]]:
    """Each page with its pixels per inch; where the file does not say, so that its long side is that of A4.

    Sizes are taken from the headers: a page over the limit is refused before it is decoded.

    Raises:
        InputError: `DOC-IMAGE-BROKEN`.
        TooLargeError: `DOC-TOO-MANY-PIXELS`, `DOC-TOO-MANY-PAGES`.
    """
    from PIL import Image

    # Pillow's own guard counts a quarter of what is allowed here, and only warns; ours is below.
    Image.MAX_IMAGE_PIXELS = None
    with _coded():
        file = Image.open(BytesIO(data), formats=(MEDIA_TYPES[media_type],))
    with file:
        for number in range(limits.max_pages):
            page = _page(file, number, limits)
            if page is None:
                return
            yield page
        if _page(file, limits.max_pages, limits) is not None:
            raise too_many_pages(None, limits)


def to_grey(image: "Image") -> "Image":
    """Grey as on white paper: what is transparent is white, deep greys keep their range."""
    with _coded():
        if image.mode.startswith("I"):
            return image.convert("I").point(lambda value: value / 257).convert("L")
        return _on_white(image).convert("L")


def to_colour(image: "Image") -> "Image":
    """Colour as on white paper, for people."""
    if image.mode.startswith("I"):
        return to_grey(image).convert("RGB")
    with _coded():
        return _on_white(image).convert("RGB")


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))


def _page(file: "ImageFile", number: int, limits: ReadLimits) -> "tuple[Image, float] | None":
    from PIL import ImageOps

    with _coded():
        try:
            file.seek(number)
        except EOFError:
            return None
        if file.width * file.height > limits.max_page_pixels:
            raise too_many_pixels(file.width, file.height, limits)
        return ImageOps.exif_transpose(file), _dpi(file)


@contextmanager
def _coded() -> Iterator[None]:
    """Whatever Pillow's many decoders raise or warn of means one thing here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (ClearholdError, MemoryError):
            raise
        except Exception as error:
            raise _BROKEN from error


def _dpi(file: "ImageFile") -> float:
    told = file.info.get("dpi", (0, 0))
    try:
        dpi = float(told[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    least, most = _TRUSTED_DPI
    # 72 and 96 are what cameras and screens write when nobody measured.
    if least <= dpi <= most and round(dpi) not in {72, 96}:
        return dpi
    return max(file.width, file.height) / A4_LONG_SIDE_POINTS * 72
