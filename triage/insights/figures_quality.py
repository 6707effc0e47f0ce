"""Figures of how well it goes: overrides and errors of blind checks with their intervals, and discounts missed."""

from collections import defaultdict
from typing import Any

from core.texts import N_
from triage.insights.tally import INTERVAL, WEEK, Column, Counted, Figure, Tally, amount, rate

_DISCOUNTS = {
    "missed": N_("missed"),
    "missed_amount": N_("missed, worth"),
    "in_time": N_("in time"),
    "in_time_amount": N_("in time, worth"),
    "open": N_("still to be had"),
    "open_amount": N_("still to be had, worth"),
    "lapsed": N_("lapsed, not done"),
    "lapsed_amount": N_("lapsed, worth"),
    "missed_before": N_("missed before"),
    "missed_before_amount": N_("missed before, worth"),
}


def overrides(counted: Counted) -> Figure:
    """How often people approve in spite of what was found, by code."""
    now, earlier = counted.now, counted.earlier
    rows = []
    for code, (decided, _) in sorted(now.buckets("judged_code").items(), key=lambda at: (-at[1].n, at[0])):
        rows.append({"code": code, **rate(now.n("overridden_code", code), decided, "overridden", "decided")})
    return Figure(
        name="overrides",
        title=N_("Overrides"),
        counts=N_(
            "Of the held and blocked cases a person decided (approved, rejected, or asked about), those approved in "
            "spite of a finding; by code, of the cases that bore it. A code that is nearly always overridden holds "
            "too much."
        ),
        columns=(
            Column(name="code", title=N_("code"), kind="text"),
            Column(name="decided", title=N_("decided by people"), kind="count"),
            Column(name="overridden", title=N_("approved all the same"), kind="count"),
            *INTERVAL,
        ),
        rows=tuple(rows),
        totals=_overridden(now),
        before=_overridden(earlier),
    )


def samples(counted: Counted) -> Figure:
    """What blind checks of cleared papers found, by week."""
    return Figure(
        name="samples",
        title=N_("Errors found by blind checks"),
        counts=N_(
            "Papers drawn for a blind check whose check says right or wrong, on the day of that word. The share is "
            "among papers drawn, not weighted by the chance of being drawn."
        ),
        columns=(
            WEEK,
            Column(name="checked", title=N_("checked"), kind="count"),
            Column(name="wrong", title=N_("wrong"), kind="count"),
            *INTERVAL,
        ),
        rows=tuple({"week": week.since, **_checked(week)} for week in counted.weeks),
        totals=_checked(counted.now),
        before=_checked(counted.earlier),
    )


def late_discounts(counted: Counted) -> Figure:
    """Early-payment discounts that waiting cost, and those that can still be had, by currency."""
    now, earlier = counted.now, counted.earlier
    found: dict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(_DISCOUNTS, 0))
    for (prefix, tally), names in (
        (("missed", now), ("missed", "missed_amount")),
        (("in time", now), ("in_time", "in_time_amount")),
        (("missed", earlier), ("missed_before", "missed_before_amount")),
    ):
        for bucket, (n, total) in tally.buckets("discount").items():
            how, _, currency = bucket.partition(":")
            if how == prefix:
                found[currency][names[0]] += n
                found[currency][names[1]] += total
    for day, currency, (n, total) in counted.open_by_day("discount_open"):
        which = "open" if day >= counted.today else "lapsed"
        found[currency][which] += n
        found[currency][f"{which}_amount"] += total
    return Figure(
        name="late-discounts",
        title=N_("Early-payment discounts"),
        counts=N_(
            "Invoices whose terms offer a discount and that came in before its last day. Missed: done with after "
            "that day; rejected ones do not count. Still to be had, and lapsed: not done with yet."
        ),
        columns=(
            Column(name="currency", title=N_("currency"), kind="text"),
            *(
                Column(name=name, title=title, kind="money" if name.endswith("_amount") else "count")
                for name, title in _DISCOUNTS.items()
            ),
        ),
        rows=tuple(
            {"currency": currency, **{name: amount(v) if name.endswith("_amount") else v for name, v in row.items()}}
            for currency, row in sorted(found.items())
        ),
        totals={name: sum(row[name] for row in found.values()) for name in ("missed", "in_time", "open", "lapsed")},
        before={"missed": sum(row["missed_before"] for row in found.values())},
    )


def _overridden(tally: Tally) -> dict[str, Any]:
    over = rate(tally.n("judged", "hold", "block"), tally.n("judged"), "overridden", "decided")
    return over | {"over_block": tally.n("judged", "block")}


def _checked(tally: Tally) -> dict[str, Any]:
    return rate(tally.n("checked", "wrong"), tally.n("checked"), "wrong", "checked")
