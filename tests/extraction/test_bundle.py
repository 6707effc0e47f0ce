"""A bundle is used only when it is as it was written."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import UnavailableError
from extraction.bundle import DEFAULT, bundle_checksum, default_bundle, field_model, load_bundle
from extraction.features import FEATURES


def test_the_shipped_bundle_is_whole() -> None:
    bundle = default_bundle()
    assert bundle.version.startswith("extraction-")
    assert "invoice_number" in bundle.models
    assert bundle.card["made_from"].startswith("generated papers")


def test_a_changed_bundle_is_refused(tmp_path: Path) -> None:
    content = json.loads(DEFAULT.read_text(encoding="utf-8"))
    content["models"]["invoice_number"]["bias"] += 1
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnavailableError) as refused:
        load_bundle(changed)
    assert refused.value.code == "BUNDLE-CHECKSUM"


def test_a_bundle_for_features_unknown_here_is_refused(tmp_path: Path) -> None:
    content = json.loads(DEFAULT.read_text(encoding="utf-8"))
    content["features"][-1] = "phase_of_the_moon"
    content["checksum"] = bundle_checksum(content)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnavailableError) as refused:
        load_bundle(other)
    assert refused.value.code == "BUNDLE-CHECKSUM"


def test_a_feature_learnt_since_a_bundle_was_made_does_not_count_for_it() -> None:
    content = {"bias": 0.5, "weights": [2.0, 3.0], "trees": [_stump(1)]}
    model = field_model(content, (FEATURES[5], FEATURES[2]))
    vector = np.zeros((1, len(FEATURES)))
    vector[0, 5], vector[0, 2] = 1.0, 1.0
    assert model.log_odds(vector)[0] == pytest.approx(0.5 + 2.0 + 3.0 + 7.0)
    vector[0, 3] = 100.0
    assert model.log_odds(vector)[0] == pytest.approx(0.5 + 2.0 + 3.0 + 7.0)


def _stump(feature: int) -> dict[str, list[float]]:
    return {
        "feature": [feature, -1, -1],
        "threshold": [0.5, 0.0, 0.0],
        "left": [1, 0, 0],
        "right": [2, 0, 0],
        "value": [0.0, -7.0, 7.0],
    }


@pytest.mark.parametrize("text", ["", "[]", "{", '{"checksum": "x"}'])
def test_what_is_no_bundle_is_refused(tmp_path: Path, text: str) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(UnavailableError) as refused:
        load_bundle(broken)
    assert refused.value.code == "BUNDLE-CHECKSUM"


def test_a_missing_bundle_says_how_to_train_one(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as refused:
        load_bundle(tmp_path / "none.json")
    assert refused.value.code == "BUNDLE-MISSING"
    assert "clearhold-train" in refused.value.remedy
