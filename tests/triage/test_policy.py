"""The policy file: what is accepted, what is refused and how, and which tolerance wins."""

from decimal import Decimal
from typing import Any

import pytest

from core.errors import InputError
from tests.triage.builders import DEFAULT_POLICY, policy, tolerance, with_override
from triage.policy import Override, Policy, load_policy

TEXT = DEFAULT_POLICY.read_text()
OVERRIDE = """
[[overrides]]
item_id = "A"
[overrides.tolerances.quantity]
upper_pct = 5
upper_amount = { EUR = 10, JPY = 1500 }
lower_pct = "unlimited"
lower_amount = "unlimited"
"""


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        load_policy(text)
    assert caught.value.code == "POLICY-INVALID"
    return caught.value


def line_number(needle: str, text: str = TEXT) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if needle in line)


def test_policy_that_comes_with_it_is_valid_and_has_a_stable_hash() -> None:
    assert load_policy(TEXT).hash == load_policy(TEXT + "\n# a comment\n").hash
    assert load_policy(TEXT.replace("default = 0.7", "default = 0.71")).hash != load_policy(TEXT).hash
    assert load_policy(TEXT.replace("hourly_cost = 40", "hourly_cost = 40.0")).hash == load_policy(TEXT).hash


def test_missing_limit_is_refused_with_table_line_and_remedy_never_read_as_unlimited() -> None:
    refused = refusal(TEXT.replace("upper_pct = 2\n", "", 1))
    assert (
        f"line {line_number('[tolerances.price_unit]')}, tolerances.price_unit.upper_pct is missing" in refused.message
    )
    assert "0 allows nothing" in refused.remedy


def test_missing_tolerance_is_refused() -> None:
    start = TEXT.index("[tolerances.charge]")
    end = TEXT.index("[tolerances.ship_over]")
    assert "charge" in refusal(TEXT[:start] + TEXT[end:]).message


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("default = 0.7\n", 'default = "high"\n', "confidence.default: input should be a number"),
        ("default = 0.7\n", "default = 1.7\n", "confidence.default"),
        ("lower_pct = 20\n", "lower_pct = -1\n", "tolerances.price_unit.lower_pct"),
        ("horizon_days = 14", "horizon_dayz = 14", "priority.horizon_dayz is not a key of the policy"),
        ("receipt_required = true", 'receipt_required = "yes"', "receipt_required"),
        ("suppliers = 48\n", "", "freshness_hours lack suppliers"),
        ("block = 0.9\n", "", "priority.weights needs"),
        ("[documents.receipt]", "[documents.letter]", "documents.letter"),
        ("cool_off_days = 10\n", "", "bank_changes.cool_off_days is missing"),
        ("cool_off_days = 10\n", "cool_off_days = 400\n", "bank_changes.cool_off_days"),
        ("window_days = 3\n", "window_days = 30\n", "split.window_days"),
        ('limit_of = "touchless"', 'limit_of = "nobody"', "split.limit_of, 'nobody', is no role in approval_limits"),
        ('order_void = ["cancelled", "canceled", "deleted", "rejected"]\n', "", "statuses.order_void is missing"),
        (
            "valid_to = 2020-12-31, rates = [16, 5]",
            "valid_to = 2021-02-28, rates = [16, 5]",
            "vat_rates.DE has periods",
        ),
        ("valid_to = 2020-12-31, rates = [16, 5]", "valid_to = 2020-01-31, rates = [16, 5]", "is before valid_from"),
        ("valid_to = 2020-12-31, rates = [16, 5]", "rates = [16, 5]", "vat_rates.DE[1].valid_to is missing"),
        ("valid_to = 2020-12-31, rates = [16, 5]", 'valid_to = "soon", rates = [16, 5]', "vat_rates.DE[1].valid_to"),
        ("rates = [16, 5]", "rates = [160, 5]", "vat_rates.DE[1].rates[0]"),
    ],
)
def test_wrong_value_is_refused_by_its_key(right: str, wrong: str, said: str) -> None:
    assert right in TEXT
    assert said in refusal(TEXT.replace(right, wrong, 1)).message


