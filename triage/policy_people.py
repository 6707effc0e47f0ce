"""What the policy says about people: where a second one must look, and who may release what."""

from typing import Annotated

from pydantic import AfterValidator, Field

from triage.corrections import DOCUMENT_TYPE, FIELD_NAMES, LINE_FIELD_NAMES
from triage.policy_parts import Part
from triage.roles import Role


def _field(name: str) -> str:
    if name not in FIELD_NAMES | LINE_FIELD_NAMES | {DOCUMENT_TYPE}:
        raise ValueError(f"{name} is no field of a paper")
    return name


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
