"""Measures what is read right: field and line F1, document type, coverage at 99 % precision, calibration error.

Sets: generated papers of layouts drawn from another seed, and, where `../shared/data/documents` is there, real native
PDFs, the same pages as clean and as poor scans, receipts, hybrid PDFs by page and by their data, e-invoices and EDI.
Real sets are counted by seller: sellers that were looked at and trained on, and sellers left out of both.

Writes docs/accuracy.md and its pictures. `python -m benchmarks.accuracy --all` reads every scan; without it, a sample.
"""

import argparse
from pathlib import Path

from benchmarks.figures import reliability_svg, risk_coverage_svg
from benchmarks.scoring import Tally, merged, visible_fields
from benchmarks.sets import LabelledPaper, PaperSet, paper_sets
from core.documents import Extraction, Reading
from core.errors import ClearholdError
from extraction.bundle import Bundle, default_bundle, load_bundle
from extraction.extract import extract
from extraction.read import read
from training.readings import KEPT, kept_reading
from training.real_papers import DATA, is_developed_on

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "accuracy.md"
RELIABILITY = ROOT / "docs" / "accuracy-reliability.svg"
PEERS = ROOT / "docs" / "accuracy-peers.md"
RISK = ROOT / "docs" / "accuracy-risk-coverage.svg"
TRAINED, LEFT_OUT = "sellers trained on", "sellers left out"
_PAGES = "invoices-pdf"
_SCANS = "invoices-pdf, 200 dpi, noise, 1° skew"


def main() -> None:
    """Measures every set, prints a table, writes the report, ends with the RESULT line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="read every scan instead of a sample")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of labelled documents")
    parser.add_argument("--only", default="", help="only sets whose name holds this")
    parser.add_argument("--bundle", type=Path, help="another bundle than the shipped one")
    parser.add_argument("--readings", type=Path, default=KEPT, help="where readings are kept between runs")
    parser.add_argument("--no-write", action="store_true", help="do not write docs/accuracy.md")
    parser.add_argument("--wrong", action="store_true", help="list wrong values of sellers trained on")
    arguments = parser.parse_args()
    bundle = load_bundle(arguments.bundle) if arguments.bundle else default_bundle()
    tallies: list[Tally] = []
    for papers in paper_sets(arguments.data, everything=arguments.all, only=arguments.only):
        found = measure(papers, bundle, arguments.readings)
        tallies += found
        for tally in found:
            print(_row(tally), flush=True)
        if arguments.wrong:
            _show_wrong(
                next(t for t in found if not t.name.endswith(LEFT_OUT) and (TRAINED in t.name or len(found) == 1))
            )
    if not arguments.no_write and not arguments.only:
        _write(tallies, bundle, everything=arguments.all)
    print(_result(tallies))


def measure(papers: PaperSet, bundle: Bundle, readings: Path) -> list[Tally]:
    """The tally of a set, and of its two halves of sellers where it is told by seller."""
    whole = Tally(papers.name)
    halves = {True: Tally(f"{papers.name}, {TRAINED}"), False: Tally(f"{papers.name}, {LEFT_OUT}")}
    for labelled in papers.papers:
        reading, extraction = _read(labelled, bundle, readings)
        paper, wanted = labelled.paper, _wanted(labelled, reading)
        for tally in (whole, halves[is_developed_on(paper.seller)]):
            tally.add(paper.file, extraction, wanted, paper.lines)
            tally.add_type(extraction, labelled.types)
    return [whole, *halves.values()] if papers.by_seller else [whole]


def _wanted(labelled: LabelledPaper, reading: Reading | None) -> dict[str, str]:
    """The labelled values that can be seen; how well a scan was read does not excuse anything."""
    fields = labelled.paper.fields
    if labelled.original is not None:
        reading = read(labelled.original.data, media_type=labelled.original.media_type)
    if labelled.all_seen or reading is None:
        return {name: str(value) for name, value in fields.items() if value}
    return visible_fields(fields, reading)


def _read(labelled: LabelledPaper, bundle: Bundle, readings: Path) -> tuple[Reading | None, Extraction | None]:
    paper = labelled.paper
    try:
        reading = kept_reading(paper.data, media_type=paper.media_type, folder=readings)
        return reading, extract(reading, bundle=bundle, ignore_embedded=paper.ignore_embedded and bool(reading.pages))
    except ClearholdError:
        return None, None


def _row(tally: Tally) -> str:
    wrong, high = tally.sure_and_wrong()
    lines = f"{tally.line_f1:.3f}" if tally.line_f1 is not None else "–"
    kinds = f"{tally.type_accuracy:.3f}" if tally.type_accuracy is not None else "–"
    return (
        f"{tally.name:58} {tally.documents:4} papers  F1 {tally.f1:.3f}  lines {lines:>5}  type {kinds:>5}  "
        f"coverage@99 {tally.coverage():.3f}  ECE {tally.ece:.3f}  sure but wrong {wrong} of {high}"
    )


def _show_wrong(tally: Tally) -> None:
    for file, name, wanted, given in tally.wrong:
        print(f"    {file} {name}: wanted {wanted!r}, given {given!r}")


def _write(tallies: list[Tally], bundle: Bundle, *, everything: bool) -> None:
    from benchmarks.accuracy_report import report

    text = report(tallies, bundle.card, bundle.version, everything=everything, peers=PEERS)
    REPORT.write_text(text, encoding="utf-8")
    by_name = {tally.name: tally for tally in tallies}
    shown = {
        label: by_name[f"{name}, {LEFT_OUT}"]
        for label, name in (("native", _PAGES), ("poor scan", _SCANS), ("receipts", "receipts-scan"))
        if f"{name}, {LEFT_OUT}" in by_name
    }
    if shown:
        together = merged("pages", list(shown.values()))
        RELIABILITY.write_text(reliability_svg(together.sure, title="Sellers left out, all pages"), encoding="utf-8")
        curves = {label: (tally.sure, sum(tally.wanted.values())) for label, tally in shown.items()}
        RISK.write_text(risk_coverage_svg(curves, title="Sellers left out"), encoding="utf-8")


def _result(tallies: list[Tally]) -> str:
    values: dict[str, float] = {}
    for tally in tallies:
        if tally.name.endswith(TRAINED):
            continue
        key = tally.name.replace(f", {LEFT_OUT}", "-left-out").replace("°", "").replace(",", "").replace(" ", "-")
        values[f"{key}.f1"], values[f"{key}.ece"] = tally.f1, tally.ece
        values[f"{key}.coverage"] = tally.coverage()
        if tally.line_f1 is not None:
            values[f"{key}.lines"] = tally.line_f1
        if tally.type_accuracy is not None:
            values[f"{key}.type"] = tally.type_accuracy
    everything = merged("all", [t for t in tallies if not t.name.endswith((TRAINED, LEFT_OUT))])
    values["all.ece"] = everything.ece
    return "RESULT " + " ".join(f"{name}={value:.4f}" for name, value in values.items())


if __name__ == "__main__":
    main()
