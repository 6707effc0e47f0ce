"""Deciding a case beyond yes and no: taken back until told, asked about, filed, checked twice without knowing."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import audit_log
from core.audit import AuditEntry
from core.canonical import sha256_of
from core.database import ReadSession
from core.decisions import Outcome
from core.errors import ClearholdError
from tests.triage_shell.conftest import House, invoice
from triage import attachments, blind_review, case_list, cases, labels, outbox, policies, questions, taking_back
from triage.case_list import CaseFilter
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.policies import typed_text
from triage.policy import Policy
from triage.question_rules import Asked
from triage.reasons import CATALOGUE, OTHERS, reason_of, reasons_for

APPROVE = {"resolution": "approve", "reason_code": "price_agreed"}
ASK = {"resolution": "request_information", "reason_code": "ask_supplier"}


@pytest.fixture
def house(house: House) -> House:
    """With feeds; no paper is drawn for a blind check unless a test has it drawn."""
    house.load_feeds()
    house.policy = in_force(house, share=0)
    return house


def in_force(house: House, *, share: int, second: int = 10, undo: int = 15) -> Policy:
    """Puts the built-in policy in force with other shares of blind checks, and another window to undo in."""
    text = typed_text().replace("share_pct = 2\nmax_pct = 10", f"share_pct = {share}\nmax_pct = {share}")
    text = text.replace("second_review_pct = 10", f"second_review_pct = {second}")
    text = text.replace("undo_minutes = 15", f"undo_minutes = {undo}")
    with house.db.write() as session:
        return policies.put_in_force(
            session, text, at=house.clock.now(), actor="system", proposed_by=None, preview_hash=None
        ).policy


def held(house: House) -> CaseSummary:
    """The case of a new invoice of ten lamps at 22 instead of 20."""
    totals = {"total_without_vat": "220", "total_vat": "41.80", "total_with_vat": "261.80", "amount_due": "261.80"}
    return house.case(invoice(totals, {"unit_price": "22", "line_net_amount": "220"}))


def sampled(house: House, second: int = 100) -> CaseSummary:
    """The case of a clean invoice that was drawn for a blind check."""
    house.policy = in_force(house, share=100, second=second)
    case = house.case(invoice())
    assert case.outcome is Outcome.SAMPLE
    return case


def do(house: House, what: Callable[..., Any], *args: Any, **how: Any) -> Any:
    with house.db.write() as session:
        return what(session, *args, at=house.clock.now(), **how)


def resolve(house: House, case: CaseSummary, by: str = "anna", role: str = "ap_clerk", **how: Any) -> CaseSummary:
    told: CaseSummary = do(house, cases.resolve, case.case_id, user=by, role=role, policy=house.policy, **how)
    return told


def refused(code: str, what: Callable[[], object]) -> None:
    with pytest.raises(ClearholdError) as error:
        what()
    assert error.value.code == code


def ask(house: House, of: Callable[[ReadSession], Any]) -> Any:
    with house.db.read() as session:
        return of(session)


def told(house: House, case: CaseSummary) -> list[str]:
    """Kinds of events other programs are told of a case by now."""
    found = ask(house, lambda session: outbox.undelivered(session, at=house.clock.now()))
    return [event.type for event in found if event.subject == f"case:{case.case_id}" and "resolved" in event.type]


def audited(house: House, case: CaseSummary) -> list[AuditEntry]:
    return list(ask(house, lambda session: audit_log.entries(session, subject=f"case:{case.case_id}")))


def test_an_end_is_told_when_it_can_no_longer_be_taken_back_and_never_if_it_was(house: House) -> None:
    case = held(house)
    ended = resolve(house, case, **APPROVE)
    assert ended.undo_until == house.clock.now() + timedelta(minutes=15)
    assert told(house, case) == []
    house.later(minutes=14)
    again = do(house, taking_back.undo, case.case_id, user="anna")
    assert (again.state, again.claimed_by, again.undo_until) == (CaseState.CLAIMED, "anna", None)
    house.later(minutes=60)
    assert told(house, case) == []
    resolve(house, case, **APPROVE)
    house.later(minutes=15)
    assert told(house, case) == ["case.resolved"]


def test_what_other_programs_know_is_not_taken_back(house: House) -> None:
    case = held(house)
    resolve(house, case, **APPROVE)
    event = next(e for e in ask(house, outbox.undelivered) if e.type == "case.resolved")
    do(house, lambda session, at: outbox.delivered(session, [event.event_id], at))
    refused("CASE-UNDO-TOLD", lambda: do(house, taking_back.undo, case.case_id, user="anna"))
    refused("CASE-UNDO-OTHER", lambda: do(house, taking_back.undo, case.case_id, user="ben"))


def test_the_policy_says_for_how_long_and_may_say_never(house: House) -> None:
    house.policy = in_force(house, share=0, undo=0)
    case = held(house)
    assert resolve(house, case, **APPROVE).undo_until is None
    assert told(house, case) == ["case.resolved"]
    refused("CASE-UNDO-LATE", lambda: do(house, taking_back.undo, case.case_id, user="anna"))


def test_a_question_takes_the_case_out_of_the_queue_until_it_is_answered(house: House) -> None:
    case = held(house)
    waits = resolve(house, case, **ASK, comment="96 or 120?", asked=Asked(whom="Nordlicht, Frau Berg"))
    assert (waits.state, waits.waits_for, waits.asked_by) == (CaseState.ASKED, "Nordlicht, Frau Berg", "anna")
    assert waits.waits_until == house.clock.now() + timedelta(days=7)
    assert do(house, cases.next_case, user="ben", role="ap_clerk") is None
    page = ask(house, lambda s: case_list.page(s, CaseFilter(), at=house.clock.now(), after=None, limit=9))
    assert page.cases == ()
    counts = ask(house, lambda s: case_list.counts(s, "anna", house.clock.now()))
    assert (counts.by_queue, told(house, case)) == ({}, [])
    asked = CaseFilter(state="asked")
    page = ask(house, lambda s: case_list.page(s, asked, at=house.clock.now(), after=None, limit=9))
    assert [one.case_id for one in page.cases] == [case.case_id]
    refused("CASE-WAITING", lambda: do(house, cases.claim, case.case_id, user="ben"))
    answered = do(house, questions.answer, case.case_id, user="ben", role="ap_clerk", text="It was 96.")
    assert (answered.state, answered.waits_for, answered.waits_until) == (CaseState.OPEN, None, None)
    (question,) = ask(house, lambda s: questions.of_case(s, case.case_id))
    assert (question.ended, question.answer, question.ended_by) == ("answered", "It was 96.", "ben")
    assert do(house, cases.next_case, user="ben", role="ap_clerk").case_id == case.case_id
    assert [e.action for e in audited(house, case)] == ["case.opened", "case.asked", "case.answered", "case.claimed"]


def test_a_question_without_an_answer_comes_back_when_its_time_is_over(house: House) -> None:
    case = held(house)
    until = house.clock.now() + timedelta(hours=2)
    resolve(house, case, **ASK, asked=Asked(until=until))
    assert ask(house, lambda s: questions.overdue(s, at=house.clock.now())) == ()
    house.later(minutes=121)
    assert ask(house, lambda s: questions.overdue(s, at=house.clock.now())) == (case.case_id,)
    back = do(house, questions.come_back, case.case_id, actor="worker:w")
    assert (back.state, back.waiting_since) == (CaseState.OPEN, house.clock.now())
    assert do(house, questions.come_back, case.case_id, actor="worker:v") is None
    assert audited(house, case)[-1].payload == {"whom": "the supplier", "until": "2026-11-23T11:00:00.000000Z"}


def test_a_question_may_be_taken_back_by_who_asked_and_is_over_when_the_case_goes_on(house: House) -> None:
    case = held(house)
    resolve(house, case, **ASK)
    refused("CASE-UNDO-OTHER", lambda: do(house, taking_back.undo, case.case_id, user="ben"))
    assert do(house, taking_back.undo, case.case_id, user="anna").claimed_by == "anna"
    resolve(house, case, **ASK)
    ended = resolve(house, case, by="ben", **APPROVE)
    assert (ended.state, ended.waits_for) == (CaseState.RESOLVED, None)
    kinds = {one.ended for one in ask(house, lambda s: questions.of_case(s, case.case_id))}
    assert kinds == {"taken_back", "overtaken"}
    refused("CASE-NOT-WAITING", lambda: do(
        house, questions.answer, case.case_id, user="ben", role="ap_clerk", text="late"
    ))  # fmt: skip


def test_a_question_goes_to_somebody_and_is_not_waited_for_in_the_past(house: House) -> None:
    case = held(house)
    wrong = [(Asked(whom=whom), "CASE-ASKED-WHOM") for whom in ("x" * 201, "  ")]
    now = house.clock.now()
    wrong += [(Asked(until=now + timedelta(days=days)), "CASE-ANSWER-DATE") for days in (-1, 366)]
    for asked, code in wrong:
        refused(code, partial(resolve, house, case, **ASK, asked=asked))


def test_a_file_is_kept_once_under_the_limits_of_papers_and_told(house: House) -> None:
    case = held(house)
    put: dict[str, Any] = {"user": "anna", "role": "ap_clerk", "max_bytes": 100}
    pdf = do(house, attachments.attach, house.store, case.case_id, b"%PDF-1.4 x", file_name="../../a\u202e.pdf", **put)
    assert (pdf.file_name, pdf.media_type, house.store.get(pdf.sha256)) == ("a�.pdf", "application/pdf", b"%PDF-1.4 x")
    put["file_name"] = "b"
    for data, code in ((b"", "DOC-EMPTY"), (b"x" * 101, "DOC-TOO-LARGE")):
        refused(code, partial(do, house, attachments.attach, house.store, case.case_id, data, **put))
    put["role"] = "auditor"
    refused("CASE-ROLE", partial(do, house, attachments.attach, house.store, case.case_id, b"x", **put))
    assert ask(house, lambda s: attachments.of_case(s, case.case_id)) == (pdf,)
    assert audited(house, case)[-1].payload["sha256"] == pdf.sha256
    refused("CASE-ATTACHMENT-NOT-FOUND", lambda: ask(house, lambda s: attachments.get(s, "case_x", pdf.attachment_id)))


CONFIRM = {"resolution": "approve", "reason_code": "sample_confirmed"}
SENT_BACK = {"resolution": "reject", "reason_code": "wrong_price"}


def test_two_people_who_say_the_same_end_a_sampled_case_and_the_audit_opens_the_seal(house: House) -> None:
    case = sampled(house)
    first = resolve(house, case, **CONFIRM)
    assert (first.state, first.review_stage, first.resolution) == (CaseState.OPEN, "second", None)
    sealed = audited(house, case)[-1]
    assert (sealed.action, set(sealed.payload)) == ("case.checked", {"place", "sealed"})
    assert do(house, cases.next_case, user="anna", role="ap_clerk") is None
    refused("CASE-CHECKED-BY-YOU", lambda: resolve(house, case, **CONFIRM))
    assert ask(house, lambda s: blind_review.is_blind_for(s, first, "ben"))
    assert not ask(house, lambda s: blind_review.is_blind_for(s, first, "anna"))
    ended = resolve(house, case, by="ben", **CONFIRM, comment="fine")
    assert (ended.state, ended.resolved_by, ended.review_stage) == (CaseState.RESOLVED, "ben", None)
    opened = next(e for e in audited(house, case) if e.action == "case.checks_agree").payload
    salt = opened["first"].pop("salt")
    assert sha256_of({"verdict": opened["first"], "salt": salt}) == sealed.payload["sealed"]
    (label,) = ask(house, labels.labelled)
    assert label.wrong is False
    found = ask(house, lambda s: blind_review.checked_twice(s, since=case.opened_at))
    assert asdict(found) == {"checked": 1, "differed": 0}


def test_two_people_who_differ_leave_it_to_an_approver_and_it_counts_as_wrong_until_then(house: House) -> None:
    case = sampled(house)
    resolve(house, case, **CONFIRM)
    other = resolve(house, case, by="ben", **CONFIRM, differs={"total_with_vat": "328"})
    assert (other.state, other.review_stage, other.needs_role) == (CaseState.OPEN, "third", "ap_approver")
    (label,) = ask(house, labels.labelled)
    assert label.wrong is True
    assert asdict(ask(house, lambda s: blind_review.checked_twice(s, since=case.opened_at)))["differed"] == 1
    refused("CASE-NEEDS-ROLE", lambda: resolve(house, case, by="carl", **CONFIRM))
    refused("CASE-CHECKED-BY-YOU", lambda: resolve(house, case, by="ben", role="ap_approver", **SENT_BACK))
    ended = resolve(house, case, by="dora", role="ap_approver", **CONFIRM)
    assert (ended.resolution, ended.resolved_by) == (Resolution.APPROVE, "dora")
    (label,) = ask(house, labels.labelled)
    assert label.wrong is False
    assert [one.verdict.reviewer for one in ask(house, lambda s: blind_review.of_case(s, case.case_id))] == [
        "anna", "ben", "dora",
    ]  # fmt: skip


def test_a_check_is_taken_back_with_the_end_it_made_and_the_first_while_nobody_else_looked(house: House) -> None:
    case = sampled(house)
    resolve(house, case, **CONFIRM)
    mine = do(house, taking_back.undo, case.case_id, user="anna")
    assert (mine.state, mine.review_stage) == (CaseState.CLAIMED, None)
    resolve(house, case, **CONFIRM)
    resolve(house, case, by="ben", **CONFIRM)
    again = do(house, taking_back.undo, case.case_id, user="ben")
    assert (again.state, again.review_stage) == (CaseState.CLAIMED, "second")
    refused("CASE-BLIND", lambda: do(
        house, cases.correct, case.case_id, user="ben", role="ap_clerk", changes={"currency": "USD"},
        policy=house.policy,
    ))  # fmt: skip
    assert resolve(house, case, by="ben", **CONFIRM).state is CaseState.RESOLVED


def test_the_share_checked_twice_is_the_policys(house: House) -> None:
    assert resolve(house, sampled(house, second=0), **CONFIRM).state is CaseState.RESOLVED


def test_every_reason_suits_something_and_what_suits_nothing_here_is_refused(house: House) -> None:
    case = held(house)
    offered = reasons_for(case)[Resolution.APPROVE]
    assert offered[0].code == "price_agreed" and offered[-1].code == "other"
    assert {"account_verified", "not_a_duplicate", "sample_confirmed"}.isdisjoint(one.code for one in offered)
    refused("CASE-REASON-UNSUITABLE", lambda: resolve(
        house, case, resolution="approve", reason_code="account_verified"
    ))  # fmt: skip
    refused("CASE-REASON-UNKNOWN", lambda: resolve(house, case, resolution="approve", reason_code="expected"))
    names = [(one.resolution, one.code) for one in (*CATALOGUE, *OTHERS.values())]
    assert len(set(names)) == len(names) and all(reason_of(*name) is not None for name in names)
    assert all(one.whom for one in CATALOGUE if one.resolution is Resolution.REQUEST_INFORMATION)
