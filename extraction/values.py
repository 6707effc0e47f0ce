"""Turns printed text into typed values: numbers, dates, IBANs, VAT ids, with one locale settled for the whole document.

`03/04/2026` and `1.234` mean different things in different places; a page that says `1.234,56` somewhere settles it
for every field. What stays ambiguous is marked so, never guessed field by field.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from extraction.lexicon import MONTHS

# The same words are asked about by labels, candidates and lines; a page has a few hundred.
_REMEMBERED = 8192
_EARLIEST_YEAR, _LATEST_YEAR = 1990, 2069
_NUMBER = re.compile(r"^\(?[-+−–]?\s*(\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+|\d+)([.,]\d{1,6})?\s*[-−–]?\)?$")
_NUMERIC_DATE = re.compile(r"^(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{2}|\d{4})(?:[T ].*)?$")
_COMPACT_DATE = re.compile(r"^(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])$")
_WORD_DATE = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s*[-/. ]?\s*(?:de |d')?([a-z]{3,12})\.?"
    r"\s*[-/., ]*\s*(?:de |del )?(\d{4}|\d{2})$"
)
_MONTH_FIRST = re.compile(r"^([a-z]{3,12})\.?\s*[-/]?\s*(\d{1,2})(?:st|nd|rd|th)?\s*[-/, ]*\s*(\d{4})$")
_VAT_SHAPES = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}",
    "GB": r"\d{9}(?:\d{3})?",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(?:\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "CHE": r"\d{9}",
    "NO": r"\d{9}(?:MVA)?",
}
_VAT = {country: re.compile(shape) for country, shape in _VAT_SHAPES.items()}
IBAN_LENGTHS = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "TR": 26,
}
CURRENCY_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "¥": "JPY",
    "RM": "MYR",
    "zł": "PLN",
    "ZL": "PLN",
    "Fr.": "CHF",
    "CHF": "CHF",
    "Rs": "INR",
    "Rs.": "INR",
    "₹": "INR",
    "kr": "SEK",
    "kr.": "DKK",
    "A$": "AUD",
    "C$": "CAD",
    "EURO": "EUR",
    "EUROS": "EUR",
}
CURRENCY_CODES = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "PLN",
        "CZK",
        "HUF",
        "SEK",
        "NOK",
        "DKK",
        "RON",
        "BGN",
        "AUD",
        "CAD",
        "NZD",
        "JPY",
        "CNY",
        "HKD",
        "SGD",
        "MYR",
        "INR",
        "THB",
        "TRY",
        "ZAR",
        "AED",
        "BRL",
        "MXN",
        "ILS",
    ]
)
_MONEY_AFFIX = re.compile(
    r"^(?P<sign>[-−–])?(?P<before>US\$|A\$|C\$|[€£$¥₹]|RM|Rs\.?|kr\.?|zł|Fr\.|"
    + "|".join(sorted(CURRENCY_CODES))
    + r")?\s*"
    r"(?P<number>\(?[-+−–]?\s*\d[\d.,'’ \u00a0\u202f]*[-−–]?\)?)\s*"
    r"(?P<after>[€£$¥₹]|zł|kr\.?|Fr\.|" + "|".join(sorted(CURRENCY_CODES)) + r")?[*.,]?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How this document writes numbers and dates; `*_certain` is false when nothing on the page proves it."""

    decimal_mark: str = "."
    date_order: str = "dmy"
    decimal_certain: bool = False
    date_certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """A date and whether its day and month could be exchanged in this document."""

    value: date
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedNumber:
    """A number as printed: its value, digits after the mark, and the currency written on it, if any."""

    value: Decimal
    decimals: int
    currency: str | None = None
    against_locale: bool = False


@lru_cache(maxsize=32768)
def fold(text: str) -> str:
    """Lower case, without accents: the form in which words are compared."""
    text = text.replace("ß", "ss").replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("№", "no")
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=32768)
def squeeze(text: str) -> str:
    """Only letters and digits of the folded text: the form in which identifiers are compared."""
    return "".join(c for c in fold(text) if c.isalnum())


