"""Which odd demand a planner is told of: known ones stay the same, new ones within what the planner has time for. Pure.

The same shift is found again every day, a little later each time: while its days overlap those of one that is known, it
is that one. A planner's budget is spent by what was new in the running day, week or month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from triage.demand_facts import DemandFacts
from triage.policy_predictions import AlertPeriod, DemandPredictions


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlert:
    """Odd demand that was decided on before.

    Attributes:
        first_at: the instant of the first decision about it.
    """

    item_id: str
    location_id: str
    starts: date
    last: date
    planner: str
    first_at: datetime


def alerts_of(
    found: Sequence[DemandFacts],
    known: Iterable[KnownAlert],
    categories: Mapping[str, str | None],
    rules: DemandPredictions,
) -> tuple[DemandFacts, ...]:
    """What is shown of all that was found, each under the name it has already.

    Args:
        found: the costliest first; all as of one instant.
        categories: by item.
    """
    past = defaultdict(list)
    for one in known:
        past[one.item_id, one.location_id].append(one)
    spent = _spent(found, past, rules)
    shown = []
    for facts in found:
        planner = rules.planner_of(categories.get(facts.item_id), facts.location_id)
        before = next((one for one in past[facts.item_id, facts.location_id] if _is_same(one, facts)), None)
        if before is not None:
            shown.append(replace(facts, planner=planner.name, starts=before.starts))
        elif spent[planner.name] < planner.alerts:
            spent[planner.name] += 1
            shown.append(replace(facts, planner=planner.name, starts=facts.first))
    return tuple(shown)


def period_start(at: date, period: AlertPeriod) -> date:
    """The first day of the day, week or month an instant lies in."""
    if period == "week":
        return at - timedelta(days=at.weekday())
    return at.replace(day=1) if period == "month" else at


def _spent(
    found: Sequence[DemandFacts], past: Mapping[tuple[str, str], Sequence[KnownAlert]], rules: DemandPredictions
) -> defaultdict[str, int]:
    """How many alerts each planner has had in the running period."""
    spent: defaultdict[str, int] = defaultdict(int)
    if not found:
        return spent
    starts = {planner.name: period_start(found[0].as_of.date(), planner.period) for planner in rules.planners}
    for one in (one for several in past.values() for one in several):
        if one.planner in starts and one.first_at.date() >= starts[one.planner]:
            spent[one.planner] += 1
    return spent


def _is_same(known: KnownAlert, facts: DemandFacts) -> bool:
    return known.starts <= facts.last and facts.first <= known.last
