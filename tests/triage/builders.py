"""Builds a supplier, an order, its receipts and the paper that bills it: clean unless a test says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.decisions import Finding
from core.documents import Box, DocumentType, Evidence
from core.erp import FeedFreshness, GoodsReceipt, Item, PurchaseOrder, PurchaseOrderLine, Supplier
from core.money import exact_sum, round_amount
from triage.decide import run_controls
from triage.facts import Facts, Paper, PaperLine, TaxGroup
from triage.match import pair_lines
from triage.policies import typed_text
from triage.policy import Override, Policy, Tolerance, ToleranceName, load_policy

AS_OF = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PO = "4500012"
IBAN, OTHER_IBAN, BROKEN_IBAN = "DE02120300000000202051", "DE75512108001245126199", "DE03120300000000202051"
VAT_ID, OTHER_VAT_ID, BROKEN_VAT_ID = "DE136695976", "DE129273398", "DE123456789"
FEEDS = ("suppliers", "purchase_orders", "purchase_order_lines", "goods_receipts", "posted_invoices")
DEFAULT_POLICY = Path(__file__).resolve().parents[2] / "triage" / "default_policy.toml"


@cache
def policy() -> Policy:
    """The policy Clearhold starts with, without blind checks: tests of other things see no draws."""
    loaded = load_policy(typed_text())
    return loaded.model_copy(update={"sampling": loaded.sampling.model_copy(update={"share_pct": Decimal(0)})})


def tolerance(pct: str | int | None = 0, amount: str | int | None = 0) -> Tolerance:
    """A tolerance for too much; too little is always allowed. None for unlimited."""
    return Tolerance(
        upper_pct=None if pct is None else Decimal(pct),
        upper_amount={"other": None if amount is None else Decimal(amount)},
        lower_pct=None,
        lower_amount={"other": None},
    )


def with_tolerance(name: ToleranceName, limits: Tolerance, base: Policy | None = None) -> Policy:
    """A policy with one tolerance changed."""
    base = base or policy()
    return base.model_copy(update={"tolerances": {**base.tolerances, name: limits}})


def with_override(override: Override, base: Policy | None = None) -> Policy:
    """A policy with one override more."""
    base = base or policy()
    return base.model_copy(update={"overrides": (*base.overrides, override)})


def supplier(**changes: Any) -> Supplier:
    """Nordlicht, who may be paid."""
    record = Supplier(
        supplier_id="S1",
        name="Nordlicht GmbH",
        vat_id=VAT_ID,
        country="DE",
        iban=IBAN,
        payment_terms_days=30,
        status="active",
    )
    return replace(record, **changes)


def order(**changes: Any) -> PurchaseOrder:
    """An open order in euros, three weeks old."""
    record = PurchaseOrder(
        po_number=PO, supplier_id="S1", ordered_at=AS_OF - timedelta(days=21), currency="EUR", status="open"
    )
    return replace(record, **changes)


def order_line(
    number: int = 1, quantity: str | int = 100, price: str | int = "3.95", **changes: Any
) -> PurchaseOrderLine:
    """A line of the order; item and description follow its number."""
    record = PurchaseOrderLine(
        po_number=PO,
        line_number=str(number),
        item_id=f"ITEM-{number}",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        unit="pcs",
        description=_GOODS[(number - 1) % len(_GOODS)],
        supplier_item_id=f"NL{number:04}",
        tax_rate=Decimal(19),
    )
    return replace(record, **changes)


_GOODS = ("Olive oil extra virgin 5 l", "Basmati rice 25 kg", "Paper napkins white", "Ceramic mug blue", "LED bulb E27")


def item(number: int = 1, **changes: Any) -> Item:
    """The master record of an order line's item."""
    record = Item(item_id=f"ITEM-{number}", gtin=f"40000000000{number:02}"[:13].zfill(13), supplier_id="S1")
    return replace(record, **changes)


def receipt(
    number: int = 1, quantity: str | int = 100, *, receipt_id: str | None = None, **changes: Any
) -> GoodsReceipt:
    """Goods received on an order line a week ago."""
    record = GoodsReceipt(
        receipt_id=receipt_id or f"GR-{number}",
        po_number=PO,
        line_number=str(number),
        quantity=Decimal(quantity),
        received_at=AS_OF - timedelta(days=7),
    )
    return replace(record, **changes)


