"""The queue as people use it: one case, one person, one end, and every step in the audit."""

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from core import audit_log
from core.decisions import Outcome
from core.errors import ClearholdError
from ingest import documents
from tests.triage_shell.conftest import BROKEN, House, invoice
from triage import case_queue, case_rows, cases, decisions, taking_back
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.run import decide_document


def refused(code: str, change: Callable[[], object]) -> ClearholdError:
    with pytest.raises(ClearholdError) as caught:
        change()
    assert caught.value.code == code
    assert caught.value.remedy
    return caught.value


def resolve(house: House, case_id: str, **changed: object) -> CaseSummary:
    arguments: dict[str, object] = {
        "user": "anna",
        "role": "ap_clerk",
        "at": house.clock.now(),
        "resolution": "reject",
        "reason_code": "unreadable",
        "policy": house.policy,
    } | changed
    with house.db.write() as session:
        return cases.resolve(session, case_id, **arguments)  # type: ignore[arg-type]


def claim(house: House, case_id: str, user: str = "anna") -> CaseSummary:
    with house.db.write() as session:
        return cases.claim(session, case_id, user=user, at=house.clock.now())


def next_case(house: House, user: str = "anna", role: str | None = None) -> CaseSummary | None:
    with house.db.write() as session:
        return cases.next_case(session, user=user, role=role, at=house.clock.now())


def actions(house: House, case_id: str) -> list[str]:
    with house.db.read() as session:
        return [entry.action for entry in audit_log.entries(session, subject=f"case:{case_id}")]


def test_the_most_urgent_case_comes_first_and_to_one_person_only(house: House) -> None:
    house.load_feeds()
    small = house.case(invoice({"payment_iban": "DE75512108001245126199", "invoice_number": "A-1"}))
    unreadable = house.case(BROKEN)
    first = next_case(house, "anna")
    second = next_case(house, "bert")
    assert first is not None and first.case_id == small.case_id
    assert second is not None and second.case_id == unreadable.case_id
    assert next_case(house, "carla") is None
    assert first.claimed_by == "anna" and first.state is CaseState.CLAIMED


def test_a_claim_that_ran_out_goes_to_the_next_person_and_the_first_is_told(house: House) -> None:
    case = house.case()
    mine = claim(house, case.case_id, "anna")
    refused("CASE-CLAIMED-BY-OTHER", lambda: claim(house, case.case_id, "bert"))
    house.later(16)
    theirs = next_case(house, "bert")
    assert theirs is not None and theirs.case_id == case.case_id
    assert theirs.claim_token > mine.claim_token

    def beat() -> None:
        with house.db.write() as session:
            cases.heartbeat(session, case.case_id, user="anna", at=house.clock.now(), token=mine.claim_token)

    refused("CASE-CLAIM-LOST", beat)
    refused("CASE-CLAIM-LOST", lambda: resolve(house, case.case_id, token=mine.claim_token))
    refused("CASE-CLAIMED-BY-OTHER", lambda: resolve(house, case.case_id))


def test_a_heartbeat_keeps_the_claim(house: House) -> None:
    case = claim(house, house.case().case_id)
    house.later(14)
    with house.db.write() as session:
        cases.heartbeat(session, case.case_id, user="anna", at=house.clock.now(), token=case.claim_token)
    house.later(14)
    assert next_case(house, "bert") is None


def test_a_released_case_is_anybodys(house: House) -> None:
    case = claim(house, house.case().case_id)
    with house.db.write() as session:
        released = cases.release(session, case.case_id, user="anna", at=house.clock.now())
    assert released.state is CaseState.OPEN and released.claimed_by is None
    assert claim(house, case.case_id, "bert").claimed_by == "bert"
    assert actions(house, case.case_id) == ["case.opened", "case.claimed", "case.released", "case.claimed"]


def test_a_resolved_case_stays_as_it_ended(house: House) -> None:
    case = house.case()
    ended = resolve(house, case.case_id, comment="torn in half")
    assert (ended.state, ended.resolution, ended.reason_code) == (CaseState.RESOLVED, Resolution.REJECT, "unreadable")
    assert (ended.resolved_by, ended.comment) == ("anna", "torn in half")
    refused("CASE-RESOLVED", lambda: resolve(house, case.case_id))
    refused("CASE-RESOLVED", lambda: claim(house, case.case_id))
    assert actions(house, case.case_id)[-1] == "case.resolved"


