"""Assigns lines of a paper to order lines so that all of them together fit best: an assignment problem.

Stronger ties are settled before weaker ones. Within one, the sum over the lines of likeness, distance of prices and
misfit of quantities is least (scipy's `linear_sum_assignment`, a modified Jonker-Volgenant algorithm). Several lines
may bill one order line: what would fit clearly worse elsewhere waits for the next round, where it may share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from core.money import ZERO
from triage.candidates import Candidate, LineKey
from triage.facts import PaperLine

_WHOLE = 1_000_000
"""Costs are whole millionths, so that sums of them are exact in any order."""

_PER_SCORE = 40_000
_PER_PRICE = 2 * _WHOLE
_TOO_MANY = _WHOLE
_TOO_FEW = _WHOLE // 10
_NOT_RECEIVED = _WHOLE // 5
_SHARED = 3 * _WHOLE // 10
_PATIENCE = _WHOLE // 2
_IMPOSSIBLE = 1_000 * _WHOLE
_ONE = Decimal(1)
_SAID = tuple(field.name for field in fields(PaperLine) if field.name != "index")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What an order line can take, in its unit.

    Attributes:
        ordered: ordered and not yet billed; `received`: received and not yet billed, None where nothing was received.
        credited: what can be taken back: billed before, else what was ordered.
    """

    ordered: Decimal
    received: Decimal | None
    credited: Decimal


def assign(lines: Iterable[Sequence[Candidate]], rooms: Mapping[LineKey, Room]) -> dict[int, Candidate]:
    """The chosen candidate by paper line index, whatever the order of lines and candidates.

    Args:
        lines: for each paper line the order lines it may bill, all of one tier; none for a line that bills nothing.
        rooms: of every order line among them.
    """
    places = _Places(rooms)
    by_tier: dict[int, list[Sequence[Candidate]]] = {}
    for candidates in lines:
        if candidates:
            by_tier.setdefault(candidates[0].tier, []).append(candidates)
    for tier in sorted(by_tier):
        _settle(by_tier[tier], places)
    return places.taken


class _Places:
    """What has been given to whom so far."""

    def __init__(self, rooms: Mapping[LineKey, Room]) -> None:
        self.taken: dict[int, Candidate] = {}
        self._rooms = rooms
        self._used: dict[LineKey, Decimal] = {}

    def take(self, candidate: Candidate) -> None:
        """Gives an order line to a paper line."""
        self.taken[candidate.line.index] = candidate
        self._used[candidate.key] = self._used.get(candidate.key, ZERO) + (candidate.quantity or ZERO)

    def cost(self, candidate: Candidate) -> int:
        """How badly a candidate fits beside what has been given away, in millionths."""
        used = self._used.get(candidate.key)
        room = self._rooms[candidate.key]
        cost = _likeness_cost(candidate) + (0 if used is None else _SHARED)
        cost += _NOT_RECEIVED if room.received is None else 0
        if candidate.quantity is None or candidate.quantity == 0:
            return cost
        return cost + _misfit(candidate.quantity, room, used or ZERO)


def _settle(lines: Sequence[Sequence[Candidate]], places: _Places) -> None:
    """Gives every line of one tier an order line: first those that have no choice, then the others together."""
    for candidates in lines:
        if len(candidates) == 1:
            places.take(candidates[0])
    waiting = [candidates for candidates in lines if len(candidates) > 1]
    waiting.sort(key=lambda candidates: (_said(candidates[0].line), candidates[0].line.index))
    while waiting:
        chosen = _round([sorted(candidates, key=lambda at: at.key) for candidates in waiting], places)
        for candidate in chosen:
            places.take(candidate)
        waiting = [candidates for candidates in waiting if candidates[0].line.index not in places.taken]


def _round(lines: Sequence[Sequence[Candidate]], places: _Places) -> list[Candidate]:
    """Candidates to take now, at most one line to an order line; never none."""
    costs = [[places.cost(candidate) for candidate in candidates] for candidates in lines]
    best = [candidates[row.index(min(row))] for candidates, row in zip(lines, costs, strict=True)]
    if len({candidate.key for candidate in best}) == len(best):
        return best
    return _cheapest_together(lines, costs) or [min(zip(map(min, costs), range(len(best)), best, strict=True))[2]]


def _cheapest_together(lines: Sequence[Sequence[Candidate]], costs: Sequence[Sequence[int]]) -> list[Candidate]:
    """The choice of least total cost in which no order line is taken twice, where a line may also wait.

    Waiting costs a little more than the best the line could have if it were alone.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    keys = sorted({candidate.key for candidates in lines for candidate in candidates})
    columns = {key: column for column, key in enumerate(keys)}
    matrix = np.full((len(lines), len(keys) + len(lines)), float(_IMPOSSIBLE))
    for row, (candidates, row_costs) in enumerate(zip(lines, costs, strict=True)):
        for candidate, cost in zip(candidates, row_costs, strict=True):
            matrix[row, columns[candidate.key]] = cost
        matrix[row, len(keys) + row] = min(map(_likeness_cost, candidates)) + _PATIENCE
    by_column = [{columns[candidate.key]: candidate for candidate in candidates} for candidates in lines]
    rows, chosen = linear_sum_assignment(matrix)
    return [
        by_column[row][column] for row, column in zip(rows.tolist(), chosen.tolist(), strict=True) if column < len(keys)
    ]


def _likeness_cost(candidate: Candidate) -> int:
    """What description and price say, whoever else takes the order line."""
    return (100 - candidate.score) * _PER_SCORE + int(min(candidate.distance, _ONE) * _PER_PRICE)


def _misfit(quantity: Decimal, room: Room, used: Decimal) -> int:
    """How far a quantity is from what is open: too many is what a clerk minds, too few is a part delivery."""
    to_bill = room.ordered if room.received is None else room.received
    space = room.credited + used if quantity < 0 else to_bill - used
    over = abs(quantity) - max(space, ZERO)
    if over > 0:
        return int(over / abs(quantity) * _TOO_MANY)
    return int(-over / space * _TOO_FEW) if over else 0


def _said(line: PaperLine) -> tuple[str, ...]:
    """Everything a line says, and nothing of where it stands."""
    return tuple(str(getattr(line, name)) for name in _SAID)
