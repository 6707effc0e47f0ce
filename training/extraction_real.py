"""Real papers of the sellers that may teach: read from what a person would see, weighed so that no maker dominates."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from core.documents import Reading
from core.errors import ClearholdError
from extraction.agreement import dates_in, is_visible, numbers_in
from extraction.read import read
from extraction.values import squeeze
from training.extraction_data import Sample
from training.readings import kept_reading
from training.real_papers import DATA, RealPaper, is_developed_on, labelled_papers
from training.scans import random_wear, scan

NATIVE, RECEIPTS = ("invoices-pdf", "invoices-hybrid"), "receipts-scan"
ATTRIBUTION = (
    "invoices-pdf and invoices-hybrid: ZUGFeRD corpus, Apache-2.0, labels from the embedded e-invoices; "
    "receipts-scan: ICDAR-2019 SROIE (Huang et al.), CC BY 4.0, re-encoded"
)
_MOST_OF_SELLER, _MOST_OF_PAPER = 16.0, 3.0
_SCANNED_WEIGHT = 0.5
_PROCESSES = 2


def real_samples(*, data: Path = DATA) -> Iterator[Sample]:
    """Native invoices, the same as scans, and receipts; none where the data folder is not there."""
    native = [p for folder in NATIVE for p in labelled_papers(folder, data=data) if is_developed_on(p.seller)]
    receipts = [p for p in labelled_papers(RECEIPTS, data=data) if is_developed_on(p.seller)]
    counts = Counter(squeeze(p.seller) for p in (*native, *receipts))
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("fork")) as pool:
        scans = pool.map(_read_scan, native)
        photos = pool.map(_read_photo, receipts)
        for paper, scanned in zip(native, scans, strict=True):
            weight = _weight(counts[squeeze(paper.seller)])
            reading = read(paper.data, media_type=paper.media_type)
            seen = _seen(paper, reading)
            yield _sample(paper, reading, seen, weight=weight, document_type="invoice")
            if scanned is not None:
                yield _sample(paper, scanned, seen, weight=_SCANNED_WEIGHT * weight, document_type="invoice")
        for paper, photo in zip(receipts, photos, strict=True):
            if photo is not None:
                given = {name: value for name, value in paper.fields.items() if value}
                weight = _weight(counts[squeeze(paper.seller)])
                yield _sample(paper, photo, given, weight=weight, document_type="receipt")


def _weight(papers_of_seller: int) -> float:
    return min(_MOST_OF_SELLER / papers_of_seller, _MOST_OF_PAPER)


def _read_scan(paper: RealPaper) -> Reading | None:
    """The paper as an office scanner gives it; the wear is the paper's own, the same each time."""
    rng = Random(f"scan {paper.file}")  # noqa: S311  noise, not secrets
    return _read(scan(paper.data, random_wear(rng), form="tif", seed=rng.getrandbits(32)), "image/tiff")


def _read_photo(paper: RealPaper) -> Reading | None:
    return _read(paper.data, paper.media_type)


def _read(data: bytes, media_type: str) -> Reading | None:
    try:
        return kept_reading(data, media_type=media_type)
    except ClearholdError:
        return None


def _seen(paper: RealPaper, reading: Reading) -> dict[str, str]:
    """The labelled values that stand on the pages."""
    words = [word.text for page in reading.pages for word in page.words]
    text, numbers, dates = squeeze("".join(words)), numbers_in(words), dates_in(words)
    given = {name: str(value) for name, value in paper.fields.items() if value}
    return {name: value for name, value in given.items() if is_visible(name, value, text, numbers, dates)}


def _sample(paper: RealPaper, reading: Reading, fields: dict[str, str], *, weight: float, document_type: str) -> Sample:
    label: dict[str, Any] = {
        "document_type": document_type,
        "fields": fields,
        "lines": paper.lines,
        "evidence": {},
        "layout": document_type,
    }
    return Sample(reading=reading, label=label, family=f"seller {squeeze(paper.seller)}", weight=weight, is_real=True)
