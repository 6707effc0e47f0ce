"""What other programs are told: the types of events, the schema of each one's data, and its CloudEvents 1.0 form.

Data are identifiers, codes, outcomes, quantities and amounts. What a person wrote, who it was, and anything of a bank
account stays here: only fields that are named below leave the house.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from core.canonical import canonical_json, instant_text
from core.errors import NotFoundError
from triage.outbox import Event

Amount = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", description="decimal with a point")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DecisionMade(_Data):
    """A paper, order, recommendation or odd demand was decided."""

    decision_id: str
    outcome: str = Field(description="`clear`, `sample`, `hold` or `block`")
    codes: list[str] = Field(description="exception categories found; see the taxonomy")
    run: int = Field(description="1 the first time, more when it was decided again")
    case_id: str | None = Field(default=None, description="the case that waits for a person; none where nothing waits")
    document_id: str | None = Field(default=None, description="of a paper")
    subject: str | None = Field(default=None, description="of anything else: `order:…`, `recommendation:…`")
    kind: str | None = Field(default=None, description="of anything else: `order`, `recommendation`, `demand`")
    policy_hash: str
    rules_version: str
    models: list[str] = Field(default=[], description="models that had a say, with their versions")


class CaseOpened(_Data):
    """A case waits for a person."""

    case_id: str
    document_id: str = Field(description="the paper's id, or what else the case is about")
    kind: str
    queue: str
    needs_role: str | None = None
    outcome: str = Field(description="`sample`, `hold` or `block`")
    codes: list[str]
    amount_at_risk: Amount
    currency: str | None = None
    due_at: datetime | None = None


class Overridden(_Data):
    """A finding in spite of which a case was approved."""

    code: str
    outcome: str


class CaseResolved(_Data):
    """A case has ended, and can no longer be taken back."""

    case_id: str
    document_id: str
    outcome: str = Field(description="as it was decided before a person looked")
    resolution: str
    reason_code: str
    role: str | None = Field(default=None, description="of who ended it; none where no person did")
    overridden: list[Overridden] = []


class Way(_Data):
    """Something that may be done."""

    kind: str
    probability: float | None = Field(default=None, description="of being late that way")
    places: str | None = None
    service: str | None = None
    cut_off_at: datetime | None = None


class Advice(_Data):
    """What is recommended: ways for an order, a quantity for an item at a place."""

    recommendations: list[Way] = []
    quantity: Amount | None = None
    needed_by: date | datetime | None = None


class RecommendationMade(_Data):
    """Something is recommended. It decides nothing and lifts nothing."""

    subject: str
    kind: str
    decision_id: str
    outcome: str
    case_id: str | None = None
    advice: Advice


class WebhookTest(_Data):
    """An administrator tests an endpoint. Nothing has happened."""

    endpoint_id: str


DATA: Mapping[str, type[_Data]] = {
    "case.opened": CaseOpened,
    "case.resolved": CaseResolved,
    "decision.made": DecisionMade,
    "recommendation.made": RecommendationMade,
    "webhook.test": WebhookTest,
}
TYPES = ("case.opened", "case.resolved", "decision.made", "recommendation.made")
"""What an endpoint may ask for; a test comes when an administrator sends one."""


def schema_id(event_type: str) -> str:
    """What `dataschema` of an event says; another number only when what is there now would break."""
    return f"urn:clearhold:event:{event_type}:1"


def schema_of(event_type: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of an event's data.

    Raises:
        NotFoundError: `EVENT-TYPE`.
    """
    if event_type not in DATA:
        raise NotFoundError("EVENT-TYPE", f"There is no event {event_type!r}.", f"There are: {', '.join(DATA)}.")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_id(event_type)}
    return head | DATA[event_type].model_json_schema(mode="serialization")


def events_page() -> str:
    """Every type of event and the fields of its data, as a Markdown page."""
    lines = [
        "# Events",
        "",
        "Made from `triage/events.py` by `python -m review_api.reference`; do not edit.",
        "The JSON Schema (2020-12) of each type's data is at `GET /v1/events/schemas/{type}`; `dataschema` names it.",
        "There may be more fields later, never fewer under the same number.",
        "",
    ]
    for name, model in DATA.items():
        lines += [f"## `{name}`", "", (model.__doc__ or "").strip(), ""]
        lines += ["| field | always there | |", "|---|---|---|"]
        for field, info in model.model_fields.items():
            lines.append(f"| `{field}` | {'yes' if info.is_required() else 'may be null'} | {info.description or ''} |")
        lines.append("")
    return "\n".join(lines)


def cloud_event(event: Event, source: str) -> bytes:
    """The event as CloudEvents 1.0, structured JSON: the same bytes at every try."""
    data = DATA[event.type].model_validate(event.json).model_dump(mode="json")
    return canonical_json(
        {
            "specversion": "1.0",
            "id": event.event_id,
            "source": source,
            "type": event.type,
            "subject": event.subject,
            "time": instant_text(event.created_at),
            "datacontenttype": "application/json",
            "dataschema": schema_id(event.type),
            "data": data,
        }
    ).encode()
