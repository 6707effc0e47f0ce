from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

from core.database import Database
from core.erp import ErpBlock, Item, PostedInvoice, PurchaseOrder, PurchaseOrderLine
from ingest.erp import ErpReader
from ingest.feed_load import load_feed
from tests.ingest.feed_making import SUPPLIERS, csv_file

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILES = {
    "suppliers": csv_file(SUPPLIERS),
    "items": b"item_id,description,supplier_id,case_pack\nI2,Bolt,S1,12\nI1,Nut,S2,\n",
    "purchase_orders": b"po_number,supplier_id,ordered_at,currency,status\n"
    b"P3,S1,2026-10-01,EUR,\nP1,S1,2026-09-01,EUR,open\nP2,S1,2026-08-01,EUR,Closed\nP4,S2,2026-08-01,EUR,open\n",
    "purchase_order_lines": b"po_number,line_number,item_id,quantity,unit_price\n"
    b"P1,10,I1,5,2.50\nP1,9,I2,1,3\nP4,1,I1,1,1\n",
    "goods_receipts": b"receipt_id,po_number,line_number,quantity,received_at\n"
    b"G2,P1,9,1,2026-10-03\nG1,P1,10,-2,2026-10-02T08:00Z\nG1,P4,1,1,2026-10-02\n",
    "posted_invoices": b"supplier_id,invoice_number,invoice_date,total_with_vat,currency\n"
    b"S1,R-2,2026-10-02,11.90,EUR\nS1,R-1,2026-10-01,5,EUR\nS2,R-1,2026-10-01,5,EUR\n",
    "erp_blocks": b"document_ref,reason,blocked_at,lifted_at\nP1,audit,2026-10-05,\nP9,audit,2026-10-05,2026-10-06\n",
}


@contextmanager
def reading(database: Database) -> Iterator[ErpReader]:
    with database.write() as session:
        for name, data in FILES.items():
            load_feed(session, name, data, file_name=f"{name}.csv", actor="system", at=AT)
    with database.read() as session:
        yield ErpReader(session)


def test_records_come_back_in_the_erps_words(either_database: Database) -> None:
    with reading(either_database) as erp:
        assert erp.orders(["P1", "nope"]) == (
            PurchaseOrder(
                po_number="P1",
                supplier_id="S1",
                ordered_at=datetime(2026, 9, 1, tzinfo=UTC),
                currency="EUR",
                status="open",
            ),
        )
        assert erp.order_lines(["P1"])[1] == PurchaseOrderLine(
            po_number="P1", line_number="10", item_id="I1", quantity=Decimal(5), unit_price=Decimal("2.5")
        )
        assert erp.items(["I2"]) == (Item(item_id="I2", description="Bolt", supplier_id="S1", case_pack=Decimal(12)),)
        assert erp.posted_invoices("S1")[1] == PostedInvoice(
            supplier_id="S1",
            invoice_number="R-2",
            invoice_date=date(2026, 10, 2),
            total_with_vat=Decimal("11.9"),
            currency="EUR",
        )
        assert erp.erp_blocks(["P1", "R-1"]) == (
            ErpBlock(document_ref="P1", reason="audit", blocked_at=datetime(2026, 10, 5, tzinfo=UTC)),
        )


def test_answers_are_ordered_by_their_keys(either_database: Database) -> None:
    with reading(either_database) as erp:
        assert [supplier.supplier_id for supplier in erp.suppliers_all()] == ["S1", "S2", "S3"]
        assert [order.po_number for order in erp.orders(["P3", "P1", "P2"])] == ["P1", "P2", "P3"]
        assert [line.line_number for line in erp.order_lines(["P4", "P1"])] == ["9", "10", "1"]
        assert [(one.receipt_id, str(one.quantity)) for one in erp.receipts(["P1"])] == [("G2", "1"), ("G1", "-2")]
        assert [invoice.invoice_number for invoice in erp.posted_invoices("S1")] == ["R-1", "R-2"]


def test_open_orders_are_those_not_closed_and_the_newest_when_there_are_many(either_database: Database) -> None:
    with reading(either_database) as erp:
        of_both = erp.open_orders(["S1", "S2", "S9"])
        assert {number: [order.po_number for order in orders] for number, orders in of_both.items()} == {
            "S1": ["P1", "P3"],
            "S2": ["P4"],
        }
        assert [order.po_number for order in erp.open_orders(["S1"], limit=1)["S1"]] == ["P3"]


def test_items_are_found_by_number(database: Database) -> None:
    with reading(database) as erp:
        assert [item.item_id for item in erp.items(["I2", "I1", "I9"])] == ["I1", "I2"]
        assert erp.items([]) == ()


def test_very_many_numbers_are_looked_up_in_handfuls(database: Database) -> None:
    with reading(database) as erp:
        assert len(erp.orders(f"P{number}" for number in range(2000))) == 4


def test_freshness_says_when_each_feed_was_loaded(database: Database) -> None:
    with reading(database) as erp:
        known = {feed.feed: feed for feed in erp.freshness()}
    assert (known["purchase_orders"].loaded_at, known["purchase_orders"].rows) == (AT, 4)
    assert (known["demand"].loaded_at, known["demand"].rows) == (None, 0)
