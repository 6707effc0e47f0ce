"""Loads the trained models of a bundle: a JSON file that carries its own checksum and says where it comes from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.canonical import canonical_json
from core.errors import UnavailableError
from extraction.calibration import SIGNALS, Confidence
from extraction.features import FEATURES
from extraction.knowledge import KnowledgeWeights
from extraction.scorer import FieldModel, Forest, keyword_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT = Path(__file__).parent / "bundles" / "default.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Models by field and how their scores become confidences.

    Attributes:
        card: how it was made: data, seed, features, metrics; for people and for replay.
        knowledge: how much supplier memory and ERP hints count beside the scores.
    """

    version: str
    models: Mapping[str, FieldModel]
    confidences: Mapping[str, Confidence]
    card: Mapping[str, Any] = field(default_factory=dict)
    knowledge: KnowledgeWeights = field(default_factory=KnowledgeWeights)

    def model(self, name: str) -> FieldModel:
        """The trained model of a field, or the keyword model when it has none."""
        return self.models.get(name) or keyword_model(name)

    def confidence(self, name: str) -> Confidence:
        """How scores of this field become probabilities."""
        return self.confidences.get(name) or self.confidences.get("*") or Confidence()


@cache
def default_bundle() -> Bundle:
    """The bundle shipped with the program, or plain keyword scoring when none is."""
    return load_bundle(DEFAULT) if DEFAULT.exists() else keyword_bundle()


def keyword_bundle() -> Bundle:
    """Scoring by keywords only: the baseline."""
    return Bundle(version="keywords", models={}, confidences={})


def load_bundle(path: Path) -> Bundle:
    """Reads a bundle and checks that it is whole and made for this program's features.

    Raises:
        UnavailableError: `BUNDLE-MISSING`, or `BUNDLE-CHECKSUM` when it is not as it was written.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnavailableError(
            "BUNDLE-MISSING", f"There is no bundle at {path}.", "Train one: clearhold-train extraction --promote."
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    if not isinstance(content, dict) or content.get("checksum") != bundle_checksum(content):
        raise _damaged(path)
    if not set(content["features"]) <= set(FEATURES) or not set(content.get("signals", ())) <= set(SIGNALS):
        raise _damaged(path)
    return _bundle(content)


def bundle_checksum(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of everything but the checksum itself; floats count as their shortest text."""
    import hashlib

    body = {key: value for key, value in content.items() if key != "checksum"}
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _damaged(path: Path) -> UnavailableError:
    return UnavailableError(
        "BUNDLE-CHECKSUM",
        f"The bundle {path.name} is not as it was written, or was made for another version.",
        "Restore it from the release, or train it again: clearhold-train extraction --promote.",
    )


def _bundle(content: Mapping[str, Any]) -> Bundle:
    features = tuple(content["features"])
    signals = tuple(content.get("signals", SIGNALS[: len(next(iter(content["confidences"].values()))["weights"])]))
    return Bundle(
        version=content["version"],
        models={name: field_model(model, features) for name, model in content["models"].items()},
        confidences={name: Confidence.from_json(value, signals) for name, value in content["confidences"].items()},
        card=content["card"],
        knowledge=KnowledgeWeights.from_json(content.get("knowledge", {})),
    )


def field_model(content: Mapping[str, Any], features: Sequence[str] = FEATURES) -> FieldModel:
    """A model from its JSON form: `bias`, `weights`, `trees` (lists `feature threshold left right value` each).

    Args:
        features: the features it was trained on, in its order; what the program has learnt to measure since then
            does not count for it.
    """
    given = dict(zip(features, content["weights"], strict=False))
    return FieldModel(
        bias=content["bias"],
        weights=tuple(given.get(name, 0.0) for name in FEATURES) if given else (),
        forest=_forest(content["trees"], np.array([FEATURES.index(name) for name in features])),
    )


def _forest(trees: Sequence[Mapping[str, list[float]]], places: "NDArray[np.int64]") -> Forest | None:
    """Pads trees to one size; leaves, written with feature -1, are made to point to themselves."""
    if not trees:
        return None
    size = max(len(tree["value"]) for tree in trees)
    arrays = {name: np.zeros((len(trees), size)) for name in ("feature", "threshold", "left", "right", "value")}
    for number, tree in enumerate(trees):
        for name, array in arrays.items():
            array[number, : len(tree[name])] = tree[name]
    leaf = arrays["feature"] < 0
    own = np.broadcast_to(np.arange(size), leaf.shape)
    return Forest(
        feature=places[np.where(leaf, 0, arrays["feature"]).astype(np.int64)],
        threshold=arrays["threshold"],
        left=np.where(leaf, own, arrays["left"]).astype(np.int64),
        right=np.where(leaf, own, arrays["right"]).astype(np.int64),
        value=arrays["value"],
        depth=max(_depth(tree, 0) for tree in trees),
    )


def _depth(tree: Mapping[str, list[float]], node: int) -> int:
    if tree["feature"][node] < 0:
        return 0
    return 1 + max(_depth(tree, int(tree["left"][node])), _depth(tree, int(tree["right"][node])))
