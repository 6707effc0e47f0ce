"""The tax breakdown is read out of any layout, by what rate × base = tax leaves possible."""

import pytest

from extraction.bundle import keyword_bundle
from extraction.extract import extract
from tests.extraction.pages import Cells, page_of, reading_of

Rows = list[Cells | str | None]


def breakdown(rows: Rows) -> list[tuple[str | None, ...]]:
    extraction = extract(reading_of(page_of(rows)), bundle=keyword_bundle())
    names = ("rate", "taxable_amount", "tax_amount")
    return [tuple(row[name].value if name in row else None for name in names) for row in extraction.tax_breakdown]


TWO_RATES = [("19", "100", "19"), ("7", "50", "3.5")]
TOTALS: Rows = [[(300, "Summe netto"), (480, "150,00")], [(300, "Summe MwSt."), (480, "22,50")]]
GROSS: Rows = [[(300, "Gesamtbetrag"), (480, "172,50")]]


@pytest.mark.parametrize(
    "rows",
    [
        [
            [(40, "MwSt. 19 % auf"), (200, "100,00"), (300, "19,00")],
            [(40, "MwSt. 7 % auf"), (200, "50,00"), (300, "3,50")],
        ],
        [
            [(40, "MwSt. %"), (140, "Netto"), (240, "Steuer"), (340, "Brutto")],
            [(40, "19"), (140, "100,00"), (240, "19,00"), (340, "119,00")],
            [(40, "7"), (140, "50,00"), (240, "3,50"), (340, "53,50")],
        ],
        [
            [(40, "Netto"), (140, "MwSt. %"), (240, "Steuerbetrag")],
            [(40, "100,00 EUR"), (140, "19,00 %"), (240, "19,00 EUR")],
            [(40, "50,00 EUR"), (140, "7,00 %"), (240, "3,50 EUR")],
        ],
    ],
    ids=["sentences", "table with gross", "rate in the middle"],
)
def test_two_rates_are_read_in_every_layout(rows: Rows) -> None:
    assert breakdown([*rows, None, *TOTALS, *GROSS]) == TWO_RATES


def test_a_rate_beside_its_tax_alone_is_raised_on_the_net_total() -> None:
    rows: Rows = [[(300, "Net total"), (480, "100.00")], [(300, "VAT (20%)"), (480, "20.00")]]
    assert breakdown([*rows, [(300, "Total"), (480, "120.00")]]) == [("20", "100", "20")]


def test_a_rate_of_nought_is_read_where_words_say_tax() -> None:
    rows: Rows = [[(300, "Net total"), (480, "100.00")], [(300, "VAT 0 %"), (480, "0.00")]]
    assert breakdown([*rows, [(300, "Total"), (480, "100.00")]]) == [("0", "100", "0")]


def test_discounts_and_cash_terms_are_no_taxes() -> None:
    rows: Rows = [
        [(40, "abzgl. Rabatt 10 % von"), (240, "100,00"), (340, "-10,00")],
        [(300, "Summe netto"), (480, "90,00")],
        [(300, "zzgl. 19 % MwSt."), (480, "17,10")],
        [(300, "Gesamtbetrag"), (480, "107,10")],
        ["3 % Skonto auf 107,10 sind 3,21"][0],
    ]
    assert breakdown(rows) == [("19", "90", "17.1")]
