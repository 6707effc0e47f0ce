"""What became of one paper, or of one subject of planning, as far as the figures need it. Pure; kept as text."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from core.canonical import parse_json
from core.record_codec import Decode, Encode, decoder, encoder

PAPER_KINDS = ("invoice", "shipment", "other")
"""Kinds of subjects that are papers; `promise` cases hang on papers and are about no paper of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCase:
    """One case as far as the figures need it.

    Attributes:
        priority: expected loss in ten-thousandths of the house currency, the order of the queue.
        started_at: when a person first did anything with it, a claim included.
        approved_at: the first of two approvals, while it stands.
        by_person: whether a person ended it; a correction that clears a case is not counted as a decision.
        overridden: codes in spite of which it was approved; `over_block` where one of them blocked.
        acts: what people did with it, claims and releases not counted; `people`: how many of them.
        wrong: what a blind check found; None where it was none, or is not known.
    """

    case_id: str
    kind: str
    queue: str
    outcome: str
    codes: tuple[str, ...]
    opened_at: datetime
    priority: int
    at_risk: Decimal = Decimal(0)
    currency: str | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    approved_at: datetime | None = None
    ended_at: datetime | None = None
    resolution: str | None = None
    by_person: bool = False
    overridden: tuple[str, ...] = ()
    over_block: bool = False
    acts: int = 0
    claims: int = 0
    people: int = 0
    wrong: bool | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A paper, or a subject of planning, with all its cases.

    Attributes:
        subject: as the audit names it: `document:doc_…`, `sales_order:O17`.
        kind: of its newest decision; of planning, as its cases name it.
        supplier, site, legal_entity: empty where unknown, or where it is about several.
        outcome, decided_at: its first decision; None of what is no paper.
        orders: numbers of the purchase orders it names.
        discount_until, discount_amount: the last day of an early-payment discount, and its worth in `currency`.
    """

    subject: str
    kind: str
    supplier: str = ""
    site: str = ""
    legal_entity: str = ""
    received_at: datetime | None = None
    read_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: str | None = None
    cases: tuple[ItemCase, ...] = ()
    orders: tuple[str, ...] = ()
    currency: str | None = None
    discount_until: date | None = None
    discount_amount: Decimal | None = None


def item_to_text(item: Item) -> str:
    """An item as canonical JSON."""
    return _encoder()(item)


def item_from_text(text: str) -> Item:
    """Reads back what `item_to_text` wrote."""
    item: Item = _decoder()(parse_json(text))
    return item


@cache
def _encoder() -> Encode:
    return encoder(Item)


@cache
def _decoder() -> Decode:
    return decoder(Item)
