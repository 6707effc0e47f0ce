"""`clearhold backup`: one consistent file of everything, while the service runs."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("file", help="where to write it; there must be no such file yet")
    parser.add_argument(
        "--despite-missing", action="store_true", help="go on where the store has lost a document; it is named"
    )
    parser.add_argument("--json", action="store_true", help="print what was written as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Writes it; exit code 1 when anything is missing, and then there is no file."""
    import time
    from pathlib import Path

    from core.canonical import canonical_json
    from core.clock import SystemClock
    from core.database import Database
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.cli.progress import progress
    from review_api.keeping.backup import back_up
    from review_api.services import open_store

    settings = Settings()
    db = Database(settings.url())
    started = time.monotonic()
    try:
        with progress("rows and documents written") as tell:
            made = back_up(
                db,
                open_store(settings),
                settings,
                SystemClock(),
                Path(args.file),
                by=f"user:{operator()}",
                despite_missing=args.despite_missing,
                progress=tell,
            )
    finally:
        db.close()
    manifest, seconds = made.manifest, time.monotonic() - started
    rows = sum(manifest.rows.values())
    if args.json:
        told = {
            "file": str(made.path),
            "size_bytes": made.size_bytes,
            "manifest_sha256": made.manifest_sha256,
            "made_at": manifest.made_at,
            "revision": manifest.revision,
            "rows": rows,
            "documents": manifest.documents,
            "missing": manifest.missing,
            "document_keys": manifest.document_keys,
            "audit_sequence": manifest.audit_sequence,
        }
        print(canonical_json(told | {"seconds": round(seconds, 3)}))
        return 0
    print(
        f"{made.path}: {rows:,} rows and {manifest.documents:,} documents up to audit entry "
        f"{manifest.audit_sequence:,}, {made.size_bytes:,} bytes, {seconds:.1f} s"
    )
    print(f"manifest {made.manifest_sha256}")
    if manifest.missing:
        print(f"{len(manifest.missing)} documents are missing, named in its manifest: it is not whole")
    if manifest.document_keys:
        print(f"documents are encrypted; keep these keys elsewhere: {', '.join(manifest.document_keys)}")
    return 0
