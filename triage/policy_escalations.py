"""What the policy says of cases nobody does: after how long one is handed on, and to which role or queue."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from triage.policy_parts import Amounts, Part, to_number
from triage.policy_people import Code
from triage.roles import Role

CaseKind = Literal["invoice", "shipment", "other", "promise", "order", "demand", "recommendation", "bill"]
LONGEST_HOURS = 8_784
"""A year."""


class Escalation(Part):
    """One timer: the cases it is about, how long they may wait, and who gets them then. No condition fits everything.

    Attributes:
        when: `unclaimed` counts from when a case was opened, or last given back; `past_due` from its due instant.
        after_hours: so long it may wait; what somebody works on just now is left to them until they give it back.
        min_amount: the paper's total, without its sign, is at least this; an unknown total never is.
        to_role: only that role gets the case then; `to_queue`: it waits there then. One of them at least.
    """

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r'^[^"\\]+$')]
    codes: tuple[Code, ...] = ()
    kinds: tuple[CaseKind, ...] = ()
    outcomes: tuple[Literal["sample", "hold", "block"], ...] = ()
    queues: tuple[str, ...] = ()
    min_amount: Amounts | None = None
    when: Literal["unclaimed", "past_due"]
    after_hours: Annotated[Decimal, BeforeValidator(to_number), Field(ge=0, le=LONGEST_HOURS)]
    to_role: Role | None = None
    to_queue: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$")] | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.to_role is None and self.to_queue is None:
            raise ValueError("an escalation names a to_role, a to_queue, or both")
        if self.when == "unclaimed" and self.after_hours == 0:
            raise ValueError("after_hours must be above 0 where when is unclaimed: nobody could ever claim the case")
        return self

    @property
    def after(self) -> timedelta:
        """How long a case may wait."""
        return timedelta(hours=float(self.after_hours))


def _named_once(escalations: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
    """Refuses two timers of one name: a case remembers by name which have handed it on."""
    names = [one.name for one in escalations]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two escalations are called {twice!r}")
    return escalations


Escalations = Annotated[tuple[Escalation, ...], AfterValidator(_named_once)]
"""The timers of a house; none where nothing is handed on by itself."""
