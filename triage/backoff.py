"""How long to wait before an event is tried again, and when to stop trying. Pure.

Exponential, with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): a wait is drawn evenly between nothing
and a cap that grows with each failed try, so that many events never come back at one instant.
"""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=10)
GROWTH = 4
LONGEST = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
LEAST_TRIES = 8
LONGEST_ASKED = timedelta(days=1)

PAUSE_AFTER = 5
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)


def longest_wait(tries: int) -> timedelta:
    """The cap of the wait after so many failed tries."""
    return LONGEST if tries > LEAST_TRIES else min(LONGEST, FIRST * GROWTH ** (tries - 1))


def next_try(at: datetime, tries: int, chance: float, asked: timedelta | None) -> datetime:
    """When an event is tried again.

    Args:
        chance: between 0 and 1, drawn anew each time.
        asked: what the receiver asked for (`Retry-After`); never less than that, up to a day.
    """
    return at + max(longest_wait(tries) * chance, min(asked or timedelta(), LONGEST_ASKED))


def is_over(at: datetime, tries: int, since: datetime) -> bool:
    """Whether that was the last try: three days have passed, and it was given a fair number of them."""
    return tries >= LEAST_TRIES and at - since >= GIVE_UP_AFTER


def pause(at: datetime, failures: int, chance: float, asked: timedelta | None) -> datetime | None:
    """Until when a receiver that fails at everything is left alone, but for one try after that; None for not at all.

    Args:
        failures: how many tries in a row have failed, whatever the event.
    """
    waits = [min(asked, LONGEST_ASKED)] if asked else []
    if failures >= PAUSE_AFTER:
        doubled = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures - PAUSE_AFTER, 10))
        waits.append(doubled * (0.5 + chance / 2))
    return at + max(waits) if waits else None
