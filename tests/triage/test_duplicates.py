"""Invoices billed before: what makes two numbers one, whose invoices count, and how often the rules are right."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labelled_invoices import Family, labelled
from core.decisions import Outcome
from core.erp import PostedInvoice
from tests.triage.builders import AS_OF, IBAN, VAT_ID, codes, facts, paper, policy, supplier, the
from tests.triage.examples import finds, spares
from triage.controls import inv_duplicate, inv_duplicate_likely
from triage.facts import Facts
from triage.likeness import Likeness, number_likeness
from triage.match import Match, pair_lines
from triage.relevance import narrow

GROSS = Decimal("470.05")
DAY = date(2026, 11, 18)


def posted(**changes: object) -> PostedInvoice:
    record = PostedInvoice(
        supplier_id="S1", invoice_number="R-8812", invoice_date=DAY, total_with_vat=GROSS, currency="EUR"
    )
    return replace(record, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        "R-8812A", "2026R8812", "INV R 8812", "8812", "R-8812/26", "R-8812-1", "R-08812",
         "RE 8812", "R-BB12", "R-B8I2", "R-881Z",
    ],
)  # fmt: skip
def test_more_characters_and_letters_read_as_digits_are_a_way_of_writing(other: str) -> None:
    assert number_likeness("R-8812", other) is number_likeness(other, "R-8812") is Likeness.WRITTEN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R-8811", "R-8812"),  # the next one
        ("R-8812", "R-8821"),  # nine later, or two digits swapped
        ("R-8812", "R-88129"),  # the series has grown, or a digit too many
        ("1001-1", "1001-11"),  # the eleventh of a contract
        ("1-11-2026", "11-11-2026"),  # the day is the number
        ("12112026", "21112026"),
        ("12-11-26", "21-11-26"),
        ("A-8812", "B-8812"),  # another branch
        ("7", "70"),
        ("17", "A17"),
        (None, "R-8812"),
    ],
)
def test_what_a_counter_or_a_calendar_explains_is_alike_only_on_one_day(one: str | None, other: str) -> None:
    assert number_likeness(one, other) is number_likeness(other, one) is Likeness.COUNTED


@pytest.mark.parametrize("other", ["R-8803", "R-7001", "R-8812-2026-1", "G-17", "X8Y8Z1W2", "R-2188", "ABCD8812"])
def test_other_numbers_are_not_alike(other: str) -> None:
    assert number_likeness("R-8812", other) is None


def test_digits_swapped_far_from_the_end_are_no_counter() -> None:
    assert number_likeness("R-48812", "R-84812") is Likeness.WRITTEN
    assert number_likeness("8812", "20268812") is Likeness.WRITTEN, "a year in front is no counter either"
    assert number_likeness("R-881234", "R-818234") is Likeness.WRITTEN


@pytest.mark.law
@given(st.text("0123456789RABSZIOL-/. ", max_size=10), st.text("0123456789RABSZIOL-/. ", max_size=10))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert number_likeness(one, other) is number_likeness(other, one)


@finds("INV-DUPLICATE-LIKELY")
@pytest.mark.parametrize(
    "earlier",
    [
        {"invoice_number": "R-8812A", "invoice_date": date(2026, 11, 2)},
        {"invoice_number": "2026R8812"},
        {"invoice_number": "INV R 8812"},
        {"invoice_number": "R-88I2B"},
        {"total_with_vat": Decimal("4700.50")},
        {"total_with_vat": Decimal("740.05")},
        {"total_with_vat": Decimal("970.05"), "invoice_date": date(2026, 3, 1)},
    ],
)
def test_one_field_off_is_held(earlier: dict[str, object]) -> None:
    found = the("INV-DUPLICATE-LIKELY", facts(posted=(posted(**earlier),)))
    assert found.outcome is Outcome.HOLD and "posted_invoice:S1/" in " ".join(found.facts)


@spares("INV-DUPLICATE", "INV-DUPLICATE-LIKELY")
@pytest.mark.parametrize(
    "earlier",
    [
        {"invoice_number": "R-8811", "invoice_date": date(2026, 10, 18)},
        {"invoice_number": "R-8821", "invoice_date": date(2026, 10, 18)},
        {"invoice_number": "R-8812A", "invoice_date": date(2026, 1, 18)},
        {"total_with_vat": Decimal("461.10"), "invoice_date": date(2025, 11, 18)},
        {"total_with_vat": Decimal("12.34"), "invoice_date": date(2026, 11, 17)},
        {"supplier_id": "S2"},
        {"supplier_id": "S2", "invoice_number": "X-1"},
        {"total_with_vat": -GROSS},
    ],
)
def test_neighbours_that_are_right_are_not_held(earlier: dict[str, object]) -> None:
    assert codes(facts(posted=(posted(**earlier),))) == set()


@finds("INV-DUPLICATE")
@pytest.mark.parametrize("same", [{"vat_id": VAT_ID[2:], "iban": None}, {"vat_id": None, "iban": IBAN}])
def test_one_company_under_two_numbers_is_one_supplier(same: dict[str, str | None]) -> None:
    twin = replace(supplier(supplier_id="S2", name="Einkauf Drei"), **same)  # type: ignore[arg-type]
    here = facts(posted=(posted(supplier_id="S2"),), related=(twin,))
    found = the("INV-DUPLICATE", here)
    assert "S2, the same company" in found.message and "supplier:S2" in found.facts
    near = facts(posted=(posted(supplier_id="S2", invoice_number="R-8812A"),), related=(twin,))
    assert codes(near) == {"INV-DUPLICATE-LIKELY"}


@finds("INV-DUPLICATE-LIKELY")
def test_one_name_under_two_numbers_is_for_a_person_to_say() -> None:
    namesake = supplier(supplier_id="S2", name="Nordlicht AG", vat_id=None, iban=None)
    assert codes(facts(posted=(posted(supplier_id="S2"),), related=(namesake,))) == {"INV-DUPLICATE-LIKELY"}


@spares("INV-DUPLICATE-LIKELY")
def test_one_name_and_nearly_one_number_are_two_invoices() -> None:
    namesake = supplier(supplier_id="S2", name="Nordlicht AG", vat_id=None, iban=None)
    assert codes(facts(posted=(posted(supplier_id="S2", invoice_number="R-8812A"),), related=(namesake,))) == set()


@finds("INV-DUPLICATE-LIKELY")
def test_the_same_invoice_of_a_seller_nobody_knows_is_held_for_both_reasons() -> None:
    here = facts(supplier=None, posted=(posted(supplier_id="S2"),))
    assert {"SUP-UNKNOWN", "INV-DUPLICATE-LIKELY"} <= codes(here)
    short = facts(paper(invoice_number="17"), supplier=None, posted=(posted(supplier_id="S2", invoice_number="17"),))
    assert "INV-DUPLICATE-LIKELY" not in codes(short)


def test_a_credit_note_before_the_invoice_does_not_reverse_it() -> None:
    before = posted(invoice_number="G-1", total_with_vat=-GROSS, invoice_date=date(2026, 11, 1))
    assert "INV-DUPLICATE" in codes(facts(posted=(posted(), before)))


def found_in(family: Family, seeds: range) -> Counter[tuple[str, str]]:
    """How often each label was found as what: the rules on the whole ledger of each supplier."""
    counted: Counter[tuple[str, str]] = Counter()
    for seed in seeds:
        for one in labelled(family, seed):
            whole = Facts(paper=one.paper, as_of=AS_OF, supplier=one.supplier, posted=one.posted, related=one.related)
            here = narrow(whole)
            counted[one.label, judged(here, pair_lines(here))] += 1
    return counted


def judged(here: Facts, match: Match) -> str:
    if inv_duplicate.CONTROL.run(here, match, policy()):
        return "exact"
    return "likely" if inv_duplicate_likely.CONTROL.run(here, match, policy()) else "new"


def test_on_suppliers_the_rules_were_not_looked_at_with_nearly_all_duplicates_are_found_and_little_else() -> None:
    counted = found_in("reported", range(900, 902))
    likely = {found: count for (label, found), count in counted.items() if label == "likely"}
    assert (
        counted["exact", "likely"]
        == counted["exact", "new"]
        == counted["new", "exact"]
        == 0
        < counted["exact", "exact"]
    )
    assert likely.get("new", 0) <= 0.02 * sum(likely.values())
    assert counted["new", "likely"] <= 0.1 * (counted["new", "likely"] + likely["likely"])
    assert counted["new", "likely"] <= 0.005 * (counted["new", "likely"] + counted["new", "new"])
