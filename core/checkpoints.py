"""Signed checkpoints: the head of the audit chain, written to files outside the database with an Ed25519 key.

Whoever can write the database cannot also take back what a checkpoint saw. The files belong on another disk, or are
copied away; the public key lies beside them, so that an auditor needs nothing else.
"""

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from core.audit import Checkpoint
from core.canonical import canonical_json, instant_from_text
from core.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG_NAME = "audit-checkpoints.jsonl"
PUBLIC_NAME = "audit-checkpoints.pub"
KEY_NAME = "audit-signing.key"


def write_checkpoint(folder: Path, key_folder: Path, checkpoint: Checkpoint) -> None:
    """Signs the head and appends it to the file, flushed to the disk; the key is made on first use."""
    from cryptography.hazmat.primitives import serialization

    key = _signing_key(key_folder)
    folder.mkdir(parents=True, exist_ok=True)
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    write_once(folder / PUBLIC_NAME, public.hex().encode())
    body = canonical_json(checkpoint)
    line = json.dumps({"checkpoint": json.loads(body), "signature": key.sign(body.encode()).hex()}, sort_keys=True)
    with (folder / LOG_NAME).open("a+b") as file:
        file.write(b"\n" * _is_torn(file) + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_checkpoints(folder: Path) -> tuple[Checkpoint, ...]:
    """Reads the checkpoints and tests every signature.

    Raises:
        InputError: `AUDIT-CHECKPOINT` when a line is broken or its signature is not the key's.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not (folder / LOG_NAME).exists():
        return ()
    found = []
    lines = (folder / LOG_NAME).read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        if not line.endswith("}\n"):
            continue  # a power cut while it was written: the checkpoint before it still stands
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex((folder / PUBLIC_NAME).read_text().strip()))
            data = json.loads(line)
            public.verify(bytes.fromhex(data["signature"]), canonical_json(data["checkpoint"]).encode())
            point = data["checkpoint"]
            found.append(Checkpoint(at=instant_from_text(point["at"]), sequence=point["sequence"], hash=point["hash"]))
        except (InvalidSignature, ValueError, KeyError, OSError) as error:
            raise InputError(
                "AUDIT-CHECKPOINT",
                f"Line {number} of {folder / LOG_NAME} is not a checkpoint this installation signed.",
                "Compare it with your copy of the checkpoints; treat the audit log as doubtful until it is explained.",
            ) from error
    return tuple(found)


def _is_torn(file: BinaryIO) -> bool:
    """Whether a power cut left the last line without its end."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _signing_key(folder: Path) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = folder / KEY_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        raw = key.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        write_once(path, raw.hex().encode(), mode=0o600)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def write_once(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Writes a file whole or not at all, and never over one that is there."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
