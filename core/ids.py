"""Identifiers: a prefix that says what a thing is, then time and chance, so that they sort by age."""

import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_DIGITS = 10
_CHANCE_DIGITS = 13


def new_id(prefix: str, at: datetime) -> str:
    """Makes an identifier such as `doc_01jd5zq3k8…`: milliseconds since 1970, then 65 random bits, base 32."""
    milliseconds = int(at.timestamp() * 1000)
    chance = secrets.randbits(5 * _CHANCE_DIGITS)
    return f"{prefix}_{_base32(milliseconds, _TIME_DIGITS)}{_base32(chance, _CHANCE_DIGITS)}"


def made_at(identifier: str) -> datetime:
    """When an identifier was made, to the millisecond."""
    digits = identifier.rpartition("_")[2][:_TIME_DIGITS]
    milliseconds = 0
    for digit in digits:
        milliseconds = milliseconds * 32 + _ALPHABET.index(digit)
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _base32(number: int, digits: int) -> str:
    return "".join(_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(digits)))
