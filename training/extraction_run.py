"""Trains the field scorer, judges it on layouts and sellers it has not seen, and exports the bundle.

Every score that a confidence or a metric is made from comes from a model that never saw that paper's layout family or
seller: these are dealt into folds, and each fold is scored by models of the others.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from core.canonical import sha256_of
from extraction.bundle import DEFAULT, bundle_checksum
from extraction.calibration import SIGNALS
from extraction.features import FEATURES
from training.extraction_data import Example, Sample, measure, samples
from training.extraction_fit import fit_field, models_of
from training.extraction_metrics import Verdict, crossed, fit_confidences, judge, metrics_of, wanted_of
from training.extraction_real import ATTRIBUTION, real_samples
from training.extraction_rest import fit_rest
from training.tracking import Record, record

FOLDS = 4
DEFAULT_DOCUMENTS = 1500
LEAST_F1, MOST_ECE = 0.90, 0.05
LEAST_REAL_F1, MOST_REAL_ECE = 0.80, 0.08
_ALL = -1
_PROCESSES = 2
_shared: list[Example] = []


def run(arguments: argparse.Namespace) -> int:
    """`clearhold-train extraction`: exit code 0, or 1 when `--promote` was asked and the gate did not pass."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    started = time.perf_counter()
    report, content = train(
        arguments.documents or DEFAULT_DOCUMENTS,
        arguments.seed,
        generated_only=arguments.generated_only,
        quiet=arguments.json,
    )
    report["seconds"] = round(time.perf_counter() - started, 1)
    _log(report, arguments.seed)
    if arguments.promote and report["gate"]["passed"]:
        write_bundle(content, report, DEFAULT)
        report["promoted"] = str(DEFAULT)
    _show(report, as_json=arguments.json)
    return 0 if report["gate"]["passed"] or not arguments.promote else 1


