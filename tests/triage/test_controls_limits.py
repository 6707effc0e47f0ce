"""What exceeds a limit, alone or together with its neighbours."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.decisions import Finding
from core.documents import DocumentType
from tests.triage.builders import (
    AS_OF,
    PO,
    codes,
    credit_note,
    facts,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    receipt,
    the,
)
from tests.triage.examples import finds, spares
from triage.facts import Facts, RecentInvoice, RecentOrder
from triage.policy import Policy


def invoice_over(amount: str | int, **changes: Any) -> Facts:
    """An honest invoice of 18 November over a gross amount, ordered and received."""
    net = (Decimal(amount) / Decimal("1.19")).quantize(Decimal("0.01"))
    line = paper_line(1, 1, str(net))
    return facts(
        paper((line,), total_without_vat=net, total_vat=Decimal(amount) - net, total_with_vat=Decimal(amount)),
        order_lines=(order_line(1, 1, str(net)),),
        receipts=(receipt(1, 1),),
        **changes,
    )


def recent(number: str, amount: str | int, on: date = date(2026, 11, 18), **changes: Any) -> RecentInvoice:
    record = RecentInvoice(
        key=f"posted_invoice:S1/{number}",
        invoice_number=number,
        issue_date=on,
        total_with_vat=Decimal(amount),
        currency="EUR",
    )
    return replace(record, **changes)


def recent_order(number: str, amount: str | int, days: int = 21, **changes: Any) -> RecentOrder:
    record = RecentOrder(
        po_number=number,
        supplier_id="S1",
        ordered_at=AS_OF - timedelta(days=days),
        total_amount=Decimal(amount),
        currency="EUR",
        status="open",
        buyer="kim",
    )
    return replace(record, **changes)


def split(here: Facts, rules: Policy | None = None) -> tuple[Finding, ...]:
    found = [the("LIMIT-SPLIT", here, rules)] if "LIMIT-SPLIT" in codes(here, rules) else []
    return tuple(found)


@finds("LIMIT-SPLIT")
def test_two_invoices_that_exceed_the_limit_only_together_are_held() -> None:
    here = invoice_over(30_000, recent_invoices=(recent("R-8811", 30_000, date(2026, 11, 16)),))
    found = the("LIMIT-SPLIT", here)
    assert found.actual == "60000.00 EUR"
    assert found.difference == "10000.00 EUR"
    assert "R-8811 (30000.00 EUR), R-8812 (30000.00 EUR)" in found.message
    assert "posted_invoice:S1/R-8811" in found.facts


@finds("LIMIT-SPLIT")
def test_three_thirds_make_a_whole_whether_posted_or_pending() -> None:
    others = (recent("A-1", 18_000, key="known_invoice:doc_8"), recent("A-2", 18_000, date(2026, 11, 20)))
    assert len(split(invoice_over(18_000, recent_invoices=others))) == 1


@spares("LIMIT-SPLIT")
@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("within the limit together", recent("R-1", 19_999)),
        ("outside the window", recent("R-1", 40_000, date(2026, 11, 14))),
        ("another currency", recent("R-1", 40_000, currency="USD")),
        ("the invoice itself, posted", recent("r 8812", 40_000)),
        ("reversed", recent("R-1", 40_000, status="Reversed")),
        ("above the limit alone, so looked at alone", recent("R-1", 60_000)),
    ],
)
def test_neighbours_that_are_no_part_of_a_split_are_spared(why: str, other: RecentInvoice) -> None:
    assert not split(invoice_over(30_000, recent_invoices=(other,))), why


@spares("LIMIT-SPLIT")
def test_small_papers_of_a_busy_supplier_are_no_way_around_the_limit() -> None:
    many = tuple(recent(f"S-{number}", 2_000) for number in range(40))
    assert not split(invoice_over(2_000, recent_invoices=many))


@spares("LIMIT-SPLIT")
def test_an_invoice_that_is_here_and_in_the_ledger_counts_once() -> None:
    twice = (recent("R-1", 18_000), recent("R 1", 18_000, key="known_invoice:doc_8"))
    assert not split(invoice_over(30_000, recent_invoices=twice))


@spares("LIMIT-SPLIT")
def test_window_is_from_first_to_last_not_on_both_sides_of_the_paper() -> None:
    before, after = recent("R-1", 20_000, date(2026, 11, 16)), recent("R-2", 20_000, date(2026, 11, 20))
    assert not split(invoice_over(16_000, recent_invoices=(before, after)))
    assert split(invoice_over(16_000, recent_invoices=(before, replace(after, issue_date=date(2026, 11, 19)))))


def test_a_credit_note_splits_nothing() -> None:
    here = replace(invoice_over(30_000), paper=credit_note(), recent_invoices=(recent("R-1", 49_000),))
    assert not split(here)


@finds("LIMIT-SPLIT")
def test_two_orders_that_exceed_the_limit_only_together_are_held() -> None:
    near = (recent_order(PO, 30_000), recent_order("78", 26_000, days=20))
    found = the("LIMIT-SPLIT", facts(recent_orders=near))
    assert found.subject == f"order {PO}"
    assert {f"recent_order:{PO}", "recent_order:78"} <= set(found.facts)


@spares("LIMIT-SPLIT")
@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("another buyer", {"buyer": "alex"}),
        ("another supplier", {"supplier_id": "S2"}),
        ("another currency", {"currency": "CHF"}),
        ("cancelled", {"status": "Cancelled"}),
        ("placed a week apart", {"ordered_at": AS_OF - timedelta(days=28)}),
    ],
)
def test_orders_that_belong_to_no_split_are_spared(why: str, changes: dict[str, Any]) -> None:
    near = (recent_order(PO, 30_000), recent_order("78", 26_000, **changes))
    assert not split(facts(recent_orders=near)), why


def test_an_order_whose_buyer_is_not_known_may_be_part_of_a_split() -> None:
    near = (recent_order(PO, 30_000), recent_order("78", 26_000, buyer=None))
    assert split(facts(recent_orders=near))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_first_and_last_day_of_the_calendar_have_neighbours_too(day: date) -> None:
    here = invoice_over(30_000, recent_invoices=(recent("R-1", 30_000, day),))
    assert split(replace(here, paper=replace(here.paper, issue_date=day)))


def test_no_limit_no_split() -> None:
    unlimited = policy().model_copy(
        update={"approval_limits": {**policy().approval_limits, "touchless": {"other": None}}}
    )
    here = invoice_over(30_000, recent_invoices=(recent("R-1", 40_000),))
    assert not split(here, unlimited)


@finds("LIMIT-APPROVAL")
def test_amount_above_the_limit_says_who_may_clear_it_and_that_it_takes_two() -> None:
    found = the("LIMIT-APPROVAL", invoice_over(60_000))
    assert "It takes admin or ap approver, and a second person." in found.message


def test_amount_above_every_limit_says_so() -> None:
    assert "Nobody's limit covers it." in the("LIMIT-APPROVAL", invoice_over(300_000)).message


@spares("LIMIT-APPROVAL")
def test_amount_at_the_limit_clears() -> None:
    assert "LIMIT-APPROVAL" not in codes(invoice_over(50_000))


@pytest.mark.parametrize("kind", [DocumentType.DELIVERY_NOTE, DocumentType.PACKING_LIST])
def test_shipment_documents_have_no_amounts_to_limit(kind: DocumentType) -> None:
    here = invoice_over(60_000, recent_invoices=(recent("R-1", 40_000),))
    found = codes(replace(here, paper=replace(here.paper, document_type=kind), orders=(order(),)))
    assert not {"LIMIT-SPLIT", "LIMIT-APPROVAL"} & found
