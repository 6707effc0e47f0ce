"""Decides which supplier a paper is from, and says by what: VAT id, then IBAN, then name.

A candidate is never guessed: two that fit equally well are none, and a control holds the paper.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.erp import Supplier
from core.keys import plain_key
from triage.facts import Paper

Basis = Literal["VAT id", "IBAN", "name"]

_SURE_NAME = 90
_CLEAR_LEAD = 5
_LEGAL_FORMS = re.compile(
    r"\b(g ?m ?b ?h|mbh|ag|kg|ohg|ug|e ?k|co|und|and|ltd|limited|plc|inc|llc|corp|sarl|s ?a ?r ?l|s ?a ?s|sasu|s ?a|"
    r"s ?p ?a|s ?r ?l|s ?l ?u?|s ?l|b ?v|n ?v|v ?o ?f|ab|aps|as|oy|oyj|sp z o o|s ?r ?o)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """The supplier found, by what, and how sure: 100 for an identifier, the likeness of the names otherwise."""

    supplier: Supplier
    basis: Basis
    score: int


def identify(paper: Paper, suppliers: Iterable[Supplier]) -> Identification | None:
    """The one supplier whose VAT id, else IBAN, else name is on the paper.

    Where one VAT id or IBAN belongs to several master records (branches), the name decides among them.
    """
    known = sorted(suppliers, key=lambda supplier: supplier.supplier_id)
    by_vat = [supplier for supplier in known if same_vat_id(paper.seller_vat_id, supplier.vat_id, supplier.country)]
    if by_vat:
        return _one_of(paper, by_vat, "VAT id")
    iban = plain_key(paper.payment_iban)
    by_iban = [supplier for supplier in known if iban and plain_key(supplier.iban) == iban]
    if by_iban:
        return _one_of(paper, by_iban, "IBAN")
    return _by_name(paper, known)


def same_vat_id(printed: str | None, ours: str | None, country: str | None) -> bool:
    """Whether two VAT ids are one, written with or without the country in front."""
    return bool(printed and ours) and _bare_vat(printed, country) == _bare_vat(ours, country)


def _bare_vat(vat_id: str | None, country: str | None) -> str:
    key = plain_key(vat_id)
    prefixes = {"GR": ("EL", "GR")}.get((country or "").upper(), ((country or "").upper(),))
    return next((key.removeprefix(prefix) for prefix in prefixes if prefix and key.startswith(prefix)), key)


def _one_of(paper: Paper, suppliers: list[Supplier], basis: Basis) -> Identification | None:
    if len(suppliers) == 1:
        return Identification(supplier=suppliers[0], basis=basis, score=100)
    named = _by_name(paper, suppliers)
    return None if named is None else Identification(supplier=named.supplier, basis=basis, score=100)


def _by_name(paper: Paper, suppliers: list[Supplier]) -> Identification | None:
    """The supplier whose name is nearly the printed one, when no other comes close."""
    from rapidfuzz import fuzz

    printed = _core_name(paper.seller_name)
    if not printed:
        return None
    scored = sorted(
        ((int(fuzz.ratio(printed, _core_name(supplier.name))), supplier) for supplier in suppliers),
        key=lambda at: (-at[0], at[1].supplier_id),
    )
    if not scored or scored[0][0] < _SURE_NAME:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEAR_LEAD:
        return None
    return Identification(supplier=scored[0][1], basis="name", score=scored[0][0])


def _core_name(name: str | None) -> str:
    """A company name without legal form, accents' case, and punctuation."""
    from rapidfuzz.utils import default_process

    processed = default_process(name or "")
    words = " ".join(_LEGAL_FORMS.sub(" ", processed).split())
    return words or processed.strip()
