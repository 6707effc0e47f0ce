"""Turns a case that is opened, and what became of those before it, into a few candidate teams with their features.

The same builder serves training and serving: `TeamHistory` is shown cases and endings in the order they became known
(`models.casework.cases.walk`) and asked at each opening. Teams that resolved like cases are the candidates, beside the
team the case arrived at; fifty classes need not be told apart, only the best few.
"""

from dataclasses import dataclass
from typing import Final

from models.casework.cases import ATTRIBUTES, Case
from models.casework.rates import Counts, Memory, Table

CANDIDATES: Final = 8
_PRIOR: Final = 1.0
"""Cases at no team that every share starts from."""
_ARRIVED: Final = 1e-9

_GROUP, _KIND, _WHAT, _SIGN, _WHERE, _WHO = (
    "initial_group",
    "kind",
    "x_subcategory",
    "x_symptom",
    "x_location",
    "x_opened_by",
)
KEYS: Final[tuple[tuple[str, ...], ...]] = (
    (_GROUP,),
    (_WHAT,),
    (_WHO,),
    (_WHERE,),
    (_SIGN,),
    (_GROUP, _WHAT),
    (_GROUP, _SIGN),
    (_GROUP, _WHO),
    (_GROUP, _WHERE),
    (_WHO, _WHAT),
    (_WHERE, _WHAT),
    (_WHAT, _SIGN),
    (_WHO, _SIGN),
    (_GROUP, _KIND),
    (_GROUP, _WHAT, _WHO),
    (_GROUP, _WHAT, _SIGN),
    (_GROUP, _WHAT, _WHERE),
    (_GROUP, _WHAT, _SIGN, _WHO),
)
"""What cases have in common when one tells of the other."""

_PLACES: Final = tuple(tuple(ATTRIBUTES.index(name) for name in key) for key in KEYS)
_NAMES: Final = tuple("+".join(name.removeprefix("x_") for name in key) for key in KEYS)
_TRUST: Final = tuple(1 + 0.5 * (len(key) - 1) for key in KEYS)
_OF_ARRIVAL: Final = tuple(number for number, key in enumerate(KEYS) if _GROUP not in key)
_NEVER: Final = (0.0, 0.0)

FEATURES: Final = (
    "is_initial",
    "place",
    "standing",
    "behind_best",
    "share_of_all",
    "share_of_all_lately",
    *(f"share:{name}" for name in _NAMES),
    "weekday",
    "hour",
    "teams_known",
    "standing_initial",
    "standing_best",
    "standing_second",
    *(f"known:{name}" for name in _NAMES),
    *(f"initial_share:{_NAMES[number]}" for number in _OF_ARRIVAL),
)
"""Columns of a candidate's row, in the order the trees know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Teams that may get a case, the most usual first, each with its row of `FEATURES`."""

    teams: tuple[str, ...]
    rows: list[list[float]]


class TeamHistory:
    """Which teams resolved which cases, as far as that is known by now."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._tables = [Table() for _ in KEYS]
        self._teams = Table()

    def learn(self, case: Case, team: str, day: float) -> None:
        """Takes in that a team resolved a case on this day."""
        self._make_room(day)
        weights = self._memory.weights(day)
        for table, key in zip(self._tables, _keys(case), strict=True):
            table.add(key, team, weights)
        self._teams.add("", team, weights)

    def ask(self, case: Case) -> Candidates:
        """The candidates for a case that is opened now."""
        scales = self._memory.scales(case.opened)
        keys = _keys(case)
        under = [table.outcomes(key) for table, key in zip(self._tables, keys, strict=True)]
        totals = [table.total(key) for table, key in zip(self._tables, keys, strict=True)]
        long = [scales[1] / (pair[1] * scales[1] + _PRIOR) for pair in totals]
        standing = _standing(case.initial_group, under, long)
        teams = sorted(standing, key=lambda team: (-standing[team], team))[:CANDIDATES]
        if case.initial_group not in teams:
            teams[-1] = case.initial_group
        best, second = standing[teams[0]], standing[teams[1]] if len(teams) > 1 else 0.0
        initial = [counts.get(case.initial_group, _NEVER) for counts in under]
        shared = [
            float(case.weekday),
            case.hour,
            float(len(standing)),
            standing[case.initial_group],
            best,
            second,
            *(pair[1] * scales[1] for pair in totals),
            *(initial[number][1] * long[number] for number in _OF_ARRIVAL),
        ]
        overall, all_teams = self._teams.total(""), self._teams.outcomes("")
        rows = []
        for place, team in enumerate(teams):
            pairs = [counts.get(team, _NEVER) for counts in under]
            share = all_teams.get(team, _NEVER)
            rows.append(
                [
                    float(team == case.initial_group),
                    float(place),
                    standing[team],
                    standing[team] - best,
                    _part(share[1], overall[1]),
                    _part(share[0], overall[0]),
                    *(pair[1] * factor for pair, factor in zip(pairs, long, strict=True)),
                    *shared,
                ]
            )
        return Candidates(teams=tuple(teams), rows=rows)

    def _make_room(self, day: float) -> None:
        if self._memory.is_full(day):
            scales = self._memory.scales(day)
            for table in (*self._tables, self._teams):
                table.shrink(scales)
            self._memory.since = day


def _keys(case: Case) -> list[tuple[str, ...]]:
    says = case.says
    return [tuple([says[place] for place in places]) for places in _PLACES]


def _standing(initial: str, under: list[Counts], factors: list[float]) -> dict[str, float]:
    """How much speaks for each team: its shares among like cases, closer likeness counting more."""
    standing = {initial: _ARRIVED}
    for counts, factor, trust in zip(under, factors, _TRUST, strict=True):
        weight = factor * trust
        for team, pair in counts.items():
            standing[team] = standing.get(team, 0.0) + pair[1] * weight
    return standing


def _part(one: float, of: float) -> float:
    return one / of if of > 0 else 0.0
