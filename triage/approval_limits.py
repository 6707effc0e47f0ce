"""The highest total a role may approve of a paper: by its supplier and by every legal entity it concerns. Pure."""

from decimal import Decimal

from triage.facts import Facts
from triage.policy import Policy


def legal_entities(facts: Facts) -> tuple[str, ...]:
    """The legal entities a paper concerns: those of its orders, and of its supplier's record."""
    named = {order.legal_entity for order in facts.orders}
    named.add(facts.supplier.legal_entity if facts.supplier else None)
    return tuple(sorted(entity for entity in named if entity))


def limit_of(policy: Policy, role: str, facts: Facts) -> Decimal | None:
    """The tightest of the limits that hold for a role, in the paper's currency; None for no limit."""
    supplier_id = facts.supplier.supplier_id if facts.supplier else None
    limits = [
        policy.approval_limit(role, facts.paper.currency, supplier_id=supplier_id, legal_entity=entity)
        for entity in legal_entities(facts) or (None,)
    ]
    return min((limit for limit in limits if limit is not None), default=None)
