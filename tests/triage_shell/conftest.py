"""A house with a database of either kind, and short ways to let papers in and have them decided."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from core.clock import FixedClock
from core.database import Database
from core.decisions import Decision
from core.documents import Document, DocumentType, Extraction, Field, Source
from core.errors import ClearholdError, InputError
from ingest import documents
from ingest.documents import Lease
from ingest.feed_load import load_feed
from ingest.receive import receive
from ingest.store import DocumentStore
from triage import case_queue, case_rows
from triage.case_records import CaseSummary
from triage.policies import built_in_text
from triage.policy import Policy, load_policy
from triage.run import decide_document


class RunningClock(FixedClock):
    """A clock that goes on from the instant it was set to, whatever day it is: for leases that must run out."""

    def __init__(self, instant: datetime) -> None:
        super().__init__(instant)
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self.instant + timedelta(seconds=time.monotonic() - self._started)


BROKEN = InputError("DOC-PDF-BROKEN", "The PDF is damaged.", "Ask the sender for it again.")
FEEDS = {
    "suppliers": "supplier_id,name,vat_id,country,iban,payment_terms_days,status,legal_entity\n"
    "S-1,Nordlicht GmbH,DE136695976,DE,DE02120300000000202051,30,active,\n"
    "S-2,Atelier Blanc,FR83404833048,FR,FR1420041010050500013M02606,30,active,\n",
    "items": "item_id,description,gtin,supplier_item_id,unit,supplier_id,status\n"
    "I-1,Desk lamp,4006381333931,NL-77,PCE,S-1,active\n",
    "purchase_orders": "po_number,supplier_id,ordered_at,currency,status\n"
    "4500001,S-1,2026-11-01T08:00:00Z,EUR,open\n4500002,S-1,2026-11-02T08:00:00Z,EUR,open\n",
    "purchase_order_lines": "po_number,line_number,item_id,quantity,unit_price,unit,description,tax_rate\n"
    "4500001,1,I-1,10,20,PCE,Desk lamp,19\n4500002,1,I-1,4,20,PCE,Desk lamp,19\n",
    "goods_receipts": "receipt_id,po_number,line_number,quantity,received_at\n"
    "R-1,4500001,1,10,2026-11-10T08:00:00Z\nR-2,4500002,1,4,2026-11-10T08:00:00Z\n",
    "posted_invoices": "supplier_id,invoice_number,invoice_date,total_with_vat,currency\n"
    "S-1,R-1000,2026-10-01,119.00,EUR\n",
}
HEADER = {
    "invoice_number": "R-8812",
    "issue_date": "2026-11-16",
    "due_date": "2026-12-16",
    "currency": "EUR",
    "purchase_order_reference": "4500001",
    "seller_name": "Nordlicht GmbH",
    "seller_vat_id": "DE136695976",
    "buyer_name": "Clear Retail SE",
    "payment_iban": "DE02120300000000202051",
    "total_without_vat": "200",
    "total_vat": "38",
    "total_with_vat": "238",
    "amount_due": "238",
}
LINE = {
    "line_id": "1",
    "description": "Desk lamp",
    "buyer_item_id": "I-1",
    "quantity": "10",
    "unit": "PCE",
    "unit_price": "20",
    "tax_rate": "19",
    "line_net_amount": "200",
}
TAX = {"rate": "19", "taxable_amount": "200", "tax_amount": "38"}


def row(values: Mapping[str, str | None]) -> dict[str, Field]:
    """Sure values of an e-invoice; None leaves one out."""
    return {
        name: Field(value=value, confidence=1.0, source=Source.UBL)
        for name, value in values.items()
        if value is not None
    }


def invoice(header: Mapping[str, str | None] = {}, line: Mapping[str, str | None] = {}) -> Extraction:
    """An invoice over ten lamps at 20.00, exactly as ordered and received, changed where the test says."""
    return Extraction(
        sha256="0" * 64,
        document_type=DocumentType.INVOICE,
        type_confidence=1.0,
        source=Source.UBL,
        language="de",
        page_sizes=(),
        fields=row({**HEADER, **header}),
        lines=(row({**LINE, **line}),),
        tax_breakdown=(row(TAX),),
    )


@dataclass(slots=True, kw_only=True)
class House:
    """One database, one store, a clock that stands still."""

    db: Database
    store: DocumentStore
    clock: FixedClock
    policy: Policy
    numbers: "count[int]" = field(default_factory=count)

    def load_feeds(self, **changed: str) -> None:
        """Loads a small ERP, feeds changed where the test says."""
        for name, text in {**FEEDS, **changed}.items():
            with self.db.write() as session:
                load_feed(session, name, text.encode(), file_name=f"{name}.csv", actor="system", at=self.clock.now())

    def take_in(self, data: bytes | None = None, *, by: str = "system") -> Document:
        """Receives a paper, a new one unless the test gives its bytes; by the system, unless the test says who."""
        content = data or f"paper {next(self.numbers)}".encode()
        with self.db.write() as session:
            receipt = receive(
                session,
                self.store,
                content,
                file_name="paper.xml",
                origin="upload",
                received_by=by,
                at=self.clock.now(),
                max_bytes=1_000_000,
            )
        return receipt.document

    def lease(self, node: str = "node-1") -> Lease:
        """Leases the next document, which must be there."""
        with self.db.write() as session:
            lease = documents.lease(session, node=node, at=self.clock.now(), lease_seconds=30)
        assert lease is not None
        return lease

    def decide(self, result: Extraction | ClearholdError, *, by: str = "system") -> Decision:
        """Takes a new paper in and decides it as if the reader had made this of it."""
        self.take_in(by=by)
        return decide_document(self.db, self.lease(), result, self.policy, self.clock)

    def case(self, result: Extraction | ClearholdError = BROKEN, *, by: str = "system") -> CaseSummary:
        """The case of a new paper that is held."""
        decision = self.decide(result, by=by)
        with self.db.read() as session:
            found = case_rows.open_of_document(session, decision.document_id)
        assert found is not None
        return found

    def get(self, case_id: str) -> CaseSummary:
        """A case as it stands."""
        with self.db.read() as session:
            return case_queue.show(session, case_id).summary

    def later(self, minutes: float) -> None:
        """Lets time pass."""
        self.clock.instant += timedelta(minutes=minutes)


@pytest.fixture
def house(either_database: Database, tmp_path: Path, clock: FixedClock) -> House:
    return House(
        db=either_database,
        store=DocumentStore(tmp_path / "documents"),
        clock=clock,
        policy=load_policy(built_in_text()),
    )
