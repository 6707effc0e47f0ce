"""Compares the two halves of a hybrid PDF: the e-invoice a program pays by, and the page a person approves.

A difference is said only when both are sure: the e-invoice's value cannot be seen on the pages in any printed form,
and the pages surely show another one. A reader that is not sure of a page never raises an alarm.
"""

from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from core.documents import Evidence, Extraction, Field, Reading, Remark, Source
from core.money import round_amount
from extraction.agreement import AMOUNTS, NAMES, agrees
from extraction.layout import lay_out
from extraction.printed import Printed
from extraction.values import squeeze
from extraction.xml_fields import CERTAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "DOC-HYBRID"
SURE = 0.9
"""Confidence from which on what was read on a page counts as what it shows."""
SURE_OCR = 0.97
"""The same where the page had to be recognised."""
COMPARED = {
    "invoice_number": "invoice number",
    "issue_date": "invoice date",
    "currency": "currency",
    "seller_name": "seller",
    "seller_vat_id": "seller's VAT id",
    "payment_iban": "IBAN",
    "total_without_vat": "total without VAT",
    "total_with_vat": "total with VAT",
    "amount_due": "amount due",
}
"""The fields compared, as a clerk calls them."""
# What the page's reader may have taken for the field: said by the e-invoice too, only as something else.
_ELSEWHERE = {
    "invoice_number": ("purchase_order_reference", "despatch_advice_reference", "payment_reference", "buyer_vat_id"),
    "issue_date": ("due_date", "delivery_date"),
    "seller_name": ("buyer_name",),
    "seller_vat_id": ("buyer_vat_id",),
}
_LIKE_NAMES = 0.6


def differences(einvoice: Extraction, seen: Extraction, reading: Reading) -> tuple[Remark, ...]:
    """Where the pages surely show something else than the e-invoice says.

    Args:
        einvoice: what the embedded data say.
        seen: what was read from the pages alone.
        reading: the pages themselves.
    """
    printed = Printed(lay_out(reading))
    return tuple(
        _remark(name, einvoice, said, other)
        for name in COMPARED
        if (said := einvoice.fields.get(name)) is not None
        and said.confidence >= CERTAIN
        and not printed.shows(name, said.value)
        for other in _others(name, said, einvoice, seen, printed)
    )


def _others(
    name: str, said: Field, einvoice: Extraction, seen: Extraction, printed: Printed
) -> "Iterator[tuple[str, tuple[Evidence, ...]]]":
    """The value the page surely shows instead, if it does."""
    other = seen.fields.get(name)
    if other is not None and _is_sure(other) and _is_another(name, said, other, einvoice, seen):
        yield other.value, other.evidence
    elif name == "payment_iban" and (accounts := printed.ibans()):
        # Right check digits are proof enough that this is an account, whatever the reader took it for.
        yield accounts[0].text, accounts[:1]


def _is_sure(other: Field) -> bool:
    return other.confidence >= (SURE_OCR if other.source is Source.OCR else SURE)


def _is_another(name: str, said: Field, other: Field, einvoice: Extraction, seen: Extraction) -> bool:
    if agrees(name, other.value, said.value):
        return False
    if other.source is Source.OCR and _may_be_misread(said.value, other.value):
        return False
    if any(
        at in einvoice.fields and agrees(name, einvoice.fields[at].value, other.value)
        for at in _ELSEWHERE.get(name, ())
    ):
        return False
    if name in NAMES:
        return SequenceMatcher(None, squeeze(said.value), squeeze(other.value)).ratio() < _LIKE_NAMES
    if name in AMOUNTS:
        return _is_another_amount(name, Decimal(said.value), Decimal(other.value), seen)
    return True


def _is_another_amount(name: str, said: Decimal, other: Decimal, seen: Extraction) -> bool:
    """Signs are printed in many ways. What is due is often not printed: then only more than the total is another."""
    if abs(said) == abs(other):
        return False
    total = seen.fields.get("total_with_vat")
    if name == "amount_due" and total is not None and total.evidence == seen.fields[name].evidence:
        return abs(said) > abs(other)
    return True


def _may_be_misread(said: str, other: str) -> bool:
    first, second = squeeze(said), squeeze(other)
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) <= 1


def _remark(name: str, einvoice: Extraction, said: Field, other: tuple[str, tuple[Evidence, ...]]) -> Remark:
    value, evidence = other
    on_page, in_data = (_shown(name, text, einvoice) for text in (value, said.value))
    what = COMPARED[name]
    return Remark(
        code=CODE,
        outcome="block",
        message=f"The page shows {on_page} as {what}; the e-invoice data in it say {in_data}, nowhere to be seen.",
        subject=name,
        expected=f"{on_page} (on the page)",
        actual=f"{in_data} (in the e-invoice data)",
        evidence=evidence,
    )


def _shown(name: str, value: str, einvoice: Extraction) -> str:
    currency = einvoice.fields.get("currency")
    if name not in AMOUNTS or currency is None:
        return value
    return f"{round_amount(Decimal(value), currency.value):f} {currency.value}"
