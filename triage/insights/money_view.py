"""What the house saves and loses in money, with every assumption shown: each can be changed by who looks. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import ZERO, plain, round_amount
from core.texts import N_
from triage.insights.counting import MONEY_SCALE
from triage.insights.tally import Column, Counted, Figure, Tally
from triage.policy import PriorityRules

_MINUTES_AN_HOUR = 60
_AVOIDED = {
    "block": N_("Losses avoided: rejected, had been blocked"),
    "hold": N_("Losses avoided: rejected, had been held"),
}


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
    now, before = (_view(tally, assumed, rules) for tally in (counted.now, counted.earlier))
    rows = [row | {"amount_before": earlier["amount"]} for row, earlier in zip(now, before, strict=True)]
    return Figure(
        name="money",
        title=N_("Money"),
        counts=N_(
            "Amounts in the house currency, others at the policy's rates. Nothing here is booked anywhere: each amount "
            "is its count times what is assumed."
        ),
        columns=(
            Column(name="what", title=N_("what"), kind="words"),
            Column(name="count", title=N_("count"), kind="count"),
            Column(name="hours", title=N_("hours"), kind="number"),
            Column(name="amount", title=N_("amount"), kind="money"),
            Column(name="amount_before", title=N_("before"), kind="money"),
            Column(name="how", title=N_("how it is worked out"), kind="words"),
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
    untouched = tally.n("done", "touchless")
    hours = (untouched * assumed.minutes_by_hand / _MINUTES_AN_HOUR).quantize(Decimal("0.1"))
    exact = untouched * assumed.minutes_by_hand * assumed.hourly_cost / _MINUTES_AN_HOUR
    how = N_("papers × %(minutes)s minutes × %(cost)s %(currency)s an hour") % {
        "minutes": plain(assumed.minutes_by_hand),
        "cost": plain(assumed.hourly_cost),
        "currency": rules.house_currency,
    }
    rows = [
        {
            "what": N_("Handling saved: touchless papers"),
            "count": untouched,
            "hours": hours,
            "amount": round_amount(exact, rules.house_currency),
            "how": how,
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
            "what": N_("Discounts missed by waiting"),
            "count": n,
            "hours": None,
            "amount": -round_amount(missed, rules.house_currency),
            "how": N_("what the terms offered for paying early"),
        },
    ]


def _avoided(tally: Tally, outcome: str, chance: Decimal, rules: PriorityRules) -> dict[str, Any]:
    n, at_risk = _in_house_currency(tally, "avoided", outcome, rules)
    how = N_("money at risk, %(amount)s %(currency)s, × %(chance)s %%") % {
        "amount": f"{round_amount(at_risk, rules.house_currency):f}",
        "currency": rules.house_currency,
        "chance": plain(chance),
    }
    return {
        "what": _AVOIDED[outcome],
        "count": n,
        "hours": None,
        "amount": round_amount(at_risk * chance / 100, rules.house_currency),
        "how": how,
    }


def _in_house_currency(tally: Tally, measure: str, prefix: str, rules: PriorityRules) -> tuple[int, Decimal]:
    n, amount = 0, ZERO
    for bucket, count in tally.buckets(measure).items():
        how, _, currency = bucket.partition(":")
        if how == prefix:
            n += count.n
            amount += Decimal(count.total) / MONEY_SCALE * rules.rates.get(currency, Decimal(1))
    return n, amount
