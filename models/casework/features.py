"""Turns a case that is opened, and what became known before, into features of whether it will miss its deadline.

The same builder serves training and serving: `DeadlineHistory` is shown cases and endings in the order they became
known (`models.casework.cases.walk`) and asked at each opening. Beside who missed deadlines it keeps who took longer
than a day, and than four: that is counted when a case reaches the age, so that slow cases count as soon as fast ones.
"""

import math
from collections import deque
from typing import Final

from models.casework.cases import ATTRIBUTES, Case
from models.casework.load import OpenCases
from models.casework.rates import Memory, Table

PRIOR: Final = 3.0
"""Cases at the overall rate that every rate starts from."""
RECENT_DAYS: Final = 1.0
OLD_DAYS: Final = 3.0
SLOW_DAYS: Final = (1.0, 4.0)

_GROUP, _KIND, _PRIORITY, _WHAT, _SIGN, _WHERE, _WHO = ATTRIBUTES[:7]
KEYS: Final[tuple[tuple[str, ...], ...]] = (
    (_GROUP,),
    (_KIND,),
    (_PRIORITY,),
    (_WHAT,),
    (_SIGN,),
    (_WHERE,),
    (_WHO,),
    (_GROUP, _PRIORITY),
    (_GROUP, _WHAT),
    (_GROUP, _SIGN),
    (_GROUP, _WHO),
    (_WHO, _SIGN),
    (_WHO, _WHAT),
    (_WHAT, _SIGN),
    (_WHERE, _WHAT),
)
"""What cases have in common when one tells of the other."""
LOADED: Final = (_GROUP, _WHO, _WHERE)
"""By what open cases are counted, beside all of them."""

_PLACES: Final = tuple(tuple(ATTRIBUTES.index(name) for name in key) for key in KEYS)
_NAMES: Final = tuple("+".join(name.removeprefix("x_") for name in key) for key in KEYS)
_LOADED_PLACES: Final = tuple(ATTRIBUTES.index(name) for name in LOADED)
_LOADED_NAMES: Final = ("all", *(name.removeprefix("x_") for name in LOADED))
_SHORT, _LONG = 0, 1
_YES, _NO = "yes", "no"
_HOURS, _ENDED = "hours", "ended"

FEATURES: Final = (
    "missed_lately",
    "missed_long",
    *(f"slow{days:g}_lately" for days in SLOW_DAYS),
    *(f"missed:{name}" for name in _NAMES),
    *(f"slow{days:g}:{name}" for days in SLOW_DAYS for name in _NAMES),
    *(f"hours:{name}" for name in _NAMES),
    *(f"known:{name}" for name in _NAMES),
    *(f"open:{name}" for name in _LOADED_NAMES),
    *(f"opened_today:{name}" for name in _LOADED_NAMES),
    *(f"old:{name}" for name in _LOADED_NAMES),
    "weekday",
    "hour",
    "priority",
    "impact",
    "urgency",
)
"""Columns of a case's row, in the order the trees know them. `missed:…` is above or below what all miss at present."""


