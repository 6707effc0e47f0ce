"""Tesseract behind the question which words are in a picture: started as a program, never through a shell."""

import os
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import InputError, TooLargeError, UnavailableError
from extraction.language import guess_language
from extraction.ocr_engines import FAILED, OcrWord, Recognised, is_poor, quality

if TYPE_CHECKING:
    from PIL.Image import Image

PROGRAM = "tesseract"
FALLBACK = "eng"
LANGUAGES = {"en": "eng", "de": "deu", "fr": "fra", "es": "spa", "it": "ita", "nl": "nld", "pt": "por", "pl": "pol"}
PAGE_SECONDS = 110
_GLANCE_DPI = 100
_HEAD = 0.33
_COLUMN_OF_TEXT = "4"
_WORD_LEVEL = "5"
_COLUMNS = 12
# What a table's lines are taken for.
_RULINGS = "|¦_—~"


class Tesseract:
    """The installed program and its languages."""

    hugs_ink = True

    def recognise(self, image: "Image", *, dpi: float, language: str | None, is_upright: bool = False) -> Recognised:
        """The words of a grey picture; without a language, a glance at its head tells which one it is."""
        known = language
        language = language or _glance(image, dpi)
        words, quarter = _words(image, language, dpi), 0
        if not language and not is_poor(words) and (language := _guess(words)) not in {None, "en"}:
            words = _words(image, language, dpi)
        if not is_upright and is_poor(words) and (turns := quarter_turns(image, dpi=dpi)):
            turned = image.rotate(90 * turns, expand=True)
            language = known or _glance(turned, dpi)
            again = _words(turned, language, dpi)
            if quality(again) > quality(words):
                words, quarter = again, turns
        return Recognised(words=words, quarter=quarter, language=language or _guess(words))


@lru_cache(maxsize=1)
def engine() -> Tesseract:
    """The engine of this process.

    Raises:
        UnavailableError: `OCR-MISSING` when Tesseract or its English data is not installed.
    """
    installed_languages()
    return Tesseract()


def quarter_turns(image: "Image", *, dpi: float) -> int:
    """Clockwise quarter turns by which a picture's text is turned, as far as Tesseract can tell; 0 when it cannot."""
    try:
        report = _run(["-", "-", "--psm", "0", "--dpi", str(round(dpi))], _as_pgm(image))
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


def _words(image: "Image", language: str | None, dpi: float) -> tuple[OcrWord, ...]:
    options = ["-l", _installed(language), "--dpi", str(round(dpi)), "--psm", _COLUMN_OF_TEXT, "tsv"]
    table = _run(["-", "-", *options], _as_pgm(image))
    return tuple(word for line in table.splitlines()[1:] if (word := _word(line)))


def _glance(image: "Image", dpi: float) -> str | None:
    from PIL.Image import Resampling

    scale = min(_GLANCE_DPI / dpi, 1.0)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    head = (0, 0, image.width, round(image.height * _HEAD))
    small = image.resize((size[0], max(round(size[1] * _HEAD), 1)), Resampling.BILINEAR, box=head, reducing_gap=2)
    return _guess(_words(small, None, dpi * scale))


def _guess(words: Sequence[OcrWord]) -> str | None:
    return guess_language(word.text for word in words)


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
        raise FAILED
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
