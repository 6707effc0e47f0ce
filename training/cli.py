"""The program `clearhold-train`: reads the command line and hands over to the run it names."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from core.errors import ClearholdError
from training.predictions.runs import KNOWN


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; answers the exit code: 0 done, 1 refused or failed, 2 usage."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ClearholdError as error:
        print(f"{error.code}: {error.message} {error.remedy}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"FILE-FAILED: {error}. Check that the folder exists and may be written.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clearhold-train", description="Batch runs: training, evaluation, and generated documents."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="NAME")

    documents = commands.add_parser("documents", help="write labelled standalone documents")
    documents.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    documents.add_argument("-n", type=_positive, default=100, dest="count", metavar="N", help="how many (100)")
    documents.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (1)")
    documents.add_argument("--scans", type=_share, default=0.0, metavar="SHARE", help="share of scans, 0 to 1 (0)")
    documents.set_defaults(run=_documents)

    retailer = commands.add_parser("retailer", help="write a small retailer: ERP feeds, papers, planted faults")
    retailer.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    retailer.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (1)")
    retailer.add_argument("--as-of", type=_instant, metavar="DATE", help="the day the books are made for (2026-11-23)")
    retailer.set_defaults(run=_retailer)

    year = commands.add_parser("year", help="write a year of a retailer as facts: feeds, papers as read, faults")
    year.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    year.add_argument("-n", type=_positive, default=50_000, dest="count", metavar="N", help="how many bills (50000)")
    year.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (1)")
    year.set_defaults(run=_year)

    extraction = commands.add_parser("extraction", help="train and evaluate the field scorer")
    extraction.add_argument("--documents", type=_positive, metavar="N", help="how many generated documents to train on")
    extraction.add_argument("--seed", type=int, default=1, help="seed of documents and training (1)")
    extraction.add_argument("--promote", action="store_true", help="export the bundle if the gate passes")
    extraction.add_argument("--generated-only", action="store_true", help="leave real papers out, even where there are")
    extraction.set_defaults(run=_extraction)

    predictions = _prediction_parsers(commands)
    for command in (documents, retailer, year, extraction, *predictions):
        command.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _prediction_parsers(commands: Any) -> list[argparse.ArgumentParser]:
    """A command for each predictive model, and the one that compares two of their bundles."""
    found = []
    for name, known in KNOWN.items():
        command = commands.add_parser(name, help=f"train and evaluate: {known.learns}")
        command.add_argument("--promote", action="store_true", help="export the bundle if the gate passes")
        command.set_defaults(run=_prediction)
        found.append(command)
    compare = commands.add_parser("compare", help="compare two bundles of a model on the same later period")
    compare.add_argument("model", choices=sorted(KNOWN), metavar="NAME", help=", ".join(KNOWN))
    for place in ("first", "second"):
        compare.add_argument(place, help="champion, challenger, a version, a number of the registry, or a file")
    compare.set_defaults(run=_compare)
    found.append(compare)
    for command in found:
        command.add_argument("--until", type=_day, metavar="DATE", help="know only what was known on this day")
        command.add_argument("--evaluate-to", type=_day, metavar="DATE", help="the last day that is judged")
        command.add_argument("--seed", type=int, default=1, help="the same feeds and seed give the same model (1)")
        command.add_argument("--feeds", type=Path, metavar="DIR", help="feed files instead of the loaded feeds")
    return found


def _prediction(arguments: argparse.Namespace) -> int:
    from training.predictions.running import run

    return int(run(arguments))


def _compare(arguments: argparse.Namespace) -> int:
    from training.predictions.comparing import run

    return int(run(arguments))


def _documents(arguments: argparse.Namespace) -> int:
    from training.documents_run import run

    result = run(arguments.out, count=arguments.count, seed=arguments.seed, scans=arguments.scans, quiet=arguments.json)
    _show(result, as_json=arguments.json)
    return 0


def _retailer(arguments: argparse.Namespace) -> int:
    from training.retailer_run import run

    when = {} if arguments.as_of is None else {"as_of": arguments.as_of}
    _show(run(arguments.out, seed=arguments.seed, quiet=arguments.json, **when), as_json=arguments.json)
    return 0


def _year(arguments: argparse.Namespace) -> int:
    from training.year_run import run

    result = run(arguments.out, count=arguments.count, seed=arguments.seed, quiet=arguments.json)
    _show(result, as_json=arguments.json)
    return 0


def _extraction(arguments: argparse.Namespace) -> int:
    from training.extraction_run import run

    return int(run(arguments))


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            print(f"{name}")
            for part, count in value.items():
                print(f"  {part:<28}{count:>8}")
        else:
            print(f"{name:<20}{value}")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _instant(text: str) -> datetime:
    """The morning of a day: 08:00 UTC."""
    return datetime.combine(date.fromisoformat(text), time(8), tzinfo=UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-11-23") from None


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return value


if __name__ == "__main__":
    raise SystemExit(main())
