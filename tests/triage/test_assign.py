"""Assignment of paper lines to order lines: all of them together fit best."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product
from random import Random

from tests.triage.builders import PO, check, credit_note, facts, item, order, order_line, paper, paper_line, receipt
from triage.assign import Room, assign
from triage.candidates import Candidate
from triage.conversion import SAME
from triage.facts import BilledLine, Facts, PaperLine
from triage.match import pair_lines

Choice = dict[int, str]
ROOM = Room(ordered=Decimal(100), received=Decimal(100), credited=Decimal(100))


def chosen(here: Facts) -> Choice:
    return {pair.paper_line: pair.line_number for pair in pair_lines(here).pairs}


def candidate(index: int, to: str, score: int = 100, *, tier: int = 5, distance: str = "0") -> Candidate:
    return Candidate(
        tier=tier,
        score=score,
        distance=Decimal(distance),
        quantity=Decimal(100),
        conversion=SAME,
        line=PaperLine(index=index, description=f"line {index}"),
        order_line=order_line(1),
        key=(PO, to),
    )


def best_first(lines: list[list[Candidate]]) -> dict[int, str]:
    """What was done before: the best candidate of all first, order lines nobody took before those that are taken."""
    taken: dict[int, str] = {}
    ranked = sorted((at for line in lines for at in line), key=lambda at: (-at.score, at.distance, at.key))
    for may_share in (False, True):
        for at in ranked:
            if at.line.index not in taken and (may_share or at.key[1] not in taken.values()):
                taken[at.line.index] = at.key[1]
    return taken


def test_best_first_leaves_a_line_with_nothing_of_its_own_and_the_assignment_does_not() -> None:
    lines = [
        [candidate(1, "1", 95), candidate(1, "2", 94)],
        [candidate(2, "1", 94), candidate(2, "3", 93)],
        [candidate(3, "3", 99), candidate(3, "1", 90)],
    ]
    rooms = {(PO, number): ROOM for number in "123"}
    assert best_first(lines) == {1: "1", 3: "3", 2: "1"}
    assert {index: at.key[1] for index, at in assign(lines, rooms).items()} == {1: "2", 2: "1", 3: "3"}


def test_lines_for_one_item_go_where_their_quantities_and_prices_fit_together() -> None:
    orders = (order_line(1, 100, 4), replace(order_line(1, 60, "4.02"), line_number="2"))
    lines = (paper_line(1, 60, "4.01"), replace(paper_line(1, 100, "4.01"), index=2))
    here = facts(paper(lines), order_lines=orders, receipts=(receipt(1, 100), receipt(2, 60)))
    assert chosen(here) == {1: "2", 2: "1"}


def test_two_lines_share_an_order_line_rather_than_fill_one_that_is_too_small() -> None:
    orders = (order_line(1, 100), replace(order_line(1, 5), line_number="2"))
    lines = (paper_line(1, 60), replace(paper_line(1, 40), index=2))
    here = facts(paper(lines), order_lines=orders, receipts=(receipt(1, 100), receipt(2, 5)))
    assert chosen(here) == {1: "1", 2: "1"}
    assert check(here) == ()


def test_two_lines_share_an_order_line_rather_than_take_one_at_another_price() -> None:
    orders = (order_line(1, 100), replace(order_line(1, 100, 9), line_number="2"))
    lines = (paper_line(1, 50), replace(paper_line(1, 50), index=2))
    here = facts(paper(lines), order_lines=orders, receipts=(receipt(1, 100), receipt(2, 100)))
    assert chosen(here) == {1: "1", 2: "1"}


def test_goods_that_came_are_billed_before_those_that_did_not() -> None:
    orders = (order_line(1, 50), replace(order_line(1, 50), line_number="2"))
    here = facts(paper((paper_line(1, 50),)), order_lines=orders, receipts=(receipt(2, 50),))
    assert chosen(here) == {1: "2"}
    assert check(here) == ()


def test_what_was_billed_before_leaves_no_room() -> None:
    orders = (order_line(1, 50), replace(order_line(1, 50), line_number="2"))
    before = BilledLine(
        document_id="doc_0", po_number=PO, line_number="1", quantity=Decimal(50), net_amount=Decimal("197.5")
    )
    here = facts(
        paper((paper_line(1, 50),)),
        order_lines=orders,
        receipts=(receipt(1, 50), receipt(2, 50)),
        billed=(before,),
    )
    assert chosen(here) == {1: "2"}
    credit = replace(here, paper=credit_note((paper_line(1, 50),)))
    assert chosen(credit) == {1: "1"}


def test_a_line_without_a_choice_keeps_its_order_line_and_the_other_gives_way() -> None:
    lines = [[candidate(1, "1", 90)], [candidate(2, "1", 99), candidate(2, "2", 97)]]
    taken = assign(lines, {(PO, "1"): ROOM, (PO, "2"): ROOM})
    assert {index: at.key[1] for index, at in taken.items()} == {1: "1", 2: "2"}


def test_stronger_tie_never_gives_way_to_a_weaker_one() -> None:
    described = paper_line(1, 100, seller_item_id=None)
    named = replace(paper_line(1, 100, "4.90"), index=2)
    twin = replace(order_line(2, 100, description=order_line(1).description), unit_price=Decimal("3.95"))
    here = facts(paper((described, named)), order_lines=(order_line(1), twin), items=(item(1), item(2)))
    assert chosen(here) == {1: "2", 2: "1"}


def test_assignment_is_the_cheapest_of_all_on_generated_cases() -> None:
    """Against trying every choice, where no order line need be shared."""
    chance = Random(4)
    for _ in range(300):
        size = chance.randint(2, 4)
        lines = [
            [candidate(index, str(to), chance.randint(86, 99)) for to in range(1, size + 1)]
            for index in range(1, size + 1)
        ]
        rooms = {(PO, str(number)): ROOM for number in range(1, size + 1)}
        taken = assign(lines, rooms)
        cheapest = max(sum(line[at].score for line, at in zip(lines, way, strict=True)) for way in _ways(size))
        assert sum(at.score for at in taken.values()) == cheapest
        assert len({at.key for at in taken.values()}) == size


def _ways(size: int) -> list[tuple[int, ...]]:
    return [way for way in product(range(size), repeat=size) if len(set(way)) == size]


def test_assignment_does_not_depend_on_the_order_of_lines_and_candidates() -> None:
    lines = [
        [candidate(1, "1", 95), candidate(1, "2", 94)],
        [candidate(2, "1", 95), candidate(2, "2", 94)],
        [candidate(3, "1", 95), candidate(3, "3", 95)],
    ]
    rooms = {(PO, number): ROOM for number in "123"}
    expected = assign(lines, rooms)
    for mixed in permutations(lines):
        assert assign([list(reversed(line)) for line in mixed], rooms) == expected


def test_order_in_another_currency_or_received_before_it_was_placed_is_paired_all_the_same() -> None:
    early = replace(receipt(), received_at=order().ordered_at.replace(year=2020))
    assert chosen(facts(orders=(order(currency="USD"),))) == {1: "1"}
    assert check(facts(receipts=(early,))) == ()
