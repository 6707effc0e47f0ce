"""How fast papers are read, as ratios taken side by side in one run.

A native page beside pdfplumber's words alone; a scanned page beside its own OCR engine alone; e-invoices a second on
one core; a cold start beside the interpreter alone; memory of a process with both OCR engines loaded.
`python -m benchmarks.extraction_speed`; ends with the RESULT line, exit code 1 when a promise is not kept.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.raster import as_scan
from extraction.pipeline import ReadOptions, read_and_extract
from training.real_papers import RealPaper

if TYPE_CHECKING:
    from PIL.Image import Image

BIN = Path(sys.executable).parent
PAPERS, ROUNDS, SCANS, COLD_RUNS = 12, 7, 3, 5
SEED = 31_337


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, and the bound it has to keep: `most` or `least`."""

    name: str
    value: float
    bound: float
    most: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.bound if self.most else self.value >= self.bound


def main() -> int:
    """Prints the table and the RESULT line."""
    from training.documents_run import generate

    papers = [
        _paper(f"{index}.pdf", printed.pdf)
        for index, (paper, _, printed) in enumerate(generate(4 * PAPERS, SEED))
        if printed.pages == 1 and paper.totals is not None
    ][:PAPERS]
    figures = [
        _native(papers),
        *_scanned(papers[:SCANS]),
        _einvoices(),
        *_cold(papers[0]),
        Figure(name="memory_gb", value=_memory(papers[0]), bound=1.0),
    ]
    print(f"{'figure':<34}{'measured':>10}{'promised':>12}")
    for figure in figures:
        sign = "≤" if figure.most else "≥"
        print(f"{figure.name:<34}{figure.value:>10.3f}{sign:>6}{figure.bound:>6g}{'' if figure.is_kept else '  short'}")
    kept = all(figure.is_kept for figure in figures)
    print("RESULT " + " ".join(f"{f.name}={f.value:.3f}" for f in figures) + f" kept={int(kept)}")
    return 0 if kept else 1


def _paper(file: str, data: bytes) -> RealPaper:
    return RealPaper(file=file, data=data, media_type="application/pdf", fields={}, lines=[], seller="")


def _native(papers: Sequence[RealPaper]) -> Figure:
    """Whole extraction of native pages over pdfplumber's `extract_words` on the same pages, in turns."""
    ratios, ours, theirs = [], [], []
    for paper in papers:
        read_and_extract(paper.data)
        _pdfplumber_words(paper.data)
        pairs = [
            (_seconds(lambda: read_and_extract(paper.data)), _seconds(lambda: _pdfplumber_words(paper.data)))  # noqa: B023
            for _ in range(ROUNDS)
        ]
        mine, other = statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)
        ours.append(mine)
        theirs.append(other)
        ratios.append(mine / other)
    print(
        f"native page: whole extraction {1000 * statistics.median(ours):.1f} ms, "
        f"pdfplumber's words alone {1000 * statistics.median(theirs):.1f} ms, ratios "
        + " ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
    )
    return Figure(name="native_over_pdfplumber", value=statistics.median(ratios), bound=0.5)


def _pdfplumber_words(data: bytes) -> None:
    import io

    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_words()


def _scanned(papers: Sequence[RealPaper]) -> list[Figure]:
    """Whole extraction of a scan over one call of its engine on the same picture."""
    figures = []
    for engine, alone in (("tesseract", _tesseract_alone), ("rapidocr", _rapidocr_alone())):
        ratios = []
        for paper in papers:
            scan = as_scan(paper)
            options = ReadOptions(media_type="image/tiff", ocr=engine)
            read_and_extract(scan.data, options)
            picture = _picture(scan.data)
            pairs = [
                (_seconds(lambda: read_and_extract(scan.data, options)), _seconds(lambda: alone(picture)))  # noqa: B023
                for _ in range(3)
            ]
            ratios.append(statistics.median(p[0] for p in pairs) / statistics.median(p[1] for p in pairs))
        print(f"scan by {engine}: ratios " + " ".join(f"{ratio:.2f}" for ratio in sorted(ratios)))
        figures.append(Figure(name=f"{engine}_page_over_engine", value=statistics.median(ratios), bound=1.15))
    return figures


def _einvoices() -> Figure:
    """E-invoices read a second on one core, without the check against EN 16931."""
    data = _einvoice()
    read_and_extract(data)
    rounds = [_seconds(lambda: [read_and_extract(data) for _ in range(100)]) for _ in range(5)]
    return Figure(name="xml_a_second", value=100 / statistics.median(rounds), bound=100, most=False)


def _cold(paper: RealPaper) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        pdf, xml = Path(folder) / "a.pdf", Path(folder) / "a.xml"
        pdf.write_bytes(paper.data)
        xml.write_bytes(_einvoice())
        return [
            Figure(name="cold_pdf_s", value=_cold_seconds(pdf), bound=4.0),
            Figure(name="cold_xml_s", value=_cold_seconds(xml), bound=1.0),
        ]


def _cold_seconds(path: Path) -> float:
    command = [str(BIN / "clearhold"), "extract", str(path), "--json"]
    return statistics.median(
        _seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(COLD_RUNS)
    )


def _memory(paper: RealPaper) -> float:
    """Peak memory of a process that has read the page natively and by both engines, in GB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tiff"
        path.write_bytes(as_scan(paper).data)
        code = (
            "import sys, pathlib\n"
            "from extraction.pipeline import ReadOptions, read_and_extract\n"
            "data = pathlib.Path(sys.argv[1]).read_bytes()\n"
            "for engine in ('tesseract', 'rapidocr', 'auto'):\n"
            "    read_and_extract(data, ReadOptions(ocr=engine))\n"
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=Path(__file__).parent.parent)
        return max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before) / 1024**2


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _tesseract_alone(picture: "Image") -> None:
    """One run of the program, in English, with boxes, as whoever calls it directly would."""
    command = ["tesseract", "-", "-", "-l", "eng", "--psm", "4", "--dpi", "200", "tsv"]
    data = b"P5 %d %d 255\n" % picture.size + picture.tobytes()
    subprocess.run(command, input=data, check=True, capture_output=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"})


def _rapidocr_alone() -> "Callable[[Image], None]":
    """One call of the library on the picture, with words, on one thread."""
    import numpy as np
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    engine = RapidOCR(params={**threads, "Global.log_level": "error"})

    def alone(picture: "Image") -> None:
        engine(np.asarray(picture.convert("RGB")), return_word_box=True)

    return alone


def _picture(tiff: bytes) -> "Image":
    import io

    from PIL import Image

    return Image.open(io.BytesIO(tiff)).convert("L")


def _einvoice() -> bytes:
    """An e-invoice in UBL of an ordinary generated invoice."""
    from random import Random

    from training.einvoices import write_ubl
    from training.standalone import random_paper

    rng = Random(SEED)
    papers = (random_paper(rng) for _ in range(100))
    return write_ubl(next(paper for paper in papers if paper.totals is not None))


if __name__ == "__main__":
    sys.exit(main())
