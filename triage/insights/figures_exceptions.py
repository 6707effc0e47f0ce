"""Figures of exceptions: what cases are opened for, from whom and where, and what is open and how old."""

from collections.abc import Mapping
from typing import Any

from core.texts import N_
from triage.insights.tally import OPENED, WEEK, Column, Counted, Figure, Tally, amount, share

AGES = (
    (1, N_("today")),
    (3, N_("1–2 days")),
    (7, N_("3–6 days")),
    (14, N_("1–2 weeks")),
    (30, N_("2–4 weeks")),
)
OLDEST = N_("30 days and more")
_BY_TITLES = {"supplier": N_("Exceptions by supplier"), "site": N_("Exceptions by site")}
_BY_COUNTS = {
    "supplier": N_("Cases opened, by the supplier the paper is from. Empty: not known, or several."),
    "site": N_("Cases opened, by the place the orders are for. Empty: not known, or several."),
}
_BY_COLUMNS = {"supplier": N_("supplier"), "site": N_("site")}
_EXCEPTIONS = (
    Column(name="cases", title=N_("cases"), kind="count"),
    Column(name="share", title=N_("share"), kind="share"),
    Column(name="cases_before", title=N_("before"), kind="count"),
)


def exceptions_by_code(counted: Counted) -> Figure:
    """What cases were opened for."""
    now, earlier = counted.now, counted.earlier
    opened = now.n(OPENED)
    codes = sorted(now.buckets("code").items(), key=lambda at: (-at[1].n, at[0]))
    return Figure(
        name="exceptions-by-code",
        title=N_("Exceptions by code"),
        counts=N_("Cases opened, once for each code they bear; a case with two codes stands in two rows."),
        columns=(Column(name="code", title=N_("code"), kind="text"), *_EXCEPTIONS),
        rows=tuple(
            {"code": code, "cases": n, "share": share(n, opened), "cases_before": earlier.n("code", code)}
            for code, (n, _) in codes
        ),
        totals={"cases": opened},
        before={"cases": earlier.n(OPENED)},
    )


def exceptions_by_week(counted: Counted) -> Figure:
    """How many cases were opened and ended."""
    rows = [
        {
            "week": week.since,
            "cases": week.n(OPENED),
            "ended": week.n("closed"),
            "sample": week.n(OPENED, "sample"),
            "hold": week.n(OPENED, "hold"),
            "block": week.n(OPENED, "block"),
        }
        for week in counted.weeks
    ]
    return Figure(
        name="exceptions-by-week",
        title=N_("Exceptions by week"),
        counts=N_(
            "Cases on the day they were opened, and on the day they ended; by the outcome of their newest decision."
        ),
        columns=(
            WEEK,
            Column(name="cases", title=N_("opened"), kind="count"),
            Column(name="ended", title=N_("ended"), kind="count"),
            Column(name="sample", title=N_("sampled"), kind="count"),
            Column(name="hold", title=N_("held"), kind="count"),
            Column(name="block", title=N_("blocked"), kind="count"),
        ),
        rows=tuple(rows),
        totals={"cases": counted.now.n(OPENED), "ended": counted.now.n("closed")},
        before={"cases": counted.earlier.n(OPENED), "ended": counted.earlier.n("closed")},
    )


def exceptions_by_supplier(counted: Counted) -> Figure:
    """Cases opened by supplier, the most first."""
    return _exceptions_by("supplier", counted)


def exceptions_by_site(counted: Counted) -> Figure:
    """Cases opened by the place the orders are for, the most first."""
    return _exceptions_by("site", counted)


def _exceptions_by(by: str, counted: Counted) -> Figure:
    """Cases opened, and the papers decided beside them."""
    now, earlier = counted.now, counted.earlier
    opened, opened_before = _by_value(now, f"by_{by}"), _by_value(earlier, f"by_{by}")
    decided, whole = _by_value(now, f"decided_{by}"), sum(opened.values())
    rows = [
        {
            by: value,
            "cases": n,
            "share": share(n, whole),
            "cases_before": opened_before.get(value, 0),
            "decided": decided.get(value, 0),
            "per_paper": share(n, decided.get(value)),
        }
        for value, n in sorted(opened.items(), key=lambda at: (-at[1], at[0]))
    ]
    return Figure(
        name=f"exceptions-by-{by}",
        title=_BY_TITLES[by],
        counts=_BY_COUNTS[by],
        columns=(
            Column(name=by, title=_BY_COLUMNS[by], kind="text"),
            *_EXCEPTIONS,
            Column(name="decided", title=N_("papers"), kind="count"),
            Column(name="per_paper", title=N_("cases a paper"), kind="share"),
        ),
        rows=tuple(rows),
        totals={"cases": whole},
        before={"cases": sum(opened_before.values())},
    )


def backlog(counted: Counted) -> Figure:
    """What is open now, by its age."""
    ages: dict[str, list[int]] = {words: [0, 0] for _, words in (*AGES, (0, OLDEST))}
    for day, _, (n, total) in counted.open_by_day("open"):
        place = ages[_age((counted.today - day).days)]
        place[0] += n
        place[1] += total
    cases, worth = (sum(at[place] for at in ages.values()) for place in (0, 1))
    late = sum(count.n for day, _, count in counted.open_by_day("due") if day < counted.today)
    return Figure(
        name="backlog",
        title=N_("Backlog and ageing"),
        counts=N_(
            "Cases that have not ended, by whole days since they were opened; the period does not matter here. "
            "Expected loss is what the queue is ordered by, in the house currency."
        ),
        columns=(
            Column(name="age", title=N_("age"), kind="words"),
            Column(name="cases", title=N_("cases"), kind="count"),
            Column(name="share", title=N_("share"), kind="share"),
            Column(name="expected_loss", title=N_("expected loss"), kind="money"),
        ),
        rows=tuple(
            {"age": words, "cases": n, "share": share(n, cases), "expected_loss": amount(total)}
            for words, (n, total) in ages.items()
        ),
        totals={"cases": cases, "expected_loss": amount(worth), "past_due": late},
    )


def backlog_by_week(counted: Counted) -> Figure:
    """How many cases were open at the end of each week: those open now, back through what was opened and ended."""
    standing = sum(count.n for _, _, count in counted.open_by_day("open"))
    standing += counted.after.n("closed") - counted.after.n(OPENED)
    rows: list[Mapping[str, Any]] = []
    for week in reversed(counted.weeks):
        opened, ended = week.n(OPENED), week.n("closed")
        rows.append({"week": week.since, "opened": opened, "ended": ended, "open_at_end": standing})
        standing += ended - opened
    return Figure(
        name="backlog-by-week",
        title=N_("Backlog by week"),
        counts=N_(
            "Cases open at the end of each week: those open now, less what was opened since, and what ended since."
        ),
        columns=(
            WEEK,
            Column(name="opened", title=N_("opened"), kind="count"),
            Column(name="ended", title=N_("ended"), kind="count"),
            Column(name="open_at_end", title=N_("open at its end"), kind="count"),
        ),
        rows=tuple(reversed(rows)),
        totals={"open_at_end": rows[0]["open_at_end"] if rows else 0},
        before={"open_at_end": standing},
    )


def _age(days: int) -> str:
    return next((words for below, words in AGES if days < below), OLDEST)


def _by_value(tally: Tally, measure: str) -> dict[str, int]:
    return {value: count.n for value, count in tally.buckets(measure).items()}
