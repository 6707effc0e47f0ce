"""Says where a program failed and with which kind of error, and nothing of what it was working on.

The message of an error may quote a paper, a row or a password; where it was raised never does.
"""

import errno
import traceback

from core.errors import ClearholdError

_MOST_FRAMES = 12


def kind_of(error: BaseException) -> str:
    """The kind of an error, with the code where it has one: `InputError DOC-EMPTY`."""
    name = type(error).__name__
    if isinstance(error, ClearholdError):
        return f"{name} {error.code}"
    number = error.errno if isinstance(error, OSError) else None
    return name if number is None else f"{name} {errno.errorcode.get(number, number)}"


def frames_of(error: BaseException) -> str:
    """The error and what caused it, each with the places it went through, the innermost last."""
    parts: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        frames = traceback.extract_tb(now.__traceback__)[-_MOST_FRAMES:]
        places = " > ".join(f"{'/'.join(one.filename.split('/')[-2:])}:{one.lineno} {one.name}" for one in frames)
        parts.append(f"{kind_of(now)} at {places}" if places else kind_of(now))
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return "; caused by ".join(parts)
