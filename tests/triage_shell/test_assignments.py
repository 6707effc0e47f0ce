"""Work that was given to somebody waits for them; while they are away it is their substitute's, with own rights."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest

from core import audit_log
from core.errors import ClearholdError
from tests.triage_shell.conftest import House, invoice
from triage import absences, assignments, case_list, case_queue, cases
from triage.case_records import CaseSummary
from triage.narrowing import Narrowing
from triage.standing_in import Absence

# The rules and records are the same over either: only what reads and writes in ways of its own is tried over both.
one_database = pytest.mark.parametrize("either_database", ["sqlite"], indirect=True)
PEOPLE = {"anna": "ap_clerk", "ben": "ap_clerk", "cleo": "ap_approver", "dirk": "ap_clerk", "eva": "ap_approver"}


def _held(house: House, number: int) -> CaseSummary:
    return house.case(invoice({"invoice_number": f"R-{number}"}, {"unit_price": "30"}))


def _assign(house: House, case_id: str, to: str, by: str = "cleo", version: int | None = None) -> CaseSummary:
    with house.db.write() as session:
        return assignments.assign(
            session, case_id, to=to, user=by, role=PEOPLE[by], roles=PEOPLE, at=house.clock.now(), version=version
        )[0]


def _next(house: House, user: str, people: Mapping[str, str] = PEOPLE) -> str | None:
    with house.db.write() as session:
        found = cases.next_case(session, user=user, role=PEOPLE[user], roles=people, at=house.clock.now())
    return None if found is None else found.case_id


def _away(house: House, person: str, substitute: str | None, days: int = 3) -> Absence:
    first = house.clock.now().date()
    with house.db.write() as session:
        return absences.add(
            session,
            person=person,
            first_day=first,
            last_day=first + timedelta(days=days),
            substitute=substitute,
            user=person,
            role=PEOPLE[person],
            roles=PEOPLE,
            at=house.clock.now(),
        )


def _refused(house: House, case_id: str, to: str, by: str) -> str:
    with pytest.raises(ClearholdError) as refused:
        _assign(house, case_id, to, by)
    return refused.value.code


def _claim_of(house: House, case_id: str, user: str) -> str | None:
    """Why a person is told, before they try, that they may not claim the case."""
    with house.db.read() as session:
        every = case_queue.what_may(
            session, case_id, user=user, role=PEOPLE[user], policy=house.policy, at=house.clock.now()
        )
    return next(may.code for may in every if may.action == "claim")


def _actions(house: House, subject: str) -> list[str]:
    with house.db.read() as session:
        return [entry.action for entry in audit_log.entries(session, subject=subject)]


def test_ones_own_work_comes_first_and_is_nobody_elses(house: House) -> None:
    first, second = sorted((_held(house, 1), _held(house, 2)), key=lambda case: (-case.priority, case.case_id))
    _assign(house, second.case_id, "anna")
    assert _next(house, "ben") == first.case_id
    assert _next(house, "ben") is None
    with house.db.write() as session, pytest.raises(ClearholdError) as refused:
        cases.claim(session, second.case_id, user="ben", at=house.clock.now())
    assert refused.value.code == "CASE-ASSIGNED"
    assert [_claim_of(house, second.case_id, user) for user in ("ben", "anna")] == ["CASE-ASSIGNED", None]
    with house.db.write() as session, pytest.raises(ClearholdError) as refused:
        cases.resolve(
            session, second.case_id, user="ben", role="ap_clerk", at=house.clock.now(), resolution="reject",
            policy=house.policy, reason_code="other", comment="mine",
        )  # fmt: skip
    assert refused.value.code == "CASE-ASSIGNED", "nor decided by anybody else without a claim"
    with house.db.write() as session, pytest.raises(ClearholdError) as refused:
        cases.correct(
            session, second.case_id, user="ben", role="ap_clerk", at=house.clock.now(), changes={"currency": "USD"},
            policy=house.policy,
        )  # fmt: skip
    assert refused.value.code == "CASE-ASSIGNED"
    assert _next(house, "anna") == second.case_id
    assert _actions(house, f"case:{second.case_id}")[-2:] == ["case.assigned", "case.claimed"]


@one_database
def test_a_clerk_takes_for_themselves_and_gives_to_nobody(house: House) -> None:
    case = _held(house, 1)
    assert _refused(house, case.case_id, "ben", by="anna") == "CASE-ASSIGN-OTHER"
    assert _assign(house, case.case_id, "anna", by="anna", version=case.version).assigned_to == "anna"
    assert _refused(house, case.case_id, "ben", by="ben") == "CASE-ASSIGNED"
    assert _refused(house, case.case_id, "nobody", by="cleo") == "CASE-ASSIGNEE-UNKNOWN"
    with house.db.write() as session:
        freed = assignments.unassign(
            session, case.case_id, user="anna", role="ap_clerk", roles=PEOPLE, at=house.clock.now()
        )
    assert (freed.assigned_to, _next(house, "ben")) == (None, case.case_id)


def test_the_work_of_who_is_away_is_the_substitutes_and_comes_back(house: House) -> None:
    case = _held(house, 1)
    _assign(house, case.case_id, "anna")
    away = _away(house, "anna", "ben")
    assert (_next(house, "dirk"), _next(house, "ben")) == (None, case.case_id)
    with house.db.write() as session:
        cases.release(session, case.case_id, user="ben", at=house.clock.now())
        absences.end(session, away.absence_id, user="anna", role="ap_clerk", at=house.clock.now())
    assert (_next(house, "ben"), _next(house, "anna")) == (None, case.case_id)
    assert _actions(house, "user:anna") == ["absence.added", "absence.ended"]


@one_database
def test_what_is_given_to_who_is_away_goes_to_their_substitutes_substitute_and_says_so(house: House) -> None:
    case = _held(house, 1)
    _away(house, "anna", "ben")
    _away(house, "ben", "dirk")
    with house.db.write() as session:
        after, receiver = assignments.assign(
            session, case.case_id, to="anna", user="cleo", role="ap_approver", roles=PEOPLE, at=house.clock.now()
        )
        assert (after.assigned_to, receiver.instead_of and receiver.instead_of.person) == ("dirk", "anna")
    _away(house, "dirk", "anna")
    assert _refused(house, case.case_id, "anna", by="cleo") == "CASE-ASSIGNEE-AWAY"


@one_database
def test_what_nobody_stands_in_for_is_everybodys(house: House) -> None:
    case = _held(house, 1)
    _assign(house, case.case_id, "anna")
    _away(house, "anna", None)
    assert _next(house, "ben") == case.case_id


@one_database
def test_work_of_people_who_have_left_is_everybodys(house: House) -> None:
    case = _held(house, 1)
    _assign(house, case.case_id, "anna")
    assert _next(house, "ben", {name: role for name, role in PEOPLE.items() if name != "anna"}) == case.case_id


def test_standing_in_gives_no_rights(house: House) -> None:
    case = _held(house, 1)
    with house.db.write() as session:
        cases.escalate(session, case.case_id, user="anna", role="ap_clerk", at=house.clock.now())
    assert _refused(house, case.case_id, "ben", by="cleo") == "CASE-ASSIGNEE-ROLE"
    _assign(house, case.case_id, "cleo")
    _away(house, "cleo", "anna")
    assert _next(house, "anna") is None
    assert _next(house, "eva") == case.case_id


@one_database
def test_an_absence_is_ones_own_to_enter_and_does_not_overlap(house: House) -> None:
    _away(house, "anna", "ben")
    today = house.clock.now().date()
    for person, first, last, substitute, code in (
        ("anna", today, today, None, "ABSENCE-OVERLAP"),
        ("ben", today, today, None, "ABSENCE-OTHER"),
        ("anna", today + timedelta(9), today + timedelta(8), None, "ABSENCE-DAYS"),
        ("anna", today + timedelta(9), today + timedelta(9), "anna", "ABSENCE-SUBSTITUTE"),
        ("anna", date(2026, 1, 1), date(2026, 1, 2), None, "ABSENCE-DAYS"),
    ):
        with house.db.write() as session, pytest.raises(ClearholdError) as refused:
            absences.add(
                session, person=person, first_day=first, last_day=last, substitute=substitute, user="anna",
                role="ap_clerk", roles=PEOPLE, at=house.clock.now(),
            )  # fmt: skip
        assert refused.value.code == code


def test_a_list_is_narrowed_as_python_would_narrow_it(house: House) -> None:
    made = [_held(house, number) for number in range(3)] + [house.case()]
    _assign(house, made[0].case_id, "anna")
    every = {case.case_id: house.get(case.case_id) for case in made}
    at = house.clock.now() + timedelta(days=2)
    stake = every[made[0].case_id].amount_at_risk
    code = made[0].codes[0]
    wanted: dict[Narrowing, Callable[[CaseSummary], bool]] = {
        Narrowing(code=code): lambda case: code in case.codes,
        Narrowing(code=code, alone=True): lambda case: case.codes == (code,),
        Narrowing(supplier="nordlicht"): lambda case: "Nordlicht" in case.subject,
        Narrowing(min_amount=stake): lambda case: case.amount_at_risk >= stake,
        Narrowing(max_amount=stake - 1): lambda case: case.amount_at_risk < stake,
        Narrowing(due="over"): lambda case: case.due_at is not None and case.due_at < at,
        Narrowing(older_days=2): lambda case: case.opened_at <= at - timedelta(days=2),
        Narrowing(assigned_to="anna"): lambda case: case.assigned_to == "anna",
        Narrowing(user="anna", shares=frozenset({"anna"})): lambda case: case.assigned_to == "anna",
        Narrowing(is_escalated=True): lambda case: False,
    }
    for narrowing, fits in wanted.items():
        with house.db.read() as session:
            found = case_list.page(session, case_list.CaseFilter(narrowing=narrowing), at=at, after=None, limit=50)
            counted = case_list.count_up_to(session, case_list.CaseFilter(narrowing=narrowing), at=at, most=50)
        expected = {case_id for case_id, case in every.items() if fits(case)}
        assert {case.case_id for case in found.cases} == expected, narrowing
        assert counted == len(expected)
