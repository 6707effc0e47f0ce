"""Bundles: whole or refused, taken up while the service runs."""

from pathlib import Path

import pytest

from core.errors import UnavailableError
from models.bundle import Bundle, Bundles, make_bundle, read_bundle, write_bundle


def _bundle(threshold: float = 0.5) -> Bundle:
    return make_bundle(
        "sla-miss", features=("a", "b"), boosters={"late": "tree"}, content={"threshold": threshold}, card={"n": 3}
    )


def test_a_bundle_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_bundle(_bundle(), tmp_path / "sla-miss.json")
    assert read_bundle(tmp_path / "sla-miss.json", name="sla-miss") == _bundle()


def test_the_same_learning_has_the_same_version_and_other_learning_another() -> None:
    assert _bundle().version == _bundle().version != _bundle(0.6).version


def test_a_changed_byte_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "sla-miss.json"
    write_bundle(_bundle(), path)
    path.write_text(path.read_text().replace("0.5", "0.6"))
    with pytest.raises(UnavailableError) as refused:
        read_bundle(path, name="sla-miss")
    assert refused.value.code == "MODEL-CHECKSUM"
    assert "clearhold-train sla-miss --promote" in refused.value.remedy


def test_another_models_bundle_is_refused(tmp_path: Path) -> None:
    write_bundle(_bundle(), tmp_path / "demand.json")
    with pytest.raises(UnavailableError, match="not as it was written"):
        read_bundle(tmp_path / "demand.json", name="demand")


def test_a_new_bundle_is_taken_up_while_the_service_runs_and_a_broken_one_is_not(tmp_path: Path) -> None:
    house, path = Bundles(tmp_path), tmp_path / "sla-miss.json"
    assert house.get("sla-miss") is None
    write_bundle(_bundle(), path)
    assert house.get("sla-miss") == _bundle()
    write_bundle(_bundle(0.7), path)
    assert house.get("sla-miss") == _bundle(0.7)
    path.write_text("{")
    assert house.get("sla-miss") == _bundle(0.7)
    assert house.problem("sla-miss") is not None
    path.unlink()
    assert house.get("sla-miss") == _bundle(0.7)
    gone = house.problem("sla-miss")
    assert gone is not None and gone.code == "MODEL-GONE"
    assert Bundles(tmp_path).get("sla-miss") is None
