"""Turns values into what a person reads: amounts and dates in their locale, instants as spans, states as signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from core.decisions import Outcome
from core.money import minor_units

NOTHING = "–"
OUTCOME_SIGNS: Mapping[str, tuple[str, str]] = {
    Outcome.CLEAR: ("✓", "cleared"),
    Outcome.SAMPLE: ("◇", "sampled"),
    Outcome.HOLD: ("‖", "held"),
    Outcome.BLOCK: ("✕", "blocked"),
}
AMOUNT_FIELDS = frozenset(
    {
        "total_without_vat",
        "total_vat",
        "total_with_vat",
        "prepaid_amount",
        "amount_due",
        "line_net_amount",
        "unit_price",
    }
)
DATE_FIELDS = frozenset({"issue_date", "due_date", "delivery_date", "despatch_date"})
_UPPER_WORDS = {"vat": "VAT", "id": "id", "iban": "IBAN", "gtin": "GTIN", "sscc": "SSCC"}
_LABELS: Mapping[str, str] = {
    "purchase_order_reference": "Purchase order",
    "despatch_advice_reference": "Despatch advice",
    "bill_of_lading_number": "Bill of lading",
    "package_count": "Packages",
    "line_net_amount": "Net amount",
}
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("C62", "H87", "EA", "PCE", "NAR", "PCS", "STK"), "pcs"),
    "BX": "boxes",
    "CT": "cartons",
    "PK": "packs",
    "PR": "pairs",
    "SET": "sets",
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
}
_DEFAULT_LOCALE = "en_GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the page: their locale and the present instant."""

    locale: Locale
    now: datetime

    def stake(self, amount: Decimal | None, currency: str | None) -> str:
        """An amount at stake in whole units, `12,480 €`; nothing at stake is a dash."""
        if not amount:
            return NOTHING
        return self._with_symbol(amount, currency, "#,##0" if abs(amount) >= 1 else "#,##0.00")

    def money(self, amount: Decimal | None, currency: str | None) -> str:
        """An amount to its last minor unit, `12,480.00 €`."""
        if amount is None:
            return NOTHING
        digits = minor_units(currency) if currency else 2
        return self._with_symbol(amount, currency, "#,##0" + (f".{'0' * digits}" if digits else ""))

    def number(self, value: Decimal | None) -> str:
        """A quantity or a rate with all its digits: `1,200.5`."""
        return NOTHING if value is None else format_decimal(value, "#,##0.##########", locale=self.locale)

    def value(self, name: str, text: str, currency: str | None) -> str:
        """A field's value as this reader writes it; what cannot be read as its type is shown as it is."""
        try:
            if name in AMOUNT_FIELDS:
                return self._amount(Decimal(text), currency)
            if name in DATE_FIELDS:
                return self.day(date.fromisoformat(text))
        except (InvalidOperation, ValueError):
            pass
        if name == "payment_iban":
            return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
        return text

    def day(self, day: date) -> str:
        """A date, `14.12.2026` or `14/12/2026`."""
        return format_date(day, _date_pattern(str(self.locale)), locale=self.locale)

    def span(self, until: datetime | None) -> str:
        """How far off an instant is: `2 h`, `today`, `3 d`, `2 d over`."""
        if until is None:
            return NOTHING
        left = until - self.now
        if left < timedelta(0):
            return f"{_length(-left)} over"
        if until.date() == self.now.date() and left > timedelta(hours=4):
            return "today"
        return _length(left)

    def age(self, since: datetime) -> str:
        """How long ago: `4 min`, `2 h`, `3 d`."""
        return _length(max(self.now - since, timedelta(0)))

    def _amount(self, amount: Decimal, currency: str | None) -> str:
        exponent = amount.as_tuple().exponent
        printed = -exponent if isinstance(exponent, int) else 0
        digits = max(minor_units(currency) if currency else 2, printed)
        return format_decimal(amount, "#,##0" + (f".{'0' * digits}" if digits else ""), locale=self.locale)

    def _with_symbol(self, amount: Decimal, currency: str | None, pattern: str) -> str:
        if currency is None:
            return format_decimal(amount, pattern, locale=self.locale)
        return format_currency(amount, currency, f"{pattern}\u00a0¤", locale=self.locale, currency_digits=False)


def reader_of(accept_language: str, now: datetime) -> Reader:
    """The reader's locale from what the browser says it prefers."""
    for part in accept_language.split(","):
        tag = part.partition(";")[0].strip()
        locale = _locale(tag) if tag and tag != "*" else None
        if locale is not None:
            return Reader(locale=locale, now=now)
    return Reader(locale=Locale.parse(_DEFAULT_LOCALE), now=now)


def field_label(name: str) -> str:
    """A field's name as words: `Invoice number`, `Total with VAT`, `Seller VAT id`."""
    if name in _LABELS:
        return _LABELS[name]
    words = [_UPPER_WORDS.get(word, word) for word in name.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def unit_word(unit: str | None) -> str:
    """A unit as a word: codes of UN/ECE Recommendation 20 in words, anything else as printed."""
    return _UNITS.get((unit or "C62").upper(), unit or "pcs")


def outcome_sign(outcome: str) -> str:
    """The sign of an outcome: ✓ ◇ ‖ ✕."""
    return OUTCOME_SIGNS[outcome][0]


def outcome_word(outcome: str) -> str:
    """An outcome as a word: cleared, sampled, held, blocked."""
    return OUTCOME_SIGNS[outcome][1]


@cache
def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


@cache
def _date_pattern(locale: str) -> str:
    """The locale's short date with the year in full, so that 01/02/26 is never a riddle."""
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    return pattern.replace("yyyy", "y").replace("yy", "y").replace("y", "yyyy")


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} d"
