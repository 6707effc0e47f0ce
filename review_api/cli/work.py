"""`clearhold work`: a worker alone. Many may run beside one another on PostgreSQL, and on SQLite on one machine."""

import argparse
from collections.abc import Mapping

ORDER = ("clear", "sample", "hold", "block")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--once", action="store_true", help="work until nothing is left to decide, then exit")
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON document")
    parser.add_argument("--node", help="a name for this worker in the audit (default: host and process)")
    parser.add_argument("--quiet", action="store_true", help="log warnings only")


def run(args: argparse.Namespace) -> int:
    """Works until it is told to stop; exit code 1 when a document could not even be given to a person."""
    import logging
    import signal

    from core.collecting import collecting_seldom
    from core.logs import start_logging
    from core.settings import Settings
    from review_api.services import build_services
    from review_api.worker import Worker

    settings = Settings()
    start_logging(settings.log_format, logging.WARNING if args.quiet or args.once else logging.INFO)
    services = build_services(settings)
    worker = Worker(services, args.node)
    before = {number: signal.signal(number, lambda *_: worker.stop()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with collecting_seldom():
            work = worker.run(once=args.once)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        services.close()
    if args.json:
        from core.canonical import canonical_json

        print(canonical_json(work))
    elif args.once:
        print(_table(work.outcomes, work.unreadable, work.decided_again, work.seconds))
    return 1 if work.given_up else 0


def _table(outcomes: Mapping[str, int], unreadable: int, decided_again: int, seconds: float) -> str:
    from review_api.cli.text_table import text_table

    decided = sum(outcomes.values())
    rows = [(name, str(outcomes.get(name, 0))) for name in ORDER]
    rows += [("decided", str(decided)), ("of them unreadable", str(unreadable)), ("decided again", str(decided_again))]
    table = text_table(("outcome", "papers"), rows, right=frozenset({"papers"}))
    each = f", {seconds / decided * 1000:.0f} ms a paper" if decided else ""
    return f"{table}\n{seconds:.1f} s{each}"
