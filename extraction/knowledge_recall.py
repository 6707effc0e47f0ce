"""Finds on a paper what is remembered of its supplier and named by the ERP, as evidence for each candidate.

Evidence is added to what the trees say; it decides nothing by itself. What stands at a remembered place but was found
by nobody becomes a candidate, if it has the kind and the form of what was corrected there.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.documents import Recall
from core.money import plain
from extraction.candidates import Candidate, same_value
from extraction.candidates_parties import Party
from extraction.knowledge import EMPTY, Correction, Knowledge, KnowledgeWeights
from extraction.knowledge_keys import fingerprint, identifiers_of
from extraction.knowledge_place import LEAST_FIT, Spot, fit, same_form
from extraction.layout import Layout, surrounding
from extraction.values import Locale, iban_shape, parse_date, parse_number, squeeze, vat_shape

_TRIM = ".,;:()[]|*'\"„“”"
_FORM = 0.05
_LEAST_KEY = 4
_WEAKEST = 0.5
_MOST_PLACES = 40
_NUMBERS = frozenset({"amount", "count", "weight"})
_NAME, _NO_CHANCE = 0.5, math.log(1000)
# What the ERP names, the fields it speaks for, and the kinds of candidates it is looked up for.
_SPOKEN_FOR: Mapping[str, frozenset[str]] = {
    "order_numbers": frozenset({"purchase_order_reference"}),
    "vat_ids": frozenset({"seller_vat_id"}),
    "names": frozenset({"seller_name", "shipper_name"}),
    "item_ids": frozenset(),
}
_HINTS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "id": ("order_numbers", "item_ids"),
    "vat": ("vat_ids",),
    "name": ("names",),
}
KNOWN_REASONS: Mapping[str, str] = {
    "purchase_order_reference": "is an open order",
    "seller_vat_id": "known supplier VAT id",
    "seller_name": "known supplier",
    "shipper_name": "known supplier",
}
REMEMBERED_REASON = "stands where it was corrected before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A remembered place found again: what stands there, and how surely it is the place, 0 to 1."""

    correction: Correction
    value: str
    start: int
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What knowledge says of one paper.

    Attributes:
        named: what the ERP calls a value that it names (`order_numbers`) and how little by chance, 0 to 1, by the
            candidate's kind and value.
        found: remembered places by field.
        candidates, parties: what stands at them and was no candidate yet.
    """

    named: Mapping[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    parties: tuple[Party, ...] = ()

    def remembered(self, name: str, candidate: Candidate) -> float:
        """How surely this is what stands where the field was corrected before; 0 when it is not."""
        found = self.found.get(name)
        return found.strength if found and same_value(candidate.kind, candidate.value) == found.value else 0.0

    def known(self, name: str, candidate: Candidate) -> float:
        """Up to 1 when the ERP names it for this field, down to -1 when for another, 0 when it does not know it."""
        hint, strength = self.named.get((candidate.kind, candidate.value), ("", 0.0))
        return strength if name in _SPOKEN_FOR.get(hint, ()) else -strength

    def weighed(self, name: str, candidate: Candidate, log_odds: float, weights: KnowledgeWeights) -> float:
        """The candidate's log-odds with what is known of it added."""
        found = self.found.get(name)
        if found is not None:
            strength = self.remembered(name, candidate)
            lifted = max(weights.floor - log_odds, 0.0)
            log_odds += strength * (weights.remembered + lifted) if strength else found.strength * weights.elsewhere
        known = self.known(name, candidate)
        return log_odds + (known * weights.known if known > 0 else -known * weights.known_as_other)

    def speaks_of(self, name: str, kind: str) -> bool:
        """Whether anything is known that could bear on this field's candidates."""
        return name in self.found or any(named == kind for named, _ in self.named)

    def reasons(self, name: str, candidate: Candidate) -> tuple[str, ...]:
        """What a person is told of it."""
        found = self.found.get(name)
        said = []
        if found is not None and self.remembered(name, candidate):
            said.append(f"{REMEMBERED_REASON}, on {found.correction.on}")
        elif found is not None:
            said.append("stands elsewhere than when it was corrected before")
        if self.known(name, candidate) > 0:
            said.append(KNOWN_REASONS[name])
        return tuple(said)

    def recalls(self, chosen: Mapping[str, Candidate]) -> tuple[Recall, ...]:
        """Which corrections spoke on this paper, and whether what was chosen follows them."""
        return tuple(
            Recall(
                field=name,
                memory_id=found.correction.memory_id,
                followed=name in chosen and self.remembered(name, chosen[name]) > 0,
            )
            for name, found in self.found.items()
        )


