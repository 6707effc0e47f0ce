"""Turns what an element of an e-invoice holds into a field in the form of the interface."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.documents import Field, Row, Source
from core.money import plain

if TYPE_CHECKING:
    from lxml.etree import _Element

CERTAIN = 0.999
UNREADABLE = 0.01
AMBIGUOUS = 0.5
_FROM_DATA = "from the e-invoice's data"
_DECIMAL = re.compile(r"[+-]?0{0,30}(\d{1,14}\.?\d{0,12}|\.\d{1,12})0{0,30}")
# More digits are no amount that is paid, and sums of them would not be exact.
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T+\-Z].*)?")
_BASIC_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})\d*")


class XmlFields:
    """Makes fields of one e-invoice; an absent element makes none."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def text(self, value: str | None) -> Field | None:
        """A name, an identifier or a sentence, as written."""
        return self._field(value, CERTAIN) if value else None

    def amount(self, value: str | None) -> Field | None:
        """An amount, quantity or percentage as a plain decimal; what is none is kept as it is, with no trust in it."""
        if not value:
            return None
        if not _DECIMAL.fullmatch(value):
            return self._field(value, UNREADABLE, "not a number")
        return self._field(plain(Decimal(value)), CERTAIN)

    def money(self, element: "_Element | None", path: str, currency: str | None) -> Field | None:
        """The amount at a path in the document's currency; one given in another only is not sure to be it."""
        value, given = in_currency(element, path, currency)
        field = self.amount(value)
        if field is None or given in {None, currency}:
            return field
        return self._field(field.value, min(field.confidence, AMBIGUOUS), f"given in {given}")

    def date(self, value: str | None) -> Field | None:
        """A date as ISO 8601, from ISO or from `20181231`."""
        if not value:
            return None
        iso, basic = _ISO_DATE.fullmatch(value), _BASIC_DATE.fullmatch(value)
        text = iso[1] if iso else "-".join(basic.groups()) if basic else value
        try:
            return self._field(date.fromisoformat(text).isoformat(), CERTAIN)
        except ValueError:
            return self._field(value, UNREADABLE, "not a date")

    def one_of(self, values: Iterable[str | None]) -> Field | None:
        """The first of several; less sure when they differ."""
        different = list(dict.fromkeys(value for value in values if value))
        if len(different) < 2:
            return self.text(different[0] if different else None)
        return self._field(different[0], AMBIGUOUS, f"{len(different)} different ones are given")

    def _field(self, value: str, confidence: float, *reasons: str) -> Field:
        return Field(value=value, confidence=confidence, source=self._source, reasons=(*reasons, _FROM_DATA))


def row(fields: Mapping[str, Field | None]) -> Row:
    """The fields that were there."""
    return {name: field for name, field in fields.items() if field is not None}


def not_zero(amount: Field | None) -> Field | None:
    """An amount that changes a sum."""
    return None if amount is None or amount.value == "0" else amount


def not_one(quantity: Field | None) -> Field | None:
    """A base quantity that changes a price."""
    return None if quantity is None or quantity.value in {"0", "1"} else quantity


def content(element: "_Element | None", *paths: str) -> str | None:
    """What the first of the paths that holds something holds, with single spaces."""
    return next((text for path in paths for text in contents(element, path)), None)


def contents(element: "_Element | None", path: str) -> tuple[str, ...]:
    """Everything that a path holds."""
    if element is None:
        return ()
    return tuple(text for found in element.iterfind(path) if (text := " ".join((found.text or "").split())))


def attribute(element: "_Element | None", path: str, name: str) -> str | None:
    """An attribute of the first element at a path that has it."""
    if element is None:
        return None
    return next((value for found in element.iterfind(path) if (value := (found.get(name) or "").strip())), None)


def in_currency(element: "_Element | None", path: str, currency: str | None) -> tuple[str | None, str | None]:
    """The amount at a path and its currency: the document's before none at all, and that before another."""
    if element is None:
        return None, None
    amounts = [(found.get("currencyID"), (found.text or "").strip()) for found in element.iterfind(path)]
    ranked = sorted(amounts, key=lambda amount: (amount[0] != currency, amount[0] is not None))
    return next(((text, given) for given, text in ranked if text), (None, None))


def gtin(scheme: str | None, identifier: str | None) -> str | None:
    """A standard item identifier, when it is a GTIN: by its scheme (0160, 0088) or by its 8 to 14 digits."""
    if identifier is None:
        return None
    if scheme in {"0160", "0088", "GTIN", "EAN"}:
        return identifier
    return identifier if scheme is None and re.fullmatch(r"\d{8}|\d{12,14}", identifier) else None


def one_line(parts: Iterable[str | None]) -> str | None:
    """An address as it would be printed, its parts joined by commas."""
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None
