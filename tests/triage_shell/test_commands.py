"""The commands work, cases, audit and policy as a person at a terminal meets them, on a real program."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.papers import broken_pdf, e_invoice
from tests.chaos.site import Site
from tests.conftest import run_clearhold
from triage.policies import built_in_text


def told(home: Path, *arguments: str) -> Any:
    done = run_clearhold(*arguments, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def worked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three papers decided: one clear, one of an unknown order, one broken."""
    home = tmp_path_factory.mktemp("worked")
    site = Site(home)
    site.load_feeds(range(2))
    for data in (e_invoice(0), e_invoice(77), broken_pdf(1)):
        site.take_in(data)
    site.close()
    work = told(home, "work", "--once")
    assert work["outcomes"] == {"clear": 1, "hold": 2} and work["unreadable"] == 1
    return home


@pytest.fixture
def home(worked_home: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    with sqlite3.connect(worked_home / "clearhold.db") as source, sqlite3.connect(tmp_path / "clearhold.db") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    for path in [*worked_home.glob("checkpoints/*"), worked_home / "audit-signing.key"]:
        target = tmp_path / path.relative_to(worked_home)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path


def test_the_queue_is_worked_from_a_terminal(home: Path) -> None:
    listed = told(home, "cases", "list")["cases"]
    assert [case["kind"] for case in listed] == ["invoice", "other"]
    assert [float(case["priority"]) for case in listed] == sorted((float(c["priority"]) for c in listed), reverse=True)
    assert [case["case_id"] for case in told(home, "cases", "list", "--code", "PO-UNKNOWN")["cases"]] == [
        listed[0]["case_id"]
    ]
    nobody = run_clearhold("cases", "assign", listed[0]["case_id"], "zoe", home=home)
    assert nobody.returncode == 1 and "CASE-ASSIGNEE-UNKNOWN" in nobody.stderr
    claimed = told(home, "cases", "next")
    assert claimed["case_id"] == listed[0]["case_id"] and claimed["state"] == "claimed"
    assert told(home, "cases", "release", claimed["case_id"])["state"] == "open"
    refused = run_clearhold("cases", "resolve", claimed["case_id"], "reject", "--reason", "bad", home=home)
    assert refused.returncode == 1
    assert "CASE-REASON-UNKNOWN" in refused.stderr and "not_ordered" in refused.stderr
    done = run_clearhold("cases", "resolve", claimed["case_id"], "reject", "--reason", "not_ordered", home=home)
    assert done.returncode == 0 and "resolved: reject (not_ordered)" in done.stdout
    shown = run_clearhold("cases", "show", claimed["case_id"], home=home)
    assert "case.resolved" in shown.stdout and "[PO-UNKNOWN]" in shown.stdout
    table = run_clearhold("cases", "list", "--state", "open", home=home)
    assert "DOC-PDF" in table.stdout or "PDF" in table.stdout
    assert claimed["case_id"] not in table.stdout


def test_remembered_corrections_are_listed_and_one_that_is_not_there_is_refused(home: Path) -> None:
    assert told(home, "memory", "list", "--state", "learnt") == []
    refused = run_clearhold("memory", "withdraw", "mem_nothing", home=home)
    assert refused.returncode == 1 and "MEMORY-NOT-FOUND" in refused.stderr


def test_a_case_that_is_not_there_is_one_line_and_exit_1(home: Path) -> None:
    done = run_clearhold("cases", "show", "case_none", home=home)
    assert done.returncode == 1 and "CASE-NOT-FOUND" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_sound_audit_log_verifies_with_its_checkpoints(home: Path) -> None:
    result = told(home, "audit", "verify")
    assert result["sound"] and result["checkpoints"] >= 1 and result["entries"] > 10


CHANGED = "UPDATE audit_entries SET actor='user:mallory' WHERE sequence=4"
REMOVED = "DELETE FROM audit_entries WHERE sequence=5"
CUT_OFF = """
    DELETE FROM audit_entries WHERE sequence>8;
    UPDATE audit_head SET sequence=8, hash=(SELECT hash FROM audit_entries WHERE sequence=8)
"""
SWAPPED = """
    UPDATE audit_entries SET sequence=-1 WHERE sequence=6;
    UPDATE audit_entries SET sequence=6 WHERE sequence=7;
    UPDATE audit_entries SET sequence=7 WHERE sequence=-1
"""
ADDED = """
    INSERT INTO audit_entries
    SELECT 1+(SELECT max(sequence) FROM audit_entries), at, actor, action, subject, payload, previous_hash, hash
    FROM audit_entries WHERE sequence=3
"""


@pytest.mark.parametrize(
    ("tampering", "told_as"),
    [
        (CHANGED, "changed at entry 4"),
        (REMOVED, "removed at entry 5"),
        (CUT_OFF, "cut_off at entry 9"),
        (SWAPPED, "reordered at entry 6"),
        (ADDED, "added at entry"),
    ],
)
def test_a_changed_past_is_found_and_named(home: Path, tampering: str, told_as: str) -> None:
    connection = sqlite3.connect(home / "clearhold.db")
    connection.executescript(tampering)
    connection.close()
    done = run_clearhold("audit", "verify", home=home)
    assert done.returncode == 1 and told_as in done.stderr, done.stderr


def test_an_export_verifies_with_the_standard_library_alone_and_a_changed_one_does_not(home: Path) -> None:
    folder = home / "export"
    written = told(home, "audit", "export", str(folder))
    assert "verify_audit.py" in written["files"] and "audit-checkpoints.jsonl" in written["files"]

    def verify() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", "-S", str(folder / "verify_audit.py")]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))

    assert verify().returncode == 0, verify().stderr
    lines = (folder / "audit.jsonl").read_text().splitlines()
    (folder / "audit.jsonl").write_text("\n".join(lines[:-1]) + "\n")
    assert verify().returncode == 1
    (folder / "audit.jsonl").write_text("\n".join([lines[0].replace('"actor":"', '"actor":"not '), *lines[1:]]) + "\n")
    assert verify().returncode == 1 and "entry 1 was changed" in verify().stderr


def test_every_decision_is_made_again_from_a_terminal_and_a_changed_one_is_named(home: Path) -> None:
    done = run_clearhold("replay", "--all", home=home, CLEARHOLD_WORKERS="2")
    assert done.returncode == 0 and "3 of 3 decisions equal, 0 not as they were" in done.stdout
    case = told(home, "cases", "list")["cases"][0]["case_id"]
    assert told(home, "replay", case)["equal"] == 1
    with sqlite3.connect(home / "clearhold.db") as connection:
        connection.execute("UPDATE decisions SET outcome='clear' WHERE outcome='hold'")
    connection.close()
    changed = run_clearhold("replay", "--all", "--json", home=home)
    tally = json.loads(changed.stdout)
    assert changed.returncode == 1 and not tally["sound"] and tally["different"] == 2
    assert {(one["field"], one["stored"], one["again"]) for one in tally["mismatches"]} == {
        ("outcome", "clear", "hold")
    }
    shown = run_clearhold("replay", case, home=home)
    assert shown.returncode == 1 and ": outcome" in shown.stdout and "told to the audit hold" in shown.stdout
    assert run_clearhold("replay", home=home).returncode == 2


def test_a_policy_is_shown_checked_previewed_and_proposed(home: Path) -> None:
    assert told(home, "policy", "show")["version"] == 1
    file = home / "policy.toml"
    file.write_text(built_in_text().replace("ap_clerk = 10000", "ap_clerk = 500"))
    assert told(home, "policy", "check", str(file))["valid"]
    blind = run_clearhold("policy", "apply", str(file), home=home)
    assert blind.returncode == 1 and "POLICY-PREVIEW-MISSING" in blind.stderr
    shown = run_clearhold("policy", "preview", str(file), home=home)
    assert shown.returncode == 0 and "3 papers" in shown.stdout and "Nothing would move." in shown.stdout
    seen = told(home, "policy", "preview", str(file))
    assert f"--preview {seen['preview_hash']}" in shown.stdout and seen["result"]["papers"] == 3
    proposed = told(home, "policy", "apply", str(file), "--preview", seen["preview_hash"])
    assert proposed["version"] == 1 and proposed["pending"]["state"] == "proposed"
    own = run_clearhold("policy", "apply", str(file), "--preview", seen["preview_hash"], home=home, LOGNAME="ben")
    assert own.returncode == 1 and "POLICY-SECOND-PERSON" in own.stderr
    assert "it waits for a second person" in run_clearhold("policy", "show", home=home).stdout
    done = run_clearhold("policy", "withdraw", "--reason", "a mistake", home=home)
    assert done.returncode == 0 and "withdrawn: a mistake" in done.stdout
    history = run_clearhold("policy", "show", "--history", home=home)
    assert "system" in history.stdout and "withdrawn" in history.stdout
    assert len(told(home, "policy", "show", "--history")["versions"]) == 1


def test_a_policy_that_is_none_is_refused_in_one_line(home: Path) -> None:
    file = home / "policy.toml"
    file.write_text("price = 'free'")
    wrong = run_clearhold("policy", "check", str(file), home=home)
    assert wrong.returncode == 1 and "POLICY-" in wrong.stderr and "Traceback" not in wrong.stderr
    missing = run_clearhold("policy", "check", str(home / "none.toml"), home=home)
    assert missing.returncode == 1 and "POLICY-FILE" in missing.stderr
