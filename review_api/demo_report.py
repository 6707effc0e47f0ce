"""What the demo found against what was planted: pure comparison, and the table people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.decisions import Outcome

HELD = frozenset({Outcome.HOLD, Outcome.BLOCK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault that was put into one paper, and the control that must find it."""

    file: str
    kind: str
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one paper."""

    file: str
    outcome: Outcome
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The demo's result.

    Attributes:
        caught: faults whose paper is held or blocked for the planted reason.
        caught_otherwise: faults whose paper is held or blocked, but for other reasons only.
        missed: faults whose paper was cleared, or never decided.
        clean: outcome of every paper without a fault.
        seconds: from the first paper to the last decision.
    """

    caught: tuple[tuple[Planted, Found], ...]
    caught_otherwise: tuple[tuple[Planted, Found], ...]
    missed: tuple[Planted, ...]
    clean: Mapping[str, Outcome]
    clean_codes: Mapping[str, int]
    papers: int
    seconds: float

    @property
    def every_fault_held(self) -> bool:
        """Whether no planted fault was cleared."""
        return not self.missed

    @property
    def cleared_share(self) -> float:
        """Share of the clean papers that needed nobody (a blind sample still counts as cleared here)."""
        cleared = sum(outcome not in HELD for outcome in self.clean.values())
        return cleared / len(self.clean) if self.clean else 0.0

    @property
    def clean_blocked(self) -> int:
        """Clean papers that were blocked: there should be none."""
        return sum(outcome is Outcome.BLOCK for outcome in self.clean.values())


def compare(planted: Sequence[Planted], clean: Sequence[str], found: Mapping[str, Found], seconds: float) -> Report:
    """Holds what was found against what was planted, paper by paper."""
    caught, otherwise, missed = [], [], []
    for fault in planted:
        paper = found.get(fault.file)
        if paper is None or paper.outcome not in HELD:
            missed.append(fault)
        elif fault.code in paper.codes:
            caught.append((fault, paper))
        else:
            otherwise.append((fault, paper))
    clean_codes: dict[str, int] = {}
    for file in clean:
        for code in found[file].codes if file in found else ():
            clean_codes[code] = clean_codes.get(code, 0) + 1
    return Report(
        caught=tuple(caught),
        caught_otherwise=tuple(otherwise),
        missed=tuple(missed),
        clean={file: found[file].outcome for file in clean if file in found},
        clean_codes=dict(sorted(clean_codes.items(), key=lambda pair: -pair[1])),
        papers=len(found),
        seconds=seconds,
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report for programs."""
    return {
        "papers": report.papers,
        "seconds": round(report.seconds, 2),
        "seconds_a_paper": round(report.seconds / max(report.papers, 1), 3),
        "planted": len(report.caught) + len(report.caught_otherwise) + len(report.missed),
        "held_for_the_planted_reason": len(report.caught),
        "held_for_another_reason": [
            {"file": fault.file, "code": fault.code, "found": list(paper.codes)}
            for fault, paper in report.caught_otherwise
        ],
        "missed": [{"file": fault.file, "code": fault.code} for fault in report.missed],
        "clean": len(report.clean),
        "clean_cleared": round(report.cleared_share, 4),
        "clean_blocked": report.clean_blocked,
        "clean_held_by": dict(report.clean_codes),
    }


def as_text(report: Report) -> str:
    """The table for people: one line a fault, then the sums."""
    rows = [(fault, paper.outcome.value, "yes") for fault, paper in report.caught]
    rows += [
        (fault, paper.outcome.value, "no: " + " ".join(paper.codes[:3])) for fault, paper in report.caught_otherwise
    ]
    rows += [(fault, "CLEARED", "no") for fault in report.missed]
    rows.sort(key=lambda row: (row[0].code, row[0].file))
    wide = max((len(row[0].file) for row in rows), default=4)
    lines = [f"{'planted fault':<22} {'paper':<{wide}}  {'outcome':<8} for that reason", "─" * (wide + 52)]
    lines += [f"{fault.code:<22} {fault.file:<{wide}}  {outcome:<8} {reason}" for fault, outcome, reason in rows]
    total = len(rows)
    cleared = sum(outcome not in HELD for outcome in report.clean.values())
    lines += [
        "",
        (
            f"faults planted {total} · held or blocked {total - len(report.missed)}"
            f" · for the planted reason {len(report.caught)}"
        ),
        (
            f"clean papers {len(report.clean)} · cleared {cleared} ({report.cleared_share:.0%})"
            f" · blocked {report.clean_blocked}"
        ),
        f"papers {report.papers} · {report.seconds:.1f} s · {report.seconds / max(report.papers, 1):.2f} s a paper",
    ]
    lines.append("thresholds of confidence are typed in here: a promise rests on labelled history, and a demo has none")
    if report.clean_codes:
        held_by = ", ".join(f"{code} {count}" for code, count in report.clean_codes.items())
        lines.append(f"clean papers held for a person by: {held_by}")
    return "\n".join(lines)
