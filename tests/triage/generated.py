"""Generates a supplier's orders, receipts, history and the paper that bills them, right and wrong in every way."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from core.documents import DocumentType
from core.erp import ErpBlock, FeedFreshness, GoodsReceipt, Item, PostedInvoice, PurchaseOrderLine
from core.money import round_amount
from tests.triage.builders import (
    AS_OF,
    FEEDS,
    IBAN,
    OTHER_IBAN,
    OTHER_VAT_ID,
    PO,
    VAT_ID,
    credit_note,
    delivery_note,
    facts,
    item,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    supplier,
)
from tests.triage.draws import Draws
from triage.facts import (
    BilledHeader,
    BilledLine,
    Facts,
    KnownInvoice,
    KnownShipment,
    Paper,
    PaperLine,
    RecentInvoice,
    RecentOrder,
    ShippedLine,
)
from triage.policy import ModelRules, Policy, Tolerance, ToleranceName

TOLERANCES: tuple[ToleranceName, ...] = tuple(policy().tolerances)
OTHER = "77"

_BYTES = 360
_POLICIES = 256
_NUMBERS = ("R-8812", "R-8821", "R8812", "R-88I2", "R-8812A", "X-1")
_TOTALS = (Decimal("470.05"), Decimal("470.00"), Decimal(-470), Decimal("12.34"))
_RATES = (Decimal(19), Decimal(7), Decimal(0))
_UNITS = ("pcs", "pcs", "pcs", "pcs", "CT", "KGM", "H87", "Gbd", "C62", "BX", None)
_PRICES = ("3", "4", "5", "3.333", "0", "47.40", "999999999999.99")
_MODELS: tuple[tuple[str, ...], ...] = ((), (), ("review",), ("fraud",), ("fraud", "review"))
_SHIPMENTS = ("doc_s0", "doc_s1", "doc_s2")
_KINDS = (*[DocumentType.INVOICE] * 5, *DocumentType)
# One company under another number, and another one of the same name.
_RELATED = (supplier(supplier_id="S2", name="Einkauf Drei"), supplier(supplier_id="S3", vat_id=None, iban=None))
_BLOCK = ErpBlock(document_ref=PO, reason="budget", blocked_at=AS_OF - timedelta(days=1))
_SUPPLIERS = (supplier(), supplier(), supplier(), None, supplier(status="blocked"), supplier(iban=None))


@dataclass(frozen=True, kw_only=True)
class World:
    """A situation, a policy, and draws for whatever else a law asks for."""

    here: Facts
    rules: Policy
    draws: Draws


def worlds(*, kind: DocumentType | None = None) -> st.SearchStrategy[World]:
    """Whole situations under whole policies."""
    return st.binary(min_size=_BYTES, max_size=_BYTES).map(lambda data: _world(Draws(data), kind))


def draws(size: int = _BYTES) -> st.SearchStrategy[Draws]:
    """Choices alone."""
    return st.binary(min_size=size, max_size=size).map(Draws)


def _world(chosen: Draws, kind: DocumentType | None) -> World:
    return World(rules=a_policy(chosen), here=a_situation(chosen, kind), draws=chosen)


def a_situation(chosen: Draws, kind: DocumentType | None = None) -> Facts:
    """A paper, its orders, what was received and billed before, and history."""
    order_lines = _ordered(chosen)
    lines = [_paper_line(chosen, order_lines) for _ in range(chosen.number(0, 5))]
    lines += [_beside(chosen)] if chosen.rarely() else []
    po_numbers = (PO, PO, PO, OTHER)
    return facts(
        _paper(chosen, [replace(line, index=index) for index, line in enumerate(lines, start=1)], kind),
        supplier=chosen.one(_SUPPLIERS),
        orders=(order(), order(po_number=OTHER, supplier_id=chosen.of("S1", "S2"), currency=chosen.of("EUR", "CHF"))),
        order_lines=order_lines,
        items=_items(chosen, order_lines),
        receipts=_receipts(chosen, order_lines),
        billed=_billed(chosen, order_lines),
        billed_headers=tuple(_billed_header(chosen, at, chosen.one(po_numbers)) for at in range(chosen.of(0, 1, 2))),
        posted=tuple(_posted(chosen) for _ in range(chosen.of(0, 0, 1, 2, 3))),
        known=tuple(_known(chosen, name) for name in ("doc_b0", "doc_b1", "doc_7") if chosen.rarely()),
        feeds=tuple(
            FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=720 if chosen.rarely() else 1))
            for name in (FEEDS[1:] if chosen.rarely() else FEEDS)
        ),
        erp_blocks=(_BLOCK,) if chosen.rarely() else (),
        related=_RELATED,
        iban_changed_at=chosen.of(None, None, None, AS_OF - timedelta(days=1), AS_OF - timedelta(days=200)),
        recent_invoices=tuple(_recent_invoice(chosen) for _ in range(chosen.of(0, 0, 1, 3))),
        recent_orders=tuple(
            _recent_order(chosen, number) for number in (PO, OTHER, "78", "79")[: chosen.of(0, 0, 2, 4)]
        ),
        known_shipments=tuple(_known_shipment(chosen, name) for name in _SHIPMENTS if chosen.rarely()),
        shipped=tuple(_shipped(chosen, name, order_lines) for name in _SHIPMENTS[: chosen.of(0, 0, 2, 3)]),
    )


def a_policy(chosen: Draws) -> Policy:
    """One of some hundred policies, the plainest first: the hash of a policy costs more than a decision under it."""
    return _policy_numbered(chosen.number(0, _POLICIES - 1))


@cache
def _policy_numbered(number: int) -> Policy:
    """The default policy with every tolerance chosen anew, the limit of what clears by itself, and models."""
    chosen = Draws(Random(number).randbytes(_BYTES) if number else b"")
    tolerances = {name: chosen.one(_SOME_TOLERANCES) for name in TOLERANCES}
    models = {name: ModelRules(hold_at=Decimal(chosen.number(0, 100)) / 100) for name in chosen.one(_MODELS)}
    touchless = {"other": chosen.of(None, Decimal(300), Decimal(50_000))}
    return policy().model_copy(
        update={
            "tolerances": tolerances,
            "models": models,
            "approval_limits": {**policy().approval_limits, "touchless": touchless},
        }
    )


def _ordered(chosen: Draws) -> tuple[PurchaseOrderLine, ...]:
    count = chosen.number(1, 4)
    return tuple(
        order_line(
            number,
            chosen.number(1, 60),
            chosen.one(_PRICES),
            po_number=OTHER if chosen.rarely() else PO,
            unit=chosen.one(_UNITS),
            tax_rate=chosen.of(*_RATES, None),
            promised_at=chosen.of(None, AS_OF - timedelta(days=9), AS_OF),
        )
        for number in range(1, count + 1)
    )


def _items(chosen: Draws, order_lines: tuple[PurchaseOrderLine, ...]) -> tuple[Item, ...]:
    return tuple(
        item(int(line.line_number), case_pack=chosen.of(None, Decimal(12), Decimal(6), Decimal(1)))
        for line in order_lines
    )


def _paper_line(chosen: Draws, order_lines: tuple[PurchaseOrderLine, ...]) -> PaperLine:
    """A line that bills an order line, or one nobody placed, at nearly its price."""
    ours = chosen.one((*order_lines, order_line(len(order_lines) + 1)))
    quantity = chosen.of(ours.quantity, chosen.decimal(0, 60), Decimal(-5), Decimal("2.5"))
    unit_price = ours.unit_price + chosen.of(0, 0, 0, 1, 10, -10, 50) / Decimal(100)
    off = chosen.of(0, 0, 0, 1, 500, -300) / Decimal(100)
    line = replace(
        paper_line(int(ours.line_number), tax_rate=chosen.one(_RATES)),
        quantity=quantity,
        unit=chosen.of(ours.unit, ours.unit, chosen.one(_UNITS)),
        unit_price=unit_price,
        line_net_amount=round_amount(quantity * unit_price, "EUR") + off,
        purchase_order_line=chosen.of(None, ours.line_number),
        purchase_order_reference=chosen.of(None, None, None, ours.po_number),
        seller_item_id=chosen.of(f"NL{int(ours.line_number):04}", None),
    )
    if chosen.rarely():
        missing: dict[str, Any] = {chosen.of("quantity", "unit_price", "line_net_amount"): None}
        line = replace(line, **missing)
    return line


def _beside(chosen: Draws) -> PaperLine:
    """A charge or a deposit, billed or deducted."""
    what = chosen.of("Fracht", "Anzahlung", "abzüglich Anzahlung")
    amount = chosen.of("15", "100", "-100", "0.5")
    return paper_line(9, 1, amount, description=what, seller_item_id=None, unit=None)


def _paper(chosen: Draws, lines: list[PaperLine], kind: DocumentType | None) -> Paper:
    what = kind or chosen.one(_KINDS)
    build = {DocumentType.CREDIT_NOTE: credit_note, DocumentType.DELIVERY_NOTE: delivery_note}.get(what, paper)
    return replace(
        build(lines),
        document_type=what,
        invoice_number=chosen.one(_NUMBERS),
        issue_date=AS_OF.date() - timedelta(days=chosen.number(-3, 30)),
        due_date=chosen.of(None, date(2026, 12, 1)),
        delivery_date=chosen.of(None, date(2026, 11, 16), date(2020, 8, 3)),
        despatch_date=_a_day(chosen),
        payment_terms=chosen.of(None, "14 days net", "2 % 10 days, 30 days net"),
        buyer_vat_id=chosen.of(None, VAT_ID, "FR83404833048"),
        payment_iban=chosen.of(IBAN, IBAN, None, OTHER_IBAN),
        seller_vat_id=chosen.of(VAT_ID, VAT_ID, None, OTHER_VAT_ID),
        purchase_order_references=chosen.of((PO,), (PO,), (PO,), (PO, OTHER), (), ("999",)),
        currency=chosen.of("EUR", "EUR", "EUR", "EUR", "CHF", None),
        total_charges=chosen.of(None, None, None, None, Decimal(12)),
        prepaid_amount=chosen.of(None, None, None, None, Decimal("47.60")),
    )


def _receipts(chosen: Draws, order_lines: tuple[PurchaseOrderLine, ...]) -> tuple[GoodsReceipt, ...]:
    found = []
    for at in range(chosen.number(0, 6)):
        line = chosen.one(order_lines)
        quantity = chosen.of(line.quantity, chosen.decimal(-5, 60))
        found.append(receipt(int(line.line_number), str(quantity), receipt_id=f"GR-{at}", po_number=line.po_number))
    return tuple(found)


def _billed(chosen: Draws, order_lines: tuple[PurchaseOrderLine, ...]) -> tuple[BilledLine, ...]:
    found = []
    for at in range(chosen.of(0, 0, 1, 2, 3)):
        line, quantity = chosen.one(order_lines), chosen.decimal(-3, 30)
        found.append(
            BilledLine(
                document_id=f"doc_b{at}",
                po_number=line.po_number,
                line_number=line.line_number,
                quantity=quantity,
                net_amount=quantity * line.unit_price + Decimal(chosen.number(-50, 50)) / 100,
            )
        )
    return tuple(found)


def _billed_header(chosen: Draws, at: int, po_number: str) -> BilledHeader:
    net = chosen.decimal(-50, 200)
    balance = Decimal(chosen.number(-300, 300)) / 100
    return BilledHeader(
        document_id=f"doc_b{at}",
        po_number=po_number,
        net_amount=net,
        ordered_amount=net - balance,
        balance_amount=balance,
        charge_amount=chosen.of(Decimal(0), Decimal(9), Decimal(-5)),
        deposit_amount=chosen.of(Decimal(0), Decimal(0), Decimal(40), Decimal(-40)),
    )


def _posted(chosen: Draws) -> PostedInvoice:
    return PostedInvoice(
        supplier_id=chosen.of("S1", "S1", "S1", "S2", "S3"),
        invoice_number=chosen.one(_NUMBERS),
        invoice_date=date(2026, 11, chosen.number(1, 20)),
        total_with_vat=chosen.one(_TOTALS),
        currency=chosen.of("EUR", "EUR", "CHF"),
        po_number=chosen.of(None, PO),
        status=chosen.of(None, "paid", "reversed"),
    )


def _known(chosen: Draws, document_id: str) -> KnownInvoice:
    return KnownInvoice(
        document_id=document_id,
        sha256=chosen.of("00" * 32, "ab" * 32),
        supplier_id=chosen.of("S1", "S1", "S1", "S2", ""),
        invoice_number=chosen.one(_NUMBERS),
        issue_date=chosen.of(None, date(2026, 11, chosen.number(1, 20))),
        total_with_vat=chosen.one(_TOTALS),
        currency="EUR",
    )


def _recent_invoice(chosen: Draws) -> RecentInvoice:
    return RecentInvoice(
        key=chosen.of("posted_invoice:S1/R-1", "known_invoice:doc_7", "known_invoice:doc_8"),
        invoice_number=chosen.one(_NUMBERS),
        issue_date=date(2026, 10, 20) + timedelta(days=chosen.number(0, 37)),
        total_with_vat=chosen.of(Decimal(100), Decimal(200), Decimal(280), Decimal(40_000)),
        currency=chosen.of("EUR", "EUR", "CHF"),
        status=chosen.of(None, "paid", "reversed"),
    )


def _recent_order(chosen: Draws, po_number: str) -> RecentOrder:
    return RecentOrder(
        po_number=po_number,
        supplier_id=chosen.of("S1", "S1", "S2"),
        ordered_at=AS_OF - timedelta(days=chosen.number(17, 25)),
        total_amount=chosen.of(Decimal(100), Decimal(200), Decimal(280), Decimal(40_000)),
        currency=chosen.of("EUR", "EUR", "CHF"),
        status=chosen.of(None, "open", "cancelled"),
        buyer=chosen.of(None, "b1", "b1", "b2"),
    )


def _a_day(chosen: Draws) -> date | None:
    return chosen.of(None, date(2026, 11, chosen.number(10, 25)))


def _known_shipment(chosen: Draws, document_id: str) -> KnownShipment:
    return KnownShipment(
        document_id=document_id,
        sha256=chosen.of("00" * 32, "00" * 32, "cd" * 32),
        document_type=chosen.of(DocumentType.DELIVERY_NOTE, DocumentType.DELIVERY_NOTE, DocumentType.PACKING_LIST),
        supplier_id=chosen.of("S1", None, "S2"),
        shipment_number=chosen.of("LS-1", None, "LS-2"),
        shipped_on=_a_day(chosen),
    )


def _shipped(chosen: Draws, document_id: str, order_lines: tuple[PurchaseOrderLine, ...]) -> ShippedLine:
    line = chosen.one(order_lines)
    return ShippedLine(
        document_id=document_id,
        po_number=line.po_number,
        line_number=line.line_number,
        quantity=chosen.decimal(0, 60),
    )


def tolerance_pair(chosen: Draws) -> tuple[Tolerance, Tolerance]:
    """A tolerance, and one that is nowhere tighter."""
    narrow, wide = {}, {}
    for side in ("upper_pct", "upper_amount", "lower_pct", "lower_amount"):
        narrow[side] = chosen.of(None, Decimal(0), chosen.decimal(0, 30))
        limit = narrow[side]
        wide[side] = None if limit is None else chosen.of(None, limit, limit + chosen.decimal(0, 30))
    if narrow["upper_pct"] is None and narrow["upper_amount"] is None:
        narrow["upper_amount"] = chosen.decimal(0, 30)
    if wide["upper_pct"] is None and wide["upper_amount"] is None:
        wide["upper_amount"] = Decimal(10) ** 30
    return _tolerance(narrow), _tolerance(wide)


def _tolerance(limit: dict[str, Decimal | None]) -> Tolerance:
    return Tolerance(
        upper_pct=limit["upper_pct"],
        upper_amount={"other": limit["upper_amount"]},
        lower_pct=limit["lower_pct"],
        lower_amount={"other": limit["lower_amount"]},
    )


_LIMITS = (None, Decimal(0), Decimal(2), Decimal(25))
_SOME_TOLERANCES = tuple(
    _tolerance({"upper_pct": pct, "upper_amount": amount, "lower_pct": lower, "lower_amount": None})
    for pct in _LIMITS
    for amount in _LIMITS
    for lower in _LIMITS[:3]
    if pct is not None or amount is not None
)
