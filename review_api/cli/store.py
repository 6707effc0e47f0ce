"""`clearhold store`: how documents are sealed on the disk, a new key, and sealing all of them with it."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.settings import Settings

_PLAIN = "(plain)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with the store."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{status,new-key,rekey}")
    status = actions.add_parser("status", help="how many documents are sealed with which key")
    status.add_argument("--json", action="store_true", help="print one JSON document")
    new_key = actions.add_parser("new-key", help="put a new key first in a key file; older keys stay to open with")
    new_key.add_argument("file", help="the key file; it is made where there is none")
    new_key.add_argument("--id", required=True, metavar="ID", help="what the key is called, such as 2026-11")
    rekey = actions.add_parser("rekey", help="seal every document with the first key of the key file, while all runs")
    rekey.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Does what was asked; no key is ever printed."""
    from pathlib import Path

    from core.settings import Settings
    from ingest.sealing import add_key

    if args.action == "new-key":
        add_key(Path(args.file), args.id)
        print(f"{args.file} has the key {args.id}. Keep a copy elsewhere: without it no document can be read.")
        return 0
    settings = Settings()
    return _status(settings, as_json=args.json) if args.action == "status" else _rekey(settings, as_json=args.json)


def _status(settings: "Settings", *, as_json: bool) -> int:
    from core.canonical import canonical_json
    from review_api.cli.text_table import text_table
    from review_api.services import open_store

    store = open_store(settings)
    counts = Counter(store.key_of(sha256) or _PLAIN for sha256 in store.hashes())
    missing = sorted(store.missing_keys())
    if as_json:
        told = {"current": store.keys.current if store.keys else None, "documents": counts, "missing_keys": missing}
        print(canonical_json(told))
    else:
        rows = [(key, f"{counts[key]:,}", "missing" if key in missing else "") for key in sorted(counts)]
        print(text_table(("key", "documents", ""), rows, right=frozenset({"documents"})))
    return 1 if missing else 0


def _rekey(settings: "Settings", *, as_json: bool) -> int:
    from core.canonical import canonical_json
    from core.clock import SystemClock
    from core.database import Database
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.keeping.rekey import rekey
    from review_api.services import open_store

    db = Database(settings.url())
    try:
        with progress("documents looked at") as tell:
            done = rekey(db, open_store(settings), at=SystemClock().now(), by=f"user:{operator()}", progress=tell)
    finally:
        db.close()
    print(
        canonical_json(done)
        if as_json
        else f"{done.sealed:,} of {done.documents:,} documents sealed anew with the key {done.key_id}."
    )
    return 0
