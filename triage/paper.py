"""Turns an extraction, whose values are text, into a paper, whose values are dates, decimals and identifiers.

What is not of its type is not guessed: it goes to `unparsed` with its text, and a control says so.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from core.documents import SHIPMENT_TYPES, Evidence, Extraction, Field, Remark, Row
from core.errors import InputError
from core.money import is_currency, to_decimal
from triage.facts import Difference, Paper, PaperLine, TaxGroup

_Value = TypeVar("_Value")

_TEXTS = (
    "invoice_number",
    "seller_name",
    "seller_vat_id",
    "buyer_name",
    "buyer_vat_id",
    "payment_terms",
    "payment_iban",
    "shipment_number",
)
_DATES = ("issue_date", "due_date", "delivery_date", "despatch_date")
_AMOUNTS = (
    "total_without_vat",
    "total_vat",
    "total_with_vat",
    "prepaid_amount",
    "amount_due",
    "total_allowances",
    "total_charges",
)
_LINE_TEXTS = (
    "line_id",
    "description",
    "seller_item_id",
    "buyer_item_id",
    "gtin",
    "unit",
    "purchase_order_reference",
    "purchase_order_line",
)
_LINE_NUMBERS = ("quantity", "unit_price", "tax_rate", "line_net_amount")
_TAX_NUMBERS = ("rate", "taxable_amount", "tax_amount")
_SEPARATORS = re.compile(
    r"\s*[,;|\n]\s*|\s+(?:and|und|et|y|e|en|&|\+|/)\s+|/(?=[A-Za-z]{0,4}-?\d{5,})|(?<=\d{5})\s+(?=[A-Za-z]{0,4}-?\d{5})"
)
_LONGEST_TEXT = 500
_LARGEST = Decimal(10) ** 12
_MOST_DECIMALS = 8


def paper_from_extraction(extraction: Extraction, document_id: str) -> Paper:
    """The paper an extraction describes, with the confidence and the evidence of every value.

    Shipment documents name a shipper, not a seller: it stands in `seller_name`. A line that a person took away is an
    empty row: it is no line, and the others keep their numbers.
    """
    unparsed: dict[str, str] = {}
    fields = dict(extraction.fields)
    if extraction.document_type in SHIPMENT_TYPES and "seller_name" not in fields and "shipper_name" in fields:
        fields["seller_name"] = fields["shipper_name"]
    values: dict[str, Any] = {name: _text(fields, name) for name in _TEXTS}
    values |= {name: _parsed(fields, name, name, _date, unparsed) for name in _DATES}
    values |= {name: _parsed(fields, name, name, _number, unparsed) for name in _AMOUNTS}
    values["currency"] = _parsed(fields, "currency", "currency", _currency, unparsed)
    return Paper(
        document_id=document_id,
        sha256=extraction.sha256,
        document_type=extraction.document_type,
        type_confidence=extraction.type_confidence,
        purchase_order_references=split_references(_text(fields, "purchase_order_reference")),
        lines=tuple(_line(index, row, unparsed) for index, row in enumerate(extraction.lines, start=1) if row),
        tax_breakdown=tuple(_tax_group(index, row, unparsed) for index, row in enumerate(extraction.tax_breakdown, 1)),
        confidences={name: field.confidence for name, field in _named(extraction, fields)},
        evidence=_evidence(_named(extraction, fields)),
        unparsed=unparsed,
        remarks=tuple((remark.code, remark.outcome, remark.message) for remark in extraction.findings),
        differences=tuple(_difference(remark) for remark in extraction.findings if remark.subject or remark.expected),
        source=extraction.source,
        sources={name: at.source for name, at in _named(extraction, fields) if at.source is not extraction.source},
        bundle=extraction.bundle,
        **values,
    )


def split_references(text: str | None) -> tuple[str, ...]:
    """The order numbers in a field that may hold several: split on commas, semicolons, bars, line ends and `and`.

    A slash only separates when what follows looks like a number of its own: `4500012/2` stays one.
    """
    parts = (part.strip(" .:#") for part in _SEPARATORS.split(text or ""))
    return tuple(dict.fromkeys(part for part in parts if any(char.isdigit() for char in part)))


def _difference(remark: Remark) -> Difference:
    return Difference(
        code=remark.code,
        message=remark.message,
        subject=remark.subject,
        expected=remark.expected,
        actual=remark.actual,
        evidence=remark.evidence,
    )


def _line(index: int, row: Row, unparsed: dict[str, str]) -> PaperLine:
    values: dict[str, Any] = {name: _text(row, name) for name in _LINE_TEXTS}
    values |= {name: _parsed(row, name, f"lines.{index}.{name}", _number, unparsed) for name in _LINE_NUMBERS}
    base = _parsed(row, "price_base_quantity", f"lines.{index}.price_base_quantity", _number, unparsed)
    if base and values["unit_price"] is not None:
        values["unit_price"] /= base
    return PaperLine(index=index, **values)


def _tax_group(index: int, row: Row, unparsed: dict[str, str]) -> TaxGroup:
    numbers = {name: _parsed(row, name, f"tax_breakdown.{index}.{name}", _number, unparsed) for name in _TAX_NUMBERS}
    return TaxGroup(**numbers)


def _text(row: Row, name: str) -> str | None:
    field = row.get(name)
    text = "" if field is None else field.value.strip()
    return text[:_LONGEST_TEXT] or None


def _parsed(row: Row, name: str, key: str, parse: Callable[[str], _Value], unparsed: dict[str, str]) -> _Value | None:
    text = _text(row, name)
    if text is None:
        return None
    try:
        return parse(text)
    except (ValueError, InputError):
        unparsed[key] = text
        return None


def _number(text: str) -> Decimal:
    """A decimal of a size that can be money or goods.

    Raises:
        InputError: when it is no number.
        ValueError: when it is absurdly large or fine, so that sums of it would not be exact.
    """
    value = to_decimal(text)
    exponent = value.as_tuple().exponent
    if not -_LARGEST < value < _LARGEST or not isinstance(exponent, int) or exponent < -_MOST_DECIMALS:
        raise ValueError(text)
    return value


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _currency(text: str) -> str:
    """An ISO 4217 code that exists.

    Raises:
        ValueError: when it is none.
    """
    code = text.upper()
    if not is_currency(code):
        raise ValueError(text)
    return code


def _named(extraction: Extraction, fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    """Every value read, by the name confidences and evidence are kept under."""
    yield from fields.items()
    for group, rows in (("lines", extraction.lines), ("tax_breakdown", extraction.tax_breakdown)):
        for index, row in enumerate(rows, start=1):
            yield from ((f"{group}.{index}.{name}", field) for name, field in row.items())


def _evidence(named: Iterator[tuple[str, Field]]) -> dict[str, tuple[Evidence, ...]]:
    return {name: field.evidence for name, field in named if field.evidence}
