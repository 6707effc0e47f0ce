"""Makes the reading of a clean page look like one that came through OCR, so that training sees both cheaply."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from core.documents import Box, Page, Reading, Source, Word
from extraction.values import squeeze

_CONFUSED = {
    "0": "O",
    "O": "0",
    "1": "l",
    "l": "1",
    "I": "l",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "m": "rn",
    "e": "c",
    ",": ".",
    "ü": "u",
    "ä": "a",
    "ö": "o",
    "é": "e",
    "6": "G",
    "2": "Z",
}
_CHANCE = 0.006
_LOST = 0.004
_GLUED = 0.01


def as_if_scanned(reading: Reading, rng: Random) -> Reading:
    """The same words with moved boxes, some letters mistaken, some words lost or glued together."""
    return replace(reading, media_type="image/png", pages=tuple(_scanned(page, rng) for page in reading.pages))


def with_wrong_check_digits(reading: Reading, label: Mapping[str, Any]) -> tuple[Reading, dict[str, Any]]:
    """The same paper with VAT ids and IBANs whose check digits are wrong, so that a wrong one is still read as one."""
    ends: dict[str, str] = {}
    fields = dict(label["fields"])
    for name in ("seller_vat_id", "buyer_vat_id", "payment_iban"):
        if name in fields and squeeze(fields[name])[-1:].isdigit():
            wrong = _last_digit_changed(fields[name])
            ends[squeeze(fields[name])] = wrong
            fields[name] = wrong
    pages = tuple(
        replace(page, words=tuple(_ended_otherwise(word, ends) for word in page.words)) for page in reading.pages
    )
    return replace(reading, pages=pages), {**label, "fields": fields}


def _last_digit_changed(text: str) -> str:
    place = max((i for i, c in enumerate(text) if c.isdigit()), default=None)
    return text if place is None else f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def _ended_otherwise(word: Word, ends: Mapping[str, str]) -> Word:
    """A word that is one of the identifiers, or the last group of one, with its last digit changed."""
    squeezed = squeeze(word.text)
    if len(squeezed) >= 2 and squeezed[-1].isdigit() and any(known.endswith(squeezed) for known in ends):
        return replace(word, text=_last_digit_changed(word.text))
    return word


def _scanned(page: Page, rng: Random) -> Page:
    trouble = rng.choice((0.3, 1.0, 1.0, 2.0))
    tilt = rng.gauss(0, 0.0015)
    words: list[Word] = []
    for word in page.words:
        if rng.random() < _LOST * trouble:
            continue
        made = _mistaken(word, rng, trouble, tilt)
        if words and rng.random() < _GLUED * trouble and _is_next(words[-1], made):
            before = words.pop()
            box = Box(before.box.x0, before.box.top, made.box.x1, made.box.bottom)
            made = Word(text=before.text + made.text, box=box, confidence=min(before.confidence, made.confidence) * 0.8)
        words.append(made)
    return replace(page, source=Source.OCR, words=tuple(words))


def _mistaken(word: Word, rng: Random, trouble: float, tilt: float) -> Word:
    text = "".join(_CONFUSED.get(c, c) if rng.random() < _CHANCE * trouble else c for c in word.text)
    wrong = text != word.text
    sure = min(max(rng.gauss(0.6 if wrong else 0.93, 0.15 if wrong else 0.05), 0.05), 0.97)
    lift = tilt * (word.box.x0 - 300) + rng.gauss(0, 0.3)
    shrink = rng.uniform(0.1, 0.22) * (word.box.bottom - word.box.top)
    box = Box(
        word.box.x0 + rng.gauss(0, 0.4),
        word.box.top + shrink + lift,
        word.box.x1 + rng.gauss(0, 0.4),
        word.box.bottom - shrink + lift,
    )
    return Word(text=text, box=box, confidence=sure)


def _is_next(left: Word, right: Word) -> bool:
    return 0 < right.box.x0 - left.box.x1 < 6 and abs(left.box.top - right.box.top) < 3
