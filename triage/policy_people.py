"""What the policy says about people: where a second one must look, who may release what, which team gets a case."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.documents import DocumentType
from triage.corrections import DOCUMENT_TYPE, FIELD_NAMES, LINE_FIELD_NAMES
from triage.policy_parts import Amounts, Number, Part
from triage.roles import Role

ANYONE = "anyone"


def _field(name: str) -> str:
    if name not in FIELD_NAMES | LINE_FIELD_NAMES | {DOCUMENT_TYPE}:
        raise ValueError(f"{name} is no field of a paper")
    return name


PlanningKind = Literal["order", "demand", "recommendation", "bill"]
"""Kinds of case that are about no paper."""

Code = Annotated[str, Field(pattern=r"^[A-Z]+(-[A-Z0-9]+)+$")]
"""A control's permanent code; `triage.policy_codes` says whether there is such a control."""


class FourEyes(Part):
    """Where one person is not enough.

    Attributes:
        corrected_fields: fields, of the header or of lines; a paper that a control held and of which a person changed
            one of them waits for a second person, even when every control passes now.
    """

    corrected_fields: tuple[Annotated[str, AfterValidator(_field)], ...]


class Release(Part):
    """Who may release what some codes hold, instead of whom the catalogue names.

    A block takes an approver and a second person whatever stands here, and what nobody may release stays so.
    """

    codes: Annotated[tuple[Code, ...], Field(min_length=1)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    second_person: bool


class Route(Part):
    """Which team gets a case: the first route whose conditions all fit. A condition left away fits everything.

    Attributes:
        codes: one of the case's findings has one of these.
        kinds: for planners' cases of these kinds only; a route without it is for papers.
        min_amount: the paper's total, without its sign, is at least this; an unknown total never is.
        needs_role: only that role gets the case; `anyone` for whoever works in the queue.
        priority_factor: multiplies the expected loss that the queue is ordered by.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    codes: tuple[Code, ...] = ()
    kinds: tuple[PlanningKind, ...] = ()
    document_types: tuple[Annotated[DocumentType, Field(strict=False)], ...] = ()
    supplier_ids: tuple[str, ...] = ()
    legal_entities: tuple[str, ...] = ()
    min_amount: Amounts | None = None
    queue: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$")]
    needs_role: Role | Literal["anyone"]
    priority_factor: Annotated[Number, Field(gt=0)]

    @property
    def takes_everything(self) -> bool:
        """Whether it has no condition."""
        conditions = (self.codes, self.kinds, self.document_types, self.supplier_ids, self.legal_entities)
        return not any(conditions) and self.min_amount is None

    @property
    def role(self) -> str | None:
        """The role a case waits for, None for anyone's."""
        return None if self.needs_role == ANYONE else self.needs_role


def _in_order(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    """Refuses routes among which one is never reached, or after which a case is left without a team."""
    names = [route.name for route in routes]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two routes are called {twice!r}")
    if not routes or not routes[-1].takes_everything:
        raise ValueError("the last route must have no conditions, so that every case has a team")
    early = next((route.name for route in routes[:-1] if route.takes_everything), None)
    if early is not None:
        raise ValueError(f"the route {early!r} takes everything, so that those after it are never reached")
    return routes


Routes = Annotated[tuple[Route, ...], AfterValidator(_in_order)]
"""Routes in the order they are tried."""
