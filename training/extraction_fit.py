"""Fits the scorer's field models and the confidences, and writes them in the bundle's form."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from extraction.bundle import field_model
from extraction.calibration import SIGNALS, Confidence
from extraction.features import FEATURES
from extraction.scorer import FieldModel, keyword_model
from training.extraction_data import Example

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HARDEST = 40
_TREES, _LEAVES, _RATE, _LEAST_LEAF = 60, 10, 0.12, 12
_LEAST_POSITIVES = 20
_RISING = frozenset({"left", "right", "left_second", "above", "section_own", "valid", "as_sum"})
_FALLING = frozenset({"left_other", "section_other", "ambiguous", "percent", "is_label", "in_table"})
_LEAST_FOR_TABLE, _LEAST_BIN, _BELIEF = 40, 12, 8.0
_EDGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99, 0.995, 0.998)
_TREE_SHARE = 0.6
_DROPPED = (
    ("valid", "invalid", "local"),
    ("top", "across", "height", "in_head", "in_foot", "first_lines", "order", "bottom_most"),
    ("section_own", "section_other"),
    ("web_match", "repeats", "first_of_value"),
    ("has_address", "has_postcode", "lines_below"),
    ("as_net", "as_tax", "as_gross", "as_sum", "sum_of_lines", "largest", "rank"),
    ("left", "left_far", "left_other", "left_second", "left_second_other", "right", "right_other"),
    ("above", "above_far", "above_other", "above_taken"),
    ("capitals", "words", "prose", "legal_form"),
    ("length", "digits", "letters", "separators"),
    ("earliest", "latest", "days_after", "round_term"),
    ("title_row", "nearest_title"),
    ("in_table", "under_table"),
)
_DROP_CHANCE = 0.2
_CERTAINTY_RISING = {
    "score": 1,
    "margin": 1,
    "rivals": -1,
    "clash": -1,
    "invalid": -1,
    "ambiguous": -1,
    "ocr_doubt": -1,
}


def training_rows(examples: Sequence[Example], field: str, seed: int) -> "tuple[NDArray[np.float32], NDArray[np.int8]]":
    """Every right candidate and the hardest wrong ones of each paper; right values in others' places are left out."""
    keyword, rng = keyword_model(field), np.random.default_rng(seed)
    parts, truths = [], []
    for example in examples:
        if field not in example.vectors or not len(example.vectors[field]):
            continue
        vectors, truth = example.vectors[field], example.truths[field]
        odds = keyword.log_odds(vectors.astype(np.float64))
        odds[truth == 1] = np.inf
        odds[truth == -1] = -np.inf
        kept = np.argsort(-odds, kind="stable")[:_HARDEST]
        kept = kept[truth[kept] != -1]
        parts += [vectors[kept], _with_gaps(vectors[kept], rng)]
        truths += [truth[kept], truth[kept]]
    if not parts:
        return np.zeros((0, len(FEATURES)), dtype=np.float32), np.zeros(0, dtype=np.int8)
    return np.concatenate(parts), np.concatenate(truths)


def _with_gaps(vectors: "NDArray[np.float32]", rng: np.random.Generator) -> "NDArray[np.float32]":
    """The same paper with some kinds of hint taken away, so that no kind is trusted alone on papers unlike these."""
    gappy = vectors.copy()
    for group in _DROPPED:
        if rng.random() < _DROP_CHANCE:
            gappy[:, [FEATURES.index(name) for name in group]] = 0.0
    return gappy


def fit_field(examples: Sequence[Example], field: str, seed: int) -> dict[str, Any] | None:
    """A field's model in the bundle's form: boosted trees that may not turn a label against its own field."""
    # One thread a process unless told otherwise; joblib also stops asking for core counts that a container hides.
    os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")
    from sklearn.ensemble import HistGradientBoostingClassifier

    vectors, truth = training_rows(examples, field, seed)
    if truth.sum() < _LEAST_POSITIVES or truth.sum() == len(truth):
        return None
    monotone = [1 if name in _RISING else -1 if name in _FALLING else 0 for name in FEATURES]
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        min_samples_leaf=_LEAST_LEAF,
        l2_regularization=1.0,
        monotonic_cst=monotone,
        early_stopping=False,
        random_state=seed,
    )
    model.fit(vectors, truth)
    bias = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001  sklearn has no public way to a tree's nodes
    trees = [_tree(group[0].nodes) for group in model._predictors]  # noqa: SLF001
    keyword = keyword_model(field)
    return {
        "bias": round(_TREE_SHARE * bias + (1 - _TREE_SHARE) * keyword.bias, 6),
        "weights": [round((1 - _TREE_SHARE) * weight, 6) for weight in keyword.weights],
        "trees": trees,
    }


