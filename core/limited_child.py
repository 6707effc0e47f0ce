"""The child's side of `core.limited`: takes calls from one pipe, answers on another, within its limits."""

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cage import Cage, shut_in
from core.errors import ClearholdError
from core.failures import frames_of

if TYPE_CHECKING:
    from core.limited import ProcessLimits

_PR_SET_PDEATHSIG = 1


def main(calls_from: int, answers_to: int, parent: int) -> None:
    """Serves calls until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Before anything starts a thread, and before what it takes to be told when the parent is gone.
    cage = shut_in(Path(os.environ["TMPDIR"]))
    _die_with(parent)
    calls = Connection(calls_from, writable=False)
    answers = Connection(answers_to, readable=False)
    answers.send_bytes(_packed(*_set_up(calls.recv_bytes(), cage)))
    with contextlib.suppress(EOFError, OSError):
        while True:
            answers.send_bytes(_packed(*_do(calls.recv_bytes())))


def _set_up(message: bytes, cage: Cage) -> tuple[str, Any]:
    try:
        limits, initializer = pickle.loads(message)  # noqa: S301  from the parent, who is trusted
        _apply(limits)
        if initializer is not None:
            initializer()
    except BaseException as error:  # noqa: BLE001  a child answers, whatever happens
        return "failed", frames_of(error)
    return "value", cage


def _do(message: bytes) -> tuple[str, Any]:
    """What came of a call: `value`, `error` (ours, to be raised as it is), `memory` or `failed` with where it did."""
    try:
        function, args, kwargs = pickle.loads(message)  # noqa: S301  from the parent, who is trusted
        return "value", function(*args, **kwargs)
    except ClearholdError as error:
        return "error", error
    except MemoryError:
        return "memory", None
    except BaseException as error:  # noqa: BLE001  a child answers, whatever happens
        return "failed", frames_of(error)


def _packed(kind: str, value: Any) -> bytes:
    try:
        return pickle.dumps((kind, value), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as error:  # noqa: BLE001  whatever a value does when pickled
        return pickle.dumps(("failed", frames_of(error)))


def _apply(limits: "ProcessLimits") -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, limits.memory_bytes + limits.reserved_bytes),
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _die_with(parent: int) -> None:
    """Asks Linux to kill us when the parent is gone, however it went; elsewhere the closed pipe ends us."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
