"""The shapes of the scoring endpoints: what may come in, checked, and what goes out."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from core.erp import SalesOrder, SalesOrderLine
from core.ids import new_id
from triage.replenishment_facts import Recommendation
from triage.score_orders import GivenOrder

MAX_SUBJECTS = 1_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def _a_known_year(value: datetime) -> datetime:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"must be between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return value


Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, Field(max_length=1_000, pattern=r"^[^\x00]*$")]
Number = Annotated[Decimal, Field(max_digits=24, decimal_places=9, ge=-(10**15), le=10**15)]
Instant = Annotated[AwareDatetime, AfterValidator(_a_known_year)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SalesOrderLineIn(_In):
    """A line of an order that is given."""

    line_number: Name
    item_id: Name
    quantity: Number
    fulfil_location_id: Name | None = None


class OrderFactsIn(_In):
    """An order that is given with its facts: one the feeds do not hold, or not as it is now."""

    ordered_at: Instant
    promised_at: Instant
    ship_to_country: Name | None = None
    ship_to_region: Name | None = None
    service: Name | None = None
    channel: Name | None = None
    order_value: Number | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    lines: Annotated[list[SalesOrderLineIn], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _has_each_line_once(self) -> Self:
        _refuse_repeated("line_number", (line.line_number for line in self.lines))
        return self


class OrderSubjectIn(_In):
    """An order, by its number in the feeds, or with its facts."""

    order_id: Name
    facts: OrderFactsIn | None = None

    def given(self) -> GivenOrder | None:
        """The order as it is given; None for one of the feeds."""
        if self.facts is None:
            return None
        header = self.facts.model_dump(exclude={"lines"})
        lines = (SalesOrderLine(order_id=self.order_id, **line.model_dump()) for line in self.facts.lines)
        return GivenOrder(order=SalesOrder(order_id=self.order_id, **header), lines=tuple(lines))


class ScoreOrdersIn(_In):
    """Which orders to score; `as_of` is now when it is left out."""

    subjects: Annotated[list[OrderSubjectIn], Field(min_length=1, max_length=MAX_SUBJECTS)]
    as_of: Instant | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        _refuse_repeated("order_id", (subject.order_id for subject in self.subjects))
        return self


class RecommendationIn(_In):
    """A recommendation that is given, in units of the item."""

    quantity: Number
    supplier_id: Name | None = None
    needed_by: date | None = None
    reason: Text | None = None


class ReplenishmentSubjectIn(_In):
    """An item at a place to ask today's rule about, or a recommendation for it that is given."""

    item_id: Name
    location_id: Name
    recommendation_id: Name | None = None
    recommendation: RecommendationIn | None = None

    def given(self, at: datetime) -> Recommendation | None:
        """The recommendation as it is given; None to ask the rule."""
        if self.recommendation is None:
            return None
        return Recommendation(
            recommendation_id=self.recommendation_id or new_id("rec", at),
            item_id=self.item_id,
            location_id=self.location_id,
            **self.recommendation.model_dump(),
        )


class ScoreReplenishmentIn(_In):
    """What to score; `as_of` is now when it is left out."""

    subjects: Annotated[list[ReplenishmentSubjectIn], Field(min_length=1, max_length=MAX_SUBJECTS)]
    as_of: Instant | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        asked = (f"{one.item_id} at {one.location_id}" for one in self.subjects if one.recommendation is None)
        _refuse_repeated("item_id at location_id", asked)
        _refuse_repeated("recommendation_id", (one.recommendation_id for one in self.subjects if one.recommendation_id))
        return self


class DemandSubjectIn(_In):
    """An item at a place."""

    item_id: Name
    location_id: Name


class ScoreDemandIn(_In):
    """Whose demand to look at, all of it when `subjects` is left out; `as_of` is now when it is left out."""

    subjects: Annotated[list[DemandSubjectIn], Field(min_length=1, max_length=MAX_SUBJECTS)] | None = None
    as_of: Instant | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        _refuse_repeated(
            "item_id at location_id", (f"{one.item_id} at {one.location_id}" for one in self.subjects or ())
        )
        return self


class InvoiceSubjectIn(_In):
    """A posted invoice, by its supplier and number."""

    supplier_id: Name
    invoice_number: Name


class ScoreInvoicesIn(_In):
    """Which bills to look at, all that wait when `subjects` is left out; `as_of` is now when it is left out."""

    subjects: Annotated[list[InvoiceSubjectIn], Field(min_length=1, max_length=MAX_SUBJECTS)] | None = None
    as_of: Instant | None = None

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        _refuse_repeated("an invoice", (f"{one.invoice_number} of {one.supplier_id}" for one in self.subjects or ()))
        return self


