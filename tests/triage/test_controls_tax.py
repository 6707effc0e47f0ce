"""VAT rates by country and day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.decisions import Outcome
from tests.triage.builders import (
    VAT_ID,
    codes,
    credit_note,
    facts,
    order,
    order_line,
    paper,
    paper_line,
    policy,
    supplier,
    the,
)
from tests.triage.examples import finds, spares
from triage.facts import Facts, TaxGroup
from triage.vat_rates import country_of_vat_id, valid_rates

FRENCH, IRISH = "FR83404833048", "IE6388047V"


def billed_at(rate: str | int, on: date, *, ordered: str | int | None = None, **header: Any) -> Facts:
    """An invoice at a VAT rate, delivered on a day; its order has the same rate unless another is given."""
    line = paper_line(1, 100, "3.95", tax_rate=Decimal(rate))
    net = line.line_net_amount or Decimal(0)
    vat = (net * Decimal(rate) / 100).quantize(Decimal("0.01"))
    values: dict[str, Any] = {
        "issue_date": on,
        "delivery_date": on,
        "due_date": None,
        "total_vat": vat,
        "total_with_vat": net + vat,
        "tax_breakdown": (TaxGroup(rate=Decimal(rate), taxable_amount=net, tax_amount=vat),),
    }
    the_order = order(ordered_at=datetime(on.year, on.month, on.day, tzinfo=UTC))
    as_of = datetime(on.year, on.month, min(on.day + 3, 28), tzinfo=UTC)
    line_rate = Decimal(rate if ordered is None else ordered)
    return facts(
        paper((line,), **{**values, **header}),
        orders=(the_order,),
        order_lines=(order_line(1, 100, "3.95", tax_rate=line_rate),),
        as_of=as_of,
    )


@finds("TAX-RATE")
def test_german_invoice_of_late_2020_at_19_percent_is_held() -> None:
    found = the("TAX-RATE", billed_at(19, date(2020, 10, 1)))
    assert found.outcome is Outcome.HOLD
    assert found.message == "19 % is no VAT rate of DE on 2020-10-01: 16 % or 5 %."
    assert found.difference == "3 %"
    assert found.at_risk_amount == "11.85"


@spares("TAX-RATE")
@pytest.mark.parametrize(
    ("rate", "on"),
    [
        (16, date(2020, 7, 1)),
        (16, date(2020, 12, 31)),
        (5, date(2020, 10, 1)),
        (19, date(2020, 6, 30)),
        (19, date(2021, 1, 1)),
        (7, date(2026, 11, 18)),
    ],
)
def test_german_rates_are_valid_on_their_days(rate: int, on: date) -> None:
    assert "TAX-RATE" not in codes(billed_at(rate, on))


def test_day_of_delivery_counts_not_of_the_invoice() -> None:
    late = billed_at(16, date(2020, 12, 30), issue_date=date(2021, 1, 8))
    assert "TAX-RATE" not in codes(late)
    wrong = billed_at(19, date(2020, 12, 30), issue_date=date(2021, 1, 8))
    assert "TAX-RATE" in codes(wrong)


@spares("TAX-RATE")
def test_rate_that_the_law_changed_after_the_order_is_not_the_orders_any_more() -> None:
    assert "TAX-RATE" not in codes(billed_at(16, date(2020, 7, 15), ordered=19))


@finds("TAX-RATE")
def test_rate_that_is_lawful_and_not_the_orders_is_held() -> None:
    found = the("TAX-RATE", billed_at(7, date(2026, 11, 18), ordered=19))
    assert "order 4500012 line 1 has 19 %" in found.message


@pytest.mark.parametrize(
    ("vat_id", "country", "rate", "is_valid"),
    [
        (FRENCH, "FR", "5.5", True),
        (FRENCH, "FR", "19", False),
        (IRISH, "IE", "23", True),
        (IRISH, "IE", "13.5", True),
        ("EL094259216", "GR", "24", True),
        ("EL094259216", "GR", "23", False),
        ("CHE-123.456.788", "CH", "8.1", True),
        ("CHE-123.456.788", "CH", "7.7", False),
        ("GB 980780684", "GB", "0", True),
        ("FI20774740", "FI", "25.5", True),
        ("FI20774740", "FI", "24", False),
    ],
)
def test_each_country_has_its_rates(vat_id: str, country: str, rate: str, is_valid: bool) -> None:
    here = billed_at(rate, date(2026, 2, 2), seller_vat_id=vat_id, buyer_vat_id=vat_id)
    here = replace(here, supplier=supplier(country=country, vat_id=vat_id))
    assert ("TAX-RATE" not in codes(here)) is is_valid


@spares("TAX-RATE")
@pytest.mark.parametrize("country", ["US", "XX", None])
def test_country_nobody_knows_rates_of_is_not_judged(country: str | None) -> None:
    here = billed_at("8.875", date(2026, 2, 2), seller_vat_id="12-3456789")
    assert "TAX-RATE" not in codes(replace(here, supplier=supplier(country=country, vat_id=None)))


@spares("TAX-RATE")
def test_day_before_the_rates_are_known_is_not_judged() -> None:
    assert "TAX-RATE" not in codes(billed_at(16, date(2006, 5, 2)))


@spares("TAX-RATE")
def test_no_vat_to_a_buyer_of_another_country_is_no_error() -> None:
    here = billed_at(0, date(2022, 5, 2), ordered=0, buyer_vat_id=FRENCH)
    assert "TAX-RATE" not in codes(here)


@finds("TAX-RATE")
def test_no_vat_to_a_buyer_of_the_same_country_needs_a_reason() -> None:
    here = billed_at(0, date(2022, 5, 2), buyer_vat_id=VAT_ID)
    without = replace(here, order_lines=(replace(here.order_lines[0], tax_rate=None),))
    found = the("TAX-RATE", without)
    assert found.message.endswith("Nothing on the paper or the order says why there is none.")
    assert "TAX-RATE" not in codes(here), "the order says 0 % too"


@spares("TAX-RATE")
def test_credit_note_may_take_back_tax_of_a_rate_that_has_ended() -> None:
    here = billed_at(16, date(2020, 12, 20))
    credit = replace(credit_note((here.paper.lines[0],)), issue_date=date(2021, 2, 1), delivery_date=None)
    credit = replace(credit, total_vat=here.paper.total_vat, total_with_vat=here.paper.total_with_vat)
    credit = replace(credit, tax_breakdown=here.paper.tax_breakdown)
    assert "TAX-RATE" not in codes(replace(here, paper=credit, as_of=datetime(2021, 2, 3, tzinfo=UTC)))


def test_rate_on_lines_and_in_the_breakdown_is_one_finding() -> None:
    assert the("TAX-RATE", billed_at(21, date(2026, 2, 2))).subject == "VAT at 21 %"


def test_vat_id_says_its_country() -> None:
    assert country_of_vat_id("EL 094259216") == "GR"
    assert country_of_vat_id("XI123") == "GB"
    assert country_of_vat_id("12345") is None
    assert country_of_vat_id(None) is None


def test_every_standard_rate_of_today_is_in_the_policy() -> None:
    today = date(2026, 11, 23)
    highest = {
        country: max(valid_rates(policy().vat_rates, country, (today, today)) or [Decimal(-1)])
        for country in policy().vat_rates
    }
    assert {country: str(rate) for country, rate in highest.items()} == {
        "AT": "20", "BE": "21", "CH": "8.1", "CZ": "21", "DE": "19", "DK": "25", "ES": "21", "FI": "25.5", "FR": "20",
        "GB": "20", "GR": "24", "HU": "27", "IE": "23", "IT": "22", "LU": "17", "NL": "21", "NO": "25", "PL": "23",
        "PT": "23", "SE": "25", "SK": "23",
    }  # fmt: skip
