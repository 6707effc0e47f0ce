"""The policy: what may clear by itself, how far figures may differ, who may approve what. Values only, no rules.

A policy file is TOML. Nothing has a hidden default: a value that is missing is refused, with the place and the remedy.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from core.canonical import sha256_of
from core.documents import DocumentType
from core.money import NEGLIGIBLE, ZERO
from triage.planning_policy import OrderRules, ReplenishmentRules
from triage.policy_deciding import AS_BEFORE, Deciding
from triage.policy_escalations import Escalations
from triage.policy_fields import HeaderField, LineField
from triage.policy_parts import (
    ANY_CURRENCY,
    Amounts,
    Approver,
    Currency,
    Days,
    Factor,
    Limit,
    Number,
    Part,
    Percent,
    Share,
)
from triage.policy_people import FourEyes, Release, Routes
from triage.policy_predictions import FOR_PLANNERS, NO_PREDICTIONS, PlanningCases, Predictions
from triage.policy_promises import Confidence, Promise
from triage.vat_rates import VatPeriod, overlapping

WRITTEN_OUT = frozenset({"predictions", "planning", "deciding"})
"""Tables that a new file must have, though a policy of before there were any is read without."""

LONGEST_COOL_OFF_DAYS = 366
LONGEST_SPLIT_DAYS = 7
"""How far back facts are gathered; a policy cannot ask for more."""

ToleranceName = Literal[
    "price_unit",
    "price_total",
    "quantity",
    "not_received",
    "overbilled",
    "small_difference",
    "charge",
    "ship_over",
    "ship_short",
    "ship_receipt",
]


class Tolerance(Part):
    """How far a figure may be over and under: a percentage of what is expected and an amount; the tighter decides.

    0 allows nothing. `unlimited` is written out; the upper side needs at least one limit.
    """

    upper_pct: Limit
    upper_amount: Amounts
    lower_pct: Limit
    lower_amount: Amounts

    @model_validator(mode="after")
    def _has_an_upper_limit(self) -> Self:
        if self.upper_pct is None and any(amount is None for amount in self.upper_amount.values()):
            raise ValueError("upper_pct and upper_amount are both unlimited: one of them must be a number")
        return self

    def over(self, expected: Decimal, currency: str | None) -> Decimal | None:
        """The largest excess over an expected amount that is allowed."""
        return _tighter(expected, self.upper_pct, amount_in(self.upper_amount, currency))

    def under(self, expected: Decimal, currency: str | None) -> Decimal | None:
        """The largest shortfall that is allowed, None for any."""
        return _tighter(expected, self.lower_pct, amount_in(self.lower_amount, currency))

    def allows(self, difference: Decimal, expected: Decimal, currency: str | None) -> bool:
        """Whether actual less expected stays within both sides."""
        limit = self.over(expected, currency) if difference > 0 else self.under(expected, currency)
        return limit is None or abs(difference) - limit <= NEGLIGIBLE


class Override(Part):
    """Tolerances for one item, supplier or legal entity, or for an item of one supplier. Each given is complete."""

    item_id: str | None = None
    supplier_id: str | None = None
    legal_entity: str | None = None
    receipt_required: bool | None = None
    tolerances: dict[ToleranceName, Tolerance] = Field(default_factory=dict)
    approval_limits: dict[Approver, Amounts] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.rank:
            raise ValueError("an override names an item_id, a supplier_id or a legal_entity")
        if self.approval_limits and self.item_id is not None:
            raise ValueError("approval_limits are about whole papers: an override of an item has none")
        return self

    @property
    def rank(self) -> int:
        """How specific it is: item and supplier, item, supplier, legal entity, in that order."""
        return 4 * (self.item_id is not None) + 2 * (self.supplier_id is not None) + (self.legal_entity is not None)

    def fits(self, item_id: str | None, supplier_id: str | None, legal_entity: str | None) -> bool:
        """Whether it is about this item, supplier and legal entity."""
        return (
            (self.item_id is None or self.item_id == item_id)
            and (self.supplier_id is None or self.supplier_id == supplier_id)
            and (self.legal_entity is None or self.legal_entity == legal_entity)
        )


class DocumentRules(Part):
    """What a document of one type must show, and which feeds a decision about it needs.

    Attributes:
        required: header fields that must be there and sure.
        checked: header fields that must be sure where they are there.
        required_lines: line values every line must have, and be sure of.
        lines_required: whether a paper without lines is held.
    """

    required: tuple[HeaderField, ...]
    checked: tuple[HeaderField, ...]
    required_lines: tuple[LineField, ...]
    lines_required: bool
    order_required: bool
    feeds: tuple[str, ...]


class BankChanges(Part):
    """How long a new account in the master data waits before anything is paid to it; 0 for not at all."""

    cool_off_days: Annotated[int, Field(ge=0, le=LONGEST_COOL_OFF_DAYS)]


class SplitRules(Part):
    """When several invoices, or orders, of one supplier are looked at as one.

    Attributes:
        window_days: days from the first to the last of them.
        limit_of: whose approval limit they exceed only together.
        smallest_pct: what is below this share of the limit is not counted.
    """

    window_days: Annotated[int, Field(ge=0, le=LONGEST_SPLIT_DAYS)]
    limit_of: str
    smallest_pct: Percent


class Dates(Part):
    """Limits on dates, in days."""

    future_days: Days
    before_order_days: Days
    max_age_days: Days
    terms_grace_days: Days
    late_grace_days: Days
    receipt_days: Days


class Statuses(Part):
    """The ERP's own status words, in lower case. A word in neither list is held, not guessed."""

    supplier_active: tuple[str, ...]
    supplier_blocked: tuple[str, ...]
    order_open: tuple[str, ...]
    order_closed: tuple[str, ...]
    order_void: tuple[str, ...]
    invoice_reversed: tuple[str, ...]