class DeadlineHistory:
    """Which cases missed their deadline, how long they took and which are open, as far as that is known by now."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._missed, self._hours = [Table() for _ in KEYS], [Table() for _ in KEYS]
        self._missed_all = Table()
        self._slow = [[Table() for _ in KEYS] for _ in SLOW_DAYS]
        self._slow_all = [Table() for _ in SLOW_DAYS]
        self._young: list[deque[Case]] = [deque() for _ in SLOW_DAYS]
        self._ended: dict[str, float] = {}
        self._open = [OpenCases() for _ in _LOADED_NAMES]

    def opened(self, case: Case) -> None:
        """Takes in that a case was opened: it adds to the load of those after it."""
        for young in self._young:
            young.append(case)
        for waiting, key in zip(self._open, _load_keys(case), strict=True):
            waiting.add(key, case.opened)

    def learn(self, case: Case, *, missed: bool | None, day: float) -> None:
        """Takes in that a case ended on this day, and whether its deadline was missed."""
        self._make_room(day)
        self._ended[case.case_id] = day
        for waiting, key in zip(self._open, _load_keys(case), strict=True):
            waiting.remove(key, case.opened)
        weights = self._memory.weights(day)
        took = math.log1p(max(0.0, day - case.opened) * 24.0)
        for rates, hours, like in zip(self._missed, self._hours, _keys(case), strict=True):
            hours.add(like, _HOURS, (weights[0] * took, weights[1] * took))
            hours.add(like, _ENDED, weights)
            if missed is not None:
                rates.add(like, _YES if missed else _NO, weights)
        if missed is not None:
            self._missed_all.add("", _YES if missed else _NO, weights)

    def ask(self, case: Case) -> list[float]:
        """The features of a case that is opened now."""
        self._grow_old(case.opened)
        scales, keys = self._memory.scales(case.opened), _keys(case)
        lately, long = (_rate(self._missed_all, "", which, scales, 0.5) for which in (_SHORT, _LONG))
        slow = [_rate(table, "", _SHORT, scales, 0.5) for table in self._slow_all]
        loads = list(zip(self._open, _load_keys(case), strict=True))
        says = dict(zip(ATTRIBUTES, case.says, strict=True))
        return [
            lately,
            long,
            *slow,
            *(_rate(table, key, _LONG, scales, long) - long for table, key in zip(self._missed, keys, strict=True)),
            *(
                _rate(table, key, _LONG, scales, overall)
                for tables, overall in zip(self._slow, slow, strict=True)
                for table, key in zip(tables, keys, strict=True)
            ),
            *(_hours(table, key) for table, key in zip(self._hours, keys, strict=True)),
            *(table.total(key)[_LONG] * scales[_LONG] for table, key in zip(self._missed, keys, strict=True)),
            *(float(waiting.count(key)) for waiting, key in loads),
            *(float(waiting.opened_since(key, case.opened - RECENT_DAYS)) for waiting, key in loads),
            *(waiting.share_before(key, case.opened - OLD_DAYS) for waiting, key in loads),
            float(case.weekday),
            case.hour,
            _number(says["priority"]),
            _number(says["x_impact"]),
            _number(says["x_urgency"]),
        ]

    def _grow_old(self, now: float) -> None:
        """Counts as slow or not every case that has reached an age by now."""
        for days, young, tables, overall in zip(SLOW_DAYS, self._young, self._slow, self._slow_all, strict=True):
            while young and young[0].opened + days <= now:
                case = young.popleft()
                at = case.opened + days
                weights = self._memory.weights(at)
                what = _NO if self._ended.get(case.case_id, math.inf) <= at else _YES
                for table, key in zip(tables, _keys(case), strict=True):
                    table.add(key, what, weights)
                overall.add("", what, weights)

    def _make_room(self, day: float) -> None:
        if self._memory.is_full(day):
            scales = self._memory.scales(day)
            slow = (table for tables in self._slow for table in tables)
            for table in (*self._missed, *self._hours, *slow, *self._slow_all, self._missed_all):
                table.shrink(scales)
            self._memory.since = day


def _keys(case: Case) -> list[tuple[str, ...]]:
    says = case.says
    return [tuple([says[place] for place in places]) for places in _PLACES]


def _load_keys(case: Case) -> list[str]:
    return ["", *(case.says[place] for place in _LOADED_PLACES)]


def _rate(table: Table, key: str | tuple[str, ...], which: int, scales: tuple[float, float], overall: float) -> float:
    """The share under a key, drawn to the overall one where little is known."""
    yes = table.outcomes(key).get(_YES)
    total = table.total(key)[which] * scales[which]
    return ((yes[which] * scales[which] if yes else 0.0) + PRIOR * overall) / (total + PRIOR)


def _hours(table: Table, key: tuple[str, ...]) -> float:
    """The mean of the logarithm of hours that cases under a key took; -1 where none is known."""
    found = table.outcomes(key)
    if _ENDED not in found or found[_ENDED][_LONG] <= 0:
        return -1.0
    return found[_HOURS][_LONG] / found[_ENDED][_LONG]


def _number(text: str) -> float:
    """A grade as a number, `nan` for one that is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
