"""Where a run on service cases cuts the time: what may be learnt from, and which cases are judged.

A label is used when it is known, case by case, so that the delay of labels is a gap of its own: at the cut the newest
cases are still open, and nothing is learnt of them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from core.errors import InputError
from models.casework.cases import SECONDS_A_DAY, CaseBook
from training.predictions.outcome import Period

LATER_SHARE = 0.25
"""The last quarter in time is judged where no day is given."""
FEWEST = 200
"""Cases with a known ending that a run needs to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The cut of a run, in days since 1970.

    Attributes:
        until: what is known by then may be learnt from; cases opened later are judged.
        to: cases opened by then are judged.
    """

    until: float
    to: float

    @property
    def trained_until(self) -> date:
        """The last day that is learnt from."""
        return _day(self.until - 1 / SECONDS_A_DAY)

    @property
    def judged_from(self) -> date:
        """The first day that is judged."""
        return _day(self.until)

    @property
    def judged_to(self) -> date:
        """The last day that is judged."""
        return _day(self.to - 1 / SECONDS_A_DAY)


def cut_of(book: CaseBook, period: Period) -> Cut:
    """The cut a period asks for; without a day, the last quarter of the cases is judged.

    Raises:
        InputError: `TRAIN-TOO-LITTLE` where the feed has too few cases that ended by then.
    """
    opened = np.array([case.opened for case in book.cases])
    if not len(opened):
        raise too_little(0)
    if period.until is None:
        until = float(np.quantile(opened, 1 - LATER_SHARE))
    else:
        until = _start_of(period.until + timedelta(days=1))
    to = float(opened[-1]) + 1 / SECONDS_A_DAY
    if period.evaluate_to is not None:
        to = min(to, _start_of(period.evaluate_to + timedelta(days=1)))
    learnt = sum(ending is not None and ending.known <= until for ending in book.endings)
    if learnt < FEWEST:
        raise too_little(learnt)
    return Cut(until=until, to=max(to, until))


def too_little(known: int) -> InputError:
    """What to say where there is too little to learn from."""
    return InputError(
        "TRAIN-TOO-LITTLE",
        f"The feed exceptions has {known} cases that had ended by the day to learn until; {FEWEST} are needed.",
        "Load more of the feed, or choose a later day.",
    )


def _start_of(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() / SECONDS_A_DAY


def _day(days: float) -> date:
    return datetime.fromtimestamp(days * SECONDS_A_DAY, UTC).date()
