"""Printed text becomes typed values, under one locale for the whole document."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.values import (
    Locale,
    currency_code,
    iban_is_valid,
    iban_shape,
    parse_date,
    parse_number,
    settle_locale,
    squeeze,
    vat_is_valid,
    vat_shape,
)

GERMAN = Locale(decimal_mark=",", date_order="dmy", decimal_certain=True, date_certain=True)
ENGLISH = Locale(decimal_mark=".", date_order="dmy")


def test_grouped_amount_settles_the_decimal_mark_for_the_whole_document() -> None:
    locale = settle_locale(["1.234,56", "7.000"], language="en")
    assert locale.decimal_mark == ","
    assert parse_number("7.000", locale) is not None
    assert parse_number("7.000", locale).value == 7000  # type: ignore[union-attr]


def test_a_day_over_twelve_settles_the_order_of_all_dates() -> None:
    locale = settle_locale(["03/04/2026", "25/04/2026"], language="en")
    parsed = parse_date("03/04/2026", locale)
    assert parsed is not None
    assert (parsed.value, parsed.ambiguous) == (date(2026, 4, 3), False)


def test_american_month_first_is_seen_from_another_date() -> None:
    locale = settle_locale(["04/25/2026"], language="en", currency="USD")
    parsed = parse_date("03/04/2026", locale)
    assert parsed is not None
    assert parsed.value == date(2026, 3, 4)


def test_date_that_nothing_settles_is_marked_ambiguous() -> None:
    parsed = parse_date("03/04/2026", settle_locale(["03/04/2026"], language="en"))
    assert parsed is not None
    assert parsed.ambiguous


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234,50", "1234.50"),
        ("-9,07", "-9.07"),
        ("9,07-", "-9.07"),
        ("(9,07)", "-9.07"),
        ("€ 1.234,56", "1234.56"),
        ("529,87 EUR", "529.87"),
        ("12.50", "12.50"),
        ("3,3333", "3.3333"),
    ],
)
def test_amounts_are_read_as_printed(text: str, value: str) -> None:
    parsed = parse_number(text, GERMAN)
    assert parsed is not None
    assert parsed.value == Decimal(value)


@pytest.mark.parametrize("text", ["", "12a", "1.2.3", "1,23,45", "DE123", "12/2026"])
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert parse_number(text, GERMAN) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7. Mai 2014", date(2014, 5, 7)),
        ("August 3, 2014", date(2014, 8, 3)),
        ("02 Juillet 2015", date(2015, 7, 2)),
        ("19-Apr-2018", date(2018, 4, 19)),
        ("2018-06-05", date(2018, 6, 5)),
        ("5 de marzo de 2018", date(2018, 3, 5)),
        ("31.12.17", date(2017, 12, 31)),
        ("12 marca 2024", date(2024, 3, 12)),
        ("1 août 2024", date(2024, 8, 1)),
    ],
)
def test_dates_are_read_in_eight_languages(text: str, value: date) -> None:
    parsed = parse_date(text, ENGLISH)
    assert parsed is not None
    assert parsed.value == value


@pytest.mark.parametrize("text", ["31.02.2026", "2026", "12:30", "99/99/9999", "", "Mai"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, ENGLISH) is None


@pytest.mark.law
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2069, 12, 31)))
def test_any_date_written_in_full_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d} {day:%B} {day:%Y}"):
        parsed = parse_date(text, ENGLISH)
        assert parsed is not None
        assert parsed.value == day


@pytest.mark.law
@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([",", "."]))
def test_any_grouped_amount_is_read_back_under_its_own_mark(amount: Decimal, mark: str) -> None:
    printed = f"{amount:,.2f}"
    if mark == ",":
        printed = printed.translate(str.maketrans(",.", ".,"))
    parsed = parse_number(printed, Locale(decimal_mark=mark))
    assert parsed is not None
    assert parsed.value == amount


@pytest.mark.law
@given(st.dates(min_value=date(2000, 1, 13), max_value=date(2060, 1, 1)), st.integers(min_value=0, max_value=400))
def test_one_certain_date_makes_every_date_of_its_document_certain(day: date, later: int) -> None:
    certain = day.replace(day=min(day.day + 12, 28)) if day.day <= 12 else day
    other = certain + timedelta(days=later)
    locale = settle_locale([f"{certain:%d/%m/%Y}", f"{other:%d/%m/%Y}"], language="en")
    parsed = parse_date(f"{other:%d/%m/%Y}", locale)
    assert parsed is not None
    assert (parsed.value, parsed.ambiguous) == (other, False)


def test_check_digits_are_told_from_shape() -> None:
    assert iban_shape("DE30 5075 0094 0000 0485 67") == "DE30507500940000048567"
    assert iban_is_valid("DE30507500940000048567")
    assert not iban_is_valid("DE30507500940000048568")
    assert iban_shape("DE30 5075") is None
    assert vat_shape("DE 232 446 240") == "DE232446240"
    assert vat_is_valid("DE232446240")
    assert not vat_is_valid("DE123456789")
    assert vat_shape("Invoice") is None


def test_currencies_are_known_by_code_and_symbol() -> None:
    assert [currency_code(text) for text in ("EUR", "€", "RM", "£", "(USD)", "abc")] == [
        "EUR",
        "EUR",
        "MYR",
        "GBP",
        "USD",
        None,
    ]


def test_identifiers_compare_by_letters_and_digits() -> None:
    assert squeeze("RE-2026 / 0034") == squeeze("re20260034")
