"""Writes docs/accuracy.md from what the accuracy benchmark counted."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scoring import Tally, merged

_HEAD = """# How much is read right

Made by `python -m benchmarks.accuracy --all`; do not edit. Definitions as in the data's README: dates equal as dates,
amounts within 0.005, identifiers by their letters and digits, names likewise or one within the other, addresses by
similarity. F1 is micro over all header fields. On native pages a field counts only where its true value can be seen on
the page; a scan is held against all that can be seen on the page it was made from, and a receipt against its whole
label, however badly it was read. An invoice line is right when quantity, unit price and net amount all are; a shipped
line when its quantity and every item id, lot, SSCC and count of packages on it are.

Real sellers are dealt into two halves by a hash of their name. One half was looked at while the rules were written,
and trained on; the other half was only ever measured, and is what the promises below are held against. Many of the
PDFs are one maker's fictional companies: a score on them says little about an unseen supplier.
"""
_LEFT_OUT = "sellers left out"
_Figure = Callable[[Tally], float | None]
# What is promised: the set, the figure, the bound.
_PROMISES: tuple[tuple[str, str, _Figure, float], ...] = (
    ("einvoices", "every labelled value", lambda t: t.f1, 1.0),
    ("invoices-hybrid, XML", "every labelled value", lambda t: t.f1, 1.0),
    ("edi", "every labelled value", lambda t: t.f1, 1.0),
    (f"invoices-pdf, {_LEFT_OUT}", "header F1", lambda t: t.f1, 0.93),
    (f"invoices-pdf, {_LEFT_OUT}", "line F1", lambda t: t.line_f1, 0.85),
    (f"invoices-pdf, 200 dpi, noise, 1° skew, {_LEFT_OUT}", "header F1", lambda t: t.f1, 0.88),
    (f"invoices-pdf, 200 dpi, noise, 1° skew, {_LEFT_OUT}", "line F1", lambda t: t.line_f1, 0.75),
    (f"receipts-scan, {_LEFT_OUT}", "F1", lambda t: t.f1, 0.85),
    (f"receipts-scan, {_LEFT_OUT}", "total F1", lambda t: t.field_f1("total_with_vat"), 0.93),
    ("generated shipments", "header F1", lambda t: t.f1, 0.93),
    ("generated shipments", "line F1", lambda t: t.line_f1, 0.88),
    (f"invoices-pdf, {_LEFT_OUT}", "taken at 99 % precision", lambda t: t.coverage(), 0.70),
    (f"invoices-pdf, 200 dpi, noise, 1° skew, {_LEFT_OUT}", "taken at 99 % precision", lambda t: t.coverage(), 0.45),
    (f"receipts-scan, {_LEFT_OUT}", "taken at 99 % precision", lambda t: t.coverage(), 0.45),
)
_TYPE_BOUND, _ECE_BOUND = 0.98, 0.03


def report(
    tallies: Sequence[Tally], card: Mapping[str, Any], version: str, *, everything: bool, peers: Path | None = None
) -> str:
    """The whole report as Markdown; `peers` is the table of other tools, where it was measured."""
    sampled = "every paper" if everything else "a sample of the scans (`--all` reads every one)"
    parts = [_HEAD, f"\nBundle `{version}`, made from {card.get('made_from', 'nothing')}; measured on {sampled}.\n"]
    parts += [_promises(tallies), _sets(tallies), _made_from(card), _held_out(card)]
    parts.append("\n![reliability](accuracy-reliability.svg) ![risk and coverage](accuracy-risk-coverage.svg)\n")
    if peers is not None and peers.exists():
        parts += ["\n## Beside other tools\n", _PEERS, peers.read_text(encoding="utf-8")]
    parts += [_fields(tally) for tally in tallies if tally.name.endswith(_LEFT_OUT) or "seller" not in tally.name]
    return "\n".join(parts)


_PEERS = """F1 of fields that all of them name, by `python -m benchmarks.side_by_side` on sellers left out of training.
invoice2data has a template for each supplier it knows and prints nothing for others; the regular expressions are the
best we could write without knowing the supplier. docling fetches its models when it is first used, so it could not run
where this was measured.
"""


def _promises(tallies: Sequence[Tally]) -> str:
    by_name = {tally.name: tally for tally in tallies}
    rows = ["| promise | at least | measured | |", "|---|---:|---:|---|"]
    for name, what, figure, bound in _PROMISES:
        value = figure(by_name[name]) if name in by_name else None
        if value is not None:
            rows.append(f"| {name}: {what} | {bound:.2f} | {value:.3f} | {'kept' if value >= bound else 'short'} |")
    pages = [tally for tally in tallies if not tally.name.endswith((_LEFT_OUT, "trained on"))]
    typed = merged("all", [tally for tally in pages if tally.type_accuracy is not None])
    if typed.type_accuracy is not None:
        kept = "kept" if typed.type_accuracy >= _TYPE_BOUND else "short"
        rows.append(f"| document type, all sets | {_TYPE_BOUND:.2f} | {typed.type_accuracy:.3f} | {kept} |")
    honest = [tally for tally in tallies if tally.name.endswith(_LEFT_OUT)]
    unsplit = [t for t in pages if f"{t.name}, {_LEFT_OUT}" not in by_name]
    for what, those in (("all sets", [*honest, *unsplit]), ("real sellers left out, pages only", honest)):
        if those:
            ece = merged(what, those).ece
            kept = "kept" if ece <= _ECE_BOUND else "short"
            rows.append(f"| calibration error, {what} | ≤ {_ECE_BOUND:.2f} | {ece:.3f} | {kept} |")
    return "\n".join(rows) + "\n"


def _sets(tallies: Sequence[Tally]) -> str:
    rows = [
        "| set | papers | field F1 | line F1 | type | coverage at 99 % | ECE | ≥ 0.9 sure but wrong |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for tally in tallies:
        wrong, high = tally.sure_and_wrong()
        lines = f"{tally.line_f1:.3f}" if tally.line_f1 is not None else "–"
        kind = f"{tally.type_accuracy:.3f}" if tally.type_accuracy is not None else "–"
        rows.append(
            f"| {tally.name} | {tally.documents} | {tally.f1:.3f} | {lines} | {kind} | {tally.coverage():.3f} "
            f"| {tally.ece:.3f} | {wrong} of {high} |"
        )
    return "\n".join(rows) + "\n"


def _made_from(card: Mapping[str, Any]) -> str:
    """The model card in a few lines."""
    if "layout_families" not in card:
        return ""
    text = (
        f"The bundle learnt from {card['documents']} generated papers of {len(card['layout_families'])} layout "
        f"families (receipts and shipment papers among them) and {card['real_documents']} readings of real papers of "
        f"{card['real_sellers']} sellers. Made again by `clearhold-train extraction --promote`; without the real "
        "papers the same command makes one from generated papers alone."
    )
    licences = f" Real papers: {card['licences']}." if "licences" in card else ""
    return f"## What it learnt from\n\n{text}{licences}\n"


def _held_out(card: Mapping[str, Any]) -> str:
    """What training measured on layout families and sellers held out in turn, beside the nearest keyword alone."""
    metrics = card.get("metrics")
    if not metrics:
        return ""
    rows = [
        "| held out in turn while training | field F1 | coverage at 99 % | ECE |",
        "|---|---:|---:|---:|",
    ]
    names = {"model": "trained", "keywords": "nearest keyword (baseline)"}
    rows += [
        f"| {names.get(name, name)} | {values['f1']:.3f} | {values['coverage_at_99']:.3f} | {values['ece']:.3f} |"
        for name, values in metrics.items()
        if {"f1", "coverage_at_99", "ece"} <= set(values)
    ]
    return "\n".join(rows) + "\n"


def _fields(tally: Tally) -> str:
    rows = [f"\n## {tally.name}\n", "| field | wanted | precision | recall |", "|---|---:|---:|---:|"]
    for name in sorted(tally.wanted):
        right, given, wanted = tally.right[name], tally.given[name], tally.wanted[name]
        precision = f"{right / given:.3f}" if given else "–"
        rows.append(f"| {name} | {wanted} | {precision} | {right / wanted:.3f} |")
    return "\n".join(rows) + "\n"
