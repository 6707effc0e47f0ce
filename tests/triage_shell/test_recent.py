"""What of a supplier lies close to a paper in time: a new account, invoices and orders."""

from datetime import timedelta
from decimal import Decimal

from core.decisions import Outcome
from ingest import erp_recent
from tests.triage_shell.conftest import FEEDS, House, invoice
from triage.gather import gather
from triage.paper import paper_from_extraction

NEW_IBAN = "DE75512108001245126199"
WITH_BUYERS = (
    "po_number,supplier_id,ordered_at,currency,status,buyer\n"
    "4500001,S-1,2026-11-01T08:00:00Z,EUR,open,kim\n4500002,S-1,2026-11-02T08:00:00Z,EUR,open,kim\n"
    "4500003,S-1,2026-09-02T08:00:00Z,EUR,open,kim\n4500004,S-2,2026-11-02T08:00:00Z,EUR,open,kim\n"
)


def codes_of(house: House, **header: str) -> set[str]:
    return {finding.code for finding in house.decide(invoice(header)).findings}


def test_account_changed_in_the_master_data_blocks_until_the_cool_off_is_over(house: House) -> None:
    house.load_feeds()
    house.later(60)
    house.load_feeds(suppliers=FEEDS["suppliers"].replace("DE02120300000000202051", NEW_IBAN))
    first = house.decide(invoice({"payment_iban": NEW_IBAN}))
    assert first.outcome is Outcome.BLOCK
    assert [finding.subject for finding in first.findings if finding.code == "SUP-BANK"] == ["master record"]
    house.later(10 * 24 * 60)
    assert "SUP-BANK" not in codes_of(house, payment_iban=NEW_IBAN, invoice_number="R-8813")


def test_other_changes_of_the_master_record_are_no_new_account(house: House) -> None:
    house.load_feeds()
    house.later(60)
    spaced = "DE02 1203 0000 0000 2020 51"
    changed = FEEDS["suppliers"].replace("Nordlicht GmbH", "Nordlicht AG").replace("DE02120300000000202051", spaced)
    house.load_feeds(suppliers=changed)
    with house.db.read() as session:
        since = house.clock.instant - timedelta(days=30)
        assert erp_recent.iban_changes(session, ["S-1", "nobody"], since=since) == {}
    assert "SUP-BANK" not in codes_of(house)


def test_neighbours_of_an_invoice_are_those_of_its_supplier_in_the_days_around_it(house: House) -> None:
    posted = FEEDS["posted_invoices"] + "".join(
        f"{supplier},{number},{day},{total},EUR\n"
        for supplier, number, day, total in (
            ("S-1", "R-1001", "2026-11-15", "119.00"),
            ("S-1", "R-1002", "2026-11-17", "-50.00"),
            ("S-1", "R-1003", "2026-11-24", "1.00"),
            ("S-2", "F-1", "2026-11-16", "90.00"),
        )
    )
    house.load_feeds(posted_invoices=posted, purchase_orders=WITH_BUYERS)
    pending = house.decide(invoice({"invoice_number": "R-8811"}))
    with house.db.read() as session:
        facts = gather(session, paper_from_extraction(invoice(), "doc_new"), house.clock.instant)
    assert {at.key for at in facts.recent_invoices} == {
        "posted_invoice:S-1/R-1001",
        f"known_invoice:{pending.document_id}",
    }
    assert [(at.po_number, at.total_amount, at.buyer) for at in facts.recent_orders] == [
        ("4500001", Decimal(200), "kim"),
        ("4500002", Decimal(80), "kim"),
    ]


def test_block_of_the_erp_is_found_however_it_spells_the_number(house: House) -> None:
    blocks = "document_ref,reason,blocked_at\ns-1/r8812,audit,2026-11-17T08:00:00Z\n"
    house.load_feeds(erp_blocks=blocks)
    assert "ERP-BLOCK" in codes_of(house)
    assert "ERP-BLOCK" not in codes_of(house, invoice_number="R-8813")
