"""Turns what a person typed, or took from the page, into a value of its field's form.

Dates become ISO 8601, amounts plain decimals, currencies codes. What is of the field's form already stays as it is;
anything else is read as the paper writes numbers and dates. What cannot be read stays as typed: a check says so.
"""

from decimal import Decimal, InvalidOperation

from core.documents import Extraction
from core.money import is_currency, plain
from core.texts import N_
from extraction.values import (
    Locale,
    currency_code,
    iban_is_valid,
    iban_shape,
    parse_date,
    parse_number,
    settle_locale,
    vat_is_valid,
    vat_shape,
)
from triage.storable import storable_text

DATES = frozenset({"issue_date", "due_date", "delivery_date", "despatch_date"})
NUMBERS = frozenset(
    {
        "total_without_vat",
        "total_vat",
        "total_with_vat",
        "prepaid_amount",
        "amount_due",
        "package_count",
        "gross_weight",
        "net_weight",
        "quantity",
        "unit_price",
        "tax_rate",
        "line_net_amount",
    }
)
VAT_IDS = frozenset({"seller_vat_id", "buyer_vat_id"})
_LONGEST_NUMBER = 60


def paper_locale(extraction: Extraction) -> Locale:
    """How the paper writes numbers and dates, from the places where its values stand."""
    rows = (extraction.fields, *extraction.lines)
    texts = [word for row in rows for field in row.values() for place in field.evidence for word in place.text.split()]
    currency = extraction.fields.get("currency")
    return settle_locale(texts, language=extraction.language, currency=currency.value if currency else None)


def as_value(name: str, text: str, locale: Locale, *, printed: bool = False) -> str:
    """The text as a value of a field (`issue_date`, `lines.2.quantity`).

    Args:
        printed: it was taken from the page, so that `1.234` is what the paper means by it; typed it is a decimal.
    """
    said = " ".join(storable_text(text).split())
    kind = name.rpartition(".")[2]
    if kind in DATES:
        day = parse_date(said, locale)
        return said if day is None else day.value.isoformat()
    if kind in NUMBERS:
        return _number(said, locale, printed=printed)
    if kind == "currency":
        return said.upper() if is_currency(said.upper()) else currency_code(said) or said
    if kind == "payment_iban":
        return iban_shape(said) or said
    if kind in VAT_IDS:
        return vat_shape(said) or said
    return said.strip(" :;,") if printed else said


def doubts(name: str, text: str, value: str, locale: Locale) -> tuple[str, ...]:
    """What a person should know of a value that is of its form and may be wrong all the same."""
    kind = name.rpartition(".")[2]
    if kind == "payment_iban" and (iban_shape(value) is None or not iban_is_valid(value)):
        return (N_("The check digits of this account are wrong, or it is too short or too long."),)
    if kind in VAT_IDS and vat_shape(value) and not vat_is_valid(value):
        return (N_("The check digits of this VAT id are wrong."),)
    day = parse_date(" ".join(text.split()), locale) if kind in DATES else None
    if day is not None and day.ambiguous:
        return (N_("Day and month could be exchanged."),)
    return ()


def _number(text: str, locale: Locale, *, printed: bool) -> str:
    said = text.removesuffix("%").strip()[:_LONGEST_NUMBER]
    if not printed and _is_decimal(said):
        return said
    number = parse_number(said, locale)
    return text if number is None else plain(number.value)


def _is_decimal(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