def settle_locale(texts: Iterable[str], *, language: str | None = None, currency: str | None = None) -> Locale:
    """Decides once, from everything on the pages, which mark is the decimal one and in which order dates stand.

    Language and currency only break ties: what is printed comes first.
    """
    comma = point = 0
    orders = {"dmy": 0, "mdy": 0}
    for text in texts:
        mark = _decimal_vote(text)
        comma, point = comma + (mark == ","), point + (mark == ".")
        order = _date_vote(text)
        if order:
            orders[order] += 1
    default_mark = "." if language in {"en", None} else ","
    if currency in {"MYR", "USD", "GBP", "INR", "AUD", "SGD", "CHF"}:
        default_mark = "."
    mark = default_mark if comma == point else ("," if comma > point else ".")
    american = currency == "USD" and language in {"en", None}
    order = max(orders, key=lambda key: orders[key]) if any(orders.values()) else ("mdy" if american else "dmy")
    certain = max(orders.values()) > 2 * min(orders.values()) or (
        not any(orders.values()) and not american and language not in {"en", None}
    )
    return Locale(
        decimal_mark=mark,
        date_order=order,
        decimal_certain=comma != point and min(comma, point) * 4 <= max(comma, point),
        date_certain=certain,
    )


def _decimal_vote(text: str) -> str | None:
    match = re.search(r"\d([.,])(\d+)[^\d.,]*$", text)
    if match is None or re.search(r"[/:]", text) or len(re.findall(r"\d", text)) > 12:
        return None
    mark, tail = match.group(1), match.group(2)
    other = "." if mark == "," else ","
    if re.search(rf"\d{re.escape(other)}\d{{3}}{re.escape(mark)}\d", text):
        return mark
    if text.count(mark) > 1:
        return None
    return mark if len(tail) == 2 and text.count(other) == 0 else None


def _date_vote(text: str) -> str | None:
    match = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})", text.strip(".,;:()"))
    if match is None:
        return None
    first, second = int(match.group(1)), int(match.group(3))
    if match.group(2) == "." or (12 < first <= 31 and second <= 12):
        return "dmy" if second <= 12 else None
    return "mdy" if first <= 12 < second <= 31 else None


def has_digit(text: str) -> bool:
    """Whether a digit of any script is in the text."""
    return any(map(str.isdigit, text))


@lru_cache(maxsize=_REMEMBERED)
def parse_number(text: str, locale: Locale) -> ParsedNumber | None:
    """Reads a number with optional currency, sign or thousands marks; None when the text is not just one number."""
    text = text.strip()
    affixed = _MONEY_AFFIX.match(text) if has_digit(text) else None
    if affixed is None:
        return None
    number = affixed.group("number").strip()
    printed = affixed.group("before") or affixed.group("after")
    parsed = _plain_number(number, locale)
    if parsed is None:
        return None
    value, decimals, against = parsed
    negative = bool(affixed.group("sign")) or number[0] in "-−–(" or number[-1] in "-−–"
    return ParsedNumber(
        value=-value if negative else value,
        decimals=decimals,
        currency=currency_code(printed) if printed else None,
        against_locale=against,
    )


def _plain_number(text: str, locale: Locale) -> tuple[Decimal, int, bool] | None:
    if not _NUMBER.match(text):
        return None
    digits = re.sub(r"[^\d.,]", "", text)
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return Decimal(digits), 0, False
    last = marks[-1]
    head, _, tail = digits.rpartition(last)
    grouped = len(tail) == 3 and last != locale.decimal_mark
    if len(set(marks)) == 1 and (len(marks) > 1 or grouped):
        return (Decimal(re.sub(r"[.,]", "", digits)), 0, False) if len(tail) == 3 else None
    whole = re.sub(r"[.,]", "", head)
    return Decimal(f"{whole or '0'}.{tail}"), len(tail), last != locale.decimal_mark


