"""Pauses between turns of work that is done now and then, whatever becomes of the wall clock."""

import time


class Pause:
    """So many seconds in which a turn is not due again; before the first it is.

    Args:
        seconds: how long it is.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether the turn is due."""
        return self._began is None or time.monotonic() - self._began >= self._seconds

    def begin(self) -> None:
        """From now on it is not due for so long."""
        self._began = time.monotonic()
