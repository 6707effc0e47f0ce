"""When a value counts as right: the definitions every accuracy figure rests on."""

from datetime import date
from decimal import Decimal

from extraction.agreement import agrees, dates_in, is_visible, line_agrees, numbers_in
from extraction.values import squeeze


def test_amounts_are_right_within_half_a_cent() -> None:
    assert agrees("total_with_vat", "100.004", "100")
    assert not agrees("total_with_vat", "100.01", "100")
    assert not agrees("total_with_vat", "abc", "100")


def test_identifiers_are_right_by_letters_and_digits() -> None:
    assert agrees("invoice_number", "RE-2026/0034", "re 2026 0034")
    assert not agrees("invoice_number", "RE-2026/0035", "RE-2026/0034")


def test_a_name_may_be_longer_by_a_little() -> None:
    assert agrees("seller_name", "Lieferant GmbH", "LIEFERANT GMBH")
    assert agrees("seller_name", "Muster Handels GmbH & Co. KG", "Muster Handels GmbH")
    assert not agrees("seller_name", "Muster", "Muster Handels GmbH & Co. KG")


def test_addresses_are_right_when_much_alike() -> None:
    assert agrees("seller_address", "Hafenstraße 1, 20457 Hamburg", "HAFENSTRASSE 1 20457 Hamburg")
    assert not agrees("seller_address", "Hafenstraße 1, 20457 Hamburg", "Am Alten Markt 99, 50667 Köln")


def test_a_line_is_right_when_all_three_figures_are() -> None:
    wanted = {"quantity": "3", "unit_price": "2.50", "line_net_amount": "7.50"}
    assert line_agrees({"quantity": "3", "unit_price": "2.5", "line_net_amount": "7.5"}, wanted)
    assert not line_agrees({"quantity": "3", "line_net_amount": "7.5"}, wanted)


def test_only_what_can_be_seen_counts() -> None:
    words = ["Rechnung", "Nr.", "471102", "vom", "5.", "März", "2018", "1.234,56"]
    text, numbers, dates = squeeze("".join(words)), numbers_in(words), dates_in(words)
    assert Decimal("1234.56") in numbers
    assert date(2018, 3, 5) in dates
    assert is_visible("total_with_vat", "1234.56", text, numbers, dates)
    assert is_visible("issue_date", "2018-03-05", text, numbers, dates)
    assert not is_visible("invoice_number", "471103", text, numbers, dates)
