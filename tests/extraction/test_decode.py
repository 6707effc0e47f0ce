"""Values that bind each other are chosen together."""

from collections.abc import Mapping
from dataclasses import replace
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
    if tax <= net * Decimal("0.4"):
        assert all(choice.adds_up for choice in choices.values())
        assert len(choices) == 3


@pytest.mark.law
@given(
    st.integers(min_value=100, max_value=10**7),
    st.integers(min_value=1, max_value=30),
    st.lists(st.integers(min_value=1, max_value=10**7), max_size=4),
)
def test_totals_that_add_up_are_taken_when_they_are_nearly_as_likely(net: int, rate: int, others: list[int]) -> None:
    tax = max(round(net * rate / 100), 1)
    truth = {"total_without_vat": net, "total_vat": tax, "total_with_vat": net + tax}
    scored = {
        field: (*(amount(cents(other), 1.1) for other in others if other != value), amount(cents(value), 1.0))
        for field, value in truth.items()
    }
    choices = decode(scored)
    assert choices["total_with_vat"].adds_up


def cents(value: int) -> str:
    return str(Decimal(value) / 100)


def test_a_total_whose_rival_adds_up_as_well_is_less_sure() -> None:
    alone = {
        "total_without_vat": (amount("100", 2.0),),
        "total_vat": (amount("19", 2.0),),
        "total_with_vat": (amount("119", 2.0),),
    }
    rivalled = {
        **alone,
        "total_with_vat": (amount("119", 2.0), amount("117", 1.9)),
        "total_vat": (amount("19", 2.0), amount("17", 1.9)),
    }
    assert decode(rivalled)["total_with_vat"].margin < decode(alone)["total_with_vat"].margin


def test_two_equal_amounts_are_no_net_total_and_tax() -> None:
    scored = {
        "total_without_vat": (amount("220", 2.0),),
        "total_vat": (amount("220", -1.5),),
        "total_with_vat": (amount("220", 2.5), amount("440", 1.0)),
    }
    assert chosen(scored)["total_with_vat"] == "220"


def test_keywords_and_trees_that_disagree_say_so() -> None:
    first, second = amount("4711", 3.0, kind="id"), amount("4712", 1.0, kind="id")
    torn = (replace(first, by_keywords=0.0), replace(second, by_keywords=2.0))
    agreed = (replace(first, by_keywords=1.5), replace(second, by_keywords=0.5))
    assert not decode({"invoice_number": torn})["invoice_number"].unanimous
    assert decode({"invoice_number": agreed})["invoice_number"].unanimous


def name(value: str, log_odds: float, *, line: int, left: float = 40, size: float = 9) -> Scored:
    top = 40 + 14.0 * line
    box = Box(left, top, left + 5 * len(value), top + size)
    candidate = Candidate(kind="name", value=value, start=10 * line, end=10 * line + 2, page=1, row=line, box=box)
    return Scored(candidate=candidate, log_odds=log_odds)


def test_seller_and_buyer_are_chosen_together_and_are_not_one_company() -> None:
    ranking = (name("Adler Papier GmbH", 3.0, line=0), name("Muster Laden AG", 1.0, line=20))
    better = (name("Adler Papier GmbH", 2.0, line=0), name("Muster Laden AG", 1.8, line=20))
    assert chosen({"seller_name": ranking, "buyer_name": better}) == {
        "seller_name": "Adler Papier GmbH",
        "buyer_name": "Muster Laden AG",
    }


def test_one_company_written_twice_is_not_both_parties() -> None:
    seller = (name("Adler Papier GmbH", 3.0, line=0),)
    buyer = (name("Adler Papier", 1.0, line=30), name("Muster Laden AG", 0.5, line=20))
    assert chosen({"seller_name": seller, "buyer_name": buyer})["buyer_name"] == "Muster Laden AG"


def test_two_lines_of_one_block_are_rather_not_two_parties() -> None:
    seller = (name("Adler Papier GmbH", 3.0, line=0),)
    buyer = (name("Abteilung Einkauf", 1.0, line=1), name("Muster Laden AG", 0.5, line=20))
    assert chosen({"seller_name": seller, "buyer_name": buyer})["buyer_name"] == "Muster Laden AG"


def test_a_small_senders_line_right_over_the_buyer_keeps_both() -> None:
    seller, buyer = (name("Adler Papier GmbH", 3.0, line=0, size=6),), (name("Muster Laden AG", 1.0, line=1),)
    assert len(chosen({"seller_name": seller, "buyer_name": buyer})) == 2


@pytest.mark.law
@given(
    sellers=st.lists(st.tuples(st.integers(0, 9), st.floats(-2, 8)), min_size=1, max_size=8),
    buyers=st.lists(st.tuples(st.integers(0, 9), st.floats(-2, 8)), min_size=1, max_size=8),
)
def test_seller_and_buyer_are_never_the_same(sellers: list[tuple[int, float]], buyers: list[tuple[int, float]]) -> None:
    scored = {
        field: tuple(sorted((name(f"Firma {n}", odds, line=3 * n) for n, odds in drawn), key=lambda s: -s.log_odds))
        for field, drawn in (("seller_name", sellers), ("buyer_name", buyers))
    }
    found = chosen(scored)
    assert found.get("seller_name") != found.get("buyer_name")
