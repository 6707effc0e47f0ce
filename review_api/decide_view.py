"""Lays out what belongs to deciding a case: the fields of a paper that is checked blind."""

from collections.abc import Mapping
from dataclasses import dataclass

from review_api.field_view import current_values
from review_api.words import field_label
from triage.case_records import CaseDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindField:
    """A value as the machine read it, without how sure it was; `typed` is what stands in the field now.

    Attributes:
        line: of which line, from 1; None for one of the header.
    """

    name: str
    label: str
    was: str
    typed: str
    line: int | None = None


def blind_fields(detail: CaseDetail, typed: Mapping[str, str] | None) -> tuple[BlindField, ...]:
    """The fields of the paper, the header's first."""
    kept = typed or {}
    return tuple(_field(name, was, kept.get(name, was)) for name, was in current_values(detail.extraction).items())


def _field(name: str, was: str, typed: str) -> BlindField:
    if not name.startswith("lines."):
        return BlindField(name=name, label=field_label(name), was=was, typed=typed)
    _, number, inner = name.split(".", 2)
    return BlindField(name=name, label=field_label(inner), was=was, typed=typed, line=int(number))
