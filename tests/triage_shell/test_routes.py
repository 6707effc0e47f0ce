"""Routes in the queue: recorded with the case, kept to by the list, and followed when another policy is applied."""

from decimal import Decimal

from core import audit_log
from tests.triage_shell.conftest import House, invoice
from tests.triage_shell.test_cases import actions, refused, resolve
from tests.triage_shell.test_redecide import look_again, with_name
from triage import case_queue, cases
from triage.policy import Policy
from triage.policy_people import Route

OTHER_IBAN = "DE75512108001245126199"
TREASURY = Route(
    name="bank accounts",
    codes=("SUP-BANK",),
    queue="treasury",
    needs_role="ap_approver",
    priority_factor=Decimal(3),
)


def with_treasury(policy: Policy) -> Policy:
    return with_name(policy, routes=(TREASURY, *policy.routes))


def test_a_case_is_opened_in_its_teams_queue_and_says_by_which_route(house: House) -> None:
    house.load_feeds()
    plain = house.case(invoice({"payment_iban": OTHER_IBAN}))
    house.policy = with_treasury(house.policy)
    routed = house.case(invoice({"payment_iban": OTHER_IBAN, "purchase_order_reference": "4500002"}))
    assert (plain.queue, plain.needs_role) == ("ap", None)
    assert (routed.queue, routed.needs_role) == ("treasury", "ap_approver")
    assert routed.route == {
        "name": "bank accounts",
        "queue": "treasury",
        "needs_role": "ap_approver",
        "priority_factor": "3",
    }
    with house.db.read() as session:
        opened = audit_log.entries(session, subject=f"case:{routed.case_id}")[0]
        listed = case_queue.list_cases(session, queue="treasury").cases
        counts = case_queue.counts(session, "anna")
    assert opened.payload["route"] == routed.route
    assert [case.case_id for case in listed] == [routed.case_id]
    assert counts.by_queue == {"ap": 1, "treasury": 1}


def test_only_the_role_of_the_route_gets_and_approves_the_case(house: House) -> None:
    house.load_feeds()
    house.policy = with_treasury(house.policy)
    case = house.case(invoice({"payment_iban": OTHER_IBAN}))
    with house.db.write() as session:
        at = house.clock.now()
        assert cases.next_case(session, user="anna", role="ap_clerk", queues=("treasury",), at=at) is None
        given = cases.next_case(session, user="berta", role="ap_approver", at=at)
    assert given is not None and given.case_id == case.case_id
    refused(
        "CASE-BLOCKED",
        lambda: resolve(house, case.case_id, user="berta", resolution="approve", reason_code="other", comment="x"),
    )


def test_another_policy_hands_open_cases_to_other_teams_and_decides_nothing_anew(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": OTHER_IBAN}))
    routed = with_treasury(house.policy)
    (look,) = look_again(house, routed)
    assert not look.changed
    assert (look.case.queue, look.case.needs_role) == ("treasury", "ap_approver")
    assert look.case.priority > case.priority
    assert actions(house, case.case_id) == ["case.opened", "case.rerouted"]
    (back,) = look_again(house, house.policy)
    assert (back.case.queue, back.case.needs_role) == ("ap", None)
    assert look_again(house, house.policy) == []


def test_what_people_asked_for_stays_when_the_route_changes(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({"payment_iban": OTHER_IBAN}))
    with house.db.write() as session:
        at = house.clock.now()
        cases.escalate(session, case.case_id, user="anna", role="ap_clerk", at=at, to_role="admin")
    (look,) = look_again(house, with_treasury(house.policy))
    assert (look.case.queue, look.case.needs_role) == ("treasury", "admin")
