"""Controls on a generated year: what they find, what they hold wrongly, and how fast: docs/controls-measured.md.

`python -m benchmarks.controls [-n N] [--seed S]`; the page is written only by `--page`. Development uses seeds 1 to 3.
"""

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.controls_accuracy import Counts, count, table, watched
from benchmarks.controls_speed import Speed, from_database, in_batch, in_sql
from benchmarks.figures import found_svg
from benchmarks.year_facts import Decided, decide_year
from training.year import build_year
from training.year_policy import policy_text
from triage.facts import Facts
from triage.policy import load_policy

_DOCS = Path(__file__).resolve().parent.parent / "docs"
_MEASURED = 4000

_WHAT = """\
Written by `python -m benchmarks.controls --page` on a generated year (`training/year.py`) whose seed was not used in
development ({seed}): {papers} invoices, credit notes and delivery notes of {suppliers} suppliers with {lines} lines,
decided in order of arrival by the functions the service uses, each knowing the papers before it. Every honest paper
clears by the policy the generator writes (`policy.toml`): partial and several receipts, several orders on one bill,
one order over several bills, returns and credit notes, carriage and deposits as ordered, cartons billed by the piece,
small differences of price, equal amounts month after month and site by site under consecutive numbers, fifteen
countries, nine currencies.
"""
_HOW = """\
In seconds of one core; the machine's load was {load:.1f} on {cores} cores, which slows each of them. {papers} papers
spread over the year, the best of three where nothing is read. The whole year, reading and deciding, took
{seconds:.0f} s of one core. The SQL query (`benchmarks/three_way_sql.py`) is the arithmetic of the three-way match
alone, in floating point, with pairs given and tables filled; match and controls also pair the lines, run every other
control, and write each finding with its evidence, in exact decimals.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints tables and the line a program reads, and writes the page where asked."""
    asked = _parser().parse_args(arguments)
    year = build_year(asked.seed, asked.count)
    policy = load_policy(policy_text(year.items))
    print(f"{len(year.bills)} papers of seed {asked.seed}, {len(year.suppliers)} suppliers", file=sys.stderr)
    measured: list[Decided] = []
    honest: list[Facts] = []
    every = max(1, len(year.bills) // _MEASURED)
    started = time.process_time()
    counts = count(watched(decide_year(year, policy, honest), measured, every))
    seconds = time.process_time() - started
    print(table(counts), file=sys.stderr)
    # The year's own millions of records are no part of what is measured: the collector need not walk them.
    gc.collect()
    gc.freeze()
    speeds = [*in_batch(measured, policy), in_sql(measured, policy)]
    if not asked.no_database:
        speeds += from_database(year, measured, honest, policy)
    text = page(counts, speeds, seed=asked.seed, suppliers=len(year.suppliers), seconds=seconds)
    print(text)
    if asked.page:
        (_DOCS / "controls-measured.md").write_text(text + "\n", encoding="utf-8")
        (_DOCS / "controls-measured.svg").write_text(found_svg(counts.planted, counts.found), encoding="utf-8")
    print(result(counts, speeds))
    return 0


def page(counts: Counts, speeds: Sequence[Speed], *, seed: int, suppliers: int, seconds: float) -> str:
    """The page as Markdown."""
    sql = next(speed for speed in speeds if "SQL query" in speed.name)
    strays = counts.likely - counts.likely_right
    return "\n".join(
        [
            "# What the controls find, and how fast",
            "",
            _WHAT.format(seed=seed, papers=counts.papers, suppliers=suppliers, lines=counts.lines),
            table(counts),
            "",
            f"- Faults that an exact control must find: recall **{counts.exact_recall:.4f}** (wanted 1.00).",
            f"- Second copies that differ in something: recall **{counts.likely_recall:.4f}** (wanted 0.98 or more).",
            f"- Precision of `INV-DUPLICATE-LIKELY`: **{counts.likely_precision:.4f}** (wanted 0.9 or more).",
            f"- Papers it holds: {counts.likely}, of which {strays} are no copies.",
            f"- Honest papers held: **{counts.false_holds:.4%}** (wanted 0.5 % or less). A blind check is no hold.",
            *[
                f"- Missed: {kind}, invoice {number}; found {', '.join(codes) or 'nothing'}."
                for kind, number, codes in counts.missed
            ],
            "",
            "![Planted and found by control](controls-measured.svg)",
            "",
            "## Speed",
            "",
            _HOW.format(papers=speeds[0].papers, seconds=seconds, load=os.getloadavg()[2], cores=os.cpu_count()),
            "| what | lines | lines a second a core | against the SQL query |",
            "|---|---:|---:|---:|",
            *[
                f"| {speed.name} | {speed.lines} | {speed.lines_per_second:,.0f} | "
                f"{speed.lines_per_second / sql.lines_per_second:.3f} × |"
                for speed in speeds
            ],
        ]
    )


def result(counts: Counts, speeds: Sequence[Speed]) -> str:
    """The one line a program reads."""
    named = {"match and controls, in batch": "batch", "gathered from SQLite, many at once": "database"}
    rates = {named[speed.name]: speed.lines_per_second for speed in speeds if speed.name in named}
    sql = next(speed for speed in speeds if "SQL query" in speed.name)
    parts = {
        "papers": str(counts.papers),
        "exact_recall": f"{counts.exact_recall:.4f}",
        "likely_recall": f"{counts.likely_recall:.4f}",
        "likely_precision": f"{counts.likely_precision:.4f}",
        "false_holds_pct": f"{100 * counts.false_holds:.4f}",
        **{f"{name}_lines_per_s": f"{rate:.0f}" for name, rate in rates.items()},
        **{f"{name}_of_sql": f"{rate / sql.lines_per_second:.3f}" for name, rate in rates.items()},
    }
    return "RESULT " + " ".join(f"{name}={value}" for name, value in parts.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Controls measured on a generated year.")
    parser.add_argument("-n", type=int, default=50_000, dest="count", help="invoices of the year (50000)")
    parser.add_argument("--seed", type=int, default=11, help="a seed nobody developed on (11)")
    parser.add_argument("--no-database", action="store_true", help="leave out what needs a loaded database")
    parser.add_argument("--page", action="store_true", help="write docs/controls-measured.md")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