def paper_line(number: int = 1, quantity: str | int = 100, price: str | int = "3.95", **changes: Any) -> PaperLine:
    """A line that bills the order line of the same number."""
    amount = round_amount(Decimal(quantity) * Decimal(price), "EUR")
    record = PaperLine(
        index=number,
        description=_GOODS[(number - 1) % len(_GOODS)],
        seller_item_id=f"NL{number:04}",
        quantity=Decimal(quantity),
        unit="pcs",
        unit_price=Decimal(price),
        tax_rate=Decimal(19),
        line_net_amount=amount,
    )
    return replace(record, **changes)


def paper(lines: Sequence[PaperLine] | None = None, **changes: Any) -> Paper:
    """An invoice that adds up, read surely, with evidence for every value."""
    lines = (paper_line(),) if lines is None else tuple(lines)
    net = exact_sum(line.line_net_amount or Decimal(0) for line in lines)
    vat = round_amount(net * 19 / 100, "EUR")
    header: dict[str, Any] = {
        "invoice_number": "R-8812",
        "issue_date": date(2026, 11, 18),
        "due_date": date(2026, 12, 18),
        "currency": "EUR",
        "purchase_order_references": (PO,),
        "seller_name": "Nordlicht GmbH",
        "seller_vat_id": VAT_ID,
        "payment_iban": IBAN,
        "total_without_vat": net,
        "total_vat": vat,
        "total_with_vat": net + vat,
    }
    names = {*header, "purchase_order_reference"} | {
        f"lines.{line.index}.{name}" for line in lines for name in ("quantity", "unit_price", "line_net_amount")
    }
    record = Paper(
        document_id="doc_1",
        sha256="ab" * 32,
        document_type=DocumentType.INVOICE,
        lines=lines,
        tax_breakdown=(TaxGroup(rate=Decimal(19), taxable_amount=net, tax_amount=vat),),
        confidences=dict.fromkeys(names, 0.99),
        evidence={name: (Evidence(page=1, box=Box(10, 10, 60, 20), text=name),) for name in names},
        **header,
    )
    return replace(record, **changes)


def facts(the_paper: Paper | None = None, **changes: Any) -> Facts:
    """Everything fresh, everything received, nothing billed before."""
    record = Facts(
        paper=the_paper or paper(),
        as_of=AS_OF,
        supplier=supplier(),
        orders=(order(),),
        order_lines=(order_line(),),
        receipts=(receipt(),),
        items=(item(),),
        feeds=tuple(FeedFreshness(feed=name, loaded_at=AS_OF - timedelta(hours=1), rows=10) for name in FEEDS),
    )
    return replace(record, **changes)


def credit_note(lines: Sequence[PaperLine] | None = None, **changes: Any) -> Paper:
    """A credit note over the same goods, printed without a minus."""
    return paper(lines, document_type=DocumentType.CREDIT_NOTE, invoice_number="G-17", due_date=None, **changes)


def delivery_note(lines: Sequence[PaperLine] | None = None, **changes: Any) -> Paper:
    """A delivery note: goods and an order, no amounts."""
    lines = (paper_line(),) if lines is None else lines
    bare = tuple(replace(line, unit_price=None, line_net_amount=None, tax_rate=None) for line in lines)
    names = ["purchase_order_reference", *(f"lines.{line.index}.quantity" for line in bare)]
    record = Paper(
        document_id="doc_2",
        sha256="cd" * 32,
        document_type=DocumentType.DELIVERY_NOTE,
        shipment_number="LS-1",
        purchase_order_references=(PO,),
        seller_name="Nordlicht GmbH",
        lines=bare,
        confidences=dict.fromkeys(names, 0.99),
    )
    return replace(record, **changes)


def check(the_facts: Facts, the_policy: Policy | None = None) -> tuple[Finding, ...]:
    """What all controls find."""
    return run_controls(the_facts, pair_lines(the_facts), the_policy or policy())


def codes(the_facts: Facts, the_policy: Policy | None = None) -> set[str]:
    """The codes of what all controls find."""
    return {finding.code for finding in check(the_facts, the_policy)}


def the(code: str, the_facts: Facts, the_policy: Policy | None = None) -> Finding:
    """The one finding with a code."""
    found = [finding for finding in check(the_facts, the_policy) if finding.code == code]
    assert len(found) == 1, [finding.message for finding in found] or f"no {code}"
    return found[0]
