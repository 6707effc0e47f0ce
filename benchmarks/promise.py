"""How often is a promise broken, and what does keeping it cost? Tried on invented houses that change in many ways.

Each house judges its first 5,000 papers one by one; thresholds are derived from them. A year of 5,000 papers follows,
in which what clears is cleared, a share of it is drawn for blind checks, what is held is judged, and thresholds are
derived anew each quarter or tightened when the checks speak against the promise. The truth is known for every paper.

broken: in the year, more of the cleared papers are truly wrong (by their chances) than is tolerated.
gap: the touchless share after the first derivation, against the best thresholds of one who knows the truth.

`python -m benchmarks.promise [--houses 1000] [--papers 5000]` prints a table and, last, one RESULT line.
"""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from benchmarks.promise_world import FIELDS, LEVEL, SOURCES, TOLERATED, Change, House, Papers, oracle_share
from triage.promise import Derived, Terms, derive, would_clear
from triage.promise_history import History
from triage.promise_picture import curve_svg
from triage.promise_shape import Flags, Floats
from triage.promise_watch import Check, watch
from triage.promises import PromiseVersion

TERMS = Terms(tolerated=TOLERATED, level=LEVEL)
YEAR, QUARTERS, SAMPLED = 5_000, 4, 0.05
_STEPS = 8

