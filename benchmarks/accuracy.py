"""How much is read right, set by set, with the definitions of data/README.md. Writes docs/accuracy.md.

`python -m benchmarks.accuracy [--all] [--data FOLDER] [--no-write]`. Without `--all` a sample of the scans is read.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import Tally, merged, reliability_svg, visible_fields
from core.documents import Extraction, Reading
from core.errors import ClearholdError
from extraction.bundle import Bundle, default_bundle
from extraction.extract import extract
from extraction.read import read
from extraction.values import Locale, parse_date

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "documents"
REPORT = ROOT / "docs" / "accuracy.md"
DIAGRAM = ROOT / "docs" / "accuracy-reliability.svg"
HELD_OUT_SEED, HELD_OUT_COUNT = 90_210, 150
SCANS_SAMPLED, RASTERS_SAMPLED = 40, 14
RASTER_DPI = 200
MEDIA = {".pdf": "application/pdf", ".xml": "application/xml", ".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A labelled document: how it is read and what is true of it."""

    file: str
    data: bytes
    media_type: str
    fields: Mapping[str, str | None]
    lines: list[dict[str, str]]
    seller: str
    ignore_embedded: bool = True


def main() -> None:
    """Measures every set, prints a table, writes the report, ends with the RESULT line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="read every scan instead of a sample")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of labelled documents")
    parser.add_argument("--no-write", action="store_true", help="do not write docs/accuracy.md")
    arguments = parser.parse_args()
    bundle = default_bundle()
    tallies: list[Tally] = []
    for name, papers in _sets(arguments.data, everything=arguments.all):
        halves = _measure(name, papers, bundle)
        tallies += halves
        for tally in halves:
            print(_row(tally), flush=True)
    if not arguments.no_write:
        _write(tallies, bundle, everything=arguments.all)
    print(_result(tallies))


def is_developed_on(seller: str) -> bool:
    """Sellers of this half were looked at while the rules were written; the other half was only ever measured."""
    return hashlib.sha256(seller.encode()).digest()[0] % 2 == 0


def _sets(data: Path, *, everything: bool) -> Iterator[tuple[str, list[Paper]]]:
    yield "generated", list(_generated())
    if not data.exists():
        return
    labels = [json.loads(line) for line in (data / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    native = list(_labelled(data, labels, "invoices-pdf/"))
    yield "invoices-pdf", native
    step = 1 if everything else max(len(native) // RASTERS_SAMPLED, 1)
    yield "invoices-pdf by OCR", [_rasterised(paper) for paper in native[::step]]
    scans = list(_labelled(data, labels, "receipts-scan/"))
    yield "receipts-scan", scans if everything else scans[:: max(len(scans) // SCANS_SAMPLED, 1)]
    yield "invoices-hybrid, pages", list(_labelled(data, labels, "invoices-hybrid/"))
    yield "invoices-hybrid, XML", list(_labelled(data, labels, "invoices-hybrid/", ignore_embedded=False))
    yield "einvoices", list(_labelled(data, labels, "einvoices/", ignore_embedded=False))


def _labelled(
    data: Path, labels: list[dict[str, Any]], folder: str, *, ignore_embedded: bool = True
) -> Iterator[Paper]:
    for label in labels:
        file = label["file"]
        if not file.startswith(folder) or not label.get("fields"):
            continue
        fields = dict(label["fields"])
        printed = fields.pop("issue_date_text", None)
        day = parse_date(printed, Locale()) if printed else None
        if day is not None:
            fields["issue_date"] = day.value.isoformat()
        lines = [{k: v for k, v in line.items() if v is not None} for line in label.get("lines", ())]
        yield Paper(
            file=file,
            data=(data / file).read_bytes(),
            media_type=MEDIA[Path(file).suffix.lower()],
            fields=fields,
            lines=lines,
            seller=fields.get("seller_name") or file,
            ignore_embedded=ignore_embedded,
        )


def _generated() -> Iterator[Paper]:
    """Papers of a seed that training never uses: other sellers, sums and styles, of the same layout families."""
    from training.documents_run import generate
    from training.labels import label_of

    for index, (paper, style, printed) in enumerate(generate(HELD_OUT_COUNT, HELD_OUT_SEED)):
        label = label_of(paper, style, printed, file=f"generated/{index}-{style.family}")
        yield Paper(
            file=label["file"],
            data=printed.pdf,
            media_type="application/pdf",
            fields=label["fields"],
            lines=label["lines"] if label["document_type"] != "delivery_note" else [],
            seller=label["seller"],
        )


def _rasterised(paper: Paper) -> Paper:
    """The first pages as a picture, so that they can only be read by OCR."""
    import io

    import pypdfium2

    pdf = pypdfium2.PdfDocument(paper.data)
    images = [page.render(scale=RASTER_DPI / 72).to_pil().convert("L") for page in pdf]
    buffer = io.BytesIO()
    images[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=images[1:],
        dpi=(RASTER_DPI, RASTER_DPI),
        compression="tiff_deflate",
    )
    return Paper(
        file=paper.file,
        data=buffer.getvalue(),
        media_type="image/tiff",
        fields=paper.fields,
        lines=paper.lines,
        seller=paper.seller,
    )


def _measure(name: str, papers: list[Paper], bundle: Bundle) -> list[Tally]:
    split = name in {"invoices-pdf", "receipts-scan"}
    seen, unseen = Tally(f"{name}, seen in development"), Tally(f"{name}, never looked at")
    whole = Tally(name)
    for paper in papers:
        reading, extraction = _read(paper, bundle)
        wanted = visible_fields(paper.fields, reading) if reading else {k: str(v) for k, v in paper.fields.items() if v}
        for tally in (whole, seen if is_developed_on(paper.seller) else unseen):
            tally.add(paper.file, extraction, wanted, paper.lines)
    return [whole, seen, unseen] if split else [whole]


def _read(paper: Paper, bundle: Bundle) -> tuple[Reading | None, Extraction | None]:
    try:
        reading = read(paper.data, media_type=paper.media_type)
        return reading, extract(reading, bundle=bundle, ignore_embedded=paper.ignore_embedded and bool(reading.pages))
    except ClearholdError:
        return None, None


def _row(tally: Tally) -> str:
    wrong, high = tally.sure_and_wrong()
    lines = f"{tally.line_f1:.3f}" if tally.line_f1 is not None else "–"
    return (
        f"{tally.name:36} {tally.documents:4} papers  F1 {tally.f1:.3f}  lines {lines:>5}  "
        f"coverage@99 {tally.coverage():.3f}  ECE {tally.ece:.3f}  sure but wrong {wrong} of {high}"
    )


def _write(tallies: list[Tally], bundle: Bundle, *, everything: bool) -> None:
    from benchmarks.accuracy_report import report

    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report(tallies, bundle.card, bundle.version, everything=everything), encoding="utf-8")
    pages = merged("pages", [t for t in tallies if t.name in {"invoices-pdf", "invoices-pdf by OCR", "receipts-scan"}])
    DIAGRAM.write_text(reliability_svg(pages.sure, title="Real papers read from their pages"), encoding="utf-8")


def _result(tallies: list[Tally]) -> str:
    values: dict[str, float] = {}
    for tally in tallies:
        if "," in tally.name and "never" not in tally.name and "pages" not in tally.name and "XML" not in tally.name:
            continue
        key = tally.name.replace(", never looked at", "-unseen").replace(", ", "-").replace(" ", "-")
        values[f"{key}.f1"] = tally.f1
        values[f"{key}.ece"] = tally.ece
        if tally.line_f1 is not None:
            values[f"{key}.lines"] = tally.line_f1
    return "RESULT " + " ".join(f"{name}={value:.4f}" for name, value in values.items())


if __name__ == "__main__":
    main()
