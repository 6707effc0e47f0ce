"""The catalogue's column "released by" is what the queue enforces: every code, asked for by every role."""

from contextlib import suppress

import pytest
from sqlalchemy import update

from core.decisions import Outcome
from core.errors import ClearholdError
from core.ids import new_id
from tests.triage.test_releases import as_printed
from tests.triage_shell.conftest import House
from triage import cases, planning_decisions, tables
from triage.case_records import CaseState, CaseSummary
from triage.controls.catalogue import CONTROLS
from triage.planning_recorded import RecordedPlanning

ROLES = ("ap_clerk", "ap_approver", "planner", "admin", "auditor")
BLOCKING = {control.code for control in CONTROLS if control.outcome is Outcome.BLOCK}


class _TakenBackError(Exception):
    """Ends a transaction so that nothing of it stands."""


@pytest.fixture
def everyone_unlimited(house: House) -> House:
    """Limits are another rule: here nobody has one."""
    unlimited = {role: {"other": None} for role in (*ROLES, "touchless")}
    house.policy = house.policy.model_copy(update={"approval_limits": unlimited})
    return house


# Three hundred approvals taken back: what a person may do is the same over both databases.
@pytest.mark.parametrize("either_database", ["sqlite"], indirect=True)
def test_every_code_is_released_by_whom_the_catalogue_names_and_by_nobody_else(everyone_unlimited: House) -> None:
    house = everyone_unlimited
    case_id = _case_of_every_kind(house).case_id
    printed = as_printed()
    expected = {(*row, role): _expected(*printed[row], role) for row in printed for role in ROLES}
    assert {key: _approved_by(house, case_id, *key) for key in expected} == expected
    assert {expected["invoice", "ERP-BLOCK", role] for role in ROLES} == {"refused"}


def _case_of_every_kind(house: House) -> CaseSummary:
    """A case that may be called any kind: a planner's case rests on a decision about planning, a paper's not."""
    case = house.case()
    decided = RecordedPlanning(
        decision_id=new_id("dec", house.clock.now()), subject=case.document_id, kind="order", run=1, outcome="hold",
        findings="[]", inputs_hash="0" * 64, facts="{}", prediction=None, advice=None, policy_hash="0" * 64,
        rules_version="1", models=(), decided_at=house.clock.now(), decided_by="system",
    )  # fmt: skip
    with house.db.write() as session:
        planning_decisions.save(session, [decided])
    return case


def _expected(roles: set[str], second: bool, role: str) -> str:
    if role not in roles:
        return "refused"
    return "first of two" if second else "approved"


def _approved_by(house: House, case_id: str, kind: str, code: str, role: str) -> str:
    """What becomes of the case, held by this code alone, when a person of this role approves it."""
    outcome = Outcome.BLOCK if code in BLOCKING else Outcome.HOLD
    values = {"kind": kind, "codes": [code], "outcome": outcome.value}
    held = update(tables.cases).where(tables.cases.c.case_id == case_id).values(values)
    became = "refused"
    with suppress(_TakenBackError, ClearholdError), house.db.write() as session:
        session.run(held)
        after = cases.resolve(
            session,
            case_id,
            user="somebody",
            role=role,
            at=house.clock.now(),
            resolution="approve",
            reason_code="other",
            comment="agreed",
            policy=house.policy,
        )
        became = "approved" if after.state is CaseState.RESOLVED else "first of two"
        _take_back()
    return became


def _take_back() -> None:
    raise _TakenBackError
