"""`clearhold insights`: the figures of the insights page in a terminal, counted up to this moment."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review_api.insights_words import Teller
    from review_api.services import Services
    from triage.insights.tally import Figure
    from triage.model_insights import ModelMonth

_RIGHT = frozenset({"count", "share", "seconds", "money", "number"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what to tell."""
    parser.add_argument("what", nargs="*", help="names of figures (`touchless backlog`), or `models`; all when none")
    parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="DAY", help="first day, in UTC")
    parser.add_argument("--to", dest="until", type=date.fromisoformat, metavar="DAY", help="last day")
    parser.add_argument("--kind", default="paper", help="paper, planning, all, or one kind (paper)")
    for name in ("queue", "legal-entity", "supplier", "site"):
        parser.add_argument(f"--{name}", help=f"only this {name.replace('-', ' ')}")
    parser.add_argument("--rebuild", action="store_true", help="throw all counts away and count anew")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Prints the tables or the document."""
    from core.settings import Settings
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        print(_models(services, args) if args.what == ["models"] else _figures(services, args))
    finally:
        services.close()
    return 0


def _figures(services: "Services", args: argparse.Namespace) -> str:
    from core.canonical import canonical_json
    from review_api import insights
    from triage.insights import upkeep
    from triage.insights.scope import scope_of

    if args.rebuild:
        upkeep.rebuild(services.db)
    counted = upkeep.catch_up(services.db, services.clock)
    scope = scope_of(
        services.clock.now().date(), since=args.since, until=args.until, kind=args.kind, queue=args.queue,
        legal_entity=args.legal_entity, supplier=args.supplier, site=args.site,
    )  # fmt: skip
    names = args.what or insights.NAMES
    found = [insights.figure(services, name, scope, {})[0] for name in names]
    if args.json:
        told = [insights.as_json(figure, scope, counted.counted_at) for figure in found]
        return canonical_json({"figures": told})
    return "\n\n".join(_told(figure, _teller(services)) for figure in found)


def _teller(services: "Services") -> "Teller":
    from review_api.insights_words import Teller
    from review_api.presenting import reader_of

    reader = reader_of("en", services.clock.now())
    return Teller(reader=reader, currency=services.policy.priority.house_currency, changes=())


def _told(figure: "Figure", told: "Teller") -> str:
    from review_api.cli.text_table import text_table

    titles = [column.title for column in figure.columns]
    rows = [
        tuple(told.write(row[column.name], column.kind, row.get("currency")) for column in figure.columns)
        for row in figure.rows
    ]
    right = frozenset(column.title for column in figure.columns if column.kind in _RIGHT)
    table = text_table(tuple(titles), rows, right=right) if rows else "nothing to count"
    return f"{figure.title}\n{table}"


def _models(services: "Services", args: argparse.Namespace) -> str:
    from core.canonical import canonical_json
    from review_api.model_insights import as_json, months

    found = months(services)
    return canonical_json(as_json(found)) if args.json else _months(found)


def _months(found: "Sequence[ModelMonth]") -> str:
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
