"""Writes labelled standalone documents to a folder: `clearhold-train documents`."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from training.bill_layouts import print_bill
from training.bill_random import random_bill
from training.bill_styles import random_bill_style
from training.houses import random_style
from training.labels import label_of
from training.layouts import Printed, print_paper
from training.papers import Paper
from training.ship_layouts import print_ship_paper
from training.ship_papers import ShipPaper
from training.ship_random import random_ship_paper
from training.ship_sheet import ShipStyle
from training.ship_styles import random_ship_style
from training.standalone import random_paper
from training.styles import Style

SHIPMENT_SHARE = 0.28
HOUSE_SHARE = 0.18


def generate(count: int, seed: int) -> Iterator[tuple[Paper | ShipPaper, Style | ShipStyle, Printed]]:
    """Papers with their looks and print, one house each, the same for the same seed; a share are shipment papers."""
    for index in range(count):
        rng = Random(f"shipment {seed} {index}")  # noqa: S311  papers, not secrets
        if rng.random() < SHIPMENT_SHARE:
            yield shipment(rng)
            continue
        rng = Random(f"document {seed} {index}")  # noqa: S311  papers, not secrets
        yield house_paper(rng) if rng.random() < HOUSE_SHARE else bill(rng)


def house_paper(rng: Random) -> tuple[Paper, Style, Printed]:
    """A tidy paper of a supplier's house style, as the demo's suppliers write them."""
    paper = random_paper(rng)
    style = random_style(rng, language=paper.language, country=paper.seller.country, currency=paper.currency)
    return paper, style, print_paper(paper, style)


def bill(rng: Random, *, family: str | None = None) -> tuple[Paper, Style, Printed]:
    """A bill of a seller nobody has seen, of the layout family named or of any."""
    paper = random_bill(rng)
    style = random_bill_style(rng, paper, family=family)
    return paper, style, print_bill(paper, style)


def shipment(
    rng: Random, *, kind: str | None = None, family: str | None = None
) -> tuple[ShipPaper, ShipStyle, Printed]:
    """A shipment paper, an order or a paper of another kind, of the kind and layout family named or of any."""
    paper = random_ship_paper(rng, kind=kind)
    style = random_ship_style(rng, paper, family=family)
    return paper, style, print_ship_paper(paper, style)


def run(out: Path, *, count: int, seed: int, scans: float, quiet: bool) -> dict[str, Any]:
    """Writes `OUT/papers/*` and `OUT/labels.jsonl`; answers what was made."""
    from training.scans import scan_or_keep

    papers = out / "papers"
    papers.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    tally: dict[str, Counter[str]] = {name: Counter() for name in ("document_type", "language", "layout", "form")}
    with (out / "labels.jsonl").open("w", encoding="utf-8", newline="\n") as labels:
        for index, (paper, style, printed) in enumerate(generate(count, seed)):
            rng = Random(f"scan {seed} {index}")  # noqa: S311  noise, not secrets
            suffix, data = scan_or_keep(rng, printed.pdf, share=scans)
            file = f"papers/{index:05d}-{paper.language}-{style.family}{suffix}"
            (out / file).write_bytes(data)
            label = label_of(paper, style, printed, file=file)
            label["form"] = "native" if suffix == ".pdf" else "scan"
            for name, counter in tally.items():
                counter[label[name]] += 1
            labels.write(json.dumps(label, ensure_ascii=False, sort_keys=True) + "\n")
            if not quiet and (index + 1) % 50 == 0:
                print(f"\r{index + 1} of {count} papers", end="", file=sys.stderr, flush=True)
    if not quiet:
        print(file=sys.stderr)
    return {
        "name": "documents",
        "out": str(out),
        "count": count,
        "seed": seed,
        "seconds": round(time.perf_counter() - started, 2),
        **{name: dict(sorted(counter.items())) for name, counter in tally.items()},
    }
