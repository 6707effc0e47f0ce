"""Candidates are measured alike one at a time and all together, and what the amounts around an amount say of it."""

import pytest

from extraction.extract import scene_of
from extraction.features import FEATURES, KINDS, eligible, feature_matrix, feature_vector
from extraction.signals import familiar
from tests.extraction.pages import INVOICE, page_of, reading_of

RECEIPT = [
    "CORNER SHOP LTD",
    "Receipt no 4711",
    [(40.0, "Tea"), (300.0, "3.33")],
    [(40.0, "Milk"), (300.0, "7.04")],
    [(40.0, "Total"), (300.0, "10.37")],
    [(40.0, "Rounding"), (300.0, "-0.02")],
    [(40.0, "Total rounded"), (300.0, "10.35")],
    [(40.0, "Cash"), (300.0, "20.00")],
    [(40.0, "Change"), (300.0, "9.65")],
]


def measured(rows: object, field: str, value: str) -> dict[str, float]:
    scene, _ = scene_of(reading_of(page_of(rows)))  # type: ignore[arg-type]
    candidate = next(c for c in eligible(scene, field) if c.value == value)
    return dict(zip(FEATURES, feature_vector(scene, candidate, field), strict=True))


@pytest.mark.parametrize("field", sorted(KINDS))
def test_a_candidate_is_measured_alone_as_among_the_others(field: str) -> None:
    scene, _ = scene_of(reading_of(page_of(INVOICE)))
    matrix = feature_matrix(scene, field)
    assert matrix.shape == (len(eligible(scene, field)), len(FEATURES))
    for row, candidate in zip(matrix, eligible(scene, field), strict=True):
        assert row.tolist() == feature_vector(scene, candidate, field)


def test_what_was_paid_is_known_by_cash_and_change() -> None:
    assert measured(RECEIPT, "total_with_vat", "10.35")["paid_exact"] == 1
    assert measured(RECEIPT, "total_with_vat", "20")["as_cash"] == 1
    assert measured(RECEIPT, "total_with_vat", "9.65")["as_change"] == 1
    assert measured(RECEIPT, "total_with_vat", "10.37")["paid_exact"] == 0


def test_a_total_before_rounding_is_told_from_the_one_after_it() -> None:
    assert measured(RECEIPT, "total_with_vat", "10.35")["rounded"] == 1
    assert measured(RECEIPT, "total_with_vat", "10.37")["unrounded"] == 1


def test_words_about_tax_between_a_label_and_its_amount_count() -> None:
    rows = ["Receipt", "Total Sales (Excluding GST) 7.00", "Total Sales (Inclusive of GST) 7.42"]
    assert measured(rows, "total_with_vat", "7")["says_without"] == 1
    assert measured(rows, "total_with_vat", "7.42")["says_without"] == 0
    assert measured(rows, "total_with_vat", "7.42")["says_with"] == 1


def test_a_whole_number_among_amounts_with_cents_is_odd() -> None:
    rows = ["Receipt", "Tea 3.33", "Milk 7.04", "Total 7", "Total 10.37"]
    assert measured(rows, "total_with_vat", "7")["odd_decimals"] > 0.5
    assert measured(rows, "total_with_vat", "10.37")["odd_decimals"] == 0


def test_a_tax_contained_in_a_total_makes_them_a_pair_where_no_net_is_printed() -> None:
    rows = ["Quarterly fee", "with 19 % tax 220.00", "tax contained in it 35.13", "owed from before 150.00"]
    assert measured(rows, "total_with_vat", "220")["as_gross"] > 0
    assert measured(rows, "total_vat", "35.13")["as_tax"] > 0
    assert measured(rows, "total_with_vat", "150")["as_gross"] == 0


def test_a_strip_of_three_amounts_tells_net_tax_and_gross() -> None:
    rows = ["Invoice 4711", [(40.0, "100.00"), (200.0, "19.00"), (300.0, "119.00")]]
    assert measured(rows, "total_without_vat", "100")["strip_net"] == 1
    assert measured(rows, "total_vat", "19")["strip_tax"] == 1
    assert measured(rows, "total_with_vat", "119")["strip_gross"] == 1


def test_a_label_after_a_strange_word_is_marked() -> None:
    assert measured(["Invoice", "Zorblax total 5.00"], "total_with_vat", "5")["left_prefixed"] == 1
    assert measured(["Invoice", "Total 5.00"], "total_with_vat", "5")["left_prefixed"] == 0


def test_an_ordinary_invoice_is_more_familiar_than_a_note() -> None:
    invoice, _ = scene_of(reading_of(page_of(INVOICE)))
    note, _ = scene_of(reading_of(page_of(["Dear all", "see you at 5"])))
    assert familiar(note) < familiar(invoice) <= 1
