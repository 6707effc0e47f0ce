"""Values that bind each other are chosen together."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Box
from extraction.candidates import Candidate
from extraction.decode import decode
from extraction.scorer import Scored


def amount(value: str, log_odds: float, *, kind: str = "amount") -> Scored:
    candidate = Candidate(
        kind=kind,
        value=value,
        start=0,
        end=1,
        page=1,
        row=0,
        box=Box(0, 0, 1, 1),
        number=Decimal(value) if kind == "amount" else None,
    )
    return Scored(candidate=candidate, log_odds=log_odds)


def chosen(scored: Mapping[str, tuple[Scored, ...]]) -> dict[str, str]:
    return {field: choice.candidate.value for field, choice in decode(scored).items()}


def test_totals_that_add_up_beat_a_likelier_one_that_does_not() -> None:
    scored = {
        "total_without_vat": (amount("90", 2.0), amount("100", 1.5)),
        "total_vat": (amount("19", 2.0),),
        "total_with_vat": (amount("119", 3.0),),
    }
    assert chosen(scored) == {"total_without_vat": "100", "total_vat": "19", "total_with_vat": "119"}


def test_what_was_paid_before_explains_what_is_due() -> None:
    scored = {
        "total_with_vat": (amount("119", 3.0),),
        "amount_due": (amount("119", 1.0), amount("69", 0.8)),
        "prepaid_amount": (amount("50", 1.0),),
    }
    assert chosen(scored) == {"total_with_vat": "119", "amount_due": "69", "prepaid_amount": "50"}


def test_an_unlikely_value_is_left_out() -> None:
    assert chosen({"invoice_number": (amount("A1", -6.0, kind="id"),)}) == {}


def test_one_identifier_is_not_two_numbers_at_once() -> None:
    scored = {
        "invoice_number": (amount("4711", 3.0, kind="id"), amount("99", -4.0, kind="id")),
        "purchase_order_reference": (amount("4711", 1.0, kind="id"), amount("4500", 0.5, kind="id")),
    }
    assert chosen(scored) == {"invoice_number": "4711", "purchase_order_reference": "4500"}


def test_rivals_lower_the_margin() -> None:
    alone = decode({"invoice_number": (amount("4711", 3.0, kind="id"),)})["invoice_number"]
    contested = decode({"invoice_number": (amount("4711", 3.0, kind="id"), amount("4712", 2.5, kind="id"))})[
        "invoice_number"
    ]
    assert contested.margin < alone.margin
    assert (alone.rivals, contested.rivals) == (0, 1)


@pytest.mark.law
@given(
    st.decimals(min_value="0.01", max_value=10**6, places=2), st.decimals(min_value="0.01", max_value=10**5, places=2)
)
def test_a_choice_that_adds_up_says_so(net: Decimal, tax: Decimal) -> None:
    scored = {
        "total_without_vat": (amount(str(net), 1.0),),
        "total_vat": (amount(str(tax), 1.0),),
        "total_with_vat": (amount(str(net + tax), 1.0),),
    }
    choices = decode(scored)
    assert all(choice.adds_up for choice in choices.values())
    assert len(choices) == 3
