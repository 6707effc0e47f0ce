"""A line that says how far something is, on a terminal only: rewritten in place, gone when it is done."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY_SECONDS = 0.2


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """What to tell `done, all` to; says nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    started = time.monotonic()
    shown = 0.0

    def tell(done: int, count: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown < _EVERY_SECONDS and done < count:
            return
        shown = now
        rate = done / (now - started) if now > started else 0.0
        left = f", {(count - done) / rate:.0f} s left" if rate and done < count else ""
        print(f"\r\x1b[K{what} {done:,} of {count:,}{left}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
