"""What the controls find in a short generated year, within the bounds docs/controls-measured.md has for a long one."""

import pytest

from benchmarks.controls import page, result
from benchmarks.controls_accuracy import Counts, count, watched
from benchmarks.controls_speed import in_batch, in_sql
from benchmarks.year_facts import Decided, decide_year
from training.year import build_year
from training.year_policy import policy_text
from triage.policy import Policy, load_policy


@pytest.fixture(scope="module")
def measured() -> tuple[Counts, list[Decided], Policy]:
    year = build_year(21, 1500)
    policy = load_policy(policy_text(year.items))
    kept: list[Decided] = []
    return count(watched(decide_year(year, policy), kept, 20)), kept, policy


def test_every_planted_fault_is_found_by_the_control_that_must_find_it(
    measured: tuple[Counts, list[Decided], Policy],
) -> None:
    counts, _, _ = measured
    assert counts.missed == []
    assert counts.exact_recall == 1
    assert counts.likely_recall >= 0.98


def test_honest_papers_clear_and_likely_copies_are_copies(measured: tuple[Counts, list[Decided], Policy]) -> None:
    counts, _, _ = measured
    assert counts.likely_precision >= 0.9
    assert counts.false_holds <= 0.005


def test_the_page_says_what_was_counted(measured: tuple[Counts, list[Decided], Policy]) -> None:
    counts, kept, policy = measured
    speeds = [*in_batch(kept, policy), in_sql(kept, policy)]
    text = page(counts, speeds, seed=21, suppliers=40, seconds=1.0)
    assert f"{counts.papers} invoices" in text
    assert "`INV-DUPLICATE-LIKELY`" in text
    assert result(counts, speeds).startswith(f"RESULT papers={counts.papers} exact_recall=1.0000")
