"""Supplier, duplicates, dates, order: SUP-*, INV-*, PO-*, ERP-BLOCK, LIMIT-APPROVAL, FEED-*."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.decisions import Outcome
from core.erp import ErpBlock, FeedFreshness, PostedInvoice
from tests.triage.builders import (
    AS_OF,
    BROKEN_IBAN,
    BROKEN_VAT_ID,
    IBAN,
    OTHER_IBAN,
    OTHER_VAT_ID,
    PO,
    codes,
    credit_note,
    facts,
    order,
    paper,
    paper_line,
    policy,
    supplier,
    the,
)
from tests.triage.examples import finds, spares
from triage.facts import KnownInvoice

GROSS = Decimal("470.05")


def posted(**changes: object) -> PostedInvoice:
    record = PostedInvoice(
        supplier_id="S1",
        invoice_number="R-8812",
        invoice_date=date(2026, 11, 18),
        total_with_vat=GROSS,
        currency="EUR",
        status="paid",
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def known(**changes: object) -> KnownInvoice:
    record = KnownInvoice(
        document_id="doc_0",
        sha256="00" * 32,
        supplier_id="S1",
        invoice_number="R-8812",
        issue_date=date(2026, 11, 18),
        total_with_vat=GROSS,
        currency="EUR",
    )
    return replace(record, **changes)  # type: ignore[arg-type]


@finds("SUP-UNKNOWN")
def test_unknown_seller_is_held_by_name() -> None:
    found = the("SUP-UNKNOWN", facts(supplier=None))
    assert "Nordlicht GmbH" in found.message


@spares("SUP-UNKNOWN", "SUP-INACTIVE", "SUP-BANK", "SUP-VAT")
def test_supplier_in_order_gives_no_finding() -> None:
    assert codes(facts(paper(payment_iban="de02 1203 0000 0000 2020 51", seller_vat_id="136 695 976"))) == set()


@finds("SUP-INACTIVE")
@pytest.mark.parametrize(("status", "outcome"), [("Blocked", Outcome.BLOCK), ("on probation", Outcome.HOLD)])
def test_supplier_that_may_not_be_paid_is_stopped(status: str, outcome: Outcome) -> None:
    assert the("SUP-INACTIVE", facts(supplier=supplier(status=status))).outcome is outcome


@spares("SUP-INACTIVE")
def test_supplier_without_a_status_counts_as_active() -> None:
    assert codes(facts(supplier=supplier(status=None))) == set()


@finds("SUP-BANK")
def test_account_that_is_not_the_suppliers_is_blocked() -> None:
    found = the("SUP-BANK", facts(paper(payment_iban=OTHER_IBAN)))
    assert found.outcome is Outcome.BLOCK
    assert (found.expected, found.at_risk_amount) == ("DE02 1203 0000 0000 2020 51", "470.05")
    assert found.evidence[0].text == "payment_iban"


@finds("SUP-BANK")
def test_account_with_wrong_check_digits_is_blocked_even_for_an_unknown_seller() -> None:
    assert "check digits" in the("SUP-BANK", facts(paper(payment_iban=BROKEN_IBAN), supplier=None)).message
    assert "check digits" in the("SUP-BANK", facts(paper(payment_iban=BROKEN_IBAN))).message


@finds("SUP-BANK")
def test_account_that_cannot_be_compared_is_held() -> None:
    assert the("SUP-BANK", facts(supplier=supplier(iban=None))).outcome is Outcome.HOLD


@spares("SUP-BANK")
def test_paper_without_an_account_gives_nothing_to_compare() -> None:
    assert codes(facts(paper(payment_iban=None))) == set()
    assert supplier().iban == IBAN


@finds("SUP-VAT")
@pytest.mark.parametrize("printed", [OTHER_VAT_ID, BROKEN_VAT_ID])
def test_vat_id_that_is_wrong_or_not_the_suppliers_is_held(printed: str) -> None:
    assert the("SUP-VAT", facts(paper(seller_vat_id=printed))).outcome is Outcome.HOLD


@finds("INV-DUPLICATE")
@pytest.mark.parametrize("number", ["R-8812", "r 8812", "R/8812"])
def test_invoice_posted_before_is_blocked_however_its_number_is_spelled(number: str) -> None:
    found = the("INV-DUPLICATE", facts(posted=(posted(invoice_number=number),)))
    assert (found.outcome, found.at_risk_amount) == (Outcome.BLOCK, "470.05")


@finds("INV-DUPLICATE")
def test_look_alike_letters_do_not_hide_a_duplicate() -> None:
    here = facts(paper(invoice_number="RO-1012"), posted=(posted(invoice_number="R0-IOL2"),))
    assert "INV-DUPLICATE" in codes(here)


@finds("INV-DUPLICATE")
def test_invoice_that_is_here_already_is_blocked() -> None:
    assert "INV-DUPLICATE" in codes(facts(known=(known(),)))


@spares("INV-DUPLICATE", "INV-DUPLICATE-LIKELY")
def test_paper_is_no_duplicate_of_itself_nor_of_another_supplier_or_number() -> None:
    others = (posted(supplier_id="S2"), posted(invoice_number="R-7001"))
    assert codes(facts(known=(known(document_id="doc_1"),), posted=others)) == set()


@spares("INV-DUPLICATE", "INV-DUPLICATE-LIKELY")
def test_next_number_over_the_same_amount_a_month_later_is_no_duplicate() -> None:
    assert codes(facts(posted=(posted(invoice_number="R-8811", invoice_date=date(2026, 10, 18)),))) == set()


@finds("INV-DUPLICATE-LIKELY")
@pytest.mark.parametrize(
    "earlier",
    [
        {"invoice_number": "R-8812A"},
        {"invoice_number": "R-8821"},
        {"invoice_number": "R-8811"},
        {"total_with_vat": Decimal("470.00")},
        {"currency": "CHF"},
    ],
)
def test_all_but_one_equal_and_the_odd_one_close_is_held(earlier: dict[str, object]) -> None:
    assert codes(facts(posted=(posted(**earlier),))) == {"INV-DUPLICATE-LIKELY"}


@spares("INV-DUPLICATE-LIKELY")
@pytest.mark.parametrize("earlier", [posted(invoice_number="R-8811", po_number="4500099"), None])
def test_consecutive_numbers_over_one_amount_of_one_day_are_two_when_each_names_its_own_order(
    earlier: PostedInvoice | None,
) -> None:
    other_site = known(invoice_number="R-8813", po_numbers=("4500098",))
    seen = facts(known=(other_site,)) if earlier is None else facts(posted=(earlier,))
    assert codes(seen) == set()


@finds("INV-DUPLICATE-LIKELY")
@pytest.mark.parametrize("orders", [(), (PO,), (PO, "4500098")])
def test_number_with_one_digit_misread_is_held_when_it_bills_the_same_order_or_nobody_knows_which(
    orders: tuple[str, ...],
) -> None:
    assert codes(facts(known=(known(invoice_number="R-8813", po_numbers=orders),))) == {"INV-DUPLICATE-LIKELY"}


@spares("INV-DUPLICATE-LIKELY")
def test_number_with_swapped_digits_weeks_apart_on_another_order_is_another_invoice() -> None:
    standing = posted(invoice_number="R-88120077", invoice_date=date(2026, 11, 4), po_number="4500099")
    swapped = paper(invoice_number="R-88210077")
    assert codes(facts(swapped, posted=(standing,))) == set()
    assert codes(facts(swapped, posted=(replace(standing, po_number=PO),))) >= {"INV-DUPLICATE-LIKELY"}


@finds("INV-DUPLICATE-LIKELY")
def test_same_file_under_another_document_is_held() -> None:
    same_file = known(invoice_number="X", total_with_vat=Decimal(1), sha256=paper().sha256)
    assert "very same file" in the("INV-DUPLICATE-LIKELY", facts(known=(same_file,))).message


@finds("INV-DUPLICATE-LIKELY")
def test_invoice_that_a_credit_note_reversed_may_be_billed_again_after_a_look() -> None:
    reversed_by = posted(invoice_number="G-1", total_with_vat=-GROSS, invoice_date=date(2026, 11, 19))
    assert codes(facts(posted=(posted(), reversed_by))) == {"INV-DUPLICATE-LIKELY"}
    assert codes(facts(posted=(posted(status="reversed"),))) == {"INV-DUPLICATE-LIKELY"}


@spares("INV-DUPLICATE", "INV-DUPLICATE-LIKELY")
def test_credit_note_is_no_duplicate_of_the_invoice_it_reverses() -> None:
    credit = replace(credit_note(), invoice_number="R-8812")
    assert codes(facts(credit, posted=(posted(),))) == set()


@finds("INV-DATE")
@pytest.mark.parametrize("issued", [date(2026, 12, 24), date(2026, 10, 30), date(2024, 1, 2)])
def test_date_in_the_future_before_the_order_or_long_ago_is_held(issued: date) -> None:
    assert "INV-DATE" in codes(facts(paper(issue_date=issued, due_date=None)))


@spares("INV-DATE")
def test_invoice_dated_on_the_day_of_its_order_clears() -> None:
    assert codes(facts(paper(issue_date=(AS_OF - timedelta(days=21)).date(), due_date=None))) == set()


@finds("INV-CURRENCY")
def test_invoice_in_another_currency_is_held_and_its_prices_are_not_compared() -> None:
    assert codes(facts(orders=(order(currency="CHF"),))) == {"INV-CURRENCY"}


@spares(
    "INV-CURRENCY", "INV-TERMS", "INV-NO-PO", "PO-UNKNOWN", "PO-CLOSED", "PO-SUPPLIER", "ERP-BLOCK", "LIMIT-APPROVAL"
)
def test_invoice_that_keeps_to_its_order_and_terms_clears() -> None:
    lifted = ErpBlock(
        document_ref="R-8812", reason="x", blocked_at=AS_OF - timedelta(9), lifted_at=AS_OF - timedelta(1)
    )
    assert codes(facts(erp_blocks=(lifted,))) == set()


@finds("INV-TERMS")
def test_due_date_shorter_than_agreed_is_held() -> None:
    found = the("INV-TERMS", facts(paper(due_date=date(2026, 11, 28))))
    assert (found.expected, found.difference) == ("2026-12-18 or later", "20 days")


@finds("INV-NO-PO")
def test_invoice_without_an_order_number_is_held_and_says_which_order_it_looks_like() -> None:
    found = the("INV-NO-PO", facts(paper(purchase_order_references=())))
    assert PO in found.message


@finds("PO-UNKNOWN")
def test_order_number_nobody_knows_is_held() -> None:
    assert codes(facts(paper(purchase_order_references=("999",)), orders=(), order_lines=())) == {"PO-UNKNOWN"}


@finds("PO-CLOSED")
@pytest.mark.parametrize(("status", "outcome"), [("Closed", Outcome.BLOCK), ("parked", Outcome.HOLD)])
def test_order_that_takes_no_invoices_is_stopped(status: str, outcome: Outcome) -> None:
    assert the("PO-CLOSED", facts(orders=(order(status=status),))).outcome is outcome


@finds("PO-SUPPLIER")
def test_order_of_another_supplier_is_blocked() -> None:
    assert the("PO-SUPPLIER", facts(orders=(order(supplier_id="S2"),))).outcome is Outcome.BLOCK


@finds("ERP-BLOCK")
def test_block_of_the_erp_blocks() -> None:
    block = ErpBlock(document_ref="R-8812", reason="legal dispute", blocked_at=AS_OF - timedelta(days=1))
    found = the("ERP-BLOCK", facts(erp_blocks=(block,)))
    assert (found.outcome, "legal dispute" in found.message) == (Outcome.BLOCK, True)


@finds("LIMIT-APPROVAL")
def test_amount_above_what_clears_without_a_person_is_held() -> None:
    low = policy().model_copy(update={"approval_limits": {"touchless": {"EUR": Decimal(400), "other": Decimal(0)}}})
    assert the("LIMIT-APPROVAL", facts(), low).difference == "70.05 EUR"


@finds("FEED-STALE")
def test_feed_older_than_its_limit_is_held_and_says_how_old() -> None:
    old = FeedFreshness(feed="goods_receipts", loaded_at=AS_OF - timedelta(hours=30))
    feeds = (*(feed for feed in facts().feeds if feed.feed != "goods_receipts"), old)
    assert the("FEED-STALE", facts(feeds=feeds)).actual == "30.0 hours"
    assert codes(facts(credit_note(), feeds=feeds)) == set(), "a credit note needs no receipts"


@spares("FEED-STALE", "FEED-MISSING")
def test_feed_as_old_as_its_limit_and_one_nobody_needs_are_fresh_enough() -> None:
    at_limit = FeedFreshness(feed="goods_receipts", loaded_at=AS_OF - timedelta(hours=24))
    feeds = (*(feed for feed in facts().feeds if feed.feed != "goods_receipts"), at_limit)
    assert codes(facts(feeds=(*feeds, FeedFreshness(feed="demand", loaded_at=None)))) == set()


@finds("FEED-MISSING")
def test_feed_that_was_never_loaded_is_held() -> None:
    feeds = tuple(feed for feed in facts().feeds if feed.feed != "suppliers")
    assert codes(facts(feeds=feeds)) == {"FEED-MISSING"}
    assert codes(facts(feeds=(*feeds, FeedFreshness(feed="suppliers", loaded_at=None)))) == {"FEED-MISSING"}


def test_line_that_names_an_order_is_as_good_as_the_header() -> None:
    line = paper_line(purchase_order_reference=PO)
    assert codes(facts(paper((line,), purchase_order_references=()))) == set()
