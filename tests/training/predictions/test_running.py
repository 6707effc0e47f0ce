"""A training run from feeds to gate: what it prints, records, exports and refuses."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest.feed_frames import FolderFrames, Frames
from models.bundle import Bundles, read_bundle, write_bundle
from review_api.cli.main import main as clearhold
from tests.training.predictions.fake_run import FakeRun, known
from training import tracking
from training.cli import main
from training.predictions import runs
from training.predictions.gate import Gate
from training.predictions.outcome import Period
from training.predictions.running import finish, opened
from training.predictions.shelf import Shelf
from training.predictions.snapshot import SnapshotFrames, code_version


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own, with the fake run in the place of the real one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path / "var"))
    monkeypatch.setitem(runs.KNOWN, "sla-miss", known(FakeRun()))
    return tmp_path / "var"


def _run(*arguments: str) -> int:
    return main(["sla-miss", *arguments])


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert _run(*arguments) == 1
    return capsys.readouterr().err


def test_the_first_run_of_a_house_is_promoted_and_the_next_equal_one_is_not(
    house: Path, feeds: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("--until", "2026-06-30", "--evaluate-to", "2026-10-01", "--feeds", str(feeds), "--promote", "--json")
    assert _run(*asked) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert list(said) == ["name", "trained_until", "evaluated", "metrics", "gate"]
    assert (said["name"], said["trained_until"]) == ("sla-miss", "2026-06-30")
    assert list(said["evaluated"]) == ["from", "to", "count"]
    assert set(said["metrics"]["model"]) == set(said["metrics"]["lane average"]) == {"auc", "brier", "ece"}
    assert said["metrics"]["silent"]["auc"] is None
    assert said["gate"]["passed"] is True
    served = Bundles(house / "bundles").get("sla-miss")
    assert served is not None
    assert (house / "bundles" / "sla-miss" / f"{served.version}.json").exists()
    assert served.card["made"] == "up"
    assert served.card["trained_until"] == "2026-06-30"

    assert _run(*asked) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["gate"]["passed"] is False
    assert "is the champion" in err
    assert "What is served stays" in err
    _look_at_the_record(served.version)
    _look_at_a_worse_challenger(asked, served.version, house, monkeypatch, capsys)


def _look_at_the_record(version: str) -> None:
    """What MLflow keeps of the two runs."""
    with tracking._mlflow() as mlflow:
        client = mlflow.MlflowClient()
        found = client.search_runs([client.get_experiment_by_name("sla-miss").experiment_id])
        assert len(found) == 2
        latest = found[0]
        assert latest.data.metrics["model.auc"] > 0.7
        assert "silent.auc" not in latest.data.metrics
        assert latest.data.metrics["champion.auc"] == latest.data.metrics["model.auc"]
        assert len(latest.data.params["data_sha256"]) == 64
        assert latest.data.params["code_version"] == code_version()
        folder = Path(latest.info.artifact_uri.removeprefix("file://"))
        assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {
            "card.md",
            "plots/lift.svg",
            f"bundle/{version}.json",
        }
        assert client.get_model_version_by_alias("sla-miss", "champion").version == 1
        assert client.get_model_version_by_alias("sla-miss", "challenger").version == 2


def _look_at_a_worse_challenger(
    asked: tuple[str, ...],
    champion: str,
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A duller model does not pass, stays the challenger, and loses the comparison."""
    monkeypatch.setitem(runs.KNOWN, "sla-miss", known(FakeRun(dullness=3.0)))
    assert _run(*asked) == 1
    assert "does not surely save" in capsys.readouterr().err
    served = Bundles(house / "bundles").get("sla-miss")
    assert served is not None
    assert served.version == champion

    period = ("--until", "2026-06-30", "--feeds", asked[5])
    assert main(["compare", "sla-miss", "challenger", "champion", *period, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["metrics"]) == ["challenger", "champion"]
    assert said["saving"]["low"] > 0
    assert main(["compare", "sla-miss", "1", champion, *period]) == 0
    text = capsys.readouterr().out
    assert f"{champion} saves 0 a subject beside 1" in text
    assert "neither surely" in text


def test_a_comparison_says_when_a_bundle_had_seen_the_judged_period(
    house: Path, feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = FolderFrames(feeds)
    for name, until in (("early", date(2026, 3, 1)), ("late", date(2026, 9, 1))):
        shelf = Shelf(house, "sla-miss")
        done = finish("sla-miss", frames, Period(until=until), seed=1, say=lambda _: None, shelf=shelf)
        write_bundle(done.bundle, tmp_path / f"{name}.json")
    files = (str(tmp_path / "early.json"), str(tmp_path / "late.json"))
    assert main(["compare", "sla-miss", *files, "--until", "2026-06-30", "--feeds", str(feeds)]) == 0
    out = capsys.readouterr().out
    assert "late.json was trained on what was known until 2026-09-01, inside the judged period" in out
    assert "early.json was trained" not in out


def test_a_bundle_of_other_columns_is_not_compared(
    house: Path, feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = FakeRun(column="another")
    with pytest.raises(AssertionError):
        other(FolderFrames(feeds), Period(), seed=1, say=lambda _: None)
    done = finish("sla-miss", FolderFrames(feeds), Period(), seed=1, say=lambda _: None, shelf=Shelf(house, "sla-miss"))
    from dataclasses import replace

    file = tmp_path / "other.json"
    write_bundle(replace(done.bundle, features=("another",)), file)
    assert main(["compare", "sla-miss", str(file), str(file), "--feeds", str(feeds)]) == 1
    assert "TRAIN-BUNDLE-COLUMNS" in capsys.readouterr().err


def test_the_table_shows_every_baseline_and_the_notes(
    house: Path, feeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--feeds", str(feeds)) == 0
    out, err = capsys.readouterr()
    assert "lane average" in out
    assert "leak alarm" in out
    assert "gate passed" in out
    assert err.splitlines() == ["reading the feeds", "learning", "judging the champion on the same subjects"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--until", "2026-12-01"), "TRAIN-PERIOD: … the feeds end on 2026-10-27"),
        (("--until", "2020-01-01"), "TRAIN-PERIOD: … the feeds begin on 2026-01-01"),
        (("--until", "2026-06-01", "--evaluate-to", "2026-06-01"), "TRAIN-PERIOD: … would end on 2026-06-01"),
        (("--until", "2026-10-24"), "TRAIN-TOO-LITTLE: … it takes at least 20"),
    ],
)
def test_a_period_that_cannot_be_judged_is_refused_with_a_remedy(
    house: Path, feeds: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    last = _refused(capsys, "--feeds", str(feeds), *arguments).splitlines()[-1]
    code, words = says.split("… ")
    assert last.startswith(code)
    assert words in last


def test_without_feeds_it_says_which_to_load(house: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "clearhold feed sales_orders FILE" in _refused(capsys, "--feeds", str(tmp_path))
    assert "TRAIN-FEED-EMPTY" in _refused(capsys)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_a_day_that_is_none_is_usage(house: Path, day: str) -> None:
    with pytest.raises(SystemExit) as ended:
        _run("--until", day)
    assert ended.value.code == 2


def test_an_unknown_bundle_is_named(house: Path, feeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "sla-miss", "champion", "challenger", "--feeds", str(feeds)]) == 1
    assert "TRAIN-BUNDLE-UNKNOWN" in capsys.readouterr().err


def test_a_damaged_champion_counts_as_none_and_is_replaced(house: Path, feeds: Path) -> None:
    shelf = Shelf(house, "sla-miss")
    done = finish("sla-miss", FolderFrames(feeds), Period(), seed=1, say=lambda _: None, shelf=shelf)
    shelf.promote(done.bundle)
    shelf.served.write_text(shelf.served.read_text().replace("made", "maid"))
    again = finish("sla-miss", FolderFrames(feeds), Period(), seed=1, say=lambda _: None, shelf=shelf)
    assert again.champion is None
    assert again.gate.passed
    shelf.promote(again.bundle)
    assert read_bundle(shelf.served, name="sla-miss") == again.bundle


def test_the_data_hash_is_of_the_rows_wherever_they_come_from(
    house: Path, feeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def hashed(frames: Frames) -> str:
        snapshot = SnapshotFrames(frames)
        snapshot.frame("sales_orders")
        return snapshot.sha256()

    assert clearhold(["feed", "sales_orders", str(feeds / "sales_orders.csv")]) == 0
    with opened(None) as loaded:
        from_database = hashed(loaded)
    assert from_database == hashed(FolderFrames(feeds))
    changed = FolderFrames(feeds).frame("sales_orders").with_columns(x_late=pl.lit("1"))
    changed.write_parquet(tmp_path / "sales_orders.parquet")
    assert hashed(FolderFrames(tmp_path)) != from_database

    capsys.readouterr()
    asked = ("--until", "2026-06-30", "--json")
    said = []
    for more in ((), ("--feeds", str(feeds))):
        assert _run(*asked, *more) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_the_card_says_from_what_it_was_made_how_good_it_is_and_what_it_cannot_do(house: Path, feeds: Path) -> None:
    done = finish("sla-miss", FolderFrames(feeds), Period(), seed=1, say=lambda _: None, shelf=Shelf(house, "sla-miss"))
    for part in (
        f"Version `{done.outcome.bundle.version}`",
        "Knows nothing after 2026-06-30",
        "1 day after the last it learnt from",
        f"Data `{done.made_from.data}`",
        "| sales_orders | 600 |",
        "What the house does today: *lane average*",
        "| lane average |",
        "| silent | – | – | – |",
        "a random split says 0.99: a leak alarm",
        "No score of it can clear what a control holds",
        "`chance`",
        "- dullness: 1.0000",
    ):
        assert part in done.card
    assert isinstance(done.gate, Gate)
