"""What is looked up by keys decides as the whole ledger would; many papers are gathered as one is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from core.billed import NEAREST
from core.decisions import Finding
from core.documents import DocumentType
from core.erp import PostedInvoice, Supplier
from core.keys import gross_key, number_key
from ingest.erp import ErpReader
from tests.triage_shell.conftest import House
from triage import pending
from triage.decide import decide
from triage.facts import BilledLine, Facts, KnownInvoice, Paper, PaperLine
from triage.gather import gather, gather_many
from triage.same_party import same_party

SUPPLIERS = (
    Supplier(
        supplier_id="S-1", name="Nordlicht GmbH", vat_id="DE136695976", country="DE", iban="DE02120300000000202051"
    ),
    Supplier(supplier_id="S-2", name="Nord Licht Nebenwerk", vat_id="136695976", country="DE"),
    Supplier(supplier_id="S-3", name="Einkauf Drei AG", iban="DE02 1203 0000 0000 2020 51"),
    Supplier(supplier_id="S-4", name="Nordlicht AG", vat_id="DE129273398", country="DE"),
    Supplier(supplier_id="S-5", name="Atelier Blanc SARL", vat_id="FR83404833048", country="FR"),
)
KNOWN_IDS = [f"doc_{number}" for number in range(40)]
NUMBERS = [
    "R-8812",
    "R 8812",
    "R-88I2",
    "R-8821",
    "R-8813",
    "R-8812A",
    "2026R8812",
    "INV R 8812",
    "R-BB12",
    "A-17",
    "17",
]
TOTALS = [Decimal(text) for text in ("238", "238.00", "-238", "283", "239.5", "23.8", "119", "-119")]
ORDERS = ["4500001", "4500002", "", ""]


def draw_day(rng: Random) -> date:
    return date(2026, 11, 16) - timedelta(days=rng.choice((0, 0, 0, 1, 9, 40, 70, 300)))


def posted(rng: Random, count: int) -> tuple[PostedInvoice, ...]:
    drawn = (
        PostedInvoice(
            supplier_id=rng.choice(SUPPLIERS).supplier_id,
            invoice_number=rng.choice(NUMBERS),
            invoice_date=draw_day(rng),
            total_with_vat=rng.choice(TOTALS),
            currency=rng.choice(("EUR", "EUR", "EUR", "CHF")),
            po_number=rng.choice(ORDERS) or None,
            status=rng.choice((None, "paid", "paid", "reversed")),
        )
        for _ in range(count)
    )
    return tuple({(at.supplier_id, at.invoice_number, at.invoice_date): at for at in drawn}.values())


def known(rng: Random) -> tuple[KnownInvoice, ...]:
    return tuple(
        KnownInvoice(
            document_id=document_id,
            sha256=rng.choice(("aa", "bb")) * 32,
            supplier_id=rng.choice(("S-1", "S-1", "S-2", "S-4", "S-5", "")),
            invoice_number=rng.choice(NUMBERS),
            issue_date=rng.choice((None, draw_day(rng), draw_day(rng))),
            total_with_vat=rng.choice(TOTALS),
            currency="EUR",
        )
        for document_id in rng.sample(KNOWN_IDS, 12)
    )


def papers(rng: Random, count: int) -> list[Paper]:
    sellers = [
        {"seller_vat_id": "DE136695976", "seller_name": "Nordlicht GmbH"},
        {"seller_vat_id": "DE136695976", "seller_name": "Nordlicht GmbH"},
        {"payment_iban": "DE02120300000000202051", "seller_name": "Einkauf Drei"},
        {"seller_name": "Atelier Blanc"},
        {"seller_name": "Nobody Ltd"},
    ]
    return [
        Paper(
            document_id=rng.choice(KNOWN_IDS),
            sha256=rng.choice(("aa", "cc", "dd")) * 32,
            document_type=rng.choice((DocumentType.INVOICE, DocumentType.INVOICE, DocumentType.CREDIT_NOTE)),
            invoice_number=rng.choice([*NUMBERS, None]),
            issue_date=rng.choice((draw_day(rng), draw_day(rng), None)),
            currency=rng.choice(("EUR", "EUR", "CHF", None)),
            purchase_order_references=rng.choice((("4500001",), ("4500002",), ("45-00001",), (), ("77",))),
            total_without_vat=Decimal(200),
            total_vat=Decimal(38),
            total_with_vat=rng.choice([*map(abs, TOTALS), None]),
            lines=(PaperLine(index=1, description="Desk lamp", quantity=Decimal(10), unit_price=Decimal(20)),),
            **rng.choice(sellers),  # type: ignore[arg-type]
        )
        for _ in range(count)
    ]


def load(house: House, rows: tuple[PostedInvoice, ...], seen: tuple[KnownInvoice, ...], rng: Random) -> None:
    suppliers = "".join(
        f"{at.supplier_id},{at.name},{at.vat_id or ''},{at.country or ''},{at.iban or ''},active\n" for at in SUPPLIERS
    )
    ledger = "".join(
        f"{at.supplier_id},{at.invoice_number},{at.invoice_date},{at.total_with_vat},{at.currency},"
        f"{at.po_number or ''},{at.status or ''}\n"
        for at in rows
    )
    house.load_feeds(
        suppliers="supplier_id,name,vat_id,country,iban,status\n" + suppliers,
        posted_invoices="supplier_id,invoice_number,invoice_date,total_with_vat,currency,po_number,status\n" + ledger,
    )
    with house.db.write() as session:
        for invoice in seen:
            lines = [
                BilledLine(
                    document_id=invoice.document_id,
                    po_number=rng.choice(("4500001", "4500002")),
                    line_number="1",
                    quantity=Decimal(1),
                    net_amount=Decimal(20),
                )
            ] * rng.choice((0, 0, 1, 2))
            pending.remember(session, invoice.document_id, invoice=invoice, lines=lines, lines_count=True)


def from_the_whole_ledger(facts: Facts, rows: tuple[PostedInvoice, ...], seen: tuple[KnownInvoice, ...]) -> Facts:
    own = None if facts.supplier is None else facts.supplier.supplier_id
    return replace(
        facts,
        posted=rows,
        known=tuple(at for at in seen if at.document_id != facts.paper.document_id),
        related=tuple(at for at in SUPPLIERS if at.supplier_id != own),
    )


def judged(facts: Facts, house: House) -> list[Finding]:
    """The findings without what they rest on: of the whole ledger some rest on invoices that say nothing more."""
    return [replace(finding, facts=()) for finding in decide(facts, house.policy).findings]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_looked_up_decides_as_the_whole_ledger_would(house: House, seed: int) -> None:
    rng = Random(seed)
    rows, seen = posted(rng, 8 + 60 * (seed % 3)), known(rng)
    load(house, rows, seen, rng)
    codes: set[str] = set()
    with house.db.read() as session:
        orders = pending.orders_of(session, KNOWN_IDS)
        seen = tuple(replace(at, po_numbers=orders.get(at.document_id, ())) for at in seen)
        for paper in papers(rng, 60):
            facts = gather(session, paper, house.clock.now())
            found = judged(facts, house)
            assert found == judged(from_the_whole_ledger(facts, rows, seen), house)
            codes |= {finding.code for finding in found}
    assert {"INV-DUPLICATE", "INV-DUPLICATE-LIKELY", "SUP-UNKNOWN"} <= codes


def test_many_papers_are_gathered_as_one_by_one(house: House) -> None:
    rng = Random(77)
    load(house, posted(rng, 120), known(rng), rng)
    several = papers(rng, 80)
    with house.db.read() as session:
        at_once = gather_many(session, several, house.clock.now())
        assert at_once == [gather(session, paper, house.clock.now()) for paper in several]
        assert gather_many(session, [], house.clock.now()) == []
    assert any(facts.posted and facts.known and facts.billed and facts.related for facts in at_once)


def of_supplier(**values: object) -> Paper:
    paper = Paper(document_id="doc_new", sha256="cc" * 32, document_type=DocumentType.INVOICE, currency="EUR")
    return replace(paper, **{"seller_vat_id": "FR83404833048", **values})  # type: ignore[arg-type]


def test_an_amount_a_supplier_bills_all_the_time_does_not_load_its_ledger(house: House) -> None:
    usual = Decimal("9.99")
    rows = tuple(
        PostedInvoice(
            supplier_id="S-5",
            invoice_number=f"T{number:06}",
            invoice_date=date(2026, 11, 16) - timedelta(days=number // 4),
            total_with_vat=usual,
            currency="EUR",
        )
        for number in range(4 * NEAREST)
    )
    rng = Random(1)
    load(house, rows, (), rng)
    with house.db.read() as session:
        erp = ErpReader(session)
        assert len(erp.posted_invoices("S-5")) == 4 * NEAREST
        long_ago = gather(session, of_supplier(invoice_number="T-000350", total_with_vat=usual), house.clock.now())
        near = gather(
            session,
            of_supplier(invoice_number="T500003", issue_date=date(2026, 11, 16), total_with_vat=usual),
            house.clock.now(),
        )
    assert [at.invoice_number for at in long_ago.posted if number_key(at.invoice_number) == "T000350"] == ["T000350"]
    assert "INV-DUPLICATE" in {finding.code for finding in judged(long_ago, house)}
    assert [at.invoice_number for at in near.posted] == ["T000003"]
    assert "INV-DUPLICATE-LIKELY" in {finding.code for finding in judged(near, house)}


def test_suppliers_are_those_of_the_newest_load(house: House) -> None:
    """Two loads at one instant, of as many rows: an index that went by either would be stale."""
    seller = Paper(
        document_id="doc_new", sha256="cc" * 32, document_type=DocumentType.INVOICE, seller_name="Weißbrot OHG"
    )
    header = "supplier_id,name\n"
    found: list[str | None] = []
    for name in ("Schwarzbrot OHG", "Weißbrot OHG", "Graubrot OHG"):
        house.load_feeds(suppliers=f"{header}S-9,{name}\n")
        with house.db.read() as session:
            supplier = gather(session, seller, house.clock.now()).supplier
        found.append(None if supplier is None else supplier.name)
    assert found == [None, "Weißbrot OHG", None]


@pytest.mark.parametrize(
    ("change", "basis"),
    [
        (lambda at: at, "VAT id"),
        (lambda at: replace(at, vat_id="n/a"), "IBAN"),
        (lambda at: replace(at, vat_id=None, iban="00000000"), "name"),
        (lambda at: replace(at, vat_id=None, iban=None, name="Nordwind GmbH"), None),
    ],
)
def test_master_records_of_one_company_are_known_by_id_or_name(
    change: Callable[[Supplier], Supplier], basis: str | None
) -> None:
    one = replace(SUPPLIERS[0], supplier_id="S-9")
    other = change(replace(SUPPLIERS[0], vat_id="136 695 976" if change(one) == one else one.vat_id))
    assert same_party(one, other) == basis == same_party(other, one)
    assert gross_key(Decimal("100.00")) == gross_key(Decimal(100)) == "100"
