"""Scores how well a candidate fits a field: by the bundle's trained models, or by the nearest keyword alone.

The keyword score needs no training. It is the baseline that training has to beat, and what is used for a field the
bundle has no model of.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from extraction.candidates import Candidate
from extraction.features import FEATURES, KINDS, Scene, eligible, feature_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KEYWORD_COMMON = {
    "left": 6.0,
    "left_far": 2.0,
    "left_other": -3.0,
    "left_second": 1.5,
    "above": 5.0,
    "above_far": 0.5,
    "above_other": -1.0,
    "weak_only": -0.5,
    "ocr_doubt": -1.0,
}
_KEYWORD_BY_KIND: Mapping[str, Mapping[str, float]] = {
    "id": {
        "bias": -4.0,
        "nearest_title": 1.0,
        "year_like": -3.0,
        "number_like": -2.0,
        "letters": 0.5,
        "digits": 1.0,
        "top": -1.0,
    },
    "date": {"bias": -3.0, "top": -1.0, "left_second": 1.0},
    "amount": {
        "bias": -4.0,
        "decimals_2": 1.0,
        "percent": -5.0,
        "order": 2.0,
        "left": 4.5,
        "right": 3.0,
        "right_other": -1.5,
    },
    "vat": {"bias": -1.0, "valid": 1.0, "section_own": 2.0, "section_other": -3.0, "left": 1.5},
    "iban": {"bias": 0.0, "valid": 1.5, "left": 1.0},
    "name": {
        "bias": -4.5,
        "legal_form": 2.5,
        "section_own": 4.0,
        "section_other": -4.0,
        "is_heading": -3.0,
        "is_label": -4.0,
        "own_label": 0.5,
        "has_postcode": 1.5,
        "has_address": 0.5,
        "place_like": -3.0,
        "prose": -2.0,
        "height": 1.0,
        "web_match": 1.5,
        "left": 1.0,
        "above": 1.0,
    },
    "count": {"bias": -4.0},
    "weight": {"bias": -3.0},
}
_KEYWORD_BY_FIELD: Mapping[str, Mapping[str, float]] = {
    "issue_date": {"earliest": 0.5, "bias": 1.0},
    "due_date": {"earliest": -1.0},
    "seller_name": {
        "in_head": 1.5,
        "in_foot": 0.5,
        "first_lines": 3.0,
        "repeats": 1.0,
        "under_seller": 3.0,
        "under_buyer": -3.0,
        "keyed_seller": 3.0,
        "keyed_buyer": -4.0,
        "block_vat": 1.0,
        "block_iban": 1.0,
        "block_register": 0.5,
        "block_contact": 0.8,
        "block_customer": -1.0,
        "sender_line": 1.5,
        "under_sender_line": -2.5,
        "window": -1.5,
        "foot_repeat": 1.5,
        "text_repeat": 1.0,
        "web_share": 2.5,
        "before_title": 0.5,
        "register_cut": 2.0,
        "address_near": 0.5,
        "courtesy": -6.0,
    },
    "buyer_name": {
        "in_head": -0.5,
        "web_match": -3.0,
        "repeats": -0.5,
        "under_buyer": 3.0,
        "under_seller": -3.0,
        "under_other": -1.5,
        "keyed_buyer": 3.0,
        "keyed_seller": -4.0,
        "block_iban": -1.0,
        "block_contact": -0.8,
        "block_customer": 0.5,
        "sender_line": -3.0,
        "under_sender_line": 2.5,
        "window": 1.5,
        "salutation_above": 1.5,
        "person_like": 1.0,
        "foot_repeat": -2.0,
        "text_repeat": -0.5,
        "web_share": -2.5,
        "address_near": 1.0,
        "courtesy": -5.0,
    },
    "total_with_vat": {"largest": 2.0, "as_gross": 2.0},
    "total_without_vat": {"as_net": 2.0, "as_sum": 0.5, "sum_of_lines": 1.0},
    "total_vat": {"as_tax": 2.0},
    "amount_due": {"as_gross": 0.5},
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Decision trees as padded arrays, one row a tree; a leaf points to itself. `<=` goes left.

    Attributes:
        depth: steps after which every path has reached its leaf.
    """

    feature: "NDArray[np.int64]"
    threshold: "NDArray[np.float64]"
    left: "NDArray[np.int64]"
    right: "NDArray[np.int64]"
    value: "NDArray[np.float64]"
    depth: int

    def sums(self, vectors: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The sum over the trees of the leaf each vector falls into."""
        feature, threshold, children, roots = _steps(self)
        flat, count = np.ascontiguousarray(vectors).ravel(), len(vectors)
        width = vectors.shape[1] if vectors.ndim == 2 else 0
        node = np.tile(roots, count)
        row = np.repeat(np.arange(count) * width, len(roots))
        for _ in range(self.depth):
            goes_left = flat.take(row + feature.take(node)) <= threshold.take(node)
            node = children.take(2 * node + goes_left)
        total: NDArray[np.float64] = self.value.ravel().take(node).reshape(count, len(roots)).sum(axis=1)
        return total


@lru_cache(maxsize=256)
def _steps(forest: Forest) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]":
    """All trees as one: what a node asks, its right and left child side by side, and where each tree begins."""
    trees, size = forest.feature.shape
    roots = np.arange(trees) * size
    children = np.stack([forest.right + roots[:, None], forest.left + roots[:, None]], axis=-1)
    return forest.feature.ravel(), forest.threshold.ravel(), children.ravel(), roots


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldModel:
    """Scores one field: a linear part and a sum of trees, both over `FEATURES`, giving log-odds."""

    bias: float = 0.0
    weights: tuple[float, ...] = ()
    forest: Forest | None = None

    def log_odds(self, vectors: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Log-odds, for each row, that the candidate is the field's value."""
        by_keywords, by_trees = self.parts(vectors)
        return by_keywords + by_trees

    def parts(self, vectors: "NDArray[np.float64]") -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """The same as two opinions that add up to it: what the keywords say and what the trees say."""
        by_keywords = np.full(len(vectors), self.bias)
        if self.weights:
            by_keywords += vectors @ np.array(self.weights)
        return by_keywords, self.forest.sums(vectors) if self.forest is not None else np.zeros(len(vectors))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A candidate with its log-odds for one field.

    Attributes:
        by_keywords: the part of the log-odds that the keywords give; the trees give the rest.
    """

    candidate: Candidate
    log_odds: float
    by_keywords: float = 0.0


def keyword_model(field: str) -> FieldModel:
    """The untrained model: the nearest label decides, with a few general hints."""
    weights = {**_KEYWORD_COMMON, **_KEYWORD_BY_KIND[KINDS[field]]}
    for name, extra in _KEYWORD_BY_FIELD.get(field, {}).items():
        weights[name] = weights.get(name, 0.0) + extra
    return FieldModel(bias=weights.get("bias", 0.0), weights=tuple(weights.get(name, 0.0) for name in FEATURES))


def score_field(scene: Scene, field: str, model: FieldModel) -> tuple[Scored, ...]:
    """Every candidate of the field's kind, best first; ties keep reading order."""
    candidates = eligible(scene, field)
    if not candidates:
        return ()
    return rank(candidates, feature_matrix(scene, field), model)


def rank(candidates: Sequence[Candidate], vectors: "NDArray[np.float64]", model: FieldModel) -> tuple[Scored, ...]:
    """Measured candidates, best first; ties keep their order."""
    by_keywords, by_trees = model.parts(vectors)
    scored = [
        Scored(candidate=c, log_odds=both, by_keywords=alone)
        for c, both, alone in zip(candidates, (by_keywords + by_trees).tolist(), by_keywords.tolist(), strict=True)
    ]
    return tuple(sorted(scored, key=lambda s: -s.log_odds))


def probability(log_odds: float) -> float:
    """The logistic function, safe at both ends."""
    return 1 / (1 + math.exp(-max(min(log_odds, 40.0), -40.0)))
