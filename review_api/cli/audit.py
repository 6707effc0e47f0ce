"""`clearhold audit`: tests the chain against itself and its signed checkpoints; exports it with a verifier."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.database import Database
    from core.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with the audit log."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{verify,export}")
    verify = actions.add_parser("verify", help="say which entry was changed, removed, added, reordered or cut off")
    verify.add_argument("--json", action="store_true", help="print the result as one JSON document")
    export = actions.add_parser("export", help="write the entries as JSON Lines, with a program that verifies them")
    export.add_argument("folder", help="a folder; it is made when it is not there")
    export.add_argument("--json", action="store_true", help="print what was written as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Does what was asked; verify exits with 1 when the chain is not as it was written."""
    from core.database import Database
    from core.settings import Settings

    settings = Settings()
    database = Database(settings.url())
    database.migrate()
    try:
        return _verify(database, settings, args) if args.action == "verify" else _export(database, settings, args)
    finally:
        database.close()


def _verify(database: "Database", settings: "Settings", args: argparse.Namespace) -> int:
    from core import audit_log
    from core.canonical import canonical_json
    from core.checkpoints import read_checkpoints

    # Read first: a checkpoint written meanwhile would name an entry this view of the database does not have yet.
    checkpoints = read_checkpoints(settings.checkpoints())
    with database.read() as session:
        newest = audit_log.head(session)
        damage = audit_log.verify(session, checkpoints)
    count = 0 if newest is None else newest.sequence
    if args.json:
        print(
            canonical_json({"entries": count, "checkpoints": len(checkpoints), "sound": not damage, "damage": damage})
        )
    elif not damage:
        print(f"The audit log is sound: {count} entries, {len(checkpoints)} signed checkpoints.")
    for place in damage:
        print(f"{place.kind} at entry {place.sequence}: {place.message} [AUDIT-{place.kind.upper()}]", file=sys.stderr)
    if damage:
        print("Compare with a backup and with an export made before.", file=sys.stderr)
    return 1 if damage else 0


def _export(database: "Database", settings: "Settings", args: argparse.Namespace) -> int:
    from pathlib import Path

    from core.canonical import canonical_json
    from core.clock import SystemClock
    from review_api.audit_export import EVERYTHING, begin_export, export_audit
    from review_api.cli.operator import operator

    begun = begin_export(database, settings.checkpoints(), EVERYTHING, by=f"user:{operator()}", at=SystemClock().now())
    written = export_audit(database, begun, Path(args.folder))
    if args.json:
        print(canonical_json({"entries": written.entries, "files": written.files}))
    else:
        print(f"{written.entries} entries in {args.folder}; verify them with: python3 {args.folder}/verify_audit.py")
    return 0
