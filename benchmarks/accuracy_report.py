"""Writes docs/accuracy.md from what the accuracy benchmark counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.scoring import Tally

_HEAD = """# How much is read right

Made by `python -m benchmarks.accuracy`; do not edit. Definitions as in the data's README: dates equal as dates, amounts
within 0.005, identifiers by their letters and digits, names likewise or one within the other, addresses by similarity.
F1 is micro over all header fields, and a field counts only where its true value can be seen on the page. A line is
right when quantity, unit price and net amount all are.

**What this was trained on: generated papers only.** No real document was used to fit a weight or a confidence. The
wordings of the generator are all in the program's vocabulary, and its layout families were seen in training, so the
first row flatters; what a new layout family costs is the second table. Half of the sellers of `invoices-pdf` and
`receipts-scan` (by a hash of the name) were looked at while the rules were written; the other half was only measured.
Many of the PDFs are one maker's fictional companies: a score on them says little about an unseen supplier.
"""


def report(tallies: Sequence[Tally], card: Mapping[str, Any], version: str, *, everything: bool) -> str:
    """The whole report as Markdown."""
    sampled = "every paper" if everything else "a sample of the scans (`--all` reads every one)"
    parts = [_HEAD, f"\nBundle `{version}`; measured on {sampled}.\n", _sets(tallies), _held_out(card)]
    parts += ["\n![reliability of real papers read from their pages](accuracy-reliability.svg)\n"]
    parts += [_fields(tally) for tally in tallies if "," not in tally.name or "never" in tally.name]
    return "\n".join(parts)


def _sets(tallies: Sequence[Tally]) -> str:
    rows = [
        "| set | papers | field F1 | line F1 | coverage at 99 % | ECE | ≥ 0.9 sure but wrong |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for tally in tallies:
        wrong, high = tally.sure_and_wrong()
        lines = f"{tally.line_f1:.3f}" if tally.line_f1 is not None else "–"
        rows.append(
            f"| {tally.name} | {tally.documents} | {tally.f1:.3f} | {lines} | {tally.coverage():.3f} "
            f"| {tally.ece:.3f} | {wrong} of {high} |"
        )
    return "\n".join(rows) + "\n"


def _held_out(card: Mapping[str, Any]) -> str:
    metrics = card.get("metrics")
    if not metrics:
        return ""
    rows = [
        "| generated, layout families held out in turn | field F1 | coverage at 99 % | ECE |",
        "|---|---:|---:|---:|",
    ]
    names = {"model": "trained", "keywords": "nearest keyword (baseline)"}
    rows += [
        f"| {names.get(name, name)} | {values['f1']:.3f} | {values['coverage_at_99']:.3f} | {values['ece']:.3f} |"
        for name, values in metrics.items()
    ]
    return "\n".join(rows) + "\n"


def _fields(tally: Tally) -> str:
    rows = [f"\n## {tally.name}\n", "| field | wanted | precision | recall |", "|---|---:|---:|---:|"]
    for name in sorted(tally.wanted):
        right, given, wanted = tally.right[name], tally.given[name], tally.wanted[name]
        precision = f"{right / given:.3f}" if given else "–"
        rows.append(f"| {name} | {wanted} | {precision} | {right / wanted:.3f} |")
    return "\n".join(rows) + "\n"
