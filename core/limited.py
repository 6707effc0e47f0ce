"""Runs functions in warm child processes that are killed when they take too much: an `Executor` for hostile bytes.

A child is a fresh interpreter (nothing is inherited by fork), alone in its process group, without the parent's
secrets in its environment, shut in by `core.cage` with one folder to write to, and dies with its parent. What comes
back over its pipe is not trusted: only plain values and records of our own rooms are let in.
"""

import io
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, is_dataclass
from enum import Enum, EnumType
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar, cast

from core.cage import Cage
from core.cage_folders import new_folder, remove_folder, sweep_folders
from core.errors import ClearholdError, InputError, TooLargeError, UnavailableError

P = ParamSpec("P")
T = TypeVar("T")

MAX_REPLY_BYTES = 512_000_000
CALLS_PER_CHILD = 500
START_SECONDS = 60.0
_log = logging.getLogger(__name__)

_SAFE_BUILTINS = frozenset({"set", "frozenset", "bytearray", "complex", "range", "slice", "object"})
_SAFE_CLASSES = frozenset({("decimal", "Decimal"), ("pathlib", "PosixPath"), ("collections", "OrderedDict")})
_SAFE_DATETIME = frozenset({"date", "datetime", "time", "timedelta", "timezone"})
_OWN_ROOMS = frozenset({"core", "ingest", "extraction", "models", "triage", "training", "tests"})
_RECORDS = (tuple, Enum, ClearholdError)
_KEPT_ENVIRONMENT = frozenset({"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TESSDATA_PREFIX", "VIRTUAL_ENV"})


_seen: list[Cage] = []


def cage_of_children() -> Cage | None:
    """What holds the children of this process in, as the first of them told; None when none was started yet."""
    return _seen[0] if _seen else None


