"""The demo finds what was planted, clears what is clean, and says so honestly."""

import json
from pathlib import Path

import pytest

from core.decisions import Outcome
from review_api.demo_report import Found, Planted, as_json, as_text, compare
from tests.conftest import run_clearhold

FAULT = Planted(file="a.pdf", kind="price-raised", code="MATCH-PRICE", why="dearer than ordered")


def found(outcome: Outcome, *codes: str, file: str = "a.pdf") -> dict[str, Found]:
    return {file: Found(file=file, outcome=outcome, codes=codes)}


def test_a_fault_held_for_its_reason_is_caught() -> None:
    report = compare([FAULT], [], found(Outcome.HOLD, "MATCH-PRICE", "DOC-CONFIDENCE"), 1.0)
    assert (len(report.caught), report.every_fault_held) == (1, True)


def test_a_fault_held_for_another_reason_is_held_but_told_apart() -> None:
    report = compare([FAULT], [], found(Outcome.BLOCK, "INV-DUPLICATE"), 1.0)
    assert (len(report.caught), len(report.caught_otherwise), report.every_fault_held) == (0, 1, True)


@pytest.mark.parametrize("outcome", [Outcome.CLEAR, Outcome.SAMPLE])
def test_a_fault_that_was_cleared_or_only_sampled_is_missed(outcome: Outcome) -> None:
    report = compare([FAULT], [], found(outcome, "MATCH-PRICE"), 1.0)
    assert not report.every_fault_held
    assert "CLEARED" in as_text(report)


def test_a_fault_whose_paper_was_never_decided_is_missed() -> None:
    assert not compare([FAULT], [], {}, 1.0).every_fault_held


def test_clean_papers_are_counted_by_what_became_of_them() -> None:
    papers = found(Outcome.CLEAR, file="b.pdf") | found(Outcome.BLOCK, "SUP-BANK", file="c.pdf")
    told = as_json(compare([], ["b.pdf", "c.pdf"], papers, 2.0))
    assert (told["clean_cleared"], told["clean_blocked"], told["clean_held_by"]) == (0.5, 1, {"SUP-BANK": 1})
    assert told["seconds_a_paper"] == 1.0


def test_the_demo_holds_every_planted_fault_for_its_reason_and_clears_most_clean_papers(tmp_path: Path) -> None:
    demo = run_clearhold("demo", "--no-serve", "--json", home=tmp_path)
    assert demo.returncode == 0, demo.stderr
    told = json.loads(demo.stdout)
    assert told["planted"] >= 15
    assert told["papers"] >= 60
    assert told["missed"] == []
    assert told["held_for_another_reason"] == []
    assert told["clean_cleared"] >= 0.6
    assert told["clean_blocked"] == 0
    audit = run_clearhold("audit", "verify", home=tmp_path / "demo" / "7" / "state")
    assert audit.returncode == 0, audit.stderr