def train(
    count: int, seed: int, *, generated_only: bool = False, quiet: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report of a training run and the models and confidences it made; the same for the same papers and seed.

    Args:
        generated_only: leave real papers out even where they are there.
    """
    real: Iterator[Sample] = iter(()) if generated_only else real_samples()
    examples = _measured(chain(samples(count, seed), real), count, quiet=quiet)
    fields = sorted({field for example in examples for field in example.fields})
    fold_of = deal_folds([example.sample.family for example in examples])
    fitted = _fit_everything(examples, fields, fold_of, seed, quiet=quiet)
    verdicts: list[Verdict] = []
    baseline: list[Verdict] = []
    for fold in range(FOLDS):
        models = models_of(fitted[fold])
        for example in examples:
            if fold_of[example.sample.family] == fold:
                verdicts += judge(example, models, fold)
                baseline += judge(example, {}, fold)
    _say("fitting confidences", quiet=quiet)
    content = {
        "models": fitted[_ALL],
        "confidences": {f: c.to_json() for f, c in (fit_confidences(verdicts, fields) | fit_rest(examples)).items()},
    }
    return _report(examples, _metrics(examples, verdicts, baseline, fields), seed), content


def _measured(papers: Iterator[Sample], count: int, *, quiet: bool) -> list[Example]:
    examples: list[Example] = []
    for paper in papers:
        if len(examples) % 200 == 0:
            _say(f"measuring paper {len(examples)} (of {count} generated ones, receipts and real ones)", quiet=quiet)
        examples.append(measure(paper))
    return examples


def deal_folds(families: Sequence[str]) -> dict[str, int]:
    """Deals layout families and sellers into folds of about equal size, the largest first."""
    sizes, load = Counter(families), [0] * FOLDS
    folds: dict[str, int] = {}
    for family, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        folds[family] = load.index(min(load))
        load[folds[family]] += size
    return folds


def _fit_everything(
    examples: Sequence[Example], fields: Sequence[str], fold_of: Mapping[str, int], seed: int, *, quiet: bool
) -> dict[int, dict[str, dict[str, Any]]]:
    """Models of each field without each fold, and of all papers; fitted side by side, with the same outcome."""
    folds = (*range(FOLDS), _ALL)
    tasks = [
        (field, fold, tuple(fold_of[e.sample.family] for e in examples), seed) for field in fields for fold in folds
    ]
    fitted: dict[int, dict[str, dict[str, Any]]] = {fold: {} for fold in folds}
    _shared[:] = examples
    try:
        with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("fork")) as pool:
            for number, (task, model) in enumerate(zip(tasks, pool.map(_fit_task, tasks), strict=True)):
                if number % len(folds) == 0:
                    _say(f"fitting {task[0]}", quiet=quiet)
                if model is not None:
                    fitted[task[1]][task[0]] = model
    finally:
        _shared.clear()
    return fitted


def _fit_task(task: tuple[str, int, tuple[int, ...], int]) -> dict[str, Any] | None:
    field, fold, folds, seed = task
    return fit_field([e for e, f in zip(_shared, folds, strict=True) if f != fold], field, seed)


def _metrics(
    examples: Sequence[Example], verdicts: Sequence[Verdict], baseline: Sequence[Verdict], fields: Sequence[str]
) -> dict[str, Any]:
    """Metrics by group of papers: generated ones of held-out layouts, real ones of held-out sellers."""
    wanted = wanted_of(examples)
    by_model, by_keywords = crossed(verdicts, fields), crossed(baseline, fields, honest=False)
    found = {}
    for group in sorted(wanted):
        for name, mine, sure in (("model", verdicts, by_model), ("keywords", baseline, by_keywords)):
            chosen = [(v, c) for v, c in zip(mine, sure, strict=True) if v.group == group]
            key = name if group == "generated" else f"{group}, {name}"
            found[key] = metrics_of([v for v, _ in chosen], wanted[group], [c for _, c in chosen])
    return found


def write_bundle(content: Mapping[str, Any], report: Mapping[str, Any], path: Path) -> None:
    """Writes the bundle with its card and its checksum."""
    body: dict[str, Any] = {
        "name": "extraction",
        "version": f"extraction-{sha256_of(_as_text(content['models']))[:12]}",
        "features": list(FEATURES),
        "signals": list(SIGNALS),
        **content,
        "card": {
            **report["card"],
            "seed": report["seed"],
            "fields": sorted(content["models"]),
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


def _card(examples: Sequence[Example]) -> dict[str, Any]:
    """What it was made from, under which licences, and how."""
    real = [e.sample for e in examples if e.sample.is_real]
    generated = [e.sample for e in examples if not e.sample.is_real]
    card: dict[str, Any] = {
        "made_from": "generated papers only; no real document",
        "documents": len(generated),
        "layout_families": sorted({sample.family for sample in generated}),
        "real_documents": len(real),
        "real_sellers": len({sample.family for sample in real}),
        "method": "keyword score and LightGBM trees added up; totals chosen together; confidence by logistic model and "
        "isotonic table, fitted on layout families and sellers that the models had not seen, and moved to hold on "
        "real papers where there are some",
    }
    if real:
        card["made_from"] = "generated papers, and real papers of that half of the sellers which may teach"
        card["licences"] = ATTRIBUTION
    return card


def _report(examples: Sequence[Example], metrics: Mapping[str, Any], seed: int) -> dict[str, Any]:
    passed, why = _gate(metrics)
    return {
        "name": "extraction",
        "seed": seed,
        "trained_until": None,
        "evaluated": {
            "from": None,
            "to": None,
            "count": len(examples),
            "held_out": "layout families and sellers, in turn",
        },
        "metrics": dict(metrics),
        "card": _card(examples),
        "gate": {"passed": passed, "why": why},
    }


def _gate(metrics: Mapping[str, Any]) -> tuple[bool, str]:
    """Better than keywords and good enough, on layouts not seen and, where there are real papers, on sellers too."""
    passed, said = True, []
    for name, values in metrics.items():
        if name.endswith("keywords"):
            continue
        keywords = metrics[f"{name.removesuffix('model')}keywords"]
        least, most = (LEAST_F1, MOST_ECE) if name == "model" else (LEAST_REAL_F1, MOST_REAL_ECE)
        passed &= values["f1"] >= max(least, keywords["f1"]) and values["ece"] <= most
        said.append(
            f"{name}: F1 {values['f1']:.3f} (keywords {keywords['f1']:.3f}, floor {least}), "
            f"ECE {values['ece']:.3f} (at most {most})"
        )
    return passed, "; ".join(said)


def _log(report: Mapping[str, Any], seed: int) -> None:
    """Records the run beside those of the other models."""
    record(
        Record(
            experiment="extraction",
            parameters={"documents": report["evaluated"]["count"], "seed": seed, "folds": FOLDS},
            metrics={
                name: {key: value for key, value in values.items() if isinstance(value, float)}
                for name, values in report["metrics"].items()
            },
        )
    )


def _show(report: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report))
        return
    model, keywords = report["metrics"]["model"], report["metrics"]["keywords"]
    print(f"{'field':28}{'model':>8}{'keywords':>10}")
    for field, value in model["by_field"].items():
        print(f"{field:28}{value:8.3f}{keywords['by_field'][field]:10.3f}")
    print(f"{'papers held out':28}{'F1':>8}{'ECE':>8}{'cover 99':>10}")
    for name, values in report["metrics"].items():
        print(f"{name:28}{values['f1']:8.3f}{values['ece']:8.3f}{values['coverage_at_99']:10.3f}")
    print(f"gate {'passed' if report['gate']['passed'] else 'not passed'}: {report['gate']['why']}")


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        print(text, file=sys.stderr, flush=True)