def models_of(content: Mapping[str, Mapping[str, Any]]) -> dict[str, FieldModel]:
    """Field models as the service will load them."""
    return {field: field_model(model) for field, model in content.items()}


def _tree(nodes: Any) -> dict[str, list[float]]:
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": [int(x) for x in np.where(leaf, -1, nodes["feature_idx"].astype(np.int64))],
        "threshold": [
            round(float(x), 6)
            for x in np.nan_to_num(np.where(leaf, 0.0, nodes["num_threshold"]), posinf=1e9, neginf=-1e9)
        ],
        "left": [int(x) for x in np.where(leaf, 0, nodes["left"])],
        "right": [int(x) for x in np.where(leaf, 0, nodes["right"])],
        "value": [round(_TREE_SHARE * float(x), 6) for x in np.where(leaf, nodes["value"], 0.0)],
    }


def fit_confidence(signals: Sequence[Sequence[float]], rights: Sequence[bool]) -> Confidence:
    """A logistic model over the signals, then a rising table from its probability to the share observed."""
    from sklearn.linear_model import LogisticRegression

    x, y = np.array(signals, dtype=np.float64), np.array(rights, dtype=np.int64)
    if len(y) < 30 or y.min() == y.max():
        share = (float(y.sum()) + 1) / (len(y) + 2) if len(y) else 0.5
        return Confidence(bias=0.0, weights=(0.0,) * len(SIGNALS), knots=((0.0, share), (1.0, share)))
    model = LogisticRegression(C=0.5, max_iter=2000).fit(x, y)
    weights = _sane(model.coef_[0])
    bias = float(model.intercept_[0])
    raw = Confidence(bias=bias, weights=weights)
    before = np.array([raw.before(row) for row in x])
    ocr = x[:, SIGNALS.index("ocr")] == 1
    return Confidence(
        bias=round(bias, 6),
        weights=weights,
        knots=_table(before[~ocr], y[~ocr]) or _table(before, y),
        knots_ocr=_table(before[ocr], y[ocr]),
    )


def _sane(coefficients: "NDArray[np.float64]") -> tuple[float, ...]:
    """A better score may not lower a confidence, a failed check may not raise it."""
    kept = []
    for name, weight in zip(SIGNALS, coefficients, strict=True):
        sign = _CERTAINTY_RISING.get(name, 0)
        kept.append(0.0 if sign and weight * sign < 0 else round(float(weight), 6))
    return tuple(kept)


def _table(before: "NDArray[np.float64]", y: "NDArray[np.int64]") -> tuple[tuple[float, float], ...]:
    """The share of right ones in bins of the model's probability, made to rise by isotonic regression.

    Each bin starts from what the model says, as if it had been seen a few times, and with half a wrong value, so that
    nothing becomes certain by being rare.
    """
    if len(y) < _LEAST_FOR_TABLE:
        return ()
    order = np.argsort(before, kind="stable")
    cuts = np.searchsorted(before[order], _EDGES)
    bins = _filled([rows for rows in np.split(order, cuts) if len(rows)])
    middles = np.array([before[rows].mean() for rows in bins])
    trust = _BELIEF * middles
    shares = np.array([(y[rows].sum() + t) / (len(rows) + _BELIEF + 0.5) for rows, t in zip(bins, trust, strict=True)])
    sizes = np.array([len(rows) for rows in bins], dtype=np.float64)
    rising = _made_to_rise(shares, sizes)
    return tuple((round(float(x), 5), round(share, 5)) for x, share in zip(middles, rising, strict=True))


def _filled(bins: "list[NDArray[np.int64]]") -> "list[NDArray[np.int64]]":
    """Bins in order, small ones put together with the next."""
    filled: list[NDArray[np.int64]] = []
    for rows in bins:
        if filled and len(filled[-1]) < _LEAST_BIN:
            filled[-1] = np.concatenate([filled[-1], rows])
        else:
            filled.append(rows)
    return filled


def _made_to_rise(shares: "NDArray[np.float64]", sizes: "NDArray[np.float64]") -> list[float]:
    """Isotonic regression by pooling neighbours that fall (Ayer et al. 1955)."""
    pools: list[tuple[float, float, int]] = []
    for share, size in zip(shares.tolist(), sizes.tolist(), strict=True):
        pools.append((share, size, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m, i), (b, n, j) = pools[-2], pools[-1]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n, i + j)]
    return [share for share, _, count in pools for _ in range(count)]
