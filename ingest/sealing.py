"""Seals stored bytes with a key of the house, and opens them again: AES-256-GCM in chunks, a key of its own per file.

Form: a first line that says so, the id of the key, 16 random bytes, then chunks of a mebibyte, each with its tag. The
key of a file comes from the house's key and the random bytes (HKDF-SHA-256), so that counters may serve as nonces; the
last chunk is marked, so that a file cannot be cut; the head is authenticated with every chunk.
"""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConflictError, UnavailableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIRST_LINE = b"clearhold sealed 1\n"
CHUNK_BYTES = 1 << 20
_KEY_BYTES, _SALT_BYTES, _TAG_BYTES = 32, 16, 16
_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_PURPOSE = b"clearhold document"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKeys:
    """The keys of the house by id: `current` seals what comes in, every one opens what it has sealed."""

    current: str
    secrets: Mapping[str, bytes] = field(repr=False)


def read_keys(path: Path) -> DocumentKeys:
    """Reads a key file: a line for each key, its id and 32 bytes in base 64; the first one seals.

    Raises:
        UnavailableError: `DOC-KEY-FILE`; never with what the file says.
    """
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeError):
        raise _bad_file(path, "cannot be read") from None
    found: dict[str, bytes] = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        secret = _secret(words[1]) if len(words) == 2 and _KEY_ID.fullmatch(words[0]) else None
        if secret is None or words[0] in found:
            raise _bad_file(path, f"has no key in line {number}")
        found[words[0]] = secret
    if not found:
        raise _bad_file(path, "has no key")
    return DocumentKeys(current=next(iter(found)), secrets=found)


def add_key(path: Path, key_id: str) -> None:
    """Puts a new random key first in a key file, which is made where there is none; older keys stay to open with.

    Raises:
        ConflictError: `DOC-KEY-ID` when the id is taken or is none.
        UnavailableError: `DOC-KEY-FILE` when the file that is there is none of keys.
    """
    older = path.read_text("ascii") if path.exists() else ""
    if not _KEY_ID.fullmatch(key_id) or (older and key_id in read_keys(path).secrets):
        raise ConflictError(
            "DOC-KEY-ID", f"{key_id!r} cannot be the id of a new key.", "Take another, such as the month: 2026-11."
        )
    line = f"{key_id} {base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(line + older)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def seal(data: bytes, keys: DocumentKeys) -> bytes:
    """The bytes, sealed with the current key."""
    name = keys.current.encode()
    head = FIRST_LINE + bytes([len(name)]) + name + secrets.token_bytes(_SALT_BYTES)
    cipher = _cipher(keys.secrets[keys.current], head)
    parts = [head]
    for nonce, start in _chunks(len(data), CHUNK_BYTES):
        parts.append(cipher.encrypt(nonce, data[start : start + CHUNK_BYTES], head))
    return b"".join(parts)


def sealed_with(start: bytes) -> str | None:
    """Id of the key that bytes with this beginning were sealed with; None when they say they are not."""
    if not start.startswith(FIRST_LINE) or len(start) <= len(FIRST_LINE):
        return None
    place = len(FIRST_LINE) + 1
    return start[place : place + start[place - 1]].decode("ascii", "replace")


def open_sealed(sealed: bytes, keys: DocumentKeys | None) -> bytes:
    """The bytes that were sealed.

    Raises:
        UnavailableError: `DOC-KEY-MISSING` when the key is not among these, `DOC-KEY-WRONG` when the bytes were not
            sealed with the key of that id, or have changed.
    """
    from cryptography.exceptions import InvalidTag

    key_id = sealed_with(sealed) or ""
    secret = None if keys is None else keys.secrets.get(key_id)
    if secret is None:
        raise UnavailableError(
            "DOC-KEY-MISSING",
            f"A stored document needs the key {key_id!r}, which this program does not have.",
            "Add the key to the file CLEARHOLD_DOCUMENT_KEY_FILE names, and start anew.",
        )
    end = len(FIRST_LINE) + 1 + len(key_id) + _SALT_BYTES
    head, size = sealed[:end], CHUNK_BYTES + _TAG_BYTES
    cipher = _cipher(secret, head)
    try:
        parts = [
            cipher.decrypt(nonce, sealed[end + start : end + start + size], head)
            for nonce, start in _chunks(len(sealed) - end, size)
        ]
    except InvalidTag:
        raise UnavailableError(
            "DOC-KEY-WRONG",
            f"A stored document cannot be opened with the key {key_id!r}: it is another than sealed it, "
            "or the bytes have changed on disk.",
            "Compare the key file with your copy of it; then check the disk and restore the document from a backup.",
        ) from None
    return b"".join(parts)


def _chunks(length: int, size: int) -> Iterator[tuple[bytes, int]]:
    """Nonce and start of each chunk; there is always one, and the last one's nonce says that it is the last."""
    count = max(1, -(-length // size))
    for number in range(count):
        yield number.to_bytes(11) + bytes([number == count - 1]), number * size


def _cipher(secret: bytes, head: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    salt = head[-_SALT_BYTES:]
    return AESGCM(HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=_PURPOSE).derive(secret))


def _secret(text: str) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == _KEY_BYTES else None


def _bad_file(path: Path, what: str) -> UnavailableError:
    return UnavailableError(
        "DOC-KEY-FILE",
        f"The key file {path} {what}.",
        "Each line has an id and 32 bytes in base 64; `clearhold store new-key FILE` makes one.",
    )
