"""Pillow behind one question: the pages of an image file, as the camera meant them, never bigger than allowed."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import InputError
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
    import struct

    from PIL import Image, ImageOps, UnidentifiedImageError

    # Pillow's own guard counts a quarter of what is allowed here, and only warns; ours is below.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(data), formats=(MEDIA_TYPES[media_type],)) as file:
            for number in range(limits.max_pages + 1):
                if not _seek(file, number):
                    return
                if number == limits.max_pages:
                    raise too_many_pages(None, limits)
                _check_pixels(file, limits)
                yield ImageOps.exif_transpose(file), _dpi(file)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError, struct.error) as error:
        raise _BROKEN from error


def to_grey(image: "Image") -> "Image":
    """Grey as on white paper: what is transparent is white, deep greys keep their range."""
    from PIL import Image

    try:
        if image.mode.startswith("I"):
            return image.convert("I").point(lambda value: value / 257).convert("L")
        if "A" in image.getbands() or "transparency" in image.info:
            paper = Image.new("RGBA", image.size, "white")
            return Image.alpha_composite(paper, image.convert("RGBA")).convert("L")
        return image.convert("L")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _BROKEN from error


def to_colour(image: "Image") -> "Image":
    """Colour as on white paper, for people."""
    from PIL import Image

    try:
        if image.mode.startswith("I"):
            return to_grey(image).convert("RGB")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _BROKEN from error


def _seek(file: "ImageFile", number: int) -> bool:
    try:
        file.seek(number)
    except EOFError:
        return False
    return True


def _check_pixels(file: "ImageFile", limits: ReadLimits) -> None:
    if file.width * file.height > limits.max_page_pixels:
        raise too_many_pixels(file.width, file.height, limits)


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
