"""Values as a person reads them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_api.percents import percent
from review_api.presenting import reader_of
from review_api.words import field_label

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GERMAN, ENGLISH, SWISS = (reader_of(tag, NOW) for tag in ("de-DE,de;q=0.9", "en-GB", "de-CH"))


def test_amounts_are_written_as_the_reader_writes_them() -> None:
    assert GERMAN.money(Decimal(12480), "EUR") == "12.480,00\u00a0€"
    assert ENGLISH.money(Decimal(12480), "EUR") == "12,480.00\u00a0€"
    assert SWISS.money(Decimal("-3.5"), "CHF") == "-3.50\u00a0CHF"


def test_an_amount_has_the_decimals_of_its_currency() -> None:
    assert ENGLISH.money(Decimal(1200), "JPY").startswith("1,200\u00a0")
    assert ENGLISH.money(Decimal("1.5"), "KWD").startswith("1.500\u00a0")


def test_at_stake_is_in_whole_units_and_nothing_is_a_dash() -> None:
    assert ENGLISH.stake(Decimal("12480.49"), "EUR") == "12,480\u00a0€"
    assert ENGLISH.stake(Decimal("0.45"), "EUR") == "0.45\u00a0€"
    assert ENGLISH.stake(Decimal(0), "EUR") == "–"


def test_a_year_is_always_written_in_full() -> None:
    assert GERMAN.day(date(2026, 2, 1)) == "01.02.2026"
    assert ENGLISH.day(date(2026, 2, 1)) == "01/02/2026"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(minutes=20), "20 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=10), "today"),
        (timedelta(days=3), "3 d"),
        (timedelta(hours=-5), "5 h over"),
        (timedelta(days=-2), "2 d over"),
    ],
)
def test_due_is_a_span(left: timedelta, said: str) -> None:
    assert ENGLISH.span(NOW + left) == said


@pytest.mark.parametrize("tag", ["", "*", "xx-YY", "tlh", "../../etc", "en-GB-oed;q=0.1,,;", "de-" + "x" * 500])
def test_whatever_a_browser_prefers_there_is_a_locale(tag: str) -> None:
    assert reader_of(tag, NOW).money(Decimal(1), "EUR")


def test_a_value_that_is_not_of_its_type_is_shown_as_it_is() -> None:
    assert ENGLISH.value("total_with_vat", "about 100", "EUR") == "about 100"
    assert ENGLISH.value("due_date", "soon", None) == "soon"


def test_an_account_is_read_in_groups_of_four() -> None:
    assert ENGLISH.value("payment_iban", "DE02120300000000202051", None) == "DE02 1203 0000 0000 2020 51"


def test_fields_have_names_in_words() -> None:
    assert [field_label(name) for name in ("invoice_number", "total_with_vat", "seller_vat_id", "payment_iban")] == [
        "Invoice number",
        "Total with VAT",
        "Seller VAT id",
        "Payment IBAN",
    ]


@pytest.mark.law
@given(st.floats(min_value=0, max_value=1))
def test_only_certainty_is_a_hundred(confidence: float) -> None:
    assert (percent(confidence) == 100) is (confidence == 1)


@pytest.mark.law
@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_no_digit_of_an_amount_is_lost(amount: Decimal) -> None:
    said = ENGLISH.money(amount, "EUR").replace(",", "").removesuffix("\u00a0€")
    assert Decimal(said) == amount
