"""Keeps a deadline: what cannot be answered in time is answered conservatively, as held, and says so."""

import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

import anyio
import anyio.to_thread
from fastapi import Header

from core.decisions import Finding, Outcome
from core.errors import UnavailableError

CODE = "SCORE-DEADLINE"
HEADER = b"x-deadline-ms"
MOST_MILLISECONDS = 600_000
_SHARE = 0.9
"""Of the deadline for the work: the rest is for saying that it did not come."""

Deadline = Annotated[
    int | None,
    Header(
        alias="X-Deadline-Ms",
        ge=1,
        le=MOST_MILLISECONDS,
        description="milliseconds within which to answer; what is not known by then is answered with hold",
    ),
]
Answer = TypeVar("Answer")


async def in_time(work: Callable[[], Answer], late: Callable[[], Answer], deadline_ms: int | None) -> Answer:
    """What `work` says, or `late` where it has not said so by the deadline.

    The work is not broken off: what it decides and keeps is there when it is asked for again.
    """
    if deadline_ms is None:
        return await anyio.to_thread.run_sync(work)
    until = time.monotonic() + deadline_ms / 1_000 * _SHARE
    found: list[Answer] = []
    with anyio.move_on_after(max(0.0, until - time.monotonic())):
        found.append(await anyio.to_thread.run_sync(partial(_begun_in_time, work, late, until), abandon_on_cancel=True))
    return found[0] if found else late()


def held_late() -> Finding:
    """Why a subject is held that nobody could look at in time."""
    return Finding(
        code=CODE,
        outcome=Outcome.HOLD,
        message="It was not looked at within the time that was given, so it is held; ask again, or allow more time.",
    )


def nothing_in_time() -> UnavailableError:
    """The refusal where all was asked for, so that there is nothing to name as held."""
    return UnavailableError(
        CODE, "Not all was looked at within the time that was given.", "Ask again, name subjects, or allow more time."
    )


def _begun_in_time(work: Callable[[], Answer], late: Callable[[], Answer], until: float) -> Answer:
    """Nothing is begun for somebody who has gone already."""
    return work() if time.monotonic() < until else late()
