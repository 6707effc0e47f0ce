"""Walks through stored history in parts, here or in several processes, each with a connection of its own."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from core.collecting import collect_seldom, collecting_seldom
from core.database import Database

Part = TypeVar("Part")
Result = TypeVar("Result")
AT_ONCE = 250
"""Decisions read and judged together: enough to keep the database out of the way, little enough to hold in memory."""

_WAITING_PARTS = 4


def walk(
    db: Database, parts: Iterable[Part], work: Callable[[Database, Part], Result], *, workers: int = 1
) -> Iterator[Result]:
    """The result of each part, as they are done.

    Args:
        work: a plain function, or a `partial` of one, that other processes can be given.
        workers: processes; 1 works here.
    """
    if workers == 1:
        with collecting_seldom():
            yield from (work(db, part) for part in parts)
        return
    waiting: set[Future[Result]] = set()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_open, initargs=(db.url,)) as pool:
        for part in parts:
            waiting.add(pool.submit(partial(_elsewhere, work), part))
            if len(waiting) >= workers * _WAITING_PARTS:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in wait(waiting).done)


_databases: list[Database] = []


def _open(url: str) -> None:
    _databases.append(Database(url))
    collect_seldom()


def _elsewhere(work: Callable[[Database, Part], Result], part: Part) -> Result:
    return work(_databases[0], part)
