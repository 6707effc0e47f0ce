"""Fits the trees of a field with LightGBM and writes them in the bundle's own form.

The trees are fitted alone and then share the score with the keywords, so that a paper unlike all generated ones is
still read by its labels. Choosing among a paper's candidates at once (a softmax with "none") was tried and read unseen
layouts less well (F1 0.945 against 0.957) than judging each candidate with the hardest wrong ones beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from extraction.features import FEATURES
from extraction.scorer import keyword_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

TREES, LEAVES, RATE = 80, 12, 0.1
_LEAST_LEAF, _L2, _FEATURES_SEEN = 12, 2.0, 0.7
TREE_SHARE = 0.6
_RISING = frozenset({"left", "right", "left_second", "above", "section_own", "valid", "as_sum", "sum_of_lines"})
_FALLING = frozenset(
    {
        "left_other",
        "section_other",
        "ambiguous",
        "percent",
        "is_label",
        "in_table",
        "left_words",
        "left_prefixed",
        "odd_decimals",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Candidates of many papers, one below another.

    Attributes:
        paper: number of the paper of each row, rising.
        right: 1 where the row is the value, 0 where it is another.
        weight: how much the row's paper counts.
    """

    vectors: "NDArray[np.float32]"
    right: "NDArray[np.int8]"
    paper: "NDArray[np.int64]"
    weight: "NDArray[np.float64]"


def fit_trees(rows: Rows, field: str, seed: int) -> dict[str, Any]:
    """A field's model in the bundle's form."""
    booster = boosted(rows, seed)
    keyword = keyword_model(field)
    return {
        "bias": round(TREE_SHARE * start_of(rows) + (1 - TREE_SHARE) * keyword.bias, 6),
        "weights": [round((1 - TREE_SHARE) * weight, 6) for weight in keyword.weights],
        "trees": [tree_of(tree["tree_structure"], TREE_SHARE) for tree in booster.dump_model()["tree_info"]],
    }


def start_of(rows: Rows) -> float:
    """The log-odds of a candidate being right before anything is known of it."""
    share = float((rows.right * rows.weight).sum() / rows.weight.sum())
    return float(np.log(share / (1 - share)))


def boosted(rows: Rows, seed: int) -> Any:
    """The LightGBM booster, over the start; the same rows and seed give the same trees."""
    import lightgbm

    data = lightgbm.Dataset(
        rows.vectors,
        label=rows.right,
        weight=rows.weight,
        init_score=np.full(len(rows.right), start_of(rows)),
        feature_name=list(FEATURES),
        params={"verbosity": -1, "feature_pre_filter": False},
    )
    params = {
        "objective": "binary",
        "boost_from_average": False,
        "learning_rate": RATE,
        "num_leaves": LEAVES,
        "min_data_in_leaf": _LEAST_LEAF,
        "lambda_l2": _L2,
        "feature_fraction_bynode": _FEATURES_SEEN,
        "max_bin": 63,
        "monotone_constraints": [1 if name in _RISING else -1 if name in _FALLING else 0 for name in FEATURES],
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }
    return lightgbm.train(params, data, num_boost_round=TREES)


def tree_of(structure: Mapping[str, Any], share: float = 1.0) -> dict[str, list[float]]:
    """A tree as lists, the root first; a leaf has feature -1."""
    tree: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    _add_node(structure, tree, share)
    return tree


def _add_node(node: Mapping[str, Any], tree: dict[str, list[float]], share: float) -> int:
    place = len(tree["feature"])
    is_leaf = "split_feature" not in node
    written = {
        "feature": -1 if is_leaf else int(node["split_feature"]),
        "threshold": 0.0 if is_leaf else float(node["threshold"]),
        "left": 0,
        "right": 0,
        "value": round(share * float(node["leaf_value"]), 9) if is_leaf else 0.0,
    }
    for name, value in written.items():
        tree[name].append(value)
    if not is_leaf:
        tree["left"][place] = _add_node(node["left_child"], tree, share)
        tree["right"][place] = _add_node(node["right_child"], tree, share)
    return place
