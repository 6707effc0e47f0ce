"""Verifies an exported audit log: `python3 verify_audit.py [FOLDER or ZIP]`, with Python 3.9 or later and nothing else.

Every entry's hash is SHA-256 over the canonical JSON (sorted keys, no spaces) of the entry without its `hash`; every
entry carries the hash of the one before, the first carries 64 zeros. Checkpoints beside it are compared too, and their
Ed25519 signatures tested with the public key that lies there: compare that key with the one you were given another way
(`--key HEX` does it). Where only a part was exported
(`export.json` says which) entries are missing on purpose: each is tested by itself and against the one before it, where
that is there; what was left out cannot be. Where facts were erased after a
retention period (`erased_by_entry`), a later entry must tell the hash of what is left.
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
PUBLIC = "audit-checkpoints.pub"


def main(place: Path, known_key: str = "") -> int:
    """Prints what is wrong and returns 1, or says that all is sound and returns 0."""
    files = _Files(place)
    about = next(iter(files.whole(ABOUT)), {})
    is_part = bool(about.get("filter"))
    signed, key = list(files.lines(CHECKPOINTS)), files.text(PUBLIC).strip()
    points = {line["checkpoint"]["sequence"]: line["checkpoint"] for line in signed}
    problems = _unsigned(signed, key)
    if known_key and key != known_key:
        problems.append(f"the checkpoints are signed with the key {key or 'that is missing'}, not with {known_key}")
    previous_hash, last, count, met = GENESIS_HASH, 0, 0, 0
    emptied: dict[int, str] = {}
    for entry in files.lines(ENTRIES):
        problems += _follow_erasures(entry, emptied)
        problems += _problems(entry, last, previous_hash, is_part)
        point = points.pop(entry["sequence"], None)
        if point is not None and point["hash"] != entry["hash"]:
            problems.append(f"entry {entry['sequence']} is not the one a checkpoint saw at {point['at']}")
        previous_hash, last, count, met = entry["hash"], entry["sequence"], count + 1, met + (point is not None)
    erased = len(emptied) if is_part else 0
    problems += [] if is_part else [f"entry {number} lost its facts, and none tells of it" for number in emptied]
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
        if signed:
            print(f"{len(signed)} checkpoints signed with the key {key}")
        if erased:
            print(f"{erased} have lost their facts; the part does not say by which entry")
    return 1 if problems else 0


def _follow_erasures(entry: dict[str, Any], emptied: dict[int, str]) -> list[str]:
    """Remembers an entry that lost its facts; one that tells of it must tell what is left of it."""
    told = {int(number): left for number, left in entry["payload"].get("emptied", {}).items()}
    found = [f"entry {number} was changed" for number, left in told.items() if emptied.pop(number, left) != left]
    if list(entry["payload"]) == ["erased_by_entry"]:
        emptied[entry["sequence"]] = _what_is_left(entry)
    return found


def _what_is_left(entry: dict[str, Any]) -> str:
    body = {name: value for name, value in entry.items() if name != "payload"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
    is_emptied = list(entry["payload"]) == ["erased_by_entry"]
    if hashlib.sha256(text.encode()).hexdigest() != entry["hash"] and not is_emptied:
        found.append(f"entry {sequence} was changed")
    return found


def _unsigned(signed: list[dict[str, Any]], key: str) -> list[str]:
    """Checkpoints whose signature is not the key's."""
    if signed and not key:
        return [f"the public key of the checkpoints, {PUBLIC}, is missing"]
    found = []
    for line in signed:
        text = json.dumps(line["checkpoint"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if not is_signed(key, line["signature"], text.encode()):
            found.append(
                f"the checkpoint of entry {line['checkpoint']['sequence']} is not signed with the key beside it"
            )
    return found


# Ed25519 (RFC 8032) on the curve -x² + y² = 1 + d·x²·y² over the integers modulo 2^255 - 19. A point is kept
# as (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z: nothing is divided on the way.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def is_signed(key: str, signature: str, message: bytes) -> bool:
    """Whether the signature of a message is the key's: `S·B = R + k·A`. Both are given in hexadecimal."""
    try:
        public, both = bytes.fromhex(key), bytes.fromhex(signature)
        a, r, s = _point(public), _point(both[:32]), int.from_bytes(both[32:], "little")
    except ValueError:
        return False
    if len(both) != 64 or s >= _L:
        return False
    k = int.from_bytes(hashlib.sha512(both[:32] + public + message).digest(), "little") % _L
    return _same(_times(s, _BASE), _plus(r, _times(k, a)))


def _point(encoded: bytes) -> _Point:
    """The point 32 bytes stand for: `y`, and of the two `x` that fit the one the highest bit says."""
    number = int.from_bytes(encoded, "little")
    y, is_odd = number % 2**255, number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT % _P
    if len(encoded) != 32 or y >= _P or x * x % _P != square or (x == 0 and is_odd):
        raise ValueError("these bytes are no point of the curve")
    x = x if x % 2 == is_odd else _P - x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def _plus(one: _Point, other: _Point) -> _Point:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * _D * t1 * t2, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    found = (0, 1, 1, 0)
    while number:
        if number % 2:
            found = _plus(found, point)
        point, number = _plus(point, point), number // 2
    return found


def _same(one: _Point, other: _Point) -> bool:
    return all((one[axis] * other[2] - other[axis] * one[2]) % _P == 0 for axis in (0, 1))


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
        text = self.text(name)
        if text:
            yield json.loads(text)

    def text(self, name: str) -> str:
        """All of a file; empty where there is no such file."""
        with self._open(name) as file:
            return file.read()

    def _open(self, name: str) -> io.TextIOBase:
        if self.zip is not None:
            is_there = name in self.zip.namelist()
            return io.TextIOWrapper(self.zip.open(name), encoding="utf-8", newline="\n") if is_there else io.StringIO()
        path = self.folder / name
        return path.open(encoding="utf-8", newline="\n") if path.exists() else io.StringIO()


def _asked() -> int:
    arguments = sys.argv[1:]
    known = ""
    if "--key" in arguments:
        place = arguments.index("--key")
        known = "".join(arguments[place + 1 : place + 2]).lower()
        del arguments[place : place + 2]
    return main(Path(arguments[0]) if arguments else Path(__file__).resolve().parent, known)


if __name__ == "__main__":
    sys.exit(_asked())
