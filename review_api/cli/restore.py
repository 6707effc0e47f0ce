"""`clearhold restore`: puts a backup into an empty home and database, or only tests it."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("file", help="a file that `clearhold backup` has written")
    parser.add_argument("--check", action="store_true", help="only test that it is whole; restore nothing")
    parser.add_argument(
        "--force", metavar="WORDS", help='say "replace what is there" where home and database are not empty'
    )
    parser.add_argument("--json", action="store_true", help="print what was restored as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Restores; exit code 1 when the file is not whole or something is there already, and then nothing was changed."""
    from pathlib import Path

    from core.canonical import canonical_json
    from core.clock import SystemClock
    from core.errors import InputError
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.keeping.archive import check
    from review_api.keeping.restore import restore
    from review_api.keeping.restore_place import FORCE_WORDS

    if args.force not in {None, FORCE_WORDS}:
        raise InputError("RESTORE-WORDS", "Those are not the words.", f'Say --force "{FORCE_WORDS}".')
    path = Path(args.file)
    with progress("of the backup") as tell:
        if args.check:
            manifest, more = check(path, tell), {}
        else:
            done = restore(
                Settings(), SystemClock(), path, by=f"user:{operator()}", force=args.force is not None, progress=tell
            )
            manifest, more = done.manifest, {"aside": str(done.aside) if done.aside else None, "now": done.revision}
    rows = sum(manifest.rows.values())
    if args.json:
        told = {
            "file": str(path),
            "made_at": manifest.made_at,
            "revision": manifest.revision,
            "rows": rows,
            "documents": manifest.documents,
            "missing": manifest.missing,
            "document_keys": manifest.document_keys,
            "audit_sequence": manifest.audit_sequence,
        }
        print(canonical_json(told | {"restored": not args.check} | more))
        return 0
    what = f"{rows:,} rows and {manifest.documents:,} documents of {manifest.made_at}"
    print(
        f"{path} is whole: {what}" if args.check else f"Restored {what}, up to audit entry {manifest.audit_sequence:,}."
    )
    if more.get("aside"):
        print(f"What was there before is in {more['aside']}.")
    if manifest.document_keys:
        print(f"To read the documents these keys are needed: {', '.join(manifest.document_keys)}")
    if not args.check:
        print("Now: clearhold audit verify, clearhold replay --all, clearhold serve.")
    return 0
