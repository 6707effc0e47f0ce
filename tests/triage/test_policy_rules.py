"""Who may change the policy, and when: a preview first, then one person proposes and another agrees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import ClearholdError
from triage.policy_rules import (
    PolicyPreview,
    PolicyProposal,
    ProposalState,
    Step,
    check_rejection,
    check_withdrawal,
    next_step,
    preview_hash_of,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
PREVIEW = PolicyPreview(
    preview_hash="seen", policy_hash="new", base_hash="old", text="draft", author="anna", at=AT, result={}
)


def proposal(by: str = "anna", text: str = "draft") -> PolicyProposal:
    preview = PolicyPreview(
        preview_hash="seen", policy_hash="new", base_hash="old", text=text, author="paul", at=AT, result={}
    )
    return PolicyProposal(
        proposal_id="pol_1", preview=preview, state=ProposalState.PROPOSED, proposed_by=by, proposed_at=AT
    )


def step(user: str = "anna", role: str = "ap_approver", **changed: Any) -> Step:
    asked: dict[str, Any] = {"preview": PREVIEW, "pending": None, "text": "draft", "base_hash": "old"} | changed
    return next_step(asked.pop("preview"), asked.pop("pending"), user=user, role=role, **asked)


def code(call: Any) -> str:
    with pytest.raises(ClearholdError) as caught:
        call()
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize("role", ["ap_approver", "planner", "admin"])
def test_the_first_person_proposes(role: str) -> None:
    assert step(role=role) is Step.PROPOSE


@pytest.mark.parametrize("role", ["ap_approver", "admin"])
def test_a_second_person_puts_it_in_force(role: str) -> None:
    assert step("ben", role, pending=proposal()) is Step.PUT_IN_FORCE


@pytest.mark.parametrize(
    ("user", "role", "changed", "expected"),
    [
        ("anna", "ap_clerk", {}, "POLICY-ROLE"),
        ("anna", "auditor", {}, "POLICY-ROLE"),
        ("anna", "", {}, "POLICY-ROLE"),
        ("anna", "admin", {"preview": None}, "POLICY-PREVIEW-MISSING"),
        ("anna", "admin", {"text": "draft "}, "POLICY-PREVIEW-STALE"),
        ("anna", "admin", {"base_hash": "newer"}, "POLICY-PREVIEW-STALE"),
        ("anna", "admin", {"pending": proposal()}, "POLICY-SECOND-PERSON"),
        ("paul", "admin", {"pending": proposal()}, "POLICY-SECOND-PERSON"),
        ("ben", "planner", {"pending": proposal()}, "POLICY-ROLE"),
        ("ben", "admin", {"pending": proposal(text="another draft")}, "POLICY-PROPOSAL-PENDING"),
    ],
)
def test_anything_else_is_refused(user: str, role: str, changed: dict[str, Any], expected: str) -> None:
    assert code(lambda: step(user, role, **changed)) == expected


def test_a_draft_that_is_in_force_already_needs_nothing() -> None:
    same = PolicyPreview(
        preview_hash="seen", policy_hash="old", base_hash="old", text="draft", author="anna", at=AT, result={}
    )
    assert code(lambda: step(preview=same)) == "POLICY-SAME"


def test_only_the_proposer_withdraws_and_only_another_approver_rejects_both_with_a_reason() -> None:
    assert check_withdrawal(proposal(), user="anna", reason="too wide") == proposal()
    assert check_rejection(proposal(), user="ben", role="admin", reason="too wide") == proposal()
    assert code(lambda: check_withdrawal(proposal(), user="ben", reason="no")) == "POLICY-PROPOSAL-OTHER"
    assert code(lambda: check_rejection(proposal(), user="anna", role="admin", reason="no")) == "POLICY-PROPOSAL-OWN"
    assert code(lambda: check_rejection(proposal(), user="ben", role="planner", reason="no")) == "POLICY-ROLE"
    for empty in ("", "  ", "x" * 5_000):
        assert code(lambda empty=empty: check_withdrawal(proposal(), user="anna", reason=empty)) == "POLICY-REASON"
    assert code(lambda: check_withdrawal(None, user="anna", reason="no")) == "POLICY-PROPOSAL-NONE"
    assert code(lambda: check_rejection(None, user="ben", role="admin", reason="no")) == "POLICY-PROPOSAL-NONE"


def test_a_preview_is_named_by_what_was_compared_and_what_came_of_it() -> None:
    one = preview_hash_of(base_hash="old", text="draft", result={"papers": 1})
    assert one == preview_hash_of(base_hash="old", text="draft", result={"papers": 1})
    others = [("older", "draft", 1), ("old", "draft!", 1), ("old", "draft", 2)]
    assert one not in {preview_hash_of(base_hash=b, text=t, result={"papers": n}) for b, t, n in others}
