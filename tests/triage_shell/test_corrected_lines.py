"""A person changes lines: puts values right, adds lines, takes lines away; and never alone past what a control held."""

from dataclasses import replace

import pytest

from core.documents import Box, Evidence
from core.errors import InputError
from tests.triage_shell.conftest import House, invoice
from tests.triage_shell.test_cases import correct, refused
from tests.triage_shell.test_four_eyes import may
from triage import decisions
from triage.case_records import CaseState, CaseSummary
from triage.corrections import corrected, differences
from triage.facts_json import facts_from_text


def over_billed(house: House) -> CaseSummary:
    """An invoice over fifteen lamps where ten were received."""
    house.load_feeds()
    totals = {"total_without_vat": "300", "total_vat": "57", "total_with_vat": "357", "amount_due": "357"}
    return house.case(invoice(totals, {"quantity": "15", "line_net_amount": "300"}))


def lines_of(house: House, case: CaseSummary) -> tuple[int, ...]:
    """The numbers of the lines that controls looked at last."""
    with house.db.read() as session:
        stored = decisions.latest_decision(session, case.document_id)
    assert stored is not None
    return tuple(line.index for line in facts_from_text(stored.record.facts).paper.lines)


def test_a_line_that_is_added_is_judged_like_one_that_was_read(house: House) -> None:
    case = over_billed(house)
    after = correct(house, case.case_id, {"lines.2.description": "Pallet", "lines.2.line_net_amount": "12"})
    assert lines_of(house, after) == (1, 2)
    assert "MATCH-LINE" in after.codes or "MATCH-CHARGE" in after.codes


def test_a_line_that_is_taken_away_is_no_line_and_the_others_keep_their_numbers(house: House) -> None:
    case = over_billed(house)
    correct(house, case.case_id, {"lines.2.description": "Pallet", "lines.2.line_net_amount": "12"})
    after = correct(house, case.case_id, {"lines.1": ""})
    assert lines_of(house, after) == (2,)


@pytest.mark.parametrize(
    "changes",
    [
        {"lines.1": ""},
        {"lines.1.quantity": "10"},
        {"lines.2.description": "Credit", "lines.2.quantity": "-5", "lines.2.line_net_amount": "-100"},
    ],
)
def test_who_changed_what_was_held_on_lines_may_not_approve(house: House, changes: dict[str, str]) -> None:
    case = over_billed(house)
    after = correct(house, case.case_id, changes)
    assert after.state is not CaseState.RESOLVED and "DOC-CORRECTED" in after.codes
    approve = may(house, case.case_id, "anna", "admin")["approve"]
    assert (approve.allowed, approve.code) == (False, "CASE-OWN-CORRECTION")


def test_new_lines_go_on_where_the_known_ones_end(house: House) -> None:
    case = over_billed(house)
    refused("CASE-LINE-GAP", lambda: correct(house, case.case_id, {"lines.3.quantity": "1"}))
    refused("CASE-LINE-GAP", lambda: correct(house, case.case_id, {"lines.2001.quantity": "1"}))


def test_a_value_taken_from_the_page_stands_where_it_was_taken_and_only_on_the_page() -> None:
    paper = replace(invoice(), page_sizes=((595.0, 842.0),))
    place = Evidence(page=1, box=Box(10.0, 20.0, 60.0, 30.0), text="R-9")
    after = corrected(paper, {"invoice_number": "R-9"}, user="anna", places={"invoice_number": place})
    assert after.fields["invoice_number"].evidence == (place,)
    for wrong in (replace(place, page=2), replace(place, box=Box(10.0, 20.0, 6000.0, 30.0))):
        with pytest.raises(InputError, match="not on the paper"):
            corrected(paper, {"invoice_number": "R-9"}, user="anna", places={"invoice_number": wrong})


def test_what_was_changed_of_lines_is_told_value_by_value() -> None:
    paper = invoice()
    added = corrected(paper, {"lines.2.quantity": "3"}, user="anna")
    assert differences(paper, added) == {"lines.2.quantity": (None, "3")}
    removed = corrected(added, {"lines.1": ""}, user="anna")
    assert removed.lines[0] == {} and differences(added, removed)["lines.1.quantity"] == ("10", None)
