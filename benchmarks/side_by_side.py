"""The same papers read by Clearhold and by what else reads papers on a CPU without sending them away.

invoice2data with the templates it ships (its text by pdftotext, or tesseract's for scans), and the best regular
expressions we could write without knowing the supplier, over the same text layer or tesseract's text. Fields that all
of them name: number, date, total, currency, seller. Sellers left out of training only. docling is not here: it fetches
its models when first used, so it does not run without a network.

`python -m benchmarks.side_by_side`; invoice2data goes into an environment of its own, `var/peers`.
"""

import argparse
import json
import math
import re
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.raster import as_poor_scan
from benchmarks.scoring import visible_fields
from core.documents import Reading
from core.errors import ClearholdError
from extraction.agreement import agrees
from extraction.extract import extract
from extraction.read import read
from extraction.values import Locale, parse_date
from training.readings import kept_reading
from training.real_papers import DATA, RealPaper, is_developed_on, labelled_papers

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "var" / "peers"
TABLE = ROOT / "docs" / "accuracy-peers.md"
FIELDS = ("invoice_number", "issue_date", "total_with_vat", "currency", "seller_name")
SCANS = 40

Values = Mapping[str, str]
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? \w{3,9}\.? \d{4}"
_AMOUNT = r"-?\d{1,3}(?:[., ']?\d{3})*[.,]\d{2}(?!\d)"
# A label of each field in several languages, then the nearest thing that looks like its value.
PATTERNS: Mapping[str, str] = {
    "invoice_number": r"(?:invoice|inv|rechnungs?|facture|factura|fattura|factuur|receipt|bill|doc)[\w. ()-]{0,12}"
    r"(?:no|nr|number|nummer|num|n°|#)\.?\s*[:.]?\s*([A-Z0-9][\w/-]*\d[\w/-]*)",
    "issue_date": rf"(?:date|datum|fecha|data)\b[^\d\n]{{0,20}}({_DATE})|({_DATE})",
    "total_with_vat": r"(?:total|amount due|gesamtbetrag|gesamtsumme|rechnungsbetrag|zahlbetrag|endbetrag|"
    rf"brutto(?:betrag|summe|wert)?|zu zahlen\w*|totale|totaal)[^\d\n]{{0,30}}({_AMOUNT})",
    "currency": r"\b(EUR|USD|GBP|CHF|MYR|SGD|RM)\b|([€$£])",
}
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "RM": "MYR"}


