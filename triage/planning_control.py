"""What a control of customers' orders or of recommendations is: a pure rule with a permanent code, as for papers."""

from collections.abc import Callable
from dataclasses import dataclass

from core.decisions import Finding
from triage.availability import Availability
from triage.control import CatalogueRow, ReleasedBy
from triage.order_facts import OrderFacts
from triage.policy import Policy
from triage.replenishment_facts import ReplenishmentFacts
from triage.rounding import Rounding

RecommendationRule = Callable[[ReplenishmentFacts, Rounding, Policy], tuple[Finding, ...]]
OrderRule = Callable[[OrderFacts, Availability, Policy], tuple[Finding, ...]]

PLANNER = ReleasedBy.PLANNER


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderControl(CatalogueRow):
    """A rule about customers' orders."""

    run: OrderRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationControl(CatalogueRow):
    """A rule about recommendations to replenish; the strictest outcome is that of what cannot be rounded."""

    run: RecommendationRule