def test_a_resolution_needs_a_reason_that_fits(house: House) -> None:
    case = house.case()
    error = refused("CASE-REASON-UNKNOWN", lambda: resolve(house, case.case_id, reason_code="price_agreed"))
    assert "duplicate" in error.remedy
    refused("CASE-COMMENT-MISSING", lambda: resolve(house, case.case_id, reason_code="other"))
    refused("CASE-RESOLUTION-UNKNOWN", lambda: resolve(house, case.case_id, resolution="corrected"))
    refused("CASE-COMMENT-LONG", lambda: resolve(house, case.case_id, comment="x" * 5000))
    assert house.get(case.case_id).state is CaseState.OPEN


def test_an_auditor_only_looks(house: House) -> None:
    case = house.case()
    refused("CASE-ROLE", lambda: resolve(house, case.case_id, role="auditor"))


def test_a_change_by_who_has_not_seen_the_newest_version_is_refused(house: House) -> None:
    case = house.case()
    claim(house, case.case_id)
    refused("CASE-CHANGED", lambda: resolve(house, case.case_id, version=case.version))
    assert resolve(house, case.case_id, version=case.version + 1).state is CaseState.RESOLVED


def test_a_case_that_does_not_exist_is_not_found(house: House) -> None:
    refused("CASE-NOT-FOUND", lambda: claim(house, "case_nowhere"))


def test_a_clerk_approves_up_to_the_limit_and_not_above(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"purchase_order_reference": None}, {"purchase_order_reference": None}))
    tight = house.policy.model_copy(update={"approval_limits": {"ap_clerk": {"other": Decimal(200)}}})
    approve = {"resolution": "approve", "reason_code": "price_agreed"}
    refused("CASE-LIMIT", lambda: resolve(house, case.case_id, policy=tight, **approve))
    if case.outcome is Outcome.HOLD:
        assert resolve(house, case.case_id, **approve).resolution is Resolution.APPROVE


