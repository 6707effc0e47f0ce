"""Chooses, for one shipment paper, one word of each set of synonyms of its language."""

from collections.abc import Mapping
from functools import cache
from random import Random

from training.ship_words_north import DE, EN, NL, PL
from training.ship_words_south import ES, FR, IT, PT

_TEXTS = {"en": EN, "de": DE, "fr": FR, "es": ES, "it": IT, "nl": NL, "pt": PT, "pl": PL}
SHIP_LANGUAGES = tuple(_TEXTS)
_COLUMNS = ("c_pos", "c_sku", "c_buyer", "c_gtin", "c_desc", "c_ordered", "c_qty", "c_back", "c_unit", "c_pkg",
            "c_gross", "c_net", "lot", "sscc", "c_po", "c_price", "c_amount")  # fmt: skip
_TOGETHER = (("despatch_date", "shipped_on_board", "delivery_date", "order_date"), _COLUMNS)


@cache
def ship_words(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every synonym of a language, by meaning."""
    pairs = (line.split(": ", 1) for line in _TEXTS[language].strip().splitlines())
    return {name: tuple(_printable(words, language).split("|")) for name, words in pairs}


def choose_ship_words(rng: Random, language: str) -> dict[str, str]:
    """One wording for every meaning; no two dates and no two columns of a paper share one."""
    known = ship_words(language)
    words = {name: rng.choice(choices) for name, choices in known.items()}
    for group in _TOGETHER:
        taken: set[str] = set()
        for name in group:
            free = [word for word in known[name] if word.casefold() not in taken]
            words[name] = rng.choice(free or list(known[name]))
            taken.add(words[name].casefold())
    return words


def _printable(text: str, language: str) -> str:
    """Polish without its own letters, which the fonts at hand do not have; many printers leave them out as well."""
    return text.translate(_PLAIN) if language == "pl" else text


_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")