CHANGES: Mapping[str, tuple[list[Change], list[Change]]] = {
    "steady": ([Change()], [Change()]),
    "more scans": (
        [Change(scans=0.1 * step / _STEPS) for step in range(_STEPS)],
        [Change(scans=0.1 + 0.1 * step / _STEPS) for step in range(_STEPS)],
    ),
    "new suppliers": (
        [Change(renewed=0.2 * step / _STEPS) for step in range(_STEPS)],
        [Change(renewed=0.2 + 0.3 * step / _STEPS) for step in range(_STEPS)],
    ),
    "worse scans at once": ([Change()], [Change(), *[Change(trouble=2.0) for _ in range(3)]]),
    "calibration lost slowly": ([Change()], [Change(odds=0.4 * step / _STEPS) for step in range(_STEPS)]),
}
BEYOND: Mapping[str, tuple[list[Change], list[Change]]] = {
    "beyond: scans err 3 times as often at once": ([Change()], [Change(), *[Change(odds=1.2) for _ in range(3)]]),
    "beyond: scans err 10 times as often at once": ([Change()], [Change(), *[Change(odds=2.6) for _ in range(3)]]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What became of one house.

    Attributes:
        at_once: true share wrong among what the first thresholds clear, of papers like the history's last.
        year: the same among what was cleared in the year after.
    """

    touchless: float
    oracle: float
    at_once: float
    year: float
    year_touchless: float
    alarms: int


def live(seed: int, changes: tuple[list[Change], list[Change]], papers: int) -> Life:
    """One house, its history and its year."""
    house = House(seed)
    first = house.papers(papers, changes[0])
    thresholds = table_of(derive(first.history, TERMS))
    like_now = house.papers(20_000, changes[0][-1])
    clears = would_clear(like_now.history, thresholds)
    year = house.papers(YEAR, changes[1])
    cleared, alarms = _year(first.history, year, thresholds, house.draw)
    return Life(
        touchless=float(clears.mean()),
        oracle=oracle_share(like_now),
        at_once=_mean(like_now.chance_wrong, clears),
        year=_mean(year.chance_wrong, cleared),
        year_touchless=float(cleared.mean()),
        alarms=alarms,
    )


def _year(known: History, year: Papers, thresholds: Floats, draw: np.random.Generator) -> tuple[Flags, int]:
    """Which papers of the year were cleared without a look, and how often the checks raised an alarm."""
    clears, drawn = np.zeros(YEAR, dtype=np.bool_), draw.random(YEAR) < SAMPLED
    since = np.zeros(len(SOURCES), dtype=np.int64)
    checks: list[Check] = []
    alarms = 0
    for quarter in range(QUARTERS):
        end = (quarter + 1) * YEAR // QUARTERS
        begin = quarter * YEAR // QUARTERS
        while begin < end:
            clears[begin:end] = would_clear(year.history.part(slice(begin, end)), thresholds)
            begin, blamed = _check(year.history, clears & drawn, begin, end, checks)
            if blamed:
                alarms += 1
                checks = []
                since[blamed] = len(known) + begin
                thresholds[blamed] = np.inf
        history, place = _judged(known, year.history, clears, drawn, end)
        thresholds = table_of(derive(history.part(since[history.source] <= place), TERMS))
    return clears & ~drawn, alarms


def _check(papers: History, drawn: Flags, begin: int, end: int, checks: list[Check]) -> tuple[int, list[int]]:
    """Takes the blind checks in turn; ends after the paper that raises an alarm, with the sources to blame."""
    for row in np.flatnonzero(drawn[begin:end]) + begin:
        wrong = bool(papers.wrong[row])
        checks.append(Check(source=SOURCES[papers.source[row]], wrong=wrong, chance=SAMPLED))
        if wrong and (seen := watch(checks, TERMS)).is_broken:
            return int(row) + 1, [SOURCES.index(source) for source in seen.blamed]
    return end, []


def _judged(known: History, year: History, clears: Flags, drawn: Flags, end: int) -> tuple[History, Floats]:
    """Everything judged so far, in order, with its place: the first papers, what was held, and the blind checks."""
    rows = np.flatnonzero(~clears[:end] | drawn[:end])
    history = History(
        fields=FIELDS,
        sources=SOURCES,
        confidence=np.vstack([known.confidence, year.confidence[rows]]),
        right=np.vstack([known.right, year.right[rows]]),
        source=np.r_[known.source, year.source[rows]],
        wrong=np.r_[known.wrong, year.wrong[rows]],
        chance=np.r_[known.chance, np.where(clears[rows], SAMPLED, 1.0)],
    )
    return history, np.r_[np.arange(len(known)), len(known) + rows].astype(np.float64)


def table_of(derived: Derived) -> Floats:
    """Thresholds as a table, a row a source and a column a field; infinite where there is none."""
    table = np.full((len(SOURCES), len(FIELDS)), np.inf)
    for at in derived.thresholds:
        if at.threshold is not None:
            table[SOURCES.index(at.source), FIELDS.index(at.field)] = float(at.threshold)
    return table


def main() -> None:
    """Tries every change on its share of the houses; ends with the RESULT line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--houses", type=int, default=1_000)
    parser.add_argument("--papers", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=2_026)
    parser.add_argument("--picture", type=Path, help="only draw the curve of one house's history into this file")
    arguments = parser.parse_args()
    if arguments.picture:
        arguments.picture.write_text(_picture(arguments.seed, arguments.papers), encoding="utf-8")
        return
    each = arguments.houses // len(CHANGES)
    print(
        f"{'change':<44} {'houses':>6} {'broken':>7} {'at once':>8} {'nothing':>8} {'touchless':>9} {'oracle':>7} "
        f"{'gap':>6} {'in the year':>11} {'alarms':>7}"
    )
    lives: list[Life] = []
    for number, (name, changes) in enumerate({**CHANGES, **BEYOND}.items()):
        count = each if name in CHANGES else max(each // 4, 1)
        found = [live(arguments.seed + 10_000 * number + one, changes, arguments.papers) for one in range(count)]
        print(_row(name, found), flush=True)
        if name in CHANGES:
            lives += found
    print(_row("all but beyond", lives))
    print(
        f"RESULT houses={len(lives)} papers={arguments.papers} "
        f"broken={_share(at.year > TOLERATED for at in lives):.4f} "
        f"broken_at_once={_share(at.at_once > TOLERATED for at in lives):.4f} "
        f"touchless={np.mean([at.touchless for at in lives]):.4f} oracle={np.mean([at.oracle for at in lives]):.4f} "
        f"gap={np.mean([at.oracle - at.touchless for at in lives]):.4f}"
    )


def _picture(seed: int, papers: int) -> str:
    derived = derive(House(seed).papers(papers, Change()).history, TERMS)
    version = PromiseVersion(
        kind="invoice",
        bundle=None,
        error_pct=Decimal("0.5"),
        confidence_pct=Decimal(95),
        policy_hash="",
        standing=derived.standing,
        papers=derived.papers,
        needed=derived.needed,
        thresholds=derived.thresholds,
        point=derived.point,
        curve=derived.curve,
    )
    return curve_svg(version)


def _row(name: str, lives: list[Life]) -> str:
    gaps = [at.oracle - at.touchless for at in lives]
    return (
        f"{name:<44} {len(lives):>6} {_share(at.year > TOLERATED for at in lives):>7.1%} "
        f"{_share(at.at_once > TOLERATED for at in lives):>8.1%} {_share(at.touchless == 0 for at in lives):>8.1%} "
        f"{np.mean([at.touchless for at in lives]):>9.1%} {np.mean([at.oracle for at in lives]):>7.1%} "
        f"{np.mean(gaps):>6.1%} {np.mean([at.year_touchless for at in lives]):>11.1%} "
        f"{np.mean([at.alarms for at in lives]):>7.2f}"
    )


def _share(flags: Iterable[bool]) -> float:
    return float(np.mean([bool(flag) for flag in flags]))


def _mean(values: Floats, rows: Flags) -> float:
    return float(values[rows].mean()) if rows.any() else 0.0


if __name__ == "__main__":
    main()