UNIT = "upper_pct = 2\nupper_amount = 5\n"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("upper_pct = true\nupper_amount = 5\n", "upper_pct: input should be a number"),
        ("upper_pct = inf\nupper_amount = 5\n", "upper_pct: input should be a finite number"),
        ("upper_pct = nan\nupper_amount = 5\n", "upper_pct: input should be a finite number"),
        ('upper_pct = "2"\nupper_amount = 5\n', "upper_pct: input should be a number"),
        ('upper_pct = "unlimted"\nupper_amount = 5\n', "upper_pct: input should be a number"),
        ("upper_pct = [2]\nupper_amount = 5\n", "upper_pct: input should be a number"),
        ("upper_pct = 2026-01-01\nupper_amount = 5\n", "upper_pct: input should be a number"),
        ("upper_pct = 2\nupper_amount = -5\n", "upper_amount.other: input should be greater than or equal to 0"),
        (
            "upper_pct = 2\nupper_amount = { EUR = -5 }\n",
            "upper_amount.EUR: input should be greater than or equal to 0",
        ),
        ("upper_pct = 2\nupper_amount = {}\n", "upper_amount: "),
        ("upper_pct = 2\nupper_amount = { EURO = 5 }\n", "upper_amount.EURO: no currency of ISO 4217 is called EURO"),
        ("upper_pct = 2\nupper_amount = { eur = 5 }\n", "upper_amount.eur: no currency of ISO 4217 is called eur"),
        ("upper_pct = 2\n", "upper_amount is missing"),
    ],
)
def test_limit_that_is_none_is_refused_with_its_line(limits: str, said: str) -> None:
    text = TEXT.replace(UNIT, limits, 1)
    first = line_number("[tolerances.price_unit]", text)
    refused = refusal(text)
    assert f"tolerances.price_unit.{said}" in refused.message
    assert any(f"line {first + below}, " in refused.message for below in (0, 1, 2))
    assert "tolerances.price_unit" in refused.remedy


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("ap_clerk = 10000", "ap_clerc = 10000", "approval_limits.ap_clerc: no role is called ap_clerc"),
        ('house_currency = "EUR"', 'house_currency = "EURO"', "house_currency: no currency"),
        ("GBP = 1.15", "POUND = 1.15", "priority.rates.POUND: no currency"),
        ('required = ["invoice_number"', 'required = ["invoice_numbr"', "no paper has a field 'invoice_numbr'"),
        ('required_lines = ["quantity"', 'required_lines = ["amount"', "no line of a paper has a field 'amount'"),
        ("future_days = 1\n", "future_days = 1.5\n", "dates.future_days: input should be a valid integer"),
        ("future_days = 1\n", "future_days = 99999999999999999999\n", "dates.future_days: input should be less than"),
        ("[dates]\n", "dates = 3\n[other_dates]\n", "other_dates is not a key of the policy"),
        ("default = 0.7\n", "default = 0.7\ndefault = 0.8\n", "Cannot overwrite a value (at line"),
        ("[dates]\n", "[dates]\n[dates]\n", "twice (at line"),
    ],
)
def test_word_that_means_nothing_and_key_written_twice_are_refused(right: str, wrong: str, said: str) -> None:
    assert right in TEXT
    refused = refusal(TEXT.replace(right, wrong, 1))
    assert said in refused.message and refused.remedy


@pytest.mark.parametrize("text", ["", "\x00", "[", "a" * 10_000, "name = 1\nname = 1\n", "[[name]]\n"])
def test_text_that_is_no_policy_is_refused_and_never_crashes(text: str) -> None:
    assert refusal(text).remedy


def test_refusal_names_the_line_of_the_key() -> None:
    text = TEXT.replace("default = 0.7\n", 'default = "high"\n')
    assert f"line {line_number('default = ' + chr(34), text)}," in refusal(text).message


