"""Runs the training of a predictive model from feeds to gate: learn, judge, record, and export where that was asked."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.database import Database
from core.settings import Settings
from ingest.feed_frames import DatabaseFrames, FolderFrames, Frames
from models.bundle import Bundle, write_bundle
from training import tracking
from training.predictions import refusals
from training.predictions.card import Provenance, model_card
from training.predictions.gate import Gate, judge_gate
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.report import outcome_json, outcome_text
from training.predictions.runs import KNOWN, Known
from training.predictions.shelf import Shelf
from training.predictions.snapshot import SnapshotFrames, code_version, day_span


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run that was judged.

    Attributes:
        champion: how the bundle in service did on the same subjects.
        bundle: what was learnt, its card filled in.
        card: the model card as Markdown.
    """

    outcome: Outcome
    champion: Judged | None
    gate: Gate
    bundle: Bundle
    card: str
    made_from: Provenance
    seconds: float


def run(arguments: argparse.Namespace) -> int:
    """`clearhold-train NAME`: exit code 0, or 1 when `--promote` was asked and the gate did not pass."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    tracking.check_installed()
    shelf = Shelf(Settings().home, arguments.command)
    period = Period(until=arguments.until, evaluate_to=arguments.evaluate_to)
    with opened(arguments.feeds) as frames:
        done = finish(
            arguments.command, frames, period, seed=arguments.seed, say=teller(quiet=arguments.json), shelf=shelf
        )
    number = _record(done, KNOWN[arguments.command])
    outcome, gate = done.outcome, done.gate
    print(outcome_json(outcome, gate) if arguments.json else outcome_text(outcome, gate, done.champion))
    if not arguments.promote:
        return 0
    if not gate.passed:
        print(f"not promoted: {gate.why}. What is served stays.", file=sys.stderr)
        return 1
    place = shelf.promote(done.bundle)
    tracking.crown(arguments.command, number)
    print(f"promoted: {done.bundle.version} to {place}", file=sys.stderr)
    return 0


def finish(name: str, frames: Frames, period: Period, *, seed: int, say: Say, shelf: Shelf) -> Finished:
    """Learns, is judged beside every baseline and the champion, and passes the gate or not.

    Raises:
        InputError: `TRAIN-FEED-EMPTY`, `TRAIN-PERIOD`, `TRAIN-TOO-LITTLE`.
    """
    started = time.perf_counter()
    known, snapshot = KNOWN[name], SnapshotFrames(frames)
    say("reading the feeds")
    check_period(name, known, snapshot, period)
    outcome = known.load()(snapshot, period, seed=seed, say=say)
    say("judging the champion on the same subjects")
    served = shelf.champion()
    champion = None if served is None else outcome.judge(served)
    gate = judge_gate(outcome, champion, champion_version=None if served is None else served.version, seed=seed)
    made_from = Provenance(data=snapshot.sha256(), feeds=snapshot.read(), code=code_version(), seed=seed)
    return Finished(
        outcome=outcome,
        champion=champion,
        gate=gate,
        bundle=_with_card(outcome, made_from),
        card=model_card(outcome, gate, made_from, learns=known.learns),
        made_from=made_from,
        seconds=round(time.perf_counter() - started, 1),
    )


def check_period(name: str, known: Known, frames: Frames, period: Period) -> None:
    """Refuses what cannot be learnt or judged, before any work is done.

    Raises:
        InputError: `TRAIN-FEED-EMPTY`, `TRAIN-PERIOD`.
    """
    until, evaluate_to = period.until, period.evaluate_to
    if until is not None and evaluate_to is not None and evaluate_to <= until:
        raise refusals.period_reversed(until, evaluate_to)
    spans = [span for feed, column in known.feeds.items() if (span := day_span(frames.frame(feed), column))]
    if not spans:
        raise refusals.feed_empty(name, tuple(known.feeds))
    first, last = spans[0]
    if until is not None and until >= last:
        raise refusals.nothing_after(until, last)
    if until is not None and until < first:
        raise refusals.nothing_before(until, first)


@contextmanager
def opened(folder: Path | None) -> Iterator[Frames]:
    """The feeds of a folder, or those of the database as they are at one instant."""
    if folder is not None:
        yield FolderFrames(folder)
        return
    database = Database(Settings().url())
    try:
        database.migrate()
        with database.read() as session:
            yield DatabaseFrames(session)
    finally:
        database.close()


def teller(*, quiet: bool) -> Say:
    """Progress on stderr, or nothing where a program listens."""

    def say(text: str) -> None:
        if not quiet:
            print(text, file=sys.stderr, flush=True)

    return say


def _with_card(outcome: Outcome, made_from: Provenance) -> Bundle:
    """The bundle with what it was made from, beside what its run wrote on the card."""
    return replace(
        outcome.bundle,
        card={
            **outcome.bundle.card,
            "trained_until": outcome.trained_until.isoformat(),
            "judged": [outcome.judged_from.isoformat(), outcome.judged_to.isoformat(), outcome.count],
            "metrics": {
                way: {name: shown for name, value in judged.metrics.items() if (shown := _finite(value)) is not None}
                for way, judged in outcome.ways.items()
            },
            "notes": list(outcome.notes),
            "data_sha256": made_from.data,
            "code": made_from.code,
            "seed": made_from.seed,
        },
    )


def _finite(value: float) -> float | None:
    number = float(value)
    return round(number, 6) if abs(number) < float("inf") else None


def _record(done: Finished, known: Known) -> int:
    """Keeps the run with its plots, card and bundle; the number of the version it was registered under."""
    outcome = done.outcome
    ways = {**outcome.ways, **({} if done.champion is None else {"champion": done.champion})}
    kept = tracking.Record(
        experiment=outcome.name,
        parameters={
            **outcome.parameters,
            "seed": done.made_from.seed,
            "trained_until": outcome.trained_until,
            "judged_from": outcome.judged_from,
            "judged_to": outcome.judged_to,
            "judged_count": outcome.count,
            "data_sha256": done.made_from.data,
            "code_version": done.made_from.code,
            "seconds": done.seconds,
        },
        metrics={name: judged.metrics for name, judged in ways.items()},
        tags={
            "learns": known.learns,
            "gate": "passed" if done.gate.passed else "not passed",
            "why": done.gate.why,
            **{f"data.{feed}": read.sha256 for feed, read in done.made_from.feeds.items()},
        },
        texts={"card.md": done.card, **{f"plots/{name}.svg": text for name, text in outcome.plots.items()}},
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{done.bundle.version}.json")
        write_bundle(done.bundle, file)
        number = tracking.record(kept, bundle=file, version=done.bundle.version)
    if number is None:
        raise AssertionError("a bundle that is recorded is registered")
    return number
