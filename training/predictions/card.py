"""Writes a model card: what a model learnt from, how good it was beside every baseline, and what it cannot do."""

from collections.abc import Mapping
from dataclasses import dataclass

from training.predictions.gate import Gate
from training.predictions.outcome import Outcome
from training.predictions.report import shown, table_rows
from training.predictions.snapshot import Read

LIMITS = (
    "It was judged on this period of these feeds and says nothing of another house or a later time: watch its drift.",
    "It adds scrutiny, ranks, explains and recommends. No score of it can clear what a control holds.",
    "What was judged is what is exported: it was not trained again on the judged period.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a run was made from.

    Attributes:
        data: one hash of all feeds that were read.
        code: version, hash of the sources, commit.
    """

    data: str
    feeds: Mapping[str, Read]
    code: str
    seed: int


def model_card(outcome: Outcome, gate: Gate, made_from: Provenance, *, learns: str) -> str:
    """The card as Markdown."""
    gap = (outcome.judged_from - outcome.trained_until).days
    return "\n".join(
        [
            f"# {outcome.name}: {learns}",
            "",
            f"Version `{outcome.bundle.version}`. The gate {'passed' if gate.passed else 'did not pass'}: {gate.why}.",
            "",
            "## Data and period",
            "",
            f"- Knows nothing after {outcome.trained_until}.",
            (
                f"- Judged on {outcome.count:,} subjects from {outcome.judged_from} to {outcome.judged_to}, "
                f"{gap} {'day' if gap == 1 else 'days'} after the last it learnt from."
            ),
            f"- Data `{made_from.data}`; code {made_from.code}; seed {made_from.seed}.",
            "",
            "| feed | rows | SHA-256 of its rows |",
            "|---|---:|---|",
            *[f"| {feed} | {read.rows:,} | `{read.sha256[:16]}…` |" for feed, read in made_from.feeds.items()],
            "",
            "## How good it was",
            "",
            f"What the house does today: *{outcome.rule}*. Honesty is measured by `{outcome.calibration}`.",
            "",
            *_table(outcome),
            "",
            *_section("Notes", outcome.notes),
            *_section("Limits", LIMITS),
            "## Features",
            "",
            ", ".join(f"`{feature}`" for feature in outcome.bundle.features) or "none",
            "",
            "## Parameters",
            "",
            *[f"- {name}: {shown(value)}" for name, value in outcome.parameters.items()],
            "",
        ]
    )


def _table(outcome: Outcome) -> list[str]:
    head, *rows = table_rows({name: judged.metrics for name, judged in outcome.ways.items()})
    return ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"] + [
        "| " + " | ".join(row) + " |" for row in rows
    ]


def _section(title: str, sentences: tuple[str, ...]) -> list[str]:
    return [f"## {title}", "", *[f"- {sentence}" for sentence in sentences], ""] if sentences else []
