"""Measures how many invoice lines a second are matched and controlled: in batch, from a loaded database, and in SQL."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from benchmarks.three_way_sql import INDEXES, QUERY, SCHEMA
from benchmarks.year_facts import Decided
from core.clock import SystemClock
from core.collecting import collecting_seldom
from core.database import Database, WriteSession
from ingest.feed_load import load_feed
from training.year import Year
from training.year_run import write_year_feeds
from triage import pending, shipments
from triage.decide import run_controls
from triage.facts import Facts, Paper
from triage.gather import gather, gather_many
from triage.header import billed_headers
from triage.match import billed_lines, known_invoice, pair_lines
from triage.policy import Policy
from triage.shipped import known_shipment, shipped_lines

_ONE_BY_ONE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Lines and papers in so many seconds of one core."""

    name: str
    lines: int
    papers: int
    seconds: float

    @property
    def lines_per_second(self) -> float:
        """Lines a second a core."""
        return self.lines / max(self.seconds, 1e-9)


def in_batch(decided: Sequence[Decided], policy: Policy) -> list[Speed]:
    """Match alone, then match and controls, from facts in memory; the best of three runs each."""
    every = [one.facts for one in decided]

    def match() -> None:
        for facts in every:
            pair_lines(facts)

    def both() -> None:
        judge(every, policy)

    papers = [facts.paper for facts in every]
    return [_timed("match alone, in batch", papers, match), _timed("match and controls, in batch", papers, both)]


def judge(every: Iterable[Facts], policy: Policy) -> None:
    """Matches and controls papers whose facts are known."""
    for facts in every:
        run_controls(facts, pair_lines(facts), policy)


def from_database(year: Year, decided: Sequence[Decided], remembered: Sequence[Facts], policy: Policy) -> list[Speed]:
    """The same against SQLite loaded with the whole year: gathered many at once, and paper by paper."""
    papers = [one.facts.paper for one in decided]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/year.db")
        database.migrate()
        load_year(database, year, remembered, policy, Path(folder))
        at = SystemClock().now()
        with database.read() as session, collecting_seldom():
            started = time.process_time()
            judge(gather_many(session, papers, at), policy)
            many = time.process_time() - started
            some = papers[:_ONE_BY_ONE]
            started = time.process_time()
            judge((gather(session, paper, at) for paper in some), policy)
            single = time.process_time() - started
        database.close()
    return [
        _speed("gathered from SQLite, many at once", papers, many),
        _speed("gathered from SQLite, one by one", some, single),
    ]


def load_year(database: Database, year: Year, remembered: Sequence[Facts], policy: Policy, folder: Path) -> None:
    """Loads the feeds as the ERP writes them, and what papers of the year have billed."""
    write_year_feeds(folder / "feeds", year)
    for file in sorted((folder / "feeds").glob("*.csv")):
        name = "posted_invoices" if file.stem == "posted_later" else file.stem
        with database.write() as session:
            load_feed(session, name, file.read_bytes(), file_name=file.name, actor="system", at=SystemClock().now())
    with database.write() as session:
        for facts in remembered:
            remember(session, facts, policy)


def remember(session: WriteSession, facts: Facts, policy: Policy) -> None:
    """Keeps what a paper bills and ships, as a decision about it does."""
    paper, match = facts.paper, pair_lines(facts)
    own = None if facts.supplier is None else facts.supplier.supplier_id
    suppliers = {order.supplier_id for order in facts.orders} if own is None else {own}
    pending.remember(
        session,
        paper.document_id,
        invoice=known_invoice(paper, own or ""),
        lines=billed_lines(paper, match),
        headers=billed_headers(facts, match, policy),
        lines_count=True,
    )
    shipments.remember(
        session,
        paper.document_id,
        shipment=known_shipment(paper, suppliers.pop() if len(suppliers) == 1 else None),
        lines=shipped_lines(paper, match),
        lines_count=True,
    )


def in_sql(decided: Sequence[Decided], policy: Policy) -> Speed:
    """The comparison alone, pairs given, as one query over all papers at once; filling the tables is not counted."""
    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA)
    _fill(base, [one.facts for one in decided], policy)
    base.executescript(INDEXES)
    papers = [one.facts.paper for one in decided]
    speed = _timed("three-way comparison alone, one SQL query", papers, lambda: base.execute(QUERY).fetchall())
    base.close()
    return speed


def _fill(base: sqlite3.Connection, every: Sequence[Facts], policy: Policy) -> None:
    def insert(table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            base.executemany(f"insert into {table} values ({','.join('?' * len(rows[0]))})", rows)

    for case, facts in enumerate(every):
        paper, match = facts.paper, pair_lines(facts)
        insert(
            "purchase_orders",
            [(case, at.po_number, at.supplier_id, at.ordered_at.isoformat(), at.currency) for at in facts.orders],
        )
        insert(
            "purchase_order_lines",
            [
                (case, at.po_number, at.line_number, at.item_id, float(at.quantity), float(at.unit_price), at.unit)
                for at in facts.order_lines
            ],
        )
        insert("items", [(case, at.item_id, _real(at.case_pack)) for at in facts.items])
        insert(
            "goods_receipts",
            [(case, at.receipt_id, at.po_number, at.line_number, float(at.quantity)) for at in facts.receipts],
        )
        insert(
            "billed_lines",
            [
                (case, at.document_id, at.po_number, at.line_number, float(at.quantity), float(at.net_amount))
                for at in facts.billed
            ],
        )
        insert("documents", [(case, paper.document_type.value, paper.currency, 1)])
        lines = {line.index: line for line in paper.lines}
        insert(
            "invoice_lines",
            [
                (
                    case,
                    at.paper_line,
                    at.po_number,
                    at.line_number,
                    _real(lines[at.paper_line].quantity),
                    lines[at.paper_line].unit,
                    _real(lines[at.paper_line].line_net_amount),
                )
                for at in match.pairs
            ],
        )
    insert("tolerances", [
        (1, name, _real(at.upper_pct), _real(at.upper_amount.get("other")), _real(at.lower_pct),
         _real(at.lower_amount.get("other")))
        for name, at in policy.tolerances.items()])  # fmt: skip


def _real(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _timed(name: str, papers: Sequence[Paper], run: Callable[[], object]) -> Speed:
    """The best of three, in seconds of the processor: other programs on it do not count."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        run()
        best = min(best, time.process_time() - started)
    return _speed(name, papers, best)


def _speed(name: str, papers: Sequence[Paper], seconds: float) -> Speed:
    return Speed(name=name, lines=sum(len(paper.lines) for paper in papers), papers=len(papers), seconds=seconds)
