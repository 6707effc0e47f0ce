"""Which charts the page of figures has, and what each says to who cannot see it."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from review_api.charts import Band, Bar, Series, bar_chart, line_chart
from review_api.insights_words import Teller
from triage.insights.tally import Figure

BARS_SHOWN = 10
Chart = tuple[Markup, str]
Draw = Callable[[Figure, Teller], Chart | None]


def charts_of(figures: Mapping[str, Figure], told: Teller) -> dict[str, Chart]:
    """Each figure's chart and its sentence; a figure of nothing has none."""
    drawn = {name: draw(figures[name], told) for name, draw in CHARTS.items() if name in figures and figures[name].rows}
    return {name: chart for name, chart in drawn.items() if chart is not None}


def _touchless(figure: Figure, told: Teller) -> Chart | None:
    if not figure.totals["decided"]:
        return None
    said = told.say(
        "Share of papers by week. Touchless: %(now)s in all, first-pass yield %(passed)s.",
        now=told.write(figure.totals["touchless_rate"], "share"),
        passed=told.write(figure.totals["first_pass_yield"], "share"),
    )
    lines = (
        Series(name=told.say("touchless"), values=[row["touchless_rate"] for row in figure.rows]),
        Series(name=told.say("first pass"), values=[row["first_pass_yield"] for row in figure.rows], is_second=True),
    )
    return _shares_by_week(figure, told, said, lines)


def _samples(figure: Figure, told: Teller) -> Chart | None:
    if not figure.totals["checked"]:
        return None
    said = told.say(
        "Share of blind checks that were wrong, by week: %(wrong)s of %(checked)s in all. The band is the interval.",
        wrong=told.write(figure.totals["wrong"], "count"),
        checked=told.write(figure.totals["checked"], "count"),
    )
    band = Band(low=[row["low"] for row in figure.rows], high=[row["high"] for row in figure.rows])
    line = Series(name=told.say("wrong"), values=[row["share"] for row in figure.rows])
    return _shares_by_week(figure, told, said, (line,), band)


def _backlog_by_week(figure: Figure, told: Teller) -> Chart | None:
    said = told.say(
        "Cases open at the end of each week; %(now)s at the end.", now=told.write(figure.totals["open_at_end"], "count")
    )
    line = Series(name=told.say("cases open"), values=[row["open_at_end"] for row in figure.rows])
    return _counts_by_week(figure, told, said, (line,))


def _exceptions_by_week(figure: Figure, told: Teller) -> Chart | None:
    said = told.say(
        "Cases opened and ended by week: %(opened)s opened, %(ended)s ended in all.",
        opened=told.write(figure.totals["cases"], "count"),
        ended=told.write(figure.totals["ended"], "count"),
    )
    lines = (
        Series(name=told.say("opened"), values=[row["cases"] for row in figure.rows]),
        Series(name=told.say("ended"), values=[row["ended"] for row in figure.rows], is_second=True),
    )
    return _counts_by_week(figure, told, said, lines)


def _backlog(figure: Figure, told: Teller) -> Chart | None:
    said = told.say(
        "Open cases by age: %(cases)s in all, %(late)s of them past due.",
        cases=told.write(figure.totals["cases"], "count"),
        late=told.write(figure.totals["past_due"], "count"),
    )
    return _bars(figure, told, said, [
        Bar(
            name=told.say(row["age"]),
            value=row["cases"],
            words=f"{told.write(row['cases'], 'count')} · {told.write(row['expected_loss'], 'money')}",
        )
        for row in figure.rows
    ])  # fmt: skip


def _cycle_time(figure: Figure, told: Teller) -> Chart | None:
    longest = max(figure.rows, key=lambda row: row["total_seconds"])
    if not longest["total_seconds"]:
        return None
    said = told.say(
        "Share of all time by step. The most, %(share)s, passes at: %(step)s.",
        share=told.write(longest["share_of_time"], "share"),
        step=told.say(longest["step"]),
    )
    return _bars(figure, told, said, [
        Bar(
            name=told.say(row["step"]),
            value=row["share_of_time"] or 0.0,
            words=f"{told.write(row['share_of_time'], 'share')} · ⌀ {told.write(row['mean_seconds'], 'seconds')}",
        )
        for row in figure.rows
    ])  # fmt: skip


def _touches(figure: Figure, told: Teller) -> Chart | None:
    if not figure.totals["cases"]:
        return None
    said = told.say(
        "Cases by how often somebody had to do something: %(mean)s times on the mean.",
        mean=told.write(figure.totals["mean_touches"], "number"),
    )
    return _bars(figure, told, said, [
        Bar(name=told.say(row["touches"]), value=row["cases"], words=told.write(row["cases"], "count"))
        for row in figure.rows
    ])  # fmt: skip


def _ranking(by: str) -> Draw:
    """The most cases by code, supplier or site; a code leads to the cases that wait with it."""

    def draw(figure: Figure, told: Teller) -> Chart | None:
        shown = figure.rows[:BARS_SHOWN]
        names = [row[by] or told.say("not known, or several") for row in shown]
        said = told.say(
            "The most cases: %(first)s with %(cases)s.", first=names[0], cases=told.write(shown[0]["cases"], "count")
        )
        return _bars(figure, told, said, [
            Bar(
                name=name,
                value=row["cases"],
                words=f"{told.write(row['cases'], 'count')} · {told.write(row['share'], 'share')}",
                href=f"/?{urlencode({'code': row[by]})}" if by == "code" else None,
            )
            for name, row in zip(names, shown, strict=True)
        ])  # fmt: skip

    return draw


CHARTS: Mapping[str, Draw] = {
    "touchless": _touchless,
    "backlog": _backlog,
    "backlog-by-week": _backlog_by_week,
    "exceptions-by-code": _ranking("code"),
    "exceptions-by-week": _exceptions_by_week,
    "exceptions-by-supplier": _ranking("supplier"),
    "exceptions-by-site": _ranking("site"),
    "cycle-time": _cycle_time,
    "touches": _touches,
    "samples": _samples,
}


def _bars(figure: Figure, told: Teller, said: str, bars: Sequence[Bar]) -> Chart:
    return bar_chart(f"chart-{figure.name}", told.say(figure.title), said=said, bars=bars), said


def _shares_by_week(
    figure: Figure, told: Teller, said: str, lines: Sequence[Series], band: Band | None = None
) -> Chart:
    weeks = [row["week"] for row in figure.rows]
    chart = line_chart(
        f"chart-{figure.name}", told.say(figure.title), said=said, labels=[told.week(week) for week in weeks],
        series=lines, words=told.whole_share, marks=told.marks(weeks), band=band, highest=1.0,
    )  # fmt: skip
    return chart, said


def _counts_by_week(figure: Figure, told: Teller, said: str, lines: Sequence[Series]) -> Chart:
    weeks = [row["week"] for row in figure.rows]
    chart = line_chart(
        f"chart-{figure.name}", told.say(figure.title), said=said, labels=[told.week(week) for week in weeks],
        series=lines, words=told.count, marks=told.marks(weeks),
    )  # fmt: skip
    return chart, said
