"""Reading and arithmetic: DOC-*, TAX-*."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decisions import Outcome
from core.documents import Box, DocumentType, Evidence
from tests.triage.builders import check, codes, credit_note, facts, order_line, paper, paper_line, policy, the
from tests.triage.examples import finds, spares
from triage.facts import Correction, Difference, Paper, TaxGroup

UNREADABLE = Paper(
    document_id="doc_9",
    sha256="ef" * 32,
    document_type=DocumentType.OTHER,
    type_confidence=0.0,
    remarks=(
        ("DOC-UNREADABLE", "hold", "The file is encrypted. Ask for a copy without a password. [DOC-PDF-ENCRYPTED]"),
    ),
)


@finds("DOC-UNREADABLE")
def test_encrypted_paper_is_held_with_what_to_do_about_it_and_nothing_else() -> None:
    (only,) = check(facts(UNREADABLE, supplier=None))
    assert (only.code, only.outcome) == ("DOC-UNREADABLE", Outcome.HOLD)
    assert "without a password" in only.message


@finds("DOC-UNREADABLE")
def test_remark_of_an_unknown_code_is_never_lost() -> None:
    found = the("DOC-UNREADABLE", facts(paper(remarks=(("DOC-PAGES-SKIPPED", "hold", "Page 2 could not be read."),))))
    assert found.message == "Page 2 could not be read."


@spares("DOC-UNREADABLE", "DOC-TYPE", "DOC-CONFIDENCE", "DOC-ARITHMETIC", "DOC-HYBRID", "DOC-SCHEMA", "TAX-SUM")
def test_clean_full_invoice_gives_no_finding() -> None:
    assert check(facts()) == ()


@finds("DOC-TYPE")
@pytest.mark.parametrize("kind", [DocumentType.OTHER, DocumentType.PURCHASE_ORDER])
def test_type_without_rules_is_held(kind: DocumentType) -> None:
    assert codes(facts(paper(document_type=kind))) == {"DOC-TYPE"}


@finds("DOC-TYPE")
def test_type_that_is_not_sure_is_held() -> None:
    assert the("DOC-TYPE", facts(paper(type_confidence=0.3))).actual == "0.30"


@finds("DOC-HYBRID", "DOC-SCHEMA")
def test_what_the_reader_compared_keeps_its_own_code_and_outcome() -> None:
    remarks = (("DOC-HYBRID", "block", "The XML says 10, the page 100."), ("DOC-SCHEMA", "hold", "BR-CO-15 fails."))
    found = check(facts(paper(remarks=remarks)))
    assert [(at.code, at.outcome) for at in found] == [("DOC-HYBRID", Outcome.BLOCK), ("DOC-SCHEMA", Outcome.HOLD)]


EDI = ("DOC-EDI-COUNTS", "DOC-EDI-MORE", "DOC-EDI-BROKEN", "DOC-EDI-UNKNOWN", "DOC-MULTIPLE", "DOC-ORDER-DATA")


@finds(*EDI)
@pytest.mark.parametrize("code", EDI)
def test_what_the_reader_says_of_the_file_is_held_under_its_own_code(code: str) -> None:
    (found,) = check(facts(paper(remarks=((code, "hold", "Ask for it again."),))))
    assert (found.code, found.outcome, found.message) == (code, Outcome.HOLD, "Ask for it again.")


@finds("DOC-EDI-BROKEN", "DOC-EDI-UNKNOWN")
@pytest.mark.parametrize("code", ["DOC-EDI-BROKEN", "DOC-EDI-UNKNOWN"])
def test_of_an_interchange_that_could_not_be_read_nothing_else_is_said(code: str) -> None:
    assert codes(facts(replace(UNREADABLE, remarks=((code, "hold", "Ask for it again."),)), supplier=None)) == {code}


@finds("DOC-EDI-COUNTS")
def test_a_count_that_is_not_right_is_shown_with_what_was_told_and_found() -> None:
    message = "Messages of the interchange (UNZ): the interchange says 3, it holds 2."
    at = Difference(code="DOC-EDI-COUNTS", message=message, subject=None, expected="3", actual="2", evidence=())
    remarks = (("DOC-EDI-COUNTS", "hold", message),)
    found = the("DOC-EDI-COUNTS", facts(paper(remarks=remarks, differences=(at,))))
    assert (found.expected, found.actual) == ("3", "2")


@spares(*EDI)
def test_a_file_of_one_whole_paper_gives_none_of_these() -> None:
    assert not codes(facts()) & set(EDI)


@finds("DOC-HYBRID")
def test_two_halves_that_differ_are_shown_side_by_side_with_their_place() -> None:
    place = Evidence(page=1, box=Box(1, 2, 3, 4), text="R-17")
    at = Difference(
        code="DOC-HYBRID",
        message="They differ.",
        subject="invoice_number",
        expected="R-17 (on the page)",
        actual="R-18 (in the e-invoice data)",
        evidence=(place,),
    )
    found = the("DOC-HYBRID", facts(paper(remarks=(("DOC-HYBRID", "block", "They differ."),), differences=(at,))))
    assert (found.subject, found.expected, found.actual) == (at.subject, at.expected, at.actual)
    assert found.evidence == (place,)
    assert found.outcome is Outcome.BLOCK


@finds("DOC-HYBRID")
def test_value_that_is_only_nowhere_to_be_seen_is_held() -> None:
    found = the("DOC-HYBRID", facts(paper(remarks=(("DOC-HYBRID", "hold", "It is nowhere on the page."),))))
    assert found.outcome is Outcome.HOLD


@finds("DOC-CONFIDENCE")
def test_required_field_that_is_missing_is_held() -> None:
    assert the("DOC-CONFIDENCE", facts(paper(invoice_number=None))).subject == "invoice_number"


@finds("DOC-CONFIDENCE")
def test_required_field_that_is_no_date_is_held_with_its_text() -> None:
    found = the("DOC-CONFIDENCE", facts(paper(issue_date=None, unparsed={"issue_date": "31.02.2026"})))
    assert found.actual == "31.02.2026"


@finds("DOC-CONFIDENCE")
@pytest.mark.parametrize("sure", [0.79, 0.0, float("nan")])
def test_required_field_under_its_threshold_is_held(sure: float) -> None:
    clean = paper()
    unsure = replace(clean, confidences={**clean.confidences, "total_with_vat": sure})
    assert the("DOC-CONFIDENCE", facts(unsure)).subject == "total_with_vat"


@spares("DOC-CONFIDENCE")
def test_required_field_at_its_threshold_clears() -> None:
    clean = paper()
    assert codes(facts(replace(clean, confidences={**clean.confidences, "total_with_vat": 0.8}))) == set()


@finds("DOC-CONFIDENCE")
def test_account_that_is_not_sure_is_held_although_an_account_is_not_required() -> None:
    clean = paper()
    unsure = replace(clean, confidences={**clean.confidences, "payment_iban": 0.2})
    assert the("DOC-CONFIDENCE", facts(unsure)).subject == "payment_iban"
    assert codes(facts(paper(payment_iban=None))) == set()


@finds("DOC-CONFIDENCE")
def test_poor_line_values_are_one_finding_that_lists_the_lines() -> None:
    lines = (paper_line(1), paper_line(2), paper_line(3, quantity=7))
    clean = paper(lines)
    poor = replace(clean, confidences={**clean.confidences, "lines.1.quantity": 0.1, "lines.3.line_net_amount": 0.2})
    orders = tuple(order_line(number) for number in (1, 2, 3))
    found = the("DOC-CONFIDENCE", facts(poor, order_lines=orders))
    assert "line 1: quantity not sure" in found.message
    assert "line 3: net amount not sure" in found.message
    assert "line 2" not in found.message


@finds("DOC-CONFIDENCE")
def test_invoice_without_lines_is_held() -> None:
    bare = paper((), total_without_vat=Decimal(395), total_vat=Decimal("75.05"), total_with_vat=Decimal("470.05"))
    assert {"DOC-CONFIDENCE", "MATCH-LINE"} <= codes(facts(bare))


@finds("DOC-ARITHMETIC")
@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"total_with_vat": Decimal("470.50")}, "total_with_vat"),
        ({"amount_due": Decimal(400), "prepaid_amount": Decimal(50)}, "amount_due"),
    ],
)
def test_totals_that_do_not_add_up_are_held(changes: dict[str, Any], subject: str) -> None:
    assert the("DOC-ARITHMETIC", facts(paper(**changes))).subject == subject


@finds("DOC-ARITHMETIC")
def test_missing_line_shows_as_a_wrong_sum() -> None:
    full = paper((paper_line(1), paper_line(2)))
    found = the(
        "DOC-ARITHMETIC", facts(replace(full, lines=full.lines[:1]), order_lines=(order_line(1), order_line(2)))
    )
    assert found.difference == "395.00 EUR"


@finds("DOC-ARITHMETIC")
def test_quantity_times_price_that_is_not_the_line_is_held() -> None:
    wrong = paper_line(1, line_net_amount=Decimal("395.01"))
    found = the("DOC-ARITHMETIC", facts(paper((wrong,))))
    assert (found.subject, found.tolerance) == ("line 1", "rounding only, 0.005 EUR")


@spares("DOC-ARITHMETIC", "MATCH-PRICE", "MATCH-TOTAL")
def test_rounding_of_a_line_is_no_error() -> None:
    line = paper_line(1, quantity=3, price="3.3333")
    assert line.line_net_amount == Decimal("10.00")
    assert codes(facts(paper((line,)), order_lines=(order_line(1, price="3.3333"),))) == set()


@spares("DOC-ARITHMETIC", "TAX-SUM")
@pytest.mark.parametrize("sign", [1, -1])
def test_credit_note_adds_up_printed_with_or_without_minus(sign: int) -> None:
    plus = credit_note()

    def printed(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else sign * amount

    lines = tuple(
        replace(line, quantity=printed(line.quantity), line_net_amount=printed(line.line_net_amount))
        for line in plus.lines
    )
    groups = tuple(
        replace(group, taxable_amount=printed(group.taxable_amount), tax_amount=printed(group.tax_amount))
        for group in plus.tax_breakdown
    )
    credit = replace(
        plus,
        lines=lines,
        tax_breakdown=groups,
        total_without_vat=printed(plus.total_without_vat),
        total_vat=printed(plus.total_vat),
        total_with_vat=printed(plus.total_with_vat),
    )
    assert codes(facts(credit, receipts=())) == set()


@finds("TAX-SUM")
def test_tax_that_is_not_rate_times_base_is_held() -> None:
    wrong = paper(
        tax_breakdown=(TaxGroup(rate=Decimal(19), taxable_amount=Decimal(395), tax_amount=Decimal("80.05")),),
        total_vat=Decimal("80.05"),
        total_with_vat=Decimal("475.05"),
    )
    found = the("TAX-SUM", facts(wrong))
    assert (found.expected, found.actual, found.at_risk_amount) == ("75.05 EUR", "80.05 EUR", "5")


@finds("TAX-SUM")
def test_without_a_breakdown_the_rates_of_the_lines_make_the_total() -> None:
    wrong = paper(tax_breakdown=(), total_vat=Decimal(80), total_with_vat=Decimal(475))
    assert the("TAX-SUM", facts(wrong)).subject == "total_vat"
    assert codes(facts(paper(tax_breakdown=()))) == set()


@finds("TAX-RATE")
def test_rate_that_is_not_the_orders_is_held() -> None:
    found = the("TAX-RATE", facts(order_lines=(order_line(1, tax_rate=Decimal(7)),)))
    assert (found.expected, found.actual, found.subject) == ("7 %", "19 %", "line 1")


@spares("TAX-RATE")
def test_order_without_a_rate_judges_no_rate() -> None:
    assert codes(facts(order_lines=(order_line(1, tax_rate=None),))) == set()


def test_a_paper_of_every_type_is_judged_without_error() -> None:
    for kind in DocumentType:
        check(facts(paper(document_type=kind)), policy())


@finds("DOC-ARITHMETIC")
def test_total_that_nothing_on_the_paper_explains_is_held() -> None:
    """Net, VAT or breakdown that could not be read must not let a gross total through unchecked."""
    inflated: dict[str, Any] = {"total_with_vat": Decimal(4700), "total_vat": None, "tax_breakdown": ()}
    bare = (replace(paper_line(), tax_rate=None),)
    for changes in (inflated, inflated | {"total_without_vat": None}):
        for lines in (None, bare):
            assert "DOC-ARITHMETIC" in codes(facts(paper(lines, **changes))), (changes, lines)
    unread = replace(paper(), total_without_vat=None, total_vat=None, tax_breakdown=(TaxGroup(rate=Decimal(19)),))
    assert "cannot be checked" in the("DOC-ARITHMETIC", facts(replace(unread, lines=bare))).message


@finds("DOC-ARITHMETIC")
def test_invoice_whose_lines_are_credits_is_not_its_own_total() -> None:
    assert "DOC-ARITHMETIC" in codes(facts(replace(paper(), lines=(paper_line(1, -100),))))


@finds("DOC-ARITHMETIC")
def test_more_due_than_the_total_is_held() -> None:
    assert the("DOC-ARITHMETIC", facts(paper(amount_due=Decimal(4700)))).subject == "amount_due"
    assert codes(facts(paper(amount_due=Decimal(400)))) == set()


@spares("DOC-ARITHMETIC", "TAX-SUM", "TAX-RATE")
def test_vat_that_was_not_read_is_taken_from_breakdown_or_lines() -> None:
    assert codes(facts(paper(total_vat=None))) == set()
    assert codes(facts(paper(total_vat=None, total_without_vat=None))) == set()
    assert codes(facts(paper(total_vat=None, tax_breakdown=()))) == set()


@finds("TAX-RATE")
def test_without_rates_on_the_paper_the_orders_rates_make_the_vat() -> None:
    bare = (replace(paper_line(), tax_rate=None),)
    assert codes(facts(paper(bare, tax_breakdown=()))) == set()
    found = the("TAX-RATE", facts(paper(bare, tax_breakdown=()), order_lines=(order_line(1, tax_rate=Decimal(7)),)))
    assert (found.expected, found.actual, found.subject) == ("27.65 EUR", "75.05 EUR", "total_vat")


@finds("TAX-RATE")
def test_vat_that_no_rate_explains_is_held() -> None:
    bare = (replace(paper_line(), tax_rate=None),)
    found = the("TAX-RATE", facts(paper(bare, tax_breakdown=()), order_lines=(order_line(1, tax_rate=None),)))
    assert "cannot be checked" in found.message


@finds("DOC-CORRECTED")
def test_a_total_changed_after_a_control_had_held_waits_for_another_person() -> None:
    change = Correction(field="total_with_vat", before="283", after="238", by="anna", held_by=("DOC-ARITHMETIC",))
    found = the("DOC-CORRECTED", facts(paper(corrections=(change,))))
    assert (found.outcome, found.expected, found.actual) == (Outcome.HOLD, "283", "238")
    assert "anna changed total with VAT from 283 to 238, after DOC-ARITHMETIC" in found.message


@finds("DOC-CORRECTED")
def test_a_price_changed_on_a_line_is_found_by_its_name() -> None:
    change = Correction(field="lines.1.unit_price", before="5", after="3.95", by="anna", held_by=("MATCH-PRICE",))
    found = the("DOC-CORRECTED", facts(paper(corrections=(change,))))
    assert "unit price of line 1" in found.message


@spares("DOC-CORRECTED")
@pytest.mark.parametrize("held_by", [(), ("DOC-CONFIDENCE",), ("DOC-CONFIDENCE", "SAMPLE-DRAWN")])
def test_an_unsure_reading_put_right_needs_nobody_else(held_by: tuple[str, ...]) -> None:
    change = Correction(field="total_with_vat", before="283", after="238", by="anna", held_by=held_by)
    assert "DOC-CORRECTED" not in codes(facts(paper(corrections=(change,))))


@spares("DOC-CORRECTED")
def test_a_field_the_policy_does_not_name_is_one_persons_to_correct() -> None:
    change = Correction(field="buyer_name", before="Clear", after="Clear SE", by="anna", held_by=("MATCH-PRICE",))
    assert "DOC-CORRECTED" not in codes(facts(paper(corrections=(change,))))
