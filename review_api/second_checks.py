"""How often two people did not say the same of one paper they both checked blind, by week."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.database import ReadSession
from core.texts import N_
from triage import blind_review
from triage.insights.scope import Scope, week_of
from triage.insights.tally import INTERVAL, WEEK, Column, Figure, rate


def second_checks(session: ReadSession, scope: Scope) -> Figure:
    """The figure of a period, whatever else it is narrowed to: of papers checked twice there are few."""
    before = scope.before()
    rows, monday = [], week_of(scope.since)
    while monday <= scope.until:
        since, until = max(monday, scope.since), min(monday + timedelta(days=6), scope.until)
        rows.append({"week": since, **_between(session, since, until)})
        monday += timedelta(days=7)
    return Figure(
        name="second-checks",
        title=N_("Checks checked by a second person"),
        counts=N_(
            "Sampled papers that two people judged without knowing of each other, on the day of the second verdict. "
            "They differ where they did not end it alike or did not find the same values wrong: so far the checks "
            "themselves can be relied on. Of the period, whatever else is chosen."
        ),
        columns=(
            WEEK,
            Column(name="checked", title=N_("checked twice"), kind="count"),
            Column(name="differed", title=N_("did not agree"), kind="count"),
            *INTERVAL,
        ),
        rows=tuple(row for row in rows if row["checked"]),
        totals=_between(session, scope.since, scope.until),
        before=_between(session, before.since, before.until),
    )


def _between(session: ReadSession, first: date, last: date) -> dict[str, Any]:
    since, until = (datetime.combine(day, time(0), tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    found = blind_review.checked_twice(session, since=since, until=until)
    return rate(found.differed, found.checked, "differed", "checked")
