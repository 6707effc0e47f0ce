"""Reads the files a command line names, or says in one line why one cannot be read."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import InputError, NotFoundError


def read_file(path: Path, max_bytes: int | None = None) -> bytes:
    """The bytes of a file.

    Args:
        max_bytes: reads one byte more than this at most, so that a huge file is refused and not loaded.

    Raises:
        NotFoundError: `FILE-NOT-FOUND`.
        InputError: `FILE-UNREADABLE`.
    """
    try:
        with path.open("rb") as file:
            return file.read() if max_bytes is None else file.read(max_bytes + 1)
    except FileNotFoundError:
        raise NotFoundError("FILE-NOT-FOUND", f"There is no file {path}.", "Check the path.") from None
    except OSError as error:
        what = error.strerror or "it cannot be opened"
        raise InputError(
            "FILE-UNREADABLE", f"{path} cannot be read: {what}.", "Check that it is a file and may be read."
        ) from None


def files_below(path: Path) -> Iterator[Path]:
    """The file itself, or every file in a folder and the folders in it, by name; hidden ones are passed over."""
    if not path.is_dir():
        yield path
        return
    for inside in sorted(path.iterdir()):
        if inside.name.startswith(".") or (inside.is_symlink() and inside.is_dir()):
            continue
        if inside.is_dir() or inside.is_file():
            yield from files_below(inside)
