"""Figures keep in step with what happens, whatever happens, and a fresh count gives the same."""

from tests.triage_shell.conftest import House
from tests.triage_shell.insights_world import some_weeks
from triage.insights import store, upkeep


def test_counted_as_it_happens_the_sums_are_those_of_a_fresh_count(house: House) -> None:
    past = some_weeks(house)
    upkeep.catch_up(house.db, house.clock)
    case = house.case(past.paper(13))
    upkeep.catch_up(house.db, house.clock)
    past.reject(case.case_id, "anna")
    counted = upkeep.catch_up(house.db, house.clock)
    with house.db.read() as session:
        kept, items = store.everything(session), store.page_of_items(session, after="", limit=1_000)
    upkeep.rebuild(house.db)
    assert upkeep.catch_up(house.db, house.clock).sequence == counted.head
    with house.db.read() as session:
        fresh = store.everything(session)
        assert store.page_of_items(session, after="", limit=1_000) == items
    assert kept == fresh
    assert len(items) == past.order - 1
