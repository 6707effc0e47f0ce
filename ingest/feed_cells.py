"""Turns a cell of a feed into its typed value, or says in words for a data clerk why it is none.

A cell comes as text (CSV), as JSON's types, or as Parquet's. Only one way of writing is accepted for each type, so
that no amount and no day is ever guessed: decimals with a point, days and instants in ISO 8601.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from core.canonical import instant_text
from core.money import plain
from ingest.feeds import ColumnSpec, ColumnType

Cell = str | int | float | bool | Decimal | date | datetime | None
Value = str | int | bool | Decimal | date | datetime | None

MAX_KEY_LENGTH = 200
MAX_TEXT_LENGTH = 10_000
MAX_DIGITS = 28
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_LARGEST_INTEGER = 2**63 - 1
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}


class CellError(ValueError):
    """A cell is not of its column's type; the text continues a sentence that begins with the column."""


def text_value(cell: Cell, longest: int = MAX_TEXT_LENGTH) -> str | None:
    """Text without its surrounding blanks; None when nothing is left. Whole numbers become their digits.

    Raises:
        CellError: what is wrong with the cell, as the end of a sentence. So do all functions here.
    """
    if cell is None:
        return None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    if not isinstance(cell, str):
        raise CellError(f"is {_shown(cell)}, and should be text")
    text = cell.strip()
    if len(text) > longest:
        raise CellError(f"is {len(text):,} characters long, and may be {longest:,}")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CellError("contains half a character (a lone surrogate)") from None
    if "\x00" in text:
        raise CellError("contains a zero character")
    return text or None


def decimal_value(cell: Cell) -> Decimal | None:
    """A decimal with a point."""
    if isinstance(cell, str):
        return _decimal_from_text(cell.strip())
    if cell is None:
        return None
    if isinstance(cell, bool | date):
        raise _not_a(cell, "a decimal such as 1234.50")
    if isinstance(cell, float):
        # Its shortest text is the number that was meant: 0.1, not 0.1000000000000000055.
        return _decimal_from_text(repr(cell) if isfinite(cell) else "not a number")
    return _bounded(Decimal(cell), str(cell))


def integer_value(cell: Cell) -> int | None:
    """A whole number; `30.0` is one."""
    value = decimal_value(cell)
    if value is None:
        return None
    if value != value.to_integral_value() or abs(value) > _LARGEST_INTEGER:
        raise CellError(f"is {_shown(cell)}, and should be a whole number")
    return int(value)


def date_value(cell: Cell) -> date | None:
    """A day; an instant at midnight is accepted for one."""
    if isinstance(cell, str):
        return _date_from_text(cell.strip())
    if isinstance(cell, datetime):
        return _midnight(cell, str(cell))
    if isinstance(cell, date):
        return _known_year(cell, str(cell))
    if cell is None:
        return None
    raise _not_a(cell, "a day such as 2026-11-23")


def instant_value(cell: Cell) -> datetime | None:
    """An instant in UTC; one without a zone is taken as UTC, a day as its midnight."""
    if isinstance(cell, str):
        return _instant_from_text(cell.strip())
    if isinstance(cell, datetime):
        return _in_utc(cell, str(cell))
    if isinstance(cell, date):
        return datetime(_known_year(cell, str(cell)).year, cell.month, cell.day, tzinfo=UTC)
    if cell is None:
        return None
    raise _not_a(cell, "an instant such as 2026-11-23T10:12:00Z")


def boolean_value(cell: Cell) -> bool | None:
    """True or false, written as such or as 1 and 0, yes and no."""
    if cell is None or isinstance(cell, bool):
        return cell
    text = str(cell).strip().lower()
    if not text:
        return None
    if text not in _BOOLEANS:
        raise CellError(f"is {_shown(cell)}, and should be true or false")
    return _BOOLEANS[text]


def extra_value(cell: Cell) -> str | None:
    """A column that is kept without knowing it: always text, so that a feature reads the same from any file."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return plain(Decimal(repr(cell))) if isfinite(cell) else None
    if isinstance(cell, Decimal):
        return plain(_bounded(cell, str(cell)))
    if isinstance(cell, datetime):
        return instant_text(_in_utc(cell, str(cell)))
    if isinstance(cell, date):
        return cell.isoformat()
    return text_value(cell)


_PARSERS: Mapping[ColumnType, Callable[[Cell], Value]] = {
    ColumnType.TEXT: text_value,
    ColumnType.DECIMAL: decimal_value,
    ColumnType.INTEGER: integer_value,
    ColumnType.DATE: date_value,
    ColumnType.INSTANT: instant_value,
    ColumnType.BOOLEAN: boolean_value,
}
_WRITERS: Mapping[ColumnType, Callable[[Any], str]] = {
    ColumnType.TEXT: str,
    ColumnType.DECIMAL: plain,
    ColumnType.INTEGER: str,
    ColumnType.DATE: date.isoformat,
    ColumnType.INSTANT: instant_text,
    ColumnType.BOOLEAN: lambda value: "true" if value else "false",
}


def parser(column: ColumnSpec) -> Callable[[Cell], Value]:
    """The function that reads this column's cells."""
    if column.is_key and column.type is ColumnType.TEXT:
        return lambda cell: text_value(cell, MAX_KEY_LENGTH)
    return _PARSERS[column.type]


def writer(column: ColumnSpec) -> Callable[[Any], str]:
    """The function that writes this column's values in the one way that is hashed."""
    return _WRITERS[column.type]


def _shown(cell: object) -> str:
    text = repr(cell) if isinstance(cell, str) else str(cell)
    return text if len(text) <= 60 else text[:57] + "…'"


def _not_a(cell: object, wanted: str) -> CellError:
    return CellError(f"is {_shown(cell)}, and should be {wanted}")


@lru_cache(maxsize=4096)
def _decimal_from_text(text: str) -> Decimal | None:
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise CellError(f"is {_shown(text)}, and should be a decimal with a point, such as 1234.50")
    return _bounded(Decimal(text), text)


def _bounded(value: Decimal, text: str) -> Decimal:
    """The value, if it is one and every digit of it can be kept."""
    if not value.is_finite():
        raise CellError(f"is {_shown(text)}, and should be a decimal such as 1234.50")
    digits = value.as_tuple().digits
    if len(digits) > MAX_DIGITS or (value and abs(value.adjusted()) >= MAX_DIGITS):
        raise CellError(f"is {_shown(text)}, which has more than {MAX_DIGITS} digits")
    return value


@lru_cache(maxsize=4096)
def _date_from_text(text: str) -> date | None:
    if not text:
        return None
    try:
        return _known_year(date.fromisoformat(text), text)
    except ValueError:
        return _midnight(_instant_from_text(text, "a day such as 2026-11-23"), text)


@lru_cache(maxsize=4096)
def _instant_from_text(text: str, wanted: str = "an instant such as 2026-11-23T10:12:00Z") -> datetime | None:
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise CellError(f"is {_shown(text)}, and should be {wanted}") from None
    return _in_utc(value, text)


def _in_utc(value: datetime, text: str) -> datetime:
    _known_year(value, text)
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _midnight(value: datetime | None, text: str) -> date | None:
    if value is not None and (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
        raise CellError(f"is {_shown(text)}, which has a time of day, and should be a day such as 2026-11-23")
    return None if value is None else _known_year(value.date(), text)


def _known_year(value: date, text: str) -> date:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise CellError(f"is {_shown(text)}, which is not between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return value
