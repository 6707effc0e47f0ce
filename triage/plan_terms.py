"""What the policy says stock costs, as planning takes it."""

from models.replenishment.plan import Terms
from triage.policy import Policy


def terms_of(policy: Policy) -> Terms:
    """Costs of holding, being short and ordering; what it does not tell, today's rule implies."""
    rule, costs = policy.replenishment.rule, policy.predictions.replenishment
    return Terms(
        service_level=float(rule.service_level),
        cover_days=float(rule.cover_days),
        holding_pct=float(costs.holding_pct),
        short_pct=None if costs.short_pct is None else float(costs.short_pct),
        order_cost=None if costs.order_cost is None else float(costs.order_cost),
        most_days=float(costs.most_days),
    )
