"""Chooses the totals of a paper together: what they gain by adding up, and how much likelier they are than any others.

The margin of each is the joint one: how much better the best set of totals is than the best set in which this field
has another value. A likely amount whose rival would add up as well is therefore not sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from extraction.scorer import Scored

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP = 6
ABSENT = -2.5
WORST = -8.0
_ADDS_UP, _NEARLY, _CLASH = 3.0, 0.5, -2.5
_DUE_FITS, _PREPAID_FITS = 1.0, 4.0
_CENT, _ROUNDED_BY = 0.0111, 0.0501
_HIGHEST_RATE = 0.45
_ORDER = ("total_without_vat", "total_vat", "total_with_vat", "amount_due", "prepaid_amount")
_NO_RIVAL = 8.0
_Option = Scored | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A chosen total: the joint margin, and whether the sums that bind it hold (None when nothing binds it)."""

    scored: Scored
    margin: float
    adds_up: bool | None


class _Grid:
    """The score of every set of totals, as far as their sums bind them: net, tax and gross; gross, due and prepaid."""

    def __init__(self, options: Mapping[str, Sequence[_Option]]) -> None:
        self.options = options
        net, tax, gross, due, prepaid = (_figures(options[field]) for field in _ORDER)
        triples = net.worth[:, None, None] + tax.worth[None, :, None] + gross.worth[None, None, :]
        triples = triples + _balance(net.number[:, None, None], tax.number[None, :, None], gross.number[None, None, :])
        paid = due.worth[None, :, None] + prepaid.worth[None, None, :]
        paid = paid + _due_balance(
            gross.number[:, None, None], due.number[None, :, None], prepaid.number[None, None, :]
        )
        self.triples = triples + paid.max(axis=(1, 2))[None, None, :]
        self.paid = paid + triples.max(axis=(0, 1))[:, None, None]

    def chosen(self) -> dict[str, int]:
        """Which option of each field the best set takes."""
        net, tax, gross = (int(i) for i in np.unravel_index(self.triples.argmax(), self.triples.shape))
        due, prepaid = (int(i) for i in np.unravel_index(self.paid[gross].argmax(), self.paid[gross].shape))
        return dict(zip(_ORDER, (net, tax, gross, due, prepaid), strict=True))

    def margin(self, field: str, chosen: int) -> float:
        """How much better the best set is than the best one in which the field has another value, or none."""
        place = _ORDER.index(field)
        cube, axis = (self.triples, place) if place < 3 else (self.paid, place - 2)
        best = cube.max(axis=tuple(other for other in range(3) if other != axis))
        rivals = np.delete(best, chosen)
        return float(best[chosen] - rivals.max()) if len(rivals) else _NO_RIVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What each option of a field is worth, and its amount; NaN for none."""

    worth: "NDArray[np.float64]"
    number: "NDArray[np.float64]"


def choose_totals(scored: Mapping[str, Sequence[Scored]]) -> dict[str, Total]:
    """The likeliest set of totals."""
    options = {field: _options(scored.get(field, ())) for field in _ORDER}
    grid = _Grid(options)
    places = grid.chosen()
    chosen = {field: options[field][place] for field, place in places.items()}
    net, tax, gross, due, prepaid = (chosen[field] for field in _ORDER)
    adds, due_adds = adds_up(net, tax, gross), _due_adds_up(gross, prepaid, due)
    bound = dict(zip(_ORDER, (adds, adds, adds, due_adds, due_adds), strict=True))
    return {
        field: Total(scored=option, margin=grid.margin(field, places[field]), adds_up=bound[field])
        for field, option in chosen.items()
        if option is not None
    }


def _figures(options: Sequence[_Option]) -> _Figures:
    return _Figures(
        worth=np.array([ABSENT if o is None else max(o.log_odds, WORST) for o in options]),
        number=np.array([np.nan if o is None else _number(o) for o in options]),
    )


def _balance(
    net: "NDArray[np.float64]", tax: "NDArray[np.float64]", gross: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """What net, tax and gross gain by adding up, and lose by not; nothing where net or gross is missing.

    A tax of more than nearly half is none, whatever adds up: 220 and 220 are two totals, and 440 another sum.
    """
    rest = np.abs(net + tax - gross)
    taxed = np.where(
        rest <= _CENT,
        np.where(tax != 0, _ADDS_UP, _ADDS_UP / 3),
        np.where((rest <= _ROUNDED_BY) & (tax != 0), _NEARLY, _CLASH),
    )
    taxed = np.where(np.abs(tax) > _HIGHEST_RATE * np.abs(net) + _CENT, _CLASH, taxed)
    untaxed = np.where(np.abs(net) > np.abs(gross) + _CENT, _CLASH, 0.0)
    known = ~(np.isnan(net) | np.isnan(gross))
    balance: NDArray[np.float64] = np.where(known, np.where(np.isnan(tax), untaxed, taxed), 0.0)
    return balance


def _due_balance(
    gross: "NDArray[np.float64]", due: "NDArray[np.float64]", prepaid: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Three amounts that fit, one of them paid before, are much less by chance than two that are the same."""
    paid = np.where(np.isnan(prepaid), 0.0, np.abs(prepaid))
    fits = np.abs(np.abs(gross) - paid - np.abs(due)) <= _CENT
    gain = np.where(fits, np.where(paid != 0, _PREPAID_FITS, _DUE_FITS), -1.5 * _DUE_FITS)
    balance: NDArray[np.float64] = np.where(np.isnan(gross) | np.isnan(due), 0.0, gain)
    return balance


def _options(ranking: Sequence[Scored]) -> list[_Option]:
    """The best few different values, and none."""
    seen: dict[str, Scored] = {}
    for scored in ranking:
        seen.setdefault(scored.candidate.value, scored)
        if len(seen) >= TOP or scored.log_odds < WORST:
            break
    return [*seen.values(), None]


def _number(scored: Scored) -> float:
    assert scored.candidate.number is not None
    return float(scored.candidate.number)


def adds_up(net: _Option, tax: _Option, gross: _Option) -> bool | None:
    """Whether net and tax come to the gross total; None when one of them is missing."""
    if gross is None or net is None or tax is None:
        return None
    return abs(_number(net) + _number(tax) - _number(gross)) <= _CENT


def _due_adds_up(gross: _Option, prepaid: _Option, due: _Option) -> bool | None:
    if gross is None or due is None:
        return None
    paid = abs(_number(prepaid)) if prepaid is not None else 0.0
    return abs(abs(_number(gross)) - paid - abs(_number(due))) <= _CENT
