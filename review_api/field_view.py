"""Lays the fields of a paper out as rows: what every paper shows, then the line values somebody must look at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.decisions import Decision
from core.documents import SHIPMENT_TYPES, Extraction, Field, Source
from review_api.percents import percent
from review_api.presenting import AMOUNT_FIELDS, Reader
from review_api.words import field_label
from triage.facts import Facts
from triage.policy import Policy

_BILLING_ORDER = (
    "seller_name", "invoice_number", "issue_date", "due_date", "purchase_order_reference", "currency",
    "total_without_vat", "total_vat", "total_with_vat", "prepaid_amount", "amount_due", "payment_iban",
    "payment_reference", "payment_terms", "seller_vat_id", "seller_address", "buyer_name", "buyer_vat_id",
    "buyer_address", "delivery_date", "despatch_advice_reference",
)  # fmt: skip
_SHIPMENT_ORDER = (
    "shipper_name", "shipment_number", "purchase_order_reference", "despatch_date", "delivery_date", "carrier_name",
    "tracking_number", "package_count", "gross_weight", "gross_weight_unit", "net_weight", "consignee_name",
    "consignee_address", "shipper_address", "container_number", "seal_number", "bill_of_lading_number",
)  # fmt: skip
DOCUMENT_TYPE = "document_type"
_LINE_VALUES = ("quantity", "unit_price", "line_net_amount")
_MAX_LINE_ROWS = 60
_LINES = re.compile(r"lines? ([\d, ]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field's row.

    Attributes:
        value: what stands in the box now; `was` is the value as read, `shown` the value as this reader writes it.
        percent: its confidence, None when it was not found.
        unsure: its confidence is under the policy's threshold; `asked`: a finding is about it.
    """

    name: str
    label: str
    value: str
    was: str
    shown: str
    percent: int | None
    unsure: bool
    asked: bool
    numeric: bool
    reasons: str


def field_views(
    extraction: Extraction,
    facts: Facts,
    decision: Decision,
    *,
    policy: Policy,
    reader: Reader,
    typed: Mapping[str, str],
) -> tuple[FieldView, ...]:
    """The rows; `typed` is what a person had typed into them when something went wrong."""
    subjects = {finding.subject for finding in decision.findings}
    return tuple(
        _view(
            name,
            field,
            threshold,
            typed=typed.get(name),
            is_asked=name in subjects,
            currency=facts.paper.currency,
            reader=reader,
        )
        for name, field, threshold in (
            *_header(extraction, policy, typed),
            *_line_values(extraction, decision, policy),
        )
    )


def lines_of(subject: str | None) -> frozenset[int]:
    """The lines a finding is about: `line 3` and `lines 2, 3`."""
    match = _LINES.fullmatch(subject or "")
    return frozenset(int(number) for number in match[1].replace(",", " ").split()) if match else frozenset()


def current_values(extraction: Extraction) -> Mapping[str, str]:
    """Every value that may be corrected, by the name a correction calls it."""
    lines = {
        f"lines.{index}.{name}": field.value
        for index, row in enumerate(extraction.lines, start=1)
        for name, field in row.items()
    }
    header = {name: field.value for name, field in extraction.fields.items()}
    return {**header, **lines, DOCUMENT_TYPE: extraction.document_type.value}


_Row = tuple[str, Field | None, float]


def _header(extraction: Extraction, policy: Policy, typed: Mapping[str, str]) -> Iterator[_Row]:
    kind = Field(value=extraction.document_type.value, confidence=extraction.type_confidence, source=Source.TEXT_LAYER)
    yield DOCUMENT_TYPE, kind, float(policy.confidence.document_type)
    order = _SHIPMENT_ORDER if extraction.document_type in SHIPMENT_TYPES else _BILLING_ORDER
    rules = policy.documents.get(extraction.document_type)
    wanted = {*extraction.fields, *(rules.required if rules else ())}
    wanted |= {name for name in typed if name != DOCUMENT_TYPE and "." not in name}
    for name in (*(name for name in order if name in wanted), *sorted(wanted - set(order))):
        yield name, extraction.fields.get(name), float(policy.confidence.of_field(name))


def _line_values(extraction: Extraction, decision: Decision, policy: Policy) -> Iterator[_Row]:
    """Values of lines that are unsure, required and missing, or that a finding is about."""
    rules = policy.documents.get(extraction.document_type)
    required = rules.required_lines if rules else ()
    asked = {index for finding in decision.findings for index in lines_of(finding.subject)}
    rows = 0
    for index, row in enumerate(extraction.lines, start=1):
        names = dict.fromkeys((*required, *(_LINE_VALUES if index in asked else ()), *row))
        for name in names:
            field, threshold = row.get(name), float(policy.confidence.of_line_field(name))
            is_unsure = (name in required) if field is None else field.confidence < threshold
            if (is_unsure or (index in asked and name in _LINE_VALUES)) and rows < _MAX_LINE_ROWS:
                rows += 1
                yield f"lines.{index}.{name}", field, threshold


def _view(
    name: str,
    field: Field | None,
    threshold: float,
    *,
    typed: str | None,
    is_asked: bool,
    currency: str | None,
    reader: Reader,
) -> FieldView:
    was = field.value if field else ""
    value = was if typed is None else typed
    return FieldView(
        name=name,
        label=_label(name),
        value=value,
        was=was,
        shown=reader.value(name.rpartition(".")[2], value, currency) if value else "not found",
        percent=None if field is None else percent(field.confidence),
        unsure=field is None or field.confidence < threshold,
        asked=is_asked,
        numeric=name.rpartition(".")[2] in AMOUNT_FIELDS | {"quantity"},
        reasons=", ".join(field.reasons) if field else "not on the paper, or not found",
    )


def _label(name: str) -> str:
    if name == DOCUMENT_TYPE:
        return "Kind of paper"
    if "." in name:
        _, index, value = name.split(".")
        return f"Line {index}: {field_label(value).lower()}"
    return field_label(name)
