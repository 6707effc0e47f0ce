"""Measures the page of figures over a million cases: how long counting takes, and how long a page takes to answer.

`python -m benchmarks.insights [CASES] [URL]`: CASES items of two years with a case each, the newest fiftieth open, from
500 suppliers of very unequal size, at 20 sites, are counted into a database, then the page is asked for in turn by
period and filter. SQLite in a folder of its own, or the PostgreSQL at URL (an empty database).
"""

import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from core.clock import FixedClock
from core.database import Database
from core.settings import Settings
from ingest.store import DocumentStore
from review_api import accounts
from review_api.app import create_app
from review_api.services import Services
from triage import policies
from triage.insights import store
from triage.insights.items import Item, ItemCase
from triage.insights.store import KeptItem, Standing

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAYS = 728
PART = 5_000
ROUNDS = 12
CODES = ("MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED", "DOC-CONFIDENCE", "INV-DUPLICATE", "SUP-BANK")
SCOPES = {
    "thirteen weeks, papers": "",
    "thirteen weeks, everything": "?kind=all",
    "a month": "?from=2026-10-24&to=2026-11-23",
    "a year": "?from=2025-11-24&to=2026-11-23",
    "one queue": "?queue=ap",
    "one site": "?site=DC-03",
    "one legal entity": "?legal_entity=DE01",
    "one small supplier": "?supplier=S-0400",
    "the largest supplier": "?supplier=S-0000",
    "a queue and a site": "?queue=ap&site=DC-03",
    "a supplier and a site": "?supplier=S-0040&site=DC-03",
}


def main(cases: int, url: str | None) -> None:
    """Counts, asks, prints."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'clearhold.db'}")
        database.migrate()
        seconds = _fill(database, cases)
        with database.write() as session:
            policies.start_with(session, policies.built_in_text(), at=NOW)
        size = (Path(folder) / "clearhold.db").stat().st_size / 1e6 if url is None else float("nan")
        print(f"{cases:,} items counted in {seconds:.0f} s ({cases / seconds:,.0f} a second), {size:,.0f} MB")
        slowest = _ask(database, Path(folder))
        database.close()
    print(f"RESULT cases={cases} count_s={seconds:.1f} slowest_page_ms={slowest:.0f}")


def _fill(database: Database, cases: int) -> float:
    rng, started = Random(7), time.perf_counter()
    part: list[KeptItem] = []
    for number, item in enumerate(_items(rng, cases), start=1):
        part.append(KeptItem(item=item, sequence=number * 2))
        if len(part) == PART or number == cases:
            with database.write() as session:
                store.save(session, store.changed(session, part, {}))
            part = []
            if number % 100_000 == 0:
                print(f"{number:,} counted, {time.perf_counter() - started:.0f} s", flush=True)
    with database.write() as session:
        store.move(session, Standing(), Standing(sequence=0, counted_at=NOW))
    return time.perf_counter() - started


def _items(rng: Random, cases: int) -> Iterator[Item]:
    for number in range(cases):
        decided = NOW - timedelta(days=DAYS * (1 - number / cases), minutes=rng.randint(0, 600))
        yield _item(rng, number, decided, is_open=number >= cases * 0.98)


def _item(rng: Random, number: int, decided: datetime, *, is_open: bool) -> Item:
    supplier, outcome = (
        int(500 * rng.random() ** 2.5),
        rng.choice(("hold", "hold", "hold", "block", "sample")),
    )
    started = decided + timedelta(minutes=rng.expovariate(1 / 300))
    ended = None if is_open else started + timedelta(minutes=rng.expovariate(1 / 60))
    resolution = rng.choice(("approve", "approve", "approve", "reject", "corrected"))
    codes = () if outcome == "sample" else tuple(sorted(rng.sample(CODES, rng.choice((1, 1, 2)))))
    case = ItemCase(
        case_id=f"case_{number:09d}", kind="invoice", queue=rng.choice(("ap", "ap", "treasury", "planning")),
        outcome=outcome, codes=codes, opened_at=decided, priority=rng.randint(1, 10**8),
        at_risk=Decimal(rng.randint(1, 10**6)) / 100, currency=rng.choice(("EUR", "EUR", "GBP")),
        due_at=decided + timedelta(days=rng.randint(1, 30)), started_at=None if is_open else started, ended_at=ended,
        resolution=None if is_open else resolution, by_person=not is_open and resolution != "corrected",
        overridden=codes if resolution == "approve" and not is_open else (), claims=1, people=1,
        acts=0 if is_open else rng.randint(1, 4), checked_at=ended,
        wrong=rng.random() < 0.01 if outcome == "sample" and not is_open else None,
    )  # fmt: skip
    return Item(
        subject=f"document:doc_{number:09d}", kind="invoice", supplier=f"S-{supplier:04d}",
        site=f"DC-{rng.randint(0, 19):02d}", legal_entity=rng.choice(("DE01", "FR01", "GB01")),
        received_at=decided - timedelta(seconds=rng.randint(1, 600)), read_at=decided, decided_at=decided,
        outcome=outcome, cases=(case,), currency="EUR",
    )  # fmt: skip


def _ask(database: Database, folder: Path) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    settings = Settings(home=folder)
    services = Services(
        settings=settings, db=database, store=DocumentStore(folder / "documents"), clock=FixedClock(NOW)
    )
    with database.write() as session:
        accounts.add_user(session, name="olga", password="four words that fit", role="auditor", at=NOW)
    slowest = 0.0
    with TestClient(create_app(services), follow_redirects=False) as client:
        form = client.get("/login").text
        csrf = form.split('name="csrf" value="')[1].split('"')[0]
        client.post("/login", data={"name": "olga", "password": "four words that fit", "csrf": csrf, "next": "/"})
        for words, query in SCOPES.items():
            measured = [_timed(client, query) for _ in range(ROUNDS)]
            wall, work = (sorted(column) for column in zip(*measured, strict=True))
            print(
                f"{words:<28} median {wall[ROUNDS // 2]:5.0f} ms   slowest {wall[-1]:5.0f} ms   CPU {work[-1]:4.0f} ms"
            )
            slowest = max(slowest, wall[-1])
    return slowest


def _timed(client: "TestClient", query: str) -> tuple[float, float]:  # type: ignore[name-defined]  # noqa: F821  imported where used
    started, worked = time.perf_counter(), time.process_time()
    answer = client.get(f"/insights{query}")
    assert answer.status_code == 200, answer.text
    return (time.perf_counter() - started) * 1_000, (time.process_time() - worked) * 1_000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2] if len(sys.argv) > 2 else None)
