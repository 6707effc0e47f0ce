"""Sends a house files that are damaged or made to hurt, through its own doors, and shows that it answers each in time.

`python -m benchmarks.hostile [--files N] [--seed S] [--page]`: files are taken in as over HTTP, read in the limited
child, decided; feeds are read as `clearhold feed` does. A table, then `RESULT hostile_files=… …`; exit code 1
when a node broke, a limit was passed, a file was left without an answer, or something was reached that must not be.
`--page` writes docs/hostile-measured.md.
"""

import argparse
import resource
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.hostile_files import Hostile, files, made_seeds, retailer_papers
from core.errors import ClearholdError
from core.limited import readers_in_a_word
from core.settings import Settings
from ingest.feed_files import read_feed
from ingest.intake import take_in
from review_api.services import Services, build_services, reader_executor
from review_api.worker import Worker

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 20.0
MEMORY_BYTES = 1_500_000_000
ALLOWANCE_SECONDS = 2.0
BATCH = 100
PAGE = Path("docs/hostile-measured.md")


@dataclass(slots=True, kw_only=True)
class Told:
    """What came of the files.

    Attributes:
        answers: by kind of file and answer, how many.
        slowest: longest time one call took in the reading process, and a feed or a file took to be received.
        broken: what must not happen, in words; empty when all is well.
    """

    files: int = 0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0
    memory_bytes: int = 0
    readers: str = ""
    broken: list[str] = field(default_factory=list)


class Watched(Executor):
    """The reading processes of a node, and how long each call kept them."""

    def __init__(self, inner: Executor, told: Told) -> None:
        self._inner = inner
        self._told = told
        self._free_since = 0.0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedules a call and notes how it ended."""
        asked = time.monotonic()
        future = self._inner.submit(fn, *args, **kwargs)
        future.add_done_callback(lambda done: self._note(asked, done))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the processes."""
        self._inner.shutdown(wait, cancel_futures=cancel_futures)

    def _note(self, asked: float, done: "Future[T]") -> None:
        now = time.monotonic()
        self._told.slowest = max(self._told.slowest, now - max(asked, self._free_since))
        self._free_since = now
        if not done.cancelled() and (error := done.exception()) is not None:
            self._told.codes[error.code if isinstance(error, ClearholdError) else type(error).__name__] += 1
            if not isinstance(error, ClearholdError):
                self._told.broken.append(f"no code: {error!r}")


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="hostile-") as name, nobodys_door() as door:
        home = Path(name)
        seeds = made_seeds(retailer_papers(home / "retailer"))
        sent = files(seeds, arguments.files, seed=arguments.seed, port=door.getsockname()[1])
        told = send_all(home / "home", sent, say=True)
        check_door(door, told)
    print(_table(told))
    for what in told.broken[:20]:
        print("BROKEN", what)
    if arguments.page:
        PAGE.write_text(_page(told, arguments.seed), "utf-8")
    figures = {
        "hostile_files": told.files,
        "hostile_escapes": len(told.broken),
        "hostile_crashes": told.codes["DOC-CRASHED"],
        "hostile_slowest_s": round(told.slowest, 2),
        "hostile_limit_s": SECONDS,
        "hostile_memory_mb": round(told.memory_bytes / 1e6),
        "hostile_seconds": round(told.seconds),
    }
    print("RESULT " + " ".join(f"{key}={value}" for key, value in figures.items()))
    return 1 if told.broken else 0


