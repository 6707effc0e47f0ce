"""A cluster of two workers makes the forecast that one machine makes, within a tolerance."""

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from distributed import LocalCluster

from core.errors import UnavailableError
from models.booster import Booster
from models.demand.forecast import Forecaster
from models.demand.panel import panel_of
from tests.models.demand.worlds import weekly_feed
from training.predictions import metrics
from training.predictions.demand.fit import Settings, learn
from training.predictions.machines import Machines, ThisMachine, machines

_QUANTILE = {"objective": "quantile", "alpha": 0.5, "learning_rate": 0.1, "num_leaves": 15, "seed": 3}
_BINARY = {"objective": "binary", "learning_rate": 0.1, "num_leaves": 7, "seed": 3}


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Machines]:
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port: 8787 may be taken
            worker_dashboard_address=None,
        ) as local,
        machines(local.scheduler_address) as many,
    ):
        yield many


def _demand(seed: int = 1, count: int = 6_000) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    rows = draw.random((count, 5))
    return rows, draw.poisson(20 * np.exp(rows[:, 0] + np.floor(rows[:, 1] * 4) / 4)).astype(np.float64)


@pytest.mark.enable_socket
@pytest.mark.xdist_group("cluster")
def test_two_workers_forecast_what_one_machine_does(two_workers: Machines) -> None:
    rows, sold = _demand()
    later, sold_later = _demand(seed=2)
    weights = np.linspace(0.5, 1.0, len(sold))
    texts = [
        where.fit_trees(rows, sold, _QUANTILE, rounds=60, weights=weights) for where in (ThisMachine(), two_workers)
    ]
    here, there = (Booster(text).predict(later) for text in texts)
    assert metrics.wape(here, there) < 0.02
    assert metrics.pinball(sold_later, there, 0.5) == pytest.approx(metrics.pinball(sold_later, here, 0.5), rel=0.01)


@pytest.mark.enable_socket
@pytest.mark.xdist_group("cluster")
def test_two_workers_say_the_same_probabilities(two_workers: Machines) -> None:
    rows, sold = _demand()
    is_late = (sold > np.median(sold)).astype(np.float64)
    place = np.floor(rows[:, 1:2] * 4)
    coded = np.hstack([rows, place])
    texts = [
        where.fit_trees(coded, is_late, _BINARY, rounds=40, categorical=[5]) for where in (ThisMachine(), two_workers)
    ]
    here, there = (Booster(text).predict(coded) for text in texts)
    assert np.abs(here - there).mean() < 0.02
    assert metrics.auc(is_late, there) == pytest.approx(metrics.auc(is_late, here), abs=0.005)


@pytest.mark.enable_socket
@pytest.mark.xdist_group("cluster")
def test_parts_come_back_in_their_order(two_workers: Machines) -> None:
    parts = [np.full(3, number) for number in range(10)]
    assert two_workers.each(np.sum, parts) == ThisMachine().each(np.sum, parts) == [3 * n for n in range(10)]


@pytest.mark.enable_socket
@pytest.mark.xdist_group("cluster")
def test_the_demand_model_of_two_workers_forecasts_what_that_of_one_machine_does(two_workers: Machines) -> None:
    panel = panel_of(weekly_feed(items=6, places=8, weeks=70), items=None, locations=None, events=None)
    assert panel is not None
    last, horizons = panel.periods - 5, np.arange(1, 5)
    settings = Settings(
        rows=6_000, calibration_rows=2_000, rounds=12, leaves=15, rate=0.2, shift=0.02, weight_power=0.5
    )
    forecasts = []
    for where in (ThisMachine(), two_workers):
        bundle, facts = learn(panel, last, settings, where, seed=5)
        assert facts["rows"] > 1_000
        forecasts.append(Forecaster(bundle).forecast(panel, last, horizons))
    here, there = forecasts
    for level in (0.5, 0.95):
        assert metrics.wape(here.level(level), there.level(level)) < 0.05
    sold = panel.quantity[:, last + 1 :]
    losses = [metrics.pinball(sold, one.level(0.5), 0.5) for one in forecasts]
    assert losses[1] == pytest.approx(losses[0], rel=0.05)


def test_without_a_cluster_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEARHOLD_CLUSTER", raising=False)
    with machines() as where:
        assert isinstance(where, ThisMachine)


@pytest.mark.enable_socket
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_cluster_that_does_not_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.predictions.cluster._SECONDS_TO_ANSWER", 1)
    monkeypatch.setenv("CLEARHOLD_CLUSTER", address)
    with warnings.catch_warnings(), pytest.raises(UnavailableError) as refused, machines():
        pass
    assert refused.value.code == "CLUSTER-UNREACHABLE"
    assert address in refused.value.message
