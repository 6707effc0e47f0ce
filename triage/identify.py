"""Decides which supplier a paper is from, and says by what: VAT id, then IBAN, then name.

A candidate is never guessed: two that fit equally well are none, and a control holds the paper.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.erp import Supplier
from core.keys import plain_key
from triage.facts import Paper
from triage.same_party import Basis, bare_vat_id, core_name, is_identifier

MOST_SIBLINGS = 50
"""An id that more master records share is a placeholder, and makes nobody one company."""

_SURE_NAME = 90
_CLEAR_LEAD = 5
_COUNTS = _SURE_NAME - _CLEAR_LEAD
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """The supplier found, by what, and how sure: 100 for an identifier, the likeness of the names otherwise."""

    supplier: Supplier
    basis: Basis
    score: int


class SupplierIndex:
    """All suppliers, prepared so that the one a paper is from is found without looking at each."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        self._by_id = {supplier.supplier_id: supplier for supplier in suppliers}
        self._names = _Names(self._by_id.values())
        self._found_by_vat: dict[str, list[Supplier]] = {}
        self._by_iban: defaultdict[str, list[Supplier]] = defaultdict(list)
        self._by_vat: defaultdict[str, defaultdict[str, list[Supplier]]] = defaultdict(lambda: defaultdict(list))
        for supplier in self._by_id.values():
            if supplier.iban:
                self._by_iban[plain_key(supplier.iban)].append(supplier)
            if supplier.vat_id:
                country = (supplier.country or "").upper()
                self._by_vat[country][bare_vat_id(supplier.vat_id, country)].append(supplier)

    def get(self, supplier_id: str) -> Supplier | None:
        """The master record with this number."""
        return self._by_id.get(supplier_id)

    def identify(self, paper: Paper) -> Identification | None:
        """The one supplier whose VAT id, else IBAN, else name is on the paper.

        Where one VAT id or IBAN belongs to several master records (branches), the name decides among them.
        """
        by_vat = self._with_vat_id(paper.seller_vat_id)
        if by_vat:
            return _one_of(paper, by_vat, "VAT id")
        iban = plain_key(paper.payment_iban)
        by_iban = self._by_iban.get(iban, ()) if iban else ()
        if by_iban:
            return _one_of(paper, by_iban, "IBAN")
        return self._names.find(paper)

    def siblings(self, supplier: Supplier) -> tuple[Supplier, ...]:
        """Other master records of the same company: those with its VAT id or its account, by number."""
        found: dict[str, Supplier] = {}
        groups: list[Sequence[Supplier]] = []
        if is_identifier(supplier.vat_id):
            with_country = (supplier.country or "").upper() + plain_key(supplier.vat_id)
            groups += [self._with_vat_id(supplier.vat_id), self._with_vat_id(with_country)]
        if is_identifier(supplier.iban):
            groups.append(self._by_iban.get(plain_key(supplier.iban), ()))
        for group in groups:
            if len(group) <= MOST_SIBLINGS:
                found |= {one.supplier_id: one for one in group if one.supplier_id != supplier.supplier_id}
        return tuple(found[supplier_id] for supplier_id in sorted(found))

    def _with_vat_id(self, printed: str | None) -> list[Supplier]:
        """Those with a VAT id, which each country would write in its own way."""
        if not printed:
            return []
        if printed not in self._found_by_vat:
            _make_room(self._found_by_vat)
            self._found_by_vat[printed] = self._look_up_vat_id(printed)
        return self._found_by_vat[printed]

    def _look_up_vat_id(self, printed: str) -> list[Supplier]:
        found = (suppliers.get(bare_vat_id(printed, country), ()) for country, suppliers in self._by_vat.items())
        return sorted((supplier for group in found for supplier in group), key=lambda one: one.supplier_id)


class _Names:
    """Names of suppliers without legal forms, the shortest first: only names about as long can be alike."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        named = sorted(((core_name(supplier.name), supplier) for supplier in suppliers), key=lambda at: len(at[0]))
        self._names = [name for name, _ in named]
        self._suppliers = [supplier for _, supplier in named]
        self._found: dict[str, Identification | None] = {}

    def find(self, paper: Paper) -> Identification | None:
        """The supplier whose name is nearly the printed one, when no other comes close."""
        printed = core_name(paper.seller_name)
        if not printed:
            return None
        if printed not in self._found:
            _make_room(self._found)
            self._found[printed] = self._nearest(printed)
        return self._found[printed]

    def _nearest(self, printed: str) -> Identification | None:
        from rapidfuzz import fuzz, process

        # The ratio of two texts is at most twice the shorter over the sum of both.
        longest_apart = (200 - _COUNTS) / _COUNTS
        start = bisect_left(self._names, int(len(printed) / longest_apart), key=len)
        stop = bisect_right(self._names, len(printed) * longest_apart, key=len)
        best = process.extract(printed, self._names[start:stop], scorer=fuzz.ratio, limit=2, score_cutoff=_COUNTS)
        scores = [int(score) for _, score, _ in best]
        if not scores or scores[0] < _SURE_NAME or (len(scores) > 1 and scores[0] - scores[1] < _CLEAR_LEAD):
            return None
        return Identification(supplier=self._suppliers[start + best[0][2]], basis="name", score=scores[0])


def _one_of(paper: Paper, suppliers: Sequence[Supplier], basis: Basis) -> Identification | None:
    if len(suppliers) == 1:
        return Identification(supplier=suppliers[0], basis=basis, score=100)
    named = _Names(suppliers).find(paper)
    return None if named is None else Identification(supplier=named.supplier, basis=basis, score=100)


def _make_room(found: MutableMapping[str, Any]) -> None:
    """Papers repeat what earlier ones had printed; what was found is kept, as far as memory allows."""
    if len(found) >= _MOST_REMEMBERED:
        found.clear()
