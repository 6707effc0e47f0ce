"""How long a person waits: the help, one paper from a cold start, one paper in a warm process.

Whole processes are timed from outside, each beside the interpreter alone, in one run on one machine.
`python -m benchmarks.latency`
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BIN = Path(sys.executable).parent
COLD_RUNS = 5
WARM_RUNS = 40
LIMITS = {"help_s": 0.3, "cold_pdf_s": 4.0, "warm_pdf_ms": 100.0, "warm_xml_ms": 20.0}


def main() -> int:
    """Prints the table and the RESULT line; 1 when a promise is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        pdf, xml = _papers(Path(folder))
        python = _process([sys.executable, "-c", "pass"])
        figures = {
            "help_s": _process([str(BIN / "clearhold"), "--help"]),
            "cold_pdf_s": _process([str(BIN / "clearhold"), "extract", str(pdf), "--json"]),
            "cold_xml_s": _process([str(BIN / "clearhold"), "extract", str(xml), "--json"]),
            "warm_pdf_ms": _warm(pdf),
            "warm_xml_ms": _warm(xml),
            "warm_xml_schema_ms": _warm_schema(xml),
            "pdfplumber_words_ms": _pdfplumber(pdf),
        }
    print(f"{'figure':<22}{'measured':>10}{'promised':>10}{'× python alone':>16}")
    for name, value in figures.items():
        promised = f"{LIMITS[name]:g}" if name in LIMITS else ""
        ratio = f"{value / python:.1f}" if name.endswith("_s") else ""
        print(f"{name:<22}{value:>10.3f}{promised:>10}{ratio:>16}")
    kept = all(figures[name] <= limit for name, limit in LIMITS.items())
    print("RESULT " + " ".join(f"{name}={value:.3f}" for name, value in figures.items()) + f" kept={int(kept)}")
    return 0 if kept else 1


def _papers(folder: Path) -> tuple[Path, Path]:
    """A native one-page invoice and an e-invoice of the demo retailer."""
    import pypdfium2

    subprocess.run(
        [str(BIN / "clearhold-train"), "retailer", str(folder), "--seed", "7"], check=True, stdout=subprocess.DEVNULL
    )
    papers = sorted((folder / "papers").iterdir())
    for path in papers:
        if path.suffix == ".pdf" and b"%PDF" in path.read_bytes()[:8]:
            try:
                document = pypdfium2.PdfDocument(path)
                words = len(document[0].get_textpage().get_text_bounded())
                one_page = len(document) == 1 and words > 200 and not document.count_attachments()
                document.close()
            except pypdfium2.PdfiumError:
                continue
            if one_page:
                return path, next(paper for paper in papers if paper.suffix == ".xml")
    raise SystemExit("the retailer has no native one-page invoice")


def _process(command: list[str]) -> float:
    return _median(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), COLD_RUNS)


def _warm(path: Path) -> float:
    from extraction.pipeline import ReadOptions, read_and_extract

    data = path.read_bytes()
    options = ReadOptions()
    read_and_extract(data, options)
    return 1000 * _median(lambda: read_and_extract(data, options), WARM_RUNS)


def _warm_schema(path: Path) -> float:
    """What the check against EN 16931 adds to an e-invoice, in the child it runs in."""
    from core.limited import LimitedExecutor, ProcessLimits
    from extraction.schema import check, warm_up
    from review_api.schema_check import RESERVED_BYTES

    data = path.read_bytes()
    with LimitedExecutor(1, limits=ProcessLimits(reserved_bytes=RESERVED_BYTES), initializer=warm_up) as child:

        def once() -> None:
            child.submit(check, data, media_type="application/xml").result()

        for _ in range(5):
            once()
        return 1000 * _median(once, WARM_RUNS)


def _pdfplumber(path: Path) -> float:
    import pdfplumber

    def words() -> None:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_words()

    words()
    return 1000 * _median(words, 10)


def _median(call: Callable[[], object], runs: int) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())
