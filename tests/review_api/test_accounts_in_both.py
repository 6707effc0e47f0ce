"""Accounts, sessions, links, personal rules, drafts and runs in both databases: the same code, the same answers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import FixedClock
from core.database import Database
from core.errors import ClearholdError
from review_api import account_changes, account_external, account_sessions, accounts
from triage import personal, policies, policy_drafts, policy_runs
from triage.personal_rules import PersonalRules

IDLE = timedelta(minutes=60)
PASSWORD = "four words that fit"


def test_people_and_their_sessions_in_both_databases(either_database: Database, clock: FixedClock) -> None:
    db, at = either_database, clock.now()
    with db.write() as session:
        user = accounts.add_user(session, name="nina", password=None, role="ap_clerk", at=at)
        token = account_sessions.open_session(session, user, at=at, hours=10, agent="x" * 500)
        link, _ = account_changes.make_reset(session, "nina", at=at, actor="user:olga")
        rules = PersonalRules(queues=("ap",), approval_limits={"EUR": Decimal("2500.50"), "other": Decimal(0)})
        personal.change(session, "nina", rules, user="olga", role="admin", at=at)
        key, secret = accounts.add_key(
            session, name="box", scopes=["score"], at=at, expires_at=at + timedelta(days=1), actor="user:olga"
        )
    later = at + timedelta(minutes=59)
    with db.write() as session:
        found = account_sessions.session_of(session, token, at=later, idle=IDLE)
        assert found is not None and found[0].name == "nina" and found[1].ends_at(IDLE) == at + IDLE
        account_sessions.touch(session, token, at=later)
        (opened,) = account_sessions.list_sessions(session, at=later, idle=IDLE)
        assert (opened.seen_at, opened.expires_at, len(opened.agent or "")) == (later, at + timedelta(hours=10), 200)
        assert personal.rules_of(session, "nina") == rules == personal.all_rules(session)["nina"]
        assert accounts.key_of_secret(session, secret, at=later) == key
        assert accounts.key_of_secret(session, secret, at=at + timedelta(days=1)) is None
        account_changes.use_reset(session, link, PASSWORD, at=later)
        assert account_sessions.session_of(session, token, at=later, idle=IDLE) is None
        with pytest.raises(ClearholdError, match="USER-RESET"):
            account_changes.use_reset(session, link, PASSWORD, at=later)
    with db.write() as session:
        account_external.begin(session, "state", browser="one", leads_to="/", redirect_uri="r", at=at)
        assert account_external.take(session, "state", browser="one", at=at) == ("/", "r")
        with pytest.raises(ClearholdError, match="OIDC-STATE"):
            account_external.take(session, "state", browser="one", at=at)
        made = account_external.sign_in(session, issuer="i", subject="s", name="kim", role="planner", at=at)
        assert account_external.find(session, "i", "s") == made


def test_drafts_and_runs_of_a_policy_in_both_databases(either_database: Database, clock: FixedClock) -> None:
    db, at = either_database, clock.now()
    with db.write() as session:
        policies.start_with(session, policies.built_in_text(), at=at)
        assert policy_drafts.draft_of(session, "olga").revision == 0
        saved = policy_drafts.save(session, "a = 1", author="olga", at=at, revision=0)
        assert policy_drafts.save(session, "a = 2", author="olga", at=at, revision=saved.revision).revision == 2
        policy_drafts.discard(session, "olga")
        assert policy_drafts.draft_of(session, "olga").text == policies.built_in_text()
        run, _ = policy_runs.start(session, "text", author="olga", at=at)
        policy_runs.advance(session, run.run_id, done=5, total=10, at=at)
        assert policy_runs.find(session, run.run_id, author="olga", at=at).done == 5
        policy_runs.finish(session, run.run_id, "h" * 64, at=at)
        assert policy_runs.find(session, run.run_id, author="olga", at=at + timedelta(hours=1)).state == "done"
