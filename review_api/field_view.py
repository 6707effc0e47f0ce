"""Lays the fields of a paper's header out as rows, each with how sure it is, why, and what it may be instead."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.decisions import Decision
from core.documents import SHIPMENT_TYPES, Extraction, Field, Source
from review_api.percents import percent
from review_api.presenting import AMOUNT_FIELDS, Reader
from review_api.trust import Trust, trust_of
from review_api.words import field_label, kind_word
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
_MOST_CANDIDATES = 9
_LINES = re.compile(r"lines? ([\d, ]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """A value a field may have: as a correction sends it, as this reader writes it, how likely, and where it stands."""

    value: str
    shown: str
    percent: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field's row.

    Attributes:
        value: what stands in the box now; `was` is the value as read, `shown` the value as this reader writes it.
        percent: its confidence, None when it was not found.
        unsure: its confidence is under the policy's threshold; `asked`: a finding is about it.
        place: where on the page a person has just taken the value from: page and box.
        candidates: what it may be instead, the likeliest first; empty where nothing else was thought of.
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
    trust: Trust
    place: str = ""
    candidates: tuple[CandidateView, ...] = ()


def field_views(
    extraction: Extraction,
    facts: Facts,
    decision: Decision,
    *,
    policy: Policy,
    reader: Reader,
    typed: Mapping[str, str],
) -> tuple[FieldView, ...]:
    """The rows of the header; `typed` is what a person had typed into them and not sent."""
    subjects = {finding.subject for finding in decision.findings}
    currency = facts.paper.currency
    return tuple(
        _view(
            name,
            field,
            threshold,
            typed=typed.get(name),
            is_asked=name in subjects,
            currency=currency,
            reader=reader,
            trust=trust_of(name, field, threshold, extraction=extraction, facts=facts, reader=reader),
            candidates=_candidates(name, extraction, currency, reader),
        )
        for name, field, threshold in _header(extraction, policy, typed)
    )


def other_fields(extraction: Extraction, shown: Iterable[FieldView]) -> tuple[str, ...]:
    """Names of fields the paper may have that no row is there for."""
    order = _SHIPMENT_ORDER if extraction.document_type in SHIPMENT_TYPES else _BILLING_ORDER
    there = {field.name for field in shown}
    return tuple(name for name in order if name not in there)


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


def _view(
    name: str,
    field: Field | None,
    threshold: float,
    *,
    typed: str | None,
    is_asked: bool,
    currency: str | None,
    reader: Reader,
    trust: Trust,
    candidates: tuple[CandidateView, ...],
) -> FieldView:
    was = field.value if field else ""
    value = was if typed is None else typed
    kind = reader.say(kind_word(value)) if name == DOCUMENT_TYPE else None
    return FieldView(
        name=name,
        label=reader.say(field_label(name)),
        value=value,
        was=was,
        shown=kind or (reader.value(name, value, currency) if value else reader.say("not found")),
        percent=None if field is None else percent(field.confidence),
        unsure=field is None or field.confidence < threshold,
        asked=is_asked,
        numeric=name in AMOUNT_FIELDS,
        trust=trust,
        candidates=candidates,
    )


def _candidates(name: str, extraction: Extraction, currency: str | None, reader: Reader) -> tuple[CandidateView, ...]:
    return tuple(
        CandidateView(
            value=one.value,
            shown=reader.value(name, one.value, currency),
            percent=_share(one.confidence, reader),
            place=" ".join(f"{part:g}" for part in (one.evidence.page, *one.evidence.box)),
        )
        for one in extraction.alternatives.get(name, ())[:_MOST_CANDIDATES]
    )


def _share(confidence: float, reader: Reader) -> str:
    whole = percent(confidence)
    return str(whole) if whole else reader.say("under 1")