class Duplicates(Part):
    """When two invoices are so close that they may be one: gross totals, in percent, and days between them."""

    gross_pct: Percent
    days: Days


class Sampling(Part):
    """Blind checks of papers that would clear: `share_pct` of them, more the larger the amount, never over `max_pct`.

    `double_at`: the amount at which the share has doubled.
    """

    seed: str
    share_pct: Percent
    max_pct: Percent
    double_at: Amounts


class ModelRules(Part):
    """What a model's probability does: `hold_at` and above, a person looks."""

    hold_at: Share


class PriorityRules(Part):
    """What waiting costs.

    Attributes:
        hourly_cost, handling_minutes: a case costs at least the time of the person who opens it.
        weights: chance, by outcome, that the money at risk is lost if nobody looks.
        horizon_days: a paper due later than this is not urgent; from there urgency grows to `due_factor` on the due
            date and to `overdue_factor` from `horizon_days` after it.
        rates: worth of one unit of a currency in the house currency; for ranking only, never for a decision.
    """

    hourly_cost: Number
    handling_minutes: Number
    weights: dict[Literal["clear", "sample", "hold", "block"], Share]
    horizon_days: Annotated[int, Field(ge=1)]
    due_factor: Factor
    overdue_factor: Factor
    house_currency: Currency
    rates: dict[Currency, Number]


