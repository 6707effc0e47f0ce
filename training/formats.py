"""Turns values into the forms people print: numbers, amounts, dates and identifiers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import minor_units, plain, round_amount

MONTHS: dict[str, str] = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
}

DATE_FORMS: dict[str, tuple[str, ...]] = {
    "de": ("dd.mm.yyyy", "dd.mm.yyyy", "d.m.yyyy", "dd.mm.yy", "d. month yyyy", "dd. month yyyy", "yyyy-mm-dd"),
    "en": ("dd/mm/yyyy", "d month yyyy", "dd-mon-yyyy", "dd mon yyyy", "month d, yyyy", "yyyy-mm-dd", "dd.mm.yyyy"),
    "fr": ("dd/mm/yyyy", "dd/mm/yyyy", "d month yyyy", "dd/mm/yy", "dd.mm.yyyy", "dd-mm-yyyy"),
    "es": ("dd/mm/yyyy", "dd-mm-yyyy", "d de month de yyyy", "dd/mm/yy"),
    "it": ("dd/mm/yyyy", "dd-mm-yyyy", "d month yyyy", "dd.mm.yyyy"),
    "nl": ("dd-mm-yyyy", "d-m-yyyy", "d month yyyy", "dd/mm/yyyy", "dd.mm.yyyy"),
    "pt": ("dd/mm/yyyy", "dd-mm-yyyy", "d de month de yyyy", "yyyy-mm-dd", "dd.mm.yyyy"),
    "pl": ("dd.mm.yyyy", "yyyy-mm-dd", "dd-mm-yyyy", "d month yyyy", "dd/mm/yyyy"),
}
US_DATE_FORMS = ("mm/dd/yyyy", "m/d/yyyy", "month d, yyyy", "mon d, yyyy", "yyyy-mm-dd")

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "SEK": "kr", "DKK": "kr", "PLN": "PLN",
           "CZK": "Kc", "NOK": "kr", "MYR": "RM", "SGD": "S$", "AUD": "A$", "CAD": "C$", "BRL": "R$", "JPY": "¥",
           "INR": "Rs."}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForm:
    """A convention: decimal sign, grouping sign (may be empty)."""

    decimal: str
    grouping: str

    def number(self, value: Decimal, decimals: int) -> str:
        """The value with a fixed count of decimals."""
        whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
        groups: list[str] = []
        while len(whole) > 3:
            groups.insert(0, whole[-3:])
            whole = whole[:-3]
        text = self.grouping.join([whole, *groups]) + (self.decimal + fraction if decimals else "")
        return f"-{text}" if value < 0 else text


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyForm:
    """How an amount of one currency is printed: `sign` is a code, a symbol, or empty; `place` before or after."""

    numbers: NumberForm
    currency: str
    sign: str
    place: str

    def amount(self, value: Decimal, *, sign: bool = True) -> str:
        """An amount with the decimals of its currency."""
        text = self.numbers.number(round_amount(value, self.currency), minor_units(self.currency))
        if not sign or not self.sign:
            return text
        if self.place == "after":
            return f"{text} {self.sign}"
        return f"{self.sign}{text}" if self.place == "tight" else f"{self.sign} {text}"

    def price(self, value: Decimal, *, decimals: int = 2) -> str:
        """A price per unit, with more decimals where it has more."""
        needed = len(plain(value).partition(".")[2])
        return self.numbers.number(value, max(decimals, needed))


def quantity_text(numbers: NumberForm, value: Decimal, decimals: int = 0) -> str:
    """A quantity, with as many decimals as it needs and at least the given."""
    return numbers.number(value, max(decimals, len(plain(value).partition(".")[2])))


def rate_text(numbers: NumberForm, rate: Decimal, form: str) -> str:
    """A tax rate: the form's zeros are its decimals, its space stands before the sign (`%`, ` %`, `0%`, `00 %`)."""
    return quantity_text(numbers, rate, form.count("0")) + form.replace("0", "")


def date_text(day: date, form: str, language: str) -> str:
    """A date in one of the forms above."""
    month = MONTHS[language].split()[day.month - 1]
    table = {
        "yyyy": f"{day.year}",
        "yy": f"{day.year % 100:02d}",
        "month": month,
        "mon": month[:3],
        "mm": f"{day.month:02d}",
        "m": f"{day.month}",
        "dd": f"{day.day:02d}",
        "d": f"{day.day}",
    }
    text, rest = "", form
    while rest:
        token = next((token for token in table if rest.startswith(token)), None)
        if rest.startswith("de ") or token is None:
            text, rest = text + rest[0], rest[1:]
            if text.endswith("d"):
                text, rest = text + rest[0], rest[1:]
        else:
            text, rest = text + table[token], rest[len(token) :]
    return text


def in_groups(text: str, size: int, separator: str = " ") -> str:
    """An IBAN as banks print it: groups of four."""
    return separator.join(text[start : start + size] for start in range(0, len(text), size))


def vat_text(number: str, form: str) -> str:
    """A VAT id as printed: `tight`, or `spaced` in the country's habit."""
    if number.startswith("CHE"):
        return f"CHE-{number[3:6]}.{number[6:9]}.{number[9:12]}"
    if form != "spaced":
        return number
    if number[:2] in {"GB", "DE", "DK"}:
        return f"{number[:2]} {in_groups(number[2:], 3)}"
    if number[:2] in {"FR", "BE", "IT", "AT"}:
        return f"{number[:2]} {number[2:]}"
    return number
