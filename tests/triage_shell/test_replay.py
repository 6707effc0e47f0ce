"""Decisions are made again from what was stored: all equal, across restarts and databases; a change is named."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.canonical import canonical_json, to_jsonable
from core.database import Database, alembic_config
from core.documents import Box, Evidence
from tests.triage_shell.conftest import BROKEN, House, invoice, row
from triage import cases, decisions, policies, replay_walk
from triage.decide import RULES_VERSION, scores_to_json
from triage.facts_json import facts_from_text
from triage.recorded import audited, findings_from_text
from triage.replay import FIRST_RULES
from triage.replay_tally import ReplayTally
from triage.replaying import replay_all, replay_case

OTHER_IBAN = "DE75512108001245126199"
THIRD = 1 / 3
LONG_AGO = "2026-01-01T00:00:00.000000Z"


@pytest.fixture
def worked(house: House) -> House:
    """A house with decisions of every kind: clear, held, blocked, unreadable, corrected, with places on the paper."""
    with house.db.write() as session:
        policies.start_with(session, policies.built_in_text(), at=house.clock.now())
    house.load_feeds()
    house.decide(invoice())
    house.decide(invoice({"invoice_number": "R-2", "purchase_order_reference": "77"}))
    house.decide(invoice({"invoice_number": "R-3", "payment_iban": OTHER_IBAN}))
    house.decide(BROKEN)
    seen = Evidence(page=1, box=Box(THIRD, 2 * THIRD, 10.123456, 20), text="R-8812")
    paper = invoice()
    shown = {name: replace(value, evidence=(seen,)) for name, value in paper.fields.items()}
    house.later(minutes=7)
    held = house.case(replace(paper, fields=shown | row({"total_with_vat": "239", "amount_due": "239"})))
    with house.db.write() as session:
        cases.correct(
            session,
            held.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            changes={"total_with_vat": "238", "amount_due": "238"},
            policy=house.policy,
        )
    return house


def names(tally: ReplayTally) -> set[str]:
    return {mismatch.field for mismatch in tally.mismatches}


def run_sql(db: Database, statement: str, **values: Any) -> None:
    with db.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount >= 1


def one_held(house: House) -> str:
    """The decision of the invoice whose order nobody knows."""
    with house.db.read() as session:
        ids = [
            record.decision_id
            for part in decisions.parts(session, 100)
            for record in decisions.between(session, *part)
            if '"PO-UNKNOWN"' in record.findings
        ]
    return ids[0]


def test_every_decision_is_made_again_to_the_last_byte(worked: House) -> None:
    tally = replay_all(worked.db)
    assert (tally.decisions, tally.equal, tally.different, tally.mismatches) == (6, 6, 0, ())
    assert tally.is_sound


def test_it_is_the_same_after_a_restart(worked: House) -> None:
    again = Database(worked.db.url)
    try:
        assert replay_all(again).equal == 6
    finally:
        again.close()


def test_several_processes_say_what_one_says(worked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_walk, "AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    one = replay_all(worked.db)
    assert replay_all(worked.db, workers=2, progress=lambda done, count: told.append((done, count))) == one
    assert told[0] == (0, 6) and told[-1] == (6, 6) and len(told) == 4


def test_a_case_is_replayed_with_every_decision_about_its_document(worked: House) -> None:
    held = worked.case(invoice({"invoice_number": "R-9", "purchase_order_reference": "78"}))
    assert replay_case(worked.db, held.case_id).equal == 1


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("outcome", "clear", {"outcome"}),
        ("inputs_hash", "0" * 64, {"inputs_hash"}),
        ("policy_hash", "0" * 64, {"policy_hash"}),
        ("seed", "another", {"seed"}),
        ("scores", '{"review":"0.5"}', {"scores", "models"}),
        ("models", '["review"]', {"models"}),
        ("run", 9, {"run"}),
        ("extraction_version", 9, {"extraction_version"}),
        ("decided_by", "user:mallory", {"decided_by"}),
        ("document_id", "doc_other", {"decision_id", "document_id"}),
        ("decision_id", "dec_other", {"decision_id"}),
        ("findings", "[]", {"findings"}),
        ("findings", "no json", {"findings"}),
        ("facts", "{}", {"facts"}),
        ("facts", "no json", {"facts"}),
    ],
)
def test_a_row_that_was_changed_is_found_and_its_column_named(
    worked: House, column: str, value: object, named: set[str]
) -> None:
    run_sql(
        worked.db,
        f"UPDATE decisions SET {column} = :value WHERE decision_id = :id",
        value=value,
        id=one_held(worked),
    )
    tally = replay_all(worked.db)
    assert not tally.is_sound and tally.equal == 5
    assert named <= names(tally) <= named | {"findings", "decision_id"}


def test_a_decision_moved_in_time_is_found(worked: House) -> None:
    at = f"'{LONG_AGO}'" if worked.db.engine.dialect.name == "sqlite" else "timestamptz '2026-01-01 00:00:00Z'"
    run_sql(worked.db, f"UPDATE decisions SET decided_at = {at} WHERE decision_id = :id", id=one_held(worked))
    assert "decided_at" in names(replay_all(worked.db))


def test_a_changed_fact_is_named_and_with_it_what_now_comes_out_otherwise(worked: House) -> None:
    held = one_held(worked)
    run_sql(
        worked.db,
        "UPDATE decisions SET facts = replace(facts, '\"77\"', '\"4500001\"') WHERE decision_id = :id",
        id=held,
    )
    tally = replay_all(worked.db)
    assert "facts" in names(tally) and any(name.startswith("findings") for name in names(tally))
    assert {mismatch.decision_id for mismatch in tally.mismatches} == {held}


def test_a_changed_word_of_a_finding_is_named_with_both(worked: House) -> None:
    held = one_held(worked)
    run_sql(
        worked.db,
        "UPDATE decisions SET findings = replace(findings, 'PO-UNKNOWN', 'PO-CLOSED') WHERE decision_id = :id",
        id=held,
    )
    [found] = replay_all(worked.db).mismatches
    assert re.fullmatch(r"findings\[\d\]\.code", found.field)
    assert (found.decision_id, found.stored, found.again) == (held, "PO-CLOSED", "PO-UNKNOWN")


def test_a_row_changed_together_with_its_hash_is_found_by_the_audit(worked: House) -> None:
    """The clever forger makes the decision anew; what the audit was told stays."""
    held = one_held(worked)
    with worked.db.read() as session:
        record = next(
            r
            for part in decisions.parts(session, 9)
            for r in decisions.between(session, *part)
            if r.decision_id == held
        )
    from triage.replay import remake

    forged = remake(replace(record, facts=record.facts.replace('"77"', '"4500001"')), worked.policy)
    run_sql(
        worked.db,
        "UPDATE decisions SET facts=:f, findings=:g, outcome=:o, inputs_hash=:h WHERE decision_id = :id",
        f=forged.facts,
        g=forged.findings,
        o=forged.outcome,
        h=forged.inputs_hash,
        id=held,
    )
    assert {"facts", "findings", "inputs_hash"} <= names(replay_all(worked.db))


def test_a_decision_that_was_taken_out_is_missed(worked: House) -> None:
    held = one_held(worked)
    run_sql(worked.db, "DELETE FROM decisions WHERE decision_id = :id", id=held)
    [found] = replay_all(worked.db).mismatches
    assert (found.decision_id, found.stored) == (held, "no such decision")


def test_a_policy_that_was_changed_afterwards_is_found(worked: House) -> None:
    run_sql(worked.db, "UPDATE policies SET text = replace(text, 'hourly_cost = 40', 'hourly_cost = 41')")
    assert names(replay_all(worked.db)) == {"policy_hash"}
    run_sql(worked.db, "UPDATE policies SET text = 'nothing'")
    assert names(replay_all(worked.db)) == {"policy_hash"}


def test_decisions_under_other_rules_are_counted_apart_and_never_as_equal(worked: House) -> None:
    held = one_held(worked)
    with worked.db.read() as session:
        records = [r for part in decisions.parts(session, 9) for r in decisions.between(session, *part)]
    record = next(r for r in records if r.decision_id == held)
    _write_as_the_first_rules_did(worked, record)
    run_sql(worked.db, "UPDATE decisions SET outcome = 'clear' WHERE decision_id = :id", id=held)
    tally = replay_all(worked.db)
    assert tally.equal == 5 and tally.decisions == 6
    other = tally.other_rules[FIRST_RULES]
    assert (other.decisions, other.outcome_differs, other.not_made) == (1, 1, 0)
    assert names(tally) >= {"outcome"} and "facts" not in names(tally)


def _write_as_the_first_rules_did(house: House, record: Any) -> None:
    """Every attribute spelled out, findings too; what the audit was told of is left as it is but for the rules."""
    from triage.replay import _hash_of

    facts = canonical_json(to_jsonable(facts_from_text(record.facts)))
    findings = canonical_json([to_jsonable(one) for one in findings_from_text(record.findings)])
    old = replace(record, facts=facts, findings=findings, rules_version=FIRST_RULES)
    old = replace(old, inputs_hash=_hash_of(old, {}))
    run_sql(
        house.db,
        "UPDATE decisions SET facts=:f, findings=:g, inputs_hash=:h, rules_version=:r WHERE decision_id=:id",
        f=old.facts,
        g=old.findings,
        h=old.inputs_hash,
        r=FIRST_RULES,
        id=old.decision_id,
    )
    with house.db.read() as session:
        entry = next(
            one
            for one in session.all(text("SELECT sequence, payload FROM audit_entries WHERE action='document.decided'"))
            if json.loads(one["payload"])["decision_id"] == record.decision_id
        )
    told = json.loads(entry["payload"]) | {"inputs_hash": old.inputs_hash, "rules_version": FIRST_RULES}
    for name in ("scores", "seed", "extraction_version"):
        del told[name]
    run_sql(
        house.db,
        "UPDATE audit_entries SET payload=:p WHERE sequence=:s",
        p=canonical_json(told),
        s=entry["sequence"],
    )


def test_what_the_audit_is_told_covers_every_column(worked: House) -> None:
    with worked.db.read() as session:
        record = decisions.between(session, *next(decisions.parts(session, 1)))[0]
    told = audited(record)
    assert told["scores"] == scores_to_json(record.scores) and told["rules_version"] == RULES_VERSION


def test_decisions_stored_before_scores_and_seeds_get_what_they_were_made_with(tmp_path: Path) -> None:
    from alembic import command

    url = f"sqlite:///{tmp_path / 'old.db'}"
    command.upgrade(alembic_config(url), "0006")
    old = Database(url)
    document = {"document_id": "doc_1", "sha256": "abc", "size_bytes": 1, "state": "decided", "received_at": LONG_AGO}
    document |= dict.fromkeys(("media_type", "file_name", "origin", "received_by"), "a")
    decision = {"decision_id": "dec_1", "document_id": "doc_1", "run": 1, "extraction_version": 1, "outcome": "clear"}
    decision |= dict.fromkeys(("findings", "models"), "[]") | {"facts": "{}", "decided_at": LONG_AGO}
    decision |= dict.fromkeys(("inputs_hash", "policy_hash", "rules_version", "decided_by"), "a")
    for table, values in (("documents", document), ("decisions", decision)):
        marks = ", ".join(f":{name}" for name in values)
        run_sql(old, f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", **values)
    old.migrate()
    with old.read() as session:
        [record] = decisions.of_document(session, "doc_1")
    assert (record.scores, record.seed) == ({}, "abc")
    old.close()
