"""Two nodes decide what belongs together at the same instant: one of them is stopped, every time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from core.clock import FixedClock
from core.database import Database
from core.decisions import Decision, Outcome
from core.documents import Extraction, Source
from ingest.documents import Lease
from tests.triage_shell.conftest import FEEDS, House, invoice
from triage.run import decide_document

TIMES = 20
ORDERS = [f"45{number:05}" for number in range(100, 100 + TIMES)]


def load(house: House) -> None:
    """An order over twenty lamps for every time, all received: ten of them may be billed twice."""
    house.load_feeds(
        purchase_orders=FEEDS["purchase_orders"].splitlines()[0]
        + "\n"
        + "".join(f"{number},S-1,2026-11-01T08:00:00Z,EUR,open\n" for number in ORDERS),
        purchase_order_lines="po_number,line_number,item_id,quantity,unit_price,unit,tax_rate\n"
        + "".join(f"{number},1,I-1,20,20,PCE,19\n" for number in ORDERS),
        goods_receipts="receipt_id,po_number,line_number,quantity,received_at\n"
        + "".join(f"GR-{number},{number},1,20,2026-11-10T08:00:00Z\n" for number in ORDERS),
    )


def decide_both(house: House, first: Extraction, second: Extraction) -> list[Decision]:
    """Two nodes with connections of their own begin at the same instant."""
    work: list[tuple[Lease, Extraction]] = []
    for result in (first, second):
        document = house.take_in()
        lease = house.lease(f"node-{len(work)}")
        assert lease.document.document_id == document.document_id
        work.append((lease, replace(result, sha256=document.sha256)))
    together = Barrier(len(work))

    def node(at: int) -> Decision:
        own = Database(house.db.url)
        try:
            together.wait()
            return decide_document(own, work[at][0], work[at][1], house.policy, FixedClock(house.clock.now()))
        finally:
            own.close()

    with ThreadPoolExecutor(len(work)) as nodes:
        return list(nodes.map(node, range(len(work))))


def as_pdf(extraction: Extraction) -> Extraction:
    return replace(extraction, source=Source.TEXT_LAYER)


def renumbered(extraction: Extraction, suffix: str) -> Extraction:
    number = extraction.fields["invoice_number"]
    return replace(
        extraction, fields={**extraction.fields, "invoice_number": replace(number, value=number.value + suffix)}
    )


@pytest.mark.parametrize(
    ("copy", "code", "outcome"),
    [
        (as_pdf, "INV-DUPLICATE", Outcome.BLOCK),
        (lambda original: renumbered(original, "-A"), "INV-DUPLICATE-LIKELY", Outcome.HOLD),
    ],
    ids=["as PDF and as XML", "under nearly the same number"],
)
def test_of_two_papers_that_are_one_invoice_exactly_one_is_stopped(
    house: House, copy: Callable[[Extraction], Extraction], code: str, outcome: Outcome
) -> None:
    load(house)
    for at, order in enumerate(ORDERS):
        # No two of these numbers are alike: each time stands for itself.
        original = invoice({"invoice_number": f"R-{at:02}{at:02}{at:02}", "purchase_order_reference": order})
        decisions = decide_both(house, original, copy(original))
        stopped = [decision for decision in decisions if decision.outcome in {Outcome.HOLD, Outcome.BLOCK}]
        assert [decision.outcome for decision in stopped] == [outcome]
        assert {finding.code for finding in stopped[0].findings} == {code}
