"""A folder of its own for each process that is shut in, gone with it; those of killed programs are swept later."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "clearhold-child-"


def new_folder() -> Path:
    """A folder that only this user can open, named by the program it belongs to."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")).resolve()


def remove_folder(folder: Path) -> None:
    """Removes it with whatever a reader left there."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep_folders() -> None:
    """Removes what programs that were killed have left; others' folders are not ours to remove and stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if owner.isdecimal() and folder.stat().st_uid == os.geteuid() and not _lives(int(owner)):
                remove_folder(folder)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
