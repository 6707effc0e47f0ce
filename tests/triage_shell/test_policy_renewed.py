"""Tests of a house whose policy is older than its program."""

from pathlib import Path

from core import audit_log
from core.settings import Settings
from review_api.services import build_services
from tests.triage.test_policy_completion import without
from tests.triage_shell.conftest import House
from triage import policies, tables


def test_an_older_policy_is_completed_by_the_system_and_the_audit_names_the_keys(house: House) -> None:
    older = without(policies.built_in_text(), "[four_eyes]", "late_grace_days").replace("days = 60", "days = 61")
    _apply_unread(house, older)
    with house.db.read() as session:
        assert not policies.is_whole(session)
    with house.db.write() as session:
        assert policies.renew(session, at=house.clock.now()) == ("dates.late_grace_days", "four_eyes")
    with house.db.write() as session:
        assert policies.renew(session, at=house.clock.now()) == ()
    with house.db.read() as session:
        active = policies.active(session)
        told = {entry.action: entry.payload for entry in audit_log.entries(session, limit=10)}
    assert (active.version, active.applied_by, active.policy.duplicates.days) == (2, "system", 61)
    assert told["policy.completed"]["keys"] == ["dates.late_grace_days", "four_eyes"]


def test_the_program_starts_on_a_policy_that_is_older(house: House, tmp_path: Path) -> None:
    _apply_unread(house, without(policies.built_in_text(), "[orders", "[[orders"))
    services = build_services(Settings(home=tmp_path / "home", database_url=house.db.url))
    try:
        assert services.policy.orders.feeds
    finally:
        services.close()


def _apply_unread(house: House, text: str) -> None:
    """As an older program had left it."""
    with house.db.write() as session:
        row = {
            "version": 1,
            "policy_hash": "a" * 64,
            "text": text,
            "applied_at": house.clock.now(),
            "applied_by": "user:ben",
            "proposed_by": "user:anna",
            "preview_hash": None,
        }
        session.run(tables.policies.insert(), [row])
