"""Open cases are decided again when what they hang on has changed: a feed, the policy, another paper."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from core import audit_log
from core.decisions import Outcome
from ingest.feed_load import load_feed
from tests.triage_shell.conftest import FEEDS, House, invoice
from tests.triage_shell.test_cases import claim, refused, resolve
from triage import decisions, redecide, taking_back
from triage.case_records import CaseState, CaseSummary, Resolution
from triage.policy import Policy
from triage.redecide import SecondLook

NO_RECEIPTS = "receipt_id,po_number,line_number,quantity,received_at\nR-9,4599999,1,1,2026-11-10T08:00:00Z\n"
BLOCK = "document_ref,reason,blocked_at,lifted_at\n4500001,quality,2026-11-22T08:00:00Z,"
APPROVE = {"resolution": "approve", "reason_code": "receipt_follows"}
OTHER_IBAN = "DE75512108001245126199"


@pytest.fixture(autouse=True)
def _no_samples(house: House) -> None:
    """What clears is not drawn for a blind check."""
    sampling = house.policy.sampling.model_copy(update={"share_pct": Decimal(0)})
    house.policy = house.policy.model_copy(update={"sampling": sampling})


def load(house: House, **feeds: str) -> None:
    """Loads some feeds a little later."""
    house.later(10)
    for name, text in feeds.items():
        with house.db.write() as session:
            load_feed(session, name, text.encode(), file_name=name, actor="system", at=house.clock.now())


def look_again(house: House, policy: Policy | None = None) -> list[SecondLook]:
    """Looks at every open case that waits for it, as a worker does."""
    policy = policy or house.policy
    with house.db.read() as session:
        waiting = redecide.waiting(session, policy, limit=100)
    looks = (redecide.look_again(house.db, case_id, policy, house.clock, actor="worker:w") for case_id in waiting)
    return [look for look in looks if look is not None]


def with_name(policy: Policy, **changed: object) -> Policy:
    """Another policy, with a hash of its own."""
    return Policy.model_validate(policy.model_copy(update=changed).model_dump())


def runs(house: House, document_id: str) -> Sequence[Outcome]:
    with house.db.read() as session:
        return [Outcome(one.outcome) for one in decisions.of_document(session, document_id)]


def told(house: House, case_id: str) -> list[tuple[str, str]]:
    with house.db.read() as session:
        return [(entry.action, entry.actor) for entry in audit_log.entries(session, subject=f"case:{case_id}")]


def not_received(house: House, **changed: str | None) -> CaseSummary:
    """The case of a right invoice whose goods nobody has posted yet."""
    house.load_feeds(goods_receipts=NO_RECEIPTS)
    return house.case(invoice(changed))


def test_a_receipt_in_the_feed_lifts_the_hold_and_ends_the_case(house: House) -> None:
    case = not_received(house)
    assert case.codes == ("MATCH-NOT-RECEIVED",)
    load(house, goods_receipts=FEEDS["goods_receipts"])
    (look,) = look_again(house)
    assert look.changed and look.case.state is CaseState.RESOLVED
    assert (look.case.resolution, look.case.reason_code) == (Resolution.CLEARED_BY_FACTS, "facts_changed")
    assert look.case.resolved_by == "worker:w" and look.case.resolved_role is None
    assert runs(house, case.document_id) == [Outcome.HOLD, Outcome.CLEAR]
    assert told(house, case.case_id)[-1] == ("case.resolved", "worker:w")
    assert look_again(house) == []


def test_a_block_lifted_in_the_erp_clears_and_a_new_one_changes_the_case(house: House) -> None:
    case = not_received(house)
    load(house, erp_blocks=BLOCK + "\n")
    (blocked,) = look_again(house)
    assert blocked.case.outcome is Outcome.BLOCK
    assert set(blocked.case.codes) == {"ERP-BLOCK", "MATCH-NOT-RECEIVED"}
    load(house, erp_blocks=BLOCK + "2026-11-23T08:00:00Z\n", goods_receipts=FEEDS["goods_receipts"])
    (cleared,) = look_again(house)
    assert cleared.case.resolution is Resolution.CLEARED_BY_FACTS
    assert runs(house, case.document_id) == [Outcome.HOLD, Outcome.BLOCK, Outcome.CLEAR]


def test_a_load_that_says_nothing_new_about_a_paper_writes_nothing(house: House) -> None:
    case = not_received(house)
    before = house.get(case.case_id)
    load(house, suppliers=FEEDS["suppliers"])
    (look,) = look_again(house)
    assert not look.changed
    assert runs(house, case.document_id) == [Outcome.HOLD]
    after = house.get(case.case_id)
    assert (after.version, after.headline) == (before.version, before.headline)
    assert len(told(house, case.case_id)) == 1
    assert look_again(house) == []


def test_feeds_that_have_grown_old_are_no_news(house: House) -> None:
    case = not_received(house)
    house.later(60 * 30)
    load(house, suppliers=FEEDS["suppliers"])
    assert [look.changed for look in look_again(house)] == [False]
    assert runs(house, case.document_id) == [Outcome.HOLD]


def test_a_fresher_feed_lifts_what_a_stale_one_held(house: House) -> None:
    house.load_feeds()
    house.later(60 * 25)
    case = house.case(invoice())
    assert set(case.codes) == {"FEED-STALE"}
    load(house, **{name: FEEDS[name] for name in ("purchase_orders", "purchase_order_lines", "posted_invoices")})
    (look,) = look_again(house)
    assert look.case.codes == ("FEED-STALE",)
    load(house, goods_receipts=FEEDS["goods_receipts"])
    assert look_again(house)[0].case.resolution is Resolution.CLEARED_BY_FACTS


def test_a_policy_that_was_applied_is_asked_about_every_open_case(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"purchase_order_reference": None}, {"buyer_item_id": None, "description": None}))
    assert "INV-NO-PO" in case.codes
    documents = dict(house.policy.documents)
    kind = next(kind for kind in documents if kind.value == "invoice")
    documents[kind] = documents[kind].model_copy(update={"order_required": False})
    loose = with_name(house.policy, documents=documents)
    (look,) = look_again(house, loose)
    assert (look.case.resolution, look.case.reason_code) == (Resolution.CLEARED_BY_FACTS, "policy_changed")
    assert look_again(house, loose) == []


def test_a_claimed_case_stays_with_its_holder_and_says_what_changed(house: House) -> None:
    case = claim(house, not_received(house, payment_iban=OTHER_IBAN).case_id)
    load(house, goods_receipts=FEEDS["goods_receipts"])
    (look,) = look_again(house)
    after = look.case
    assert (after.state, after.claimed_by, after.claim_token) == (CaseState.CLAIMED, "anna", case.claim_token)
    assert after.codes == ("SUP-BANK",) and after.version > case.version
    changed = _changes(house, case.case_id)[-1]
    assert (changed["gone"], changed["appeared"]) == (["MATCH-NOT-RECEIVED"], [])
    refused("CASE-CHANGED", lambda: resolve(house, case.case_id, version=case.version))


def test_a_first_approval_is_void_once_the_findings_have_changed(house: House) -> None:
    case = not_received(house, payment_iban=OTHER_IBAN)
    resolve(house, case.case_id, user="berta", role="ap_approver", **APPROVE)
    load(house, suppliers=FEEDS["suppliers"])
    look_again(house)
    assert house.get(case.case_id).first_approval_by == "berta"
    load(house, goods_receipts=FEEDS["goods_receipts"])
    look_again(house)
    assert house.get(case.case_id).first_approval_by is None
    assert _changes(house, case.case_id)[-1]["voided_approval_by"] == "berta"


def test_nobody_approves_what_is_not_so_any_more(house: House) -> None:
    case = not_received(house)
    load(house, erp_blocks=BLOCK + "\n")
    refused("CASE-FACTS-CHANGED", lambda: resolve(house, case.case_id, **APPROVE))
    look_again(house)
    refused("CASE-ERP-BLOCKED", lambda: resolve(house, case.case_id, **APPROVE))


def test_a_duplicate_does_not_block_its_original_when_that_is_looked_at_again(house: House) -> None:
    original = not_received(house)
    copy = house.case(invoice())
    assert "INV-DUPLICATE" in copy.codes
    load(house, goods_receipts=FEEDS["goods_receipts"])
    looks = {look.case.case_id: look.case for look in look_again(house)}
    assert looks[original.case_id].resolution is Resolution.CLEARED_BY_FACTS
    assert "INV-DUPLICATE" in house.get(copy.case_id).codes


def test_the_copy_is_judged_again_when_the_original_is_sent_back(house: House) -> None:
    original = not_received(house)
    copy = house.case(invoice())
    resolve(house, original.case_id, reason_code="wrong_recipient")
    (look,) = look_again(house)
    assert look.case.case_id == copy.case_id
    assert look.case.codes == ("MATCH-NOT-RECEIVED",)


def test_a_later_paper_counts_once_it_has_cleared(house: House) -> None:
    house.load_feeds()
    other = {"payment_iban": OTHER_IBAN, "invoice_number": "AB-301", "issue_date": "2026-11-12"}
    totals = {"total_without_vat": "60", "total_vat": "11.40", "total_with_vat": "71.40", "amount_due": "71.40"}
    earlier = house.case(invoice(other | totals, {"quantity": "3", "line_net_amount": "60"}))
    assert house.decide(replace(invoice(), sha256="1" * 64)).outcome is Outcome.CLEAR
    (look,) = look_again(house)
    assert look.case.case_id == earlier.case_id
    assert "MATCH-OVERBILLED" in look.case.codes


def test_a_paper_drawn_for_a_blind_check_stays_drawn(house: House) -> None:
    house.load_feeds()
    everything = house.policy.sampling.model_copy(update={"share_pct": Decimal(100), "max_pct": Decimal(100)})
    none_drawn, house.policy = house.policy, with_name(house.policy, sampling=everything)
    case = house.case(invoice())
    assert case.outcome is Outcome.SAMPLE
    assert [look.changed for look in look_again(house, none_drawn)] == [False]
    assert house.get(case.case_id).outcome is Outcome.SAMPLE


def test_two_workers_look_at_each_case_once(house: House) -> None:
    numbers = [f"46{number}0000" for number in range(6)]
    orders = "".join(f"{number},S-1,2026-11-01T08:00:00Z,EUR,open\n" for number in numbers)
    lines = "".join(f"{number},1,I-1,10,20,PCE,Desk lamp,19\n" for number in numbers)
    house.load_feeds(
        purchase_orders=FEEDS["purchase_orders"] + orders,
        purchase_order_lines=FEEDS["purchase_order_lines"] + lines,
        goods_receipts=NO_RECEIPTS,
    )
    made = [
        house.case(invoice({"invoice_number": f"N{number}-{number[2] * 3}", "purchase_order_reference": number}))
        for number in numbers
    ]
    blocks = "".join(f"{number},quality,2026-11-22T08:00:00Z,\n" for number in numbers)
    load(house, erp_blocks="document_ref,reason,blocked_at,lifted_at\n" + blocks)
    looks: list[SecondLook] = []
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        looks.extend(look_again(house))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    changed = [look.case.case_id for look in looks if look.changed]
    assert sorted(changed) == sorted(case.case_id for case in made)
    assert {len(runs(house, case.document_id)) for case in made} == {2}


def test_the_most_money_is_looked_at_first(house: House) -> None:
    house.load_feeds(goods_receipts=NO_RECEIPTS)
    small, large = "4500002", "4500001"
    house.case(
        invoice(
            {"purchase_order_reference": small, "total_with_vat": "95.20", "total_without_vat": "80"},
            {"quantity": "4", "line_net_amount": "80"},
        )
    )
    house.case(invoice({"purchase_order_reference": large, "invoice_number": "R-2"}))
    load(house, suppliers=FEEDS["suppliers"])
    with house.db.read() as session:
        first, second = redecide.waiting(session, house.policy, limit=10)
        assert redecide.waiting(session, house.policy, limit=1) == (first,)
    assert house.get(first).priority > house.get(second).priority


def test_what_changed_facts_have_cleared_is_not_undone(house: House) -> None:
    case = not_received(house)
    load(house, goods_receipts=FEEDS["goods_receipts"])
    look_again(house)

    def undo() -> None:
        with house.db.write() as session:
            taking_back.undo(session, case.case_id, user="anna", at=house.clock.now())

    refused("CASE-RESOLVED", undo)


def _changes(house: House, case_id: str) -> list[dict[str, object]]:
    with house.db.read() as session:
        entries = audit_log.entries(session, subject=f"case:{case_id}")
    return [dict(entry.payload) for entry in entries if entry.action == "case.changed"]
