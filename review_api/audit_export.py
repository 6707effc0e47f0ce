"""Writes the audit log into a folder, with a program of the standard library alone that verifies it anywhere."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core import audit_log
from core.canonical import canonical_json
from core.checkpoints import LOG_NAME, PUBLIC_NAME
from core.database import Database

ENTRIES_NAME = "audit.jsonl"
VERIFIER = Path(__file__).parent / "verify_audit.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExport:
    """How much was written, and into which files."""

    entries: int
    files: tuple[str, ...]


def export_audit(database: Database, checkpoints: Path, folder: Path) -> AuditExport:
    """Writes every entry as one line of canonical JSON, copies the checkpoints, and puts the verifier beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [ENTRIES_NAME, VERIFIER.name]
    for name in (LOG_NAME, PUBLIC_NAME):
        if (checkpoints / name).exists():
            shutil.copyfile(checkpoints / name, folder / name)
            files.append(name)
    count = 0
    with database.read() as session, (folder / ENTRIES_NAME).open("w", encoding="utf-8") as file:
        for entry in audit_log.all_entries(session):
            file.write(canonical_json(entry) + "\n")
            count += 1
    shutil.copyfile(VERIFIER, folder / VERIFIER.name)
    return AuditExport(entries=count, files=tuple(files))
