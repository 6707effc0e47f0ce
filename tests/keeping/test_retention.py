"""Papers are erased when their period is over and nothing keeps them; the audit chain and every figure stay sound."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from core import audit_log, audit_rounds
from core.audit import emptied_by
from core.checkpoints import read_checkpoints
from core.database import WriteSession
from core.errors import ClearholdError
from core.tables import audit_entries
from ingest import erasures
from review_api.audit_export import EVERYTHING, begin_export, export_audit
from review_api.keeping import retention
from review_api.keeping.retention import DailyRetention
from review_api.services import Services
from tests.conftest import run_clearhold
from tests.keeping.conftest import BY, Kept, all_rows
from triage import case_queue
from triage.replaying import replay_all
from triage.retention_rules import Retention, RetentionRule, is_over, months_before, retention_from_text

RULES = '[[keep]]\nmonths = 12\n\n[[keep]]\nlegal_entity = "DE01"\ndocument_type = "invoice"\nmonths = 120\n'
YEARS = retention_from_text(RULES)
SECRET = "Zeile"
POSTED = "supplier_id,invoice_number,invoice_date,total_with_vat,currency,settled_at\n"


@pytest.fixture
def services(kept: Kept) -> Services:
    house = kept.house
    return Services(settings=kept.settings, db=house.db, store=house.store, clock=house.clock)


def verdicts(services: Services) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in retention.preview(services.db, YEARS, services.clock.now()):
        found[group.verdict] = found.get(group.verdict, 0) + group.papers
    return found


def settle(kept: Kept) -> None:
    settled = "S-1,R-8812,2026-11-16,238.00,EUR,2026-12-20T08:00:00Z\n"
    kept.house.load_feeds(posted_invoices=POSTED + settled)


def finish_cases(kept: Kept) -> list[str]:
    """Every case is sent back to its supplier, and the time to take that back is over."""
    house = kept.house
    with house.db.read() as session:
        waiting = [row[0] for row in session.rows(text("SELECT case_id FROM cases WHERE state <> 'resolved'"))]
    for case_id in waiting:
        with house.db.write() as session:
            session.run(text(f"UPDATE cases SET state='resolved', resolution='reject', resolved_by='anna', "
                             f"resolved_at='2026-11-24T09:00:00.000000Z' WHERE case_id='{case_id}'"))  # fmt: skip
    return waiting


def test_nothing_goes_before_its_time_or_while_it_is_open_unsettled_held_or_without_a_rule(
    kept: Kept, services: Services
) -> None:
    assert verdicts(services) == {}
    kept.house.clock.instant += timedelta(days=366)
    assert verdicts(services) == {"unsettled": 1, "open": 2}
    settle(kept)
    assert verdicts(services) == {"due": 1, "open": 2}
    finish_cases(kept)
    assert verdicts(services) == {"due": 1, "not_yet": 2}
    kept.house.clock.instant += timedelta(days=1)
    assert verdicts(services) == {"due": 3}
    with services.db.read() as session:
        due = erasures.decided_before(session, kept.house.clock.now())[0]
    with services.db.write() as session:
        hold = erasures.set_hold(
            session, document_id=due.document_id, legal_entity=None, reason="lawsuit", by=BY, at=services.clock.now()
        )
    assert verdicts(services) == {"due": 2, "held": 1}
    assert retention.run(services, YEARS, by=BY).erased == 2
    with services.db.write() as session:
        erasures.lift_hold(session, hold.hold_id, by=BY, at=services.clock.now())
    assert retention.run(services, YEARS, by=BY).erased == 1


def test_what_tells_of_people_is_gone_from_database_and_disk_and_all_still_verifies(
    kept: Kept, services: Services, tmp_path: Path
) -> None:
    settle(kept)
    finish_cases(kept)
    services.write_checkpoint()
    before = all_rows(services.db)
    with services.db.read() as session:
        paper = erasures.decided_before(session, datetime(2027, 1, 1, tzinfo=UTC))[0]
    kept.house.clock.instant += timedelta(days=400)
    done = retention.run(services, YEARS, by=BY)
    assert (done.erased, done.files_removed, done.is_whole) == (3, 4, True)
    after = all_rows(services.db)
    for name in ("decisions", "extractions", "case_comments", "case_attachments", "remembered_corrections"):
        assert after[name] == [], name
    assert after["known_invoices"] == before["known_invoices"], "a later copy must still look like the second"
    assert len(after["cases"]) == len(before["cases"])
    said = repr({name: rows for name, rows in after.items() if not name.startswith(("feed_", "known_", "billed_"))})
    for word in (SECRET, "Nordlicht", "Antwort.txt", "DE02120300000000202051", "R-8812"):
        assert word not in said, word
    with services.db.read() as session:
        assert audit_log.verify(session, read_checkpoints(services.settings.checkpoints())) == ()
        told = [entry for entry in audit_log.all_entries(session) if entry.action == "document.erased"]
        with pytest.raises(ClearholdError, match="DOC-ERASED"):
            erasures.check_there(session, paper.document_id)
        case_id = session.scalar(text("SELECT case_id FROM cases LIMIT 1"))
        with pytest.raises(ClearholdError, match="DOC-ERASED"):
            case_queue.show(session, str(case_id))
    assert len(told) == 3 and {entry.actor for entry in told} == {BY} and "12 months" in told[0].payload["rule"]
    while audit_rounds.go_on(services.db, (), at=services.clock.now(), limit=5):
        pass
    with services.db.read() as session:
        assert audit_rounds.verified(session).damage is None
    tally = replay_all(services.db)
    assert (tally.is_sound, tally.erased, tally.decisions) == (True, 3, 0)
    begun = begin_export(services.db, services.settings.checkpoints(), EVERYTHING, by=BY, at=services.clock.now())
    export_audit(services.db, begun, tmp_path / "export")
    verifier = [sys.executable, str(tmp_path / "export" / "verify_audit.py"), str(tmp_path / "export")]
    assert subprocess.run(verifier, check=False, capture_output=True).returncode == 0
    assert kept.back_up().manifest.documents == 2, "what waits to be read stays"
    again = kept.house.take_in(b"paper 0")
    assert again.document_id != paper.document_id and again.state == "received", "the same bytes are a new paper"


def test_facts_that_go_without_an_erasure_or_other_than_it_says_are_damage(kept: Kept, services: Services) -> None:
    settle(kept)
    kept.house.clock.instant += timedelta(days=400)
    assert retention.run(services, YEARS, by=BY).erased == 1
    with services.db.read() as session:
        every = tuple(audit_log.all_entries(session))
    emptied = next(entry for entry in every if emptied_by(entry))
    whole = next(entry for entry in every if entry.action == "case.opened")
    by = emptied_by(emptied)
    for changed in (
        replace(whole, payload={"erased_by_entry": by}),
        replace(emptied, actor="user:mallory"),
        replace(emptied, payload={"erased_by_entry": whole.sequence}),
    ):
        with services.db.write() as session:
            _put(session, changed.sequence, actor=changed.actor, payload=changed.payload)
            assert [one.kind for one in audit_log.verify(session)] == ["changed"]
            was = next(entry for entry in every if entry.sequence == changed.sequence)
            _put(session, was.sequence, actor=was.actor, payload=was.payload)
    with services.db.write() as session:
        _put(session, whole.sequence, actor="user:mallory", payload=whole.payload)
        with pytest.raises(ClearholdError, match="AUDIT-CHANGED"):
            audit_log.erase_facts(
                session,
                audit_log.entries(session, after=whole.sequence - 1, limit=1),
                at=services.clock.now(), actor=BY, action="document.erased", subject="x", payload={},
            )  # fmt: skip


def test_a_worker_erases_once_a_day_where_the_rules_say_so(kept: Kept, services: Services, tmp_path: Path) -> None:
    settle(kept)
    kept.house.clock.instant += timedelta(days=400)
    rules = tmp_path / "retention.toml"
    services.settings = kept.settings.model_copy(update={"retention": rules})
    for text_, erased in (("", 0), ("daily = false\n" + RULES, 0), ("daily = true\n" + RULES, 1)):
        rules.write_text(text_)
        DailyRetention(services, "worker:one").go_on()
        with services.db.read() as session:
            assert audit_log.count(session, "document.erased") == erased
    finish_cases(kept)
    DailyRetention(services, "worker:two").go_on()
    with services.db.read() as session:
        assert audit_log.count(session, "document.erased") == 1, "the other node did it today"


def test_the_most_exact_rule_counts_and_of_several_legal_entities_the_longest() -> None:
    assert [YEARS.rule_for(*of) for of in ((None, "receipt"), ("DE01", "receipt"), ("DE01", "invoice"))] == [
        YEARS.rules[0],
        YEARS.rules[0],
        YEARS.rules[1],
    ]
    only = Retention(rules=(RetentionRule(legal_entity="FR", document_type="*", months=6),))
    assert only.rule_for("DE", "invoice") is None
    leap = datetime(2024, 2, 29, tzinfo=UTC)
    assert months_before(leap, 12) == datetime(2023, 2, 28, tzinfo=UTC)
    assert not is_over([months_before(leap, 6)], only.rules[0], leap)
    for wrong in ("", "x = 1", "[[keep]]\nmonths = 0", "[[keep]]\nmonths = 1\ndocument_type = 'bill'", RULES + RULES):
        with pytest.raises(ClearholdError, match="RETENTION-INVALID"):
            retention_from_text(wrong)


def test_the_program_previews_and_erases_only_as_many_as_the_preview_said(kept: Kept, tmp_path: Path) -> None:
    settle(kept)
    rules = tmp_path / "retention.toml"
    rules.write_text(RULES)
    more = {"CLEARHOLD_DATABASE_URL": kept.settings.url(), "CLEARHOLD_RETENTION": str(rules)}
    with kept.house.db.write() as session:
        for table in ("documents", "decisions"):
            column = "received_at" if table == "documents" else "decided_at"
            session.run(text(f"UPDATE {table} SET {column} = '2020-01-01T00:00:00.000000Z'"))
        session.run(text("UPDATE documents SET decided_at = received_at"))
    seen = run_clearhold("retention", "preview", "--json", home=kept.settings.home, **more)
    assert seen.returncode == 0, seen.stderr
    assert json.loads(seen.stdout)["due"] == 1
    wrong = run_clearhold("retention", "run", "--erase", "7", home=kept.settings.home, **more)
    assert wrong.returncode == 1 and "RETENTION-COUNT" in wrong.stderr
    done = run_clearhold("retention", "run", "--erase", "1", home=kept.settings.home, **more)
    assert done.returncode == 0 and "1 papers erased" in done.stdout, done.stderr


def _put(session: WriteSession, sequence: int, *, actor: str, payload: object) -> None:
    session.run(update(audit_entries).where(audit_entries.c.sequence == sequence).values(actor=actor, payload=payload))
