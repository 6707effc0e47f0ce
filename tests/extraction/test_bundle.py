"""A bundle is used only when it is as it was written."""

import json
from pathlib import Path

import pytest

from core.errors import UnavailableError
from extraction.bundle import DEFAULT, bundle_checksum, default_bundle, load_bundle


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


def test_a_bundle_for_other_features_is_refused(tmp_path: Path) -> None:
    content = json.loads(DEFAULT.read_text(encoding="utf-8"))
    content["features"] = content["features"][:-1]
    content["checksum"] = bundle_checksum(content)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnavailableError) as refused:
        load_bundle(other)
    assert refused.value.code == "BUNDLE-CHECKSUM"


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
