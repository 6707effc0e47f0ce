"""Figures of how papers flow: what needed nobody, where the time goes, and how often people have to do something."""

from collections.abc import Mapping
from typing import Any

from core.texts import N_
from triage.insights.counting import BANDS, MOST_ACTS, STEPS, Count
from triage.insights.tally import WEEK, Column, Counted, Figure, Tally, share

_LONGER, _MOST = N_("more than 30 days"), N_("5 or more")


def touchless(counted: Counted) -> Figure:
    """Papers that needed nobody, and papers that were right the first time, by week."""
    return Figure(
        name="touchless",
        title=N_("Touchless rate and first-pass yield"),
        counts=N_(
            "Papers by the week they were first decided in. Touchless: done with, and no person did anything to it. "
            "First pass: the first decision found nothing to hold; those drawn for a blind check count as right."
        ),
        columns=(
            WEEK,
            Column(name="decided", title=N_("decided"), kind="count"),
            Column(name="first_pass", title=N_("first pass"), kind="count"),
            Column(name="first_pass_yield", title=N_("first-pass yield"), kind="share"),
            Column(name="touchless", title=N_("touchless"), kind="count"),
            Column(name="touchless_rate", title=N_("touchless rate"), kind="share"),
            Column(name="waiting", title=N_("not done yet"), kind="count"),
        ),
        rows=tuple({"week": week.since, **_touchless(week)} for week in counted.weeks),
        totals=_touchless(counted.now),
        before=_touchless(counted.earlier),
    )


def cycle_time(counted: Counted) -> Figure:
    """Where the time goes, step by step."""
    now, earlier = counted.now, counted.earlier
    whole = sum(now.total(step) for step, _ in STEPS) or None
    return Figure(
        name="cycle-time",
        title=N_("Cycle time by step"),
        counts=N_(
            "Each step counts on the day it ended with its paper or case. The mean is exact; “half within” and "
            "“nine tenths within” are the ends of the spans that hold so many."
        ),
        columns=(
            Column(name="step", title=N_("step"), kind="words"),
            Column(name="count", title=N_("times"), kind="count"),
            Column(name="mean_seconds", title=N_("mean"), kind="seconds"),
            Column(name="half_within", title=N_("half within"), kind="words"),
            Column(name="nine_tenths_within", title=N_("nine tenths within"), kind="words"),
            Column(name="total_seconds", title=N_("together"), kind="seconds"),
            Column(name="share_of_time", title=N_("share of the time"), kind="share"),
            Column(name="mean_before_seconds", title=N_("mean before"), kind="seconds"),
        ),
        rows=tuple(
            {
                "step": words,
                **_spans(now.buckets(step)),
                "total_seconds": now.total(step),
                "share_of_time": share(now.total(step), whole),
                "mean_before_seconds": _spans(earlier.buckets(step))["mean_seconds"],
            }
            for step, words in STEPS
        ),
        totals=_spans(now.buckets("case")),
        before=_spans(earlier.buckets("case")),
    )


def touches(counted: Counted) -> Figure:
    """How often people had to do something before a case ended."""
    now, earlier = counted.now, counted.earlier
    ended = now.n("touches")
    return Figure(
        name="touches",
        title=N_("Touches per case"),
        counts=N_(
            "Cases that ended, by what people did to them: corrections, comments, escalations, approvals and other "
            "decisions, attachments. Opening or putting down a case is no touch."
        ),
        columns=(
            Column(name="touches", title=N_("touches"), kind="words"),
            Column(name="cases", title=N_("cases"), kind="count"),
            Column(name="share", title=N_("share"), kind="share"),
        ),
        rows=tuple(
            {
                "touches": _MOST if acts == MOST_ACTS else str(acts),
                "cases": now.n("touches", str(acts)),
                "share": share(now.n("touches", str(acts)), ended),
            }
            for acts in range(MOST_ACTS + 1)
        ),
        totals=_mean_touches(now),
        before=_mean_touches(earlier),
    )


def _touchless(tally: Tally) -> dict[str, Any]:
    decided, passed = tally.n("decided"), tally.n("decided", "clear", "sample")
    untouched = tally.n("done", "touchless")
    return {
        "decided": decided,
        "first_pass": passed,
        "first_pass_yield": share(passed, decided),
        "touchless": untouched,
        "touchless_rate": share(untouched, decided),
        "waiting": decided - tally.n("done"),
    }


def _mean_touches(tally: Tally) -> dict[str, Any]:
    ended = tally.n("touches")
    return {"cases": ended, "mean_touches": share(tally.total("touches"), ended)}


def _spans(buckets: Mapping[str, Count]) -> dict[str, Any]:
    count = sum(at.n for at in buckets.values())
    return {
        "count": count,
        "mean_seconds": share(sum(at.total for at in buckets.values()), count),
        "half_within": _within(buckets, count, 0.5),
        "nine_tenths_within": _within(buckets, count, 0.9),
    }


def _within(buckets: Mapping[str, Count], count: int, share: float) -> str | None:
    """The end of the first span with which so great a share is reached."""
    reached = 0
    for place in range(len(BANDS) + 1):
        reached += buckets.get(str(place), Count(0, 0)).n
        if count and reached >= share * count:
            return BANDS[place][1] if place < len(BANDS) else _LONGER
    return None
