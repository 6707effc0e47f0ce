"""A preview counts every paper once, says why it moves, and estimates how often clearing it would be wrong."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from scipy import stats

from core.decisions import Outcome
from tests.triage.builders import (
    AS_OF,
    OTHER_IBAN,
    facts,
    paper,
    paper_line,
    policy,
    supplier,
    tolerance,
    with_tolerance,
)
from triage.decide import decide
from triage.facts import Facts
from triage.facts_json import facts_from_text, facts_to_text
from triage.policy import Policy
from triage.preview import Label, PreviewTally, judge, total_of
from triage.preview_error import NO_LABELS, count_label, estimate, interval, sum_of
from triage.preview_json import preview_to_json
from triage.recorded import Making, RecordedDecision, recorded

WIDE = with_tolerance("price_unit", tolerance(5, 5), with_tolerance("price_total", tolerance(5, 50)))
WIDE = with_tolerance("small_difference", tolerance(5, 50), WIDE)


def dear(document_id: str, price: str, **changes: Any) -> Facts:
    """A paper that bills a hundred pieces at a price beside the order's 3.95."""
    return facts(paper((paper_line(1, 100, price),), document_id=document_id, **changes))


def record(here: Facts, rules: Policy | None = None, scores: dict[str, float] | None = None) -> RecordedDecision:
    text = facts_to_text(here)
    decision = decide(facts_from_text(text), rules or policy(), scores=scores or {}, seed="s", facts_text=text)
    making = Making(scores=scores or {}, seed="s", run=1, extraction_version=1, by="worker:w")
    return recorded(f"dec_{here.paper.document_id}", decision, text, making)


def preview(
    papers: Sequence[Facts],
    draft: Policy,
    labels: dict[str, bool] | None = None,
    rules: Policy | None = None,
) -> PreviewTally:
    said = {name: Label(document_id=name, was_wrong=wrong) for name, wrong in (labels or {}).items()}
    return total_of(
        judge(
            record(here, rules),
            base=policy(),
            draft=draft,
            decided_under=rules or policy(),
            label=said.get(here.paper.document_id),
            case_id=f"case_{here.paper.document_id}",
        )
        for here in papers
    )


def test_the_same_policy_moves_nothing() -> None:
    told = preview_to_json(preview([dear("a", "3.95"), dear("b", "4.10")], policy()), base=policy(), draft=policy())
    assert told["matrix"]["clear"]["clear"] == 1 and told["matrix"]["hold"]["hold"] == 1
    assert (told["moves"], told["suppliers"]) == ([], [])


def test_a_wider_tolerance_moves_papers_from_hold_to_clear_and_says_why_and_how_much() -> None:
    papers = [dear("a", "3.95"), dear("b", "4.10"), dear("c", "4.12"), dear("d", "9.00")]
    told = preview_to_json(preview(papers, WIDE), base=policy(), draft=WIDE)
    [move] = told["moves"]
    assert (move["from"], move["to"], move["papers"]) == ("hold", "clear", 2)
    assert move["money"] == [{"currency": "EUR", "total": "978.18"}]  # (410 + 412) × 1.19
    assert {"code": "MATCH-PRICE", "change": "lifted", "papers": 2} in move["codes"]
    assert [one["document_id"] for one in move["examples"]] == ["c", "b"]
    assert move["examples"][0]["case_id"] == "case_c" and move["examples"][0]["lifted"]
    assert told["suppliers"][0] | {"money": None} == {
        "supplier_id": "S1",
        "supplier": "Nordlicht GmbH",
        "papers": 2,
        "moves": {"hold to clear": 2},
        "money": None,
    }


def test_a_narrower_tolerance_names_the_code_that_is_added() -> None:
    strict = with_tolerance("price_unit", tolerance(0, 0))
    [move] = preview_to_json(preview([dear("a", "3.96")], strict), base=policy(), draft=strict)["moves"]
    assert (move["from"], move["to"]) == ("clear", "hold")
    assert {"code": "MATCH-PRICE", "change": "added", "papers": 1} in move["codes"]


def test_currencies_are_never_added_up() -> None:
    swiss = dear("b", "4.10", currency="CHF")
    swiss = replace(swiss, orders=tuple(replace(order, currency="CHF") for order in swiss.orders))
    tally = preview([dear("a", "4.10"), swiss], WIDE)
    assert {key[2]: amount for key, amount in tally.money.items()} == {
        "EUR": Decimal("487.90"),
        "CHF": Decimal("487.90"),
    }


def test_the_parts_of_a_preview_add_up_to_the_whole_however_it_is_cut() -> None:
    chance = Random(7)
    prices = ["3.95", "4.10", "4.12", "9.00", "3.00"]
    papers = [
        replace(dear(f"doc_{n}", chance.choice(prices)), supplier=supplier(supplier_id=f"S{n % 3}")) for n in range(40)
    ]
    labels = {f"doc_{n}": n % 4 == 0 for n in range(0, 40, 2)}
    whole = preview(papers, WIDE, labels)
    parts = [preview(papers[start : start + 7], WIDE, labels) for start in range(0, 40, 7)]
    again = total_of([total_of(parts[:2]), *parts[2:]])
    assert preview_to_json(again, base=policy(), draft=WIDE) == preview_to_json(whole, base=policy(), draft=WIDE)
    assert sum(whole.matrix.values()) == whole.papers == 40


