"""`clearhold insights models`: how far models moved from their training, and how they turned out, by month."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.model_insights import ModelMonth


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what to tell."""
    parser.add_argument("what", nargs="?", choices=("models",), default="models")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Prints the table or the document."""
    from core.canonical import canonical_json
    from core.settings import Settings
    from review_api.model_insights import as_json, months
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        found = months(services)
    finally:
        services.close()
    print(canonical_json(as_json(found)) if args.json else _table(found))
    return 0


def _table(found: "tuple[ModelMonth, ...]") -> str:
    from review_api.cli.text_table import text_table

    if not found:
        return "No model has said anything yet. Train one with clearhold-train, and score."
    headers = (
        "month",
        "model",
        "said",
        "drift",
        "psi",
        "missing",
        "known",
        "auc",
        "brier",
        "ece",
        "wape",
        "moved most",
    )
    return text_table(headers, [_row(one) for one in found], right=frozenset(headers[2:11]) - {"drift"})


def _row(one: "ModelMonth") -> tuple[str, ...]:
    turned = one.performance
    figures = (turned.auc, turned.brier, turned.ece, turned.wape)
    moved = " ".join(f"{column.column} {column.psi:.2f}" for column in one.columns if column.verdict != "steady")
    return (
        one.month,
        one.model,
        f"{one.predictions:,}",
        one.verdict,
        "–" if one.score is None else f"{one.score.psi:.2f}",
        "–" if one.missing is None else f"{one.missing:.1%}",
        f"{turned.labelled:,}",
        *("–" if figure is None else f"{figure:.2f}" for figure in figures),
        moved or "–",
    )
