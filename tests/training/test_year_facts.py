"""The house of the year in memory answers what gathering from a loaded database answers."""

from dataclasses import replace
from pathlib import Path

from benchmarks.controls_speed import remember
from benchmarks.year_facts import YearHouse, decide_year
from core.clock import FixedClock
from core.database import Database
from ingest.feed_load import load_feed
from training.year import Year, build_year
from training.year_papers import extraction_of
from training.year_policy import policy_text
from training.year_run import run
from triage.decide import inputs_hash
from triage.facts import Facts
from triage.gather import gather
from triage.paper import paper_from_extraction
from triage.policy import Policy, load_policy


def test_facts_in_memory_are_those_gathered_from_the_database(
    tmp_path: Path, database: Database, clock: FixedClock
) -> None:
    year = build_year(2, 250)
    _load(database, tmp_path, year, clock)
    policy = load_policy(policy_text(year.items))
    house, at = YearHouse(year), clock.now()
    compared = 0
    for bill in year.bills:
        paper = paper_from_extraction(extraction_of(bill, year.seed), bill.key)
        ours = replace(house.facts(paper, at), feeds=(), iban_changed_at=None)
        with database.read() as session:
            theirs = replace(gather(session, paper, at), feeds=())
        assert inputs_hash(ours) == inputs_hash(theirs), bill
        compared += 1
        house.remember(ours, policy)
        _remember(database, ours, policy)
    assert compared >= 250


def test_papers_are_decided_in_order_each_knowing_those_before_it() -> None:
    year = build_year(3, 200)
    policy = load_policy(policy_text(year.items))
    decided = list(decide_year(year, policy))
    assert [one.bill.key for one in decided] == [bill.key for bill in year.bills]
    honest = {one.bill.key for one in decided if one.bill.fault is None}
    known = {at.document_id for one in decided for at in one.facts.known}
    assert known
    assert known <= honest


def _load(database: Database, folder: Path, year: Year, clock: FixedClock) -> None:
    run(folder, count=250, seed=year.seed, quiet=True)
    for file in sorted((folder / "feeds").glob("*.csv")):
        name = "posted_invoices" if file.stem == "posted_later" else file.stem
        with database.write() as session:
            load_feed(session, name, file.read_bytes(), file_name=file.name, actor="system", at=clock.now())


def _remember(database: Database, facts: Facts, policy: Policy) -> None:
    with database.write() as session:
        remember(session, facts, policy)
