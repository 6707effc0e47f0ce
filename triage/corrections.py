"""Turns what a person typed into the next version of an extraction: corrected fields are sure and say who is."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

from core.documents import DocumentType, Evidence, Extraction, Field, Row
from core.errors import InputError
from triage.paper import paper_from_extraction
from triage.storable import storable_text

DOCUMENT_TYPE = "document_type"
FIELD_NAMES = frozenset(
    [
        "invoice_number",
        "issue_date",
        "due_date",
        "delivery_date",
        "currency",
        "purchase_order_reference",
        "despatch_advice_reference",
        "seller_name",
        "seller_address",
        "seller_vat_id",
        "buyer_name",
        "buyer_address",
        "buyer_vat_id",
        "payment_iban",
        "payment_reference",
        "payment_terms",
        "total_without_vat",
        "total_vat",
        "total_with_vat",
        "prepaid_amount",
        "amount_due",
        "shipment_number",
        "bill_of_lading_number",
        "despatch_date",
        "carrier_name",
        "tracking_number",
        "container_number",
        "seal_number",
        "shipper_name",
        "shipper_address",
        "consignee_name",
        "consignee_address",
        "package_count",
        "gross_weight",
        "gross_weight_unit",
        "net_weight",
    ]
)
LINE_FIELD_NAMES = frozenset(
    [
        "line_id",
        "description",
        "seller_item_id",
        "buyer_item_id",
        "gtin",
        "quantity",
        "unit",
        "unit_price",
        "tax_rate",
        "line_net_amount",
        "purchase_order_reference",
        "purchase_order_line",
        "package_count",
        "gross_weight",
        "lot_number",
        "sscc",
    ]
)
VALUE_LIMIT = 1_000
LINES_LIMIT = 2_000
# What triage judges again from the corrected values; any other remark of the reader stays until somebody decides.
JUDGED_AGAIN = frozenset({"DOC-ARITHMETIC", "DOC-CONFIDENCE", "DOC-TYPE", "TAX-SUM"})
_LINE_FIELD = re.compile(r"lines\.(\d{1,4})\.([a-z_]+)")
_LINE = re.compile(r"lines\.(\d{1,4})")
_NOWHERE: Mapping[str, Evidence] = {}


def corrected(
    extraction: Extraction, changes: Mapping[str, str], *, user: str, places: Mapping[str, Evidence] = _NOWHERE
) -> Extraction:
    """The extraction with the changes in it.

    A line that is taken away stays as an empty row, so that every other line keeps its number.

    Args:
        changes: by field name, `lines.<n>.<name>` (n from 1) or `document_type`; an empty value takes the field
            away, and of `lines.<n>` the whole line. The numbers after the last line make new ones.
        places: where on the paper a person took a value from.

    Raises:
        InputError: `CASE-FIELD-UNKNOWN`, `CASE-VALUE-LONG`, `CASE-LINE-GAP`, `CASE-PLACE`, `CASE-NOTHING-CHANGED`.
    """
    header: dict[str, Field] = dict(extraction.fields)
    lines: list[dict[str, Field]] = [dict(line) for line in extraction.lines]
    lines += [{} for _ in _new_lines(changes, len(lines))]
    kind, kind_confidence = extraction.document_type, extraction.type_confidence
    for name, text in changes.items():
        value = storable_text(text).strip()
        _check_length(name, value)
        if name == DOCUMENT_TYPE:
            kind, kind_confidence = _document_type(value), 1.0
            continue
        if not value and (line := _LINE.fullmatch(name)) and 1 <= int(line[1]) <= len(lines):
            lines[int(line[1]) - 1].clear()
            continue
        row, field_name = _row_of(name, header, lines)
        _put(row, field_name, value, extraction, user, place=_checked_place(name, extraction, places))
    while len(lines) > len(extraction.lines) and not lines[-1]:
        lines.pop()
    remarks = tuple(remark for remark in extraction.findings if remark.code not in JUDGED_AGAIN)
    after = replace(
        extraction,
        fields=header,
        lines=tuple(lines),
        document_type=kind,
        type_confidence=kind_confidence,
        findings=remarks,
    )
    if not differences(extraction, after):
        raise InputError(
            "CASE-NOTHING-CHANGED", "Nothing was changed.", "Change a value, or resolve the case as it is."
        )
    return after


def check_readable(extraction: Extraction, document_id: str, changes: Mapping[str, str]) -> None:
    """Refuses a typed value that is not of its field's type (`CASE-VALUE-UNREADABLE`): a date that is none."""
    wrong = sorted({*paper_from_extraction(extraction, document_id).unparsed} & {*changes})
    if wrong:
        raise InputError(
            "CASE-VALUE-UNREADABLE",
            f"{wrong[0]} cannot be {changes[wrong[0]]!r}.",
            "Write dates as 2026-11-23 and amounts with a point, without thousands separators: 1234.50.",
        )


