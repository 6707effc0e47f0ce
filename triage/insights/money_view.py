"""What the house saves and loses in money, with every assumption shown: each can be changed by who looks. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import ZERO, round_amount
from triage.insights.counting import MONEY_SCALE
from triage.insights.tally import Column, Counted, Figure, Tally
from triage.policy import PriorityRules

_MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What the money view rests on beside counts.

    Attributes:
        minutes_by_hand: what one paper takes a person where nobody and nothing helps.
        hourly_cost: of a person, in the house currency.
        hold_pct, block_pct: chance that the money at risk in a rejected case would have been lost unseen.
    """

    minutes_by_hand: Decimal
    hourly_cost: Decimal
    hold_pct: Decimal
    block_pct: Decimal


def of_policy(rules: PriorityRules) -> Assumptions:
    """What the policy assumes when it orders the queue."""
    return Assumptions(
        minutes_by_hand=rules.handling_minutes,
        hourly_cost=rules.hourly_cost,
        hold_pct=rules.weights["hold"] * 100,
        block_pct=rules.weights["block"] * 100,
    )


def money_view(counted: Counted, assumed: Assumptions, rules: PriorityRules) -> Figure:
    """Hours saved, losses avoided, discounts missed; amounts in the house currency at the policy's rates."""
    now, before = (_view(tally, assumed, rules) for tally in (counted.now(), counted.earlier()))
    rows = [row | {"amount_before": earlier["amount"]} for row, earlier in zip(now, before, strict=True)]
    return Figure(
        name="money",
        title="Money",
        counts=f"Amounts in {rules.house_currency}, other currencies at the policy's rates. Nothing here is booked "
        "anywhere: each amount is its count times what is assumed.",
        columns=(
            Column(name="what", title="what", kind="text"),
            Column(name="count", title="count", kind="count"),
            Column(name="hours", title="hours", kind="number"),
            Column(name="amount", title="amount", kind="money"),
            Column(name="amount_before", title="before", kind="money"),
            Column(name="how", title="how it is worked out", kind="text"),
        ),
        rows=tuple(rows),
        totals={
            "currency": rules.house_currency,
            "hours_saved": now[0]["hours"],
            "net_amount": sum((row["amount"] for row in now), start=ZERO),
        },
        before={
            "hours_saved": before[0]["hours"],
            "net_amount": sum((row["amount"] for row in before), start=ZERO),
        },
    )


def _view(tally: Tally, assumed: Assumptions, rules: PriorityRules) -> list[dict[str, Any]]:
    untouched = tally.n("ended", "touchless")
    hours = (untouched * assumed.minutes_by_hand / _MINUTES_AN_HOUR).quantize(Decimal("0.1"))
    exact = untouched * assumed.minutes_by_hand * assumed.hourly_cost / _MINUTES_AN_HOUR
    minutes = f"{assumed.minutes_by_hand.normalize():f} minutes × {assumed.hourly_cost.normalize():f}"
    rows = [
        {
            "what": "Handling saved: touchless papers",
            "count": untouched,
            "hours": hours,
            "amount": round_amount(exact, rules.house_currency),
            "how": f"papers × {minutes} {rules.house_currency} an hour",
        }
    ]
    rows += [
        _avoided(tally, outcome, chance, rules)
        for outcome, chance in (("block", assumed.block_pct), ("hold", assumed.hold_pct))
    ]
    n, missed = _in_house_currency(tally, "discount", "missed", rules)
    return [
        *rows,
        {
            "what": "Discounts missed by waiting",
            "count": n,
            "hours": None,
            "amount": -round_amount(missed, rules.house_currency),
            "how": "what the terms offered for paying early",
        },
    ]


def _avoided(tally: Tally, outcome: str, chance: Decimal, rules: PriorityRules) -> dict[str, Any]:
    n, at_risk = _in_house_currency(tally, "avoided", outcome, rules)
    words = "blocked" if outcome == "block" else "held"
    return {
        "what": f"Losses avoided: rejected, had been {words}",
        "count": n,
        "hours": None,
        "amount": round_amount(at_risk * chance / 100, rules.house_currency),
        "how": f"money at risk {round_amount(at_risk, rules.house_currency):,f} × {chance.normalize():f} %",
    }


def _in_house_currency(tally: Tally, measure: str, prefix: str, rules: PriorityRules) -> tuple[int, Decimal]:
    n, amount = 0, ZERO
    for bucket, count in tally.buckets(measure).items():
        how, _, currency = bucket.partition(":")
        if how == prefix:
            n += count.n
            amount += Decimal(count.total) / MONEY_SCALE * rules.rates.get(currency, Decimal(1))
    return n, amount
