"""Verifies an exported audit log: `python3 verify_audit.py [FOLDER or ZIP]`, with Python 3.9 or later and nothing else.

Every entry's hash is SHA-256 over the canonical JSON (sorted keys, no spaces) of the entry without its `hash`; every
entry carries the hash of the one before, the first carries 64 zeros. Checkpoints beside it are compared too; their
Ed25519 signatures need a library and are tested by `clearhold audit verify`. Where only a part was exported
(`export.json` says which) entries are missing on purpose: each is tested by itself and against the one before it, where
that is there; what was left out cannot be.
"""

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GENESIS_HASH = "0" * 64
ENTRIES, CHECKPOINTS, ABOUT = "audit.jsonl", "audit-checkpoints.jsonl", "export.json"


def main(place: Path) -> int:
    """Prints what is wrong and returns 1, or says that all is sound and returns 0."""
    files = _Files(place)
    about = next(iter(files.whole(ABOUT)), {})
    is_part = bool(about.get("filter"))
    points = {line["checkpoint"]["sequence"]: line["checkpoint"] for line in files.lines(CHECKPOINTS)}
    problems: list[str] = []
    previous_hash, last, count, met = GENESIS_HASH, 0, 0, 0
    for entry in files.lines(ENTRIES):
        problems += _problems(entry, last, previous_hash, is_part)
        point = points.pop(entry["sequence"], None)
        if point is not None and point["hash"] != entry["hash"]:
            problems.append(f"entry {entry['sequence']} is not the one a checkpoint saw at {point['at']}")
        previous_hash, last, count, met = entry["hash"], entry["sequence"], count + 1, met + (point is not None)
    if not is_part:
        newest = about.get("newest_entry")
        missed = [point for point in points.values() if newest is None or point["sequence"] <= newest]
        problems += [f"entry {point['sequence']} is missing, a checkpoint saw it at {point['at']}" for point in missed]
    if "entries" in about and about["entries"] != count:
        problems.append(f"{about['entries']} entries were exported, {count} are here")
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"sound: {count} entries" + (f", a part: {json.dumps(about['filter'])}" if is_part else ""))
        print(f"{met} of them as a checkpoint saw them")
    return 1 if problems else 0


def _problems(entry: dict[str, Any], last: int, previous_hash: str, is_part: bool) -> list[str]:
    found = []
    sequence = entry["sequence"]
    follows = sequence == last + 1
    if not follows and not (is_part and sequence > last):
        found.append(f"entry {last + 1} should follow, but entry {sequence} does")
    if entry["previous_hash"] != previous_hash and (follows or not is_part):
        found.append(f"entry {sequence} does not continue the entry before it")
    body = {name: value for name, value in entry.items() if name != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode()).hexdigest() != entry["hash"]:
        found.append(f"entry {sequence} was changed")
    return found


class _Files:
    """The files of an export, in a folder or in the zip as it was fetched."""

    def __init__(self, place: Path) -> None:
        self.folder = place
        self.zip = zipfile.ZipFile(place) if place.is_file() else None

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """Every whole line of a file; none where there is no such file."""
        with self._open(name) as file:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)

    def whole(self, name: str) -> Iterator[dict[str, Any]]:
        """The one value a file holds, where there is such a file."""
        with self._open(name) as file:
            text = file.read()
        if text:
            yield json.loads(text)

    def _open(self, name: str) -> io.TextIOBase:
        if self.zip is not None:
            is_there = name in self.zip.namelist()
            return io.TextIOWrapper(self.zip.open(name), encoding="utf-8", newline="\n") if is_there else io.StringIO()
        path = self.folder / name
        return path.open(encoding="utf-8", newline="\n") if path.exists() else io.StringIO()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
