"""The planners' part of the policy: what a customer may be promised, and what may be ordered from a supplier.

Values only. 0 allows nothing, a key that is missing is refused, `any` and `unlimited` are written out.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from triage.policy_parts import Days, Limit, Part, Share

ANY = "any"
"""Written out where every service, place, country or category is meant."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _to_words(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _some_words(words: tuple[str, ...]) -> tuple[str, ...]:
    if not words or not all(word.strip() for word in words):
        raise ValueError('name at least one, or write "any"')
    return words


def _a_clock_time(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("write the time as hours and minutes: 14:00")
    return text


def _a_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one as Europe/Berlin") from error
    return name


Words = Annotated[tuple[str, ...], BeforeValidator(_to_words), AfterValidator(_some_words)]
ClockTime = Annotated[str, AfterValidator(_a_clock_time)]
TimeZone = Annotated[str, AfterValidator(_a_time_zone)]
MasterField = Literal[
    "lead_time_days",
    "unit_cost",
    "case_pack",
    "supplier_id",
    "category",
    "min_order_quantity",
    "max_stock",
    "shelf_life_days",
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class CutOff(Part):
    """Until when goods must be handed over to arrive on the promised day.

    Attributes:
        time: of the day, in `time_zone`.
        days_before: working days before the promised day; 0 is the day itself.
        working_days: days on which goods leave.
    """

    time: ClockTime
    days_before: Annotated[int, Field(ge=0, le=365)]
    working_days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    time_zone: TimeZone


class CutOffOverride(CutOff):
    """The cut-off of one service, one place, or one service from one place. Each is complete."""

    service: str | None = None
    location_id: str | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if not self.rank:
            raise ValueError("a cut-off override names a service or a location_id")
        return self

    @property
    def rank(self) -> int:
        """How specific it is: service and place, place, service."""
        return 2 * (self.location_id is not None) + (self.service is not None)


class Lane(Part):
    """A lane that is served: by which services, from where, to where; `any` is written out."""

    service: Words
    from_country: Words
    from_region: Words
    to_country: Words
    to_region: Words


class OrderRules(Part):
    """What a customer may be promised.

    Attributes:
        feeds: those a decision about an order needs.
        ships_from: kinds of places whose stock may be promised, `any` for every.
        receiving_days: days from a supplier's promise until the goods can be promised on.
        overdue_days: how long after its promise an order line to a supplier still counts as coming.
        waiting_days: how long after its promise an order without a shipment still counts as waiting; the feed has no
            word for a cancelled one.
        open_orders: whether orders placed earlier are taken off here (`subtract`), or the ERP's `allocated` holds
            every one of them already (`allocated`).
        cut_off: of whatever no override is about.
        lanes: those that are served; a lane in none of them is not.
    """

    feeds: tuple[str, ...]
    ships_from: Words
    receiving_days: Days
    overdue_days: Days
    waiting_days: Days
    open_orders: Literal["subtract", "allocated"]
    cut_off: CutOff
    cut_off_overrides: tuple[CutOffOverride, ...] = ()
    lanes: tuple[Lane, ...]

    @model_validator(mode="after")
    def _has_one_cut_off_each(self) -> Self:
        named = [(_folded(at.service), at.location_id) for at in self.cut_off_overrides]
        if len(set(named)) < len(named):
            raise ValueError("two cut-off overrides are about the same service and place")
        return self

    def cut_off_for(self, service: str | None, location_id: str | None) -> CutOff:
        """The most specific cut-off: service and place, place, service, default."""
        fitting = [
            at
            for at in self.cut_off_overrides
            if (at.service is None or _folded(at.service) == _folded(service))
            and (at.location_id is None or at.location_id == location_id)
        ]
        return max(fitting, key=lambda at: at.rank, default=self.cut_off)


class ReorderRule(Part):
    """Today's rule for what to order (`triage.reorder`).

    Attributes:
        window_days: days of demand that are averaged.
        lead_time_days_if_missing: stands in where an item has no lead time; REP-MASTER holds it all the same.
        cover_days: days of demand ordered above the reorder point.
        safety: `normal` (quantile × deviation × √lead time) or `days` of demand.
        service_level: probability of no stock-out in a replenishment cycle, for `normal`.
        safety_days: for `days`.
    """

    window_days: Annotated[int, Field(ge=1, le=3_660)]
    lead_time_days_if_missing: Days
    cover_days: Days
    safety: Literal["normal", "days"]
    service_level: Annotated[Decimal, Field(ge=Decimal("0.5"), lt=1)]
    safety_days: Days


class Budget(Part):
    """What may be ordered in a calendar period (UTC) of some categories to some places, at standard cost."""

    name: Annotated[str, Field(min_length=1)]
    category: Words
    location_id: Words
    period: Literal["week", "month", "quarter", "year"]
    amount: Limit

    def covers(self, category: str | None, location_id: str | None) -> bool:
        """Whether an item of this category for this place counts against it."""
        return covers(self.category, category) and covers(self.location_id, location_id)


class ReplenishmentRules(Part):
    """What may be ordered from suppliers.

    Attributes:
        feeds: those a decision about a recommendation needs.
        currency: of standard costs and budgets.
        item_active, item_ended: the ERP's words, in lower case; a word in neither is held.
        required_master: attributes of an item without which nothing of it is ordered by itself.
        pack_rounding: how quantities become whole packs.
        usable_share: the share of the shelf life within which goods must be sold.
        budgets: every one that covers an item and place counts; what none covers is held.
    """

    feeds: tuple[str, ...]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    item_active: tuple[str, ...]
    item_ended: tuple[str, ...]
    required_master: tuple[MasterField, ...]
    pack_rounding: Literal["up", "down", "nearest"]
    usable_share: Share
    rule: ReorderRule
    budgets: tuple[Budget, ...]

    @model_validator(mode="after")
    def _has_one_budget_each(self) -> Self:
        names = [budget.name for budget in self.budgets]
        if len(set(names)) < len(names):
            raise ValueError("two budgets have the same name")
        return self


def covers(words: Iterable[str], value: str | None) -> bool:
    """Whether a list of words of the policy means this value; what is not known is meant by `any` only."""
    folded = {_folded(word) for word in words}
    return ANY in folded or (value is not None and _folded(value) in folded)


def _folded(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split()).casefold()
