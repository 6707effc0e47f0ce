"""Who is to check a paper blind learns nowhere, page or API, what the first found, or how sure the machine was."""

import io
import zipfile
from typing import Any

import pytest

from core.clock import FixedClock
from review_api.auth import Principal
from review_api.blinding import hidden
from tests.review_api.conftest import Desk
from tests.review_api.rights import STATED
from tests.review_api.test_deciding import match, sampled
from triage.case_records import CaseSummary

TOLD = ("SECRET-77", "looks odd to me", "why is that", "note.txt")
"""What the first person left behind: a corrected number, a note, a question, a file."""

OTHER = (
    "/login /upload /welcome/{token} /people /keys /me /policy /away /language/{language} /livez /readyz /metrics "
    "/webhooks /bulk/ /insights /v1/absences /v1/filters /v1/bulk/ /v1/feeds /v1/insights /v1/models /v1/policy /v1/me "
    "/v1/sessions /v1/people /v1/keys /v1/audit/checkpoints /v1/audit/verification /v1/webhooks /v1/events/schemas "
    # the paper itself, as it came; of a file, its name is known only from the list, which is closed
    "/v1/documents/{document_id}/original /v1/documents/{document_id}/pages/ "
    "/v1/cases/{case_id}/attachments/{attachment_id} /v1/cases/{case_id}/reasons"
)
"""What addresses begin with that say nothing of one paper beside what stands on it; a new one is tested, or is here."""


def checked_once(desk: Desk) -> CaseSummary:
    """A paper that anna has asked about, written on and corrected, and carl approved; a second person must check it."""
    case, carl, anna = sampled(desk), desk.client("ap_clerk", "carl"), desk.client("ap_clerk", "anna")
    where = f"/v1/cases/{case.case_id}"

    def post(action: str, body: dict[str, Any], who: Any = anna) -> Any:
        done = who.post(f"{where}/{action}", json=body, headers=match(anna, case))
        assert done.status_code < 300, done.text
        return done.json()

    post("comment", {"text": "looks odd to me"})
    anna.post(f"{where}/attachments", files={"file": ("note.txt", b"a note")})
    ask = {"resolution": "request_information", "reason_code": "ask_supplier", "comment": "why is that"}
    post("resolve", ask)
    post("answer", {"text": "because"})
    changes = {"invoice_number": "SECRET-77", "total_with_vat": "238"}
    assert post("correct", {"changes": changes})["outcome"] == "sample"
    ended = post("resolve", {"resolution": "approve", "reason_code": "sample_confirmed", "comment": "fine"}, carl)
    assert ended["review_stage"] == "second"
    return case


def addresses(case: CaseSummary) -> list[str]:
    names = {"{case_id}": case.case_id, "{document_id}": case.document_id, "{number}": "1"}
    found = []
    for endpoint in STATED:
        method, path = endpoint.split(" ")
        if method == "GET" and not path.startswith(tuple(OTHER.split())):
            for gap, value in names.items():
                path = path.replace(gap, value)
            assert "{" not in path, path
            found.append(path)
    return [*found, "/?tab=sampled", f"/audit?subject=case:{case.case_id}", "/v1/memory?limit=500"]


def text_of(answer: Any) -> str:
    if answer.headers.get("content-type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
            return files.read("audit.jsonl").decode()
    return answer.text if "image" not in answer.headers.get("content-type", "") else ""


@pytest.mark.parametrize("role", ["ap_clerk", "ap_approver", "admin"])
def test_no_address_tells_a_blind_checker_what_the_first_found(desk: Desk, role: str) -> None:
    case = checked_once(desk)
    blind = desk.client(role, "ben")
    for path in addresses(case):
        answer = blind.get(path, follow_redirects=True)
        assert answer.status_code in {200, 204, 403, 404}, path
        said = text_of(answer)
        assert [told for told in TOLD if told in said] == [], path
        if case.document_id in path or case.case_id in path:
            assert '"confidence"' not in said and 'class="trust"' not in said, path


def test_a_key_of_another_program_is_no_way_round_it(desk: Desk) -> None:
    case = checked_once(desk)
    for path in (f"/v1/documents/{case.document_id}", f"/v1/cases/{case.case_id}", "/v1/cases"):
        said = desk.key("cases:read").get(path).text
        assert "SECRET-77" not in said and '"confidence"' not in said and "R-8812" in said, path


def test_an_auditor_sees_the_whole_audit_and_a_blind_approver_is_told_what_is_left_out(desk: Desk) -> None:
    case = checked_once(desk)
    auditor, approver = desk.client("auditor"), desk.client("ap_approver", "dora")
    assert "SECRET-77" in auditor.get("/v1/audit?limit=1000").text
    assert "Left out: entries about papers" not in auditor.get("/audit").text
    seen = approver.get("/v1/audit?limit=1000").json()["entries"]
    assert {f"case:{case.case_id}", f"document:{case.document_id}"}.isdisjoint(one["subject"] for one in seen)
    assert len(seen) > 3, "everything else is there"
    assert "Left out: entries about papers" in approver.get("/audit").text
    with zipfile.ZipFile(io.BytesIO(approver.get("/v1/audit/export").content)) as files:
        assert case.case_id in files.read("export.json").decode(), "the export says what it is without"


def test_who_has_judged_the_paper_and_everybody_after_the_second_sees_all_of_it(desk: Desk) -> None:
    case = checked_once(desk)
    carl = desk.clients[0]
    assert "SECRET-77" in carl.get(f"/v1/documents/{case.document_id}").text
    ben = desk.client("ap_clerk", "ben")
    verdict = {"resolution": "approve", "reason_code": "sample_confirmed", "differs": {"invoice_number": "SECRET-77"}}
    done = ben.post(f"/v1/cases/{case.case_id}/resolve", json=verdict, headers=match(ben, case))
    assert done.status_code == 200, done.text
    told = ben.get(f"/v1/documents/{case.document_id}").json()
    assert told["extraction"]["fields"]["invoice_number"]["value"] == "SECRET-77"
    assert told["decision"] is not None


def test_what_is_hidden_is_nothing_where_no_paper_waits_for_a_second_person(desk: Desk, clock: FixedClock) -> None:
    desk.held()
    ben = Principal(name="ben", kind="user", role="ap_approver")
    assert hidden(desk.services, ben).subjects == ()
