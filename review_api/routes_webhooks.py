"""Endpoints of other programs over HTTP: where events go, how they fared; and what events and categories mean."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, status

from review_api import schemas, webhooks
from review_api import webhook_schemas as shapes
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.services import Services
from triage import events, taxonomy

House = Annotated[Services, Depends(services_of)]
Managing = Annotated[Principal, Depends(allow("webhooks.manage"))]
_MANAGES = [Depends(allow("webhooks.manage"))]
_READS = [Depends(allow("events.read"))]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["webhooks"],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 409, 422)
    },
)


@router.get("/webhooks", dependencies=_MANAGES)
def list_webhooks(house: House) -> list[shapes.WebhookOut]:
    """Every endpoint, with what waits for it and how it does."""
    return [shapes.webhook_out(one) for one in webhooks.list_all(house)]


@router.post("/webhooks", status_code=status.HTTP_201_CREATED)
def add_webhook(house: House, principal: Managing, body: shapes.WebhookIn) -> shapes.NewSecretOut:
    """Adds an endpoint, which gets what happens from now on; the answer has its secret, this once."""
    made = webhooks.add(house, principal.actor, url=body.url, event_types=body.event_types)
    return shapes.new_secret_out(made)


@router.get("/webhooks/{endpoint_id}", dependencies=_MANAGES)
def show_webhook(house: House, endpoint_id: str) -> shapes.WebhookOut:
    """One endpoint."""
    return shapes.webhook_out(webhooks.show(house, endpoint_id))


@router.patch("/webhooks/{endpoint_id}")
def change_webhook(
    house: House, principal: Managing, endpoint_id: str, body: shapes.WebhookChangeIn
) -> shapes.WebhookOut:
    """Changes its address or types, or disables or enables it. Disabled, it keeps what waits and gets nothing new."""
    after = webhooks.change(
        house, principal.actor, endpoint_id, url=body.url, event_types=body.event_types, is_active=body.active
    )
    return shapes.webhook_out(after)


@router.delete("/webhooks/{endpoint_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_webhook(house: House, principal: Managing, endpoint_id: str) -> None:
    """Deletes an endpoint and what waits for it."""
    webhooks.remove(house, principal.actor, endpoint_id)


@router.post("/webhooks/{endpoint_id}/rotate", status_code=status.HTTP_201_CREATED)
def rotate_secret(house: House, principal: Managing, endpoint_id: str, body: shapes.RotationIn) -> shapes.NewSecretOut:
    """Another secret, told this once; for some hours events carry a signature by the earlier one too."""
    return shapes.new_secret_out(webhooks.rotate(house, principal.actor, endpoint_id, body.hours))


@router.post("/webhooks/{endpoint_id}/test", status_code=status.HTTP_202_ACCEPTED)
def test_webhook(house: House, principal: Managing, endpoint_id: str) -> shapes.DeliveryOut:
    """Sends an event of type `webhook.test`."""
    return shapes.delivery_out(webhooks.test(house, principal.actor, endpoint_id))


@router.get("/webhooks/{endpoint_id}/deliveries", dependencies=_MANAGES)
def list_deliveries(
    house: House,
    endpoint_id: str,
    state: Literal["waiting", "delivered", "dead"] | None = None,
    before: Annotated[str | None, Query(max_length=40, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.DeliveriesOut:
    """What was sent there, waits or was given up, the newest first."""
    found = webhooks.list_deliveries(house, endpoint_id, state=state, before=before, limit=limit)
    return shapes.deliveries_out(found, limit)


@router.post("/webhooks/{endpoint_id}/resend", status_code=status.HTTP_202_ACCEPTED)
def resend_dead(house: House, principal: Managing, endpoint_id: str) -> shapes.ResentOut:
    """Sends every dead letter once more."""
    return shapes.ResentOut(number=webhooks.resend_dead(house, principal.actor, endpoint_id))


@router.post("/webhooks/{endpoint_id}/deliveries/{delivery_id}/resend", status_code=status.HTTP_202_ACCEPTED)
def resend(house: House, principal: Managing, endpoint_id: str, delivery_id: str) -> shapes.DeliveryOut:
    """Sends one event once more, under the id it had."""
    return shapes.delivery_out(webhooks.resend(house, principal.actor, endpoint_id, delivery_id))


@router.get("/events/schemas", dependencies=_READS)
def list_schemas() -> dict[str, dict[str, Any]]:
    """By type of event, the JSON Schema (2020-12) of its data."""
    return {name: events.schema_of(name) for name in events.DATA}


@router.get("/events/schemas/{event_type}", dependencies=_READS)
def show_schema(event_type: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one type's data: what `dataschema` of the event names."""
    return events.schema_of(event_type)


@router.get("/taxonomy", dependencies=_READS)
def show_taxonomy(house: House) -> list[shapes.CategoryOut]:
    """Every exception category: code, meaning, owner, and the queue its cases wait in under the policy in force."""
    return [shapes.category_out(one) for one in taxonomy.categories(house.policy)]
