"""Grows several boosters that differ in their draws and makes one of them, by LightGBM's own text.

Averaging boosters takes out what the draws put in; one text serves and explains as any booster does.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from models.booster import Booster
from training.predictions.machines import Machines

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TREE = re.compile(r"^Tree=\d+$", re.MULTILINE)
_END = "end of trees"
_PARTS = 3
_SCALED = ("leaf_value=", "internal_value=")


def grow(
    machines: Machines,
    rows: "NDArray[np.float64]",
    target: "NDArray[np.float64]",
    parameters: Mapping[str, Any],
    *,
    rounds: int,
    seed: int,
    boosters: int,
    weights: "NDArray[np.float64] | None" = None,
) -> str:
    """The mean of `boosters` boosters with seeds of their own, as the text of one."""
    texts = [
        machines.fit_trees(rows, target, {**parameters, "seed": seed * 1_000 + number}, rounds=rounds, weights=weights)
        for number in range(boosters)
    ]
    return mean_of(texts)


def said_apart(
    machines: Machines,
    rows: "NDArray[np.float64]",
    target: "NDArray[np.float64]",
    parameters: Mapping[str, Any],
    rounds: int,
    *,
    seed: int,
    weights: "NDArray[np.float64]",
) -> "NDArray[np.float64]":
    """What trees grown without a row say of it: scores as those of new rows will be, not of rows known by heart."""
    part = np.random.default_rng(seed).permutation(len(rows)) % _PARTS
    said = np.zeros(len(rows))
    for number in range(_PARTS):
        rest, asked = part != number, part == number
        text = machines.fit_trees(
            rows[rest], target[rest], {**parameters, "seed": seed}, rounds=rounds, weights=weights[rest]
        )
        said[asked] = Booster(text).predict(rows[asked])
    return said


def mean_of(texts: Sequence[str]) -> str:
    """One booster whose raw score is the mean of those of several: all their trees, each leaf by their number less."""
    if len(texts) == 1:
        return texts[0]
    head = "\n".join(
        line for line in texts[0][: _first_tree(texts[0])].splitlines() if not line.startswith("tree_sizes=")
    )
    trees = [_scaled(tree, len(texts)) for text in texts for tree in _trees(text)]
    numbered = [f"Tree={number}\n{tree.strip()}\n\n" for number, tree in enumerate(trees)]
    tail = texts[0][texts[0].index(_END) :]
    return f"{head}\n\n{''.join(numbered)}\n{tail}"


def _first_tree(text: str) -> int:
    found = _TREE.search(text)
    return text.index(_END) if found is None else found.start()


def _trees(text: str) -> list[str]:
    return _TREE.split(text[: text.index(_END)])[1:]


def _scaled(tree: str, parts: int) -> str:
    lines = []
    for line in tree.splitlines():
        name = next((one for one in _SCALED if line.startswith(one)), None)
        if name is None:
            lines.append(line)
        else:
            values = [repr(float(value) / parts) for value in line.removeprefix(name).split()]
            lines.append(name + " ".join(values))
    return "\n".join(lines)
