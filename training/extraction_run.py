"""Trains the field scorer on generated papers, judges it on layouts it has not seen, and exports the bundle.

Every score that a confidence or a metric is made from comes from a model that never saw that paper's layout family:
the families are dealt into folds, and each fold is scored by models of the others.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.canonical import sha256_of
from extraction.agreement import agrees
from extraction.bundle import DEFAULT, bundle_checksum
from extraction.calibration import SIGNALS, Confidence, expected_calibration_error
from extraction.decode import Choice, decode
from extraction.features import FEATURES, eligible
from extraction.fields import signals_of
from extraction.scorer import FieldModel, Scored, keyword_model
from training.extraction_data import Example, measure, samples
from training.extraction_fit import fit_confidence, fit_field, models_of
from training.extraction_rest import fit_rest

FOLDS = 4
DEFAULT_DOCUMENTS = 1200
LEAST_F1, MOST_ECE = 0.90, 0.05
_SHOW_AT = 0.15
TRACKING = "sqlite:///mlruns/mlflow.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A value chosen for a field of a paper: what its confidence is made from, and whether it is right."""

    field: str
    fold: int
    signals: tuple[float, ...]
    right: bool
    wanted: bool


def run(arguments: argparse.Namespace) -> int:
    """`clearhold-train extraction`: exit code 0, or 1 when `--promote` was asked and the gate did not pass."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    started = time.perf_counter()
    report, content = train(arguments.documents or DEFAULT_DOCUMENTS, arguments.seed, quiet=arguments.json)
    report["seconds"] = round(time.perf_counter() - started, 1)
    _log(report, arguments.seed)
    if arguments.promote and report["gate"]["passed"]:
        write_bundle(content, report, DEFAULT)
        report["promoted"] = str(DEFAULT)
    _show(report, as_json=arguments.json)
    return 0 if report["gate"]["passed"] or not arguments.promote else 1


def train(count: int, seed: int, *, quiet: bool = True) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report of a training run and the models and confidences it made; the same for the same count and seed."""
    _say(f"measuring {count} generated papers", quiet=quiet)
    examples = [measure(sample) for sample in samples(count, seed)]
    fields = sorted({field for example in examples for field in example.fields})
    fold_of = deal_folds([example.sample.family for example in examples])
    verdicts: list[Verdict] = []
    baseline: list[Verdict] = []
    for fold in range(FOLDS):
        _say(f"fold {fold + 1} of {FOLDS}", quiet=quiet)
        seen = [e for e in examples if fold_of[e.sample.family] != fold]
        models = models_of(fit_all(seen, fields, seed))
        for example in examples:
            if fold_of[example.sample.family] == fold:
                verdicts += judge(example, models, fold)
                baseline += judge(example, {}, fold)
    wanted = Counter(f for e in examples for f in e.fields if f in e.sample.label["fields"])
    confidences = {field: fit_confidence(*_by_field(verdicts, field)) for field in fields}
    confidences["*"] = fit_confidence([v.signals for v in verdicts], [v.right for v in verdicts])
    confidences |= fit_rest(examples)
    metrics = {
        "model": metrics_of(verdicts, wanted, calibrate(verdicts, fields)),
        "keywords": metrics_of(baseline, wanted, calibrate(baseline, fields)),
    }
    _say("fitting on all layouts", quiet=quiet)
    content = {
        "models": fit_all(examples, fields, seed),
        "confidences": {f: c.to_json() for f, c in confidences.items()},
    }
    return _report(examples, metrics, seed), content


def deal_folds(families: Sequence[str]) -> dict[str, int]:
    """Deals layout families into folds of about equal size, the largest first."""
    sizes, load = Counter(families), [0] * FOLDS
    folds: dict[str, int] = {}
    for family, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        folds[family] = load.index(min(load))
        load[folds[family]] += size
    return folds


def fit_all(examples: Sequence[Example], fields: Sequence[str], seed: int) -> dict[str, dict[str, Any]]:
    """A model for every field that has enough examples."""
    return {field: model for field in fields if (model := fit_field(examples, field, seed)) is not None}


def judge(example: Example, models: Mapping[str, FieldModel], fold: int) -> list[Verdict]:
    """What these models would read from a paper, and whether it is right."""
    verdicts = []
    for field, choice in choices_of(example, models).items():
        wanted = example.sample.label["fields"].get(field)
        right = wanted is not None and agrees(field, choice.candidate.value, wanted)
        signals = tuple(signals_of(example.scene, field, choice, example.source))
        verdicts.append(Verdict(field=field, fold=fold, signals=signals, right=right, wanted=wanted is not None))
    return verdicts


def choices_of(example: Example, models: Mapping[str, FieldModel]) -> dict[str, Choice]:
    """Scores the measured candidates and decodes them, as extraction does."""
    scored = {}
    for field in example.fields:
        candidates = eligible(example.scene, field)
        if candidates:
            model = models.get(field) or keyword_model(field)
            odds = model.log_odds(example.vectors[field].astype(np.float64))
            ranked = [Scored(candidate=c, log_odds=float(o)) for c, o in zip(candidates, odds, strict=True)]
            scored[field] = tuple(sorted(ranked, key=lambda s: -s.log_odds))
    return decode(scored)


