"""Makes what was read from a paper fit for any database: text without NUL and without halves of characters."""

import re
from dataclasses import replace

from core.documents import Alternative, Evidence, Extraction, Field, Remark, Row

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def storable(extraction: Extraction) -> Extraction:
    """The extraction with every character a database refuses replaced by �; itself when there is none."""
    return replace(
        extraction,
        fields=_row(extraction.fields),
        lines=tuple(_row(row) for row in extraction.lines),
        tax_breakdown=tuple(_row(row) for row in extraction.tax_breakdown),
        findings=tuple(_remark(remark) for remark in extraction.findings),
        alternatives={name: tuple(_alternative(one) for one in some) for name, some in extraction.alternatives.items()},
        text=storable_text(extraction.text),
    )


def storable_text(text: str) -> str:
    """The text with every character a database refuses replaced by �."""
    return _UNSTORABLE.sub(_INSTEAD, text)


def _remark(remark: Remark) -> Remark:
    return replace(
        remark,
        message=storable_text(remark.message),
        expected=None if remark.expected is None else storable_text(remark.expected),
        actual=None if remark.actual is None else storable_text(remark.actual),
        evidence=tuple(_place(place) for place in remark.evidence),
    )


def _alternative(one: Alternative) -> Alternative:
    return replace(one, value=storable_text(one.value), evidence=_place(one.evidence))


def _place(place: Evidence) -> Evidence:
    return replace(place, text=storable_text(place.text))


def _row(row: Row) -> Row:
    return {name: _field(field) for name, field in row.items()}


def _field(field: Field) -> Field:
    texts = (field.value, *field.reasons, *(place.text for place in field.evidence))
    if not any(_UNSTORABLE.search(text) for text in texts):
        return field
    return replace(
        field,
        value=storable_text(field.value),
        reasons=tuple(storable_text(reason) for reason in field.reasons),
        evidence=tuple(_place(place) for place in field.evidence),
    )
