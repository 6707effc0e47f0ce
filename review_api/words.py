"""Names what programs write in codes: fields, units, outcomes, roles, kinds of cases and papers, how a case ended.

English here; each is marked for the catalogues and translated where it is shown.
"""

from collections.abc import Mapping

from core.decisions import Outcome
from core.documents import DocumentType
from core.texts import N_
from triage.case_records import Resolution

OUTCOME_SIGNS: Mapping[str, tuple[str, str]] = {
    Outcome.CLEAR: ("✓", N_("cleared")),
    Outcome.SAMPLE: ("◇", N_("sampled")),
    Outcome.HOLD: ("‖", N_("held")),
    Outcome.BLOCK: ("✕", N_("blocked")),
}
ROLE_WORDS: Mapping[str, str] = {
    "ap_clerk": N_("AP clerk"),
    "ap_approver": N_("AP approver"),
    "planner": N_("planner"),
    "auditor": N_("auditor"),
    "admin": N_("administrator"),
}
RESOLUTION_WORDS: Mapping[str, str] = {
    Resolution.APPROVE: N_("approved"),
    Resolution.REJECT: N_("rejected"),
    Resolution.REQUEST_INFORMATION: N_("asked about"),
    Resolution.CORRECTED: N_("corrected"),
    Resolution.CLEARED_BY_FACTS: N_("cleared by changed facts"),
}
KIND_WORDS: Mapping[str, str] = {
    DocumentType.INVOICE: N_("invoice"),
    DocumentType.CREDIT_NOTE: N_("credit note"),
    DocumentType.RECEIPT: N_("receipt"),
    DocumentType.PACKING_LIST: N_("packing list"),
    DocumentType.DELIVERY_NOTE: N_("delivery note"),
    DocumentType.BILL_OF_LADING: N_("bill of lading"),
    DocumentType.DESPATCH_ADVICE: N_("despatch advice"),
    DocumentType.PURCHASE_ORDER: N_("purchase order"),
    DocumentType.OTHER: N_("other paper"),
    "document": N_("paper"),
    "shipment": N_("delivery"),
    "order": N_("order"),
    "demand": N_("demand"),
    "recommendation": N_("replenishment"),
    "bill": N_("bill"),
}
FIELD_LABELS: Mapping[str, str] = {
    "amount_due": N_("Amount due"),
    "bill_of_lading_number": N_("Bill of lading"),
    "buyer_address": N_("Buyer address"),
    "buyer_item_id": N_("Buyer item id"),
    "buyer_name": N_("Buyer name"),
    "buyer_vat_id": N_("Buyer VAT id"),
    "carrier_name": N_("Carrier name"),
    "consignee_address": N_("Consignee address"),
    "consignee_name": N_("Consignee name"),
    "container_number": N_("Container number"),
    "currency": N_("Currency"),
    "delivery_date": N_("Delivery date"),
    "description": N_("Description"),
    "despatch_advice_reference": N_("Despatch advice"),
    "despatch_date": N_("Despatch date"),
    "document_type": N_("Kind of paper"),
    "due_date": N_("Due date"),
    "gross_weight": N_("Gross weight"),
    "gross_weight_unit": N_("Gross weight unit"),
    "gtin": N_("GTIN"),
    "invoice_number": N_("Invoice number"),
    "issue_date": N_("Issue date"),
    "line_id": N_("Line id"),
    "line_net_amount": N_("Net amount"),
    "lot_number": N_("Lot number"),
    "net_weight": N_("Net weight"),
    "package_count": N_("Packages"),
    "payment_iban": N_("Payment IBAN"),
    "payment_reference": N_("Payment reference"),
    "payment_terms": N_("Payment terms"),
    "prepaid_amount": N_("Prepaid amount"),
    "purchase_order_line": N_("Purchase order line"),
    "purchase_order_reference": N_("Purchase order"),
    "quantity": N_("Quantity"),
    "seal_number": N_("Seal number"),
    "seller_address": N_("Seller address"),
    "seller_item_id": N_("Seller item id"),
    "seller_name": N_("Seller name"),
    "seller_vat_id": N_("Seller VAT id"),
    "shipment_number": N_("Shipment number"),
    "shipper_address": N_("Shipper address"),
    "shipper_name": N_("Shipper name"),
    "sscc": N_("SSCC"),
    "tax_rate": N_("Tax rate"),
    "total_vat": N_("Total VAT"),
    "total_with_vat": N_("Total with VAT"),
    "total_without_vat": N_("Total without VAT"),
    "tracking_number": N_("Tracking number"),
    "unit": N_("Unit"),
    "unit_price": N_("Unit price"),
}
_STATE_WORDS: Mapping[str, str] = {
    "received": N_("received"),
    "working": N_("being read"),
    "waiting": N_("waiting"),
    "decided": N_("decided"),
    "upload": N_("upload"),
    "folder": N_("folder"),
    "mail": N_("mail"),
    "email": N_("mail"),
    "api": N_("API"),
}
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("C62", "H87", "EA", "PCE", "NAR", "PCS", "STK"), N_("pcs")),
    "BX": N_("boxes"),
    "CT": N_("cartons"),
    "PK": N_("packs"),
    "PR": N_("pairs"),
    "SET": N_("sets"),
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
}


def field_label(name: str) -> str:
    """A field's name as words: `Invoice number`, `Total with VAT`, `Seller VAT id`."""
    return FIELD_LABELS.get(name) or name.replace("_", " ").capitalize()


def unit_word(unit: str | None) -> str:
    """A unit as a word: codes of UN/ECE Recommendation 20 in words, anything else as printed."""
    return _UNITS.get((unit or "C62").upper(), unit or "pcs")


def outcome_sign(outcome: str) -> str:
    """The sign of an outcome: ✓ ◇ ‖ ✕."""
    return OUTCOME_SIGNS[outcome][0]


def outcome_word(outcome: str) -> str:
    """An outcome as a word: cleared, sampled, held, blocked."""
    return OUTCOME_SIGNS[outcome][1]


def role_word(role: str) -> str:
    """A role in words."""
    return ROLE_WORDS.get(role, role.replace("_", " "))


def resolution_word(resolution: str) -> str:
    """How a case ended, in a word."""
    return RESOLUTION_WORDS.get(resolution, resolution.replace("_", " "))


def state_word(state: str) -> str:
    """How far a document is, or which way it came, in a word."""
    return _STATE_WORDS.get(state, state.replace("_", " "))


def kind_word(kind: str) -> str:
    """A kind of case or paper in words."""
    return KIND_WORDS.get(kind, kind.replace("_", " "))
