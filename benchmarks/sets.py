"""The sets of papers that accuracy is measured on: generated ones, and the labelled real ones where they are there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.edi_truth import EdiTruth, edi_truths
from benchmarks.raster import as_poor_scan, as_scan
from ingest.sniff import sniff
from training.real_papers import RealPaper, labelled_papers

HELD_OUT_SEED, HELD_OUT_COUNT = 90_210, 240
_RASTERS_SAMPLED, _SCANS_SAMPLED = 14, 40
# Corrections and self-billed invoices may be called either.
_EITHER = ("gutschrift", "rechnungskorrektur")
_BILLING = frozenset({"invoice", "credit_note"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPaper:
    """A paper and what it is held against.

    Attributes:
        types: the types of document it may rightly be called; empty when that is not known.
        original: the native paper that a scan was made from, whose text tells what can be seen on it.
        all_seen: every labelled value was typed from what a person saw.
    """

    paper: RealPaper
    types: frozenset[str] = frozenset()
    original: RealPaper | None = None
    all_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSet:
    """A set by name. `by_seller` sets are also counted for trained-on and left-out sellers apart."""

    name: str
    papers: list[LabelledPaper]
    by_seller: bool = False


def paper_sets(data: Path, *, everything: bool, only: str = "") -> Iterator[PaperSet]:
    """Each set in turn; real ones only where the data folder is."""
    for name, make in _makers(data, everything=everything).items():
        if only in name:
            papers = make()
            if papers:
                yield PaperSet(name=name, papers=papers, by_seller=name.startswith(("invoices-pdf", "receipts")))


def _makers(data: Path, *, everything: bool) -> Mapping[str, Callable[[], list[LabelledPaper]]]:
    def native() -> list[LabelledPaper]:
        return [
            LabelledPaper(paper=p, types=_invoice_types(p.file)) for p in labelled_papers("invoices-pdf", data=data)
        ]

    def scanned(scan: Callable[[RealPaper], RealPaper]) -> list[LabelledPaper]:
        papers = native()
        step = 1 if everything else max(len(papers) // _RASTERS_SAMPLED, 1)
        return [replace(native, paper=scan(native.paper), original=native.paper) for native in papers[::step]]

    def receipts() -> list[LabelledPaper]:
        found, types = labelled_papers("receipts-scan", data=data), frozenset({"receipt"})
        papers = [LabelledPaper(paper=paper, types=types, all_seen=True) for paper in found]
        return papers if everything else papers[:: max(len(papers) // _SCANS_SAMPLED, 1)]

    def hybrids(*, ignore_embedded: bool) -> list[LabelledPaper]:
        found = labelled_papers("invoices-hybrid", data=data, ignore_embedded=ignore_embedded)
        return [LabelledPaper(paper=p, types=_invoice_types(p.file)) for p in found]

    return {
        "generated invoices": lambda: _generated(shipments=False),
        "generated shipments": lambda: _generated(shipments=True),
        "invoices-pdf": native,
        "invoices-pdf, 200 dpi": lambda: scanned(as_scan),
        "invoices-pdf, 200 dpi, noise, 1° skew": lambda: scanned(as_poor_scan),
        "receipts-scan": receipts,
        "invoices-hybrid, pages": lambda: hybrids(ignore_embedded=True),
        "invoices-hybrid, XML": lambda: hybrids(ignore_embedded=False),
        "einvoices": lambda: [
            LabelledPaper(paper=p) for p in labelled_papers("einvoices", data=data, ignore_embedded=False)
        ],
        "edi": lambda: [_interchange(truth) for truth in edi_truths(data / "edi")],
    }


def _invoice_types(file: str) -> frozenset[str]:
    return _BILLING if any(word in file.lower() for word in _EITHER) else frozenset({"invoice"})


def _generated(*, shipments: bool) -> list[LabelledPaper]:
    """Papers of a seed that training never uses: other sellers, sums and styles, of the same layout families."""
    from core.documents import SHIPMENT_TYPES
    from training.documents_run import generate
    from training.labels import label_of

    found = []
    for index, (paper, style, printed) in enumerate(generate(HELD_OUT_COUNT, HELD_OUT_SEED)):
        label = label_of(paper, style, printed, file=f"generated/{index}-{style.family}")
        if (label["document_type"] in SHIPMENT_TYPES) is shipments:
            real = RealPaper(
                file=label["file"],
                data=printed.pdf,
                media_type="application/pdf",
                fields=label["fields"],
                lines=label["lines"],
                seller=label["seller"],
            )
            found.append(LabelledPaper(paper=real, types=frozenset({label["document_type"]})))
    return found


def _interchange(truth: EdiTruth) -> LabelledPaper:
    data = truth.file.read_bytes()
    paper = RealPaper(
        file=f"edi/{truth.file.name}",
        data=data,
        media_type=sniff(data),
        fields={name: value for name, value in truth.fields.items() if value is not None},
        lines=[{name: value for name, value in line.items() if value is not None} for line in truth.lines],
        seller=truth.file.name,
        ignore_embedded=False,
    )
    return LabelledPaper(paper=paper)
