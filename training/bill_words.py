"""Words of the bills' own blocks, and rarer synonyms: what `training.wordings` does not have, by language.

They stand apart so that the houses of the demo keep drawing as they do.
"""

from collections.abc import Mapping
from functools import cache
from random import Random

from training.bill_words_north import NORTH
from training.bill_words_south import SOUTH
from training.wordings import all_words, choose_words
from training.wordings_others import read_words

_OWN = {**NORTH, **SOUTH}
_TAX_NAMES = {
    "US": ("Sales Tax", "Tax", "State Tax"),
    "MY": ("SST", "GST", "Service Tax"),
    "SG": ("GST",),
    "AU": ("GST",),
    "CA": ("HST", "GST/HST", "GST"),
    "IN": ("GST", "IGST"),
    "JP": ("Consumption Tax", "JCT"),
    "CH": ("VAT",),
}


@cache
def _own(language: str) -> Mapping[str, tuple[str, ...]]:
    return read_words(_OWN[language])


def own_words(language: str, key: str) -> tuple[str, ...]:
    """Every wording of one meaning among the bills' own words."""
    return _own(language)[key]


def bill_words(rng: Random, language: str, country: str, currency: str) -> dict[str, str]:
    """One wording for every meaning, the rarer ones too, with the tax called as the seller's country calls it."""
    words = choose_words(rng, language, upper_labels=rng.random() < 0.1)
    known = all_words(language)
    for key, choices in _own(language).items():
        if key not in known:
            words[key] = rng.choice(choices)
        elif rng.random() < len(choices) / (len(choices) + len(known[key])):
            words[key] = rng.choice(choices).replace("{currency}", currency)
    if words["net_total"] == words["gross_total"]:
        words["gross_total"] = known["gross_total"][0]
    if language == "en" and country in _TAX_NAMES:
        tax = rng.choice(_TAX_NAMES[country])
        words = {key: text.replace("VAT", tax) for key, text in words.items()}
    return words
