"""The words of the trade for the keys of a policy: what a section is about, what a setting is called, what it says."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from review_api.presenting import NOTHING, Reader
from review_api.words import field_label

_OUTSIDE_BRACKETS = re.compile(r"\.(?![^\[]*\])")
_ROW = re.compile(r"([^\[]+)\[(.*)\]")

SECTIONS: Mapping[str, tuple[str, str]] = {
    "tolerances": (
        "How far figures may differ",
        "The tighter of percentage and amount decides; 0 allows nothing; an amount without a currency holds in all.",
    ),
    "overrides": (
        "Exceptions by item, supplier and legal entity",
        "The most specific wins: item and supplier, item, supplier, legal entity.",
    ),
    "approval_limits": (
        "Who may approve how much",
        "The highest total of one paper. What the program may clear without a person has a limit too.",
    ),
    "four_eyes": (
        "Where a second person looks",
        "Who changed one of these values of a held paper does not approve it.",
    ),
    "releases": ("Who releases what some controls hold", "Instead of whom the catalogue of controls names."),
    "routes": ("Which team gets a case", "The first route whose conditions all fit."),
    "promises": (
        "What is promised of papers that clear",
        "Of the papers that clear by themselves no more than this share is wrong.",
    ),
    "confidence": ("How sure a value must be", "A number is the least confidence a value is relied on with."),
    "sampling": (
        "Blind checks",
        "A share of what would clear is looked at all the same; the larger the amount, the more.",
    ),
    "freshness_hours": ("How fresh the feeds must be", "A decision that needs an older feed holds and says so."),
    "predictions": ("Predictions", "A model can only have something looked at; it never clears anything."),
    "models": ("Other models", "The probability at which a person looks."),
    "documents": ("What papers must show", "A value that is missing or unsure holds the paper."),
    "dates": ("Dates", ""),
    "bank_changes": ("New bank accounts", "Nothing is paid to an account that changed within these days."),
    "split": ("Split orders and invoices", "Papers of one supplier that only together exceed a limit."),
    "duplicates": ("Duplicates", "Papers this close are looked at as one that came twice."),
    "planning": ("Cases of planners", ""),
    "orders": ("What a customer may be promised", ""),
    "replenishment": ("What may be ordered from suppliers", ""),
    "priority": ("What waiting costs", "The order of the queue; never a decision."),
    "vat_rates": ("VAT rates", ""),
    "statuses": ("The ERP's own words", ""),
    "general": ("Everything else", ""),
}
"""Title and note of each section, in the order they are shown; `general` takes what stands in no table."""

COLLAPSED = frozenset({"vat_rates", "statuses", "documents", "general"})

_TOLERANCES: Mapping[str, str] = {
    "price_unit": "Price of one unit",
    "price_total": "Price of an order line",
    "quantity": "Quantity billed over received",
    "not_received": "Billed and not received at all",
    "overbilled": "Billed over ordered",
    "small_difference": "Whole invoice against the order",
    "charge": "Charges not on the order",
    "ship_over": "Shipped over ordered",
    "ship_short": "Shipped short of ordered",
    "ship_receipt": "Received against shipped",
}
_NAMES_IN: Mapping[str, Mapping[str, str]] = {
    "tolerances": _TOLERANCES,
    "overrides": _TOLERANCES,
    "predictions": {
        "late": "Late orders",
        "review": "Risky invoices",
        "demand": "Odd demand",
        "replenishment": "Quantities to order",
        "routing": "Team for a case",
    },
}
"""Names that mean something else in another section."""

_NAMES: Mapping[str, str] = {
    "upper_pct": "over, %",
    "upper_amount": "over, amount",
    "lower_pct": "under, %",
    "lower_amount": "under, amount",
    "touchless": "the program itself",
    "ap_clerk": "AP clerk",
    "ap_approver": "AP approver",
    "required": "must show",
    "checked": "must be sure where shown",
    "required_lines": "each line must show",
    "lines_required": "needs lines",
    "order_required": "needs an order",
    "error_pct": "wrong at most",
    "confidence_pct": "with confidence",
    "window_days": "over a window of",
    "sample_pct": "drawn at least",
    "owner": "whose case a broken one is",
    "basis": "thresholds come from",
    "exact_sources": "sources that need no threshold",
    "document_type": "kind of the paper",
    "document_types": "kinds of paper",
    "default": "other values",
    "line_default": "other values of lines",
    "fields": "values of the header",
    "line_fields": "values of lines",
    "share_pct": "share that is drawn",
    "max_pct": "share at most",
    "double_at": "share has doubled at",
    "seed": "seed of the draw",
    "use": "has a say",
    "late_probability": "held from",
    "review_probability": "held from",
    "recommend": "may recommend",
    "least_gain": "least gain of a recommendation",
    "tell_customer_probability": "telling the customer from",
    "hold_at": "held from",
    "future_days": "in the future at most",
    "before_order_days": "before the order at most",
    "max_age_days": "oldest paper",
    "terms_grace_days": "shorter terms by at most",
    "late_grace_days": "late delivery from",
    "receipt_days": "receipt belongs to a shipment within",
    "cool_off_days": "waits",
    "limit_of": "limit of",
    "smallest_pct": "smaller than this share of it do not count",
    "gross_pct": "totals differ at most",
    "days": "dates differ at most",
    "corrected_fields": "values",
    "codes": "controls",
    "kinds": "kinds of case",
    "supplier_ids": "suppliers",
    "legal_entities": "legal entities",
    "min_amount": "total from",
    "needs_role": "needs",
    "priority_factor": "urgency ×",
    "second_person": "second person",
    "roles": "roles",
    "order": "order they are tried in",
    "name": "Name of this policy",
    "receipt_required": "Goods must be received before they are paid",
    "charge_words": "Words that name a charge",
    "purchase_orders": "Orders to suppliers",
    "purchase_order_lines": "Lines of orders to suppliers",
    "sales_orders": "Customers' orders",
    "sales_order_lines": "Lines of customers' orders",
    "alerts": "alerts at most",
    "quiet_days": "no new case about the same for",
    "hourly_cost": "an hour of work costs",
    "handling_minutes": "a case takes, minutes",
    "horizon_days": "urgent when due within",
    "due_factor": "urgency on the due date ×",
    "overdue_factor": "urgency when overdue ×",
    "weights": "chance that money is lost unseen",
    "rates": "worth of a currency",
    "category": "categories",
    "location_id": "places",
    "holding_pct": "holding a unit for a year costs, of its cost",
    "short_pct": "being short of it for a day costs",
    "order_cost": "an order of one item costs",
    "most_days": "an order lasts at most",
    "valid_from": "from",
    "valid_to": "to",
}
_SAID: Mapping[str, str] = {
    "true": "yes",
    "false": "no",
    "ap_clerk": "AP clerk",
    "ap_approver": "AP approver",
    "touchless": "the program itself",
    "service_level": "as the service level implies",
    "cover_days": "as the days of cover imply",
    "promise": "the promise",
    "typed": "the numbers here",
}
_SHARES = ("probability", "least_gain", "hold_at", "service_level", "usable_share")
_NUMBERS_ARE_SHARES = ("confidence.", "priority.weights.")


def parts_of(key: str) -> list[str]:
    """The steps of a dotted key; a dot inside the name of a row is no step."""
    return _OUTSIDE_BRACKETS.split(key)


def row_of(part: str) -> tuple[str, str | None]:
    """A step's table, and the row of it that is meant: `routes[payables]` is a row of `routes`."""
    found = _ROW.fullmatch(part)
    return (part, None) if found is None else (found[1], found[2])


