"""What a policy says of predictions, and what is refused in it."""

from decimal import Decimal

import pytest

from core.errors import InputError
from triage.policies import built_in_text
from triage.policy import load_policy
from triage.policy_predictions import NO_PREDICTIONS

BUILT_IN = built_in_text()
SMALL = """[[predictions.demand.planners]]
name = "drinks"
category = ["juice", "water"]
location_id = "any"
alerts = 3
period = "day"

"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("late_probability = 0.5\n", "", "predictions.late.late_probability is missing"),
        ("late_probability = 0.5", "late_probability = 1.5", "predictions.late.late_probability: input should be less"),
        ('"reroute", "split"', '"reroute", "fly"', "predictions.late.recommend"),
        ("alerts = 20\n", "", "alerts is missing"),
        ("alerts = 20", "alerts = -1", "alerts: input should be greater"),
        ('period = "week"', 'period = "fortnight"', "predictions.demand.planners[0].period"),
        (
            'category = "any"\nlocation_id = "any"\nalerts',
            'category = "juice"\nlocation_id = "any"\nalerts',
            "no alert is",
        ),
        ("review_probability = 0.5", "review_probability = 0.5\nhold = 1", "is not a key of the policy"),
    ],
)
def test_a_mistake_in_the_predictions_is_refused_with_line_and_remedy(right: str, wrong: str, said: str) -> None:
    assert BUILT_IN.count(right) == 1
    with pytest.raises(InputError) as caught:
        load_policy(BUILT_IN.replace(right, wrong))
    assert caught.value.code == "POLICY-INVALID"
    assert said in caught.value.message
    assert "line " in caught.value.message
    assert caught.value.remedy


def test_odd_demand_is_the_first_planners_who_looks_after_it() -> None:
    header = "[[predictions.demand.planners]]"
    demand = load_policy(BUILT_IN.replace(header, SMALL + header, 1)).predictions.demand
    assert demand.planner_of("Juice", "S1").name == "drinks"
    assert demand.planner_of("bread", "S1").name == "planning"
    assert demand.planner_of(None, None).name == "planning"


def test_two_planners_of_one_name_are_refused() -> None:
    header = "[[predictions.demand.planners]]"
    twice = BUILT_IN.replace(header, SMALL.replace("drinks", "planning") + header, 1)
    with pytest.raises(InputError, match="two planners are called 'planning'"):
        load_policy(twice)


def test_without_predictions_nothing_is_ever_held_by_one() -> None:
    assert NO_PREDICTIONS.late.late_probability == Decimal(1)
    assert NO_PREDICTIONS.demand.planner_of("any", None).alerts == 0


def test_a_route_for_planners_cases_takes_no_paper_and_may_not_stand_last() -> None:
    last = '[[routes]]\nname = "payables"\n'
    with pytest.raises(InputError, match="the last route must have no conditions"):
        load_policy(BUILT_IN.replace(last, f'{last}kinds = ["order"]\n'))