def test_a_block_takes_two_approvers_and_no_clerk(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": "DE75512108001245126199"}))
    assert case.outcome is Outcome.BLOCK
    approve = {"resolution": "approve", "reason_code": "account_verified"}
    refused("CASE-BLOCKED", lambda: resolve(house, case.case_id, **approve))
    first = resolve(house, case.case_id, role="ap_approver", user="berta", **approve)
    assert first.state is CaseState.OPEN and first.first_approval_by == "berta"
    refused("CASE-SECOND-PERSON", lambda: resolve(house, case.case_id, role="ap_approver", user="berta", **approve))
    assert next_case(house, "berta", "ap_approver") is None
    refused("CASE-BLOCKED", lambda: resolve(house, case.case_id, **approve))
    ended = resolve(house, case.case_id, role="ap_approver", user="carl", **approve)
    assert ended.state is CaseState.RESOLVED and ended.resolved_by == "carl"
    assert "case.first_approval" in actions(house, case.case_id)


def test_what_is_above_the_touchless_limit_takes_two_people(house: House) -> None:
    house.load_feeds()
    small = {**house.policy.approval_limits, "touchless": {"other": Decimal(100)}}
    house.policy = house.policy.model_copy(update={"approval_limits": small})
    case = house.case(invoice())
    assert case.codes == ("LIMIT-APPROVAL",) and case.outcome is Outcome.HOLD
    approve = {"resolution": "approve", "reason_code": "reading_confirmed"}
    assert resolve(house, case.case_id, **approve).first_approval_by == "anna"
    assert resolve(house, case.case_id, user="berta", role="ap_approver", **approve).state is CaseState.RESOLVED


def test_a_resolution_cannot_be_taken_back_once_the_paper_has_a_new_case(house: House) -> None:
    case = house.case()
    resolve(house, case.case_id)
    with house.db.write() as session:
        assert documents.reopen(session, case.document_id)
    decide_document(house.db, house.lease(), BROKEN, house.policy, house.clock)

    def undo() -> None:
        with house.db.write() as session:
            taking_back.undo(session, case.case_id, user="anna", at=house.clock.now())

    refused("CASE-NEWER", undo)


def test_an_escalated_case_goes_to_the_higher_role_only(house: House) -> None:
    case = house.case()
    with house.db.write() as session:
        at = house.clock.now()
        cases.escalate(session, case.case_id, user="anna", role="ap_clerk", at=at, comment="too much for me")
    assert next_case(house, "anna", "ap_clerk") is None
    theirs = next_case(house, "berta", "ap_approver")
    assert theirs is not None and theirs.case_id == case.case_id
    with house.db.read() as session:
        detail = case_queue.show(session, case.case_id)
        assert case_queue.counts(session, "berta").second_approval == 1
    assert [note.text for note in detail.comments] == ["too much for me"]


def test_a_comment_needs_no_claim(house: House) -> None:
    case = claim(house, house.case().case_id, "anna")
    with house.db.write() as session:
        cases.comment(session, case.case_id, user="bert", at=house.clock.now(), text="I know this one")
    with house.db.write() as session:
        at = house.clock.now()
        refused("CASE-COMMENT-MISSING", lambda: cases.comment(session, case.case_id, user="bert", at=at, text="  "))
    with house.db.read() as session:
        assert [note.author for note in case_queue.show(session, case.case_id).comments] == ["bert"]


def test_ones_own_resolution_can_be_taken_back_for_a_while(house: House) -> None:
    case = house.case()
    resolve(house, case.case_id)

    def undo(user: str) -> CaseSummary:
        with house.db.write() as session:
            return taking_back.undo(session, case.case_id, user=user, at=house.clock.now())

    refused("CASE-UNDO-OTHER", lambda: undo("bert"))
    back = undo("anna")
    assert back.state is CaseState.CLAIMED and back.claimed_by == "anna" and back.resolution is None
    refused("CASE-NOT-RESOLVED", lambda: undo("anna"))
    resolve(house, case.case_id)
    house.later(16)
    refused("CASE-UNDO-LATE", lambda: undo("anna"))


def test_a_rejected_invoice_may_come_again(house: House) -> None:
    house.load_feeds()
    held = house.case(invoice(line={"quantity": "11", "line_net_amount": "220"}))
    resolve(house, held.case_id, reason_code="wrong_quantity")
    again = house.decide(invoice())
    assert again.outcome is Outcome.CLEAR, [finding.code for finding in again.findings]


def correct(house: House, case_id: str, changes: dict[str, str], user: str = "anna") -> CaseSummary:
    with house.db.write() as session:
        return cases.correct(
            session,
            case_id,
            user=user,
            role="ap_clerk",
            at=house.clock.now(),
            changes=changes,
            policy=house.policy,
        )


def test_an_unsure_reading_put_right_ends_the_case(house: House) -> None:
    house.load_feeds()
    unsure = replace(invoice().fields["invoice_number"], value="R-88l2", confidence=0.2)
    case = house.case(replace(invoice(), fields={**invoice().fields, "invoice_number": unsure}))
    assert case.codes == ("DOC-CONFIDENCE",)
    ended = correct(house, case.case_id, {"invoice_number": "R-8812"})
    assert (ended.state, ended.resolution) == (CaseState.RESOLVED, Resolution.CORRECTED)
    with house.db.read() as session:
        detail = case_queue.show(session, case.case_id)
        stored = decisions.latest_decision(session, case.document_id)
    assert stored is not None and stored.record.run == 2 and stored.record.extraction_version == 2
    assert detail.extraction.fields["invoice_number"].value == "R-8812"
    corrected = next(entry for entry in detail.history if entry.action == "case.corrected")
    assert corrected.payload["changes"] == {"invoice_number": {"before": "R-88l2", "after": "R-8812"}}
    assert corrected.actor == "user:anna"


def test_a_correction_that_does_not_clear_says_what_is_found_now(house: House) -> None:
    house.load_feeds()
    case = claim(
        house, house.case(invoice({"seller_vat_id": None, "seller_name": "Nobody", "payment_iban": None})).case_id
    )
    with house.db.write() as session:
        after = cases.correct(
            session,
            case.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            changes={"payment_iban": "DE75512108001245126199", "seller_vat_id": "DE136695976"},
            policy=house.policy,
        )
    assert after.state is CaseState.CLAIMED and after.claimed_by == "anna"
    assert after.outcome is Outcome.BLOCK and "SUP-BANK" in after.codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"no_such_field": "1"}, "CASE-FIELD-UNKNOWN"),
        ({"lines.7.quantity": "1"}, "CASE-LINE-GAP"),
        ({"issue_date": "16.11.2026"}, "CASE-VALUE-UNREADABLE"),
        ({"total_with_vat": "1.234,50"}, "CASE-VALUE-UNREADABLE"),
        ({"document_type": "love letter"}, "CASE-TYPE-UNKNOWN"),
        ({"invoice_number": "x" * 2000}, "CASE-VALUE-LONG"),
        ({"invoice_number": "R-8812"}, "CASE-NOTHING-CHANGED"),
    ],
)
def test_a_correction_that_means_nothing_changes_nothing(house: House, changes: dict[str, str], code: str) -> None:
    house.load_feeds()
    case = house.case(invoice({"total_with_vat": "283"}))

    def correct() -> None:
        with house.db.write() as session:
            cases.correct(
                session,
                case.case_id,
                user="anna",
                role="ap_clerk",
                at=house.clock.now(),
                changes=changes,
                policy=house.policy,
            )

    refused(code, correct)
    assert house.get(case.case_id) == case


