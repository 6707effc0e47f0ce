"""How much money waits for a person, by queue and currency: kept while cases change, as their number is.

A node of an older release that runs beside this one writes cases and keeps no money; `recount` makes it right again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from core.database import ReadSession, WriteSession
from triage.case_records import CaseState, CaseSummary
from triage.queue_tables import case_money

SCALE = 10_000
MOST = Decimal(1_000_000_000)
_NOT_WAITING = frozenset({CaseState.RESOLVED, CaseState.ASKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMoney:
    """The cases of a queue that wait, in one currency.

    Attributes:
        currency: empty where the paper names none that is a code.
        total: what the papers ask for, with VAT.
        at_risk: what can be lost.
    """

    queue: str
    currency: str
    cases: int
    total: Decimal
    at_risk: Decimal


Sums = Mapping[tuple[str, str], tuple[int, int, int]]
"""By queue and currency: cases, total and money at risk in ten-thousandths."""


def sums_of(waiting: Iterable[tuple[str, str | None, Decimal | None, Decimal]]) -> Sums:
    """The sums of cases that wait, each as queue, currency, total and money at risk."""
    found: defaultdict[tuple[str, str], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for queue, currency, total, at_risk in waiting:
        place = (queue, _code(currency))
        cases, totals, risks = found[place]
        found[place] = (cases + 1, totals + _scaled(total), risks + _scaled(at_risk))
    return found


def moved(session: WriteSession, before: CaseSummary | None, after: CaseSummary | None) -> None:
    """Counts a case's money where it is now, and no longer where it was. Whoever calls holds the chain's lock."""
    gone, come = _of(before), _of(after)
    if gone == come:
        return
    for sums, sign in ((gone, -1), (come, 1)):
        for place, (cases, total, at_risk) in sums.items():
            _add(session, place, (sign * cases, sign * total, sign * at_risk))


def waiting(session: ReadSession) -> tuple[WaitingMoney, ...]:
    """What waits now, by queue and currency."""
    rows = session.all(select(case_money).where(case_money.c.cases != 0))
    return tuple(
        WaitingMoney(
            queue=row["queue"],
            currency=row["currency"],
            cases=row["cases"],
            total=Decimal(row["total"]) / SCALE,
            at_risk=Decimal(row["at_risk"]) / SCALE,
        )
        for row in rows
    )


def replace(session: WriteSession, sums: Sums) -> None:
    """Puts freshly counted sums in the place of those kept."""
    session.run(delete(case_money))
    session.run(insert(case_money), [_row(place, values) for place, values in sums.items()])


def _of(case: CaseSummary | None) -> Sums:
    if case is None or case.state in _NOT_WAITING:
        return {}
    return sums_of([(case.queue, case.currency, case.total, case.amount_at_risk)])


def _code(currency: str | None) -> str:
    """A paper may say anything there, and each currency is a row of its own."""
    return currency if currency and len(currency) == 3 and currency.isascii() and currency.isupper() else ""


def _scaled(amount: Decimal | None) -> int:
    """A paper may ask for any amount, and a sum must stay a number that both databases have."""
    return 0 if amount is None else int((max(-MOST, min(MOST, amount)) * SCALE).to_integral_value())


def _row(place: tuple[str, str], values: tuple[int, int, int]) -> dict[str, Any]:
    return dict(zip(("queue", "currency", "cases", "total", "at_risk"), (*place, *values), strict=True))


def _add(session: WriteSession, place: tuple[str, str], by: tuple[int, int, int]) -> None:
    c = case_money.c
    cases, total, at_risk = by
    more = {"cases": c.cases + cases, "total": c.total + total, "at_risk": c.at_risk + at_risk}
    if not session.run(update(case_money).where(and_(c.queue == place[0], c.currency == place[1])).values(more)):
        session.run(insert(case_money), [_row(place, by)])
