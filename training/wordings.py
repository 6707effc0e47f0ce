"""Chooses, for one paper, one word of each set of synonyms of its language."""

from collections.abc import Mapping
from random import Random

from training.wordings_germanic import DE, EN, NL
from training.wordings_others import PL, PT
from training.wordings_romance import ES, FR, IT

_BY_LANGUAGE: dict[str, dict[str, tuple[str, ...]]] = {"de": DE, "en": EN, "fr": FR, "es": ES, "it": IT, "nl": NL,
                                                    "pt": PT, "pl": PL}  # fmt: skip
LANGUAGES = tuple(_BY_LANGUAGE)


def choose_words(rng: Random, language: str, *, upper_labels: bool = False) -> dict[str, str]:
    """One wording for every meaning. Two totals of one paper never share a wording, nor do two columns."""
    words: dict[str, str] = {}
    for group in (*_EXCLUSIVE, tuple(key for key in _BY_LANGUAGE[language] if key not in _GROUPED)):
        taken: set[str] = set()
        for key in group:
            choices = [word for word in _BY_LANGUAGE[language][key] if word.casefold() not in taken]
            words[key] = rng.choice(choices or list(_BY_LANGUAGE[language][key]))
            if key in _GROUPED:
                taken.add(words[key].casefold())
    if upper_labels:
        words.update({key: words[key].upper() for key in _CAPITALISED})
    return words


def all_words(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every synonym of a language, by meaning."""
    return _BY_LANGUAGE[language]


_EXCLUSIVE: tuple[tuple[str, ...], ...] = (
    ("invoice_number", "credit_number", "delivery_number"),
    ("issue_date", "credit_date", "despatch_date"),
    ("due_date", "terms"),
    ("order_date", "delivery_date", "arrival_date"),
    ("purchase_order", "quote_number", "customer_number", "project", "despatch_number"),
    ("net_total", "gross_total", "due_total", "tax_sum", "prepaid", "credit_total"),
    (
        "position",
        "seller_item_id",
        "buyer_item_id",
        "gtin",
        "description",
        "quantity",
        "unit",
        "unit_price",
        "list_price",
        "tax_rate",
        "line_net",
        "tax_base",
    ),
)
_GROUPED = frozenset(key for group in _EXCLUSIVE for key in group)
_CAPITALISED = (
    "invoice_number",
    "credit_number",
    "delivery_number",
    "issue_date",
    "credit_date",
    "due_date",
    "purchase_order",
    "customer_number",
    "order_date",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "line_net",
    "position",
    "bill_to",
    "ship_to",
    "net_total",
    "gross_total",
    "due_total",
)
