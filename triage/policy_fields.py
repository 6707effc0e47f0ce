"""Names of fields in a policy: one that no paper has would never be found, and nobody would notice why."""

from typing import Annotated

from pydantic import AfterValidator

from triage.corrections import FIELD_NAMES, LINE_FIELD_NAMES


def _header_field(name: str) -> str:
    if name not in FIELD_NAMES:
        raise ValueError(f"no paper has a field {name!r}")
    return name


def _line_field(name: str) -> str:
    if name not in LINE_FIELD_NAMES:
        raise ValueError(f"no line of a paper has a field {name!r}")
    return name


HeaderField = Annotated[str, AfterValidator(_header_field)]
LineField = Annotated[str, AfterValidator(_line_field)]