def calibrate(verdicts: Sequence[Verdict], fields: Sequence[str]) -> list[float]:
    """Each verdict's confidence, by confidences fitted on the other folds only."""
    fitted: dict[tuple[str, int], Confidence] = {}
    for field in fields:
        for fold in range(FOLDS):
            others = [v for v in verdicts if v.fold != fold and v.field == field]
            fitted[field, fold] = fit_confidence([v.signals for v in others], [v.right for v in others])
    return [fitted[v.field, v.fold].of(v.signals) for v in verdicts]


def metrics_of(verdicts: Sequence[Verdict], wanted: Mapping[str, int], confidences: Sequence[float]) -> dict[str, Any]:
    """Field F1 (micro) of what would be shown, calibration error of every verdict, coverage at 99 % precision."""
    shown = [v for v, c in zip(verdicts, confidences, strict=True) if c >= _SHOW_AT and v.wanted]
    right, total = sum(v.right for v in shown), sum(wanted.values())
    by_field = {}
    for field, count in sorted(wanted.items()):
        mine = [v for v in shown if v.field == field]
        by_field[field] = round(2 * sum(v.right for v in mine) / max(len(mine) + count, 1), 4)
    return {
        "f1": round(2 * right / max(len(shown) + total, 1), 4),
        "ece": round(expected_calibration_error(confidences, [v.right for v in verdicts]), 4),
        "coverage_at_99": round(coverage_at(0.99, confidences, [v.right for v in verdicts], total), 4),
        "by_field": by_field,
    }


def coverage_at(precision: float, confidences: Sequence[float], rights: Sequence[bool], wanted: int) -> float:
    """The longest prefix, by falling confidence, of which the given share is right, over all wanted values."""
    best = right = 0
    ranked = sorted(zip(confidences, rights, strict=True), key=lambda pair: -pair[0])
    for number, (_, is_right) in enumerate(ranked, 1):
        right += is_right
        if right >= precision * number:
            best = number
    return best / max(wanted, 1)


def write_bundle(content: Mapping[str, Any], report: Mapping[str, Any], path: Path) -> None:
    """Writes the bundle with its card and its checksum."""
    body: dict[str, Any] = {
        "name": "extraction",
        "version": f"extraction-{sha256_of(_as_text(content['models']))[:12]}",
        "features": list(FEATURES),
        "signals": list(SIGNALS),
        **content,
        "card": {
            "made_from": "generated papers only; no real document",
            "documents": report["evaluated"]["count"],
            "seed": report["seed"],
            "fields": sorted(content["models"]),
            "method": "keyword score and boosted trees added up; confidence by logistic model and isotonic table, "
            "fitted on layout families that the models had not seen",
            "metrics": {
                name: {k: v for k, v in values.items() if k != "by_field"} for name, values in report["metrics"].items()
            },
        },
    }
    body["checksum"] = bundle_checksum(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")


def _as_text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _by_field(verdicts: Sequence[Verdict], field: str) -> tuple[list[tuple[float, ...]], list[bool]]:
    mine = [v for v in verdicts if v.field == field]
    return [v.signals for v in mine], [v.right for v in mine]


def _report(examples: Sequence[Example], metrics: Mapping[str, Any], seed: int) -> dict[str, Any]:
    model, keywords = metrics["model"], metrics["keywords"]
    passed = model["f1"] >= max(LEAST_F1, keywords["f1"]) and model["ece"] <= MOST_ECE
    why = (
        f"F1 {model['f1']:.3f} (keywords {keywords['f1']:.3f}, floor {LEAST_F1}), "
        f"ECE {model['ece']:.3f} (at most {MOST_ECE})"
    )
    return {
        "name": "extraction",
        "seed": seed,
        "trained_until": None,
        "evaluated": {"from": None, "to": None, "count": len(examples), "held_out": "layout families, in turn"},
        "metrics": dict(metrics),
        "gate": {"passed": passed, "why": why},
    }


def _log(report: Mapping[str, Any], seed: int) -> None:
    """Records the run in MLflow's own database."""
    import logging

    import mlflow

    Path("mlruns").mkdir(exist_ok=True)
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(TRACKING)
    mlflow.set_experiment("extraction")
    with mlflow.start_run():
        mlflow.log_params({"documents": report["evaluated"]["count"], "seed": seed, "folds": FOLDS})
        for name, values in report["metrics"].items():
            mlflow.log_metrics({f"{name}.{key}": value for key, value in values.items() if isinstance(value, float)})


def _show(report: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report))
        return
    model, keywords = report["metrics"]["model"], report["metrics"]["keywords"]
    print(f"{'field':28}{'model':>8}{'keywords':>10}")
    for field, value in model["by_field"].items():
        print(f"{field:28}{value:8.3f}{keywords['by_field'][field]:10.3f}")
    for key in ("f1", "ece", "coverage_at_99"):
        print(f"{key:28}{model[key]:8.3f}{keywords[key]:10.3f}")
    print(f"gate {'passed' if report['gate']['passed'] else 'not passed'}: {report['gate']['why']}")


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        print(text, file=sys.stderr, flush=True)