def test_the_list_shows_every_case_once_page_by_page(house: House) -> None:
    made = {house.case().case_id for _ in range(7)}
    seen: list[str] = []
    after = None
    while True:
        with house.db.read() as session:
            page = case_queue.list_cases(session, after=after, limit=3)
        seen += [case.case_id for case in page.cases]
        after = page.next_after
        if after is None:
            break
    assert len(seen) == 7 and set(seen) == made
    with house.db.read() as session:
        refused("CASE-CURSOR", lambda: case_queue.list_cases(session, after="nonsense"))


def test_the_list_is_narrowed_by_what_is_asked(house: House) -> None:
    house.load_feeds()
    block = house.case(invoice({"payment_iban": "DE75512108001245126199"}))
    other = house.case(BROKEN)
    claim(house, other.case_id)

    def found(**asked: object) -> set[str]:
        with house.db.read() as session:
            return {case.case_id for case in case_queue.list_cases(session, at=house.clock.now(), **asked).cases}  # type: ignore[arg-type]

    assert found(outcome="block") == {block.case_id}
    assert found(state="open") == {block.case_id}
    assert found(claimed_by="anna") == {other.case_id}
    assert found(query="nordLICHT") == {block.case_id}
    assert found(query="desk lamp") == {block.case_id}
    assert found(query="100%") == set()
    assert found(kind="other") == {other.case_id}
    assert found(queue="planning") == set()
    house.later(20)
    assert found(state="open") == {block.case_id, other.case_id}


def test_counts_are_those_of_the_tabs(house: House) -> None:
    claim(house, house.case().case_id, "anna")
    house.case()
    with house.db.read() as session:
        mine, theirs = case_queue.counts(session, "anna"), case_queue.counts(session, "bert")
    assert (mine.mine, theirs.mine) == (1, 0)
    assert mine.by_queue == {"ap": 2} and mine.by_outcome == {"hold": 2}


def test_ten_people_asking_at_once_get_ten_different_cases(house: House) -> None:
    for _ in range(10):
        house.case()
    got: list[str | None] = []
    gate = threading.Barrier(12)

    def ask(user: str) -> None:
        gate.wait()
        case = next_case(house, user)
        got.append(None if case is None else case.case_id)

    people = [threading.Thread(target=ask, args=(f"person-{number}",)) for number in range(12)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    cases_got = [case_id for case_id in got if case_id is not None]
    assert len(got) == 12 and len(cases_got) == 10 == len(set(cases_got))


def test_priority_is_kept_to_four_decimals_and_bounded() -> None:
    assert case_rows.priority_to_int(Decimal("12.34567")) == 123456
    assert case_rows.priority_to_int(Decimal(10) ** 30) == 2**62
