"""One action on many cases of one code: foreseen by the rules, done case by case, each audited, nothing twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from core import audit_log
from core.errors import ClearholdError
from tests.triage_shell.conftest import FEEDS, House, invoice
from triage import assignments, bulk_doing, case_rows, cases
from triage.bulk import Asked, Foreseen, check_count, common_code, sums
from triage.bulk_doing import Doer
from triage.bulk_rows import Bulk
from triage.case_records import CaseState, CaseSummary

# The rules and records are the same over either: only what reads and writes in ways of its own is tried over both.
one_database = pytest.mark.parametrize("either_database", ["sqlite"], indirect=True)
CODE = "INV-TERMS"
PEOPLE = {"anna": "ap_clerk", "ben": "ap_clerk", "cleo": "ap_approver"}
REJECT = Asked(action="reject", code=CODE, reason_code="wrong_quantity")
APPROVE = Asked(action="approve", code=CODE, reason_code="price_agreed")


NUMBERS = ("K-4711", "2026/0099", "88-ZX-1", "R-315-B", "77120")
MUCH_ORDERED = {
    name: FEEDS[name].replace(",1,I-1,10,20", ",1,I-1,1000,20").replace(",1,10,2026", ",1,1000,2026")
    for name in ("purchase_order_lines", "goods_receipts")
}


def _held(house: House, number: int) -> CaseSummary:
    """Due before what was agreed, and nothing else wrong; each another quantity, so that none is like another."""
    quantity = 10 + 15 * number
    net, tax = str(quantity * 20), str(quantity * Decimal("3.8"))
    gross = str(quantity * Decimal("23.8"))
    totals = {"total_without_vat": net, "total_vat": tax, "total_with_vat": gross, "amount_due": gross}
    header = {"invoice_number": NUMBERS[number], "due_date": "2026-11-20", **totals}
    paper = invoice(header, {"quantity": str(quantity), "line_net_amount": net})
    rates = paper.tax_breakdown[0]
    said = {"taxable_amount": net, "tax_amount": tax}
    changed = {name: replace(rates[name], value=value) for name, value in said.items()}
    return house.case(replace(paper, sha256=f"{number:064}", tax_breakdown=({**rates, **changed},)))


def _house_of(house: House, count: int) -> list[CaseSummary]:
    house.load_feeds(**MUCH_ORDERED)
    return [_held(house, number) for number in range(count)]


def _doer(house: House, user: str) -> Doer:
    return Doer(user=user, role=PEOPLE[user], roles=PEOPLE, policy=house.policy)


def _foresee(house: House, asked: Asked, made: Sequence[CaseSummary], user: str) -> tuple[Foreseen, ...]:
    with house.db.read() as session:
        ids = [case.case_id for case in made]
        return bulk_doing.foresee(session, asked, ids, _doer(house, user), at=house.clock.now())


def _do(house: House, asked: Asked, made: Sequence[CaseSummary], user: str, bulk_id: str | None = None) -> Bulk:
    chosen = [(case.case_id, case.version) for case in made]
    return bulk_doing.do(house.db, asked, chosen, _doer(house, user), house.clock, bulk_id=bulk_id)


def test_what_is_foreseen_is_what_is_done(house: House) -> None:
    made = _house_of(house, 4)
    with house.db.write() as session:
        cases.claim(session, made[1].case_id, user="ben", at=house.clock.now())
        assignments.assign(
            session, made[2].case_id, to="ben", user="cleo", role="ap_approver", roles=PEOPLE, at=house.clock.now()
        )
    made = [house.get(case.case_id) for case in made]
    foreseen = _foresee(house, REJECT, made, "anna")
    assert [(one.becomes, one.code) for one in foreseen] == [
        ("ends", None),
        ("refused", "CASE-CLAIMED-BY-OTHER"),
        ("refused", "CASE-ASSIGNED"),
        ("ends", None),
    ]
    done = _do(house, REJECT, made, "anna")
    assert [(one.became, one.code) for one in done.results] == [(one.becomes, one.code) for one in foreseen]
    assert [house.get(case.case_id).resolved_by for case in made] == ["anna", None, None, "anna"]
    with house.db.read() as session:
        told = audit_log.entries(session, subject=f"bulk:{done.bulk_id}")
        assert audit_log.verify(session) == ()
    assert [(entry.action, entry.payload["counts"]) for entry in told] == [("bulk.done", {"ends": 2, "refused": 2})]


@one_database
def test_approving_asks_the_limits_and_hands_of_each(house: House) -> None:
    house.load_feeds(**MUCH_ORDERED)
    made = [_held(house, 1), _held(house, 2)]
    foreseen = _foresee(house, APPROVE, made, "cleo")
    done = _do(house, APPROVE, made, "cleo")
    assert [one.becomes for one in foreseen] == [one.became for one in done.results]
    tight = house.policy.model_copy(
        update={"approval_limits": house.policy.approval_limits | {"ap_clerk": {"other": Decimal(1)}}}
    )
    other = _held(house, 3)
    house.policy = tight
    assert [one.code for one in _foresee(house, APPROVE, [other], "anna")] == ["CASE-LIMIT"]


@one_database
def test_a_case_that_changed_since_is_left_alone_and_said(house: House) -> None:
    made = _house_of(house, 2)
    with house.db.write() as session:
        cases.escalate(session, made[0].case_id, user="ben", role="ap_clerk", at=house.clock.now())
    done = _do(house, REJECT, made, "anna")
    assert [(one.became, one.code) for one in done.results] == [("skipped", "CASE-CHANGED"), ("ends", None)]


def test_asked_again_under_its_name_nothing_is_done_twice(house: House) -> None:
    made = _house_of(house, 2)
    first = _do(house, REJECT, made, "anna", "bulk_1")
    assert _do(house, REJECT, made, "anna", "bulk_1") == first
    with house.db.read() as session:
        told = Counter(entry.action for entry in audit_log.all_entries(session))
    assert (told["case.resolved"], told["bulk.done"]) == (2, 1)
    with pytest.raises(ClearholdError) as refused:
        _do(house, replace(REJECT, reason_code="not_ordered"), made, "anna", "bulk_1")
    assert refused.value.code == "BULK-OTHER"


@one_database
def test_a_bulk_that_was_cut_off_goes_on(house: House) -> None:
    made = _house_of(house, 3)

    def cut(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    chosen = [(case.case_id, case.version) for case in made]
    with pytest.raises(KeyboardInterrupt):
        bulk_doing.do(house.db, REJECT, chosen, _doer(house, "anna"), house.clock, bulk_id="bulk_1", progress=cut)
    assert [house.get(case.case_id).state for case in made][-1] is CaseState.OPEN
    assert [one.became for one in _do(house, REJECT, made, "anna", "bulk_1").results] == ["ends"] * 3


@one_database
def test_a_preview_looks_anew_at_so_many_papers_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _house_of(house, 3)
    monkeypatch.setattr(bulk_doing, "LOOKS_AT_ONCE", 1)
    with house.db.write() as session:
        case_rows.must_be_looked_at_again(session, [case.document_id for case in made[1:]])
    found = _foresee(house, APPROVE, made, "cleo")
    assert [one.code for one in found] == [None, None, "CASE-NOT-JUDGED"]


@one_database
def test_what_is_asked_about_waits_for_an_answer(house: House) -> None:
    made = _house_of(house, 2)
    ask = Asked(action="request_information", code=CODE, reason_code="ask_supplier", comment="Which terms?")
    assert [one.becomes for one in _foresee(house, ask, made, "anna")] == ["asked", "asked"]
    assert [one.became for one in _do(house, ask, made, "anna").results] == ["asked", "asked"]
    assert {house.get(case.case_id).state for case in made} == {CaseState.ASKED}


@one_database
def test_cases_held_by_something_else_too_are_left_alone(house: House) -> None:
    house.load_feeds(**MUCH_ORDERED)
    both = house.case(invoice({"invoice_number": "X-4-9", "due_date": "2026-11-20"}, {"unit_price": "30"}))
    made = [_held(house, 1), both]
    assert common_code(made) == CODE
    assert [one.code for one in _foresee(house, REJECT, made, "anna")] == [None, "CASE-BULK-CODE"]


@one_database
def test_giving_many_to_who_is_there_and_escalating_many(house: House) -> None:
    made = _house_of(house, 2)
    give = Asked(action="assign", code=CODE, to="ben")
    assert [one.becomes for one in _foresee(house, give, made, "cleo")] == ["assigned", "assigned"]
    assert [one.code for one in _foresee(house, give, made, "anna")] == ["CASE-ASSIGN-OTHER"] * 2
    _do(house, give, made, "cleo")
    made = [house.get(case.case_id) for case in made]
    assert {case.assigned_to for case in made} == {"ben"}
    _do(house, Asked(action="escalate", code=CODE), made, "ben")
    assert {(case.needs_role, case.assigned_to) for case in map(house.get, (c.case_id for c in made))} == {
        ("ap_approver", None)
    }


@one_database
def test_money_is_summed_by_currency_and_by_what_becomes_of_it(house: House) -> None:
    made = _house_of(house, 3)
    odd = replace(made[2], currency="CHF", total=None)
    found = sums([Foreseen(case=case, becomes="ends") for case in (made[0], made[1], odd)])
    assert [(one.currency, one.count, one.total, one.without_total) for one in found] == [
        ("CHF", 1, Decimal(0), 1),
        ("EUR", 2, Decimal(833), 0),
    ]


@pytest.mark.parametrize("count", [0, 201])
def test_none_and_too_many_are_refused(count: int) -> None:
    with pytest.raises(ClearholdError) as refused:
        check_count(count)
    assert refused.value.code == "BULK-CASES"
