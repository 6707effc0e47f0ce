"""Teams for cases: role, limit and absence are rules, a model only picks among teams that may."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.teams import Need, Team, TeamChoice, choose_team, may_have

CLERKS = Team(name="ap", roles=frozenset({"ap_clerk"}), limit=Decimal(1000))
APPROVERS = Team(name="approvals", roles=frozenset({"ap_approver"}), limit=None)
SMALL = Need(role=None, amount=Decimal(100))

_NAMES = ("ap", "approvals", "planning", "freight")
_ROLES = st.sampled_from(["ap_clerk", "ap_approver", "planner"])
_TEAMS = st.lists(
    st.builds(
        Team,
        name=st.sampled_from(_NAMES),
        roles=st.frozensets(_ROLES, max_size=2),
        limit=st.none() | st.decimals(0, 2000, places=0),
        is_present=st.booleans(),
    ),
    unique_by=lambda team: team.name,
)
_NEEDS = st.builds(Need, role=st.none() | _ROLES, amount=st.none() | st.decimals(-3000, 3000, places=0))
_SAID = st.dictionaries(st.sampled_from((*_NAMES, "stranger")), st.floats(0, 1))


def test_without_a_model_the_policys_route_decides() -> None:
    assert choose_team("ap", [CLERKS, APPROVERS], SMALL, {}) == TeamChoice(team="ap", chosen_by="rule")


def test_a_model_picks_the_team_that_most_probably_resolves_the_case() -> None:
    found = choose_team("ap", [CLERKS, APPROVERS], SMALL, {"ap": 0.2, "approvals": 0.7})
    assert found == TeamChoice(team="approvals", chosen_by="model", probability=0.7)


def test_of_equally_probable_teams_the_routed_one_gets_it() -> None:
    assert choose_team("ap", [APPROVERS, CLERKS], SMALL, {"ap": 0.5, "approvals": 0.5}).team == "ap"


@pytest.mark.parametrize(
    ("team", "need", "may"),
    [
        (CLERKS, SMALL, True),
        (CLERKS, Need(role="ap_approver", amount=Decimal(100)), False),
        (CLERKS, Need(role=None, amount=Decimal("1000.01")), False),
        (CLERKS, Need(role=None, amount=Decimal("-1000.01")), False),
        (CLERKS, Need(role=None, amount=None), False),
        (APPROVERS, Need(role=None, amount=None), True),
        (replace(CLERKS, is_present=False), SMALL, False),
    ],
)
def test_role_limit_and_absence_say_who_may_have_a_case(team: Team, need: Need, may: bool) -> None:
    assert may_have(team, need) is may


@pytest.mark.law
@given(_TEAMS, _NEEDS, _SAID)
def test_nobody_gets_a_case_who_may_not_have_it(teams: list[Team], need: Need, said: dict[str, float]) -> None:
    found = choose_team("ap", teams, need, said)
    allowed = {team.name for team in teams if may_have(team, need)}
    assert found.team in allowed if found.chosen_by == "model" else found.team == "ap"


@pytest.mark.law
@given(_TEAMS, _NEEDS, _SAID, st.floats(0, 1))
def test_what_a_model_says_of_a_team_that_may_not_changes_nothing(
    teams: list[Team], need: Need, said: dict[str, float], other: float
) -> None:
    forbidden = {*_NAMES, "stranger"} - {team.name for team in teams if may_have(team, need)}
    assert choose_team("ap", teams, need, said) == choose_team(
        "ap", teams, need, said | dict.fromkeys(forbidden, other)
    )


@pytest.mark.law
@given(_TEAMS, _NEEDS, _SAID)
def test_the_order_of_teams_changes_nothing(teams: list[Team], need: Need, said: dict[str, float]) -> None:
    assert choose_team("ap", teams[::-1], need, said) == choose_team("ap", teams, need, said)
