"""Says whether two names of a company are one: VAT ids with or without the country, accounts, names without legal form.

A supplier may be in the master data twice; what is billed under one number is then paid again under the other.
"""

import re
from typing import Literal

from core.erp import Supplier
from core.keys import plain_key

Basis = Literal["VAT id", "IBAN", "name"]

_SHORTEST_IDENTIFIER = 5
_LEGAL_FORMS = re.compile(
    r"\b(g ?m ?b ?h|mbh|ag|kg|ohg|ug|e ?k|co|und|and|ltd|limited|plc|inc|llc|corp|sarl|s ?a ?r ?l|s ?a ?s|sasu|s ?a|"
    r"s ?p ?a|s ?r ?l|s ?l ?u?|s ?l|b ?v|n ?v|v ?o ?f|ab|aps|as|oy|oyj|sp z o o|s ?r ?o)\b"
)


def same_party(one: Supplier, other: Supplier) -> Basis | None:
    """By what two master records are one company; None when they are two.

    An id that is no id (`n/a`, `00000000`) makes nobody one.
    """
    for country in (one.country, other.country):
        if is_identifier(one.vat_id) and same_vat_id(one.vat_id, other.vat_id, country):
            return "VAT id"
    if is_identifier(one.iban) and plain_key(one.iban) == plain_key(other.iban):
        return "IBAN"
    name = core_name(one.name)
    return "name" if name and name == core_name(other.name) else None


def is_identifier(text: str | None) -> bool:
    """Whether a VAT id or account can be one: long enough, with digits that are not all the same."""
    key = plain_key(text)
    return len(key) >= _SHORTEST_IDENTIFIER and len({char for char in key if char.isdigit()}) > 1


def same_vat_id(printed: str | None, ours: str | None, country: str | None) -> bool:
    """Whether two VAT ids are one, written with or without the country in front."""
    return bool(printed and ours) and bare_vat_id(printed, country) == bare_vat_id(ours, country)


def bare_vat_id(vat_id: str | None, country: str | None) -> str:
    """A VAT id without the country in front of it."""
    key = plain_key(vat_id)
    prefixes = {"GR": ("EL", "GR")}.get((country or "").upper(), ((country or "").upper(),))
    return next((key.removeprefix(prefix) for prefix in prefixes if prefix and key.startswith(prefix)), key)


def core_name(name: str | None) -> str:
    """A company name without legal form, accents' case, and punctuation."""
    from rapidfuzz.utils import default_process

    processed = default_process(name or "")
    words = " ".join(_LEGAL_FORMS.sub(" ", processed).split())
    return words or processed.strip()