def section_of(key: str) -> str:
    """The section a setting is shown in."""
    parts = parts_of(key)
    table, _ = row_of(parts[0])
    return table if table in SECTIONS and (len(parts) > 1) else "general"


def name_of(part: str, section: str) -> str:
    """One step of a key in words; a row of a list is called what it is about."""
    table, row = row_of(part)
    if row is not None:
        return row if table in {"routes", "overrides", "planners", "budgets", "releases"} else f"{table} {row}"
    return _NAMES_IN.get(section, {}).get(part) or _NAMES.get(part) or field_label(part)


def label_of(key: str) -> str:
    """A setting in words, with its section: `How far figures may differ · Price of one unit · over, %`."""
    parts, section = parts_of(key), section_of(key)
    if section == "general":
        return " · ".join(name_of(part, section) for part in parts)
    inner = parts[1:] if row_of(parts[0])[1] is None else parts
    return " · ".join([SECTIONS[section][0], *(name_of(part, section) for part in inner)])


def said(key: str, value: str | None, reader: Reader) -> str:
    """What a setting says, as this reader writes numbers: `2 %`, `10 days`, `unlimited`, `yes`."""
    if value is None:
        return NOTHING
    leaf = parts_of(key)[-1]
    number = _number(value)
    if number is None:
        words = [_SAID.get(word, _words(key, word)) for word in value.split(", ")] if value else [NOTHING]
        return ", ".join(words)
    if leaf.endswith("_pct"):
        return f"{reader.number(number)}\u00a0%"
    if leaf.endswith(_SHARES) or (key.startswith(_NUMBERS_ARE_SHARES) and number <= 1):
        return f"{reader.number(number * 100)}\u00a0%"
    if leaf.endswith("days"):
        return f"{reader.number(number)}\u00a0{'day' if number == 1 else 'days'}"
    if section_of(key) == "freshness_hours":
        return f"{reader.number(number)}\u00a0h"
    return reader.number(number)


def _words(key: str, word: str) -> str:
    """A value that is a name of ours is written as words; codes, ids and what people wrote stay as they are."""
    leaf = parts_of(key)[-1]
    ours = {"required", "checked", "required_lines", "corrected_fields", "document_types", "feeds", "recommend"}
    return field_label(word) if leaf in ours else word


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
