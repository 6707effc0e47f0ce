"""Money, identifiers and canonical JSON."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, instant_from_text, instant_text, sha256_of
from core.decisions import Outcome, highest
from core.errors import InputError, NotFoundError
from core.ids import new_id
from core.money import exact_sum, minor_units, plain, round_amount, rounding_allowance, to_decimal

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("1.005", "EUR", "1.01"), ("-1.005", "EUR", "-1.01"), ("0.5", "JPY", "1"), ("1.2345", "KWD", "1.235")],
)
def test_amounts_round_half_away_from_zero_to_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert str(round_amount(Decimal(amount), currency)) == rounded


def test_minor_units_are_those_of_iso_4217() -> None:
    assert [minor_units(code) for code in ("EUR", "USD", "JPY", "BHD")] == [2, 2, 0, 3]


def test_half_a_unit_is_allowed_for_each_rounding() -> None:
    assert rounding_allowance(3, "EUR") == Decimal("0.015")


@pytest.mark.parametrize("text", ["", "12,5", "NaN", "Infinity", "1e", "١٢a"])
def test_what_is_no_number_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InputError) as refused:
        to_decimal(text)
    assert refused.value.code == "MONEY-NOT-A-NUMBER"


@pytest.mark.law
@given(st.lists(amounts | amounts.map(lambda amount: amount / 12), max_size=20))
def test_a_sum_does_not_depend_on_the_order_of_its_parts(parts: list[Decimal]) -> None:
    assert exact_sum(parts) == exact_sum(sorted(parts)) == exact_sum(sorted(parts, reverse=True))


@pytest.mark.law
@given(amounts)
def test_plain_writes_the_same_number_without_exponent(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert "E" not in plain(amount)


@pytest.mark.law
@given(amounts)
def test_equal_amounts_have_one_canonical_form(amount: Decimal) -> None:
    assert sha256_of({"amount": amount}) == sha256_of({"amount": amount * Decimal("1.000")})


@pytest.mark.law
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-12, 12))
def test_an_instant_is_written_the_same_from_every_time_zone(instant: datetime, hours: int) -> None:
    low, high = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
    instant = min(max(instant, low), high)
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    assert instant_from_text(instant_text(elsewhere)) == instant


def test_canonical_json_is_sorted_and_plain() -> None:
    assert canonical_json({"b": (1, None), "a": Outcome.HOLD}) == '{"a":"hold","b":[1,null]}'
    assert json.loads(canonical_json({"é": {"y", "x"}})) == {"é": ["x", "y"]}


def test_a_value_without_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json({"x": object()})


@pytest.mark.law
@given(st.lists(st.sampled_from(Outcome)))
def test_the_join_of_outcomes_is_the_strictest(outcomes: list[Outcome]) -> None:
    assert highest(*outcomes).rank == max((outcome.rank for outcome in outcomes), default=0)


def test_identifiers_sort_by_age_and_never_repeat() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert new_id("doc", early) < new_id("doc", late)
    assert len({new_id("doc", early) for _ in range(1000)}) == 1000


def test_an_error_keeps_its_code_and_remedy_across_processes() -> None:
    import pickle

    error = NotFoundError("CASE-NOT-FOUND", "There is no case x.", "Look in the queue.")
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.message, again.remedy) == (error.code, error.message, error.remedy)
    assert isinstance(again, NotFoundError)