def send_all(home: Path, sent: Iterable[Hostile], *, say: bool = False, seconds: float = SECONDS) -> Told:
    """Sends files to a house of its own and lets its worker decide them."""
    settings = Settings(
        home=home, ocr="tesseract", read_seconds=seconds, read_memory_bytes=MEMORY_BYTES, database_url=None
    )
    services, told = build_services(settings), Told()
    services.executor = Watched(reader_executor(settings), told)
    began = time.monotonic()
    try:
        waiting: list[Hostile] = []
        for file in sent:
            told.files += 1
            if file.kind.startswith("feed:"):
                _feed(services, file, told)
            else:
                _send(services, file, told)
                waiting.append(file)
            if len(waiting) == BATCH:
                _work(services, told)
                waiting.clear()
                if say:
                    print(f"{told.files} files, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        _work(services, told)
        told.readers = readers_in_a_word()
    finally:
        services.close()
    told.seconds = time.monotonic() - began
    told.memory_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if told.slowest > seconds + ALLOWANCE_SECONDS:
        told.broken.append(f"a file took {told.slowest:.1f} s, more than {seconds:g}")
    if told.memory_bytes > MEMORY_BYTES:
        told.broken.append(f"a process took {told.memory_bytes / 1e6:.0f} MB")
    return told


def check_door(door: socket.socket, told: Told) -> None:
    """Notes whether anybody came to where no file may lead."""
    try:
        door.accept()
    except OSError:
        return
    told.broken.append("a file made a program call an address")


def _send(services: Services, file: Hostile, told: Told) -> None:
    began = time.monotonic()
    try:
        receipts = take_in(
            services.db, services.store, file.data, file_name=f"{file.damage}.bin", origin="upload",
            received_by="key:stranger", at=services.clock.now(), settings=services.settings, executor=services.reader,
        )  # fmt: skip
    except ClearholdError as error:
        told.answers[file.kind, error.code] += 1
    except Exception as error:  # noqa: BLE001  that this never happens is what is measured
        told.broken.append(f"taking in {file.kind} ({file.damage}) raised {error!r}")
    else:
        told.answers[file.kind, "received"] += 1
        told.answers[file.kind, "papers in it"] += len(receipts) - 1
    told.slowest = max(told.slowest, time.monotonic() - began)


def _feed(services: Services, file: Hostile, told: Told) -> None:
    began = time.monotonic()
    try:
        read_feed(file.kind.partition(":")[2], file.data, file_name="feed", executor=services.reader)
        answer = "sound"
    except ClearholdError as error:
        answer = error.code
    except Exception as error:  # noqa: BLE001  that this never happens is what is measured
        told.broken.append(f"feed {file.kind} ({file.damage}) raised {error!r}")
        answer = "broke"
    told.answers["feed", answer] += 1
    told.slowest = max(told.slowest, time.monotonic() - began)


def _work(services: Services, told: Told) -> None:
    """Decides what waits; whatever is left or was given up is told."""
    work = Worker(services, "hostile").run(once=True)
    told.outcomes.update(work.outcomes)
    if work.failed or work.given_up or work.lost:
        told.broken.append(f"the worker failed {work.failed}, gave up {work.given_up}, lost {work.lost}")


def nobodys_door() -> socket.socket:
    """Where no file may make anybody call."""
    door = socket.create_server(("127.0.0.1", 0))
    door.setblocking(False)
    return door


def _table(told: Told) -> str:
    kinds = sorted({kind.partition(":")[0] for kind, _ in told.answers})
    rows = ["| kind | files | answers |", "|---|---:|---|"]
    for kind in kinds:
        said = Counter(
            {answer: n for (of, answer), n in told.answers.items() if of == kind and answer != "papers in it"}
        )
        words = ", ".join(f"{answer} {n}" for answer, n in said.most_common(8))
        rows.append(f"| {kind} | {said.total()} | {words} |")
    codes = ", ".join(f"{code} {n}" for code, n in told.codes.most_common())
    outcomes = ", ".join(f"{name} {n}" for name, n in sorted(told.outcomes.items()))
    rows += ["", f"Decided: {outcomes}.", "", f"Refused in the reading process: {codes or 'none'}."]
    return "\n".join(rows)


def _page(told: Told, seed: int) -> str:
    return f"""# Hostile files, measured

Written by `python -m benchmarks.hostile --page` (seed {seed}); what is done against them is in [faults](faults.md).

{told.files:,} files: the demo's papers, mails, archives and feeds, cut off, with bits turned, pieces changed,
repeated or mixed, and among them bombs of 28 kinds (`benchmarks/hostile_bombs.py`). Every file went through intake, a
reading process of {SECONDS:g} s and {MEMORY_BYTES / 1e9:g} GB, and the worker of one node
({told.seconds:.0f} s in all). Scans were read by Tesseract alone.

- Without an answer, or anything reached that must not be: **{len(told.broken)}**.
- Longest answer: {told.slowest:.1f} s of {SECONDS:g} allowed.
- Most memory of a process: {told.memory_bytes / 1e6:.0f} MB.
- Reading processes: {told.readers}. Nobody called the address that the files name.

{_table(told)}
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--page", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
