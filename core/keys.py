"""Turns identifiers as they are printed into keys that can be compared.

Two spellings of one number (`R-8812`, `r 8812`) have one key; nothing here knows what a number stands for.
"""

from decimal import Decimal
from functools import lru_cache

from core.money import plain

_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_GTIN_DIGITS = 14


@lru_cache(maxsize=16_384)
def plain_key(text: str | None) -> str:
    """Letters and digits only, upper case: `"de 123-456"` becomes `"DE123456"`."""
    key = (text or "").upper()
    return key if key.isalnum() else "".join(filter(str.isalnum, key))


@lru_cache(maxsize=16_384)
def number_key(text: str | None) -> str:
    """A document number with its look-alikes folded: letter O as 0, I and L as 1 (`"RO-1l2"` is `"R0112"`)."""
    return plain_key(text).translate(_LOOK_ALIKES)


def gross_key(total: Decimal | None) -> str:
    """A signed gross total as one text, however many zeros it was written with; empty when there is none."""
    return "" if total is None else plain(total)


def line_key(text: str | None) -> str:
    """A line number without leading zeros: `"00010"` and `"10"` are one line."""
    return plain_key(text).lstrip("0")


def gtin_key(text: str | None) -> str:
    """A GTIN as 14 digits, empty when it is none: GTIN-8, -12, -13 and -14 of one item are equal."""
    if not text:
        return ""
    digits = text if text.isdigit() else "".join(filter(str.isdigit, text))
    return digits.zfill(_GTIN_DIGITS) if 8 <= len(digits) <= _GTIN_DIGITS else ""
