"""Asks the model of risky invoices about papers and posted bills, from what the feeds know of their supplier by then.

Without a bundle, or where the policy lets no model speak, there is no prediction, and all goes on as without a model.
One of other columns cannot speak where the policy wants it to: what it would have looked at is held for a person.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.database import ReadSession
from core.documents import BILLING_TYPES
from core.errors import UnavailableError
from models.bundle import Bundles
from models.fit import misfit_of
from models.prediction import Prediction
from models.review.bills import FEEDS, Bill, BillBook, billbook, days_of, walk
from models.review.features import SupplierRecord
from triage.decide import run_controls
from triage.facts import Facts
from triage.match import pair_lines
from triage.policy import Policy
from triage.prediction_json import misfit_prediction, storable
from triage.review_bill import bill_of

if TYPE_CHECKING:
    from models.review.predict import ReviewModel

NAME = "review"
AskRisk = Callable[[ReadSession, Facts, Policy], Prediction | None]
"""What a model says of a paper; None where none speaks."""


@dataclass(slots=True)
class ReviewRisk:
    """The model of this house, taken up anew when another is exported.

    Attributes:
        bundles: where it is looked for at each use.
    """

    bundles: Bundles
    _model: "ReviewModel | None" = None

    def __call__(self, session: ReadSession, facts: Facts, policy: Policy) -> Prediction | None:
        """How likely a person will change or dispute a paper that bills something."""
        if not policy.predictions.review.use or facts.paper.document_type not in BILLING_TYPES:
            return None
        bundle = self.bundles.get(NAME)
        misfit = None if bundle is None else misfit_of(bundle)
        if bundle is not None and misfit is not None:
            return misfit_prediction(f"document:{facts.paper.document_id}", bundle.version, misfit)
        model = self.model()
        if model is None:
            return None
        bill = bill_of(facts, run_controls(facts, pair_lines(facts), policy))
        if bill is None:
            return None
        now = days_of(facts.as_of)
        book = supplier_book(session, bill.supplier_id)
        row = row_of(book, bill, now, model.base)
        said = model.predict(f"document:{facts.paper.document_id}", row)
        kept = storable(said)
        return None if kept is None else replace(kept, features=said.features)

    def model(self) -> "ReviewModel | None":
        """The model as it is exported now; None where there is none that knows invoices."""
        bundle = self.bundles.get(NAME)
        if bundle is None:
            return None
        from models.review.predict import ReviewModel

        if self._model is None or self._model.version != bundle.version:
            try:
                self._model = ReviewModel(bundle)
            except UnavailableError:
                return None
        return self._model


def supplier_book(session: ReadSession, supplier_id: str) -> BillBook:
    """Every posted bill of a supplier with what became of it."""
    from ingest.feed_frames import DatabaseFrames

    frames = DatabaseFrames(session)
    posted = frames.part("posted_invoices", "supplier_id", (supplier_id,))
    orders = tuple(sorted({number for number in posted["po_number"].to_list() if number}))
    about = {"suppliers": ("supplier_id", (supplier_id,))} | dict.fromkeys(FEEDS[2:], ("po_number", orders))
    return billbook({"posted_invoices": posted} | {feed: frames.part(feed, *what) for feed, what in about.items()})


def row_of(book: BillBook, bill: Bill, now: float, base: float) -> list[float]:
    """The features of a bill from what was known of its supplier's others before this day."""
    record, today = SupplierRecord(base), math.floor(now)
    for number, is_settled in walk(book.bills, book.endings):
        other, ending = book.bills[number], book.endings[number]
        if is_settled:
            assert ending is not None
            if math.floor(ending.known) < today:
                record.learn(disputed=ending.disputed, day=ending.known)
        elif other.bill_id != bill.bill_id and other.came < min(today + 1, math.floor(bill.came) + 1):
            record.came(other)
    return record.ask(bill)
