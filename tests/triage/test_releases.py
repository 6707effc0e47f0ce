"""Who may release a code: what the catalogue's page says is what is asked."""

import re
from pathlib import Path

import pytest

from core.decisions import Outcome
from core.errors import InputError
from tests.triage.builders import DEFAULT_POLICY, policy
from triage import releases
from triage.policies import checked
from triage.policy import Policy, load_policy
from triage.policy_people import Release
from triage.releases import needed_for

PAGE = Path(__file__).resolve().parents[2] / "docs" / "controls.md"
APPROVERS, EVERYBODY = {"ap_approver", "admin"}, {"ap_clerk", "ap_approver", "planner", "admin"}
ROLES_OF = {
    "nobody here": set[str](),
    "AP approver": APPROVERS,
    "AP clerk": EVERYBODY,
    "whoever's approval limit": EVERYBODY,
    "planner": {"planner", "admin"},
}
PLANNING = ("order", "recommendation")
KINDS = {
    "Customers' orders": PLANNING,
    "Recommendations to replenish": PLANNING,
    "Beside the controls": ("invoice", *PLANNING),
}


def as_printed() -> dict[tuple[str, str], tuple[set[str], bool]]:
    """By kind of case and code: the roles, and whether a second person is needed, as a person reads the page."""
    printed: dict[tuple[str, str], tuple[set[str], bool]] = {}
    kinds: tuple[str, ...] = ()
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            kinds = KINDS.get(line.removeprefix("## "), ("invoice",))
        row = re.match(r"\| (?:<a id=\"[a-z-]+\"></a>)?`([A-Z-]+)` \|", line)
        if row is None:
            continue
        who = re.split(r"(?<!\\)\|", line)[5].strip()
        roles = next(roles for begins, roles in ROLES_OF.items() if who.startswith(begins))
        for kind in kinds:
            before, second = printed.get((kind, row[1]), (EVERYBODY, False))
            printed[kind, row[1]] = (roles & before, second or "second person" in who or not roles)
    return printed


def with_release(*rules: Release) -> Policy:
    return policy().model_copy(update={"releases": rules})


@pytest.mark.parametrize(("kind", "code"), sorted(as_printed()))
def test_what_a_code_takes_is_what_the_catalogue_prints(kind: str, code: str) -> None:
    roles, second = as_printed()[kind, code]
    needed = needed_for(kind, [code], Outcome.HOLD, policy())
    assert (set(needed.roles), needed.second_person) == (roles, second)


def test_a_block_takes_an_approver_and_a_second_person_whatever_blocks() -> None:
    loose = with_release(Release(codes=("SUP-BANK",), roles=("ap_clerk",), second_person=False))
    assert needed_for("invoice", ["SUP-BANK"], Outcome.HOLD, loose).roles == {"ap_clerk", "admin"}
    blocked = needed_for("invoice", ["SUP-BANK"], Outcome.BLOCK, loose)
    assert blocked.roles == {"admin"} and blocked.second_person


def test_a_paper_takes_what_each_of_its_codes_takes() -> None:
    assert needed_for("invoice", ["MATCH-PRICE"], Outcome.HOLD, policy()) == releases.ANYBODY
    both = needed_for("invoice", ["MATCH-PRICE", "SUP-INACTIVE"], Outcome.HOLD, policy())
    assert both.roles == APPROVERS and both.second_person


def test_the_policy_may_ask_for_other_roles_and_never_frees_what_the_erp_blocks() -> None:
    strict = with_release(
        Release(codes=("MATCH-PRICE",), roles=("ap_approver",), second_person=True),
        Release(codes=("ERP-BLOCK",), roles=("admin",), second_person=True),
    )
    needed = needed_for("invoice", ["MATCH-PRICE"], Outcome.HOLD, strict)
    assert needed.roles == {"ap_approver", "admin"} and needed.second_person
    assert not needed_for("invoice", ["ERP-BLOCK"], Outcome.BLOCK, strict).roles


def test_a_code_nobody_knows_any_more_takes_an_approver() -> None:
    assert needed_for("invoice", ["OLD-CODE"], Outcome.HOLD, policy()) == releases.BLOCK_FLOOR


def test_a_release_of_a_code_that_is_none_is_refused_with_its_line() -> None:
    text = DEFAULT_POLICY.read_text()
    wrong = text + '\n[[releases]]\ncodes = ["MATCH-PRISE"]\nroles = ["admin"]\nsecond_person = true\n'
    with pytest.raises(InputError) as caught:
        checked(wrong)
    line = next(number for number, said in enumerate(wrong.splitlines(), start=1) if "MATCH-PRISE" in said)
    assert f"line {line}, releases[0].codes: MATCH-PRISE is no code" in caught.value.message


def test_two_releases_of_one_code_are_refused() -> None:
    rule = '\n[[releases]]\ncodes = ["MATCH-PRICE"]\nroles = ["admin"]\nsecond_person = true\n'
    with pytest.raises(InputError, match="two releases are about the same code"):
        load_policy(DEFAULT_POLICY.read_text() + rule + rule)