def readers_in_a_word() -> str:
    """For who watches over a node: `shut in`, what its kernel does not keep children from, or `not started`."""
    cage = cage_of_children()
    if cage is None:
        return "not started"
    return f"not kept from {', '.join(missing)}" if (missing := cage.missing()) else "shut in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """What one call may use. Memory is address space, of the child and of each program it starts.

    Attributes:
        reserved_bytes: address space that a library reserves and never uses, allowed beside `memory_bytes`; memory
            itself is then limited by what is written to.
    """

    seconds: float = 120.0
    memory_bytes: int = 3_000_000_000
    reserved_bytes: int = 0
    open_files: int = 256
    file_bytes: int = 1_000_000_000


class LimitedExecutor(Executor):
    """An executor whose calls cannot outlive, outgrow or bring down the process that made them.

    A future ends with the call's value, with the `ClearholdError` it raised, or with `DOC-LIMIT-TIME`,
    `DOC-LIMIT-MEMORY` (TooLargeError), `DOC-CRASHED` (InputError) or `READER-UNAVAILABLE` (UnavailableError).

    Args:
        workers: child processes, started at once and used again for every call.
        initializer: called once in every new child, to load what the calls will need.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        limits: ProcessLimits | None = None,
        initializer: Callable[[], object] | None = None,
    ) -> None:
        self._limits = limits or ProcessLimits()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        setup = pickle.dumps((self._limits, initializer))
        sweep_folders()
        self._threads = [
            threading.Thread(target=self._serve, args=(setup,), name=f"limited-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedules a call; function and arguments must be picklable."""
        future: Future[T] = Future()
        call = pickle.dumps((fn, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        with self._gate:
            if self._closed:
                raise RuntimeError("the executor is shut down")
            self._jobs.put(_Job(future=future, call=call))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the children once what was submitted is done, or at once for what `cancel_futures` drops."""
        with self._gate:
            already, self._closed = self._closed, True
        if cancel_futures:
            _cancel_all(self._jobs)
        if not already or cancel_futures:
            for _ in self._threads:
                self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, setup: bytes) -> None:
        child = _start(setup)
        try:
            while (job := self._jobs.get()) is not None:
                if not job.future.set_running_or_notify_cancel():
                    continue
                if child is None or not child.is_ready():
                    child = _restart(child, setup)
                try:
                    job.future.set_result(_call(child, job.call, self._limits.seconds))
                except BaseException as error:  # noqa: BLE001  belongs to the future, whatever it is
                    job.future.set_exception(error)
                if child is not None and not child.is_usable():
                    child = _restart(child, setup)
        finally:
            if child is not None:
                child.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    future: "Future[Any]"
    call: bytes


class _Child:
    """One child process and the two pipes to it."""

    def __init__(self, setup: bytes) -> None:
        self._folder = new_folder()
        child_reads, our_writes = os.pipe()
        our_reads, child_writes = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "core.limited_child", *map(str, (child_reads, child_writes, os.getpid()))],
                pass_fds=(child_reads, child_writes),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(self._folder),
                start_new_session=True,
            )
        finally:
            os.close(child_reads)
            os.close(child_writes)
        self._writer = Connection(our_writes, readable=False)
        self._reader = Connection(our_reads, writable=False)
        self._started = False
        self._usable = True
        self._timed_out = False
        self._calls = 0
        # At once, so that it loads what it needs while nobody waits.
        self._writer.send_bytes(setup)

    def is_usable(self) -> bool:
        """Whether it can take another call: memory that libraries never gave back ends with an old child."""
        return self._usable and self._calls < CALLS_PER_CHILD and self._process.poll() is None

    def is_ready(self) -> bool:
        """Whether it has started; waits for a new one to have loaded what it needs."""
        if not self._started:
            try:
                kind, problem = self._answer(None, START_SECONDS)
            except Exception as error:  # noqa: BLE001  told to the log and to the caller
                kind, problem = "lost", error
            self._started = kind == "value"
            self._usable &= self._started
            if isinstance(problem, Cage):
                _tell_once(problem)
            if not self._started:
                _log.error("a child process did not start: %s", problem)
        return self.is_usable()

    def answer(self, call: bytes, seconds: float) -> tuple[str, Any]:
        """Makes it do a call and waits for what came of it; it is killed when that takes too long.

        Raises:
            EOFError, OSError: it died, or was killed.
            pickle.UnpicklingError: it answered with something that is not let in.
        """
        self._calls += 1
        return self._answer(call, seconds)

    def timed_out(self) -> bool:
        """Whether it was killed for taking too long."""
        return self._timed_out

    def exit_code(self) -> int | None:
        """How it ended; None when it only closed its pipe."""
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Kills it and whatever it started, and gives its pipes back."""
        self._kill()
        self._process.wait()
        self._writer.close()
        self._reader.close()
        remove_folder(self._folder)

    def _answer(self, call: bytes | None, seconds: float) -> tuple[str, Any]:
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            if call is not None:
                self._writer.send_bytes(call)
            reply = self._reader.recv_bytes(MAX_REPLY_BYTES)
        finally:
            timer.cancel()
        kind, value = _OwnUnpickler(io.BytesIO(reply)).load()
        # After it ran out of memory once, what is left of it is not to be relied on.
        self._usable &= kind != "memory"
        return kind, value

    def _time_out(self) -> None:
        self._timed_out = True
        self._kill()

    def _kill(self) -> None:
        self._usable = False
        # Its group is its own, so that a program it started goes with it; it may be gone already.
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._process.kill()


class _OwnUnpickler(pickle.Unpickler):
    """Lets in plain values and records of our own rooms: a child taken over by its document must not get further."""

    def find_class(self, module: str, name: str) -> Any:
        """The named class, if it is one that a reply may hold."""
        if (module, name) == ("builtins", "getattr"):
            return _enum_member
        plain = (
            (module == "builtins" and name in _SAFE_BUILTINS)
            or (module == "datetime" and name in _SAFE_DATETIME)
            or (module, name) in _SAFE_CLASSES
        )
        if plain:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.split(".", maxsplit=1)[0] in _OWN_ROOMS else None
        if not isinstance(found, type) or not (is_dataclass(found) or issubclass(found, _RECORDS)):
            raise pickle.UnpicklingError(f"a reply may not hold {module}.{name}")
        return found


def _enum_member(kind: object, name: str) -> Enum:
    """Members of enums are pickled as attributes (CPython 3.11): nothing else is looked up."""
    if isinstance(kind, EnumType):
        return cast(Enum, kind[name])
    raise pickle.UnpicklingError("a reply may hold no attribute")


def _call(child: _Child | None, call: bytes, seconds: float) -> Any:
    """One call's value; every way it can fail is an error with a code."""
    if child is None or not child.is_ready():
        raise UnavailableError(
            "READER-UNAVAILABLE",
            "The reading process did not start.",
            "Check free memory and CLEARHOLD_READ_MEMORY_BYTES, then try again.",
        )
    try:
        kind, value = child.answer(call, seconds)
    except Exception as error:
        raise _death(child, seconds) from error
    if kind == "value":
        return value
    if kind == "memory":
        raise _memory_error()
    if kind == "error" and isinstance(value, ClearholdError):
        raise value
    _log.error("a call failed in its child process: %s", value)
    raise _crash("It cannot be read: the reader failed on it.")


def _death(child: _Child, seconds: float) -> ClearholdError:
    """Why no answer came: too long, out of memory, or a crash."""
    code = child.exit_code()
    child.end()
    if child.timed_out():
        return TooLargeError(
            "DOC-LIMIT-TIME",
            f"Reading took longer than {seconds:g} seconds and was stopped.",
            "Split the document, or raise CLEARHOLD_READ_SECONDS.",
        )
    if code == -signal.SIGKILL:  # not by us: the kernel's memory killer
        return _memory_error()
    _log.error("a child process ended with %s", code)
    return _crash("It cannot be read: the reading process ended on it.")


def _memory_error() -> TooLargeError:
    return TooLargeError(
        "DOC-LIMIT-MEMORY",
        "Reading needed more memory than is allowed and was stopped.",
        "Split the document or lower its resolution, or raise CLEARHOLD_READ_MEMORY_BYTES.",
    )


def _crash(message: str) -> InputError:
    return InputError("DOC-CRASHED", message, "Open it in a viewer and save it anew, or ask the sender for it again.")


def _start(setup: bytes) -> _Child | None:
    try:
        return _Child(setup)
    except OSError as error:
        _log.error("a child process did not start: %s", error)
        return None


def _restart(child: _Child | None, setup: bytes) -> _Child | None:
    if child is not None:
        child.end()
    return _start(setup)


def _cancel_all(jobs: "SimpleQueue[_Job | None]") -> None:
    while True:
        try:
            job = jobs.get_nowait()
        except Empty:
            return
        if job is not None:
            job.future.cancel()


def _tell_once(cage: Cage) -> None:
    """For who looks after the machine; a node says it once, however many children it starts."""
    if not _seen:
        _seen.append(cage)
        if missing := cage.missing():
            _log.warning("this kernel does not keep readers from: %s. See docs/faults.md", ", ".join(missing))


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT_ENVIRONMENT or name.startswith(("LC_", "PYTHON"))
    }
    return kept | {
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
        "TMPDIR": str(folder),
        "OMP_THREAD_LIMIT": "1",
    }
