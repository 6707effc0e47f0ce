"""Says of a paper in a few words who it is from, what it is, and how much it asks for."""

from decimal import Decimal

from core.documents import Document, Extraction
from core.errors import InputError
from core.money import to_decimal


def subject_of(document: Document, extraction: Extraction | None) -> str:
    """Who and what, in words: `Nordlicht GmbH · R-8812`; the file's name where nothing was read."""
    fields = extraction.fields if extraction else {}
    names = (("seller_name", "shipper_name"), ("invoice_number", "shipment_number", "bill_of_lading_number"))
    parts = [next((fields[name].value for name in some if name in fields), None) for some in names]
    return " · ".join(part for part in parts if part) or document.file_name


def total_of(extraction: Extraction | None) -> tuple[Decimal | None, str | None]:
    """The paper's total with VAT and its currency, where both could be read."""
    if extraction is None or "total_with_vat" not in extraction.fields:
        return None, None
    currency = extraction.fields.get("currency")
    try:
        return to_decimal(extraction.fields["total_with_vat"].value), currency.value if currency else None
    except InputError:
        return None, None
