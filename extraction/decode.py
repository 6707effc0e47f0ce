"""Chooses one value for each field from the scored candidates, jointly where values bind each other.

Net + tax = gross and gross − prepaid = due tie the totals; a date due is not before the issue; the buyer is not the
seller; one identifier is not two numbers at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from extraction.candidates import MONEY_FIELDS, Candidate, same_value
from extraction.scorer import Scored

_TOP = 6
_ABSENT = -2.5
_ADDS_UP, _CLASH = 3.0, -2.5
_DUE_FITS, _PREPAID_FITS = 1.0, 4.0
_CENT = Decimal("0.011")
_DISTINCT = (
    ("purchase_order_reference", "invoice_number"),
    ("payment_reference", "purchase_order_reference"),
    ("despatch_advice_reference", "invoice_number"),
    ("purchase_order_reference", "shipment_number"),
    ("tracking_number", "shipment_number"),
    ("buyer_name", "seller_name"),
    ("consignee_name", "shipper_name"),
    ("buyer_vat_id", "seller_vat_id"),
)

_RATHER = {"seller_vat_id": 1.5, "invoice_number": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The value chosen for a field, with what a confidence can be made from.

    Attributes:
        margin: log-odds over the best candidate with another value; large when there is none.
        adds_up: for totals, whether the sums that bind it hold (None when nothing binds it).
    """

    candidate: Candidate
    log_odds: float
    margin: float
    rivals: int
    adds_up: bool | None = None


def decode(scored: Mapping[str, Sequence[Scored]]) -> dict[str, Choice]:
    """One choice for each field whose best candidate is likelier than none."""
    chosen: dict[str, Choice] = {}
    for field, ranking in scored.items():
        if field not in MONEY_FIELDS:
            best = _best(ranking)
            if best is not None:
                chosen[field] = best
    _keep_distinct(chosen, scored)
    _keep_order_of_dates(chosen, scored)
    chosen.update(_totals(scored))
    return chosen


def _best(ranking: Sequence[Scored], *, without: frozenset[str] = frozenset()) -> Choice | None:
    allowed = [s for s in ranking if same_value(s.candidate.kind, s.candidate.value) not in without]
    if not allowed or allowed[0].log_odds < _ABSENT:
        return None
    return _choice(allowed[0], ranking)


def _choice(best: Scored, ranking: Sequence[Scored], *, adds_up: bool | None = None) -> Choice:
    key = same_value(best.candidate.kind, best.candidate.value)
    rivals = [s for s in ranking if same_value(s.candidate.kind, s.candidate.value) != key]
    margin = best.log_odds - rivals[0].log_odds if rivals else 8.0
    near = {
        same_value(s.candidate.kind, s.candidate.value)
        for s in rivals
        if s.log_odds > max(best.log_odds - 2.0, _ABSENT)
    }
    return Choice(candidate=best.candidate, log_odds=best.log_odds, margin=margin, rivals=len(near), adds_up=adds_up)


def _keep_distinct(chosen: dict[str, Choice], scored: Mapping[str, Sequence[Scored]]) -> None:
    """When two fields chose the same value, the less sure one takes its next best."""
    for first, second in _DISTINCT:
        if first not in chosen or second not in chosen:
            continue
        a, b = chosen[first].candidate, chosen[second].candidate
        key = same_value(a.kind, a.value)
        if key != same_value(b.kind, b.value):
            continue
        loser = first if chosen[first].log_odds <= chosen[second].log_odds + _RATHER.get(second, 0.0) else second
        other = _best(scored[loser], without=frozenset({key}))
        if other is None:
            del chosen[loser]
        else:
            chosen[loser] = other


def _keep_order_of_dates(chosen: dict[str, Choice], scored: Mapping[str, Sequence[Scored]]) -> None:
    issue, due = chosen.get("issue_date"), chosen.get("due_date")
    if issue is None or due is None or issue.candidate.day is None or due.candidate.day is None:
        return
    if due.candidate.day < issue.candidate.day:
        later = [s for s in scored["due_date"] if s.candidate.day and s.candidate.day >= issue.candidate.day]
        other = _best(later)
        if other is None:
            del chosen["due_date"]
        else:
            chosen["due_date"] = other