NOTHING = Recalled()


def recall(
    layout: Layout,
    locale: Locale,
    candidates: Sequence[Candidate],
    parties: Sequence[Party],
    knowledge: Knowledge,
    *,
    kinds: Mapping[str, str],
) -> Recalled:
    """Everything knowledge has to say of a paper; `NOTHING` when nothing is known.

    Args:
        kinds: the kind of candidate that each field takes its value from.
    """
    if knowledge is EMPTY or not layout.words:
        return NOTHING
    everything = [*candidates, *(party.name for party in parties)]
    recalled = Recalled(named=_named(everything, knowledge))
    if not knowledge.memory:
        return recalled
    fitting = knowledge.index.fitting(identifiers_of(layout, candidates), fingerprint(layout))
    newest: dict[str, Correction] = {}
    for remembered in fitting:
        for correction in remembered.corrections:
            newest.setdefault(correction.field, correction)
    found: dict[str, Found] = {}
    made: list[Candidate] = []
    for name, correction in newest.items():
        kind = kinds.get(name)
        if kind is None:
            continue
        at = _at_place(layout, locale, correction, [c for c in everything if c.kind == kind], kind)
        if at is None:
            continue
        candidate, strength = at
        value = same_value(kind, candidate.value)
        found[name] = Found(correction=correction, value=value, start=candidate.start, strength=strength)
        if not any(candidate is one for one in everything):
            made.append(candidate)
            everything.append(candidate)
    return replace(
        recalled,
        found=found,
        candidates=tuple(candidate for candidate in made if candidate.kind != "name"),
        parties=tuple(Party(name=one, address=None, lines_below=0) for one in made if one.kind == "name"),
    )


def _named(candidates: Iterable[Candidate], knowledge: Knowledge) -> dict[tuple[str, str], tuple[str, float]]:
    """The candidates that the ERP names, as what, and how little by chance."""
    named: dict[tuple[str, str], tuple[str, float]] = {}
    for candidate in candidates:
        for hint in _HINTS_OF_KIND.get(candidate.kind, ()):
            values: frozenset[str] = getattr(knowledge.hints, hint)
            if values and len(key := squeeze(candidate.value)) >= _LEAST_KEY and key in values:
                strength = _NAME if hint == "names" else _strength(knowledge.crowds.get(len(key), 0.0), key)
                named.setdefault((candidate.kind, candidate.value), (hint, strength))
    return named


def _strength(crowd: float, key: str) -> float:
    """Where every tenth number of six digits is an open order, being one says little; of ten digits it says all."""
    if not key.isdecimal() or crowd <= 0:
        return 1.0
    return max(min(-math.log(crowd) / _NO_CHANCE, 1.0), 0.0)


