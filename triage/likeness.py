"""Says whether two invoice numbers may be one number, written, typed or read differently.

Numbers that follow one another are alike too, and suppliers do bill equal amounts again: what a counter can explain
is alike only for invoices of one day.
"""

import re
from datetime import datetime
from enum import Enum
from functools import lru_cache

from core.keys import number_key, plain_key

MOST_EXTRA = 3
"""Characters one number may have more than the other: a prefix, a suffix, or in one place within."""
SHORTEST = 3
"""Shorter numbers say too little: one is inside the other by chance."""

_READ_ALIKE = str.maketrans({"S": "5", "B": "8", "Z": "2", "G": "6"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_DAY_FORMATS = {6: ("%d%m%y", "%y%m%d"), 8: ("%d%m%Y", "%Y%m%d")}
_FEWEST_SWAPPED = 4


class Likeness(Enum):
    """How two numbers that differ may still be one."""

    WRITTEN = "written"
    """Nothing a counter does: an added part, a letter read as a digit, digits swapped far from the end."""
    COUNTED = "counted"
    """One digit or letter apart, as numbers that follow one another are: only one day makes them alike."""


def number_likeness(ours: str | None, theirs: str | None) -> Likeness | None:
    """How two numbers that are not equal may be one; None when they are two. A missing number may be any of the day."""
    our_key, their_key = _read_key(ours), _read_key(theirs)
    if not our_key or not their_key:
        return Likeness.COUNTED
    if our_key == their_key:
        return Likeness.WRITTEN
    shorter, longer = (our_key, their_key) if len(our_key) < len(their_key) else (their_key, our_key)
    if len(shorter) < len(longer):
        extra = _extra(shorter, longer)
        if extra is None:
            return None
        counted = len(shorter) < SHORTEST or (_is_counter(ours, theirs) and not _YEAR.fullmatch(extra))
        return Likeness.COUNTED if counted else Likeness.WRITTEN
    apart = [place for place in range(len(our_key)) if our_key[place] != their_key[place]]
    if len(apart) == 1:
        return Likeness.COUNTED
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(our_key) == sorted(their_key)
    if not swapped:
        return None
    return Likeness.COUNTED if _could_count(ours, theirs, from_end=len(our_key) - apart[1]) else Likeness.WRITTEN


@lru_cache(maxsize=16_384)
def _read_key(text: str | None) -> str:
    return number_key(text).translate(_READ_ALIKE)


def _extra(shorter: str, longer: str) -> str | None:
    """What the longer number has more, around the shorter one or in one place of it; None when it is too much.

    A year in front or behind is no more than a habit of writing.
    """
    more = len(longer) - len(shorter)
    if more > len("2026"):
        return None
    common = next((at for at, (one, other) in enumerate(zip(shorter, longer, strict=False)) if one != other), None)
    start = len(shorter) if common is None else common
    if longer.endswith(shorter[start:]):
        extra = longer[start : start + more]
    elif shorter in longer:
        extra = longer.replace(shorter, "", 1)
    else:
        return None
    if _YEAR.fullmatch(longer[:more]) and longer.endswith(shorter):
        extra = longer[:more]
    return extra if more <= MOST_EXTRA or _YEAR.fullmatch(extra) else None


def _is_counter(ours: str | None, theirs: str | None) -> bool:
    """Whether both are built of the same parts, and only digits of parts differ in value: `1001-1` and `1001-11`."""
    our_parts, their_parts = (_TOKENS.findall((text or "").upper()) for text in (ours, theirs))
    if len(our_parts) != len(their_parts):
        return False
    pairs = [(one, other) for one, other in zip(our_parts, their_parts, strict=True) if one != other]
    return all(one.isdecimal() and other.isdecimal() for one, other in pairs) and any(
        int(one) != int(other) for one, other in pairs
    )


def _could_count(ours: str | None, theirs: str | None, *, from_end: int) -> bool:
    """Whether two neighbouring characters swapped may be a counter or a day: at the end, in a short part, in a date."""
    if from_end <= 1:
        return True
    our_parts, their_parts = (_TOKENS.findall((text or "").upper()) for text in (ours, theirs))
    if len(our_parts) != len(their_parts):
        return False
    moved = [(one, other) for one, other in zip(our_parts, their_parts, strict=True) if one != other]
    return any(
        len(one) < _FEWEST_SWAPPED or one[:-2] == other[:-2] or (_is_day(one) and _is_day(other))
        for one, other in moved
    )


def _is_day(digits: str) -> bool:
    """Whether digits can be read as a calendar day."""
    return digits.isdecimal() and any(_reads(digits, form) for form in _DAY_FORMATS.get(len(digits), ()))


def _reads(digits: str, form: str) -> bool:
    try:
        datetime.strptime(digits, form)  # noqa: DTZ007 - only whether it is a day
    except ValueError:
        return False
    return True


def is_telling(number: str | None) -> bool:
    """Whether a number says enough to be one invoice's even beyond its supplier: four characters, a digit among them.

    `17` is on invoices of every supplier.
    """
    key = plain_key(number)
    return len(key) > SHORTEST and any(char.isdigit() for char in key)
