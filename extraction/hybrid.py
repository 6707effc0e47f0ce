"""Compares the two halves of a hybrid PDF: the e-invoice a program pays by, and the page a person approves.

A difference is said, and blocks, only when both are sure: the e-invoice's value cannot be seen on the pages in any
printed form, and the pages surely show another one. Where the reader is not sure what they show, a number, date or
total that is nowhere on a readable page is held for a person to look at.
"""

from decimal import Decimal
from difflib import SequenceMatcher

from core.documents import Evidence, Extraction, Field, Reading, Remark, Source
from core.money import round_amount
from extraction.agreement import AMOUNTS, NAMES, agrees
from extraction.layout import lay_out
from extraction.printed import Printed
from extraction.values import squeeze
from extraction.xml_fields import CERTAIN

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
# What every invoice prints; a page that shows that many of the other values is this invoice's and can be read.
_ALWAYS_PRINTED = frozenset({"invoice_number", "issue_date", "total_without_vat", "total_with_vat", "amount_due"})
_LEAST_SEEN = 3


def differences(einvoice: Extraction, seen: Extraction, reading: Reading) -> tuple[Remark, ...]:
    """Where the pages surely show something else than the e-invoice says.

    Args:
        einvoice: what the embedded data say.
        seen: what was read from the pages alone.
        reading: the pages themselves.
    """
    printed = Printed(lay_out(reading))
    stated = {
        name: said
        for name in COMPARED
        if (said := einvoice.fields.get(name)) is not None and said.confidence >= CERTAIN
    }
    unseen = [name for name, said in stated.items() if not printed.shows(name, said.value)]
    is_readable = len(stated) - len(unseen) >= _LEAST_SEEN and _is_text(reading)
    remarks = (_judge(name, stated[name], einvoice, seen, printed, is_readable=is_readable) for name in unseen)
    return tuple(remark for remark in remarks if remark is not None)


def _judge(
    name: str, said: Field, einvoice: Extraction, seen: Extraction, printed: Printed, *, is_readable: bool
) -> Remark | None:
    """What to say of a value that cannot be seen: another is surely shown, it ought to be printed, or nothing."""
    other = seen.fields.get(name)
    if other is not None and _is_sure(other) and _is_another(name, said, other, einvoice, seen):
        return _another(name, einvoice, said, (other.value, other.evidence))
    if name == "payment_iban" and (accounts := printed.ibans()):
        # Right check digits are proof enough that this is an account, whatever the reader took it for.
        return _another(name, einvoice, said, (accounts[0].text, accounts[:1]))
    if is_readable and name in _ALWAYS_PRINTED and _ought_to_be_seen(name, said, einvoice):
        return _nowhere(name, einvoice, said)
    return None


def _is_text(reading: Reading) -> bool:
    return all(page.source is Source.TEXT_LAYER for page in reading.pages)


def _ought_to_be_seen(name: str, said: Field, einvoice: Extraction) -> bool:
    """What is left to pay after a down payment is often in the data only; more than the total never is."""
    total = einvoice.fields.get("total_with_vat")
    return name != "amount_due" or (total is not None and abs(Decimal(said.value)) > abs(Decimal(total.value)))


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


def _another(name: str, einvoice: Extraction, said: Field, other: tuple[str, tuple[Evidence, ...]]) -> Remark:
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


def _nowhere(name: str, einvoice: Extraction, said: Field) -> Remark:
    in_data = _shown(name, said.value, einvoice)
    return Remark(
        code=CODE,
        outcome="hold",
        message=f"The e-invoice data in the file say {in_data} as {COMPARED[name]}, which is nowhere on the page.",
        subject=name,
        actual=f"{in_data} (in the e-invoice data)",
    )


def _shown(name: str, value: str, einvoice: Extraction) -> str:
    currency = einvoice.fields.get("currency")
    if name not in AMOUNTS or currency is None:
        return value
    return f"{round_amount(Decimal(value), currency.value):f} {currency.value}"
