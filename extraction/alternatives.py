"""Keeps the best few values that were thought of for a field, so that a person may take another with one key."""

import math
from collections.abc import Iterator, Mapping, Sequence

from core.documents import Alternative, Evidence, Row
from extraction.candidates import Candidate, same_value
from extraction.decode_totals import ABSENT
from extraction.features import Scene
from extraction.scorer import Scored

MOST = 5
LEAST = 0.001
"""What is less likely than this is not worth a key."""


def alternatives(
    scene: Scene, scored: Mapping[str, Sequence[Scored]], fields: Row
) -> Mapping[str, tuple[Alternative, ...]]:
    """By field the value that was chosen, then the likeliest others; a field with no likely other value is left out.

    The chosen value has its own confidence. What that leaves is shared among the others, and that there is no value at
    all, by their odds.
    """
    found = {name: tuple(_of_field(scene, name, ranking, fields)) for name, ranking in scored.items()}
    return {name: some for name, some in found.items() if some}


def _of_field(scene: Scene, name: str, ranking: Sequence[Scored], fields: Row) -> Iterator[Alternative]:
    distinct: dict[str, Scored] = {}
    for one in ranking:
        distinct.setdefault(same_value(one.candidate.kind, one.candidate.value), one)
    chosen = fields.get(name)
    others = [one for one in distinct.values() if chosen is None or one.candidate.value != chosen.value]
    left = 1.0 if chosen is None else 1.0 - chosen.confidence
    whole = math.exp(ABSENT) + sum(math.exp(_bounded(one.log_odds)) for one in others)
    shares = [left * math.exp(_bounded(one.log_odds)) / whole for one in others]
    if chosen is not None and chosen.evidence and any(share >= LEAST for share in shares):
        yield Alternative(value=chosen.value, confidence=chosen.confidence, evidence=chosen.evidence[0])
    for one, share in list(zip(others, shares, strict=True))[: MOST - (chosen is not None)]:
        if share >= LEAST:
            yield Alternative(value=one.candidate.value, confidence=share, evidence=_evidence(scene, one.candidate))


def _bounded(log_odds: float) -> float:
    return max(min(log_odds, 40.0), -40.0)


def _evidence(scene: Scene, candidate: Candidate) -> Evidence:
    words = scene.layout.words[candidate.start : candidate.end]
    return Evidence(page=candidate.page, box=candidate.box, text=" ".join(word.text for word in words))
