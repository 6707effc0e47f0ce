"""Trains replenishment: learns what the house's demand is like, and back-tests the decisions it leads to.

Settings are chosen on a period inside what may be known; the period after `until` is looked at once, for every way.
`cost_ratio` is what a way's decisions cost over the cheapest constant levels known in hindsight: 1 would be perfect
foresight of one pair of levels an item, and today's rule stands beside it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from core.errors import InputError
from ingest.feed_frames import Frames
from models.bundle import Bundle, make_bundle
from models.replenishment.learnt import FEATURES, NAME, Learnt, learnt_of, learnt_to_json
from models.replenishment.plan import Terms
from models.replenishment.receipts import Suppliers
from training.predictions.outcome import Judged, Outcome, Period, Say
from training.predictions.replenishment.judging import Trial, judged, spent_by, trial
from training.predictions.replenishment.learning import SETTINGS, Setting, drawn, learn
from training.predictions.replenishment.series import Series, series_of, suppliers_of
from training.predictions.replenishment.ways import MODEL, RULE, baselines, model
from triage.plan_terms import terms_of
from triage.planning_policy import ReorderRule
from triage.policies import built_in_text
from triage.policy import load_policy

JUDGED, TUNED_ON = 250, 120
LATER_SHARE = 0.25
_CLEARLY = 0.01


def train(frames: Frames, period: Period, *, seed: int, say: Say) -> Outcome:
    """Learns until a day, and judges the days after it.

    Raises:
        InputError: `TRAIN-DEMAND` where there is no demand to learn from, or none after that day to be judged on.
    """
    policy = load_policy(built_in_text())
    rule, terms = policy.replenishment.rule, terms_of(policy)
    items, suppliers = series_of(frames, last=period.evaluate_to), suppliers_of(frames)
    until, last = _days_of(items, period)
    say(f"{len(items):,} items at places; learning until {until}, judging to {last}")
    setting, notes = _chosen(items, suppliers, until, rule, terms, seed=seed, say=say)
    tomorrow = until + timedelta(days=1)
    learnt = learn(items, tomorrow, setting, seed=seed)
    late = trial(
        drawn(items, _enough(items, JUDGED), seed + 1),
        suppliers,
        first=tomorrow,
        last=last,
        terms=terms,
        else_days=rule.lead_time_days_if_missing,
        seed=seed,
    )
    if not late.count or not late.best.any():
        raise _too_little(f"no item can be judged between {tomorrow} and {last}")
    ways = {MODEL: judged(late, model(learnt, rule, terms))}
    for name, way in baselines(rule, terms).items():
        say(f"judging {name.replace('_', ' ')}")
        ways[name] = judged(late, way)
    parameters = {
        "window_days": setting.window_days,
        "half_life_days": setting.half_life_days,
        "weekdays": setting.weekdays,
        "doubt": setting.doubt,
        "past_share": setting.past_share,
        "seed": seed,
        "service_level": terms.service_level,
        "cover_days": terms.cover_days,
    }
    return Outcome(
        name=NAME,
        trained_until=until,
        judged_from=tomorrow,
        judged_to=last,
        count=late.count,
        ways=ways,
        rule=RULE,
        calibration="service_gap",
        bundle=_bundle(learnt, until, late, ways),
        judge=lambda other: _judged_other(other, late, rule, terms),
        parameters=parameters,
        notes=(*notes, *_assumed(items, late, rule)),
    )


def _days_of(items: Sequence[Series], period: Period) -> tuple[date, date]:
    """The last day that is known, and the last that is judged."""
    if not items:
        raise _too_little("the feed demand is empty")
    first = min(one.days[0].date for one in items)
    last = max(one.days[-1].date for one in items)
    until = period.until or first + timedelta(days=round((last - first).days * (1 - LATER_SHARE)))
    if until >= last:
        raise _too_little(f"the feed demand ends on {last}, and nothing is known after {until}")
    if until <= first:
        raise _too_little(f"the feed demand begins on {first}, and may be known until {until} only")
    return until, last


def _enough(items: Sequence[Series], most: int) -> int:
    """How many to look at: items told of by the week are planned for each weekday, so fewer of them take as long."""
    is_weekly = all(len({day.date.weekday() for day in one.days}) == 1 for one in items[:20])
    return most // 4 if is_weekly else most


def _chosen(
    items: Sequence[Series],
    suppliers: Suppliers,
    until: date,
    rule: ReorderRule,
    terms: Terms,
    *,
    seed: int,
    say: Say,
) -> tuple[Setting, list[str]]:
    """The setting that did best on the last part of what may be known; the first one where that is too short."""
    first = min(one.days[0].date for one in items)
    part = max(42, round((until - first).days * LATER_SHARE))
    earlier = until - timedelta(days=part)
    if (earlier - first).days < part:
        return SETTINGS[0], [f"Too little history to choose settings: {SETTINGS[0].words}."]
    tomorrow = earlier + timedelta(days=1)
    tried = trial(
        drawn(items, _enough(items, TUNED_ON), seed + 2),
        suppliers,
        first=tomorrow,
        last=until,
        terms=terms,
        else_days=rule.lead_time_days_if_missing,
        seed=seed,
        plans=3,
    )
    if not tried.count:
        return SETTINGS[0], [f"Too little history to choose settings: {SETTINGS[0].words}."]
    costs = {
        setting: float(spent_by(tried, model(learn(items, tomorrow, setting, seed=seed), rule, terms)).costs.sum())
        for setting in SETTINGS
        if setting.window_days <= 182 or (earlier - first).days > 182
    }
    best = min(costs, key=lambda setting: costs[setting])
    chosen = best if costs[best] < costs[SETTINGS[0]] * (1 - _CLEARLY) else SETTINGS[0]
    for setting, cost in costs.items():
        say(f"  {setting.words}: cost {cost / tried.best.sum():.3f} × hindsight")
    return chosen, [f"Chosen of {len(costs)} settings on {tomorrow} to {until}: {chosen.words}."]


def _bundle(learnt: Learnt, until: date, late: Trial, ways: dict[str, Judged]) -> Bundle:
    return make_bundle(
        NAME,
        features=FEATURES,
        boosters={},
        content=learnt_to_json(learnt),
        card={
            "trained_until": until.isoformat(),
            "judged": late.count,
            "metrics": {name: dict(way.metrics) for name, way in ways.items()},
        },
    )


def _judged_other(bundle: Bundle, late: Trial, rule: ReorderRule, terms: Terms) -> Judged | None:
    learnt = learnt_of(bundle)
    return None if learnt is None else judged(late, model(learnt, rule, terms))


def _assumed(items: Sequence[Series], late: Trial, rule: ReorderRule) -> list[str]:
    """What the feeds do not tell, and what was taken for it."""
    lines = sum(any(lead.lines for lead in leads) for leads in late.leads)
    without = sum(one.master_days is None for one in late.items)
    days = np.unique([lead.mean for leads in late.leads for lead in leads])
    told = [
        f"{late.count:,} of {len(items):,} items at places judged, drawn at random.",
        f"Levels are set anew on {len(late.plan_days)} days of the period.",
        "Costs are those the policy's service level and days of cover imply; every item counts alike.",
    ]
    if without:
        told.append(
            f"{without:,} items have no lead time of their own; the policy's {rule.lead_time_days_if_missing} days "
            f"stand in where no receipts tell better ({lines:,} items have some)."
        )
    if len(days):
        told.append(f"Lead times {days.min():.0f} to {days.max():.0f} days on average.")
    return told


def _too_little(what: str) -> InputError:
    return InputError(
        "TRAIN-DEMAND",
        f"Replenishment cannot be trained: {what}.",
        "Load more of the feed demand, or choose an earlier --until or a later --evaluate-to.",
    )
