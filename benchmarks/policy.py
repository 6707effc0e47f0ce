"""How long a preview of stored history takes, and how many decisions a second are made again, on both databases.

`python -m benchmarks.policy [--papers 50000] [--workers 2]`. A year is generated and stored once in each database;
then every paper is judged under a draft with wider price tolerances, and every decision is made again.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.policy_history import store_apart
from core.database import Database
from tests.postgres import PostgresCluster
from triage.previewing import preview
from triage.replaying import replay_all

Result = TypeVar("Result")
PREVIEW_SECONDS, REPLAY_A_SECOND, PAPERS = 60.0, 1_000.0, 50_000


def main(argv: list[str] | None = None) -> int:
    """Prints the table and the RESULT line; 1 when a promise is not kept or a decision is not made again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args(argv)
    cluster = PostgresCluster.start() if PostgresCluster.binaries() else None
    with tempfile.TemporaryDirectory() as folder:
        urls = {"sqlite": f"sqlite:///{Path(folder) / 'year.db'}"}
        if cluster is not None:
            urls["postgresql"] = cluster.create_database("year")
        databases = {name: Database(url) for name, url in urls.items()}
        try:
            for database in databases.values():
                database.migrate()
            seconds, _, stored = _timed(partial(store_apart, list(urls.values()), count=args.papers, seed=args.seed))
            print(f"{stored.decisions:,} decisions of a year stored in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}")
            return _measure(databases, stored.text, stored.decisions, args.workers)
        finally:
            for database in databases.values():
                database.close()
            if cluster is not None:
                cluster.stop()


def draft_of(text: str) -> str:
    """The draft that is previewed: prices may differ by 5 % where 2 % were allowed."""
    draft = text
    for amount in (5, 10, 20):
        before = f"upper_pct = 2\nupper_amount = {amount}\n"
        assert before in draft
        draft = draft.replace(before, f"upper_pct = 5\nupper_amount = {10 * amount}\n")
    return draft


def _measure(databases: dict[str, Database], text: str, count: int, workers: int) -> int:
    draft, allowed = draft_of(text), PREVIEW_SECONDS * count / PAPERS
    figures: dict[str, float] = {}
    is_kept, told = True, set()
    print(f"{'':<12}{'':<9}{'one process':>13}{'its CPU':>11}{f'{workers} processes':>13}{'promised':>11}")
    for name, database in databases.items():
        one, cpu, results = _timed(partial(preview, database, draft))
        several, _, again = _timed(partial(preview, database, draft, workers=workers))
        told |= {str(results[1]), str(again[1])}
        print(f"{name:<12}{'preview':<9}{one:>11.1f} s{cpu:>9.1f} s{several:>11.1f} s{allowed:>9.1f} s")
        figures |= {f"{name}_preview_s": several, f"{name}_preview_cpu_s": cpu}
        is_kept = is_kept and several <= allowed
        one, cpu, tally = _timed(partial(replay_all, database))
        several, _, tally_again = _timed(partial(replay_all, database, workers=workers))
        is_kept = is_kept and tally == tally_again and tally.is_sound and tally.equal == count
        rates = [count / seconds for seconds in (one, cpu, several)]
        is_kept = is_kept and max(rates) >= REPLAY_A_SECOND
        shown = "".join(f"{rate:>{width},.0f}/s" for rate, width in zip(rates, (11, 9, 11), strict=True))
        print(f"{'':<12}{'replay':<9}{shown}{REPLAY_A_SECOND:>9,.0f}/s")
        figures |= {f"{name}_replay_per_s": rates[2], f"{name}_replay_per_cpu_s": rates[1]}
    is_kept = is_kept and len(told) == 1
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; every preview the same: {len(told) == 1}")
    shown = " ".join(f"{name}={value:.1f}" for name, value in figures.items())
    print(f"RESULT {shown} decisions={count} kept={int(is_kept)}")
    return 0 if is_kept else 1


def _timed(call: Callable[[], Result]) -> tuple[float, float, Result]:
    """Seconds by the clock, seconds of this process, and what came of it."""
    started, worked = time.perf_counter(), time.process_time()
    result = call()
    return time.perf_counter() - started, time.process_time() - worked, result


if __name__ == "__main__":
    sys.exit(main())
