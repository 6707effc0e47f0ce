"""Verifies an exported audit log: run it with Python 3.9 or later, nothing else is needed.

Every entry's hash is SHA-256 over the canonical JSON (sorted keys, no spaces) of the entry without its `hash`; every
entry carries the hash of the one before, the first carries 64 zeros. Checkpoints beside it are compared too; their
Ed25519 signatures need a library and are tested by `clearhold audit verify`.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GENESIS_HASH = "0" * 64


def main(folder: Path) -> int:
    """Prints what is wrong and returns 1, or says that all is sound and returns 0."""
    problems: list[str] = []
    seen: dict[int, str] = {}
    previous_hash, last = GENESIS_HASH, 0
    for entry in _lines(folder / "audit.jsonl"):
        problems += _problems(entry, last, previous_hash)
        seen[entry["sequence"]] = entry["hash"]
        previous_hash, last = entry["hash"], entry["sequence"]
    for line in _lines(folder / "audit-checkpoints.jsonl"):
        point = line["checkpoint"]

        if seen.get(point["sequence"]) != point["hash"]:
            problems.append(f"entry {point['sequence']} is not the one a checkpoint saw at {point['at']}")
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"sound: {last} entries")
    return 1 if problems else 0


def _problems(entry: dict[str, Any], last: int, previous_hash: str) -> list[str]:
    found = []
    sequence = entry["sequence"]
    if sequence != last + 1:
        found.append(f"entry {last + 1} should follow, but entry {sequence} does")
    if entry["previous_hash"] != previous_hash:
        found.append(f"entry {sequence} does not continue the entry before it")
    body = {name: value for name, value in entry.items() if name != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode()).hexdigest() != entry["hash"]:
        found.append(f"entry {sequence} was changed")
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
