"""Learns from a correction where on the paper the right value stands, and how the supplier's papers are known again."""

from collections.abc import Iterator, Mapping

from core.documents import Reading
from extraction.agreement import agrees
from extraction.bundle import Bundle
from extraction.candidates import Candidate, same_value
from extraction.extract import scene_of
from extraction.features import KINDS, Scene
from extraction.knowledge import Learnt, PaperKeys
from extraction.knowledge_keys import fingerprint, identifiers_of
from extraction.knowledge_place import Spot, describe, words_left
from extraction.knowledge_recall import candidate_of
from extraction.scorer import score_field
from extraction.values import squeeze

_LONGEST = 8
_SELLERS = {"vat": "seller_vat_id", "iban": "payment_iban"}
_NOT_SELLERS = {"vat": "buyer_vat_id"}


def learn(reading: Reading, corrected: Mapping[str, str], said: Mapping[str, str], bundle: Bundle) -> Learnt:
    """What a corrected paper teaches. A value that is not on the pages, or of no candidate's kind, teaches nothing.

    Args:
        corrected: right values by header field.
        said: every header value as it now stands, so that the supplier's identifiers are told from the buyer's.
    """
    scene, _ = scene_of(reading)
    if not scene.layout.words:
        return Learnt()
    places = {
        name: describe(scene.layout, spot)
        for name, value in corrected.items()
        if name in KINDS and (spot := _spot(scene, name, value, bundle)) is not None
    }
    return Learnt(paper=_paper_keys(scene, said), places=places)


def _spot(scene: Scene, name: str, value: str, bundle: Bundle) -> Spot | None:
    """Where the value stands: the likeliest candidate that says it, or else the first words that do.

    Of amounts that are the same, rather one outside the lines and behind a label: with one line, or one rate of VAT,
    the total stands there too.
    """
    kind = KINDS[name]
    wanted = same_value(kind, value)
    ranking = [scored.candidate for scored in score_field(scene, name, bundle.model(name))]
    if kind == "amount":
        lines = {row.row for table in scene.lines.tables for row in table.rows}
        ranking.sort(key=lambda one: (one.row in lines, not words_left(scene.layout, one.start)))
    exact = (one for one in ranking if same_value(kind, one.value) == wanted)
    alike = (one for one in ranking if agrees(name, one.value, value))
    found = next(exact, None) or next(alike, None) or next(_elsewhere(scene, name, value), None)
    return None if found is None else Spot(found.start, found.end)


def _elsewhere(scene: Scene, name: str, value: str) -> Iterator[Candidate]:
    """Words that say the value although no candidate does."""
    for segment in scene.layout.segments:
        for start in range(segment.start, segment.end):
            for end in range(start + 1, min(start + _LONGEST, segment.end) + 1):
                made = candidate_of(scene.layout, scene.locale, Spot(start, end), KINDS[name])
                if made is not None and agrees(name, made.value, value):
                    yield made


def _paper_keys(scene: Scene, said: Mapping[str, str]) -> PaperKeys:
    """The supplier's identifiers are those said to be; where none is said, all that are not said to be another's."""
    every = [*(one for found in scene.candidates.values() for one in found)]
    identifiers = identifiers_of(scene.layout, every)
    keys = {one for one in identifiers if one.startswith("gln:")}
    for kind, name in _SELLERS.items():
        of_kind = {one for one in identifiers if one.startswith(f"{kind}:")}
        own = {f"{kind}:{squeeze(said[name])}"} & of_kind if name in said else set()
        not_own = {f"{kind}:{squeeze(said[other])}" for k, other in _NOT_SELLERS.items() if k == kind and other in said}
        keys |= own or of_kind - not_own
    return PaperKeys(keys=frozenset(keys), others=identifiers - frozenset(keys), layout=fingerprint(scene.layout))
