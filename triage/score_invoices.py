"""Judges the bills of the ERP that wait to be settled: which of them a person will probably change or dispute.

Each is looked at as it was known when it came in, as the model learnt it. Nothing is stored.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl

from core.database import ReadSession
from core.decisions import Decision
from core.erp import PostedInvoice
from core.errors import NotFoundError, UnavailableError
from ingest.erp import ErpReader
from ingest.feed_frames import DatabaseFrames
from models.bundle import Bundle
from models.fit import misfit_of
from models.prediction import Prediction
from triage.bill_facts import BillFacts
from triage.decide_bill import decide_bill
from triage.policy import Policy
from triage.prediction_json import misfit_prediction

if TYPE_CHECKING:
    from models.review.bills import BillBook
    from models.review.predict import ReviewModel

BillKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBill:
    """A bill, what was decided about it, and what a model said; None where none spoke."""

    facts: BillFacts
    decision: Decision
    prediction: Prediction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBills:
    """Bills in order of supplier and number, and why no model spoke, where one should have."""

    bills: tuple[ScoredBill, ...]
    problem: UnavailableError | None = None


def score_invoices(
    session: ReadSession,
    policy: Policy,
    bundle: Bundle | None,
    *,
    as_of: datetime,
    asked: Collection[BillKey] | None = None,
) -> ScoredBills:
    """Judges posted invoices that were not settled at an instant.

    Args:
        asked: supplier and number of those to judge; all that wait when None.

    Raises:
        NotFoundError: `SCORE-INVOICE-UNKNOWN` naming bills that the feed does not have, or that are settled.
    """
    waiting = _waiting(session, policy, as_of)
    unknown = sorted(set(asked or ()) - waiting.keys())
    if unknown:
        named = ", ".join(f"{number} of {supplier_id}" for supplier_id, number in unknown[:10])
        raise NotFoundError(
            "SCORE-INVOICE-UNKNOWN",
            f"No posted invoice waits under {named}{' …' if len(unknown) > 10 else ''}.",
            "Load the feed posted_invoices; a settled or reversed invoice is not scored.",
        )
    wanted = {key: facts for key, facts in waiting.items() if asked is None or key in asked}
    said, problem = _predictions(session, bundle, wanted.keys(), as_of) if policy.predictions.review.use else ({}, None)
    scored = (
        ScoredBill(facts=facts, decision=decide_bill(facts, policy, said.get(key)), prediction=said.get(key))
        for key, facts in sorted(wanted.items())
    )
    return ScoredBills(bills=tuple(scored), problem=problem)


def _waiting(session: ReadSession, policy: Policy, as_of: datetime) -> dict[BillKey, BillFacts]:
    """Posted invoices of before an instant that nobody had settled by then, with their exact totals."""
    frames, erp = DatabaseFrames(session), ErpReader(session)
    posted = frames.frame("posted_invoices")
    is_open = pl.col("settled_at").is_null() | (pl.col("settled_at") > as_of)
    rows = posted.filter(is_open & (pl.col("invoice_date") <= as_of.date()))
    due = {(row["supplier_id"], row["invoice_number"]): row["due_date"] for row in rows.iter_rows(named=True)}
    found = {}
    names = {supplier.supplier_id: supplier.name for supplier in erp.suppliers_all()}
    for supplier_id in sorted({supplier_id for supplier_id, _ in due}):
        for bill in erp.posted_invoices(supplier_id):
            key = (supplier_id, bill.invoice_number)
            if key in due and (bill.status or "").strip().lower() not in policy.statuses.invoice_reversed:
                found[key] = _facts(bill, due[key], names.get(supplier_id), as_of)
    return found


def _facts(bill: PostedInvoice, due_date: date | None, name: str | None, as_of: datetime) -> BillFacts:
    return BillFacts(
        supplier_id=bill.supplier_id,
        invoice_number=bill.invoice_number,
        as_of=as_of,
        invoice_date=bill.invoice_date,
        total_with_vat=bill.total_with_vat,
        currency=bill.currency,
        due_date=due_date,
        po_number=bill.po_number,
        supplier_name=name,
    )


def _predictions(
    session: ReadSession, bundle: Bundle | None, wanted: Collection[BillKey], as_of: datetime
) -> tuple[Mapping[BillKey, Prediction], UnavailableError | None]:
    if bundle is None or not wanted:
        return {}, None
    from models.review.bills import FEEDS, billbook, days_of
    from models.review.predict import ReviewModel

    frames = DatabaseFrames(session)
    if (misfit := misfit_of(bundle)) is not None:
        subjects = ((key, f"posted_invoice:{key[0]}/{key[1]}") for key in wanted)
        return {key: misfit_prediction(subject, bundle.version, misfit) for key, subject in subjects}, misfit
    try:
        model = ReviewModel(bundle)
    except UnavailableError as error:
        return {}, error
    book = billbook({feed: frames.frame(feed) for feed in FEEDS}).until(days_of(as_of))
    return _said(
        model, book, {f"{supplier_id}/{number}": (supplier_id, number) for supplier_id, number in wanted}
    ), None


def _said(model: "ReviewModel", book: "BillBook", wanted: Mapping[str, BillKey]) -> Mapping[BillKey, Prediction]:
    """Each wanted bill as it was known when it came, from the record its supplier had on that day."""
    from models.review.bills import walk
    from models.review.features import SupplierRecord

    records: dict[str, SupplierRecord] = {}
    said: dict[BillKey, Prediction] = {}
    for number, is_settled in walk(book.bills, book.endings):
        bill, ending = book.bills[number], book.endings[number]
        record = records.setdefault(bill.supplier_id, SupplierRecord(model.base))
        if is_settled:
            assert ending is not None
            record.learn(disputed=ending.disputed, day=ending.known)
            continue
        if bill.bill_id in wanted:
            key = wanted[bill.bill_id]
            said[key] = model.predict(f"posted_invoice:{bill.bill_id}", record.ask(bill))
        record.came(bill)
    return said
