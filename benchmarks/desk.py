"""How long people at the desk wait, with a million cases, in SQLite and in PostgreSQL.

`python -m benchmarks.desk [--cases N] [--times N] [--databases sqlite postgresql] [--page]` builds the house once under
`var/desk` (1,000,000 cases, 20,000 of which wait, 2,000,000 audit entries), asks the real application for its lists,
filters, searches, the next case and case pages, and prints p50 and p95 side by side. With `--people N --minutes M
[--pause S]` so many work at once over HTTP on PostgreSQL instead. `--page` writes docs/desk-measured.md.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.desk_house import make_postgres, make_sqlite, read_through, services_of
from benchmarks.desk_pages import LIMIT_MS, Times, measure, summarised
from benchmarks.desk_people import Worked, work_together
from benchmarks.desk_report import write_page
from benchmarks.desk_world import FULL, Size
from benchmarks.kept_postgres import kept_server
from core.collecting import collecting_seldom

FOLDER = Path("var/desk")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def main() -> int:
    """Prints the tables and the RESULT line; 1 when a promise is not kept."""
    args = _arguments()
    size = Size(cases=args.cases, waiting=args.cases // 50, papers=max(args.cases * 3 // 100, args.cases // 50))
    path, seconds = make_sqlite(FOLDER, size)
    _say(SQLITE, size, seconds)
    found: dict[str, Sequence[Times]] = {}
    worked: Worked | None = None
    if SQLITE in args.databases and not args.people:
        read_through(path.parent)
        found[SQLITE] = _measured(f"sqlite:///{path.resolve()}", args.times)
    if POSTGRESQL in args.databases:
        with kept_server(FOLDER / "postgres") as server:
            url, seconds = make_postgres(server, path, size)
            read_through(server.folder / "data" / "base")
            _say(POSTGRESQL, size, seconds)
            if args.people:
                worked = work_together(url, FOLDER / "home", people=args.people, minutes=args.minutes, pause=args.pause)
            else:
                found[POSTGRESQL] = _measured(url, args.times)
    _print(found, worked)
    if args.page:
        write_page(size, found, worked)
    figures = _figures(found, worked)
    print("RESULT " + " ".join(f"{name}={value:.4g}" for name, value in figures.items()))
    return 0 if figures["kept"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=FULL.cases)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--databases", nargs="*", default=[SQLITE, POSTGRESQL])
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--pause", type=float, default=12.0, help="seconds a person takes for a case")
    parser.add_argument("--page", action="store_true")
    return parser.parse_args()


def _measured(url: str, times: int) -> list[Times]:
    with services_of(url, FOLDER / "home") as services, collecting_seldom():  # as `clearhold serve` does
        return measure(services, times)


def _say(name: str, size: Size, seconds: float) -> None:
    built = f"built in {seconds:.0f} s" if seconds else "kept from an earlier run"
    print(
        f"{name}: {size.cases:,} cases, {size.waiting:,} waiting, {size.entries:,} audit entries, {built}", flush=True
    )


def _print(found: dict[str, Sequence[Times]], worked: Worked | None) -> None:
    for name, times in found.items():
        print(f"\n{name:<40}{'p50 ms':>9}{'p95 ms':>9}")
        for one in times:
            print(f"{one.group + ': ' + one.kind:<40}{one.at(0.5):>9.1f}{one.at(0.95):>9.1f}")
    if worked is not None:
        print(worked.told())


def _figures(found: dict[str, Sequence[Times]], worked: Worked | None) -> dict[str, float]:
    figures = {
        f"{name}_{group}_p95_ms": value for name, times in found.items() for group, value in summarised(times).items()
    }
    kept = all(value <= LIMIT_MS for value in figures.values())
    if worked is not None:
        figures |= worked.figures
        kept = kept and worked.kept
    return figures | {"kept": float(kept)}


if __name__ == "__main__":
    raise SystemExit(main())
