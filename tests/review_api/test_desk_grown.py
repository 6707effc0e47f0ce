"""A small edition of what benchmarks/desk.py measures: every page answers, and nothing is given twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.desk_checks import Said, faults
from benchmarks.desk_house import copy_rows, grow_copy, services_of
from benchmarks.desk_pages import measure
from benchmarks.desk_people import work_together
from benchmarks.desk_world import Size
from core import audit_log
from tests.review_api.conftest import Desk
from tests.triage_shell.conftest import BROKEN
from triage import case_queue, cases

SIZE = Size(cases=2_000, waiting=400, papers=700)


@pytest.fixture
def grown(desk: Desk, tmp_path: Path) -> Path:
    """A house of two thousand cases, grown from three."""
    for number in ("R-20001", "R-20002"):
        desk.held({"invoice_number": number})
    desk.house.case(BROKEN)
    path = tmp_path / "grown.db"
    grow_copy(Path(str(desk.services.db.engine.url.database)), path, SIZE)
    return path


def test_a_grown_house_answers_every_page_and_its_chain_is_sound(grown: Path, tmp_path: Path) -> None:
    with services_of(f"sqlite:///{grown}", tmp_path / "home") as services:
        times = measure(services, 1, warm_up=0)
        assert {one.group for one in times} == {"list", "filter", "search", "next", "case", "audit"}
        with services.db.read() as session:
            counts = case_queue.counts(session, "clerk-01")
            assert sum(counts.by_queue.values()) == SIZE.waiting + 3
            assert audit_log.verify(session) == ()


@pytest.mark.postgres
def test_people_who_work_at_once_get_nothing_twice_and_lose_nothing(
    grown: Path, postgres_url: str, tmp_path: Path
) -> None:
    copy_rows(grown, postgres_url)
    worked = work_together(postgres_url, tmp_path / "home", people=5, minutes=0.01, pause=0.2, claim_seconds=1)
    assert worked.faults == ()
    assert {"next", "case page", "resolve"} <= worked.taken.keys()


def test_the_checks_see_what_must_not_be(desk: Desk) -> None:
    house = desk.house
    case = house.case(BROKEN)
    at = house.clock.now()
    with house.db.read() as session:
        start = audit_log.head(session)
    with house.db.write() as session:
        first = cases.claim(session, case.case_id, user="anna", at=at)
        cases.release(session, case.case_id, user="anna", at=at)
        cases.claim(session, case.case_id, user="bert", at=at)
    assert start is not None
    told = Said(
        who="anna", what="next", case_id=case.case_id, sent=at, received=at, code=None, until=first.claimed_until
    )
    claims = (told, replace(told, who="bert"))
    given_back = replace(told, what="release", until=None)
    with house.db.read() as session:
        assert faults(session, (*claims, given_back), after=start.sequence) == ()
        never_kept = replace(told, what="resolve")
        (lost,) = faults(session, (*claims, given_back, never_kept), after=start.sequence)
        assert lost.what == "lost"
        late = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=1)
        alive = replace(told, what="heartbeat", sent=late, received=late)
        (stolen,) = faults(session, (*claims, given_back, alive), after=start.sequence)
        assert stolen.what == "without a claim"
