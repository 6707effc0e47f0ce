"""The audit page and its export: narrowed, marked, taken away, verified with nothing but Python."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.tables import audit_entries
from review_api.audit_walk import AuditWalk
from review_api.verify_audit import is_signed
from tests.review_api.conftest import Desk


def verify(place: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs the verifier of an export from an empty folder, with nothing but the standard library."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    program = (place if place.is_dir() else folder / "unpacked") / "verify_audit.py"
    command = [sys.executable, "-I", "-S", str(program), str(place)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=empty, env={})


def test_the_page_tells_what_changed_from_what_to_what_and_narrows(desk: Desk) -> None:
    case = desk.held()
    clerk, auditor = desk.client("ap_clerk", "anna"), desk.client("auditor", "olga")
    claimed = clerk.post(f"/v1/cases/{case.case_id}/claim", headers={"If-Match": f'"{case.version}"'}).json()
    changes = {"changes": {"buyer_name": "Clear Retail AG"}}
    clerk.post(f"/v1/cases/{case.case_id}/correct", json=changes, headers={"If-Match": f'"{claimed["version"]}"'})
    page = auditor.get(f"/audit?subject=case:{case.case_id}").text
    assert "<del>Clear Retail SE</del>" in page and "<ins>Clear Retail AG</ins>" in page
    assert f"document:{case.document_id}" in page, "the paper of a case belongs to it"
    narrowed = auditor.get("/audit?action=case.*&actor=user:anna&since=2026-11-23&until=2026-11-23").text
    assert narrowed.count('id="entry-') == 3 and "feed.loaded" not in narrowed.partition("<tbody>")[2]
    assert "No entry fits." in auditor.get("/audit?until=2026-11-22").text
    assert auditor.get("/audit?since=nonsense").status_code == 200
    told = auditor.get("/v1/audit", params={"action": "case.corrected"}).json()["entries"]
    assert [one["subject"] for one in told] == [f"case:{case.case_id}"]


def test_entries_are_marked_as_verified_waiting_or_changed(desk: Desk) -> None:
    desk.held()
    auditor = desk.client("auditor")
    assert "Not verified yet" in auditor.get("/audit").text
    AuditWalk(desk.services).finish()
    page = auditor.get("/audit").text
    assert "Verified from the first entry to no." in page and 'class="mark verified"' in page
    told = auditor.get("/v1/audit/verification").json()
    assert told["now"]["damage"] is None and told["now"]["verified_to"] > 5
    with desk.services.db.write() as session:
        session.run(update(audit_entries).where(audit_entries.c.sequence == 3).values(actor="user:dora"))
    assert 'class="mark changed"' in auditor.get("/audit").text


def test_an_export_verifies_anywhere_and_a_tampered_one_names_the_entry(desk: Desk, tmp_path: Path) -> None:
    desk.held()
    desk.services.write_checkpoint()
    auditor = desk.client("auditor", "olga")
    answer = auditor.get("/v1/audit/export")
    assert answer.headers["content-type"] == "application/zip" and "attachment" in answer.headers["content-disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    archive.extractall(tmp_path / "unpacked")
    (tmp_path / "audit.zip").write_bytes(answer.content)
    lines = (tmp_path / "unpacked" / "audit.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["action"] == "audit.exported", "that it was taken is part of what is taken"
    for place in (tmp_path / "audit.zip", tmp_path / "unpacked"):
        done = verify(place, tmp_path)
        assert done.returncode == 0 and f"sound: {len(lines)} entries" in done.stdout, done.stderr
    for number, what in ((4, "entry 4 was changed"), (len(lines), f"entry {len(lines)} was changed")):
        changed = list(lines)
        changed[number - 1] = changed[number - 1].replace('"actor":"', '"actor":"x', 1)
        (tmp_path / "unpacked" / "audit.jsonl").write_text("\n".join(changed) + "\n")
        done = verify(tmp_path / "unpacked", tmp_path)
        assert done.returncode == 1 and what in done.stderr, done.stderr
    (tmp_path / "unpacked" / "audit.jsonl").write_text("\n".join([*lines[:2], *lines[3:]]) + "\n")
    assert "entry 3 should follow, but entry 4 does" in verify(tmp_path / "unpacked", tmp_path).stderr


def test_a_checkpoint_that_nobody_signed_is_found_with_nothing_but_python(desk: Desk, tmp_path: Path) -> None:
    desk.held()
    desk.services.write_checkpoint()
    answer = desk.client("auditor").get("/v1/audit/export")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "unpacked")
    points = tmp_path / "unpacked" / "audit-checkpoints.jsonl"
    key = (tmp_path / "unpacked" / "audit-checkpoints.pub").read_text().strip()
    assert f"1 checkpoints signed with the key {key}" in verify(tmp_path / "unpacked", tmp_path).stdout
    line = json.loads(points.read_text())
    for name, value in (("at", "2026-11-22T00:00:00.000000Z"), ("signature", "00" * 64), ("signature", "no hex")):
        forged = line | {name: value} if name in line else {**line, "checkpoint": line["checkpoint"] | {name: value}}
        points.write_text(f"{json.dumps(forged)}\n")
        done = verify(tmp_path / "unpacked", tmp_path)
        assert done.returncode == 1 and "is not signed with the key beside it" in done.stderr
    (tmp_path / "unpacked" / "audit-checkpoints.pub").unlink()
    assert "audit-checkpoints.pub, is missing" in verify(tmp_path / "unpacked", tmp_path).stderr


@given(st.binary(max_size=200), st.integers(0, 511))
@settings(max_examples=15)
def test_signatures_are_tested_as_a_library_does(message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw().hex(), key.sign(message)
    assert is_signed(public, signature.hex(), message)
    other = bytearray(signature)
    other[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, other.hex(), message)
    assert not is_signed(public, signature.hex(), message + b"x")


def test_a_part_is_exported_by_the_same_filter_and_says_that_it_is_one(desk: Desk, tmp_path: Path) -> None:
    case = desk.held()
    auditor = desk.client("auditor")
    page = auditor.get(f"/audit?subject=case:{case.case_id}").text
    answer = auditor.get(
        "/v1/audit/export", params={"subject": f"case:{case.case_id}", "related": "true", "action": "case.*"}
    )
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "unpacked")
    lines = (tmp_path / "unpacked" / "audit.jsonl").read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["case.opened"]
    done = verify(tmp_path / "unpacked", tmp_path)
    assert done.returncode == 0 and "sound: 1 entries, a part:" in done.stdout
    assert "/v1/audit/export?subject=case%3A" in page and "related=true" in page
    (tmp_path / "unpacked" / "audit.jsonl").write_text("")
    assert "1 entries were exported, 0 are here" in verify(tmp_path / "unpacked", tmp_path).stderr