@lru_cache(maxsize=_REMEMBERED)
def currency_code(text: str) -> str | None:
    """ISO 4217 code of a printed currency: `€`, `EUR`, `RM`."""
    text = text.strip().strip(":()[],;")
    if text.upper() in CURRENCY_CODES:
        return text.upper()
    return CURRENCY_SYMBOLS.get(text) or CURRENCY_SYMBOLS.get(text.upper())


@lru_cache(maxsize=_REMEMBERED)
def parse_date(text: str, locale: Locale) -> ParsedDate | None:
    """Reads a date written in digits or with a month's name in any of the languages known."""
    text = text.strip().strip(",;:()").rstrip(".")
    if not has_digit(text) or len(text) > 32:
        return None
    numeric = _NUMERIC_DATE.match(text)
    if numeric:
        return _numeric_date(numeric.group(1), numeric.group(2), numeric.group(3), numeric.group(4), locale)
    compact = _COMPACT_DATE.match(text)
    if compact:
        return _date(int(compact.group(1)), int(compact.group(2)), int(compact.group(3)))
    folded = fold(text)
    day_first, month_first = _WORD_DATE.match(folded), _MONTH_FIRST.match(folded)
    if day_first and day_first.group(2) in MONTHS:
        return _date(_year(day_first.group(3)), MONTHS[day_first.group(2)], int(day_first.group(1)))
    if month_first and month_first.group(1) in MONTHS:
        return _date(_year(month_first.group(3)), MONTHS[month_first.group(1)], int(month_first.group(2)))
    return None


def _numeric_date(first: str, mark: str, second: str, third: str, locale: Locale) -> ParsedDate | None:
    if len(first) == 4:
        return _date(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) > 2:
        return None
    a, b, year = int(first), int(second), _year(third)
    order = "dmy" if mark == "." else locale.date_order
    if (order == "mdy" and a <= 12) or b > 12:
        day, month = b, a
    else:
        day, month = a, b
    parsed = _date(year, month, day)
    if parsed is None:
        return None
    return ParsedDate(
        value=parsed.value, ambiguous=a <= 12 and b <= 12 and a != b and mark != "." and not locale.date_certain
    )


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int) -> ParsedDate | None:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        return None
    try:
        return ParsedDate(value=date(year, month, day))
    except ValueError:
        return None


def iban_shape(text: str) -> str | None:
    """The IBAN without spaces when country and length fit, whatever its check digits."""
    compact = re.sub(r"[^A-Z0-9]", "", text.upper())
    length = IBAN_LENGTHS.get(compact[:2])
    return compact if length == len(compact) and compact[2:4].isdigit() else None


def iban_is_valid(iban: str) -> bool:
    """ISO 7064 mod 97-10 over the rearranged IBAN."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def vat_shape(text: str) -> str | None:
    """The VAT id without spaces and points when prefix and length fit a country's form."""
    compact = re.sub(r"[^A-Z0-9+*]", "", text.upper())
    compact = re.sub(r"^(CHE\d{9})(MWST|TVA|IVA)?$", r"\1", compact)
    prefix = "CHE" if compact.startswith("CHE") else compact[:2]
    shape = _VAT.get(prefix)
    return compact if shape and shape.fullmatch(compact[len(prefix) :]) else None


def vat_is_valid(vat_id: str) -> bool:
    """Whether the check digits of an EU, British, Swiss or Norwegian VAT id are right (python-stdnum)."""
    from importlib import import_module

    country = vat_id[:2].lower()
    module = {"gb": "stdnum.gb.vat", "ch": "stdnum.ch.uid", "no": "stdnum.no.mva"}.get(country, "stdnum.eu.vat")
    number = vat_id[2:] if country in {"gb", "no"} else vat_id
    return bool(import_module(module).is_valid(number))
