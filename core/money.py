"""Money: exact decimals, one currency at a time, and the one place where an amount is rounded."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache, reduce

from core.errors import InputError

ZERO = Decimal(0)
NEGLIGIBLE = Decimal("1E-9")
"""A billionth of a unit of money: what a division that does not come out even may leave. Never a difference."""

_WIDE = Context(prec=100)


@cache
def minor_units(currency: str) -> int:
    """Number of decimals an amount in this currency is written with (ISO 4217, from CLDR): 2 for EUR, 0 for JPY."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


@cache
def is_currency(code: str) -> bool:
    """Whether this is the ISO 4217 code of a currency, in capitals; one that is gone (DEM) was one too."""
    from babel import Locale

    return len(code) == 3 and code in Locale("en").currencies


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Rounds to the currency's minor unit, half away from zero, as invoices do (EN 16931 § 6.5)."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP, context=_WIDE)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A price or a quantity with no more decimals than these; one that has fewer stays as it is."""
    exponent = value.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent < -decimals
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE) if fine else value


def rounding_allowance(roundings: int, currency: str) -> Decimal:
    """The largest difference that rounding alone explains: half a minor unit for each rounded amount."""
    return Decimal(5).scaleb(-minor_units(currency) - 1) * roundings


def to_decimal(text: str) -> Decimal:
    """Reads a plain decimal with a point (`"1234.50"`).

    Raises:
        InputError: `MONEY-NOT-A-NUMBER` when it is not one, or is infinite.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InputError(
            "MONEY-NOT-A-NUMBER", f"{text!r} is not a decimal number.", "Write it with digits and a point: 1234.50."
        )
    return value


def plain(value: Decimal) -> str:
    """Writes a decimal plainly, without exponent and without needless zeros: `"1234.5"`, `"100"`."""
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Sum rounded once, at its end: the same whatever the order of the parts, thirds of a case pack too."""
    parts = tuple(amounts)
    if len(parts) < 3:
        return sum(parts, start=ZERO)
    return +reduce(_WIDE.add, parts, ZERO)
