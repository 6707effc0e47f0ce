"""Calls in limited child processes: what they may use, and what is left of them when they take more."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.documents import Box, DocumentType, Evidence, Extraction, Field, Source
from core.errors import ConflictError, InputError, TooLargeError, UnavailableError
from core.limited import LimitedExecutor, ProcessLimits

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def executor() -> Iterator[LimitedExecutor]:
    """One child with tight limits."""
    limits = ProcessLimits(seconds=1.5, memory_bytes=700 * MEGABYTE, open_files=32, file_bytes=MEGABYTE)
    with LimitedExecutor(1, limits=limits) as executor:
        yield executor


def double(number: int) -> int:
    """A call that does its work."""
    return 2 * number


def process_id() -> int:
    """Who runs the call."""
    return os.getpid()


def sleep_long() -> None:
    """A call that never ends."""
    time.sleep(60)


def sleep_in_a_program() -> None:
    """A call that waits for a program that never ends."""
    subprocess.run(["sleep", "61.25"], check=False)


def take_memory() -> int:
    """A call that takes more memory than it may."""
    return len(bytearray(2_000 * MEGABYTE))


def crash() -> None:
    """A call that dies as a C library would."""
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    """A call with a bug."""
    raise KeyError("internal detail")


def refuse() -> None:
    """A call that refuses its input."""
    raise ConflictError("X-Y", "It changed.", "Look again.")


def write_much() -> None:
    """A call that fills the disk."""
    Path(tempfile.gettempdir(), "big").write_bytes(bytes(5 * MEGABYTE))


def size_of_the_big_file() -> int:
    """What a call before has left in its folder."""
    return Path(tempfile.gettempdir(), "big").stat().st_size


def answer_with_code() -> Any:
    """A call whose answer would run something in the parent."""
    return _Trap()


def record() -> Extraction:
    """A call that answers with a record."""
    evidence = Evidence(page=1, box=Box(1, 2, 3, 4), text="R-1")
    field = Field(value="R-1", confidence=0.5, source=Source.OCR, evidence=(evidence,))
    return Extraction(
        sha256="0" * 64,
        document_type=DocumentType.INVOICE,
        type_confidence=1.0,
        source=Source.OCR,
        language="de",
        page_sizes=((1.0, 2.0),),
        fields={"invoice_number": field},
    )


def secret() -> str | None:
    """What a call can see of the parent's secrets."""
    return os.environ.get("CLEARHOLD_DATABASE_URL")


class _Trap:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (os.system, ("exit 0",))


def error_of(future: "Future[Any]") -> BaseException:
    """What a call ended with."""
    error = future.exception(30)
    assert error is not None
    return error


def test_a_call_gives_its_value(executor: LimitedExecutor) -> None:
    assert executor.submit(double, 21).result(30) == 42


def test_records_come_back_whole(executor: LimitedExecutor) -> None:
    assert executor.submit(record).result(30) == record()
    assert executor.submit(Decimal, "1.10").result(30) == Decimal("1.10")


def test_a_child_is_used_again(executor: LimitedExecutor) -> None:
    first = executor.submit(process_id).result(30)
    assert first == executor.submit(process_id).result(30) != os.getpid()


def test_a_call_over_its_time_is_stopped_and_the_next_one_runs(executor: LimitedExecutor) -> None:
    executor.submit(double, 1).result(30)
    began = time.monotonic()
    error = error_of(executor.submit(sleep_long))
    assert isinstance(error, TooLargeError) and error.code == "DOC-LIMIT-TIME"
    assert time.monotonic() - began < 5
    assert executor.submit(double, 2).result(30) == 4


def test_a_program_it_started_is_stopped_with_it(executor: LimitedExecutor) -> None:
    assert error_of(executor.submit(sleep_in_a_program)).code == "DOC-LIMIT-TIME"  # type: ignore[attr-defined]
    deadline = time.monotonic() + 5
    while _runs("61.25") and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs("61.25")


