"""What the policy says of predictions: which models have a say, from which probability on, and how many alerts at most.

A model can only have something looked at. One that is switched off, or of which this house has none, says nothing, and
all else goes on as without it.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from triage.planning_policy import ANY, Words, covers
from triage.policy_parts import Days, Number, Part, Share, to_number
from triage.policy_people import ANYONE
from triage.roles import Role

AdviceKind = Literal["reroute", "split", "upgrade_service", "tell_planner", "tell_customer"]
AlertPeriod = Literal["day", "week", "month"]


def _none_for(word: str) -> Callable[[object], object]:
    """Reads a word of the policy that stands for a cost nobody told."""
    return lambda value: None if value == word else to_number(value)


Positive = Annotated[Decimal, BeforeValidator(to_number), Field(gt=0)]


class LatePredictions(Part):
    """Whether orders that will probably miss their promise are held, and what may be recommended about them.

    Attributes:
        use: whether the model has a say.
        late_probability: at and above, an order is held (`MODEL-LATE`).
        recommend: kinds of recommendation that are given to planners and orchestration.
        least_gain: a recommended alternative lowers the probability of being late by at least this.
        tell_customer_probability: at and above, telling the customer another date is recommended.
    """

    use: bool
    late_probability: Share
    recommend: tuple[AdviceKind, ...]
    least_gain: Share
    tell_customer_probability: Share


class ReviewPredictions(Part):
    """Whether invoices that a person will probably change or dispute are held.

    Attributes:
        use: whether the model has a say.
        review_probability: at and above, an invoice is held (`MODEL-RISK`).
    """

    use: bool
    review_probability: Share


class Planner(Part):
    """Who looks at odd demand of which goods, and how much of it they can: their alert budget.

    Attributes:
        category, location_id: what they look after, `any` for everything.
        alerts: at most so many in one period; the costliest are shown, the rest are counted and kept.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    category: Words
    location_id: Words
    alerts: Annotated[int, Field(ge=0, le=100_000)]
    period: AlertPeriod

    @property
    def takes_everything(self) -> bool:
        """Whether every item at every place is theirs."""
        return ANY in self.category and ANY in self.location_id

    def looks_after(self, category: str | None, location_id: str | None) -> bool:
        """Whether an item of this category at this place is theirs."""
        return covers(self.category, category) and covers(self.location_id, location_id)


def _in_order(planners: tuple[Planner, ...]) -> tuple[Planner, ...]:
    """Refuses planners among whom an anomaly finds nobody, or two of one name."""
    names = [planner.name for planner in planners]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two planners are called {twice!r}")
    if not planners or not planners[-1].takes_everything:
        raise ValueError('the last planner must have category = "any" and location_id = "any": no alert is nobody\'s')
    return planners


class DemandPredictions(Part):
    """Whether demand outside what was forecast is shown, and to whom.

    Attributes:
        use: whether the model has a say (`DEMAND-ANOMALY`).
        planners: in the order they are tried; the first who looks after an item at a place gets its alerts.
    """

    use: bool
    planners: Annotated[tuple[Planner, ...], AfterValidator(_in_order)]

    def planner_of(self, category: str | None, location_id: str | None) -> Planner:
        """Whose an item at a place is."""
        return first_planner(self.planners, category, location_id)


class Switch(Part):
    """Whether a model has a say."""

    use: bool


class ReplenishmentPredictions(Part):
    """Whether quantities come from simulated demand instead of today's rule, and what stock costs.

    Attributes:
        use: whether the model has a say.
        holding_pct: what a unit held for a year costs, of its standard cost.
        short_pct: what a unit wanted and not there costs a day, of its standard cost; None (`service_level`) for the
            cost under which the rule's service level is the cheapest.
        order_cost: what an order of one item costs, in the currency of standard costs; None (`cover_days`) for the cost
            under which an order that lasts the rule's days of cover is the cheapest.
        most_days: an order never lasts longer on average.
    """

    use: bool
    holding_pct: Annotated[Decimal, BeforeValidator(to_number), Field(gt=0, le=1000)]
    short_pct: Annotated[Positive | None, BeforeValidator(_none_for("service_level"))]
    order_cost: Annotated[Number | None, BeforeValidator(_none_for("cover_days"))]
    most_days: Annotated[int, Field(ge=1, le=3_660)]


class Predictions(Part):
    """What the models of a house may have looked at. Raising a threshold, or switching a model off, adds nothing."""

    late: LatePredictions
    review: ReviewPredictions
    demand: DemandPredictions
    replenishment: ReplenishmentPredictions
    routing: Switch


class PlanningCases(Part):
    """Where cases about orders, demand and recommendations go that no route of the policy names.

    Attributes:
        needs_role: only that role gets the case; `anyone` for whoever works in the queue.
        quiet_days: for so long after somebody has ended a case, the same finding about the same thing opens no new one.
    """

    queue: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$")]
    needs_role: Role | Literal["anyone"]
    quiet_days: Days

    @property
    def role(self) -> str | None:
        """The role a case waits for, None for anyone's."""
        return None if self.needs_role == ANYONE else self.needs_role


def first_planner(planners: Iterable[Planner], category: str | None, location_id: str | None) -> Planner:
    """The first planner who looks after an item of this category at this place; the last one takes everything."""
    return next(planner for planner in planners if planner.looks_after(category, location_id))


_ONE = Decimal(1)
_NOBODY = Planner(name="everyone", category=(ANY,), location_id=(ANY,), alerts=0, period="week")
NO_PREDICTIONS = Predictions(
    late=LatePredictions(
        use=False, late_probability=_ONE, recommend=(), least_gain=_ONE, tell_customer_probability=_ONE
    ),
    review=ReviewPredictions(use=False, review_probability=_ONE),
    demand=DemandPredictions(use=False, planners=(_NOBODY,)),
    replenishment=ReplenishmentPredictions(
        use=False, holding_pct=Decimal(25), short_pct=None, order_cost=None, most_days=120
    ),
    routing=Switch(use=False),
)
"""What a policy says that was written before there were predictions: no model has a say."""

FOR_PLANNERS = PlanningCases(queue="planning", needs_role="anyone", quiet_days=7)
"""What a policy says that was written before planners' cases were opened."""
