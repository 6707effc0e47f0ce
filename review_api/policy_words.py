"""The words of the trade for the keys of a policy: what a section is about, what a setting is called, what it says."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from core.texts import N_
from review_api.presenting import NOTHING, Reader
from review_api.words import KIND_WORDS, OUTCOME_SIGNS, ROLE_WORDS, field_label, kind_word, outcome_word

_OUTSIDE_BRACKETS = re.compile(r"\.(?![^\[]*\])")
_BY_CURRENCY = re.compile(r"(otherwise )?(unlimited|\d+(?:\.\d+)?)(?: ([A-Z]{3}))?")
_ROW = re.compile(r"([^\[]+)\[(.*)\]")

SECTIONS: Mapping[str, tuple[str, str]] = {
    "tolerances": (
        N_("How far figures may differ"),
        N_(
            "The tighter of percentage and amount decides; 0 allows nothing; an amount without a currency holds in all."
        ),
    ),
    "overrides": (
        N_("Exceptions by item, supplier and legal entity"),
        N_("The most specific wins: item and supplier, item, supplier, legal entity."),
    ),
    "approval_limits": (
        N_("Who may approve how much"),
        N_("The highest total of one paper. What the program may clear without a person has a limit too."),
    ),
    "four_eyes": (
        N_("Where a second person looks"),
        N_("Who changed one of these values of a held paper does not approve it."),
    ),
    "releases": (N_("Who releases what some controls hold"), N_("Instead of whom the catalogue of controls names.")),
    "routes": (N_("Which team gets a case"), N_("The first route whose conditions all fit.")),
    "escalations": (
        N_("What is handed on by itself"),
        N_("Every timer that fits, each once a case; what somebody works on is left to them."),
    ),
    "promises": (
        N_("What is promised of papers that clear"),
        N_("Of the papers that clear by themselves no more than this share is wrong."),
    ),
    "confidence": (N_("How sure a value must be"), N_("A number is the least confidence a value is relied on with.")),
    "sampling": (
        N_("Blind checks"),
        N_("A share of what would clear is looked at all the same; the larger the amount, the more."),
    ),
    "freshness_hours": (
        N_("How fresh the feeds must be"),
        N_("A decision that needs an older feed holds and says so."),
    ),
    "predictions": (N_("Predictions"), N_("A model can only have something looked at; it never clears anything.")),
    "models": (N_("Other models"), N_("The probability at which a person looks.")),
    "documents": (N_("What papers must show"), N_("A value that is missing or unsure holds the paper.")),
    "dates": (N_("Dates"), ""),
    "bank_changes": (N_("New bank accounts"), N_("Nothing is paid to an account that changed within these days.")),
    "split": (N_("Split orders and invoices"), N_("Papers of one supplier that only together exceed a limit.")),
    "duplicates": (N_("Duplicates"), N_("Papers this close are looked at as one that came twice.")),
    "deciding": (
        N_("Deciding"),
        N_("Until a case cannot be taken back any more, other programs are told nothing of its end."),
    ),
    "planning": (N_("Cases of planners"), ""),
    "orders": (N_("What a customer may be promised"), ""),
    "replenishment": (N_("What may be ordered from suppliers"), ""),
    "priority": (N_("What waiting costs"), N_("The order of the queue; never a decision.")),
    "vat_rates": (N_("VAT rates"), ""),
    "statuses": (N_("The ERP's own words"), ""),
    "general": (N_("Everything else"), ""),
}
"""Title and note of each section, in the order they are shown; `general` takes what stands in no table."""

COLLAPSED = frozenset({"vat_rates", "statuses", "documents", "general"})

_TOLERANCES: Mapping[str, str] = {
    "price_unit": N_("Price of one unit"),
    "price_total": N_("Price of an order line"),
    "quantity": N_("Quantity billed over received"),
    "not_received": N_("Billed and not received at all"),
    "overbilled": N_("Billed over ordered"),
    "small_difference": N_("Whole invoice against the order"),
    "charge": N_("Charges not on the order"),
    "ship_over": N_("Shipped over ordered"),
    "ship_short": N_("Shipped short of ordered"),
    "ship_receipt": N_("Received against shipped"),
}
_NAMES_IN: Mapping[str, Mapping[str, str]] = {
    "tolerances": _TOLERANCES,
    "overrides": _TOLERANCES,
    "predictions": {
        "late": N_("Late orders"),
        "review": N_("Risky invoices"),
        "demand": N_("Odd demand"),
        "replenishment": N_("Quantities to order"),
        "routing": N_("Team for a case"),
    },
}
"""Names that mean something else in another section."""

_NAMES: Mapping[str, str] = {
    "upper_pct": N_("over, %"),
    "upper_amount": N_("over, amount"),
    "lower_pct": N_("under, %"),
    "lower_amount": N_("under, amount"),
    "touchless": N_("the program itself"),
    "required": N_("must show"),
    "checked": N_("must be sure where shown"),
    "required_lines": N_("each line must show"),
    "lines_required": N_("needs lines"),
    "order_required": N_("needs an order"),
    "error_pct": N_("wrong at most"),
    "confidence_pct": N_("with confidence"),
    "window_days": N_("over a window of"),
    "sample_pct": N_("drawn at least"),
    "owner": N_("whose case a broken one is"),
    "basis": N_("thresholds come from"),
    "exact_sources": N_("sources that need no threshold"),
    "document_type": N_("kind of the paper"),
    "document_types": N_("kinds of paper"),
    "default": N_("other values"),
    "line_default": N_("other values of lines"),
    "fields": N_("values of the header"),
    "line_fields": N_("values of lines"),
    "share_pct": N_("share that is drawn"),
    "max_pct": N_("share at most"),
    "double_at": N_("share has doubled at"),
    "seed": N_("seed of the draw"),
    "use": N_("has a say"),
    "late_probability": N_("held from"),
    "review_probability": N_("held from"),
    "recommend": N_("may recommend"),
    "least_gain": N_("least gain of a recommendation"),
    "tell_customer_probability": N_("telling the customer from"),
    "hold_at": N_("held from"),
    "future_days": N_("in the future at most"),
    "before_order_days": N_("before the order at most"),
    "max_age_days": N_("oldest paper"),
    "terms_grace_days": N_("shorter terms by at most"),
    "late_grace_days": N_("late delivery from"),
    "receipt_days": N_("receipt belongs to a shipment within"),
    "cool_off_days": N_("waits"),
    "limit_of": N_("limit of"),
    "smallest_pct": N_("smaller than this share of it do not count"),
    "gross_pct": N_("totals differ at most"),
    "days": N_("dates differ at most"),
    "corrected_fields": N_("values"),
    "codes": N_("controls"),
    "kinds": N_("kinds of case"),
    "supplier_ids": N_("suppliers"),
    "legal_entities": N_("legal entities"),
    "min_amount": N_("total from"),
    "needs_role": N_("needs"),
    "priority_factor": N_("urgency ×"),
    "second_person": N_("second person"),
    "roles": N_("roles"),
    "order": N_("order they are tried in"),
    "name": N_("Name of this policy"),
    "receipt_required": N_("Goods must be received before they are paid"),
    "charge_words": N_("Words that name a charge"),
    "purchase_orders": N_("Orders to suppliers"),
    "purchase_order_lines": N_("Lines of orders to suppliers"),
    "sales_orders": N_("Customers' orders"),
    "sales_order_lines": N_("Lines of customers' orders"),
    "alerts": N_("alerts at most"),
    "quiet_days": N_("no new case about the same for"),
    "hourly_cost": N_("an hour of work costs"),
    "handling_minutes": N_("a case takes"),
    "horizon_days": N_("urgent when due within"),
    "due_factor": N_("urgency on the due date ×"),
    "overdue_factor": N_("urgency when overdue ×"),
    "weights": N_("chance that money is lost unseen"),
    "rates": N_("worth of a currency"),
    "category": N_("categories"),
    "location_id": N_("places"),
    "holding_pct": N_("holding a unit for a year costs, of its cost"),
    "short_pct": N_("being short of it for a day costs"),
    "order_cost": N_("an order of one item costs"),
    "most_days": N_("an order lasts at most"),
    "amount": N_("amount at most"),
    "cut_off": N_("Cut-off"),
    "days_before": N_("working days before the promise"),
    "feeds": N_("feeds it needs"),
    "from_country": N_("from country"),
    "from_region": N_("from region"),
    "to_country": N_("to country"),
    "to_region": N_("to region"),
    "service": N_("service"),
    "goods_receipts": N_("Goods receipts"),
    "house_currency": N_("currency of the house"),
    "currency": N_("currency"),
    "invoice_reversed": N_("reversed invoice"),
    "item_active": N_("active item"),
    "item_ended": N_("ended item"),
    "items": N_("Items"),
    "lead_time_days_if_missing": N_("lead time where none is known, days"),
    "open_orders": N_("orders placed earlier"),
    "order_closed": N_("closed order"),
    "order_open": N_("open order"),
    "order_void": N_("void order"),
    "overdue_days": N_("late goods still come for"),
    "pack_rounding": N_("whole packs"),
    "period": N_("in one"),
    "planners": N_("Planners"),
    "posted_invoices": N_("Posted invoices"),
    "queue": N_("queue"),
    "receiving_days": N_("goods can be promised after"),
    "required_master": N_("an item must have"),
    "rule": N_("Today's rule"),
    "safety": N_("safety stock by"),
    "safety_days": N_("safety stock, days"),
    "service_level": N_("service level"),
    "shipments": N_("Shipments"),
    "ships_from": N_("ships from"),
    "stock_levels": N_("Stock levels"),
    "supplier_active": N_("active supplier"),
    "supplier_blocked": N_("blocked supplier"),
    "suppliers": N_("Suppliers"),
    "time": N_("time of day"),
    "time_zone": N_("time zone"),
    "usable_share": N_("sells within this share of its life"),
    "waiting_days": N_("an order still waits for"),
    "working_days": N_("working days"),
    "cover_days": N_("covers"),
    "when": N_("counts from"),
    "after_hours": N_("waits at most"),
    "to_role": N_("goes to the role"),
    "to_queue": N_("goes to the queue"),
    "outcomes": N_("outcomes"),
    "queues": N_("queues"),
    "approval_limits": N_("may approve"),
    "tolerances": N_("Tolerances"),
    "undo_minutes": N_("may be taken back for"),
    "answer_days": N_("an answer is waited for"),
    "second_review_pct": N_("sampled cases a second person checks blind"),
    "valid_from": N_("from"),
    "valid_to": N_("to"),
}
_SAID: Mapping[str, str] = {
    "true": N_("yes"),
    "false": N_("no"),
    "unlimited": N_("unlimited"),
    "anyone": N_("anyone"),
    **ROLE_WORDS,
    "touchless": N_("the program itself"),
    "service_level": N_("as the service level implies"),
    "cover_days": N_("as the days of cover imply"),
    "promise": N_("the promise"),
    "typed": N_("the numbers here"),
}
_NAMED_ROWS = frozenset({"routes", "overrides", "planners", "budgets", "releases", "escalations"})
_OURS = frozenset({"required", "checked", "required_lines", "corrected_fields", "feeds", "recommend"})
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


def name_of(part: str, section: str, reader: Reader) -> str:
    """One step of a key in words; a row of a list is called what it is about."""
    table, row = row_of(part)
    if row is not None:
        return row if table in _NAMED_ROWS else f"{table} {row}"
    return reader.say(_NAMES_IN.get(section, {}).get(part) or _NAMES.get(part) or _code_word(part))


def label_of(key: str, reader: Reader) -> str:
    """A setting in words, with its section: `How far figures may differ · Price of one unit · over, %`."""
    parts, section = parts_of(key), section_of(key)
    if section == "general":
        return " · ".join(name_of(part, section, reader) for part in parts)
    inner = parts[1:] if row_of(parts[0])[1] is None else parts
    return " · ".join([reader.say(SECTIONS[section][0]), *(name_of(part, section, reader) for part in inner)])


def said(key: str, value: str | None, reader: Reader) -> str:
    """What a setting says, as this reader writes numbers: `2 %`, `10 days`, `unlimited`, `yes`."""
    if value is None:
        return NOTHING
    leaf, number = parts_of(key)[-1], _number(value)
    if number is None:
        return ", ".join(_word(leaf, word, reader) for word in value.split(", ")) if value else NOTHING
    if leaf.endswith("_pct"):
        return f"{reader.number(number)}\u00a0%"
    if leaf.endswith(_SHARES) or (key.startswith(_NUMBERS_ARE_SHARES) and number <= 1):
        return f"{reader.number(number * 100)}\u00a0%"
    if leaf.endswith("days"):
        return reader.say_count("%(number)s day", "%(number)s days", int(number), number=reader.number(number))
    if leaf.endswith("_minutes"):
        return f"{reader.number(number)}\u00a0min"
    if section_of(key) == "freshness_hours" or leaf.endswith("hours"):
        return f"{reader.number(number)}\u00a0h"
    return reader.number(number)


def _word(leaf: str, word: str, reader: Reader) -> str:
    """A value that is a name of ours is written as words; codes, ids and what people wrote stay as they are."""
    if word in _SAID:
        return reader.say(_SAID[word])
    amount = _BY_CURRENCY.fullmatch(word)
    if amount and (amount[1] or amount[3]):
        said_amount = reader.say(_SAID["unlimited"]) if amount[2] == "unlimited" else reader.number(Decimal(amount[2]))
        return " ".join([*([reader.say("otherwise")] if amount[1] else []), said_amount, *filter(None, [amount[3]])])
    if leaf in {"document_types", "kinds"}:
        return reader.say(kind_word(word))
    return reader.say(_NAMES.get(word) or field_label(word)) if leaf in _OURS else word


def _code_word(part: str) -> str:
    """A kind of paper, an outcome or a role in words; anything else is a field, or said as it is written."""
    if part in KIND_WORDS:
        return KIND_WORDS[part]
    if part in OUTCOME_SIGNS:
        return outcome_word(part)
    return ROLE_WORDS.get(part) or field_label(part)


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
