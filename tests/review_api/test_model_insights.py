"""Drift and performance of models by month, from what they said, over HTTP and in a terminal."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from models.bundle import make_bundle, write_bundle
from models.drift import reference
from review_api.cli.main import main
from review_api.model_insights import months
from tests.review_api.conftest import Desk
from triage import predictions
from triage.model_insights import by_months
from triage.predictions import StoredPrediction


def said(desk: Desk, count: int, *, back_days: int, shift: float = 0.0, model: str = "sla-miss-1") -> None:
    """So many predictions about orders, of which every second is known to have come late."""
    rng = np.random.default_rng(back_days)
    at = desk.services.clock.now() - timedelta(days=back_days)
    made = [
        StoredPrediction(
            name="sla-miss",
            subject=f"sales_order:O{back_days}-{number}",
            model=model,
            predicted_at=at,
            score=float(np.clip(rng.beta(2, 5) + shift, 0, 1)),
            features_hash="ab" * 32,
            features=(float(rng.normal()), None if number % 4 == 0 else 1.0),
        )
        for number in range(count)
    ]
    with desk.services.db.write() as session:
        predictions.save(session, made)
        labels = {one.subject: float(number % 2) for number, one in enumerate(made)}
        predictions.set_labels(session, "sla-miss", labels, at=at + timedelta(days=3))


def test_months_tell_what_moved_and_how_it_turned_out(desk: Desk) -> None:
    said(desk, 200, back_days=70)
    said(desk, 200, back_days=40)
    said(desk, 200, back_days=5, shift=0.4)
    told = desk.client("auditor").get("/v1/insights/models").json()["months"]
    assert [one["month"] for one in told] == ["2026-09", "2026-10", "2026-11"]
    assert [one["verdict"] for one in told] == ["unknown", "steady", "much"]
    assert told[2]["compared_with"] == "2026-09"
    assert told[0]["missing"] == pytest.approx(0.125)
    assert told[0]["performance"]["labelled"] == 200
    assert 0 < told[0]["performance"]["auc"] < 1


def test_a_bundle_that_tells_of_its_training_is_compared_with(desk: Desk) -> None:
    rng = np.random.default_rng(1)
    rows = np.stack([rng.normal(5, 1, 500), np.ones(500)], axis=1)
    then = reference(rows, ("distance", "carrier"), rng.beta(2, 5, 500))
    bundle = make_bundle("sla-miss", features=("distance", "carrier"), boosters={}, content={"drift": then}, card={})
    write_bundle(bundle, desk.services.settings.home / "bundles" / "sla-miss.json")
    said(desk, 300, back_days=5, model=bundle.version)
    (one,) = months(desk.services)
    assert (one.compared_with, one.columns[0].column, one.verdict) == ("training", "distance", "much")


def test_of_a_subject_asked_about_again_the_last_word_counts(desk: Desk) -> None:
    said(desk, 60, back_days=5)
    with desk.services.db.read() as session:
        first = predictions.between(session, "sla-miss")
    (one,) = by_months([*first, *first], {})
    assert one.predictions == 60


def test_drift_is_told_of_what_was_said_first_and_judged_by_what_was_said_last(desk: Desk) -> None:
    said(desk, 60, back_days=5)
    with desk.services.db.read() as session:
        first = predictions.between(session, "sla-miss")
    nearer = [replace(one, score=1.0, predicted_at=one.predicted_at + timedelta(hours=1)) for one in first]
    rows = np.array([one.features for one in first], dtype=np.float64)
    then = reference(rows, ("distance", "carrier"), np.array([one.score for one in first]))
    (one,) = by_months([*first, *nearer], {first[0].model: then})
    assert one.score is not None
    assert (one.score.psi, one.score_mean, one.verdict) == (0, 1.0, "steady")
    assert one.performance.brier == pytest.approx(0.5)


def test_columns_are_told_of_those_whose_columns_are_kept(desk: Desk) -> None:
    said(desk, 200, back_days=5)
    with desk.services.db.read() as session:
        found = predictions.between(session, "sla-miss")
    rows = np.array([one.features for one in found[:100]], dtype=np.float64)
    some = [replace(one, features=None) if at >= 100 else one for at, one in enumerate(found)]
    (one,) = by_months(some, {found[0].model: reference(rows, ("distance", "carrier"))})
    assert (one.compared_with, one.score, one.verdict) == ("training", None, "steady")
    assert {moved.psi for moved in one.columns} == {0}


def test_the_terminal_shows_the_same_and_a_word_where_nothing_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path))
    assert main(["insights", "models"]) == 0
    assert "No model has said anything yet" in capsys.readouterr().out
    assert main(["insights", "models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"months": []}
