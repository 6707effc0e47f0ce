"""Writes a generated year to a folder: feeds, papers as they were read, what was planted: `clearhold-train year`."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from core.canonical import instant_text
from core.documents_json import extraction_to_json
from core.erp import PostedInvoice
from training.feeds_out import COLUMNS, Row, instant_cell, write_rows
from training.year import Year, build_year
from training.year_papers import extraction_of
from training.year_planting import KINDS
from training.year_policy import policy_text
from training.year_shipments import NOTE_FAULTS

WHYS = {name: kind.why for name, kind in KINDS.items()} | {name: why for name, (_, why, _) in NOTE_FAULTS.items()}
_BLOCKS = "document_ref reason blocked_at lifted_at"


def run(out: Path, *, count: int, seed: int, quiet: bool) -> dict[str, Any]:
    """Writes `feeds/*.csv`, `papers.jsonl` in order of arrival, `planted.json`, `policy.toml`; answers what was made.

    `posted_invoices.csv` holds what the ERP posts without a paper's having come here; what it posts of the papers
    themselves is in `posted_later.csv`, with the instant of posting.
    """
    started = time.perf_counter()
    year = build_year(seed, count)
    rows = write_year_feeds(out / "feeds", year)
    with (out / "papers.jsonl").open("w", encoding="utf-8") as file:
        for place, bill in enumerate(year.bills, start=1):
            entry = {"document_id": bill.key, "arrives_at": instant_text(bill.arrives)}
            entry |= extraction_to_json(extraction_of(bill, seed))
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            if not quiet and place % 500 == 0 and sys.stderr.isatty():
                print(f"\r{place} of {len(year.bills)} papers", end="", file=sys.stderr, flush=True)
    if not quiet:
        print(f"\r{len(year.bills)} papers written", file=sys.stderr)
    (out / "policy.toml").write_text(policy_text(year.items), encoding="utf-8")
    planted = list(_planted(year))
    (out / "planted.json").write_text(json.dumps(planted, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return {
        "name": "year",
        "out": str(out),
        "seed": seed,
        "seconds": round(time.perf_counter() - started, 2),
        "papers": len(year.bills),
        "suppliers": len(year.suppliers),
        "planted": len(planted),
        "patterns": dict(sorted(Counter(bill.pattern for bill in year.bills).items())),
        "feeds": rows,
    }


def _planted(year: Year) -> Iterator[dict[str, Any]]:
    for bill in year.bills:
        if bill.fault is not None:
            why = WHYS.get(bill.fault, "A feed was not loaded in time.")
            yield {"document_id": bill.key, "kind": bill.fault, "codes": sorted(bill.expected), "why": why.strip()}


def write_year_feeds(folder: Path, year: Year) -> dict[str, int]:
    """Writes what the ERP holds at the end of the year, a file for each feed; answers their row counts."""
    folder.mkdir(parents=True, exist_ok=True)
    here = {(bill.trader.supplier_id, bill.paper.number) for bill in year.bills if bill.fault is None}
    later = [(at, row) for at, row in year.posted if (row.supplier_id, row.invoice_number) in here]
    before = [(at, row) for at, row in year.posted if (row.supplier_id, row.invoice_number) not in here]
    tables: dict[str, tuple[str, Iterable[Row]]] = {
        "suppliers": (COLUMNS["suppliers"], _suppliers(year)),
        "items": (COLUMNS["items"], _items(year)),
        "purchase_orders": (COLUMNS["purchase_orders"], _orders(year)),
        "purchase_order_lines": (COLUMNS["purchase_order_lines"], _order_lines(year)),
        "goods_receipts": (COLUMNS["goods_receipts"], _receipts(year)),
        "posted_invoices": (COLUMNS["posted_invoices"], (_posted(row) for _, row in before)),
        "posted_later": (
            f"{COLUMNS['posted_invoices']} x_posted_at",
            ((*_posted(row), instant_cell(at)) for at, row in later),
        ),
        "erp_blocks": (_BLOCKS, _blocks(year)),
    }
    return {name: write_rows(folder / f"{name}.csv", head.split(), rows) for name, (head, rows) in tables.items()}


def _suppliers(year: Year) -> Iterator[Row]:
    for one in year.suppliers:
        yield (
            one.supplier_id, one.name, one.vat_id, one.country, one.iban, one.payment_terms_days, one.status,
            one.legal_entity,
        )  # fmt: skip


def _items(year: Year) -> Iterator[Row]:
    for one in year.items:
        yield (
            one.item_id, one.description, one.gtin, one.supplier_item_id, None, one.unit, one.case_pack, None, None,
            None, None, one.supplier_id, None, None, one.status,
        )  # fmt: skip


def _orders(year: Year) -> Iterator[Row]:
    for one in year.orders:
        yield (
            one.po_number, one.supplier_id, instant_cell(one.ordered_at), one.currency, one.status, one.buyer, None,
            one.legal_entity,
        )  # fmt: skip


def _order_lines(year: Year) -> Iterator[Row]:
    for one in year.order_lines:
        yield (
            one.po_number, one.line_number, one.item_id, one.quantity, one.unit_price, one.unit, one.description,
            one.supplier_item_id, one.tax_rate, None if one.promised_at is None else instant_cell(one.promised_at),
        )  # fmt: skip


def _receipts(year: Year) -> Iterator[Row]:
    for one in year.receipts:
        at = instant_cell(one.received_at)
        yield (one.receipt_id, one.po_number, one.line_number, one.quantity, at, None)


def _posted(one: PostedInvoice) -> Row:
    return (
        one.supplier_id, one.invoice_number, one.invoice_date.isoformat(), one.total_with_vat, one.currency, None,
        one.po_number, one.status, "false", None,
    )  # fmt: skip


def _posted_later(later: Iterable[tuple[datetime, PostedInvoice]]) -> Iterator[Row]:
    for at, row in later:
        yield (*_posted(row), instant_cell(at))


def _blocks(year: Year) -> Iterator[Row]:
    for one in year.blocks:
        lifted = None if one.lifted_at is None else instant_cell(one.lifted_at)
        yield (one.document_ref, one.reason, instant_cell(one.blocked_at), lifted)