def differences(before: Extraction, after: Extraction) -> dict[str, tuple[str | None, str | None]]:
    """What changed, by field: the value before and after; a confirmed value (only surer now) is named too."""
    found = _row_differences("", before.fields, after.fields)
    none: Row = {}
    for index, (old, new) in enumerate(zip_longest(before.lines, after.lines, fillvalue=none), start=1):
        found |= _row_differences(f"lines.{index}.", old, new)
    if (before.document_type, before.type_confidence) != (after.document_type, after.type_confidence):
        found[DOCUMENT_TYPE] = (before.document_type.value, after.document_type.value)
    return found


def _row_differences(prefix: str, before: Row, after: Row) -> dict[str, tuple[str | None, str | None]]:
    return {
        prefix + name: (_text(before.get(name)), _text(after.get(name)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _text(field: Field | None) -> str | None:
    return None if field is None else field.value


def _new_lines(changes: Mapping[str, str], known: int) -> range:
    """The numbers of lines that are added: they go on where the known ones end."""
    numbers = {int(line[1]) for name in changes if (line := _LINE_FIELD.fullmatch(name) or _LINE.fullmatch(name))}
    last = max(numbers, default=0)
    if last <= known:
        return range(0)
    if last > LINES_LIMIT or not numbers.issuperset(range(known + 1, last + 1)):
        raise InputError(
            "CASE-LINE-GAP",
            f"The paper has {known} lines; line {last} cannot be the next one.",
            f"Number new lines from {known + 1}, one after the other.",
        )
    return range(known + 1, last + 1)


def _checked_place(name: str, extraction: Extraction, places: Mapping[str, Evidence]) -> Evidence | None:
    place = places.get(name)
    if place is None:
        return None
    sizes = extraction.page_sizes
    width, height = sizes[place.page - 1] if 1 <= place.page <= len(sizes) else (-1.0, -1.0)
    box = place.box
    if not all(math.isfinite(edge) for edge in box) or not (
        -1 <= box.x0 <= box.x1 <= width + 1 and -1 <= box.top <= box.bottom <= height + 1
    ):
        raise InputError(
            "CASE-PLACE", f"The place of {name} is not on the paper.", "Take the value from the page again, or type it."
        )
    return replace(place, text=storable_text(place.text)[:VALUE_LIMIT])


def _row_of(name: str, header: dict[str, Field], lines: list[dict[str, Field]]) -> tuple[dict[str, Field], str]:
    if name in FIELD_NAMES:
        return header, name
    match = _LINE_FIELD.fullmatch(name)
    if match and match[2] in LINE_FIELD_NAMES and 1 <= int(match[1]) <= len(lines):
        return lines[int(match[1]) - 1], match[2]
    raise InputError(
        "CASE-FIELD-UNKNOWN",
        f"The paper has no field {name!r}.",
        "Use a field's name, or lines.<n>.<name> from line 1.",
    )


def _put(
    row: dict[str, Field], name: str, value: str, extraction: Extraction, user: str, *, place: Evidence | None
) -> None:
    if not value:
        row.pop(name, None)
        return
    before = row.get(name)
    if before is not None and before.value == value:
        if before.confidence < 1.0:
            row[name] = replace(before, confidence=1.0, reasons=(f"confirmed by {user}",))
    else:
        evidence = () if before is None else before.evidence
        if place is not None:
            evidence = (place,)
        row[name] = Field(
            value=value,
            confidence=1.0,
            source=extraction.source,
            evidence=evidence,
            reasons=(f"corrected by {user}",),
        )


def _document_type(value: str) -> DocumentType:
    if value not in set(DocumentType):
        raise InputError(
            "CASE-TYPE-UNKNOWN",
            f"There is no kind of paper called {value!r}.",
            f"Use one of {', '.join(DocumentType)}.",
        )
    return DocumentType(value)


def _check_length(name: str, value: str) -> None:
    if len(value) > VALUE_LIMIT:
        raise InputError(
            "CASE-VALUE-LONG", f"The value of {name} is too long.", f"Keep it under {VALUE_LIMIT} characters."
        )
