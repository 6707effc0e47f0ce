"""Every call of the API once, in an order in which each finds what it is about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from triage.policies import built_in_text

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PAPER, PICTURE = EXAMPLES / "papers/016-homeware-inv-002172.xml", EXAMPLES / "papers/005-homeware-inv-002183.pdf"
DRAFT = built_in_text().replace("ap_clerk = 10000", "ap_clerk = 500")
SINCE = {"since": "2026-11-01T00:00:00Z"}
ORDERS = {"subjects": [{"order_id": "O1"}, {"order_id": "O2"}]}
ITEM = {"item_id": "A", "location_id": "WH1"}
ORDERED = {"subjects": [ITEM | {"recommendation": {"quantity": 5, "supplier_id": "S9"}}]}


def _file(path: Path) -> dict[str, tuple[str, bytes]]:
    return {"file": (path.name, path.read_bytes())}


def _documents(r: Any) -> None:
    taken = r.call("key", "POST /v1/documents", files=_file(PICTURE))
    r.known["document_id"] = taken["document_id"]
    r.work()
    r.call("key", "GET /v1/documents/{document_id}")
    r.call("key", "GET /v1/documents/{document_id}/pages/{number}.png", {"number": "1"})
    r.call("key", "GET /v1/documents/{document_id}/pages/{number}/words", {"number": "1"})
    r.call("key", "GET /v1/documents/{document_id}/original")
    r.call("key", "POST /v1/extract", files=_file(PAPER))


def _scoring(r: Any) -> None:
    for what, asked in (("orders", ORDERS), ("demand", {}), ("replenishment", ORDERED), ("invoices", {})):
        r.call("key", f"POST /v1/score/{what}", json=asked)
        r.call("key", f"POST /v1/decide/{what}", json=asked)
    r.call("key", "GET /v1/models")


def _cases(r: Any) -> None:
    held = r.desk.held_for_terms()
    r.known["case_id"] = held.case_id
    at = "/v1/cases/{case_id}/"
    r.call("key", "GET /v1/cases", params={"state": "open", "limit": 2})
    r.call("key", "GET /v1/cases/{case_id}")
    r.call("anna", f"POST {at}claim", if_match="case")
    r.call("anna", f"POST {at}heartbeat")
    r.call("anna", f"PUT {at}draft", json={"typed": {"due_date": "2026-12-16"}})
    r.call("anna", f"GET {at}draft")
    r.call("anna", f"POST {at}check", json={"values": {"due_date": "2026-12-16"}})
    r.call("anna", f"POST {at}comment", json={"text": "Asked Jo at the dock."})
    r.call("anna", f"POST {at}attachments", files=_file(PICTURE))
    (kept, *_) = r.call("anna", f"GET {at}attachments")
    r.known["attachment_id"] = kept["attachment_id"]
    r.call("anna", f"GET {at}attachments/{{attachment_id}}")
    r.call("anna", f"GET {at}attachments/{{attachment_id}}/pages/{{number}}.png", {"number": "1"})
    r.call("key", f"GET {at}reasons")
    r.call("anna", f"GET {at}letter")
    r.call("anna", f"POST {at}release", if_match="case")
    r.client("ben")
    r.call("ben", f"POST {at}assign", if_match="case", json={"to": "anna"})
    r.call("ben", f"POST {at}unassign", if_match="case")
    ask = {"resolution": "request_information", "reason_code": "ask_supplier", "comment": "Which day was agreed?"}
    r.call("anna", f"POST {at}resolve", if_match="case", json=ask)
    r.call("anna", f"GET {at}questions")
    r.call("anna", f"POST {at}answer", if_match="case", json={"text": "The 16th of December."})
    r.call("anna", f"POST {at}resolve", if_match="case", json={"resolution": "reject", "reason_code": "wrong_quantity"})
    r.call("anna", f"POST {at}undo", if_match="case")
    r.call("anna", f"POST {at}escalate", if_match="case", json={"to_role": "ap_approver", "comment": "Not mine."})
    r.call("ben", f"POST {at}approve", if_match="case", json={"reason_code": "price_agreed", "comment": "By phone."})
    _more_cases(r, at)


def _more_cases(r: Any, at: str) -> None:
    wrong = {"case_id": r.desk.held({"invoice_number": "K-4712"}).case_id}
    changes = {"changes": {"lines.1.quantity": "10"}}
    r.call("anna", f"POST {at}correct", wrong, if_match="case", json=changes)
    planned = next(one for one in r.client("pia").get("/v1/cases").json()["cases"] if one["kind"] == "recommendation")
    r.call("pia", f"POST {at}try", {"case_id": planned["case_id"]}, json={"changes": {"quantity": "12"}})
    r.call("anna", "POST /v1/cases/next")


def _sharing(r: Any) -> None:
    away = {"first_day": "2026-11-24", "last_day": "2026-11-27", "substitute": "ben"}
    r.known["absence_id"] = r.call("anna", "POST /v1/absences", json=away)["absence_id"]
    r.call("anna", "GET /v1/absences")
    r.call("anna", "DELETE /v1/absences/{absence_id}")
    saved = r.call("anna", "POST /v1/filters", json={"name": "terms", "query": {"code": "INV-TERMS", "due": "3d"}})
    r.known["filter_id"] = saved["filter_id"]
    r.call("anna", "GET /v1/filters")
    r.call("anna", "GET /v1/filters/counts", params={"id": saved["filter_id"]})
    r.call("anna", "PUT /v1/filters/{filter_id}", json={"name": "short terms", "shared": True})
    r.call("anna", "DELETE /v1/filters/{filter_id}")
    case = r.desk.held()
    asked = {"action": "reject", "code": case.codes[0], "reason_code": "wrong_quantity"}
    r.call("anna", "POST /v1/bulk/preview", json=asked | {"cases": [case.case_id]})
    chosen = [{"case_id": case.case_id, "version": case.version}]
    r.call("anna", "POST /v1/bulk", json=asked | {"cases": chosen, "bulk_id": "bulk_abc1"})
    r.call("anna", "GET /v1/bulk/{bulk_id}", {"bulk_id": "bulk_abc1"})
    r.call("anna", "GET /v1/memory")
    r.call("ben", "POST /v1/memory/{memory_id}/withdraw", {"memory_id": "mem_nothing"})


def _feeds(r: Any) -> None:
    file = {"file": ("suppliers.csv", b"supplier_id,name\nS-9,Neun GmbH\n")}
    r.call("key", "POST /v1/feeds/{name}", {"name": "suppliers"}, files=file)
    r.call("key", "GET /v1/feeds")


def _policy(r: Any) -> None:
    r.call("key", "GET /v1/policy")
    r.call("ada", "POST /v1/policy/check", json={"text": DRAFT})
    r.call("ada", "PUT /v1/policy/draft", json={"text": DRAFT})
    r.call("ada", "GET /v1/policy/draft")
    r.call("ada", "DELETE /v1/policy/draft")
    previewed = r.call("ada", "POST /v1/policy/preview", json={"text": DRAFT, **SINCE})
    name = {"preview_hash": previewed["preview_hash"]}
    r.call("key", "GET /v1/policy/preview/{preview_hash}", name)
    run = r.call("ada", "POST /v1/policy/previews", json={"text": DRAFT})
    r.call("ada", "GET /v1/policy/previews/{run_id}", {"run_id": run["run_id"]})
    body = {"text": DRAFT, **name}
    for who, what in (("ada", "withdraw"), ("ben", "reject")):
        r.call("ada", "PUT /v1/policy", if_match='"1"', json=body)
        r.call(who, f"POST /v1/policy/{what}", json={"reason": "The limit is too low in December."})
    r.call("key", "GET /v1/policy/versions")
    r.call("key", "GET /v1/policy/versions/{version}", {"version": "1"})
    r.call("ada", "GET /v1/policy/differences", params={"before": "1", "after": "1"})


def _audit(r: Any) -> None:
    r.call("rita", "GET /v1/audit", params={"action": "case.*", "limit": 2})
    for name in ("verification", "checkpoints", "export"):
        r.call("rita", f"GET /v1/audit/{name}")
    r.call("rita", "GET /v1/export/event-log")


def _insights(r: Any) -> None:
    names = r.call("key", "GET /v1/insights")["names"]
    r.call("key", "GET /v1/insights/{name}", {"name": names[0]})
    for name in ("models", "promise", "promise.svg"):
        r.call("key", f"GET /v1/insights/{name}")


def _webhooks(r: Any) -> None:
    body = {"url": "https://example.com/clearhold", "event_types": ["case.opened"]}
    r.known["endpoint_id"] = r.call("ada", "POST /v1/webhooks", json=body)["webhook"]["endpoint_id"]
    at = "/v1/webhooks/{endpoint_id}"
    r.call("ada", "GET /v1/webhooks")
    r.call("ada", f"GET {at}")
    r.call("ada", f"PATCH {at}", json={"event_types": ["case.opened", "case.resolved"]})
    r.call("ada", f"POST {at}/rotate", json={"hours": 24})
    sent = r.call("ada", f"POST {at}/test")
    r.call("ada", f"GET {at}/deliveries")
    r.call("ada", f"POST {at}/deliveries/{{delivery_id}}/resend", {"delivery_id": sent["delivery_id"]})
    r.call("ada", f"POST {at}/resend")
    r.call("ada", f"DELETE {at}")
    r.call("key", "GET /v1/events/schemas")
    r.call("key", "GET /v1/events/schemas/{event_type}", {"event_type": "case.opened"})
    r.call("key", "GET /v1/taxonomy")


def _people(r: Any) -> None:
    who = {"name": "cleo"}
    r.call("ada", "POST /v1/people", json={"name": "cleo", "role": "ap_clerk"})
    r.call("ada", "GET /v1/people")
    r.call("ada", "GET /v1/people/{name}", who)
    r.call("ada", "PATCH /v1/people/{name}", who, json={"role": "ap_approver"})
    r.call("ada", "POST /v1/people/{name}/reset", who)
    r.call("ada", "DELETE /v1/people/{name}/sessions", who)
    r.call("ada", "POST /v1/keys", json={"name": "orchestration", "scopes": ["score"], "days": 365})
    r.call("ada", "GET /v1/keys")
    r.call("ada", "DELETE /v1/keys/{name}", {"name": "orchestration"})
    r.call("anna", "GET /v1/me")
    r.call("anna", "PUT /v1/me/language", json={"language": "de"})
    r.call("anna", "GET /v1/me/session")
    r.call("anna", "POST /v1/me/session")
    (own, *_) = r.call("ben", "GET /v1/sessions")
    r.call("ben", "DELETE /v1/sessions/{session_id}", {"session_id": own["session_id"]})
    r.call("anna", "PUT /v1/me/password", json={"current": "four words that fit", "new": "another four words fit"})


SECTIONS: tuple[tuple[str, Callable[[Any], None]], ...] = (
    ("Documents", _documents),
    ("Scoring and deciding", _scoring),
    ("Cases", _cases),
    ("Shared work and memory", _sharing),
    ("Feeds", _feeds),
    ("Policy", _policy),
    ("Audit and event log", _audit),
    ("Insights", _insights),
    ("Webhooks, events, categories", _webhooks),
    ("People, keys, sessions", _people),
)
"""What the page's sections are called, and the calls of each."""
