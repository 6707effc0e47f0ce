"""Which files of the home belong to a backup: what cannot be made again, and no key that opens stored documents."""

import os
from collections.abc import Iterator
from pathlib import Path

from core.settings import Settings

MADE_AGAIN = frozenset({"documents", "pages", "knowledge", "checkpoints"})
"""Folders that are copied on their own, or made again from the rest when somebody asks."""
BEGINS_WITH = b"tables/"
_DATABASE = "clearhold.db"


def home_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Name within the home, and path: trained models, the key that signs checkpoints, what else the house keeps."""
    secret = settings.given_files()
    home = settings.home
    for folder, folders, files in os.walk(home):
        here = Path(folder)
        if here == home:
            folders[:] = [name for name in folders if name not in MADE_AGAIN and not _is_passing(name)]
        for name in sorted(files):
            path = here / name
            if not _is_passing(name) and path.is_file() and path.resolve() not in secret and not _is_backup(path):
                yield path.relative_to(home).as_posix(), path


def checkpoint_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Name and path of the signed heads of the audit log, and of the key that tests them."""
    folder = settings.checkpoints()
    for path in sorted(folder.glob("audit-checkpoints.*")):
        if not path.name.endswith(".draft"):
            yield path.name, path


def _is_passing(name: str) -> bool:
    """Parts of the database, locks, drafts, logs, older backups and what a restore has moved aside."""
    return (
        name.startswith((_DATABASE, ".", "replaced-"))
        or name.endswith((".draft", ".log", ".lock", ".tar"))
        or name == "log.txt"
    )


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(BEGINS_WITH)) == BEGINS_WITH
