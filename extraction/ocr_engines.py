"""Which words are in this picture: what is asked of every OCR engine, and which engines there are to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from core.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from PIL.Image import Image

FAILED = InputError("DOC-OCR-FAILED", "Text recognition failed on it.", "Scan it again, in grey at 300 dpi.")
_POOR_CONFIDENCE = 0.6
_POOR_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrWord:
    """A word in a picture: pixels, the engine's own confidence from 0 to 1, and the line it belongs to."""

    text: str
    left: float
    top: float
    width: float
    height: float
    confidence: float
    line: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What an engine read.

    Attributes:
        words: on the picture set upright.
        quarter: clockwise quarter turns by which the picture was found to be turned.
        language: the language the words were read in, ISO 639-1, or what they look like.
    """

    words: tuple[OcrWord, ...]
    quarter: int = 0
    language: str | None = None


class OcrEngine(Protocol):
    """An OCR program or library.

    Attributes:
        hugs_ink: whether its boxes are as high as each word's ink, instead of as high as the line.
    """

    hugs_ink: bool

    def recognise(self, image: "Image", *, dpi: float, language: str | None, is_upright: bool = False) -> Recognised:
        """The words of a grey picture; what is known to be upright, or will be set so, is not turned here.

        Raises:
            UnavailableError: `OCR-MISSING` when the engine is not installed.
            InputError: `DOC-OCR-FAILED` when it gives up on this picture.
            TooLargeError: `DOC-LIMIT-TIME` when a page takes too long.
        """
        ...


def engines(ocr: str) -> tuple[OcrEngine, ...]:
    """The engines to read with, the quick one first: the one that is named, or for `auto` those that are installed.

    Raises:
        UnavailableError: `OCR-MISSING` when the named one is not installed, or none is.
    """
    from extraction import ocr_rapid, ocr_tesseract

    loaders: dict[str, Callable[[], OcrEngine]] = {"tesseract": ocr_tesseract.engine, "rapidocr": ocr_rapid.engine}
    if ocr != "auto" and ocr not in loaders:
        raise UnavailableError("OCR-MISSING", f"There is no OCR engine {ocr!r}.", "Use auto, tesseract or rapidocr.")
    if ocr != "auto":
        return (loaders[ocr](),)
    found: list[OcrEngine] = []
    missing: list[UnavailableError] = []
    for load in loaders.values():
        try:
            found.append(load())
        except UnavailableError as error:
            missing.append(error)
    if not found:
        raise missing[0]
    return tuple(found)


def quality(words: tuple[OcrWord, ...]) -> float:
    """How much was read and how surely: the sum of the confidence of all words of more than one character."""
    return sum(word.confidence for word in words if len(word.text) > 1)


def is_poor(words: tuple[OcrWord, ...]) -> bool:
    """Whether a picture gave so few or so doubtful words that it may not have been read upright."""
    real = sum(len(word.text) > 1 for word in words)
    return real < _POOR_WORDS or quality(words) / real < _POOR_CONFIDENCE
