"""Seals small secrets that must be read again, with a key that lies in the home and never in the database."""

from pathlib import Path

from core.checkpoints import write_once
from core.errors import UnavailableError

KEY_NAME = "secrets.key"


def seal(folder: Path, secret: str) -> str:
    """The secret as it may be kept; the key is made on first use."""
    from cryptography.fernet import Fernet

    path = folder / KEY_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_once(path, Fernet.generate_key(), mode=0o600)
    return Fernet(path.read_bytes().strip()).encrypt(secret.encode()).decode()


def unseal(folder: Path, sealed: str) -> str:
    """The secret again.

    Raises:
        UnavailableError: `SECRET-UNREADABLE` when the key is not the one it was sealed with.
    """
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet((folder / KEY_NAME).read_bytes().strip()).decrypt(sealed.encode()).decode()
    except (OSError, ValueError, InvalidToken) as error:
        raise UnavailableError(
            "SECRET-UNREADABLE",
            f"A secret cannot be read with {folder / KEY_NAME}.",
            "Put the key back that it was sealed with, or change the secret.",
        ) from error
