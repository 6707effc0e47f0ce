"""Says when a value read counts as right: the definitions that training and every accuracy report share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher

from extraction.values import Locale, fold, parse_date, squeeze

AMOUNTS = frozenset(
    [
        "total_without_vat",
        "total_vat",
        "total_with_vat",
        "prepaid_amount",
        "amount_due",
        "quantity",
        "unit_price",
        "line_net_amount",
        "package_count",
        "gross_weight",
        "net_weight",
    ]
)
DATES = frozenset(["issue_date", "due_date", "delivery_date", "despatch_date"])
NAMES = frozenset(["seller_name", "buyer_name", "shipper_name", "consignee_name", "carrier_name"])
ADDRESSES = frozenset(["seller_address", "buyer_address", "shipper_address", "consignee_address"])
_TOLERANCE = Decimal("0.005")
_LEAST_SHARE = 0.6
_LEAST_SIMILARITY = 0.85
_LINE_KEYS = ("quantity", "unit_price", "line_net_amount")


def agrees(field: str, given: str, wanted: str) -> bool:
    """Whether a value given for a field is the one wanted."""
    if field in AMOUNTS:
        return _amounts_agree(given, wanted)
    if field in DATES:
        return given == wanted
    if field in NAMES:
        return _names_agree(squeeze(given), squeeze(wanted))
    if field in ADDRESSES:
        return SequenceMatcher(None, _folded(given), _folded(wanted)).ratio() >= _LEAST_SIMILARITY
    return squeeze(given) == squeeze(wanted)


def line_agrees(given: Mapping[str, str], wanted: Mapping[str, str], keys: Sequence[str] = _LINE_KEYS) -> bool:
    """Whether quantity, unit price and net amount of a line are all right."""
    return all(key in given and _amounts_agree(given[key], wanted[key]) for key in keys if wanted.get(key))


def is_visible(
    field: str, wanted: str, text: str, locale_free_numbers: frozenset[Decimal], dates: frozenset[date]
) -> bool:
    """Whether the true value can be seen in the text of the pages; what cannot be seen does not count."""
    if field in AMOUNTS:
        try:
            return any(abs(number - abs(Decimal(wanted))) <= _TOLERANCE for number in locale_free_numbers)
        except InvalidOperation:
            return False
    if field in DATES:
        return date.fromisoformat(wanted) in dates
    if field in ADDRESSES:
        words = [squeeze(word) for word in wanted.split() if squeeze(word)]
        return sum(word in text for word in words) >= 0.8 * len(words)
    if field == "currency":
        return True
    return squeeze(wanted) in text


def numbers_in(words: Sequence[str]) -> frozenset[Decimal]:
    """Every number that could be meant by the words, with either mark as the decimal one."""
    found: set[Decimal] = set()
    joined = " ".join(words)
    for match in re.finditer(r"\d[\d.,'’\u00a0\u202f]*(?: \d{3}(?:[.,]\d+)?)*", joined):
        text = re.sub(r"[\s'’\u00a0\u202f]", "", match.group()).rstrip(".,")
        for thousands, mark in ((",", "."), (".", ",")):
            try:
                found.add(Decimal(text.replace(thousands, "").replace(mark, ".")))
            except InvalidOperation:
                continue
        for part in match.group().split():
            try:
                found.add(Decimal(part.rstrip(".,").replace(",", ".")))
            except InvalidOperation:
                continue
    return frozenset(found)


def dates_in(words: Sequence[str]) -> frozenset[date]:
    """Every date that could be meant by one to five words in a row, in either order of day and month."""
    found: set[date] = set()
    locales = (Locale(date_order="dmy"), Locale(date_order="mdy"))
    for start in range(len(words)):
        for end in range(start + 1, min(start + 5, len(words)) + 1):
            text = " ".join(words[start:end])
            for tried in {text, text.rpartition(":")[2]}:
                found |= {parsed.value for locale in locales if (parsed := parse_date(tried, locale))}
    return frozenset(found)


def _amounts_agree(given: str, wanted: str) -> bool:
    try:
        return abs(Decimal(given) - Decimal(wanted)) <= _TOLERANCE
    except InvalidOperation:
        return False


def _names_agree(given: str, wanted: str) -> bool:
    if not given or not wanted:
        return False
    shorter, longer = sorted((given, wanted), key=len)
    return shorter in longer and len(shorter) >= _LEAST_SHARE * len(longer)


def _folded(text: str) -> str:
    return " ".join(fold(text).replace(",", " ").split())
