"""Shipment documents seen here: remembered, counted, and forgotten when sent back."""

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from core.documents import DocumentType, Extraction
from core.keys import number_key
from tests.triage_shell.conftest import FEEDS, House, invoice, row
from triage import cases, shipments

PROMISED = FEEDS["purchase_order_lines"].replace("tax_rate\n", "tax_rate,promised_at\n").replace(
    "Desk lamp,19\n", "Desk lamp,19,2026-11-20T08:00:00Z\n"
)  # fmt: skip


def note(number: str = "LS-1", quantity: str = "10", left: str = "2026-11-10", **header: str) -> Extraction:
    """A delivery note over lamps of order 4500001."""
    base = invoice(line={"quantity": quantity, "unit_price": None, "line_net_amount": None, "tax_rate": None})
    fields = {
        "shipment_number": number,
        "despatch_date": left,
        "purchase_order_reference": "4500001",
        "seller_name": "Nordlicht GmbH",
        **header,
    }
    return replace(
        base,
        sha256=sha256(f"{number} {quantity}".encode()).hexdigest(),
        document_type=DocumentType.DELIVERY_NOTE,
        fields=row(fields),
        tax_breakdown=(),
    )


def codes_of(house: House, result: Extraction) -> set[str]:
    return {finding.code for finding in house.decide(result).findings}


def test_a_delivery_note_is_remembered_with_what_it_ships(house: House) -> None:
    house.load_feeds(purchase_order_lines=PROMISED)
    decision = house.decide(note())
    assert {finding.code for finding in decision.findings} <= {"SAMPLE-DRAWN"}
    with house.db.read() as session:
        (line,) = shipments.shipped_on_orders(session, ["4500001"])
        (known,) = shipments.known_shipments(session, document_ids=(), number_keys=[number_key("LS-1")], sha256s=())
    assert (line.line_number, line.quantity) == ("1", Decimal(10))
    assert (known.document_id, known.supplier_id, known.shipment_number) == (decision.document_id, "S-1", "LS-1")


def test_the_same_number_again_is_a_duplicate_and_not_shipped_twice(house: House) -> None:
    house.load_feeds(purchase_order_lines=PROMISED)
    house.decide(note())
    found = codes_of(house, note("ls 1"))
    assert "SHIP-DUPLICATE" in found
    assert "SHIP-OVER" not in found


def test_shipments_add_up_over_papers(house: House) -> None:
    house.load_feeds(
        purchase_order_lines=PROMISED, goods_receipts=FEEDS["goods_receipts"].replace("4500001", "4500009")
    )
    assert codes_of(house, note("LS-1", "6", "2026-11-09")) - {"SAMPLE-DRAWN"} == {"SHIP-SHORT"}
    assert codes_of(house, note("LS-2", "4", "2026-11-12")) - {"SAMPLE-DRAWN"} == set()
    assert codes_of(house, note("LS-3", "2", "2026-11-13")) - {"SAMPLE-DRAWN"} == {"SHIP-OVER"}


def test_received_other_than_shipped_is_held(house: House) -> None:
    receipts = FEEDS["goods_receipts"].replace("4500001,1,10", "4500001,1,9")
    house.load_feeds(purchase_order_lines=PROMISED, goods_receipts=receipts)
    assert "SHIP-RECEIPT" in codes_of(house, note())


def test_a_delivery_note_sent_back_counts_no_more(house: House) -> None:
    house.load_feeds(
        purchase_order_lines=PROMISED, goods_receipts=FEEDS["goods_receipts"].replace("4500001", "4500009")
    )
    held = house.case(note("LS-1", "6"))
    with house.db.write() as session:
        cases.resolve(
            session,
            held.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            resolution="reject",
            reason_code="wrong_quantity",
            policy=house.policy,
        )
    assert codes_of(house, note("LS 1", "10")) - {"SAMPLE-DRAWN"} == set()
