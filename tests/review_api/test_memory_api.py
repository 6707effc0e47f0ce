"""Supplier memory from end to end: one correction, the next paper of that supplier read right, and withdrawn."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core.database import Database
from extraction.agreement import agrees
from extraction.extract import extract
from extraction.knowledge import EMPTY
from extraction.pipeline import ReadOptions, read_and_extract
from extraction.read import read
from review_api.knowing import KnowledgeFile
from review_api.worker import Worker
from tests.review_api.conftest import Desk
from tests.triage_shell.conftest import House
from training.series import Issue, series

FIELD = "purchase_order_reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A paper as it was decided."""

    field: dict[str, Any] | None
    case_id: str | None
    extraction: dict[str, Any]


def is_misread(issue: Issue) -> bool:
    found = extract(read(issue.printed.pdf, media_type="application/pdf")).fields.get(FIELD)
    return found is None or not agrees(FIELD, found.value, issue.fields[FIELD])


@pytest.fixture(scope="module")
def issues() -> tuple[Issue, ...]:
    """Papers of a supplier whose word for the order number nobody knows, and which are misread for it."""
    for number in range(40):
        made = series(Random(f"memory api {number}"), FIELD, 3)
        if made and all(is_misread(issue) for issue in made):
            return made
    pytest.fail("every unknown label is read right: choose other papers")


def send(desk: Desk, client: Any, issue: Issue) -> Sent:
    """Uploads a paper, has it decided, and shows what was read."""
    files = {"file": ("paper.pdf", issue.printed.pdf, "application/pdf")}
    taken = client.post("/v1/documents", files=files)
    assert taken.status_code == 202, taken.text
    Worker(desk.services, node="node-1").run(once=True)
    shown = client.get(f"/v1/documents/{taken.json()['document_id']}").json()
    return Sent(
        field=shown["extraction"]["fields"].get(FIELD), case_id=shown["case_id"], extraction=shown["extraction"]
    )


def test_one_correction_fixes_the_next_paper_and_withdrawn_it_is_as_before(
    desk: Desk, issues: tuple[Issue, ...]
) -> None:
    clerk, approver = desk.client("ap_clerk"), desk.client("ap_approver")
    first = send(desk, clerk, issues[0])
    assert first.case_id is not None
    shown = clerk.get(f"/v1/cases/{first.case_id}")
    corrected = clerk.post(
        f"/v1/cases/{first.case_id}/correct",
        json={"changes": {FIELD: issues[0].fields[FIELD]}},
        headers={"If-Match": shown.headers["ETag"]},
    )
    assert corrected.status_code == 200, corrected.text
    assert [one["state"] for one in clerk.get("/v1/memory").json()["memory"]] == ["new"]

    second = send(desk, clerk, issues[1])
    assert second.field is not None and agrees(FIELD, second.field["value"], issues[1].fields[FIELD])
    assert "stands where it was corrected before, on 2026-11-23" in second.field["reasons"]
    (kept,) = clerk.get("/v1/memory", params={"state": "learnt"}).json()["memory"]
    assert (kept["field"], kept["remembered_by"]) == (FIELD, "ap_clerk")
    assert second.extraction["recalls"] == [{"field": FIELD, "memory_id": kept["memory_id"], "followed": True}]
    assert (desk.services.settings.home / "knowledge" / f"{second.extraction['knowledge']}.json").exists()

    now = clerk.post("/v1/extract", files={"file": ("paper.pdf", issues[2].printed.pdf, "application/pdf")}).json()
    assert agrees(FIELD, now["fields"][FIELD]["value"], issues[2].fields[FIELD])

    withdrawn = approver.post(f"/v1/memory/{kept['memory_id']}/withdraw")
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    third = send(desk, clerk, issues[2])
    assert third.extraction["recalls"] == []
    assert third.field is None or not agrees(FIELD, third.field["value"], issues[2].fields[FIELD])
    assert [
        entry["action"]
        for entry in approver.get("/v1/audit", params={"subject": f"memory:{kept['memory_id']}"}).json()["entries"]
    ] == [
        "memory.withdrawn",
        "memory.learnt",
    ]


def test_a_paper_whose_bytes_are_gone_teaches_nothing_and_stops_no_work(desk: Desk, issues: tuple[Issue, ...]) -> None:
    clerk = desk.client("ap_clerk")
    first = send(desk, clerk, issues[0])
    shown = clerk.get(f"/v1/cases/{first.case_id}")
    changes = {"changes": {FIELD: issues[0].fields[FIELD]}}
    clerk.post(f"/v1/cases/{first.case_id}/correct", json=changes, headers={"If-Match": shown.headers["ETag"]})
    desk.services.store.path(first.extraction["sha256"]).unlink()
    second = send(desk, clerk, issues[1])
    assert second.extraction["recalls"] == []
    assert [one["state"] for one in clerk.get("/v1/memory").json()["memory"]] == ["unplaced"]


def test_a_withdrawal_of_what_is_not_there_says_so(desk: Desk) -> None:
    answer = desk.client("admin").post("/v1/memory/mem_nothing/withdraw")
    assert (answer.status_code, answer.json()["code"]) == (404, "MEMORY-NOT-FOUND")


def test_knowledge_is_written_anew_only_when_something_changed(database: Database, tmp_path: Path, desk: Desk) -> None:
    knowing = KnowledgeFile(tmp_path / "knowledge")
    first = knowing.path(desk.services.db)
    assert first is not None and first == knowing.path(desk.services.db)
    house: House = desk.house
    house.later(1)
    house.load_feeds(
        purchase_orders="po_number,supplier_id,ordered_at,currency\n4700001,S-1,2026-11-01T08:00:00Z,EUR\n"
    )
    second = knowing.path(desk.services.db)
    assert second is not None and second != first and second.stem in second.read_text("utf-8")


def test_papers_are_read_without_knowledge_when_its_file_is_gone(issues: tuple[Issue, ...], tmp_path: Path) -> None:
    options = ReadOptions(knowledge=tmp_path / "gone.json")
    assert read_and_extract(issues[0].printed.pdf, options) == read_and_extract(issues[0].printed.pdf)
    assert EMPTY.version is None