def test_refusal_names_the_line_of_a_period_of_vat_rates() -> None:
    text = TEXT.replace("rates = [16, 5]", "rates = [160, 5]")
    assert f"line {line_number('[160, 5]', text)}, vat_rates.DE[1].rates[0]" in refusal(text).message


def test_broken_toml_is_refused_with_its_line() -> None:
    assert "line 2" in refusal("name = 'x'\nfoo = = 1\n").message


def test_both_upper_limits_unlimited_is_refused() -> None:
    text = TEXT.replace("upper_pct = 2\nupper_amount = 5\n", 'upper_pct = "unlimited"\nupper_amount = "unlimited"\n')
    assert "both unlimited" in refusal(text).message


def test_two_overrides_for_the_same_are_refused() -> None:
    assert "two overrides" in refusal(TEXT + OVERRIDE + OVERRIDE).message


def test_override_about_nobody_is_refused() -> None:
    assert "overrides[0]" in refusal(TEXT + OVERRIDE.replace('item_id = "A"\n', "")).message


def test_incomplete_override_is_refused_on_its_own_line() -> None:
    text = TEXT + OVERRIDE + OVERRIDE.replace('"A"', '"B"').replace("upper_pct = 5\n", "")
    line = len(TEXT.splitlines()) + len(OVERRIDE.splitlines()) + 4
    assert f"line {line}, overrides[1].tolerances.quantity.upper_pct is missing" in refusal(text).message


def test_most_specific_override_wins() -> None:
    steps: tuple[dict[str, Any], ...] = (
        {"legal_entity": "L"},
        {"supplier_id": "S"},
        {"item_id": "A"},
        {"item_id": "A", "supplier_id": "S"},
    )
    rules, asked = policy(), {"item_id": "A", "supplier_id": "S", "legal_entity": "L"}
    assert rules.tolerance_for("quantity", **asked) == rules.tolerances["quantity"]
    for number, who in enumerate(steps, start=1):
        rules = with_override(Override(**who, tolerances={"quantity": tolerance(number)}), rules)
        assert rules.tolerance_for("quantity", **asked).upper_pct == number
    assert rules.tolerance_for("quantity", item_id="B", supplier_id="S", legal_entity="L").upper_pct == 2
    assert rules.tolerance_for("price_unit", **asked) == rules.tolerances["price_unit"]


def test_tighter_of_percent_and_amount_decides() -> None:
    limits = tolerance(2, 5)
    assert limits.over(Decimal(100), "EUR") == 2
    assert limits.over(Decimal(1000), "EUR") == 5
    assert tolerance(None, 5).over(Decimal(10), "EUR") == 5
    assert limits.under(Decimal(100), "EUR") is None


def test_zero_allows_nothing_and_the_limit_itself_is_allowed() -> None:
    assert not tolerance(0, 5).allows(Decimal("0.01"), Decimal(100), "EUR")
    assert tolerance(2, 5).allows(Decimal(2), Decimal(100), "EUR")
    assert not tolerance(2, 5).allows(Decimal("2.01"), Decimal(100), "EUR")


def test_amount_that_is_not_set_for_a_currency_allows_nothing() -> None:
    limits = load_policy(TEXT + OVERRIDE).tolerance_for("quantity", item_id="A")
    assert limits.over(Decimal(100_000), "JPY") == 1500
    assert limits.over(Decimal(100_000), "CHF") == 0


def test_role_without_a_limit_may_approve_nothing() -> None:
    rules = policy()
    assert rules.approval_limit("ap_clerk", "EUR") == 10_000
    assert rules.approval_limit("auditor", "EUR") == 0


def test_a_copy_with_other_values_has_another_hash() -> None:
    assert policy().hash != policy().model_copy(update={"receipt_required": False}).hash


def test_policy_survives_its_own_words() -> None:
    assert Policy.model_validate(policy().model_dump()).hash == policy().hash
