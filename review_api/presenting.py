"""Turns values into what a person reads: amounts and dates in their locale, instants as spans, states as signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from core.money import minor_units
from review_api.percents import percent
from review_api.texts import Texts, language_for, preferred, texts_of

NOTHING = "–"
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
_DEFAULT_LOCALES: Mapping[str, str] = {"en": "en_GB", "de": "de_DE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the page: how they write numbers, the language they are told things in, the present instant."""

    locale: Locale
    now: datetime
    texts: Texts

    @property
    def tag(self) -> str:
        """Their language as a page's `lang`: with the country where the numbers are of the same language."""
        same = self.locale.language == self.texts.language
        return str(self.locale).replace("_", "-") if same else self.texts.language

    @property
    def numbers(self) -> str:
        """How they write numbers and instants, as a tag: `de-CH`."""
        return str(self.locale).replace("_", "-")

    def say(self, message: str, **facts: object) -> str:
        """A text in their language: `say("Approved %(subject)s", subject="R-17")`."""
        return self.texts.say(message, **facts)

    def say_count(self, one: str, many: str, count: int, **facts: object) -> str:
        """A text about a number of things: `say_count("%(count)s paper", "%(count)s papers", n)`."""
        return self.texts.say_count(one, many, count, **facts)

    def sentence(self, text: str) -> str:
        """A sentence made elsewhere in English (a finding, an error), in their language where its form is known."""
        return self.texts.sentence(text)

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

    def short_day(self, day: date) -> str:
        """A day without its year, for the axis of a chart: `14.12.` or `14/12`."""
        return format_skeleton("Md", day, locale=self.locale)

    def moment(self, at: datetime) -> str:
        """An instant to the minute, in UTC; at midnight it is a day without a time of day."""
        if (at.hour, at.minute) == (0, 0):
            return self.day(at.date())
        return f"{self.day(at.date())} {at:%H:%M}"

    def percent(self, share: float) -> str:
        """A share as whole per cent: `71 %` or `71%`; what is not quite certain is never 100."""
        return format_percent(percent(share) / 100, locale=self.locale)

    def span(self, until: datetime | None) -> str:
        """How far off an instant is: `2 h`, `today`, `3 d`, `2 d over`."""
        if until is None:
            return NOTHING
        left = until - self.now
        if left < timedelta(0):
            return self.say("%(span)s over", span=self._length(-left))
        if until.date() == self.now.date() and left > timedelta(hours=4):
            return self.say("today")
        return self._length(left)

    def age(self, since: datetime) -> str:
        """How long ago: `4 min`, `2 h`, `3 d`."""
        return self._length(max(self.now - since, timedelta(0)))

    def _length(self, span: timedelta) -> str:
        minutes = int(span.total_seconds() // 60)
        if minutes < 1:
            return self.say("now")
        if minutes < 60:
            return self.say("%(count)s min", count=minutes)
        if minutes < 48 * 60:
            return self.say("%(count)s h", count=minutes // 60)
        return self.say("%(count)s d", count=minutes // 1440)

    def _amount(self, amount: Decimal, currency: str | None) -> str:
        exponent = amount.as_tuple().exponent
        printed = -exponent if isinstance(exponent, int) else 0
        digits = max(minor_units(currency) if currency else 2, printed)
        return format_decimal(amount, "#,##0" + (f".{'0' * digits}" if digits else ""), locale=self.locale)

    def _with_symbol(self, amount: Decimal, currency: str | None, pattern: str) -> str:
        if currency is None:
            return format_decimal(amount, pattern, locale=self.locale)
        return format_currency(amount, currency, f"{pattern}\u00a0¤", locale=self.locale, currency_digits=False)


def reader_of(accept_language: str, now: datetime, chosen: str | None = None) -> Reader:
    """The reader, from the language they chose, if they did, and what the browser says it prefers.

    Numbers are written as the browser prefers among the countries of the language; where nobody chose a language and
    there is none of the browser's, the texts are English and the numbers still the browser's.
    """
    language = language_for(chosen, accept_language)
    wished = list(preferred(accept_language))
    fitting = [locale for locale in wished if locale.language == language] or ([] if chosen else wished)
    locale = fitting[0] if fitting else Locale.parse(_DEFAULT_LOCALES.get(language, language))
    return Reader(locale=locale, now=now, texts=texts_of(language))


@cache
def _date_pattern(locale: str) -> str:
    """The locale's short date with the year in full, so that 01/02/26 is never a riddle."""
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    return pattern.replace("yyyy", "y").replace("yy", "y").replace("y", "yyyy")