def main() -> None:
    """Prints one table, writes it into docs, ends with the RESULT line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--no-write", action="store_true")
    arguments = parser.parse_args()
    peer = _install_peer()
    rows: list[tuple[str, str, dict[str, float]]] = []
    for name, papers in _sets(arguments.data):
        for tool, run in _tools(peer).items():
            scores = _scores(papers, run)
            rows.append((name, tool, scores))
            print(f"{name:40}{tool:34}" + "".join(f"{scores[field]:8.3f}" for field in (*FIELDS, "all")), flush=True)
    if rows and not arguments.no_write:
        TABLE.write_text(_table(rows), encoding="utf-8")
    keys = {"Clearhold": "clearhold", "invoice2data": "invoice2data", "regular expressions": "regex"}
    print("RESULT " + " ".join(f"{keys[tool]}.{name.split(',')[0]}={scores['all']:.4f}" for name, tool, scores in rows))


def _sets(data: Path) -> Iterator[tuple[str, list[tuple[RealPaper, Values]]]]:
    native = [p for p in labelled_papers("invoices-pdf", data=data) if not is_developed_on(p.seller)]
    seen: list[tuple[RealPaper, Values]] = [
        (p, visible_fields(p.fields, read(p.data, media_type=p.media_type))) for p in native
    ]
    yield "invoices-pdf", seen
    yield "invoices-poor-scan", [(as_poor_scan(p), values) for p, values in seen]
    receipts = [p for p in labelled_papers("receipts-scan", data=data) if not is_developed_on(p.seller)]
    yield "receipts-scan", [(p, {k: v for k, v in p.fields.items() if v}) for p in receipts[:SCANS]]


def _tools(peer: Path | None) -> Mapping[str, Callable[[RealPaper], Values]]:
    tools: dict[str, Callable[[RealPaper], Values]] = {"Clearhold": _clearhold, "regular expressions": _regex}
    if peer is not None:
        tools["invoice2data"] = lambda paper: _invoice2data(peer, paper)
    return tools


def _clearhold(paper: RealPaper) -> Values:
    try:
        reading = kept_reading(paper.data, media_type=paper.media_type)
    except ClearholdError:
        return {}
    return {name: found.value for name, found in extract(reading, ignore_embedded=True).fields.items()}


def _regex(paper: RealPaper) -> Values:
    """The first match of each pattern; the seller is the first line of the paper."""
    text = _text(_by_tesseract(paper))
    values = {"seller_name": text.split("\n", 1)[0]}
    for field, pattern in PATTERNS.items():
        matches = list(re.finditer(pattern, text, re.IGNORECASE))
        found = next((group for match in matches for group in match.groups() if group), None)
        if field == "total_with_vat" and matches:
            found = matches[-1].group(1)
        if found:
            values[field] = _normal(field, found)
    return values


def _by_tesseract(paper: RealPaper) -> Reading:
    return kept_reading(paper.data, media_type=paper.media_type, ocr="tesseract")


def _normal(field: str, text: str) -> str:
    if field == "issue_date":
        day = parse_date(text, Locale())
        return day.value.isoformat() if day else text
    if field == "total_with_vat":
        digits = re.sub(r"[^\d]", "", text)
        return f"{digits[:-2]}.{digits[-2:]}"
    return _CURRENCIES.get(text.upper(), text.upper()) if field == "currency" else text


def _text(reading: Reading) -> str:
    lines: list[list[str]] = []
    bottom = -1.0
    for page in reading.pages:
        for word in page.words:
            if not lines or abs(word.box.top - bottom) > 5:
                lines.append([])
                bottom = word.box.top
            lines[-1].append(word.text)
    return "\n".join(" ".join(line) for line in lines)


def _install_peer() -> Path | None:
    """invoice2data in an environment of its own; None, and said so, where it cannot be installed."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        done = subprocess.run([str(python), "-m", "pip", "install", "-q", "invoice2data"], check=False)
        if done.returncode:
            print("invoice2data could not be installed; it is left out", file=sys.stderr)
            return None
    return python


_PEER = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from invoice2data import extract_data
from invoice2data.extract.loader import read_templates
from invoice2data.input import pdftotext, text
reader = text if sys.argv[1].endswith(".txt") else pdftotext
found = extract_data(sys.argv[1], templates=read_templates(), input_module=reader)
print(json.dumps(found or {}, default=str))
"""


def _invoice2data(python: Path, paper: RealPaper) -> Values:
    native = paper.media_type == "application/pdf"
    path = PEERS / ("paper.pdf" if native else "paper.txt")
    path.write_bytes(paper.data if native else _text(_by_tesseract(paper)).encode())
    command = [str(python), "-c", _PEER, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    try:
        found = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {}
    names = {
        "invoice_number": "invoice_number",
        "date": "issue_date",
        "amount": "total_with_vat",
        "currency": "currency",
        "issuer": "seller_name",
    }
    return {
        ours: str(found[theirs])[: 10 if ours == "issue_date" else None]
        for theirs, ours in names.items()
        if found.get(theirs)
    }


def _scores(papers: list[tuple[RealPaper, Values]], run: Callable[[RealPaper], Values]) -> dict[str, float]:
    """F1 of each field, and micro F1 over them."""
    right, given, wanted = dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0)
    for paper, truth in papers:
        values = run(paper)
        for field in FIELDS:
            if field in truth:
                wanted[field] += 1
                given[field] += field in values
                right[field] += field in values and agrees(field, values[field], truth[field])
    scores = {
        field: 2 * right[field] / (given[field] + wanted[field]) if wanted[field] else math.nan for field in FIELDS
    }
    scores["all"] = 2 * sum(right.values()) / max(sum(given.values()) + sum(wanted.values()), 1)
    return scores


def _figure(score: float) -> str:
    """A score, or a dash for a field that the set has no labels of."""
    return "–" if math.isnan(score) else f"{score:.3f}"


def _table(rows: list[tuple[str, str, dict[str, float]]]) -> str:
    head = "| set, sellers left out | tool | " + " | ".join((*FIELDS, "all")) + " |"
    lines = [head, "|---|---|" + "---:|" * (len(FIELDS) + 1)]
    for name, tool, scores in rows:
        lines.append(f"| {name} | {tool} | " + " | ".join(_figure(scores[field]) for field in (*FIELDS, "all")) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
