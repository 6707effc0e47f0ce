"""Counts, on a generated year, which planted faults the controls find and which honest papers they hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.year_facts import Decided
from core.decisions import Outcome

LIKELY = "INV-DUPLICATE-LIKELY"
_COPIES = frozenset({"INV-DUPLICATE", LIKELY})


@dataclass(slots=True, kw_only=True)
class Counts:
    """What was planted, found and held wrongly, by code.

    Attributes:
        planted, found: faulty papers by the code that must find them; one that may be found by either of two codes
            counts under the milder.
        missed: kinds of the faults that were not found.
        held: honest papers with a finding that holds, by code; `honest_held` of `honest` in all.
        likely, likely_right: papers with a likely duplicate found, and those of them that are second copies.
    """

    papers: int = 0
    lines: int = 0
    honest: int = 0
    honest_held: int = 0
    likely: int = 0
    likely_right: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def exact_recall(self) -> float:
        """Share of faults found of those an exact control must find."""
        return self._recall(code for code in self.planted if code != LIKELY)

    @property
    def likely_recall(self) -> float:
        """Share of second copies found of those that differ in something."""
        return self._recall([LIKELY])

    @property
    def likely_precision(self) -> float:
        """Share of second copies among papers held as likely duplicates."""
        return self.likely_right / max(self.likely, 1)

    @property
    def false_holds(self) -> float:
        """Share of honest papers that are held or blocked; a blind check is neither."""
        return self.honest_held / max(self.honest, 1)

    def _recall(self, codes: Iterable[str]) -> float:
        some = list(codes)
        return sum(self.found[code] for code in some) / max(sum(self.planted[code] for code in some), 1)


def count(decided: Iterable[Decided]) -> Counts:
    """Counts every paper of a year."""
    counts = Counts()
    for one in decided:
        _add(counts, one)
    return counts


def watched(decided: Iterable[Decided], keep: list[Decided], every: int) -> Iterator[Decided]:
    """Passes papers on, keeping one of so many to measure speed with."""
    for place, one in enumerate(decided):
        if place % every == 0:
            keep.append(one)
        yield one


def table(counts: Counts) -> str:
    """The counts by code, as a Markdown table."""
    rows = (
        f"| `{code}` | {counts.planted[code]} | {counts.found[code]} | {counts.held[code]} |"
        for code in sorted(counts.planted.keys() | counts.held.keys())
    )
    planted, found = counts.planted.total(), counts.found.total()
    head = ("| control | planted | found | honest papers held |", "|---|---:|---:|---:|")
    return "\n".join([*head, *rows, f"| all | {planted} | {found} | {counts.honest_held} of {counts.honest} |"])


def _add(counts: Counts, one: Decided) -> None:
    codes = {finding.code for finding in one.decision.findings if finding.outcome in {Outcome.HOLD, Outcome.BLOCK}}
    counts.papers += 1
    counts.lines += len(one.facts.paper.lines)
    if LIKELY in codes:
        counts.likely += 1
        counts.likely_right += bool(one.bill.expected & _COPIES)
    if one.bill.fault is None:
        counts.honest += 1
        counts.honest_held += bool(codes)
        counts.held.update(codes)
        return
    code = LIKELY if LIKELY in one.bill.expected else min(one.bill.expected)
    counts.planted[code] += 1
    if codes & one.bill.expected:
        counts.found[code] += 1
    else:
        counts.missed.append((one.bill.fault, one.bill.paper.number, tuple(sorted(codes))))
