"""Exports the audit log, or a part of it, with a program of the standard library alone that verifies it anywhere.

The page, the API and the terminal give the same files: a zip over HTTP, a folder from the terminal.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core import audit_log, audit_search
from core.audit_search import AuditFilter
from core.canonical import canonical_json, to_jsonable
from core.checkpoints import LOG_NAME, PUBLIC_NAME
from core.database import Database

ENTRIES_NAME = "audit.jsonl"
ABOUT_NAME = "export.json"
VERIFIER = Path(__file__).parent / "verify_audit.py"
EVERYTHING = AuditFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExport:
    """How much was written, and into which files."""

    entries: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is exported, of which chain, for whom.

    Attributes:
        last: the newest entry that is part of it.
    """

    filter: AuditFilter
    checkpoints: Path
    exported_by: str
    exported_at: datetime
    last: int


def begin_export(database: Database, checkpoints: Path, wanted: AuditFilter, *, by: str, at: datetime) -> Wanted:
    """Tells the audit who exports what; that entry is the newest of the chain that may be part of it."""
    with database.write() as session:
        entry = audit_log.append(
            session, at=at, actor=by, action="audit.exported", subject="audit:log", payload=_told_filter(wanted)
        )
    return Wanted(filter=wanted, checkpoints=checkpoints, exported_by=by, exported_at=at, last=entry.sequence)


def zipped(database: Database, wanted: Wanted) -> Iterator[bytes]:
    """The files as a zip, piece by piece: it needs no more memory for a long log than for a short one."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in _files(database, wanted):
            about = zipfile.ZipInfo(name, wanted.exported_at.timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
                    yield sink.taken()
    yield sink.taken()


def export_audit(database: Database, wanted: Wanted, folder: Path) -> AuditExport:
    """Writes the files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, pieces in _files(database, wanted):
        written.append(name)
        with (folder / name).open("wb") as file:
            file.writelines(pieces)
    about = json.loads((folder / ABOUT_NAME).read_text(encoding="utf-8"))
    return AuditExport(entries=about["entries"], files=tuple(written))


def file_name(wanted: Wanted) -> str:
    """What the zip is called: `audit-2026-11-28-1-323.zip`."""
    part = "" if wanted.filter.takes_everything else "-part"
    return f"audit-{wanted.exported_at:%Y-%m-%d}-to-{wanted.last}{part}.zip"


def _files(database: Database, wanted: Wanted) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every file of the export with its pieces; what is said about the entries comes after them."""
    for name in (LOG_NAME, PUBLIC_NAME):
        path = wanted.checkpoints / name
        if path.exists():
            yield name, iter([path.read_bytes()])
    count = _Count()
    yield ENTRIES_NAME, count.lines(database, wanted)
    yield VERIFIER.name, iter([VERIFIER.read_bytes()])
    yield ABOUT_NAME, iter([f"{json.dumps(count.told(wanted), indent=2, ensure_ascii=False)}\n".encode()])


class _Count:
    """Counts and hashes the lines as they are written."""

    def __init__(self) -> None:
        self.entries = 0
        self.hash = hashlib.sha256()

    def lines(self, database: Database, wanted: Wanted) -> Iterator[bytes]:
        for part in audit_search.walk(database, wanted.filter, last=wanted.last):
            text = "".join(f"{canonical_json(entry)}\n" for entry in part).encode()
            self.entries += len(part)
            self.hash.update(text)
            yield text

    def told(self, wanted: Wanted) -> dict[str, object]:
        return {
            "exported_by": wanted.exported_by,
            "exported_at": to_jsonable(wanted.exported_at),
            "filter": _told_filter(wanted.filter),
            "newest_entry": wanted.last,
            "entries": self.entries,
            "sha256": self.hash.hexdigest(),
        }


class _Sink:
    """Takes what the archive writes until it is fetched; it cannot go back, so the archive needs no file."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, data: bytes, /) -> int:
        """Keeps what comes until it is fetched."""
        self._kept += data
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """There is nothing to close."""

    def taken(self) -> bytes:
        """What came since it was asked last."""
        data = bytes(self._kept)
        self._kept.clear()
        return data


def _told_filter(wanted: AuditFilter) -> dict[str, object]:
    """The filter as it is told, without what is left open; empty for the whole chain."""
    return {name: value for name, value in to_jsonable(wanted).items() if value}
