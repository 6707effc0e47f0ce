"""Four eyes in the domain: who corrected, sent in or moved the account approves nothing, whoever asks and however."""

from dataclasses import replace
from decimal import Decimal

from core import audit_log
from core.database import WriteSession
from core.errors import ForbiddenError
from ingest import documents
from ingest.feed_load import load_feed
from ingest.receive import receive
from tests.triage_shell.conftest import FEEDS, House, invoice
from tests.triage_shell.test_cases import correct, refused, resolve
from triage import approvals, case_queue, cases
from triage.case_may import May
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.policy import Override
from triage.policy_people import Release
from triage.run import decide_document

APPROVE = {"resolution": "approve", "reason_code": "price_agreed"}
MOVED = FEEDS["suppliers"].replace("DE02120300000000202051", "DE75512108001245126199")


def held(house: House, **changed: str | None) -> CaseSummary:
    """A case over an invoice a euro dearer than the order: held by controls, no block."""
    house.load_feeds()
    dear = {"unit_price": "21", "line_net_amount": "210"}
    totals = {"total_without_vat": "210", "total_vat": "39.90", "total_with_vat": "249.90", "amount_due": "249.90"}
    paper = invoice({**totals, **changed}, dear)
    tax = paper.tax_breakdown[0]
    right = {"taxable_amount": "210", "tax_amount": "39.90"}
    taxes = {name: replace(field, value=right.get(name, field.value)) for name, field in tax.items()}
    return house.case(replace(paper, tax_breakdown=(taxes,)))


def may(house: House, case_id: str, user: str, role: str = "ap_clerk") -> dict[str, May]:
    with house.db.read() as session:
        found = approvals.what_may(session, case_id, user=user, role=role, policy=house.policy, at=house.clock.now())
    return {one.action: one for one in found}


def load_suppliers(house: House, text: str, by: str) -> None:
    with house.db.write() as session:
        load_feed(session, "suppliers", text.encode(), file_name="s.csv", actor=by, at=house.clock.now())


def test_who_corrected_may_not_approve_and_another_person_may(house: House) -> None:
    case = held(house)
    correct(house, case.case_id, {"invoice_number": "R-8813"})
    error = refused("CASE-OWN-CORRECTION", lambda: resolve(house, case.case_id, **APPROVE))
    assert isinstance(error, ForbiddenError) and "invoice_number" in error.message
    told = may(house, case.case_id, "anna")["approve"]
    assert (told.allowed, told.code, told.message) == (False, error.code, error.message)
    assert resolve(house, case.case_id, user="bert", **APPROVE).resolution is Resolution.APPROVE


def test_who_corrected_may_still_reject(house: House) -> None:
    case = held(house)
    correct(house, case.case_id, {"invoice_number": "R-8813"})
    assert resolve(house, case.case_id).resolution is Resolution.REJECT


def test_a_value_that_was_only_confirmed_was_not_corrected(house: House) -> None:
    case = held(house)
    unsure = replace(invoice().fields["due_date"], confidence=0.3)
    with house.db.write() as session:
        documents.reopen(session, case.document_id)
    paper = invoice({"seller_vat_id": "DE129273398"})
    decide_document(
        house.db,
        house.lease(),
        replace(paper, fields={**paper.fields, "due_date": unsure}),
        house.policy,
        house.clock,
    )
    correct(house, case.case_id, {"due_date": "2026-12-16"})
    assert may(house, case.case_id, "anna")["approve"].allowed


def test_a_total_corrected_after_a_control_had_held_ends_only_with_another_person(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"total_with_vat": "283"}))
    after = correct(house, case.case_id, {"total_with_vat": "238"})
    assert (after.state, after.codes, after.corrected_by) == (CaseState.OPEN, ("DOC-CORRECTED",), "anna")
    with house.db.write() as session:
        mine = cases.next_case(session, user="anna", role="ap_clerk", at=house.clock.now())
        theirs = cases.next_case(session, user="bert", role="ap_clerk", at=house.clock.now())
    assert mine is None
    assert theirs is not None and theirs.case_id == case.case_id
    refused("CASE-CLAIMED-BY-OTHER", lambda: resolve(house, case.case_id, **APPROVE))
    ended = resolve(house, case.case_id, user="bert", **APPROVE)
    assert (ended.resolved_by, ended.resolved_role) == ("bert", "ap_clerk")


