"""`clearhold promise`: what each error promise stands at, its thresholds, and how many labelled papers are missing."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.promise_report import PromiseReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's options."""
    parser.add_argument("--renew", action="store_true", help="derive the thresholds anew first, where history changed")
    parser.add_argument("--picture", metavar="FILE", help="draw touchless share against risk into an SVG file")
    parser.add_argument("--kind", default="invoice", help="the kind of paper to draw (invoice)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Prints the table or the document, and draws the picture."""
    from pathlib import Path

    from core.canonical import canonical_json
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.promising import picture
    from review_api.services import build_services
    from triage import promise_keeping, promise_report

    drawn = None
    services = build_services(Settings())
    try:
        at = services.clock.now()
        if args.renew:
            promise_keeping.renew(services.db, at=at, by=f"user:{operator()}")
        with services.db.read() as session:
            policy, found = promise_report.reports(session, at)
        drawn = picture(services, args.kind) if args.picture else None
    finally:
        services.close()
    if drawn is not None:
        Path(args.picture).write_text(drawn, encoding="utf-8")
    if args.json:
        print(canonical_json(promise_report.as_json(policy, found)))
    else:
        print(_table(policy.confidence.basis, found))
    return 0


def _table(basis: str, found: "tuple[PromiseReport, ...]") -> str:
    from review_api.cli.text_table import text_table
    from triage.promise_report import missing

    rows = []
    for report in found:
        version = report.version
        point = None if version is None else version.point
        rows.append(
            (
                report.kind,
                f"{report.promise.error_pct} % at {report.promise.confidence_pct} %",
                "0" if version is None else f"{version.papers:,}",
                "–" if point is None else f"{point.touchless:.1%}",
                "–" if point is None else f"{point.bound:.2%}",
                f"{report.watch.errors} of {report.watch.checks}",
                missing(report) or "nothing",
            )
        )
    head = ("kind", "promise", "labelled", "clears", "at most wrong", "blind checks wrong", "missing")
    lines = [text_table(head, rows)]
    lines += _thresholds(found)
    if basis != "promise":
        lines.append("Typed thresholds are in force (confidence.basis): labels are kept, but no promise rests on them.")
    return "\n".join(lines)


def _thresholds(found: "tuple[PromiseReport, ...]") -> list[str]:
    from review_api.cli.text_table import text_table

    rows = [
        (
            report.kind,
            at.field,
            at.source,
            "nothing clears" if at.threshold is None else str(at.threshold),
            f"{at.labels:,}",
            f"{at.errors:,}",
        )
        for report in found
        if report.version is not None
        for at in report.version.thresholds
    ]
    return ["", text_table(("kind", "field", "source", "threshold", "labels", "wrong"), rows)] if rows else []
