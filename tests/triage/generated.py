"""Generates a supplier's orders, receipts, history and the paper that bills them, right and wrong in every way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from core.documents import DocumentType
from core.erp import ErpBlock, FeedFreshness, PostedInvoice
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
from triage.facts import (
    BilledLine,
    Facts,
    KnownInvoice,
    KnownShipment,
    PaperLine,
    RecentInvoice,
    RecentOrder,
    ShippedLine,
)
from triage.policy import ModelRules, Policy, Tolerance, ToleranceName

TOLERANCES: tuple[ToleranceName, ...] = tuple(policy().tolerances)

cents = st.integers(0, 30_000).map(lambda value: Decimal(value) / 100)
quantities = st.integers(0, 60).map(Decimal)
rates = st.sampled_from([Decimal(0), Decimal(7), Decimal(19)])
numbers = st.sampled_from(["R-8812", "R-8821", "R8812", "R-88I2", "R-8812A", "X-1"])
totals = st.sampled_from([Decimal("470.05"), Decimal("470.00"), Decimal(-470), Decimal("12.34")])


@st.composite
def paper_lines(draw: st.DrawFn, count: int) -> PaperLine:
    """A line that bills one of `count` order lines, or none, at nearly its price."""
    number = draw(st.integers(1, count + 1))
    unit_price = Decimal(2 + number) + draw(st.sampled_from([0, 0, 0, 1, 10, -10, 50])) / Decimal(100)
    line = paper_line(number, str(draw(st.integers(0, 60))), str(unit_price), tax_rate=draw(rates))
    off = draw(st.sampled_from([0, 0, 0, 1, 500, -300])) / Decimal(100)
    changes: dict[str, object] = {"line_net_amount": (line.line_net_amount or Decimal(0)) + off}
    if draw(st.booleans()):
        changes |= {"purchase_order_line": str(number)}
    if draw(st.booleans()):
        changes |= {"seller_item_id": None}
    if draw(st.integers(0, 9)) == 0:
        changes |= {draw(st.sampled_from(["quantity", "unit_price", "line_net_amount"])): None}
    return replace(line, **changes)  # type: ignore[arg-type]


@st.composite
def situations(draw: st.DrawFn, *, kind: DocumentType | None = None) -> Facts:
    """A whole situation."""
    count = draw(st.integers(1, 4))
    drawn = draw(st.lists(paper_lines(count), min_size=0, max_size=5))
    lines = tuple(replace(line, index=index) for index, line in enumerate(drawn, start=1))
    orders = tuple(
        order_line(
            number,
            str(draw(st.integers(1, 60))),
            str(2 + number),
            tax_rate=draw(rates | st.none()),
            promised_at=draw(st.sampled_from([None, AS_OF - timedelta(days=9), AS_OF])),
        )
        for number in range(1, count + 1)
    )
    header: dict[str, object] = {
        "invoice_number": draw(numbers),
        "issue_date": AS_OF.date() + timedelta(days=draw(st.integers(-30, 3))),
        "due_date": draw(st.none() | st.just(date(2026, 12, 1))),
        "delivery_date": draw(st.none() | st.sampled_from([date(2020, 8, 3), date(2026, 11, 16)])),
        "despatch_date": draw(_days),
        "payment_terms": draw(st.sampled_from([None, "14 days net", "2 % 10 days, 30 days net"])),
        "buyer_vat_id": draw(st.sampled_from([None, VAT_ID, "FR83404833048"])),
        "payment_iban": draw(st.sampled_from([None, IBAN, IBAN, OTHER_IBAN])),
        "seller_vat_id": draw(st.sampled_from([None, VAT_ID, VAT_ID, OTHER_VAT_ID])),
        "purchase_order_references": draw(st.sampled_from([(PO,), (PO,), (PO,), (), (PO, "77"), ("999",)])),
        "currency": draw(st.sampled_from(["EUR", "EUR", "EUR", "CHF", None])),
    }
    what = kind or draw(st.sampled_from([DocumentType.INVOICE] * 4 + list(DocumentType)))
    the_paper = {DocumentType.CREDIT_NOTE: credit_note, DocumentType.DELIVERY_NOTE: delivery_note}.get(what, paper)(
        lines
    )
    return facts(
        replace(the_paper, document_type=what, **header),  # type: ignore[arg-type]
        supplier=draw(st.sampled_from([supplier(), supplier(), None, supplier(status="blocked"), supplier(iban=None)])),
        orders=(order(), order(po_number="77", supplier_id=draw(st.sampled_from(["S1", "S2"])))),
        order_lines=orders,
        items=tuple(item(number) for number in range(1, count + 1)),
        receipts=tuple(draw(_receipts(count))),
        billed=tuple(draw(_billed(count))),
        posted=tuple(draw(st.lists(_posted(), max_size=3))),
        known=tuple(draw(st.lists(_known(), max_size=2, unique_by=lambda at: at.document_id))),
        feeds=tuple(FeedFreshness(feed=name, loaded_at=AS_OF - draw(_ages)) for name in draw(_feed_names)),
        erp_blocks=draw(st.sampled_from([(), (), (), (_BLOCK,)])),
        iban_changed_at=draw(_changes),
        recent_invoices=tuple(draw(st.lists(_recent_invoices, max_size=4))),
        recent_orders=tuple(draw(st.lists(_recent_orders, max_size=4, unique_by=lambda at: at.po_number))),
        known_shipments=tuple(draw(st.lists(_known_shipments, max_size=3, unique_by=lambda at: at.document_id))),
        shipped=tuple(draw(_shipped(count))),
    )


_changes = st.sampled_from([None, None, None, AS_OF - timedelta(days=1), AS_OF - timedelta(days=200)])
_recent_invoices = st.builds(
    RecentInvoice,
    key=st.sampled_from(["posted_invoice:S1/R-1", "known_invoice:doc_7", "known_invoice:doc_8"]),
    invoice_number=numbers,
    issue_date=st.dates(date(2026, 10, 20), date(2026, 11, 26)),
    total_with_vat=st.sampled_from([Decimal(100), Decimal(200), Decimal(280), Decimal(40_000)]),
    currency=st.sampled_from(["EUR", "EUR", "CHF"]),
    status=st.sampled_from([None, "paid", "reversed"]),
)
_recent_orders = st.builds(
    RecentOrder,
    po_number=st.sampled_from([PO, PO, "77", "78", "79"]),
    supplier_id=st.sampled_from(["S1", "S1", "S2"]),
    ordered_at=st.integers(17, 25).map(lambda days: AS_OF - timedelta(days=days)),
    total_amount=st.sampled_from([Decimal(100), Decimal(200), Decimal(280), Decimal(40_000)]),
    currency=st.sampled_from(["EUR", "EUR", "CHF"]),
    status=st.sampled_from([None, "open", "cancelled"]),
    buyer=st.sampled_from([None, "b1", "b1", "b2"]),
)
_days = st.none() | st.dates(date(2026, 11, 10), date(2026, 11, 25))
_known_shipments = st.builds(
    KnownShipment,
    document_id=st.sampled_from(["doc_s0", "doc_s1", "doc_s2"]),
    sha256=st.sampled_from(["cd" * 32, "00" * 32, "00" * 32]),
    document_type=st.sampled_from([DocumentType.DELIVERY_NOTE, DocumentType.DELIVERY_NOTE, DocumentType.PACKING_LIST]),
    supplier_id=st.sampled_from([None, "S1", "S2"]),
    shipment_number=st.sampled_from([None, "LS-1", "LS-2"]),
    shipped_on=_days,
)
_ages = st.sampled_from([timedelta(hours=1), timedelta(hours=1), timedelta(hours=1), timedelta(days=30)])
_feed_names = st.sampled_from([FEEDS, FEEDS, FEEDS, FEEDS[1:]])
_BLOCK = ErpBlock(document_ref=PO, reason="budget", blocked_at=AS_OF - timedelta(days=1))


@st.composite
def _shipped(draw: st.DrawFn, count: int) -> list[ShippedLine]:
    keys = st.tuples(st.sampled_from(["doc_s0", "doc_s1", "doc_s2"]), st.integers(1, count))
    drawn = draw(st.dictionaries(keys, st.integers(0, 60), max_size=4))
    return [
        ShippedLine(document_id=document_id, po_number=PO, line_number=str(number), quantity=Decimal(quantity))
        for (document_id, number), quantity in drawn.items()
    ]


@st.composite
def _receipts(draw: st.DrawFn, count: int) -> list[object]:
    drawn = draw(st.lists(st.tuples(st.integers(1, count), st.integers(-5, 60)), max_size=6))
    return [receipt(number, quantity, receipt_id=f"GR-{at}") for at, (number, quantity) in enumerate(drawn)]


@st.composite
def _billed(draw: st.DrawFn, count: int) -> list[BilledLine]:
    drawn = draw(st.lists(st.tuples(st.integers(1, count), st.integers(1, 30), st.integers(-50, 50)), max_size=3))
    return [
        BilledLine(
            document_id=f"doc_b{at}",
            po_number=PO,
            line_number=str(number),
            quantity=Decimal(quantity),
            net_amount=Decimal(quantity) * (2 + number) + Decimal(off) / 100,
        )
        for at, (number, quantity, off) in enumerate(drawn)
    ]


def _posted() -> st.SearchStrategy[PostedInvoice]:
    return st.builds(
        PostedInvoice,
        supplier_id=st.just("S1"),
        invoice_number=numbers,
        invoice_date=st.dates(date(2026, 11, 1), date(2026, 11, 20)),
        total_with_vat=totals,
        currency=st.sampled_from(["EUR", "EUR", "CHF"]),
        po_number=st.sampled_from([None, PO]),
        status=st.sampled_from([None, "paid", "reversed"]),
    )


def _known() -> st.SearchStrategy[KnownInvoice]:
    return st.builds(
        KnownInvoice,
        document_id=st.sampled_from(["doc_b0", "doc_b1", "doc_7"]),
        sha256=st.sampled_from(["ab" * 32, "00" * 32]),
        supplier_id=st.just("S1"),
        invoice_number=numbers,
        issue_date=st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 20)),
        total_with_vat=totals,
        currency=st.just("EUR"),
    )


limits = st.none() | st.integers(0, 30).map(Decimal)


@st.composite
def wider(draw: st.DrawFn, limit: Decimal | None) -> Decimal | None:
    """A limit that allows as much or more."""
    if limit is None:
        return None
    return draw(st.none() | st.integers(0, 30).map(lambda more: limit + more))


@st.composite
def tolerance_pairs(draw: st.DrawFn) -> tuple[Tolerance, Tolerance]:
    """A tolerance, and one that is nowhere tighter."""
    narrow: dict[str, Decimal | None] = {}
    wide: dict[str, Decimal | None] = {}
    for side in ("upper_pct", "upper_amount", "lower_pct", "lower_amount"):
        limit = draw(limits)
        more = draw(wider(limit))
        if side == "upper_amount" and narrow["upper_pct"] is None and limit is None:
            limit = more = Decimal(draw(st.integers(0, 30)))
        if side == "upper_amount" and wide["upper_pct"] is None and more is None:
            more = (limit or Decimal(0)) + 10_000
        narrow[side], wide[side] = limit, more
    return _tolerance(narrow), _tolerance(wide)


def _tolerance(limit: Mapping[str, Decimal | None]) -> Tolerance:
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
_model_sets = st.sampled_from([(), (), ("review",), ("fraud",), ("fraud", "review")])


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The default policy with every tolerance chosen anew, the limit of what clears by itself, and models."""
    tolerances = {name: draw(st.sampled_from(_SOME_TOLERANCES)) for name in TOLERANCES}
    models = {name: ModelRules(hold_at=Decimal(draw(st.integers(0, 100))) / 100) for name in draw(_model_sets)}
    limits = {
        **policy().approval_limits,
        "touchless": {"other": draw(st.sampled_from([None, Decimal(300), Decimal(50_000)]))},
    }
    return policy().model_copy(update={"tolerances": tolerances, "models": models, "approval_limits": limits})