def test_a_correction_taken_back_leaves_the_paper_as_it_was_read(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"total_with_vat": "283"}))
    correct(house, case.case_id, {"total_with_vat": "238"})
    again = correct(house, case.case_id, {"total_with_vat": "283"}, user="bert")
    assert "DOC-CORRECTED" not in again.codes
    refused("CASE-OWN-CORRECTION", lambda: resolve(house, case.case_id, user="bert", **APPROVE))


def test_no_one_approves_what_they_sent_in(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"purchase_order_reference": None}), by="user:anna")
    refused("CASE-OWN-UPLOAD", lambda: resolve(house, case.case_id, **APPROVE))
    assert may(house, case.case_id, "anna")["approve"].code == "CASE-OWN-UPLOAD"
    assert may(house, case.case_id, "bert")["approve"].allowed


def test_sending_the_same_paper_again_is_sending_it(house: House) -> None:
    house.load_feeds()
    document = house.take_in(b"a paper")
    decide_document(house.db, house.lease(), invoice({"purchase_order_reference": None}), house.policy, house.clock)
    house.take_in(b"a paper", by="user:anna")
    with house.db.read() as session:
        (case,) = case_queue.list_cases(session).cases
    assert case.document_id == document.document_id
    refused("CASE-OWN-UPLOAD", lambda: resolve(house, case.case_id, **APPROVE))


def test_who_sent_a_mail_sent_what_was_in_it(house: House) -> None:
    house.load_feeds()
    with house.db.write() as session:
        mail = _receive(house, session, b"the mail", "user:anna", None)
        documents.mark_unpacked(session, mail, house.clock.now())
        _receive(house, session, b"the paper in it", "system", mail)
    decide_document(house.db, house.lease(), invoice({"purchase_order_reference": None}), house.policy, house.clock)
    with house.db.read() as session:
        (case,) = case_queue.list_cases(session).cases
    refused("CASE-OWN-UPLOAD", lambda: resolve(house, case.case_id, **APPROVE))


def test_who_made_a_key_sent_what_came_with_it(house: House) -> None:
    house.load_feeds()
    with house.db.write() as session:
        audit_log.append(
            session, at=house.clock.now(), actor="user:anna", action="key.added", subject="key:mailbox", payload={}
        )
    case = house.case(invoice({"purchase_order_reference": None}), by="key:mailbox")
    refused("CASE-OWN-UPLOAD", lambda: resolve(house, case.case_id, **APPROVE))
    assert may(house, case.case_id, "bert")["approve"].allowed


def test_what_the_system_took_in_is_nobodys(house: House) -> None:
    case = held(house)
    assert may(house, case.case_id, "anna")["approve"].allowed


def test_no_one_approves_a_paper_of_a_supplier_whose_account_they_changed(house: House) -> None:
    case = held(house)
    house.later(60)
    load_suppliers(house, MOVED, "user:anna")
    refused("CASE-OWN-BANK-CHANGE", lambda: resolve(house, case.case_id, **APPROVE))
    assert may(house, case.case_id, "bert")["approve"].allowed
    house.later(60 * 24 * 31)
    assert may(house, case.case_id, "anna")["approve"].code != "CASE-OWN-BANK-CHANGE"


def test_a_load_that_leaves_the_account_alone_is_no_bank_change(house: House) -> None:
    case = held(house)
    house.later(60)
    load_suppliers(house, FEEDS["suppliers"].replace(",30,active", ",45,active"), "user:anna")
    assert may(house, case.case_id, "anna")["approve"].allowed


def test_who_adds_a_supplier_approves_none_of_its_papers_and_the_first_load_is_nobodys(house: House) -> None:
    load_suppliers(house, FEEDS["suppliers"].splitlines()[0] + "\nS-2,Atelier Blanc,,,,,,\n", "user:bert")
    house.later(60)
    load_suppliers(house, FEEDS["suppliers"], "user:anna")
    house.later(60)
    case = held(house)
    assert may(house, case.case_id, "anna")["approve"].code == "CASE-OWN-BANK-CHANGE"
    assert may(house, case.case_id, "bert")["approve"].allowed


