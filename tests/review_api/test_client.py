"""The example client does a house's day over the real application, and tries again without doing anything twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from examples.clearhold_client import FIRST_WAIT, Clearhold, Refused
from review_api.worker import Worker
from tests.review_api.conftest import Desk

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
PAPER = EXAMPLES / "papers/016-homeware-inv-002172.xml"


def test_the_client_does_a_day_from_feed_to_resolved_case(desk: Desk) -> None:
    machine = Clearhold(desk.key("documents:write", "feeds:write", "cases:read"))
    anna, rita = Clearhold(desk.client("ap_approver", "anna")), Clearhold(desk.client("auditor", "rita"))
    for name in ("suppliers", "purchase_orders", "purchase_order_lines"):
        assert machine.load_feed(name, f"{name}.csv", (EXAMPLES / f"feeds/{name}.csv").read_bytes())["new"] > 0
    (read,) = machine.extract(PAPER.name, PAPER.read_bytes())
    assert read["fields"]["invoice_number"]["value"] == "INV-002172"
    taken = machine.take_in(PAPER.name, PAPER.read_bytes())
    Worker(desk.services, "node").run(once=True)
    (waiting,) = machine.cases(state="open")
    assert waiting["document_id"] == taken["document_id"]
    assert machine.document(taken["document_id"])["case_id"] == waiting["case_id"]
    with pytest.raises(Refused) as refused:
        machine.claim(machine.case(waiting["case_id"]))
    assert (refused.value.status, refused.value.code) == (403, "AUTH-ROLE")
    assert refused.value.remedy and refused.value.request_id
    case = anna.case(waiting["case_id"])
    claimed = anna.claim(case)
    assert (claimed.state, claimed.told["claimed_by"]) == ("claimed", "anna")
    with pytest.raises(Refused, match="CASE-CHANGED"):
        anna.release(case)
    anna.comment(claimed, "Asked Jo at the dock.")
    done = anna.resolve(claimed, "reject", "not_ordered", "nobody ordered it")
    assert done.state in {"waiting", "resolved"}
    entries = list(rita.audit(limit=2, subject=f"case:{waiting['case_id']}"))
    assert {"case.opened", "case.claimed"} <= {entry["action"] for entry in entries} and len(entries) > 2
    assert rita.policy()["version"] == 1


def test_what_had_no_answer_or_no_room_is_tried_again_under_one_key() -> None:
    keys, waits = list[str](), list[float]()
    problem = {"Content-Type": "application/problem+json"}

    def answers() -> Iterator[httpx.Response]:
        yield httpx.Response(429, json={"code": "RATE-LIMIT"}, headers=problem | {"Retry-After": "7"})
        yield httpx.Response(409, json={"code": "IDEM-BUSY"}, headers=problem | {"Retry-After": "2"})
        yield httpx.Response(503, text="a proxy's page")
        yield httpx.Response(202, json={"document_id": "doc_1"})

    left = answers()

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadError("the connection went away")
        return next(left)

    http = httpx.Client(base_url="http://house", transport=httpx.MockTransport(answer))
    with Clearhold(http, sleep=waits.append) as client:
        assert client.take_in("a.pdf", b"%PDF")["document_id"] == "doc_1"
    assert len(keys) == 5 and len(set(keys)) == 1
    assert waits[0] <= FIRST_WAIT and 7 <= waits[1] <= 7 + FIRST_WAIT and 2 <= waits[2] <= 2 + FIRST_WAIT


def test_in_the_end_the_failure_is_told_and_what_may_not_be_repeated_is_not() -> None:
    tried = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        tried.append(request.method)
        if request.method == "DELETE":
            raise httpx.ConnectError("nobody there")
        return httpx.Response(503, text="closed")

    http = httpx.Client(base_url="http://house", transport=httpx.MockTransport(answer))
    with Clearhold(http, tries=3, sleep=lambda _: None) as client:
        with pytest.raises(Refused, match="HTTP-503"):
            client.policy()
        with pytest.raises(httpx.ConnectError):
            client.remove_webhook("whe_1")
    assert tried == ["GET"] * 3 + ["DELETE"]
