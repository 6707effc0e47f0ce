"""Labelled real papers, where the data folder is there: read for training and measuring, never copied.

Sellers are dealt into two halves by a hash of their name. One half was looked at while the rules were written, and
may teach; the other is only ever measured.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extraction.values import Locale, parse_date

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "documents"
MEDIA = {".pdf": "application/pdf", ".xml": "application/xml", ".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RealPaper:
    """A labelled document: how it is read and what is true of it.

    Attributes:
        ignore_embedded: read what a person would see, not the e-invoice inside.
    """

    file: str
    data: bytes
    media_type: str
    fields: Mapping[str, str | None]
    lines: list[dict[str, str]]
    seller: str
    ignore_embedded: bool = True


def is_developed_on(seller: str) -> bool:
    """Whether this seller's papers were looked at while the rules were written, and may be trained on."""
    return hashlib.sha256(seller.encode()).digest()[0] % 2 == 0


def labelled_papers(folder: str, *, data: Path = DATA, ignore_embedded: bool = True) -> Iterator[RealPaper]:
    """The labelled papers of a folder such as `invoices-pdf`; none when the data is not there."""
    if not (data / "labels.jsonl").exists():
        return
    for line in (data / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if label["file"].startswith(f"{folder}/") and label.get("fields"):
            yield _paper(data, label, ignore_embedded=ignore_embedded)


def _paper(data: Path, label: Mapping[str, Any], *, ignore_embedded: bool) -> RealPaper:
    file, fields = label["file"], dict(label["fields"])
    printed = fields.pop("issue_date_text", None)
    day = parse_date(printed, Locale()) if printed else None
    if day is not None:
        fields["issue_date"] = day.value.isoformat()
    return RealPaper(
        file=file,
        data=(data / file).read_bytes(),
        media_type=MEDIA[Path(file).suffix.lower()],
        fields=fields,
        lines=[{k: v for k, v in line.items() if v is not None} for line in label.get("lines", ())],
        seller=fields.get("seller_name") or file,
        ignore_embedded=ignore_embedded,
    )
