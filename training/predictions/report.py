"""Shows a run: as a table beside every baseline for people, as one JSON document for programs."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from training.predictions.gate import Gate, Interval
from training.predictions.outcome import Judged, Outcome

Metrics = Mapping[str, Mapping[str, float]]
_DIGITS = 6


def outcome_json(outcome: Outcome, gate: Gate) -> str:
    """The document that the interface promises; a metric without an answer is null."""
    return _json(
        {
            "name": outcome.name,
            "trained_until": outcome.trained_until.isoformat(),
            "evaluated": _evaluated(outcome),
            "metrics": {name: _rounded(judged.metrics) for name, judged in outcome.ways.items()},
            "gate": {"passed": gate.passed, "why": gate.why},
        }
    )


def outcome_text(outcome: Outcome, gate: Gate, champion: Judged | None) -> str:
    """The run as people read it."""
    ways = {name: judged.metrics for name, judged in outcome.ways.items()}
    if champion is not None:
        ways["champion"] = champion.metrics
    head = f"{outcome.name}: knows nothing after {outcome.trained_until}, judged on {outcome.count:,} subjects"
    return "\n".join(
        [
            f"{head} from {outcome.judged_from} to {outcome.judged_to}",
            *_table(ways),
            *[f"note: {note}" for note in outcome.notes],
            f"gate {'passed' if gate.passed else 'not passed'}: {gate.why}",
        ]
    )


def compared_json(outcome: Outcome, ways: Metrics, saving: Interval, notes: Sequence[str]) -> str:
    """A comparison for programs: metrics by the names that were asked for, and what the second saves."""
    return _json(
        {
            "name": outcome.name,
            "evaluated": _evaluated(outcome),
            "metrics": {name: _rounded(metrics) for name, metrics in ways.items()},
            "saving": _rounded({"mean": saving.mean, "low": saving.low, "high": saving.high}),
            "notes": list(notes),
        }
    )


def compared_text(outcome: Outcome, ways: Metrics, saving: Interval, notes: Sequence[str]) -> str:
    """A comparison as people read it."""
    first, second = ways
    surely = "surely more" if saving.is_saving else "surely less" if saving.high < 0 else "neither surely"
    return "\n".join(
        [
            f"{outcome.name}: {outcome.count:,} subjects from {outcome.judged_from} to {outcome.judged_to}",
            *_table(ways),
            (
                f"{second} saves {saving.mean:.4g} a subject beside {first}, 95% between {saving.low:.4g} and "
                f"{saving.high:.4g}: {surely}"
            ),
            *[f"note: {note}" for note in notes],
        ]
    )


def table_rows(ways: Metrics) -> list[list[str]]:
    """Metrics as cells: a heading, then a row for each way, with a dash for what a way does not say."""
    names = list(dict.fromkeys(name for metrics in ways.values() for name in metrics))
    return [
        ["", *names],
        *[[way, *[shown(metrics.get(name)) for name in names]] for way, metrics in ways.items()],
    ]


def shown(value: Any) -> str:
    """A figure with four digits behind the point; a dash for none."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _table(ways: Metrics) -> list[str]:
    rows = table_rows(ways)
    wide = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        f"{row[0]:<{wide[0]}}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], wide[1:], strict=True))
        for row in rows
    ]


def _evaluated(outcome: Outcome) -> dict[str, Any]:
    return {"from": outcome.judged_from.isoformat(), "to": outcome.judged_to.isoformat(), "count": outcome.count}


def _rounded(metrics: Mapping[str, float]) -> dict[str, float | None]:
    return {name: round(float(value), _DIGITS) if math.isfinite(value) else None for name, value in metrics.items()}


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False)
