"""The generated year: its books agree with its papers, every kind of fault is in it, and its feeds are loadable."""

import json
from collections import Counter
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.database import Database
from core.money import exact_sum
from ingest.feed_load import load_feed
from training.cli import main
from training.year import Year, build_year, last_load
from training.year_books import LAST_DAY
from training.year_papers import extraction_of
from training.year_planting import KINDS
from training.year_shipments import NOTE_FAULTS
from triage.carried import CARRIED
from triage.controls.catalogue import CONTROLS
from triage.policy import load_policy

# What needs the bytes of a paper, or a person's corrections, and cannot be planted in facts.
NOT_PLANTED = {"DOC-UNREADABLE", "DOC-CORRECTED", *CARRIED}


@pytest.fixture(scope="module")
def year() -> Year:
    return build_year(1, 1200)


def test_the_same_seed_gives_the_same_year_and_another_seed_another(year: Year) -> None:
    assert build_year(1, 1200) == year
    assert [bill.paper.number for bill in build_year(2, 1200).bills] != [bill.paper.number for bill in year.bills]


def test_a_year_holds_at_least_what_was_asked_for_in_order_of_arrival(year: Year) -> None:
    assert len(year.bills) >= 1200
    assert [bill.arrives for bill in year.bills] == sorted(bill.arrives for bill in year.bills)
    assert all(bill.arrives.date() <= LAST_DAY for bill in year.bills)
    assert len({bill.key for bill in year.bills}) == len(year.bills)


def test_every_kind_of_fault_is_planted(year: Year) -> None:
    assert {bill.fault for bill in year.bills} == {*KINDS, *NOTE_FAULTS, "feed-missing", "feed-stale", None}


def test_every_control_of_papers_has_a_fault_that_it_must_find() -> None:
    planted = {code for kind in KINDS.values() for code in kind.codes} | {"FEED-MISSING", "FEED-STALE"}
    planted |= {code for code, _, _ in NOTE_FAULTS.values()}
    assert {control.code for control in CONTROLS} - NOT_PLANTED <= planted
    assert planted <= {control.code for control in CONTROLS}


def test_honest_invoices_bill_what_was_ordered_and_received_before_they_came(year: Year) -> None:
    received: Counter[tuple[str, str]] = Counter()
    for receipt in year.receipts:
        received[receipt.po_number, receipt.line_number] += int(receipt.quantity)
    for bill in year.bills:
        if bill.fault or bill.pattern != "single":
            continue
        for line in bill.paper.lines:
            assert received[bill.orders[0], str(line.purchase_order_line)] >= line.quantity, bill.key


def test_honest_papers_add_up(year: Year) -> None:
    for bill in year.bills:
        totals = bill.paper.totals
        if bill.fault is None and totals is not None:
            assert exact_sum(line.net for line in bill.paper.lines) == totals.net
            assert totals.net + totals.tax == totals.gross


def test_a_supplier_never_gives_a_number_twice(year: Year) -> None:
    first = [bill for bill in year.bills if bill.fault is None and bill.pattern != "corrected"]
    numbers = Counter((bill.trader.supplier_id, bill.paper.number) for bill in first)
    assert max(numbers.values()) == 1


def test_a_reading_shows_only_what_the_suppliers_bills_show(year: Year) -> None:
    for bill in year.bills[:200]:
        extraction = extraction_of(bill, year.seed)
        for row in extraction.lines:
            assert ("gtin" in row) <= ("gtin" in bill.trader.shows)
            assert ("purchase_order_line" in row) <= ("purchase_order_line" in bill.trader.shows)


def test_a_feed_was_last_loaded_at_six_in_the_morning(year: Year) -> None:
    at = year.bills[100].arrives
    loaded = last_load(year.loads["goods_receipts"], at)
    assert loaded is not None
    assert loaded.hour == 6
    assert (at - loaded).days == 0


def test_the_program_writes_feeds_papers_and_what_was_planted(
    tmp_path: Path, database: Database, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", str(tmp_path), "-n", "300", "--seed", "3", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    papers = [json.loads(line) for line in (tmp_path / "papers.jsonl").read_text().splitlines()]
    planted = json.loads((tmp_path / "planted.json").read_text())
    assert len(papers) == made["papers"]
    assert len(planted) == made["planted"]
    assert {entry["document_id"] for entry in planted} <= {paper["document_id"] for paper in papers}
    assert load_policy((tmp_path / "policy.toml").read_text()).approval_limit("touchless", "SEK") == 500_000
    for file in sorted((tmp_path / "feeds").glob("*.csv")):
        name = "posted_invoices" if file.stem == "posted_later" else file.stem
        with database.write() as session:
            loaded = load_feed(session, name, file.read_bytes(), file_name=file.name, actor="system", at=clock.now())
        assert loaded.rejected == (), file.name
