"""Says of kept predictions what came, as soon as the feeds tell: the truth that drift and performance are held to."""

from datetime import UTC, datetime
from math import isnan
from typing import TYPE_CHECKING

from core.database import ReadSession, WriteSession
from ingest.feed_frames import DatabaseFrames
from triage import predictions
from triage.planning_judged import subject_key

if TYPE_CHECKING:
    from collections.abc import Mapping

LATE, REVIEW = "sla-miss", "review"
_ORDER = "sales_order:"
_DAY_SECONDS = 86_400


def late_labels(session: ReadSession, *, at: datetime) -> "Mapping[str, float]":
    """By subject 1 for an order known at an instant to have come late, 0 for one in time; others are left out."""
    waiting = set(predictions.without_label(session, LATE))
    if not waiting:
        return {}
    from models.late.known import labels
    from models.late.orders import history_of

    history = history_of(DatabaseFrames(session).frame)
    known = labels(history, at.astimezone(UTC).timestamp() / _DAY_SECONDS).tolist()
    told = zip(history.orders["order_id"].to_list(), known, strict=True)
    return {f"{_ORDER}{number}": label for number, label in told if not isnan(label) and f"{_ORDER}{number}" in waiting}


def label_late_orders(session: WriteSession, *, at: datetime) -> int:
    """Labels every prediction about an order whose end is known now; says how many those were."""
    return predictions.set_labels(session, LATE, late_labels(session, at=at), at=at)


def bill_labels(session: ReadSession, *, at: datetime) -> "Mapping[str, float]":
    """By subject 1 for a bill known at an instant to have been changed or disputed, 0 for one settled as it came."""
    waiting = set(predictions.without_label(session, REVIEW))
    if not waiting:
        return {}
    columns = ("supplier_id", "invoice_number", "settled_at", "disputed")
    posted = DatabaseFrames(session).frame("posted_invoices").select(columns).drop_nulls()
    told = {
        subject_key(f"posted_invoice:{supplier_id}/{number}"): float(disputed)
        for supplier_id, number, settled_at, disputed in posted.iter_rows()
        if settled_at <= at
    }
    return {subject: label for subject, label in told.items() if subject in waiting}


def label_bills(session: WriteSession, *, at: datetime) -> int:
    """Labels every prediction about a bill of the ERP that is settled now; says how many those were."""
    return predictions.set_labels(session, REVIEW, bill_labels(session, at=at), at=at)
