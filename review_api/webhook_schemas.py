"""The shapes of webhooks over HTTP. No secret comes out but the one just made."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from review_api.webhook_addresses import MAX_URL
from review_api.webhooks import ROTATION_HOURS, Made, Shown
from triage.deliveries import Delivery
from triage.taxonomy import Category

Url = Annotated[str, Field(max_length=MAX_URL)]
EventType = Literal["case.opened", "case.resolved", "decision.made", "recommendation.made"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookIn(_In):
    """Where events go; every type of them where none is named."""

    url: Url
    event_types: Annotated[list[EventType], Field(min_length=1, max_length=10)] | None = None


class WebhookChangeIn(_In):
    """What is to change; what is left away stays."""

    url: Url | None = None
    event_types: Annotated[list[EventType], Field(min_length=1, max_length=10)] | None = None
    active: bool | None = None


class RotationIn(_In):
    """For how long the earlier secret signs beside the new one."""

    hours: Annotated[int, Field(ge=0, le=720)] = ROTATION_HOURS


class WebhookOut(BaseModel):
    """An endpoint, how it does, and what waits for it."""

    endpoint_id: str
    url: str
    event_types: list[str]
    active: bool
    disabled_at: datetime | None
    disabled_why: str | None
    created_at: datetime
    created_by: str
    waiting: int
    dead: int
    failures: int = Field(description="tries in a row that failed, whatever the event")
    paused_until: datetime | None = Field(description="so long nothing is tried, because everything failed")
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_failure: str | None
    earlier_secret_until: datetime | None = Field(description="so long the earlier secret signs too")


class NewSecretOut(BaseModel):
    """An endpoint with a secret, told this once."""

    webhook: WebhookOut
    secret: str


class DeliveryOut(BaseModel):
    """An event on its way to an endpoint, or there, or given up."""

    delivery_id: str
    event_id: str
    type: str
    subject: str
    state: str = Field(description="`waiting`, `delivered` or `dead`")
    attempts: int
    happened_at: datetime
    next_at: datetime
    tried_at: datetime | None
    status: int | None
    failure: str | None
    ended_at: datetime | None


class DeliveriesOut(BaseModel):
    """Tellings of an endpoint, the newest first; `next` as `before` gives older ones."""

    deliveries: list[DeliveryOut]
    next: str | None


class ResentOut(BaseModel):
    """How many dead letters are sent again."""

    number: int


class CategoryOut(BaseModel):
    """An exception category: what a code means, whose it is, and where its cases wait."""

    code: str
    meaning: str
    about: list[str]
    outcome: str
    owner: str
    default_queue: str


def webhook_out(shown: Shown) -> WebhookOut:
    """An endpoint."""
    one = shown.endpoint
    return WebhookOut(
        endpoint_id=one.endpoint_id,
        url=one.url,
        event_types=list(one.event_types),
        active=one.disabled_at is None,
        disabled_at=one.disabled_at,
        disabled_why=one.disabled_why,
        created_at=one.created_at,
        created_by=one.created_by,
        waiting=shown.waiting,
        dead=shown.dead,
        failures=one.failures,
        paused_until=one.paused_until,
        last_success_at=one.last_success_at,
        last_failure_at=one.last_failure_at,
        last_failure=one.last_failure,
        earlier_secret_until=one.previous_until,
    )


def new_secret_out(made: Made) -> NewSecretOut:
    """An endpoint with the secret that was just made."""
    return NewSecretOut(webhook=webhook_out(made.shown), secret=made.secret)


def delivery_out(one: Delivery) -> DeliveryOut:
    """A telling."""
    return DeliveryOut(
        delivery_id=one.delivery_id,
        event_id=one.event.event_id,
        type=one.event.type,
        subject=one.event.subject,
        state=one.state,
        attempts=one.attempts,
        happened_at=one.event.created_at,
        next_at=one.next_at,
        tried_at=one.tried_at,
        status=one.status,
        failure=one.failure,
        ended_at=one.ended_at,
    )


def deliveries_out(found: tuple[Delivery, ...], limit: int) -> DeliveriesOut:
    """A page of tellings."""
    last = found[-1].delivery_id if len(found) == limit else None
    return DeliveriesOut(deliveries=[delivery_out(one) for one in found], next=last)


def category_out(one: Category) -> CategoryOut:
    """A category."""
    return CategoryOut(
        code=one.code,
        meaning=one.meaning,
        about=list(one.about),
        outcome=one.outcome.value,
        owner=one.owner,
        default_queue=one.default_queue,
    )
