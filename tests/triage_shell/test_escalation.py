"""The policy's timers hand on what nobody does: once each, audited with the policy's version, by the clock given."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core import audit_log
from core.errors import InputError
from tests.triage_shell.conftest import House, invoice
from triage import assignments, case_rows, cases, policies
from triage.case_conditions import waited_under
from triage.case_records import CaseSummary
from triage.escalation import escalate_all
from triage.escalation_rules import is_due
from triage.policies import built_in_text
from triage.policy import load_policy
from triage.policy_escalations import Escalation

TIMERS = """
[[escalations]]
name = "nobody's for a day"
codes = ["DOC-ARITHMETIC"]
when = "unclaimed"
after_hours = 24
to_role = "ap_approver"

[[escalations]]
name = "overdue"
when = "past_due"
after_hours = 0
to_role = "admin"
to_queue = "rescue"
"""


def _begin(house: House, timers: str = TIMERS) -> None:
    house.load_feeds()
    with house.db.write() as session:
        policies.start_with(session, built_in_text() + timers, at=house.clock.now())


def _held(house: House, number: int = 1) -> CaseSummary:
    return house.case(invoice({"invoice_number": f"R-{number}"}, {"unit_price": "30"}))


def test_a_case_nobody_took_for_a_day_goes_to_the_role_the_policy_names_once(house: House) -> None:
    _begin(house)
    case = _held(house)
    with house.db.write() as session:
        assignments.assign(
            session, case.case_id, to="anna", user="anna", role="ap_clerk", roles={"anna": "ap_clerk"},
            at=house.clock.now(),
        )  # fmt: skip
    house.later(24 * 60 - 1)
    assert escalate_all(house.db, house.clock) == 0
    house.later(1)
    assert (escalate_all(house.db, house.clock), escalate_all(house.db, house.clock)) == (1, 0)
    after = house.get(case.case_id)
    assert (after.needs_role, after.assigned_to, after.queue) == ("ap_approver", None, "ap")
    assert after.escalations == ("nobody's for a day",)
    with house.db.read() as session:
        told = audit_log.entries(session, subject=f"case:{case.case_id}")[-1]
        assert audit_log.verify(session) == ()
    assert (told.actor, told.action, told.payload["policy_version"]) == ("system", "case.escalated", 1)
    assert (told.payload["rule"], told.payload["to_role"]) == ("nobody's for a day", "ap_approver")


def test_what_somebody_works_on_is_left_to_them_and_counts_from_when_it_was_given_back(house: House) -> None:
    _begin(house)
    case = _held(house)
    house.later(23 * 60)
    with house.db.write() as session:
        cases.claim(session, case.case_id, user="anna", at=house.clock.now(), minutes=120)
    house.later(61)
    assert escalate_all(house.db, house.clock) == 0
    with house.db.write() as session:
        cases.release(session, case.case_id, user="anna", at=house.clock.now())
    house.later(23 * 60)
    assert escalate_all(house.db, house.clock) == 0
    house.later(60)
    assert escalate_all(house.db, house.clock) == 1


def test_what_is_past_due_waits_in_the_queue_the_policy_names(house: House) -> None:
    _begin(house)
    case = _held(house)
    assert case.due_at is not None
    house.clock.instant = case.due_at
    assert escalate_all(house.db, house.clock) == 2
    after = house.get(case.case_id)
    assert (after.queue, after.needs_role, len(after.escalations)) == ("rescue", "admin", 2)


def test_the_database_finds_at_least_what_the_rule_hands_on(house: House) -> None:
    house.load_feeds()
    made = [_held(house), house.case()]
    with house.db.write() as session:
        cases.claim(session, made[0].case_id, user="anna", at=house.clock.now())
    conditions: list[dict[str, Any]] = [
        {}, {"codes": ("DOC-ARITHMETIC",)}, {"outcomes": ("block",)}, {"queues": ("ap",)}, {"kinds": ("other",)},
    ]  # fmt: skip
    rules = [
        Escalation(name=f"rule {place}", to_role="admin", when="unclaimed", after_hours=Decimal(place + 1), **more)
        for place, more in enumerate(conditions)
    ]
    for hours in (1, 2, 3, 6):
        at = house.clock.now() + timedelta(hours=hours)
        for rule in rules:
            with house.db.read() as session:
                found = case_rows.those_where(session, waited_under(rule, at), after="", limit=9)
            due = {case.case_id for one in made if is_due(rule, case := house.get(one.case_id), at)}
            assert {case.case_id for case in found} == due, (rule, hours)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('when = "unclaimed"\nafter_hours = 24', "names a to_role, a to_queue, or both"),
        ('when = "unclaimed"\nafter_hours = 0\nto_role = "admin"', "above 0"),
        ('when = "unclaimed"\nafter_hours = -1\nto_role = "admin"', "escalations[0].after_hours"),
        ('when = "never"\nafter_hours = 1\nto_role = "admin"', "escalations[0].when"),
        ('when = "past_due"\nto_role = "admin"', "escalations[0].after_hours is missing"),
        ('codes = ["NO-CODE"]\nwhen = "past_due"\nafter_hours = 1\nto_role = "admin"', "NO-CODE is no code"),
    ],
)
def test_a_timer_that_cannot_be_meant_is_refused_with_its_line(wrong: str, said: str) -> None:
    text = built_in_text() + f'\n[[escalations]]\nname = "one"\n{wrong}\n'
    with pytest.raises(InputError) as refused:
        policies.checked(text)
    assert said in refused.value.message
    assert "line " in refused.value.message


def test_two_timers_of_one_name_are_refused_and_none_changes_no_hash() -> None:
    timer = '[[escalations]]\nname = "one"\nwhen = "past_due"\nafter_hours = 1\nto_role = "admin"\n'
    with pytest.raises(InputError, match="two escalations"):
        load_policy(f"{built_in_text()}\n{timer}\n{timer}")
    assert load_policy(f"{built_in_text()}\n{timer}").hash != load_policy(built_in_text()).hash