def _at_place(
    layout: Layout, locale: Locale, correction: Correction, candidates: Sequence[Candidate], kind: str
) -> tuple[Candidate, float] | None:
    """What stands at the remembered place, and how surely; weaker when another value fits nearly as well."""
    place = correction.place
    fits: list[tuple[float, Candidate]] = []
    for candidate in [*candidates, *_made(layout, locale, correction, candidates, kind)]:
        form = 1.0 if kind in _NUMBERS else same_form(place, _text_of(layout, candidate))
        fits_place = fit(place, layout, Spot(candidate.start, candidate.end)) if form else 0.0
        if fits_place >= LEAST_FIT:
            words_agree = kind not in _NUMBERS and candidate.end - candidate.start == place.words
            fits.append((fits_place + _FORM * form + _FORM * words_agree, candidate))
    if not fits:
        return None
    fits.sort(key=lambda one: -one[0])
    best, chosen = fits[0]
    if kind in _NUMBERS:
        # Of `5 560.13` its end alone stands at the place as well.
        whole = (one for _, one in fits if one.start <= chosen.start and chosen.end <= one.end)
        chosen = max(whole, key=lambda one: one.end - one.start)
    value = same_value(kind, chosen.value)
    rival = next((score for score, one in fits[1:] if _is_rival(one, chosen, value)), 0.0)
    surely = min((best - LEAST_FIT) / (1 - LEAST_FIT), 1.0)
    clearly = min((best - rival) / _FORM, 1.0)
    return chosen, correction.weight * (_WEAKEST + (1 - _WEAKEST) * surely) * (_WEAKEST + (1 - _WEAKEST) * clearly)


def _text_of(layout: Layout, candidate: Candidate) -> str:
    if candidate.kind == "name":
        return candidate.value
    return " ".join(word.text for word in layout.words[candidate.start : candidate.end])


def _is_rival(one: Candidate, chosen: Candidate, value: str) -> bool:
    """Another value at another place; a longer or shorter cut of the same words is none."""
    return same_value(one.kind, one.value) != value and (one.end <= chosen.start or chosen.end <= one.start)


def _made(
    layout: Layout, locale: Locale, correction: Correction, candidates: Iterable[Candidate], kind: str
) -> Iterator[Candidate]:
    """Runs of as many words as were corrected, where the place fits and no candidate is; the best few places."""
    place = correction.place
    taken = {(candidate.start, candidate.end) for candidate in candidates}
    # Where a number was found, no other cut of its digits is made; identifiers may have more words than were found.
    numbers = {word for start, end in taken for word in range(start, end)} if kind in _NUMBERS else set()
    spots: list[tuple[float, Spot]] = []
    for segment in layout.segments:
        for start in range(segment.start, segment.end - place.words + 1):
            spot = Spot(start, start + place.words)
            if (spot.start, spot.end) in taken or not numbers.isdisjoint(range(spot.start, spot.end)):
                continue
            text = " ".join(word.text for word in layout.words[spot.start : spot.end])
            if same_form(place, text) and (score := fit(place, layout, spot)) >= LEAST_FIT:
                spots.append((score, spot))
    for _, spot in sorted(spots, key=lambda one: -one[0])[:_MOST_PLACES]:
        made = candidate_of(layout, locale, spot, kind)
        if made is not None:
            yield made


def candidate_of(layout: Layout, locale: Locale, spot: Spot, kind: str) -> Candidate | None:
    """The words of a spot as a candidate of a kind; None when they are no such value."""
    words = layout.words[spot.start : spot.end]
    text = " ".join(word.text for word in words)
    typed = _typed(text, locale, kind)
    if typed is None:
        return None
    return replace(
        typed,
        start=spot.start,
        end=spot.end,
        page=words[0].page,
        row=words[0].row,
        box=surrounding([word.box for word in words]),
    )


def _typed(text: str, locale: Locale, kind: str) -> Candidate | None:
    """A value of a kind, without a place yet."""
    trimmed = text.strip(_TRIM)
    if kind == "date":
        day = parse_date(text, locale) or parse_date(trimmed, locale)
        return None if day is None else replace(_unplaced(kind, day.value.isoformat()), day=day.value)
    if kind in {"amount", "weight", "count"}:
        number = parse_number(text, locale) or parse_number(trimmed, locale)
        return None if number is None else replace(_unplaced(kind, plain(number.value)), number=number.value)
    shaped = {"iban": iban_shape, "vat": vat_shape}.get(kind, str)(trimmed)
    return _unplaced(kind, shaped) if shaped else None


def _unplaced(kind: str, value: str) -> Candidate:
    from core.documents import Box

    return Candidate(
        kind=kind,
        value=value,
        start=0,
        end=0,
        page=1,
        row=0,
        box=Box(0, 0, 0, 0),
        marks=frozenset({"remembered"}),
    )
