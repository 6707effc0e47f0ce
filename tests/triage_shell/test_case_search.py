"""Cases are found by number, supplier, item and words of the paper; what waits first, then the newest that ended."""

import pytest
from alembic import command

from core.database import Database, alembic_config
from core.errors import InputError
from tests.triage_shell.conftest import BROKEN, House, invoice
from triage import case_counting, case_list, case_queue, case_search, cases
from triage.case_records import CaseSummary

WRONG_ACCOUNT = {"payment_iban": "DE75512108001245126199"}


def found(house: House, query: str, **asked: str) -> list[str]:
    with house.db.read() as session:
        page = case_queue.list_cases(session, query=query, at=house.clock.now(), **asked)  # type: ignore[arg-type]
    return [case.case_id for case in page.cases]


def end(house: House, case: CaseSummary) -> None:
    house.later(1)
    with house.db.write() as session:
        cases.resolve(
            session, case.case_id, user="anna", role="ap_clerk", at=house.clock.now(), resolution="reject",
            reason_code="unreadable", policy=house.policy,
        )  # fmt: skip


def test_a_case_is_found_by_number_supplier_item_and_words_of_its_paper(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice(WRONG_ACCOUNT, {"buyer_item_id": "I-1", "description": "Schreibtischleuchte Größe L"}))
    other = house.case(BROKEN)
    for query in ("R-8812", "r8812", "8812", "R 8812", "nordLICHT", "nordl", "I-1", "schreibtisch größe", "grosse",
                  "Schreibtischleuchte SUP-BANK", "4500001", case.case_id, case.document_id):  # fmt: skip
        assert found(house, query) == [case.case_id], query
    for query in ("nobody", "nordlicht atelier", "%%%", "' OR 1=1 --", '"', "8812:* | nobody", case.case_id[:-1]):
        assert found(house, query) == [], query
    assert found(house, other.case_id) == [other.case_id]
    assert found(house, "nordlicht", outcome="hold") == found(house, "nordlicht", state="resolved") == []


def test_what_was_put_right_is_found_at_once(house: House) -> None:
    house.load_feeds()
    case = house.case(invoice({**WRONG_ACCOUNT, "invoice_number": "R-88I2"}))
    assert found(house, "R-8812") == []
    with house.db.write() as session:
        cases.correct(
            session, case.case_id, user="anna", role="ap_clerk", at=house.clock.now(),
            changes={"invoice_number": "R-8812", "payment_reference": "RF-4711"}, policy=house.policy,
        )  # fmt: skip
    assert found(house, "R-8812") == found(house, "RF-4711") == [case.case_id]


def test_a_search_goes_on_from_what_waits_to_what_has_ended_and_shows_each_case_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.load_feeds()
    made = [house.case(invoice({**WRONG_ACCOUNT, "invoice_number": f"A-{number}"})) for number in range(7)]
    begun = house.case(invoice({**WRONG_ACCOUNT, "invoice_number": "A-8"}, {"description": "Desk lampshade"}))
    for case in (*made[2:5], begun):
        end(house, case)
    waiting = [case.case_id for case in (*made[:2], *made[5:])]
    names = ("NEWEST_READ", "MORE_READ", "FEW", "URGENT_READ")
    for ways in ((3_000, 40_000, 3_000, 500), (1, 2, 3_000, 1), (1, 2, 0, 2), (2, 99, 0, 0)):  # PostgreSQL is asked in
        for name, value in zip(names, ways, strict=True):
            monkeypatch.setattr(case_search, name, value)
        seen = _page_by_page(house, "desk lamp")
        assert sorted(seen[:4]) == sorted(waiting)
        assert seen[4:7] == [case.case_id for case in reversed(made[2:5])]
        assert seen[7:] == [begun.case_id]
    with house.db.read() as session, pytest.raises(InputError, match="no place in the list"):
        case_queue.list_cases(session, query="other words", state="resolved", after=_cursor_of_what_waits(session))


def _page_by_page(house: House, query: str) -> list[str]:
    seen: list[str] = []
    after = None
    while True:
        with house.db.read() as session:
            page = case_queue.list_cases(session, query=query, after=after, limit=2)
        seen += [case.case_id for case in page.cases]
        after = page.next_after
        if after is None:
            return seen


def _cursor_of_what_waits(session: object) -> str:
    page = case_list.page(session, case_list.CaseFilter(), at=None, after=None, limit=1)  # type: ignore[arg-type]
    assert page.next_after is not None
    return page.next_after


def test_cases_that_are_there_are_counted_and_found_after_the_step(either_database: Database, house: House) -> None:
    house.load_feeds()
    waits, ended = house.case(invoice(WRONG_ACCOUNT)), house.case(BROKEN)
    end(house, ended)
    with house.db.read() as session:
        counted = case_counting.waiting(session)
    config = alembic_config(either_database.url)
    command.downgrade(config, "0025")
    command.upgrade(config, "head")
    with house.db.read() as session:
        assert case_counting.waiting(session) == counted
    assert found(house, "R-8812") == [waits.case_id]
    assert found(house, "damaged") == [ended.case_id]
    end(house, waits)
    assert found(house, "R-8812", state="waiting") == [] and found(house, "R-8812") == [waits.case_id]
