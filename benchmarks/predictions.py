"""What the predictive models were measured to do, all parts in one: the table of what was wanted, and the page.

`python -m benchmarks.predictions [PART…]` measures the parts (all when none is named) on ../shared/data and on what
they simulate, prints them, and last one RESULT line. What was measured is kept in var/predictions, a file a part, so
that parts may be measured one at a time; `--page` writes docs/predictions.md and its pictures from what is kept.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.predictions_section import Section
from training.predictions.snapshot import code_version

PARTS = ("late", "demand", "anomalies", "scale", "replenishment", "cases")
_ROOT = Path(__file__).resolve().parent.parent
KEPT = _ROOT / "var" / "predictions"

_HEAD = """# What the predictions are worth

Made by `python -m benchmarks.predictions --page`; do not edit. Figures are measured on real feeds (orders of SCMS,
public domain; service cases of the UCI incident log and daily demand of UCI Online Retail, CC BY 4.0; weekly orange
juice of Dominick's) and on what is simulated where the text says so. The last quarter of each by time is held out,
nothing after the cut is known to the model, and each part says how often its held-out quarter was looked at. Beside
every figure stands what a house can do without a model. Measured on {cores} cores that others used too.
How models are trained: [training.md](training.md).

{measured}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A part as it was measured.

    Attributes:
        load: how many programs wanted a core on average over a quarter of an hour before it ended.
    """

    section: Section
    at: str
    code: str
    seconds: float
    load: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A figure that was promised.

    Attributes:
        figure: its name in the part's figures.
        least: it is kept at this or above.
        most: it is kept at this or below; the name of another figure where that is what must be beaten.
        caveat: what speaks against taking the figure at its word, stands beside `yes`.
    """

    part: str
    what: str
    figure: str
    least: float | None = None
    most: float | str | None = None
    caveat: str = ""

    def said(self, figures: Mapping[str, float]) -> str:
        """What was wanted, in words."""
        if isinstance(self.most, str):
            best = figures.get(self.most)
            return "below the best other" if best is None else f"below {_shown(best)}, the best other"
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"

    def is_kept(self, figures: Mapping[str, float]) -> bool | None:
        """Whether it was kept; None where it was not measured."""
        value = figures.get(self.figure)
        most = figures.get(self.most) if isinstance(self.most, str) else self.most
        if value is None or (isinstance(self.most, str) and most is None):
            return None
        above = self.least is None or value >= self.least
        below = most is None or (value < most if isinstance(self.most, str) else value <= most)
        return above and below


_SEEN = "but settings were chosen on cuts that lie partly in the held-out quarter"
WANTED = (
    Wanted(part="late", what="late orders: AUC", figure="scms_auc", least=0.79, caveat=_SEEN),
    Wanted(part="late", what="late orders: calibration error", figure="scms_ece", most=0.04, caveat=_SEEN),
    Wanted(part="late", what="one order scored in process, µs (median)", figure="order_us", most=150),
    Wanted(part="late", what="1 million orders in batch, processor s", figure="batch_1m_s", most=60),
    Wanted(part="cases", what="incidents: SLA miss AUC at opening", figure="incident_auc", least=0.78),
    Wanted(part="cases", what="incidents: final group top-1", figure="routing_top1", least=0.71),
    Wanted(part="cases", what="incidents: final group top-3", figure="routing_top3", least=0.88),
    Wanted(
        part="cases", what="loss in the first 10 % of cases, × impact alone", figure="captured_over_impact", least=1.15
    ),
    Wanted(
        part="cases",
        what="loss in the first 10 % of cases, × probability alone",
        figure="captured_over_probability",
        least=2.0,
    ),
    Wanted(part="demand", what="orange juice, 4 weeks ahead: WAPE", figure="juice_wape", most=0.45),
    Wanted(
        part="demand",
        what="orange juice: coverage of the 95 % quantile",
        figure="juice_coverage_95",
        least=0.94,
        most=0.96,
    ),
    Wanted(
        part="demand", what="online retail, 28 days ahead: WAPE", figure="retail_wape", most="retail_wape_best_other"
    ),
    Wanted(
        part="demand",
        what="online retail, 28 days ahead: pinball loss",
        figure="retail_pinball",
        most="retail_pinball_best_other",
    ),
    Wanted(part="anomalies", what="planted anomalies: recall at 90 % precision", figure="anomaly_recall", least=0.80),
    Wanted(part="replenishment", what="replenishment: cost above the optimum, %", figure="cost_above_pct", most=8),
    Wanted(part="scale", what="3,914 items × 270 days, trained and forecast, processor s", figure="retail_s", most=60),
    Wanted(part="scale", what="the same, GB", figure="retail_gb", most=2),
    Wanted(part="scale", what="100,000 series × 365 days, processor minutes", figure="series_100k_min", most=15),
    Wanted(part="scale", what="the same, GB", figure="series_100k_gb", most=8),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the parts, prints them, and writes the page where asked."""
    asked = _parser().parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parts = asked.parts or (() if asked.page else PARTS)
    for part in parts:
        print(f"measuring {part}", file=sys.stderr, flush=True)
        keep(part, measure(part))
    everything = kept()
    shown = {part: everything[part] for part in (parts or everything)}
    for one in shown.values():
        print(f"## {one.section.title}\n\n{one.section.text}\n")
    if asked.page:
        write(everything, _ROOT / "docs")
    sections = {part: one.section for part, one in shown.items()}
    print(promised(sections, tuple(sections)))
    print(result(sections))
    return 0


def measure(part: str) -> Measured:
    """Measures a part now."""
    started = time.perf_counter()
    section: Section = import_module(f"benchmarks.predictions_{part}").section()
    return Measured(
        section=section,
        at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        code=code_version(),
        seconds=time.perf_counter() - started,
        load=os.getloadavg()[2],
    )


def keep(part: str, measured: Measured, folder: Path = KEPT) -> None:
    """Keeps what was measured of a part, in the place of what was measured before."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps(asdict(measured), ensure_ascii=False), encoding="utf-8")


def kept(folder: Path = KEPT) -> dict[str, Measured]:
    """What is kept, in the order of the page."""
    found = {}
    for part in PARTS:
        if (folder / f"{part}.json").exists():
            told = json.loads((folder / f"{part}.json").read_text("utf-8"))
            found[part] = Measured(**{**told, "section": Section(**told["section"])})
    return found


def promised(sections: Mapping[str, Section], parts: Sequence[str] = PARTS) -> str:
    """What was wanted of these parts beside what was measured, as Markdown."""
    rows = ["| | wanted | measured | kept? |", "|---|---|---:|---|"]
    for one in WANTED:
        if one.part not in parts:
            continue
        figures = sections[one.part].figures if one.part in sections else {}
        yes = f"yes, {one.caveat}" if one.caveat else "yes"
        kept = {True: yes, False: "**no**", None: "not measured"}[one.is_kept(figures)]
        rows.append(f"| {one.what} | {one.said(figures)} | {_shown(figures.get(one.figure))} | {kept} |")
    return "\n".join(rows)


def page(measured: Mapping[str, Measured]) -> str:
    """The whole page as Markdown; pictures a part's text does not show stand at its end."""
    sections = {part: one.section for part, one in measured.items()}
    when = ["| part | measured (UTC) | took | load | with Clearhold |", "|---|---|---:|---:|---|"]
    when += [
        f"| {one.section.title} | {one.at} | {one.seconds:.0f} s | {one.load:.1f} | {one.code} |"
        for one in measured.values()
    ]
    head = _HEAD.format(cores=os.cpu_count(), measured="\n".join(when))
    parts = [head, "## What was wanted, and what was measured\n", promised(sections)]
    for section in sections.values():
        unseen = [name for name in section.pictures if f"img/{name}" not in section.text]
        shown = " ".join(f"![{Path(name).stem.replace('-', ' ')}](img/{name})" for name in unseen)
        parts += [f"\n## {section.title}\n", section.text.strip(), *([f"\n{shown}"] if shown else [])]
    return "\n".join(parts) + "\n"


def write(measured: Mapping[str, Measured], docs: Path) -> None:
    """Writes the page and its pictures."""
    (docs / "img").mkdir(parents=True, exist_ok=True)
    for one in measured.values():
        for name, svg in one.section.pictures.items():
            (docs / "img" / name).write_text(svg, encoding="utf-8")
    (docs / "predictions.md").write_text(page(measured), encoding="utf-8")


def result(sections: Mapping[str, Section]) -> str:
    """The one line a program reads."""
    figures = [(name, value) for section in sections.values() for name, value in section.figures.items()]
    kept = sum(one.is_kept(sections[one.part].figures) is True for one in WANTED if one.part in sections)
    asked = sum(one.part in sections for one in WANTED)
    return " ".join(["RESULT", f"kept={kept}", f"wanted={asked}", *[f"{name}={value:.6g}" for name, value in figures]])


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Predictions measured on later data, beside what a house does today.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without --page")
    parser.add_argument("--page", action="store_true", help="write docs/predictions.md from what is kept")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