class Policy(Part):
    """One version of the policy, known by its hash."""

    name: str
    receipt_required: bool
    tolerances: dict[ToleranceName, Tolerance]
    overrides: tuple[Override, ...] = ()
    documents: dict[DocumentType, DocumentRules]
    confidence: Confidence
    promises: dict[DocumentType, Promise] = Field(default_factory=dict)
    freshness_hours: dict[str, Number]
    dates: Dates
    bank_changes: BankChanges
    split: SplitRules
    vat_rates: dict[str, tuple[VatPeriod, ...]]
    statuses: Statuses
    duplicates: Duplicates
    charge_words: tuple[str, ...]
    sampling: Sampling
    approval_limits: dict[Approver, Amounts]
    four_eyes: FourEyes
    releases: tuple[Release, ...] = ()
    routes: Routes
    escalations: Escalations = ()
    models: dict[str, ModelRules]
    predictions: Predictions = NO_PREDICTIONS
    planning: PlanningCases = FOR_PLANNERS
    deciding: Deciding = AS_BEFORE
    priority: PriorityRules
    orders: OrderRules
    replenishment: ReplenishmentRules

    @model_validator(mode="before")
    @classmethod
    def _enums(cls, data: Any) -> Any:
        """Strict validation takes no text for an enum, and TOML has nothing else."""
        if not isinstance(data, dict):
            return data
        known = {kind.value: kind for kind in DocumentType}
        tables = {name: data[name] for name in ("documents", "promises") if isinstance(data.get(name), dict)}
        return data | {
            name: {known.get(key, key): value for key, value in table.items()} for name, table in tables.items()
        }

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        missing = [name for name in get_args(ToleranceName) if name not in self.tolerances]
        if missing:
            raise ValueError(f"tolerances lack {', '.join(missing)}: absent is not unlimited")
        needed = {feed for rules in self.documents.values() for feed in rules.feeds} | {
            *self.orders.feeds,
            *self.replenishment.feeds,
        }
        if needed - self.freshness_hours.keys():
            raise ValueError(f"freshness_hours lack {', '.join(sorted(needed - self.freshness_hours.keys()))}")
        selectors = [(override.item_id, override.supplier_id, override.legal_entity) for override in self.overrides]
        if len(set(selectors)) < len(selectors):
            raise ValueError("two overrides are about the same item, supplier and legal entity")
        released = [code for release in self.releases for code in release.codes]
        if len(set(released)) < len(released):
            raise ValueError("two releases are about the same code")
        if self.split.limit_of not in self.approval_limits:
            raise ValueError(f"split.limit_of, {self.split.limit_of!r}, is no role in approval_limits")
        if (country := overlapping(self.vat_rates)) is not None:
            raise ValueError(f"vat_rates.{country} has periods that overlap or stand out of order")
        if self.confidence.basis == "promise" and self.documents.keys() - self.promises.keys():
            lacking = ", ".join(sorted(kind.value for kind in self.documents.keys() - self.promises.keys()))
            raise ValueError(f"confidence.basis is promise, and promises lack {lacking}")
        if set(self.priority.weights) != {"clear", "sample", "hold", "block"}:
            raise ValueError("priority.weights needs clear, sample, hold and block")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; it has a hash of its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("hash", None)
        return copied

    @cached_property
    def hash(self) -> str:
        """SHA-256 of its canonical JSON, without what equals its default: a key added later changes no hash."""
        return sha256_of(self.model_dump(exclude_defaults=True))

    def tolerance_for(
        self,
        name: ToleranceName,
        *,
        item_id: str | None = None,
        supplier_id: str | None = None,
        legal_entity: str | None = None,
    ) -> Tolerance:
        """The most specific tolerance: item and supplier, item, supplier, legal entity, default."""
        fitting = [
            override
            for override in self.overrides
            if name in override.tolerances and override.fits(item_id, supplier_id, legal_entity)
        ]
        best = max(fitting, key=lambda override: override.rank, default=None)
        return self.tolerances[name] if best is None else best.tolerances[name]

    def needs_receipt(
        self, *, item_id: str | None = None, supplier_id: str | None = None, legal_entity: str | None = None
    ) -> bool:
        """Whether goods must have been received before they may be paid."""
        fitting = [
            override
            for override in self.overrides
            if override.receipt_required is not None and override.fits(item_id, supplier_id, legal_entity)
        ]
        best = max(fitting, key=lambda override: override.rank, default=None)
        return self.receipt_required if best is None or best.receipt_required is None else best.receipt_required

    def approval_limit(
        self, role: str, currency: str | None, *, supplier_id: str | None = None, legal_entity: str | None = None
    ) -> Decimal | None:
        """The highest total a role may approve, None for no limit; nothing for a role that is not named.

        The most specific wins: supplier, legal entity, default. The role `touchless` is the program itself: what it
        may clear without a person.
        """
        fitting = [
            override
            for override in self.overrides
            if role in override.approval_limits and override.fits(None, supplier_id, legal_entity)
        ]
        best = max(fitting, key=lambda override: override.rank, default=None)
        limits = self.approval_limits if best is None else best.approval_limits
        return amount_in(limits[role], currency) if role in limits else ZERO


def amount_in(amounts: Mapping[str, Decimal | None], currency: str | None) -> Decimal | None:
    """The amount set for a currency, else for others, else 0: what nobody has set is not allowed."""
    return amounts[currency] if currency is not None and currency in amounts else amounts.get(ANY_CURRENCY, ZERO)


def load_policy(text: str) -> Policy:
    """Reads a policy file.

    Raises:
        InputError: `POLICY-INVALID` naming every wrong or missing key, its line, and what to write there.
    """
    from triage.policy_file import parse_policy

    return parse_policy(text, Policy)


def _tighter(expected: Decimal, pct: Decimal | None, amount: Decimal | None) -> Decimal | None:
    limits = [] if pct is None else [abs(expected) * pct / 100]
    return min([*limits, *([] if amount is None else [amount])], default=None)
