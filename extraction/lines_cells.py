"""Reads the cells of a line: a number with its unit, its currency, or the number of pieces a price is for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.layout import Layout
from extraction.lexicon import UNITS
from extraction.values import Locale, ParsedNumber, currency_code, fold, parse_number

_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s*%?$")
_BASE = re.compile(
    r"(?:(?:/|\b(?:per|pro|je|par|por|pour|za|a|à|al|x)\b)\s*(?=10)|^(?=100))(10{1,3})\b\s*([^\W\d]{1,6}\.?)?$",
    re.IGNORECASE,
)
_LONGEST_UNIT = 5
_LONGEST_GARBLED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The words of one item in one column, with the number they begin with, if any, and what follows it.

    Attributes:
        base: how many pieces a price is for (`12,50 / 100`); None when it is for one.
        mended: whether OCR misread the number and the other figures of the line put it right.
    """

    words: tuple[int, ...]
    text: str
    number: Decimal | None = None
    number_words: tuple[int, ...] = ()
    unit: str | None = None
    decimals: int = 0
    base: int | None = None
    mended: bool = False


def read_cell(layout: Layout, words: Sequence[int], locale: Locale) -> Cell:
    """Reads a cell that may begin with a number and end with its unit (`20 Stk`, `EUR 5,50`)."""
    texts = [layout.words[w].text for w in words]
    text = " ".join(texts)
    for start in range(min(2, len(words))):
        for end in range(len(words), start, -1):
            parsed = parse_number(" ".join(texts[start:end]), locale) or _percentage(texts[start:end], locale)
            if parsed is None or (start and not _is_money_word(texts[0])):
                continue
            rest = " ".join(texts[end:]).strip(" .")
            base = _BASE.search(rest) if rest else None
            garbled = layout.is_ocr and _is_garbled_unit(rest)
            if rest and base is None and not garbled and not _is_unit(rest):
                continue
            return Cell(
                words=tuple(words),
                text=text,
                number=parsed.value,
                number_words=tuple(words[start:end]),
                unit=(base.group(2) if base else rest) or None,
                decimals=parsed.decimals,
                base=int(base.group(1)) if base else None,
            )
    glued = re.fullmatch(r"([\d.,]+)\s*([^\W\d]{1,6}\.?)", text)
    if glued and _is_unit(glued.group(2)):
        parsed = parse_number(glued.group(1), locale)
        if parsed is not None:
            return Cell(
                words=tuple(words),
                text=text,
                number=parsed.value,
                number_words=tuple(words),
                unit=glued.group(2),
                decimals=parsed.decimals,
            )
    return Cell(words=tuple(words), text=text)


def _percentage(texts: Sequence[str], locale: Locale) -> ParsedNumber | None:
    joined = "".join(texts)
    return parse_number(joined[:-1], locale) if joined.endswith("%") and len(texts) <= 2 else None


def _is_money_word(text: str) -> bool:
    return currency_code(text) is not None


def _is_unit(text: str) -> bool:
    folded = fold(text).strip(".")
    return (
        folded in UNITS
        or folded in {"%", "eur", "usd", "gbp", "€"}
        or (len(folded) <= _LONGEST_UNIT and folded[:1].isalpha() and not any(c.isdigit() for c in folded))
        or folded in {"m²", "m³"}
    )


def _is_garbled_unit(text: str) -> bool:
    """`5ck` and `m?` are what OCR makes of units."""
    return len(text) <= _LONGEST_GARBLED and any(c.isalpha() for c in text)


def percent_of(cell: Cell) -> Decimal | None:
    """The rate a cell shows, as a number of percent."""
    match = _PERCENT.search(cell.text.strip())
    return Decimal(match.group(1).replace(",", ".")) if match else None
