"""Compares two bundles of a model on the same later period: their figures side by side, and what one surely saves."""

import argparse
import os
from datetime import date

from core.settings import Settings
from models.bundle import Bundle
from training.predictions import refusals
from training.predictions.gate import paired_interval
from training.predictions.outcome import Judged, Outcome, Period
from training.predictions.report import compared_json, compared_text
from training.predictions.running import check_period, opened, teller
from training.predictions.runs import KNOWN
from training.predictions.shelf import Shelf
from training.predictions.snapshot import SnapshotFrames


def run(arguments: argparse.Namespace) -> int:
    """`clearhold-train compare NAME A B`: exit code 0."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    name = arguments.model
    shelf = Shelf(Settings().home, name)
    asked = _labels(arguments.first, arguments.second)
    bundles = {label: shelf.find(which) for label, which in asked.items()}
    period = Period(until=arguments.until, evaluate_to=arguments.evaluate_to)
    with opened(arguments.feeds) as frames:
        snapshot = SnapshotFrames(frames)
        check_period(name, KNOWN[name], snapshot, period)
        outcome = KNOWN[name].load()(snapshot, period, seed=arguments.seed, say=teller(quiet=arguments.json))
        judged = {label: _judged(outcome, bundle) for label, bundle in bundles.items()}
    first, second = judged.values()
    saving = paired_interval(first.costs, second.costs, seed=arguments.seed)
    ways = {label: found.metrics for label, found in judged.items()}
    notes = [note for label, bundle in bundles.items() for note in _seen(label, bundle, outcome)]
    shown = compared_json if arguments.json else compared_text
    print(shown(outcome, ways, saving, notes))
    return 0


def _labels(first: str, second: str) -> dict[str, str]:
    """What was asked for by the name it is shown under: two of the same name are told apart."""
    return {first: first, (second if second != first else f"{second} again"): second}


def _judged(outcome: Outcome, bundle: Bundle) -> Judged:
    found = outcome.judge(bundle)
    if found is None:
        raise refusals.other_columns(outcome.name, bundle.version)
    return found


def _seen(label: str, bundle: Bundle, outcome: Outcome) -> list[str]:
    """Whether a bundle had seen a part of what it is judged on: its figures then flatter it."""
    said = bundle.card.get("trained_until")
    until = date.fromisoformat(said) if isinstance(said, str) else None
    if until is None or until <= outcome.trained_until or until < outcome.judged_from:
        return []
    return [f"{label} was trained on what was known until {until}, inside the judged period: its figures flatter it"]