def _runs(argument: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if argument.encode() in path.read_bytes():
                return True
    return False


def test_a_call_over_its_memory_is_refused(executor: LimitedExecutor) -> None:
    error = error_of(executor.submit(take_memory))
    assert isinstance(error, TooLargeError) and error.code == "DOC-LIMIT-MEMORY"
    assert executor.submit(double, 3).result(30) == 6


def test_a_crash_is_an_input_error_and_the_next_call_runs(executor: LimitedExecutor) -> None:
    error = error_of(executor.submit(crash))
    assert isinstance(error, InputError) and error.code == "DOC-CRASHED"
    assert executor.submit(double, 4).result(30) == 8


def test_a_bug_says_nothing_of_the_inside(executor: LimitedExecutor) -> None:
    error = error_of(executor.submit(fail))
    assert isinstance(error, InputError) and error.code == "DOC-CRASHED"
    assert "internal" not in str(error) and "Traceback" not in str(error)


def test_our_own_errors_come_back_unchanged(executor: LimitedExecutor) -> None:
    error = error_of(executor.submit(refuse))
    assert isinstance(error, ConflictError)
    assert (error.code, error.message, error.remedy) == ("X-Y", "It changed.", "Look again.")


def test_a_file_over_the_limit_cannot_be_written(executor: LimitedExecutor) -> None:
    assert error_of(executor.submit(write_much)).code == "DOC-CRASHED"  # type: ignore[attr-defined]
    assert executor.submit(size_of_the_big_file).result(30) <= MEGABYTE


def test_an_answer_cannot_run_anything_here(executor: LimitedExecutor) -> None:
    assert error_of(executor.submit(answer_with_code)).code == "DOC-CRASHED"  # type: ignore[attr-defined]


def test_a_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARHOLD_DATABASE_URL", "postgresql://user:secret@db/clearhold")
    with LimitedExecutor(1) as executor:
        assert executor.submit(secret).result(30) is None


def test_what_cannot_start_says_so_instead_of_waiting() -> None:
    with LimitedExecutor(1, initializer=fail) as executor:
        error = error_of(executor.submit(double, 1))
    assert isinstance(error, UnavailableError) and error.code == "READER-UNAVAILABLE"


def test_cancelled_calls_never_run() -> None:
    executor = LimitedExecutor(1)
    futures = [executor.submit(time.sleep, 0.3) for _ in range(20)]
    futures[0].result(30)
    executor.shutdown(cancel_futures=True)
    assert any(future.cancelled() for future in futures)
    with pytest.raises(RuntimeError):
        executor.submit(double, 1)


def test_two_children_work_at_the_same_time() -> None:
    with LimitedExecutor(2) as executor:
        for future in [executor.submit(double, number) for number in range(4)]:
            future.result(30)
        began = time.monotonic()
        for sleeping in [executor.submit(time.sleep, 0.5) for _ in range(2)]:
            sleeping.result(30)
        assert time.monotonic() - began < 0.95


def test_a_child_dies_with_a_killed_parent() -> None:
    program = (
        "import os, signal; from core.limited import LimitedExecutor; from tests.core.test_limited import process_id;"
        "print(LimitedExecutor(1).submit(process_id).result(30), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    child = int(done.stdout)
    deadline = time.monotonic() + 5
    while _is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(child)


def _is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def reserve_and_take(reserved: int, taken: int) -> int:
    """A call that reserves address space as a runtime does, and writes to some memory."""
    import mmap

    with mmap.mmap(-1, reserved, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0):
        return len(bytearray(taken))


def test_reserved_address_space_is_no_memory() -> None:
    limits = ProcessLimits(memory_bytes=700 * MEGABYTE, reserved_bytes=5_000 * MEGABYTE)
    with LimitedExecutor(1, limits=limits) as executor:
        assert executor.submit(reserve_and_take, 4_000 * MEGABYTE, MEGABYTE).result() == MEGABYTE
        with pytest.raises(TooLargeError) as caught:
            executor.submit(reserve_and_take, MEGABYTE, 2_000 * MEGABYTE).result()
    assert caught.value.code == "DOC-LIMIT-MEMORY"