def _totals(scored: Mapping[str, Sequence[Scored]]) -> dict[str, Choice]:
    """The likeliest set of totals, counting what it gains by adding up."""
    options = {field: _options(scored.get(field, ())) for field in MONEY_FIELDS}
    best: tuple[float, tuple[Scored | None, Scored | None, Scored | None]] | None = None
    for net, tax, gross in product(options["total_without_vat"], options["total_vat"], options["total_with_vat"]):
        score = _worth(net) + _worth(tax) + _worth(gross) + _balance(net, tax, gross)
        if best is None or score > best[0]:
            best = (score, (net, tax, gross))
    assert best is not None
    net, tax, gross = best[1]
    due, prepaid = _due_and_prepaid(gross, options["amount_due"], options["prepaid_amount"])
    adds = _adds_up(net, tax, gross)
    due_adds = _due_adds_up(gross, prepaid, due)
    picked = {"total_without_vat": (net, adds), "total_vat": (tax, adds), "total_with_vat": (gross, adds)}
    picked |= {"amount_due": (due, due_adds), "prepaid_amount": (prepaid, due_adds if prepaid else None)}
    return {field: _choice(s, scored[field], adds_up=ok) for field, (s, ok) in picked.items() if s is not None}


def _due_and_prepaid(
    gross: Scored | None, dues: Sequence[Scored | None], prepaids: Sequence[Scored | None]
) -> tuple[Scored | None, Scored | None]:
    best: tuple[float, Scored | None, Scored | None] = (-1e9, None, None)
    for due, prepaid in product(dues, prepaids):
        score = _worth(due) + _worth(prepaid)
        if due is not None and gross is not None:
            score += _due_balance(gross, prepaid, due)
        if score > best[0]:
            best = (score, due, prepaid)
    return best[1], best[2]


def _due_balance(gross: Scored, prepaid: Scored | None, due: Scored) -> float:
    """Three amounts that fit, one of them paid before, are much less by chance than two that are the same."""
    if not _due_adds_up(gross, prepaid, due):
        return -1.5 * _DUE_FITS
    return _PREPAID_FITS if prepaid is not None and _number(prepaid) != 0 else _DUE_FITS


def _options(ranking: Sequence[Scored]) -> list[Scored | None]:
    """The best few different values, and none."""
    seen: dict[str, Scored] = {}
    for scored in ranking:
        seen.setdefault(scored.candidate.value, scored)
        if len(seen) >= _TOP:
            break
    return [*seen.values(), None]


def _worth(scored: Scored | None) -> float:
    return _ABSENT if scored is None else max(scored.log_odds, -8.0)


def _number(scored: Scored) -> Decimal:
    assert scored.candidate.number is not None
    return scored.candidate.number


def _adds_up(net: Scored | None, tax: Scored | None, gross: Scored | None) -> bool | None:
    if gross is None or net is None:
        return None
    if tax is None:
        return None
    return abs(_number(net) + _number(tax) - _number(gross)) <= _CENT


def _balance(net: Scored | None, tax: Scored | None, gross: Scored | None) -> float:
    adds = _adds_up(net, tax, gross)
    if adds is None:
        if net is not None and gross is not None and abs(_number(net)) > abs(_number(gross)):
            return _CLASH
        return 0.0
    if not adds:
        return _CLASH
    return _ADDS_UP if tax is not None and _number(tax) != 0 else _ADDS_UP / 3


def _due_adds_up(gross: Scored | None, prepaid: Scored | None, due: Scored | None) -> bool | None:
    if gross is None or due is None:
        return None
    paid = abs(_number(prepaid)) if prepaid is not None else Decimal(0)
    return abs(abs(_number(gross)) - paid - abs(_number(due))) <= _CENT