class _ScoreOut(BaseModel):
    outcome: str = Field(description="clear, sample, hold or block")
    findings: list[dict[str, Any]]
    inputs_hash: str | None = Field(default=None, description="null for what was not looked at in time, as below")
    policy_hash: str | None = None
    rules_version: str
    models: list[str] = Field(default=[], description="versions of the models that spoke")
    case_id: str | None = Field(default=None, description="the open case about it, where decisions are kept")


class OrderScoreOut(_ScoreOut):
    """What was decided about an order."""

    order_id: str
    ordered_at: datetime | None = None
    promised_at: datetime | None = None
    order_value: Decimal | None = None
    currency: str | None = None
    probability: float | None = Field(
        default=None, description="of missing its promise, calibrated; null where no model spoke"
    )
    reasons: list[dict[str, Any]] = Field(
        default=[], description="what moved the probability, in words, the strongest first; on request"
    )
    model: str | None = None
    recommendations: list[dict[str, Any]] = Field(
        default=[],
        description="what to do, of named kinds: reroute, split, upgrade_service, tell_planner, tell_customer",
    )
    alternatives: list[dict[str, Any]] = Field(
        default=[],
        description="other ways the rules allow, each scored again, by what they cost in steps and then by risk",
    )
    new_date: dict[str, Any] | None = Field(default=None, description="what a customer can be told, with its interval")


class ReplenishmentScoreOut(_ScoreOut):
    """What was decided about a recommendation, and what of it can be ordered."""

    recommendation: dict[str, Any]
    quantity: Decimal = Field(description="what can be ordered after rounding; 0 where nothing can, or needs to")
    rule: dict[str, Any] | None = Field(
        default=None, description="how today's rule comes to its own quantity; null for a given one"
    )
    plan: dict[str, Any] | None = Field(
        default=None, description="how the model came to it, or why it did not; null where none plans"
    )


class KeptOut(BaseModel):
    """What keeping the decisions has done; what is as it was before is decided once only."""

    decided: int
    as_before: int
    opened: int
    changed: int
    ended: int


class OrderScoresOut(BaseModel):
    """Scores in the order the subjects were placed."""

    as_of: datetime
    scores: list[OrderScoreOut]
    is_late: bool = Field(default=False, description="whether the deadline passed first, so that all is held")
    kept: KeptOut | None = Field(default=None, description="null where nothing was stored")


class ReplenishmentScoresOut(BaseModel):
    """Scores in the order the goods are needed."""

    as_of: datetime
    scores: list[ReplenishmentScoreOut]
    is_late: bool = Field(default=False, description="whether the deadline passed first, so that all is held")
    kept: KeptOut | None = Field(default=None, description="null where nothing was stored")


class DemandScoreOut(_ScoreOut):
    """Demand of an item at a place that was not as forecast."""

    subject: str
    item_id: str
    location_id: str
    kind: str
    first: date
    last: date
    actual: Decimal
    expected: Decimal
    low: Decimal = Field(description="the interval's lower end, over the same days")
    high: Decimal
    money: Decimal = Field(description="worth of the units outside the interval")
    currency: str
    words: str
    reasons: list[dict[str, Any]]
    planner: str = Field(description="whose budget of alerts it counts in")
    model: str


class DemandScoresOut(BaseModel):
    """Odd demand, the costliest first; subjects that are not here were as forecast, or beyond the planner's budget."""

    as_of: datetime
    judged_from: date
    judged_to: date
    series: int
    found: int = Field(description="how much was not as forecast, before any budget")
    model: str
    notes: list[str]
    scores: list[DemandScoreOut]
    kept: KeptOut | None = Field(default=None, description="null where nothing was stored")


class InvoiceScoreOut(_ScoreOut):
    """What was decided about a bill that waits to be settled."""

    supplier_id: str
    invoice_number: str
    invoice_date: date | None = None
    due_date: date | None = None
    total_with_vat: Decimal | None = None
    currency: str | None = None
    po_number: str | None = None
    probability: float | None = Field(
        default=None, description="that a person changes or disputes it; null where no model spoke"
    )
    reasons: list[dict[str, Any]] = []
    model: str | None = None


class InvoiceScoresOut(BaseModel):
    """Bills by supplier and number."""

    as_of: datetime
    scores: list[InvoiceScoreOut]
    is_late: bool = Field(default=False, description="whether the deadline passed first, so that all is held")
    kept: KeptOut | None = Field(default=None, description="null where nothing was stored")


def _refuse_repeated(what: str, names: Iterable[str]) -> None:
    repeated = sorted(name for name, times in Counter(names).items() if times > 1)
    if repeated:
        raise ValueError(f"{what} {', '.join(repeated[:5])} is given more than once")
