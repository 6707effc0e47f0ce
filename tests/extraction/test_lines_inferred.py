"""Tables of houses never seen: without known headings, in any order of columns, over pages, with carried sums."""

import time
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Reading
from extraction.labels import find_labels
from extraction.layout import lay_out
from extraction.lines_items import number_of
from extraction.lines_reading import Lines, find_lines
from extraction.values import settle_locale
from tests.extraction.printed_tables import Goods, Look, print_table, some_goods

COLUMNS = ("line_id", "description", "quantity", "unit", "unit_price", "line_net_amount")
FIGURES = ("quantity", "unit_price", "line_net_amount")
Figures = list[tuple[Decimal | None, ...]]


def lines_of(reading: Reading) -> Lines:
    layout = lay_out(reading)
    locale = settle_locale([word.text for word in layout.words], language="de")
    return find_lines(layout, find_labels(layout), locale)


def read_back(lines: Lines) -> Figures:
    return [tuple(number_of(item, lines.roles, name) for name in FIGURES) for item in lines.items]


def printed(goods: list[Goods]) -> Figures:
    return [(one.quantity, one.price, one.net) for one in goods]


@pytest.mark.law
@given(
    seed=st.integers(0, 10**6),
    columns=st.permutations(("line_id", "seller_item_id", "description", "tax_rate", *FIGURES)),
    wrap=st.sampled_from(("none", "below", "above")),
    carried=st.booleans(),
    rows_a_page=st.sampled_from((5, 30)),
)
def test_a_table_is_read_back_exactly_in_whatever_order_its_columns_stand(
    seed: int, columns: list[str], wrap: str, carried: bool, rows_a_page: int
) -> None:
    rng = Random(seed)
    goods = some_goods(rng, rng.randrange(1, 14))
    look = Look(columns=tuple(columns), wrap=wrap, carried=carried, rows_a_page=rows_a_page)
    assert read_back(lines_of(print_table(goods, look))) == printed(goods)


@pytest.mark.law
@given(
    seed=st.integers(0, 10**6),
    headings=st.sampled_from(("strange", "none")),
    wrap=st.sampled_from(("none", "below", "above")),
    unit_in_quantity=st.booleans(),
    comma=st.booleans(),
)
def test_a_table_whose_headings_nobody_knows_is_read_back_by_its_arithmetic(
    seed: int, headings: str, wrap: str, unit_in_quantity: bool, comma: bool
) -> None:
    rng = Random(seed)
    goods = some_goods(rng, rng.randrange(3, 14))
    look = Look(headings=headings, wrap=wrap, unit_in_quantity=unit_in_quantity, comma=comma)
    lines = lines_of(print_table(goods, look))
    assert read_back(lines) == printed(goods)
    assert lines.inferred


def test_sub_totals_and_group_headings_are_not_lines() -> None:
    goods = some_goods(Random(3), 9)
    lines = lines_of(print_table(goods, Look(group_every=3, subtotals=True)))
    assert read_back(lines) == printed(goods)
    assert lines.adds_up_to == "net"


def test_carried_sums_over_pages_without_headings_are_not_lines() -> None:
    goods = some_goods(Random(4), 20)
    look = Look(headings="none", carried=True, repeat_heading=False, rows_a_page=6)
    assert read_back(lines_of(print_table(goods, look))) == printed(goods)


def test_of_a_net_and_a_gross_column_the_one_that_multiplies_out_is_taken() -> None:
    goods = some_goods(Random(5), 6)
    look = Look(columns=(*COLUMNS, "gross_amount"), headings="strange")
    assert read_back(lines_of(print_table(goods, look))) == printed(goods)


def test_discounts_in_a_column_explain_the_amounts() -> None:
    goods = some_goods(Random(6), 8, discounts=True)
    columns = ("description", "quantity", "unit_price", "discount", "line_net_amount")
    for headings in ("known", "none"):
        assert read_back(lines_of(print_table(goods, Look(columns=columns, headings=headings)))) == printed(goods)


def test_negative_lines_count() -> None:
    goods = some_goods(Random(8), 10, negative=True)
    assert any(one.net < 0 for one in goods)
    assert read_back(lines_of(print_table(goods, Look(headings="none")))) == printed(goods)


def test_freight_between_lines_and_total_is_no_line_and_explains_the_sum() -> None:
    goods = some_goods(Random(9), 5)
    lines = lines_of(print_table(goods, Look(charge=Decimal("6.90"))))
    assert read_back(lines) == printed(goods)
    assert lines.adds_up_to == "net"


def test_one_line_is_enough_when_it_multiplies_out() -> None:
    goods = [replace(some_goods(Random(10), 1)[0], quantity=Decimal(7), price=Decimal("3.15"), net=Decimal("22.05"))]
    assert read_back(lines_of(print_table(goods, Look(headings="none")))) == printed(goods)


@pytest.mark.parametrize("headings", ["known", "none"])
def test_time_grows_with_the_lines_and_no_faster(headings: str) -> None:
    def seconds(count: int) -> float:
        reading = print_table(some_goods(Random(1), count), Look(headings=headings, wrap="below", rows_a_page=25))
        layout = lay_out(reading)
        labels, locale = find_labels(layout), settle_locale(["1,00"])
        started = time.process_time()
        assert len(find_lines(layout, labels, locale).items) == count
        return time.process_time() - started

    seconds(20)
    small, large = seconds(75), seconds(300)
    assert large < 8 * small + 0.5
    assert large < 4
