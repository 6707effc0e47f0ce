"""Training learns from generated papers, keeps layouts apart, and exports what the service then reads."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from core.documents import Source
from extraction.agreement import dates_in, is_visible, numbers_in
from extraction.bundle import field_model, load_bundle
from extraction.calibration import SIGNALS, Confidence
from extraction.features import FEATURES
from extraction.values import iban_is_valid, squeeze
from tests.extraction.pages import page_of, reading_of
from training.extraction_confidence import fit_confidence, fit_honesty, made_honest
from training.extraction_data import Example, Sample, measure, samples
from training.extraction_fit import fit_field, training_rows
from training.extraction_metrics import Verdict, fit_confidences
from training.extraction_noise import as_if_scanned, with_wrong_check_digits
from training.extraction_receipts import random_receipt
from training.extraction_run import deal_folds, train, write_bundle
from training.extraction_trees import boosted, tree_of


@pytest.fixture(scope="module")
def examples() -> Sequence[Example]:
    return [measure(sample) for sample in samples(40, 3)]


def test_the_same_seed_gives_the_same_papers() -> None:
    first, second = ([s.reading for s in samples(5, 11)] for _ in range(2))
    assert first == second


def test_the_true_value_is_nearly_always_among_the_candidates(examples: Sequence[Example]) -> None:
    clean = [e for e in examples if e.source is Source.TEXT_LAYER]
    wanted = [(e, f) for e in clean for f in e.fields if f in e.sample.label["fields"]]
    found = sum(bool((e.truths[f] != 0).any()) for e, f in wanted)
    assert found >= 0.97 * len(wanted)


def test_a_layout_family_is_never_on_both_sides_of_a_fold() -> None:
    families = ["a"] * 9 + ["b"] * 5 + ["c"] * 4 + ["d"] * 4 + ["e"]
    folds = deal_folds(families)
    assert set(folds) == set(families)
    assert len(set(folds.values())) == 4


def test_exported_trees_score_as_lightgbm_does(examples: Sequence[Example]) -> None:
    rows = training_rows(examples, "invoice_number", 1)
    booster = boosted(rows, 1)
    trees = [tree_of(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    forest = field_model({"bias": 0.0, "weights": [], "trees": json.loads(json.dumps(trees))}).forest
    assert forest is not None
    theirs = booster.predict(rows.vectors, raw_score=True)
    assert np.abs(forest.sums(rows.vectors.astype(np.float64)) - theirs).max() < 1e-6


def test_the_same_papers_give_the_same_trees(examples: Sequence[Example]) -> None:
    assert fit_field(examples, "issue_date", 1) == fit_field(examples, "issue_date", 1)


@pytest.mark.parametrize("feature", ["left", "above", "sum_of_lines"])
def test_a_better_label_or_sum_never_lowers_a_score(examples: Sequence[Example], feature: str) -> None:
    content = fit_field(examples, "total_without_vat", 1)
    assert content is not None
    model, vectors = field_model(content), training_rows(examples, "total_without_vat", 1).vectors.astype(np.float64)
    raised = vectors.copy()
    raised[:, FEATURES.index(feature)] = 1.0
    assert (model.log_odds(raised) >= model.log_odds(vectors) - 1e-9).all()


def test_overconfidence_on_papers_not_trained_on_is_taken_back() -> None:
    said, rights = [0.95] * 200, [True] * 160 + [False] * 40
    stretch, shift = fit_honesty(said, rights, [1.0] * 200)
    honest = made_honest(Confidence(knots=((0.0, 0.0), (1.0, 0.95))), (stretch, shift), (1.0, 0.0))
    assert honest.knots[-1][1] == pytest.approx(0.8, abs=0.03)
    assert honest.knots_ocr[-1][1] == pytest.approx(0.95)


def test_a_signal_that_came_out_the_wrong_way_is_left_out_and_the_rest_fitted_again() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=400)
    rights = rng.random(400) < 1 / (1 + np.exp(-3 * scores))
    misleading = np.where(rights, 0.0, 1.0)
    signals = np.zeros((400, len(SIGNALS)))
    signals[:, SIGNALS.index("score")] = scores
    signals[:, SIGNALS.index("margin")] = misleading
    fitted = fit_confidence(signals.tolist(), rights.tolist())
    assert fitted.weights[SIGNALS.index("margin")] == 0
    assert fitted.weights[SIGNALS.index("score")] > 1
    assert abs(fitted.bias) < 1


def test_a_field_that_was_never_wrong_borrows_doubt_from_its_kind() -> None:
    def verdict(field: str, score: float, *, right: bool) -> Verdict:
        signals = tuple(score if name == "score" else 0.0 for name in SIGNALS)
        return Verdict(field=field, fold=0, signals=signals, right=right, wanted=True, is_ocr=False)

    never_wrong = [verdict("due_date", 5.0, right=True) for _ in range(60)]
    often_wrong = [verdict("issue_date", s, right=s > 0) for s in (-2.0, -1.5, 2.0, 4.0, 5.0) for _ in range(40)]
    confidence = fit_confidences([*never_wrong, *often_wrong], ["due_date", "issue_date"])["due_date"]
    assert confidence.of(verdict("due_date", -2.0, right=True).signals) < 0.7
    assert confidence.of(verdict("due_date", 5.0, right=True).signals) > 0.95


def test_net_totals_of_a_tax_table_alone_are_not_called_wrong(examples: Sequence[Example]) -> None:
    example = next(e for e in examples if "total_with_vat" in e.fields)
    silent = replace(example.sample, label={**example.sample.label, "fields": {}})
    without = replace(example, sample=silent)
    assert not without.knows("total_without_vat")
    assert without.knows("due_date")


def test_few_papers_do_not_move_confidences() -> None:
    assert fit_honesty([0.9] * 10, [False] * 10, [1.0] * 10) == (1.0, 0.0)


def test_a_label_without_a_place_is_true_only_where_its_words_stand() -> None:
    reading = reading_of(page_of(["Invoice no 4711", None, "Somewhere below the 4711 comes again"]))
    sample = Sample(
        reading=reading,
        label={"document_type": "invoice", "fields": {"invoice_number": "4711"}, "lines": [], "evidence": {}},
        family="seller x",
        is_real=True,
    )
    example = measure(sample)
    truths = example.truths["invoice_number"]
    assert (truths == 1).sum() == 1
    assert not example.teaches("due_date")


def test_a_field_with_too_few_examples_gets_no_model(examples: Sequence[Example]) -> None:
    assert fit_field(examples, "container_number", 1) is None


def test_confidence_follows_what_was_observed() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=600)
    rights = (rng.random(600) < 1 / (1 + np.exp(-2 * scores))).tolist()
    signals = [[float(s), *[0.0] * (len(SIGNALS) - 1)] for s in scores]
    confidence = fit_confidence(signals, rights)
    high = [right for s, right in zip(signals, rights, strict=True) if confidence.of(s) > 0.8]
    assert np.mean(high) == pytest.approx(
        np.mean([confidence.of(s) for s in signals if confidence.of(s) > 0.8]), abs=0.06
    )


def test_wrong_check_digits_are_wrong_on_paper_and_in_the_label() -> None:
    sample = next(
        s
        for s in samples(30, 5)
        if "payment_iban" in s.label["fields"] and iban_is_valid(s.label["fields"]["payment_iban"])
    )
    reading, label = with_wrong_check_digits(sample.reading, sample.label)
    iban = label["fields"]["payment_iban"]
    assert not iban_is_valid(iban)
    assert squeeze(iban) in squeeze("".join(w.text for p in reading.pages for w in p.words))


def test_noise_keeps_the_paper_and_marks_it_as_scanned() -> None:
    sample = next(iter(samples(1, 2)))
    noisy = as_if_scanned(sample.reading, Random(1))
    assert all(page.source is Source.OCR for page in noisy.pages)
    assert all(0 < word.confidence < 1 for page in noisy.pages for word in page.words)


@pytest.mark.parametrize("seed", range(8))
def test_a_receipt_shows_what_its_label_says(seed: int) -> None:
    reading, label = random_receipt(Random(seed))
    words = [w.text for p in reading.pages for w in p.words]
    text, numbers, dates = squeeze("".join(words)), numbers_in(words), dates_in(words)
    seen = [is_visible(name, value, text, numbers, dates) for name, value in label["fields"].items()]
    assert sum(seen) >= len(seen) - 2


def test_a_run_reports_beside_its_baseline_and_its_bundle_loads(tmp_path: Path) -> None:
    report, content = train(24, 7, generated_only=True)
    assert report["metrics"].keys() == {"model", "keywords"}
    assert report["gate"].keys() == {"passed", "why"}
    assert 0 <= report["metrics"]["model"]["ece"] <= 1
    path = tmp_path / "bundle.json"
    write_bundle(content, report, path)
    bundle = load_bundle(path)
    assert bundle.card["seed"] == 7
    assert json.loads(path.read_text(encoding="utf-8"))["features"] == list(FEATURES)
