"""Shipment documents against what was ordered, promised, shipped before and received."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.decisions import Outcome
from core.documents import DocumentType
from tests.triage.builders import (
    AS_OF,
    PO,
    check,
    codes,
    delivery_note,
    facts,
    item,
    order_line,
    paper,
    paper_line,
    receipt,
    the,
    tolerance,
    with_tolerance,
)
from tests.triage.examples import finds, spares
from triage.facts import Facts, KnownShipment, PaperLine, ShippedLine

LEFT = date(2026, 11, 16)
PROMISED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def delivery(
    lines: Sequence[PaperLine] | None = None, *, before: Sequence[tuple[str, int]] = (), **changes: Any
) -> Facts:
    """A delivery note that left on the 16th; `before`: other notes and what they shipped of order line 1."""
    names = ("despatch_date", "delivery_date", "shipment_number", "document_type", "purchase_order_references")
    header = {name: changes.pop(name) for name in names if name in changes}
    note = delivery_note(lines, **{"despatch_date": LEFT, **header})
    known = tuple(known_note(document, shipment_number=f"LS-{document}") for document, _ in before)
    shipped = tuple(shipped_line(document, quantity) for document, quantity in before)
    values: dict[str, Any] = {
        "order_lines": (order_line(promised_at=PROMISED),),
        "receipts": (),
        "known_shipments": known,
        "shipped": shipped,
    }
    return facts(note, **{**values, **changes})


def known_note(document_id: str = "doc_8", **changes: Any) -> KnownShipment:
    record = KnownShipment(
        document_id=document_id,
        sha256="00" * 32,
        document_type=DocumentType.DELIVERY_NOTE,
        supplier_id="S1",
        shipment_number="LS-7",
        shipped_on=date(2026, 11, 9),
    )
    return replace(record, **changes)


def shipped_line(document_id: str, quantity: int, number: int = 1) -> ShippedLine:
    return ShippedLine(document_id=document_id, po_number=PO, line_number=str(number), quantity=Decimal(quantity))


def came(quantity: int, on: date, number: int = 1) -> Any:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return receipt(number, quantity, receipt_id=f"GR-{number}-{on.day}", received_at=at)


@spares("SHIP-OVER", "SHIP-SHORT", "SHIP-LATE", "SHIP-DUPLICATE", "SHIP-RECEIPT")
def test_delivery_note_over_what_was_ordered_on_the_day_it_was_promised_clears() -> None:
    assert check(delivery(receipts=(came(100, date(2026, 11, 17)),))) == ()


@finds("SHIP-OVER")
def test_two_shipments_that_are_more_than_ordered_only_together_are_held() -> None:
    found = the("SHIP-OVER", delivery((paper_line(1, 60),), before=[("doc_8", 60)]))
    assert (found.actual, found.difference) == ("120 pcs", "20 pcs")
    assert {"known_shipment:doc_8", f"shipped_line:doc_8/{PO}/1"} <= set(found.facts)
    assert "60 pcs shipped, 60 pcs before, 100 pcs on order" in found.message


@finds("SHIP-OVER")
def test_what_was_received_before_it_left_was_shipped_even_without_a_paper() -> None:
    here = delivery((paper_line(1, 60),), receipts=(came(60, date(2026, 11, 12)),))
    assert the("SHIP-OVER", here).actual == "120 pcs"


@spares("SHIP-OVER", "SHIP-SHORT")
def test_rest_of_an_order_is_neither_over_nor_short_and_counts_what_came_once() -> None:
    here = delivery((paper_line(1, 40),), before=[("doc_8", 60)], receipts=(came(60, date(2026, 11, 12)),))
    assert not {"SHIP-OVER", "SHIP-SHORT"} & codes(here)


@spares("SHIP-OVER")
def test_papers_of_one_shipment_count_once() -> None:
    packing_list = known_note("doc_7", document_type=DocumentType.PACKING_LIST)
    copy = known_note("doc_9", shipment_number="ls 7")
    here = delivery((paper_line(1, 40),), before=[("doc_8", 60)])
    here = replace(
        here,
        known_shipments=(known_note("doc_8"), packing_list, copy),
        shipped=(*here.shipped, shipped_line("doc_7", 60), shipped_line("doc_9", 60)),
    )
    assert "SHIP-OVER" not in codes(here)


@finds("SHIP-OVER")
def test_unit_that_does_not_convert_is_held_and_compared_with_nothing() -> None:
    line = replace(paper_line(1, 100), unit="kg")
    here = delivery((line,), receipts=(came(70, date(2026, 11, 17)),))
    assert codes(here) == {"SHIP-OVER"}


@finds("SHIP-SHORT")
def test_fewer_than_are_open_are_held() -> None:
    found = the("SHIP-SHORT", delivery((paper_line(1, 80),)))
    assert found.outcome is Outcome.HOLD
    assert (found.expected, found.actual, found.difference) == ("100 pcs", "80 pcs", "-20 pcs")
    assert found.tolerance == "5 % and 250.00 EUR, the tighter"


@spares("SHIP-SHORT")
def test_shortage_within_the_tolerance_clears_and_part_deliveries_may_be_allowed() -> None:
    assert "SHIP-SHORT" not in codes(delivery((paper_line(1, 95),)))
    assert "SHIP-SHORT" in codes(delivery((paper_line(1, 94),)))
    parts = with_tolerance("ship_short", tolerance(100, None))
    assert "SHIP-SHORT" not in codes(delivery((paper_line(1, 10),)), parts)


@finds("SHIP-SHORT")
def test_line_that_is_left_out_is_short_once_its_day_has_come() -> None:
    two = (order_line(), order_line(2, 50, promised_at=datetime(2026, 11, 16, tzinfo=UTC)))
    found = the("SHIP-SHORT", delivery(order_lines=two, items=(item(), item(2))))
    assert found.subject == f"order {PO} line 2"
    assert "promised for 2026-11-16; 50 pcs are missing" in found.message


@spares("SHIP-SHORT")
@pytest.mark.parametrize("promised", [None, PROMISED])
def test_line_that_is_left_out_before_its_day_may_come_later(promised: datetime | None) -> None:
    two = (order_line(), order_line(2, 50, promised_at=promised))
    assert "SHIP-SHORT" not in codes(delivery(order_lines=two, items=(item(), item(2))))


@spares("SHIP-SHORT")
def test_bill_of_lading_without_lines_leaves_nothing_out() -> None:
    here = delivery((), document_type=DocumentType.BILL_OF_LADING, despatch_date=date(2026, 12, 24))
    assert "SHIP-SHORT" not in codes(here)


@finds("SHIP-LATE")
def test_delivery_after_the_promised_day_and_the_grace_is_held() -> None:
    found = the("SHIP-LATE", delivery(delivery_date=date(2026, 11, 22)))
    assert (found.expected, found.actual) == ("2026-11-20 or before", "2026-11-22")
    assert (found.difference, found.tolerance) == ("2 days", "1 days")


@spares("SHIP-LATE")
@pytest.mark.parametrize(
    "changes",
    [
        {"delivery_date": date(2026, 11, 21)},
        {"delivery_date": date(2026, 12, 24), "order_lines": (order_line(),)},
        {"despatch_date": None, "delivery_date": None},
        {"despatch_date": date.min},
    ],
)
def test_delivery_within_the_grace_or_without_a_promise_or_a_day_is_spared(changes: dict[str, Any]) -> None:
    assert "SHIP-LATE" not in codes(delivery(**changes))


@finds("SHIP-LATE")
def test_despatch_in_the_future_and_later_than_promised_is_held() -> None:
    found = the("SHIP-LATE", delivery(despatch_date=date.max))
    assert "left on 9999-12-31" in found.message


@finds("SHIP-DUPLICATE")
@pytest.mark.parametrize(
    ("why", "other", "quantity"),
    [
        ("is the same file", known_note(sha256="cd" * 32), 5),
        ("has the number LS-1", known_note(shipment_number="ls 1"), 5),
        ("has the number LS-1", known_note(shipment_number="LS-1", supplier_id=None), 5),
        ("has the same goods and quantities", known_note(shipped_on=LEFT), 100),
        ("has the same goods and quantities", known_note(shipped_on=None, shipment_number=None), 100),
    ],
)
def test_shipment_document_that_was_here_before_is_held(why: str, other: KnownShipment, quantity: int) -> None:
    here = delivery(known_shipments=(other,), shipped=(shipped_line("doc_8", quantity),))
    found = the("SHIP-DUPLICATE", here)
    assert why in found.message
    assert "known_shipment:doc_8" in found.facts


@spares("SHIP-DUPLICATE")
@pytest.mark.parametrize(
    ("why", "other", "quantity"),
    [
        ("equal part deliveries", known_note(), 100),
        ("no day, and two numbers", known_note(shipped_on=None), 100),
        ("other quantities", known_note(shipped_on=LEFT), 99),
        ("the packing list of this delivery note", known_note(
            document_type=DocumentType.PACKING_LIST, shipment_number="LS-1", shipped_on=LEFT), 100),
        ("another supplier's number", known_note(shipment_number="LS-1", supplier_id="S2"), 5),
        ("this paper itself", known_note("doc_2", shipment_number="LS-1"), 5),
    ],
)  # fmt: skip
def test_paper_that_only_looks_like_another_is_spared(why: str, other: KnownShipment, quantity: int) -> None:
    here = delivery(known_shipments=(other,), shipped=(shipped_line(other.document_id, quantity),))
    assert "SHIP-DUPLICATE" not in codes(here), why


@finds("SHIP-RECEIPT")
@pytest.mark.parametrize(("received", "difference"), [(97, "-3 pcs"), (103, "3 pcs")])
def test_received_other_than_shipped_is_held(received: int, difference: str) -> None:
    found = the("SHIP-RECEIPT", delivery(receipts=(came(received, date(2026, 11, 18)),)))
    assert (found.expected, found.actual, found.difference) == ("100 pcs", f"{received} pcs", difference)


@finds("SHIP-RECEIPT")
def test_line_of_which_nothing_came_while_others_did_is_held() -> None:
    lines = (paper_line(1), paper_line(2, 50))
    here = delivery(
        lines,
        order_lines=(order_line(), order_line(2, 50)),
        items=(item(), item(2)),
        receipts=(came(100, date(2026, 11, 18)),),
    )
    assert the("SHIP-RECEIPT", here).actual == "0 pcs"


@spares("SHIP-RECEIPT")
@pytest.mark.parametrize(
    ("why", "receipts"),
    [
        ("nothing received yet", ()),
        ("received before it left: another shipment", (came(50, date(2026, 11, 15)),)),
        ("received long after: another shipment", (came(50, date(2026, 12, 20)),)),
        ("in two receipts", (came(40, date(2026, 11, 17)), came(60, date(2026, 11, 20)))),
    ],
)
def test_receipts_that_fit_or_are_of_another_shipment_are_spared(why: str, receipts: tuple[Any, ...]) -> None:
    assert "SHIP-RECEIPT" not in codes(delivery(receipts=receipts)), why


@spares("SHIP-RECEIPT")
def test_receipts_of_two_shipments_of_one_week_are_compared_with_both() -> None:
    beside = known_note(shipped_on=date(2026, 11, 18))
    here = delivery(
        (paper_line(1, 60),),
        known_shipments=(beside,),
        shipped=(shipped_line("doc_8", 40),),
        receipts=(came(60, date(2026, 11, 17)), came(40, date(2026, 11, 19))),
    )
    assert "SHIP-RECEIPT" not in codes(here)


@spares("SHIP-RECEIPT")
def test_difference_within_the_tolerance_clears() -> None:
    some = with_tolerance("ship_receipt", tolerance(5, 100))
    assert "SHIP-RECEIPT" not in codes(delivery(receipts=(came(103, date(2026, 11, 18)),)), some)


def test_an_invoice_is_judged_by_receipts_not_by_shipments() -> None:
    here = replace(delivery(before=[("doc_8", 60)]), paper=paper())
    assert not {code for code in codes(here) if code.startswith("SHIP-")}


def test_without_an_order_number_only_that_is_said() -> None:
    here = delivery((paper_line(1, 10),), purchase_order_references=(), delivery_date=date(2026, 12, 24))
    assert codes(replace(here, receipts=(came(3, date(2026, 12, 24)),))) == {"SHIP-PO"}


def test_goods_sent_back_and_zero_prices_stop_nothing() -> None:
    free = (order_line(1, 100, 0, promised_at=AS_OF - timedelta(days=30)),)
    assert "SHIP-SHORT" not in codes(delivery((paper_line(1, -5),), order_lines=free))
    assert "SHIP-SHORT" in codes(delivery((paper_line(1, -5),)))
