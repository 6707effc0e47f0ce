"""Figures of how papers flow: what needed nobody, where the time goes, and how often people have to do something."""

from collections.abc import Mapping
from typing import Any

from triage.insights.counting import BANDS, MOST_ACTS, STEPS, Count
from triage.insights.tally import WEEK, Column, Counted, Figure, Tally, share


def touchless(counted: Counted) -> Figure:
    """Papers that needed nobody, and papers that were right the first time, by week."""
    return Figure(
        name="touchless",
        title="Touchless rate and first-pass yield",
        counts="Touchless: papers done with that no person did anything to. First pass: papers whose first decision "
        "found nothing to hold; those drawn for a blind check count as right.",
        columns=(
            WEEK,
            Column(name="decided", title="decided", kind="count"),
            Column(name="first_pass", title="first pass", kind="count"),
            Column(name="first_pass_yield", title="first-pass yield", kind="share"),
            Column(name="ended", title="done", kind="count"),
            Column(name="touchless", title="touchless", kind="count"),
            Column(name="touchless_rate", title="touchless rate", kind="share"),
        ),
        rows=tuple({"week": week.since, **_touchless(week)} for week in counted.weeks()),
        totals=_touchless(counted.now()),
        before=_touchless(counted.earlier()),
    )


def cycle_time(counted: Counted) -> Figure:
    """Where the time goes, step by step."""
    now, earlier = counted.now(), counted.earlier()
    whole = sum(now.total(step) for step, _ in STEPS) or None
    return Figure(
        name="cycle-time",
        title="Cycle time by step",
        counts="Each step counts on the day it ended with its paper or case. The mean is exact; `half within` and "
        "`nine tenths within` are the ends of the spans that hold so many.",
        columns=(
            Column(name="step", title="step", kind="text"),
            Column(name="count", title="times", kind="count"),
            Column(name="mean_seconds", title="mean", kind="seconds"),
            Column(name="half_within", title="half within", kind="text"),
            Column(name="nine_tenths_within", title="nine tenths within", kind="text"),
            Column(name="total_seconds", title="together", kind="seconds"),
            Column(name="share_of_time", title="share of the time", kind="share"),
            Column(name="mean_before_seconds", title="mean before", kind="seconds"),
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
    now, earlier = counted.now(), counted.earlier()
    ended = now.n("touches")
    return Figure(
        name="touches",
        title="Touches per case",
        counts="Cases that ended, by what people did to them: corrections, comments, escalations, approvals and other "
        "decisions, attachments. Opening or putting down a case is no touch.",
        columns=(
            Column(name="touches", title="touches", kind="text"),
            Column(name="cases", title="cases", kind="count"),
            Column(name="share", title="share", kind="share"),
        ),
        rows=tuple(
            {
                "touches": f"{acts} or more" if acts == MOST_ACTS else str(acts),
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
    ended, untouched = tally.n("ended"), tally.n("ended", "touchless")
    return {
        "decided": decided,
        "first_pass": passed,
        "first_pass_yield": share(passed, decided),
        "ended": ended,
        "touchless": untouched,
        "touchless_rate": share(untouched, ended),
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
            return BANDS[place][1] if place < len(BANDS) else f"more than {BANDS[-1][1]}"
    return None
