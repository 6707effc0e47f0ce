"""Chooses one value for each field from the scored candidates, jointly where values bind each other.

Net + tax = gross and gross − prepaid = due tie the totals; a date due is not before the issue; the buyer is not the
seller; one identifier is not two numbers at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extraction.candidates import MONEY_FIELDS, Candidate, same_value
from extraction.decode_parties import PAIRS, choose_pair
from extraction.decode_totals import ABSENT, choose_totals
from extraction.scorer import Scored

_NO_RIVAL = 8.0
_DISTINCT = (
    ("purchase_order_reference", "invoice_number"),
    ("payment_reference", "purchase_order_reference"),
    ("despatch_advice_reference", "invoice_number"),
    ("purchase_order_reference", "shipment_number"),
    ("tracking_number", "shipment_number"),
    ("buyer_vat_id", "seller_vat_id"),
)

_RATHER = {"seller_vat_id": 1.5, "invoice_number": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The value chosen for a field, with what a confidence can be made from.

    Attributes:
        margin: log-odds over the best candidate with another value; for totals, over the best other set of totals.
        unanimous: whether the keywords alone and the trees alone would take the same value.
        adds_up: for totals, whether the sums that bind it hold (None when nothing binds it).
    """

    candidate: Candidate
    log_odds: float
    margin: float
    rivals: int
    unanimous: bool = True
    adds_up: bool | None = None


def decode(scored: Mapping[str, Sequence[Scored]]) -> dict[str, Choice]:
    """One choice for each field whose best candidate is likelier than none."""
    chosen: dict[str, Choice] = {}
    for field, ranking in scored.items():
        if field not in MONEY_FIELDS:
            best = _best(ranking)
            if best is not None:
                chosen[field] = best
    for pair in PAIRS:
        _choose_parties(chosen, scored, pair)
    _keep_distinct(chosen, scored)
    _keep_order_of_dates(chosen, scored)
    for field, total in choose_totals(scored).items():
        chosen[field] = _choice(total.scored, scored[field], adds_up=total.adds_up, margin=total.margin)
    return chosen


def _choose_parties(chosen: dict[str, Choice], scored: Mapping[str, Sequence[Scored]], pair: tuple[str, str]) -> None:
    """Two parties of a paper in place of those that each field alone would take."""
    if not all(chosen.get(field) for field in pair):
        return
    for field, best in zip(pair, choose_pair(scored[pair[0]], scored[pair[1]]), strict=True):
        if best is None:
            del chosen[field]
        else:
            chosen[field] = _choice(best, scored[field])


def _best(ranking: Sequence[Scored], *, without: frozenset[str] = frozenset()) -> Choice | None:
    allowed = [s for s in ranking if _key(s) not in without] if without else ranking
    if not allowed or allowed[0].log_odds < ABSENT:
        return None
    return _choice(allowed[0], ranking)


def _choice(
    best: Scored, ranking: Sequence[Scored], *, adds_up: bool | None = None, margin: float | None = None
) -> Choice:
    key = _key(best)
    strongest = next((s for s in ranking if _key(s) != key), None)
    alone = best.log_odds - strongest.log_odds if strongest is not None else _NO_RIVAL
    least = max(best.log_odds - 2.0, ABSENT)
    near = {_key(s) for s in ranking if s.log_odds > least} - {key}
    by_keywords = max(ranking, key=lambda s: s.by_keywords)
    by_trees = max(ranking, key=lambda s: s.log_odds - s.by_keywords)
    return Choice(
        candidate=best.candidate,
        log_odds=best.log_odds,
        margin=alone if margin is None else margin,
        rivals=len(near),
        unanimous=_key(by_keywords) == key == _key(by_trees),
        adds_up=adds_up,
    )


def _key(scored: Scored) -> str:
    return same_value(scored.candidate.kind, scored.candidate.value)


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
