"""Writes the demo retailer to a folder: feeds, papers, labels and what was planted: `clearhold-train retailer`."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from core.canonical import instant_text
from training.batch import Sent, fill_desk
from training.einvoices import write_cii, write_hybrid, write_ubl
from training.faults import KINDS, renumbered
from training.feeds_out import write_feeds
from training.labels import label_of, label_of_einvoice
from training.layouts import print_paper
from training.ledger import AS_OF, build_ledger
from training.mails import write_mail
from training.retailer import build_retailer
from training.scans import RUINED, page_count, retail_wear, scan

_PASSWORD = "kept-by-the-supplier"  # noqa: S105  locks a planted paper nobody is meant to open


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A file of the demo. `read_as` is the name the paper has once a mail is unpacked, else its own."""

    name: str
    read_as: str
    data: bytes
    label: dict[str, Any]
    sent: Sent


def run(out: Path, *, seed: int, quiet: bool, as_of: datetime = AS_OF) -> dict[str, Any]:
    """Writes `feeds/*.csv`, `papers/*`, `labels.jsonl`, `planted.json` and `retailer.json`; answers what was made."""
    started = time.perf_counter()
    retailer = build_retailer(seed)
    sent, ledger = fill_desk(retailer, build_ledger(retailer, seed, as_of), seed)
    rows = write_feeds(out / "feeds", retailer, ledger, seed)
    (out / "papers").mkdir(parents=True, exist_ok=True)
    filed = []
    for paper in _file_all(sent, seed):
        (out / "papers" / paper.name).write_bytes(paper.data)
        filed.append(paper)
        if not quiet and sys.stderr.isatty():
            print(f"\r{len(filed)} of {len(sent)} papers", end="", file=sys.stderr, flush=True)
    if not quiet:
        print(f"\r{len(filed)} papers made", file=sys.stderr)
    summary = _summary(filed, seed, as_of)
    _write_lines(out / "labels.jsonl", [paper.label for paper in filed])
    _write_json(out / "planted.json", [_planted(paper) for paper in filed if paper.sent.fault])
    _write_json(out / "retailer.json", summary)
    return {
        "name": "retailer",
        "out": str(out),
        "seed": seed,
        "seconds": round(time.perf_counter() - started, 2),
        **{name: summary[name] for name in ("as_of", "papers", "suppliers", "forms", "faults")},
        "feeds": rows,
        "clean_papers": len(summary["clean"]),
    }


def _file_all(sent: tuple[Sent, ...], seed: int) -> Iterator[Filed]:
    for index, one in enumerate(sent, start=1):
        yield _file(one, index, Random(f"file {seed} {index}"))  # noqa: S311  noise, not secrets


def _file(sent: Sent, index: int, rng: Random) -> Filed:
    paper, style = sent.paper, sent.house.style
    stem = f"{index:03d}-{_slug(paper.seller.name.split()[0])}-{_slug(paper.number)}"
    if sent.form in {"ubl", "cii"}:
        name = f"{stem}.xml"
        data = write_ubl(paper) if sent.form == "ubl" else write_cii(paper)
        label = label_of_einvoice(paper, file=f"papers/{name}", layout=sent.form)
        return _filed(sent, name, name, data, label)
    printed = print_paper(paper, style, password=_PASSWORD if sent.fault == "encrypted" else None)
    name, data = f"{stem}.pdf", printed.pdf
    if sent.form == "hybrid":
        data = write_hybrid(printed.pdf, write_cii(renumbered(paper) if sent.fault == "hybrid-differs" else paper))
    elif sent.form == "scan":
        form = rng.choice(("pdf", "png", "jpg", "tif") if page_count(data) == 1 else ("pdf", "tif"))
        name, data = f"{stem}.{form}", scan(data, retail_wear(rng), form=form, seed=rng.getrandbits(32))
    elif sent.form == "ruin":
        data = scan(data, RUINED, form="pdf", seed=rng.getrandbits(32))
    elif sent.fault == "truncated":
        data = data[: min(len(data) // 5, 700)]
    label = label_of(paper, style, printed, file=f"papers/{name}")
    if sent.form == "mail":
        mail = f"{stem}.eml"
        return _filed(sent, mail, name, write_mail(paper, name, data), label | {"file": f"papers/{mail}"})
    return _filed(sent, name, name, data, label)


def _filed(sent: Sent, name: str, read_as: str, data: bytes, label: dict[str, Any]) -> Filed:
    more = {"form": sent.form, "supplier_id": None if sent.fault == "unknown-supplier" else sent.house.supplier_id}
    if read_as != name:
        more["attachment"] = read_as
    return Filed(name=name, read_as=read_as, data=data, label=label | more, sent=sent)


def _planted(paper: Filed) -> dict[str, str]:
    fault = paper.sent.fault
    assert fault is not None
    kind = KINDS[fault]
    return {"file": paper.read_as, "kind": fault, "code": kind.code, "why": kind.why, "form": paper.sent.form}


def _summary(filed: list[Filed], seed: int, as_of: datetime) -> dict[str, Any]:
    clean = [paper for paper in filed if paper.sent.fault is None]
    return {
        "as_of": instant_text(as_of),
        "seed": seed,
        "papers": len(filed),
        "suppliers": len({paper.sent.house.supplier_id for paper in filed}),
        "clean": sorted(paper.read_as for paper in clean),
        "mails": {paper.name: [paper.read_as] for paper in filed if paper.name != paper.read_as},
        "document_types": {paper.read_as: paper.sent.paper.document_type.value for paper in filed},
        "forms": dict(sorted(Counter(paper.sent.form for paper in filed).items())),
        "faults": dict(sorted(Counter(paper.sent.fault for paper in filed if paper.sent.fault).items())),
    }


def _slug(text: str) -> str:
    kept = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in text.lower())
    return "-".join(part for part in kept.split("-") if part)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_lines(path: Path, values: list[dict[str, Any]]) -> None:
    lines = (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n" for value in values)
    path.write_text("".join(lines), encoding="utf-8")
