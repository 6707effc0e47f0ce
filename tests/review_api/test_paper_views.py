"""What the page of a paper shows beside its values: order and receipts, copies, reasons to trust, lines as a grid."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from core.documents import Alternative, Box, Evidence, Extraction, Source
from review_api import desk as house_desk
from review_api.field_view import field_views
from review_api.grid_view import grid_view
from review_api.match_view import MatchView, match_view
from review_api.presenting import Reader, reader_of
from review_api.twin_view import twin_views
from tests.review_api.conftest import Desk
from tests.triage_shell.conftest import invoice
from triage.case_records import CaseDetail

NONE: Mapping[str, str | None] = {}
READER: Reader = reader_of("en-GB", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def detail_of(desk: Desk, header: Mapping[str, str | None] = NONE, line: Mapping[str, str | None] = NONE) -> CaseDetail:
    return house_desk.show(desk.services, desk.held(header, line).case_id)


def match_of(desk: Desk, detail: CaseDetail) -> MatchView:
    return match_view(detail.extraction, detail.facts, detail.decision, policy=desk.services.policy, reader=READER)


def test_lines_stand_beside_order_and_receipts_with_signed_differences(desk: Desk) -> None:
    view = match_of(desk, detail_of(desk, line={"unit_price": "21", "line_net_amount": "315"}))
    (line,) = view.lines
    assert (line.invoiced, line.ordered, line.received) == ("15 pcs × 21.00", "10 pcs × 20.00", "10 pcs")
    assert line.paired_by == "paired by item id (100)" and line.receipts == "R-1"
    told = {one.text: (one.tolerance, one.over) for one in line.differences}
    dearer = Decimal(315) - 15 * Decimal(20)
    assert told["+5 pcs"] == ("none", True)
    assert told["+1 each"][1] and told[f"+{dearer} EUR"][1]
    assert view.totals is not None
    assert (view.totals.net, view.totals.ordered_net, view.totals.difference) == ("315.00", "300.00", "+15 EUR")
    assert view.totals.paper_net == "300.00"


def test_what_other_papers_have_billed_is_told_with_the_paper_that_did(desk: Desk) -> None:
    first = detail_of(desk)
    second = detail_of(desk, {"invoice_number": "R-9999"})
    (line,) = match_of(desk, second).lines
    assert line.billed in {"", "15 pcs billed before"}
    assert line.billed_by == ((first.document.document_id,) if line.billed else ())


def test_a_copy_stands_beside_the_earlier_paper_field_by_field(desk: Desk) -> None:
    first = detail_of(desk)
    second = detail_of(desk)
    (twin,) = twin_views(second.facts, second.decision.findings, policy=desk.services.policy, reader=READER)
    assert twin.document_id == first.document.document_id
    assert {field.label: field.equal for field in twin.fields}["Invoice number"]
    posted = detail_of(desk, {"invoice_number": "R-1O00", "total_with_vat": "119"})
    rows = twin_views(posted.facts, posted.decision.findings, policy=desk.services.policy, reader=READER)
    assert None in [row.document_id for row in rows]


def test_a_value_says_in_words_why_it_is_trusted(desk: Desk) -> None:
    detail = detail_of(desk, {"payment_iban": "DE75512108001245126199"})
    unsure = replace(
        detail.extraction.fields["due_date"], confidence=0.4, source=Source.OCR, reasons=("two candidates",)
    )
    evidence = Evidence(page=1, box=Box(1, 2, 3, 4), text="14.12.2026")
    other = Alternative(value="2026-12-14", confidence=0.31, evidence=evidence)
    extraction = replace(
        detail.extraction,
        fields={**detail.extraction.fields, "due_date": unsure},
        alternatives={"due_date": (other,)},
    )
    views = {
        view.name: view
        for view in field_views(
            extraction, detail.facts, detail.decision, policy=desk.services.policy, reader=READER, typed={}
        )
    }
    assert views["seller_name"].trust.line.endswith("is supplier Nordlicht GmbH (S-1)")
    assert any(one.text == "not as in the supplier's record" for one in views["payment_iban"].trust.reasons)
    assert "two candidates" in views["due_date"].trust.line
    (candidate,) = views["due_date"].candidates
    assert (candidate.value, candidate.shown, candidate.percent) == ("2026-12-14", "14/12/2026", "31")
    assert candidate.place == "1 1 2 3 4"


def test_the_grid_keeps_typing_shows_lines_taken_away_and_has_an_empty_line(desk: Desk) -> None:
    paper: Extraction = invoice()
    taken = replace(paper, lines=({}, paper.lines[0]))
    typed = {"lines.2.quantity": "7", "lines.3.description": "Pallet"}
    view = grid_view(taken, policy=desk.services.policy, reader=READER, typed=typed)
    assert [(row.index, row.gone) for row in view.rows] == [(1, True), (2, False), (3, False)]
    cells = {cell.name: cell for row in view.rows for cell in row.cells}
    assert (cells["lines.2.quantity"].value, cells["lines.2.quantity"].was) == ("7", "10")
    assert cells["lines.3.description"].value == "Pallet"
    assert view.new is not None and view.new.index == 4 and view.is_changed
    assert view.unsure == 0
