"""The retailer and a handful of documents, made once for all tests of this room."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.retailer_run import run


@pytest.fixture(scope="session")
def retailer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A retailer made with seed 1."""
    folder = tmp_path_factory.mktemp("retailer")
    run(folder, seed=1, quiet=True)
    return folder


@pytest.fixture(scope="session")
def labels(retailer_folder: Path) -> list[dict[str, Any]]:
    """The labels of its papers."""
    return [json.loads(line) for line in (retailer_folder / "labels.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def planted(retailer_folder: Path) -> list[dict[str, str]]:
    """What was planted in its papers."""
    made: list[dict[str, str]] = json.loads((retailer_folder / "planted.json").read_text("utf-8"))
    return made


@pytest.fixture(scope="session")
def summary(retailer_folder: Path) -> dict[str, Any]:
    """Its retailer.json."""
    made: dict[str, Any] = json.loads((retailer_folder / "retailer.json").read_text("utf-8"))
    return made