def test_an_override_keeps_both_people_their_roles_reasons_and_what_was_overridden(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": "DE75512108001245126199"}))
    verified = {"resolution": "approve", "reason_code": "account_verified"}
    resolve(house, case.case_id, user="berta", role="ap_approver", comment="called them", **verified)
    resolve(house, case.case_id, user="carl", role="admin", **verified)
    with house.db.read() as session:
        history = case_queue.show(session, case.case_id).history
    first = next(entry.payload for entry in history if entry.action == "case.first_approval")
    ended = next(entry.payload for entry in history if entry.action == "case.resolved")
    assert (first["role"], first["reason_code"], first["comment"]) == ("ap_approver", "account_verified", "called them")
    assert (ended["role"], ended["first_approval_by"]) == ("admin", "berta")
    assert (ended["first_approval_role"], ended["first_approval_reason"]) == ("ap_approver", "account_verified")
    assert [one["code"] for one in ended["overridden"]] == ["SUP-BANK"] == [one["code"] for one in first["overridden"]]


def test_a_first_approval_given_before_a_correction_is_void(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": "DE75512108001245126199"}))
    verified = {"resolution": "approve", "reason_code": "account_verified"}
    resolve(house, case.case_id, user="berta", role="ap_approver", **verified)
    after = correct(house, case.case_id, {"invoice_number": "R-8899"})
    assert (after.first_approval_by, after.first_approval_role) == (None, None)
    with house.db.read() as session:
        changed = [e for e in case_queue.show(session, case.case_id).history if e.action == "case.changed"]
    assert changed[-1].payload["voided_approval_by"] == "berta"


def test_the_second_person_needs_a_limit_of_their_own(house: House) -> None:
    house.load_feeds()
    caps = (("touchless", 100), ("ap_clerk", 500), ("ap_approver", 9))
    limits = {role: {"EUR": Decimal(cap)} for role, cap in caps}
    house.policy = house.policy.model_copy(update={"approval_limits": limits})
    case = house.case(invoice())
    assert resolve(house, case.case_id, **APPROVE).first_approval_by == "anna"
    second = {"user": "berta", "role": "ap_approver", **APPROVE}
    refused("CASE-LIMIT", lambda: resolve(house, case.case_id, **second))


def test_an_amount_of_an_unknown_currency_is_over_every_limit(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"currency": None}))
    assert case.total == 238 and case.currency is None
    error = refused("CASE-LIMIT", lambda: resolve(house, case.case_id, **APPROVE))
    assert "unknown currency" in error.message
    foreign = house.case(invoice({"currency": "XAU", "invoice_number": "R-2"}))
    house.policy = house.policy.model_copy(update={"approval_limits": {"ap_approver": {"EUR": Decimal(1000)}}})
    refused("CASE-LIMIT", lambda: resolve(house, foreign.case_id, role="ap_approver", **APPROVE))


def test_a_supplier_may_have_tighter_limits_than_everybody_else(house: House) -> None:
    tight = Override(supplier_id="S-1", approval_limits={"ap_clerk": {"other": Decimal(10)}})
    house.policy = house.policy.model_copy(update={"overrides": (tight,)})
    case = held(house)
    assert may(house, case.case_id, "anna")["approve"].code == "CASE-LIMIT"
    other = house.policy.model_copy(update={"overrides": (tight.model_copy(update={"supplier_id": "S-9"}),)})
    house.policy = other
    assert may(house, case.case_id, "anna")["approve"].allowed


def test_the_policy_may_ask_for_an_approver_where_the_catalogue_asks_for_a_clerk(house: House) -> None:
    case = held(house)
    rule = Release(codes=("MATCH-PRICE",), roles=("ap_approver",), second_person=True)
    house.policy = house.policy.model_copy(update={"releases": (rule,)})
    refused("CASE-RELEASE-ROLE", lambda: resolve(house, case.case_id, **APPROVE))
    first = resolve(house, case.case_id, user="berta", role="ap_approver", **APPROVE)
    assert (first.state, first.first_approval_by) == (CaseState.OPEN, "berta")


def test_what_may_be_done_is_told_for_every_action(house: House) -> None:
    case = held(house)
    clerk, auditor = may(house, case.case_id, "anna"), may(house, case.case_id, "olga", "auditor")
    assert {action for action, one in clerk.items() if one.allowed} == {
        "claim", "correct", "approve", "reject", "request_information", "escalate", "comment", "attach",
    }  # fmt: skip
    assert clerk["answer"].code == "CASE-NOT-WAITING"
    assert {one.code for one in auditor.values()} == {"CASE-ROLE"}
    resolve(house, case.case_id)
    ended = may(house, case.case_id, "anna")
    assert ended["undo"].allowed and ended["approve"].code == "CASE-RESOLVED"


def _receive(house: House, session: WriteSession, data: bytes, by: str, parent_id: str | None) -> str:
    receipt = receive(
        session,
        house.store,
        data,
        file_name="mail.eml",
        origin="email",
        received_by=by,
        at=house.clock.now(),
        max_bytes=1_000_000,
        parent_id=parent_id,
    )
    return receipt.document.document_id
