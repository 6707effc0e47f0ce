"""Fits the weights that tell kinds of papers apart, on generated papers, and writes them for the program.

Judged on layout families it was not fitted on. Run: `python -m training.type_fit [DOCUMENTS] [SEED]`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from extraction.document_type import FACTS, WEIGHTS, facts_of
from extraction.extract import has_totals, scene_of
from extraction.read import read
from training.documents_run import shipment
from training.extraction_data import SCANNED_SHARE, Sample, samples
from training.extraction_noise import as_if_scanned
from training.labels import label_of

if TYPE_CHECKING:
    from extraction.features import Scene

STRENGTH = 2.0
FOLDS = 5
_LEAST_WEIGHT = 0.02
_RARE = 12
_RARE_KINDS = ("other", "purchase_order", "despatch_advice", "packing_list", "cmr")
_HIDDEN, _BARE = 0.12, 0.05
_KNOWN_BY_TITLE = frozenset({"credit_note"})
Measured = tuple[dict[str, float], str, str]


def run(count: int, seed: int) -> dict[str, Any]:
    """Measures papers, fits, writes; answers how many were right in families not fitted on."""
    rows = measured([*samples(count, seed), *rare_kinds(count // _RARE, seed)])
    kinds = sorted({kind for _, kind, _ in rows})
    content = {"made_from": "generated papers only", "documents": len(rows), "kinds": fit(rows, seed)}
    WEIGHTS.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return {"documents": len(rows), "kinds": kinds, "right_in_other_families": accuracy_in_other_families(rows, seed)}


def rare_kinds(count: int, seed: int) -> Iterator[Sample]:
    """More papers of the kinds of which there are few: so many of each."""
    for kind in _RARE_KINDS:
        for index in range(count):
            rng = Random(f"kind {kind} {seed} {index}")  # noqa: S311  papers, not secrets
            paper, style, printed = shipment(rng, kind=kind)
            reading = read(printed.pdf, media_type="application/pdf")
            if rng.random() < SCANNED_SHARE:
                reading = as_if_scanned(reading, rng)
            label = label_of(paper, style, printed, file=f"{kind}-{index}")
            yield Sample(reading=reading, label=label, family=style.family)


def measured(papers: Iterable[Sample]) -> list[Measured]:
    """Facts, kind and layout family of each paper."""
    return [(_facts(scene_of(paper.reading)[0]), paper.label["document_type"], paper.family) for paper in papers]


def fit(rows: Sequence[Measured], seed: int) -> dict[str, Any]:
    """For each kind its bias and weights; titles are hidden or left alone in some, so that each is learned."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows = [(_on_a_strip(facts, kind, index), kind, family) for index, (facts, kind, family) in enumerate(rows)]
    rng = Random(f"hidden titles {seed}")  # noqa: S311  training, not secrets
    hidden = [(f, kind) for f, kind, _ in rows if rng.random() < _HIDDEN and kind not in _KNOWN_BY_TITLE]
    bare = [(f, kind) for f, kind, _ in rows if rng.random() < _BARE and (f[f"title_{kind}"] or f["strip"])]
    shown = [f for f, _, _ in rows] + [_without_title(f) for f, _ in hidden] + [_title_alone(f) for f, _ in bare]
    kinds = [kind for _, kind, _ in rows] + [kind for _, kind in hidden] + [kind for _, kind in bare]
    table = np.array([[facts[name] for name in FACTS] for facts in shown])
    model = LogisticRegression(C=STRENGTH, max_iter=2000, random_state=seed).fit(table, kinds)
    return {
        str(kind): {
            "bias": round(float(bias), 4),
            "weights": {
                name: round(float(weight), 4)
                for name, weight in zip(FACTS, weights, strict=True)
                if abs(weight) >= _LEAST_WEIGHT
            },
        }
        for kind, bias, weights in zip(model.classes_, model.intercept_, model.coef_, strict=True)
    }


def accuracy_in_other_families(rows: Sequence[Measured], seed: int) -> float:
    """The share of papers told right by weights fitted without their layout family; never without their kind."""
    kinds_in = {family: Counter(kind for _, kind, found in rows if found == family) for _, _, family in rows}
    families = sorted(kinds_in, key=lambda family: (kinds_in[family].most_common(1)[0][0], family))
    right = 0
    for fold in range(FOLDS):
        held = set(families[fold::FOLDS])
        kinds = fit([row for row in rows if row[2] not in held], seed)
        right += sum(_told(kinds, facts) == kind for facts, kind, family in rows if family in held)
    return round(right / len(rows), 4)


def _told(kinds: dict[str, Any], facts: dict[str, float]) -> str:
    scores = {
        kind: model["bias"] + sum(w * facts[name] for name, w in model["weights"].items())
        for kind, model in kinds.items()
    }
    return max(scores, key=lambda kind: scores[kind])


def _facts(scene: "Scene") -> dict[str, float]:
    return facts_of(scene, has_totals=has_totals(scene))


def _on_a_strip(facts: dict[str, float], kind: str, index: int) -> dict[str, float]:
    """Half of the scanned receipts as tills print them: on a narrow strip, which no other kind is printed on."""
    return {**facts, "strip": 1.0} if kind == "receipt" and facts["ocr"] and index % 2 else facts


def _title_alone(facts: dict[str, float]) -> dict[str, float]:
    """The same paper with nothing on it but its title and a few words."""
    said = ("title_", "first_", "ocr", "strip")
    return {name: value if name.startswith(said) else 0.0 for name, value in facts.items()} | {"few_words": 1.0}


def _without_title(facts: dict[str, float]) -> dict[str, float]:
    hidden = {name: 0.0 for name in facts if name.startswith(("title_", "first_"))}
    return {**facts, **hidden, "no_title": 1.0}


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    print(json.dumps(run(*(arguments + [800, 7][len(arguments) :]))))
