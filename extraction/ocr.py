"""Tesseract behind one question: which words are in this picture. It is started as a program, never through a shell."""

import os
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import InputError, TooLargeError, UnavailableError

if TYPE_CHECKING:
    from PIL.Image import Image

PROGRAM = "tesseract"
FALLBACK = "eng"
LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por", "pl": "pol"}
PAGE_SECONDS = 110
_WORD_LEVEL = "5"
_COLUMNS = 12
# What a table's lines are taken for.
_RULINGS = "|¦_—~"


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrWord:
    """A word in a picture: pixels, Tesseract's confidence from 0 to 1, and the line it belongs to."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    line: tuple[int, int, int]


def recognise(image: "Image", *, language: str | None, dpi: int, segmentation: int = 3) -> list[OcrWord]:
    """The words of a grey picture, read in a language (ISO 639-1) as far as it is installed.

    Raises:
        UnavailableError: `OCR-MISSING` when Tesseract or its English data is not installed.
        InputError: `DOC-OCR-FAILED` when it gives up on this picture.
        TooLargeError: `DOC-LIMIT-TIME` when a page takes too long.
    """
    table = _run(
        ["-", "-", "-l", _installed(language), "--dpi", str(dpi), "--psm", str(segmentation), "tsv"], _as_pgm(image)
    )
    return [word for line in table.splitlines()[1:] if (word := _word(line))]


def quarter_turns(image: "Image", *, dpi: int) -> int:
    """Clockwise quarter turns by which a picture's text is turned, as far as Tesseract can tell; 0 when it cannot."""
    try:
        report = _run(["-", "-", "--psm", "0", "--dpi", str(dpi)], _as_pgm(image))
    except InputError:
        return 0
    found = dict(line.split(": ", 1) for line in report.splitlines() if ": " in line)
    return int(found.get("Orientation in degrees", "0")) // 90 % 4


@lru_cache(maxsize=1)
def installed_languages() -> frozenset[str]:
    """What Tesseract can read here."""
    try:
        languages = frozenset(_run(["--list-langs"], b"").splitlines()[1:])
    except InputError:
        languages = frozenset()
    if FALLBACK not in languages:
        raise _missing("Tesseract's English language data is not installed")
    return languages


def _installed(language: str | None) -> str:
    name = LANGUAGES.get(language or "", FALLBACK)
    return name if name in installed_languages() else FALLBACK


def _run(arguments: list[str], data: bytes) -> str:
    try:
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=data,
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=False,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except FileNotFoundError as error:
        raise _missing("Tesseract is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise TooLargeError(
            "DOC-LIMIT-TIME",
            f"Recognising one page took longer than {PAGE_SECONDS} seconds.",
            "Scan it at a lower resolution, or split it.",
        ) from error
    if done.returncode != 0:
        raise InputError("DOC-OCR-FAILED", "Text recognition failed on it.", "Scan it again, in grey at 300 dpi.")
    return done.stdout.decode("utf-8", errors="replace")


def _missing(what: str) -> UnavailableError:
    return UnavailableError(
        "OCR-MISSING",
        f"{what}, so scans and images cannot be read.",
        "Run `make setup`, or install it: apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-deu "
        "tesseract-ocr-fra tesseract-ocr-spa tesseract-ocr-ita tesseract-ocr-nld.",
    )


def _as_pgm(image: "Image") -> bytes:
    """Grey pixels in the plainest format there is: nothing to compress, nothing to go wrong."""
    return b"P5 %d %d 255\n" % image.size + image.tobytes()


def _word(line: str) -> OcrWord | None:
    cells = line.split("\t")
    if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL:
        return None
    text = cells[11].strip().strip(_RULINGS)
    if not text:
        return None
    block, paragraph, row = map(int, cells[2:5])
    left, top, width, height = map(int, cells[6:10])
    return OcrWord(
        text=text,
        left=left,
        top=top,
        width=width,
        height=height,
        confidence=min(max(float(cells[10]) / 100, 0.0), 1.0),
        line=(block, paragraph, row),
    )
