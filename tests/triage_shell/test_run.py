"""What one decision leaves behind: all of it together, or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core import audit_log
from core.decisions import Outcome
from core.documents import DocumentState
from core.errors import ConflictError, InputError, UnavailableError
from ingest import documents
from tests.triage_shell.conftest import BROKEN, House, invoice
from triage import case_rows, decisions, outbox, pending, policies, tables
from triage.decide import decide, stored_inputs_hash
from triage.run import decide_document


def actions(house: House, document_id: str) -> list[str]:
    with house.db.read() as session:
        return [entry.action for entry in audit_log.entries(session, subject=f"document:{document_id}")]


def test_an_invoice_as_ordered_and_received_clears_without_a_case(house: House) -> None:
    house.load_feeds()
    decision = house.decide(invoice())
    assert decision.outcome is Outcome.CLEAR, [finding.code for finding in decision.findings]
    with house.db.read() as session:
        assert case_rows.of_document(session, decision.document_id) == ()
        assert documents.get(session, decision.document_id).state is DocumentState.DECIDED
        known = pending.known_by(session, document_ids=[decision.document_id])
        billed = pending.billed_lines(session, ["4500001"])
        events = [event.type for event in outbox.undelivered(session)]
    assert [invoice.invoice_number for invoice in known] == ["R-8812"]
    assert [(line.line_number, line.quantity) for line in billed] == [("1", Decimal(10))]
    assert events == ["decision.made"]
    assert actions(house, decision.document_id) == ["document.received", "document.read", "document.decided"]


def test_a_held_invoice_becomes_a_case_that_says_why(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": "DE75512108001245126199"}))
    assert case.kind == "invoice" and case.queue == "ap" and case.outcome is Outcome.BLOCK
    assert case.subject == "Nordlicht GmbH · R-8812"
    assert case.codes[0] == "SUP-BANK" and case.headline
    assert case.total == 238 and case.currency == "EUR" and case.priority > 0
    assert case.due_at is not None and case.due_at.date().isoformat() == "2026-12-16"
    with house.db.read() as session:
        assert {event.type for event in outbox.undelivered(session)} == {"case.opened", "decision.made"}


def test_a_paper_that_cannot_be_read_is_held_with_the_remedy(house: House) -> None:
    case = house.case(InputError("DOC-PDF-ENCRYPTED", "The PDF is encrypted.", "Ask for it without a password."))
    assert case.outcome is Outcome.HOLD and "DOC-UNREADABLE" in case.codes
    assert "The PDF is encrypted. Ask for it without a password. [DOC-PDF-ENCRYPTED]" in case.headline
    assert case.subject == "paper.xml" and case.kind == "other"


def test_a_message_of_another_type_is_held_under_its_own_code(house: House) -> None:
    case = house.case(InputError("DOC-EDI-UNKNOWN", "It is an EDIFACT message of type CONTRL.", "Send INVOIC."))
    assert (case.outcome, case.codes) == (Outcome.HOLD, ("DOC-EDI-UNKNOWN",))
    assert "It is an EDIFACT message of type CONTRL. Send INVOIC." in case.headline


def test_a_missing_program_is_a_hold_that_says_which(house: House) -> None:
    case = house.case(UnavailableError("OCR-MISSING", "Tesseract is not installed.", "Install tesseract-ocr."))
    assert case.outcome is Outcome.HOLD and "Tesseract is not installed." in case.headline


def test_a_node_that_lost_its_lease_stores_nothing(house: House) -> None:
    document = house.take_in()
    slow = house.lease("slow")
    house.clock.instant += timedelta(seconds=31)
    quick = house.lease("quick")
    decide_document(house.db, quick, BROKEN, house.policy, house.clock)
    before = actions(house, document.document_id)
    with pytest.raises(ConflictError, match="DOC-LEASE-LOST"):
        decide_document(house.db, slow, invoice(), house.policy, house.clock)
    assert actions(house, document.document_id) == before
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(tables.decisions)) == 1


def test_the_same_lease_decides_once(house: House) -> None:
    house.take_in()
    lease = house.lease()
    decide_document(house.db, lease, BROKEN, house.policy, house.clock)
    with pytest.raises(ConflictError, match="DOC-LEASE-LOST"):
        decide_document(house.db, lease, BROKEN, house.policy, house.clock)


def test_the_same_invoice_under_another_file_is_blocked_as_a_duplicate(house: House) -> None:
    house.load_feeds()
    assert house.decide(invoice()).outcome is Outcome.CLEAR
    second = house.decide(invoice({"invoice_number": "R 8812"}))
    assert second.outcome is Outcome.BLOCK
    assert "INV-DUPLICATE" in {finding.code for finding in second.findings}


def test_a_blocked_duplicate_does_not_use_up_the_order(house: House) -> None:
    house.load_feeds()
    half = {"quantity": "5", "line_net_amount": "100"}
    amounts = {"total_without_vat": "100", "total_vat": "19", "total_with_vat": "119", "amount_due": "119"}
    house.decide(invoice(amounts, half))
    house.decide(invoice(amounts, half))
    with house.db.read() as session:
        billed = pending.billed_lines(session, ["4500001"])
    assert [line.quantity for line in billed] == [5]


def test_a_decision_can_be_made_again_from_what_it_stored(house: House) -> None:
    house.load_feeds()
    made = house.decide(invoice({"payment_iban": "DE75512108001245126199"}))
    with house.db.read() as session:
        stored = decisions.latest_decision(session, made.document_id)
    assert stored is not None and stored.decision == made
    assert stored_inputs_hash(stored.record.facts, stored.record.scores) == made.inputs_hash
    assert decide(stored.facts, house.policy, scores=stored.record.scores, seed=stored.record.seed) == made


def test_an_order_number_spelled_differently_is_found_among_the_suppliers_orders(house: House) -> None:
    house.load_feeds()
    decision = house.decide(invoice({"purchase_order_reference": "45-00001"}))
    assert "PO-UNKNOWN" not in {finding.code for finding in decision.findings}


def test_the_first_start_applies_a_policy_once(house: House) -> None:
    text = policies.built_in_text()
    with house.db.write() as session:
        first = policies.start_with(session, text, at=house.clock.now())
    with house.db.write() as session:
        stricter = text.replace("ap_clerk = 10000", "ap_clerk = 500")
        assert policies.start_with(session, stricter, at=house.clock.now()) == first
    assert (first.version, first.applied_by, first.proposed_by) == (1, "system", None)


def test_everything_that_was_done_verifies(house: House) -> None:
    house.load_feeds()
    house.decide(invoice())
    house.decide(BROKEN)
    with house.db.read() as session:
        assert audit_log.verify(session) == ()


@pytest.mark.parametrize(
    "value", ["R-1\x00", "\ud800R", "R" * 5000, "'; drop table cases; --", "\u202eR-1", "\U0001f4a9" * 50]
)
def test_no_text_on_a_paper_can_stop_its_decision(house: House, value: str) -> None:
    house.load_feeds()
    case = house.case(
        invoice({"invoice_number": value, "seller_name": value, "currency": value, "seller_vat_id": None})
    )
    assert case.subject and house.get(case.case_id) == case


@pytest.mark.parametrize("value", ["1e40", "-1e9999999", "1e-9999999", "NaN", "-Infinity", "9" * 400, "0001-01-01"])
def test_no_number_on_a_paper_can_stop_its_decision(house: House, value: str) -> None:
    house.load_feeds()
    amounts = {"total_with_vat": value, "due_date": value, "issue_date": value, "total_vat": value}
    case = house.case(invoice(amounts, {"quantity": value, "unit_price": value, "line_net_amount": value}))
    assert house.get(case.case_id) == case
