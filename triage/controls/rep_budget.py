"""Whether what is ordered stays within the budgets of its category, place and period."""

from core.decisions import Finding, Outcome
from core.money import ZERO
from triage.findings import money
from triage.planning_control import PLANNER, RecommendationControl
from triage.planning_policy import Budget
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.replenishment_findings import demand_used, replenishment_finding, stock_used
from triage.rounding import Rounding

CODE = "REP-BUDGET"


def budget(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy) -> tuple[Finding, ...]:
    """What can be ordered costs more than is left of a budget, or nobody can say so."""
    if rounding.ordered <= 0:
        return ()
    category = None if facts.item is None else facts.item.category
    place = facts.recommendation.location_id
    covering = [one for one in policy.replenishment.budgets if one.covers(category, place)]
    if not covering:
        message = f"No budget of the policy covers category {category or 'none'} at {place}."
        return (_finding(facts, policy, message, subject="budget", expected="a budget", actual="none"),)
    return tuple(at for one in covering for at in _over(facts, rounding, policy, one))


def _over(facts: ReplenishmentFacts, rounding: Rounding, policy: Policy, one: Budget) -> tuple[Finding, ...]:
    if one.amount is None:
        return ()
    currency, subject = policy.replenishment.currency, f"budget {one.name}"
    use = next((at for at in facts.budgets if at.name == one.name), None)
    cost = None if facts.item is None else facts.item.unit_cost
    if cost is None or use is None or use.unvalued:
        what = (
            "the item has no standard cost"
            if cost is None
            else "what is used of it is not known"
            if use is None
            else f"{use.unvalued} order lines of the {one.period} have no standard cost and a price in another currency"
        )
        message = f"Whether it is within the budget {one.name} cannot be said: {what}."
        return (_finding(facts, policy, message, subject=subject, expected="a value", actual="none"),)
    value, used = rounding.ordered * cost, use.used_amount
    if value + used <= one.amount:
        return ()
    message = (
        f"{money(value, currency)} and the {money(used, currency)} of this {one.period} are over the budget {one.name} "
        f"of {money(one.amount, currency)}."
    )
    return (
        _finding(
            facts,
            policy,
            message,
            subject=subject,
            expected=f"{money(max(ZERO, one.amount - used), currency)} or less",
            actual=money(value, currency),
            difference=money(value + used - one.amount, currency),
        ),
    )


def _finding(
    facts: ReplenishmentFacts,
    policy: Policy,
    message: str,
    *,
    subject: str,
    expected: str,
    actual: str,
    difference: str | None = None,
) -> Finding:
    return replenishment_finding(
        facts,
        policy,
        CODE,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        difference=difference,
        used=(*(f"budget:{use.name}" for use in facts.budgets), *stock_used(facts), *demand_used(facts)),
    )


CONTROL = RecommendationControl(
    code=CODE,
    checks="Within every budget of category, place and period",
    formula="used in the period + quantity × standard cost > budget · no budget covers it · cost or use not known",
    outcome=Outcome.HOLD,
    released_by=PLANNER,
    lifted_by="a budget in the policy, or a new period",
    run=budget,
)
