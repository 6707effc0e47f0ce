"""Chooses the totals of a paper together: what they gain by adding up, and how much likelier they are than any others.

The margin of each is the joint one: how much better the best set of totals is than the best set in which this field
has another value. A likely amount whose rival would add up as well is therefore not sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from extraction.candidates import MONEY_FIELDS
from extraction.scorer import Scored

TOP = 6
ABSENT = -2.5
WORST = -8.0
_ADDS_UP, _NEARLY, _CLASH = 3.0, 0.5, -2.5
_DUE_FITS, _PREPAID_FITS = 1.0, 4.0
_CENT, _ROUNDED_BY = 0.0111, 0.0501
_FARTHEST = 1e9
_NO_RIVAL = 8.0
_Option = Scored | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A chosen total: the joint margin, and whether the sums that bind it hold (None when nothing binds it)."""

    scored: Scored
    margin: float
    adds_up: bool | None


class _Marginals:
    """The best score of any set of totals, and the best for each value that a field may take in it."""

    def __init__(self) -> None:
        self.best = -_FARTHEST
        self.chosen: dict[str, _Option] = {}
        self.by_value: dict[str, dict[str | None, float]] = {field: {} for field in MONEY_FIELDS}

    def count(self, score: float, chosen: Mapping[str, _Option]) -> None:
        if score > self.best:
            self.best, self.chosen = score, dict(chosen)
        for field, option in chosen.items():
            value = None if option is None else option.candidate.value
            known = self.by_value[field]
            if score > known.get(value, -_FARTHEST):
                known[value] = score

    def margin(self, field: str) -> float:
        """How much better the best set is than the best one in which the field has another value, or none."""
        option = self.chosen[field]
        value = None if option is None else option.candidate.value
        rivals = [score for other, score in self.by_value[field].items() if other != value]
        return self.best - max(rivals) if rivals else _NO_RIVAL


def choose_totals(scored: Mapping[str, Sequence[Scored]]) -> dict[str, Total]:
    """The likeliest set of totals."""
    options = {field: _options(scored.get(field, ())) for field in MONEY_FIELDS}
    marginals = _Marginals()
    dues = {
        id(gross): _dues(gross, options["amount_due"], options["prepaid_amount"]) for gross in options["total_with_vat"]
    }
    for net, tax, gross in product(options["total_without_vat"], options["total_vat"], options["total_with_vat"]):
        score = _worth(net) + _worth(tax) + _worth(gross) + _balance(net, tax, gross)
        triple = {"total_without_vat": net, "total_vat": tax, "total_with_vat": gross}
        for more, due, prepaid in dues[id(gross)]:
            marginals.count(score + more, {**triple, "amount_due": due, "prepaid_amount": prepaid})
    return _totals(marginals)


def _totals(marginals: _Marginals) -> dict[str, Total]:
    chosen = marginals.chosen
    net, tax, gross = (chosen[field] for field in ("total_without_vat", "total_vat", "total_with_vat"))
    due, prepaid = chosen["amount_due"], chosen["prepaid_amount"]
    adds, due_adds = adds_up(net, tax, gross), _due_adds_up(gross, prepaid, due)
    bound = {
        "total_without_vat": adds,
        "total_vat": adds,
        "total_with_vat": adds,
        "amount_due": due_adds,
        "prepaid_amount": due_adds,
    }
    return {
        field: Total(scored=option, margin=marginals.margin(field), adds_up=bound[field])
        for field, option in chosen.items()
        if option is not None
    }


def _dues(gross: _Option, dues: Sequence[_Option], prepaids: Sequence[_Option]) -> list[tuple[float, _Option, _Option]]:
    """For each amount due and for each prepaid one, the best pair that holds it, as far as another cannot win."""
    pairs = []
    for due, prepaid in product(dues, prepaids):
        score = _worth(due) + _worth(prepaid)
        if due is not None and gross is not None:
            score += _due_balance(gross, prepaid, due)
        pairs.append((score, due, prepaid))
    pairs.sort(key=lambda pair: -pair[0])
    kept: list[tuple[float, _Option, _Option]] = []
    seen: set[tuple[str, int]] = set()
    for pair in pairs:
        marks = {("due", id(pair[1])), ("prepaid", id(pair[2]))}
        if not marks <= seen:
            seen |= marks
            kept.append(pair)
    return kept[:TOP]


def _due_balance(gross: Scored, prepaid: _Option, due: Scored) -> float:
    """Three amounts that fit, one of them paid before, are much less by chance than two that are the same."""
    if not _due_adds_up(gross, prepaid, due):
        return -1.5 * _DUE_FITS
    return _PREPAID_FITS if prepaid is not None and _number(prepaid) != 0 else _DUE_FITS


def _options(ranking: Sequence[Scored]) -> list[_Option]:
    """The best few different values, and none."""
    seen: dict[str, Scored] = {}
    for scored in ranking:
        seen.setdefault(scored.candidate.value, scored)
        if len(seen) >= TOP or scored.log_odds < WORST:
            break
    return [*seen.values(), None]


def _worth(scored: _Option) -> float:
    return ABSENT if scored is None else max(scored.log_odds, WORST)


def _number(scored: Scored) -> float:
    assert scored.candidate.number is not None
    return float(scored.candidate.number)


def adds_up(net: _Option, tax: _Option, gross: _Option) -> bool | None:
    """Whether net and tax come to the gross total; None when one of them is missing."""
    if gross is None or net is None or tax is None:
        return None
    return abs(_number(net) + _number(tax) - _number(gross)) <= _CENT


def _balance(net: _Option, tax: _Option, gross: _Option) -> float:
    if net is None or gross is None:
        return 0.0
    if tax is None:
        return _CLASH if abs(_number(net)) > abs(_number(gross)) + _CENT else 0.0
    rest = abs(_number(net) + _number(tax) - _number(gross))
    if rest <= _CENT:
        return _ADDS_UP if _number(tax) != 0 else _ADDS_UP / 3
    return _NEARLY if rest <= _ROUNDED_BY and _number(tax) != 0 else _CLASH


def _due_adds_up(gross: _Option, prepaid: _Option, due: _Option) -> bool | None:
    if gross is None or due is None:
        return None
    paid = abs(_number(prepaid)) if prepaid is not None else 0.0
    return abs(abs(_number(gross)) - paid - abs(_number(due))) <= _CENT