def test_a_paper_decided_under_another_policy_is_first_judged_under_todays() -> None:
    strict = with_tolerance("price_unit", tolerance(0, 0))
    tally = preview([dear("a", "3.96")], policy(), rules=strict)
    assert tally.re_decided == 1 and tally.matrix == {(Outcome.CLEAR, Outcome.CLEAR): 1}


def test_facts_nobody_can_read_are_counted_and_move_nothing() -> None:
    broken = replace(record(dear("a", "3.95")), facts="{}")
    tally = judge(broken, base=policy(), draft=WIDE, decided_under=None, label=None, case_id=None)
    assert (tally.papers, tally.unread, dict(tally.matrix)) == (1, 1, {})


def test_only_papers_that_would_pass_are_judged_and_those_held_today_apart() -> None:
    papers = [dear("a", "3.95"), dear("b", "4.10"), dear("c", "4.12"), dear("d", "9.00")]
    tally = preview(papers, WIDE, {"a": False, "b": True, "c": False, "d": True})
    error = preview_to_json(tally, base=policy(), draft=WIDE)["error"]
    assert (error["would_pass"]["papers"], error["would_pass"]["labelled"], error["would_pass"]["wrong"]) == (3, 3, 1)
    newly = error["would_newly_pass"]
    assert (newly["papers"], newly["labelled"], newly["wrong"], newly["share"]) == (2, 2, 1, 0.5)


def test_a_paper_drawn_for_a_blind_check_stands_for_those_that_were_not() -> None:
    drawing = policy().sampling.model_copy(update={"share_pct": Decimal(20), "max_pct": Decimal(20)})
    rules = policy().model_copy(update={"sampling": drawing})
    drawn = next(
        made
        for number in range(500)
        if (made := _drawn(dear("a", "3.95"), rules, str(number))).outcome == Outcome.SAMPLE
    )
    tally = judge(
        drawn,
        base=rules,
        draft=rules,
        decided_under=rules,
        label=Label(document_id="a", was_wrong=True),
        case_id=None,
    )
    assert tally.passing.weight == pytest.approx(5.0) and tally.newly_passing == NO_LABELS


def _drawn(here: Facts, rules: Policy, seed: str) -> RecordedDecision:
    text = facts_to_text(here)
    decision = decide(facts_from_text(text), rules, seed=seed, facts_text=text)
    making = Making(scores={}, seed=seed, run=1, extraction_version=1, by="worker:w")
    return recorded("dec_1", decision, text, making)


@pytest.mark.parametrize(("wrong", "count"), [(0, 10), (1, 10), (3, 400), (10, 10), (0, 1)])
def test_the_interval_is_clopper_and_pearsons(wrong: int, count: int) -> None:
    exact = stats.binomtest(wrong, count).proportion_ci(0.95, method="exact")
    assert interval(wrong, count) == pytest.approx((exact.low, exact.high))
    assert interval(wrong + 0.0, count)[1] == pytest.approx(
        1.0 if wrong == count else stats.beta.ppf(0.975, wrong + 1, count - wrong)
    )


def test_without_a_label_nothing_is_known() -> None:
    told = estimate(12, NO_LABELS)
    assert (told["share"], told["lower"], told["upper"], told["labelled"]) == (None, 0.0, 1.0, 0)


def test_uneven_weights_widen_the_interval() -> None:
    even = sum_of([count_label(number == 0, 1.0) for number in range(100)])
    uneven = sum_of([count_label(number == 0, 1.0 if number % 2 else 0.02) for number in range(100)])
    assert estimate(100, uneven)["effective"] < estimate(100, even)["effective"] == 100
    spans = [estimate(100, one)["upper"] - estimate(100, one)["lower"] for one in (even, uneven)]
    assert spans[1] > spans[0]


def test_the_interval_covers_the_truth_in_simulated_histories() -> None:
    """A tenth of 2,000 cleared papers is drawn; of the held ones all are judged; the truth is known."""
    chance, covered, rounds = Random(20), 0, 300
    for _ in range(rounds):
        wrong = [chance.random() < 0.03 for _ in range(2_000)]
        drawn = [count_label(at, 0.1) for at in wrong if chance.random() < 0.1]
        told = estimate(2_000, sum_of(drawn))
        covered += told["lower"] <= sum(wrong) / 2_000 <= told["upper"]
    assert covered / rounds >= 0.93


def test_a_blocked_paper_that_would_be_held_is_no_pass() -> None:
    here = dear("a", "3.95", payment_iban=OTHER_IBAN)
    tally = preview([here], WIDE, {"a": True})
    assert tally.matrix == {(Outcome.BLOCK, Outcome.BLOCK): 1} and tally.passing == NO_LABELS
    assert here.as_of == AS_OF
