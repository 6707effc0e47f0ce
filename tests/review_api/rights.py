"""The table of rights: what every address of the site, pages and API, asks of whoever calls. Said here once more.

A new endpoint without a line here fails `test_rights.py`; so does a line whose endpoint is gone.
"""

from collections.abc import Iterator, Mapping

from fastapi import FastAPI
from fastapi.routing import APIRoute

EVERYONE = frozenset({"ap_clerk", "ap_approver", "planner", "auditor", "admin"})
WORKERS = EVERYONE - {"auditor"}
NOBODY: frozenset[str] = frozenset()

RIGHTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "open": (EVERYONE, NOBODY),
    "cases.read": (EVERYONE, frozenset({"cases:read"})),
    "cases.work": (WORKERS, NOBODY),
    "documents.read": (EVERYONE, frozenset({"cases:read", "documents:write"})),
    "documents.write": (WORKERS, frozenset({"documents:write"})),
    "feeds.read": (EVERYONE, frozenset({"cases:read", "feeds:write"})),
    "feeds.write": (frozenset({"planner", "admin"}), frozenset({"feeds:write"})),
    "memory.read": (EVERYONE, frozenset({"cases:read"})),
    "memory.withdraw": (WORKERS, NOBODY),
    "policy.read": (EVERYONE, frozenset({"cases:read"})),
    "people.manage": (frozenset({"admin"}), NOBODY),
    "webhooks.manage": (frozenset({"admin"}), NOBODY),
    "events.read": (EVERYONE, frozenset({"cases:read", "score"})),
    "policy.change": (frozenset({"ap_approver", "planner", "admin"}), NOBODY),
    "score": (frozenset({"planner", "admin"}), frozenset({"score"})),
    "models.read": (EVERYONE, frozenset({"cases:read", "score"})),
    "me": (EVERYONE, NOBODY),
    "metrics.read": (frozenset({"admin"}), frozenset({"metrics"})),
    "filters": (EVERYONE, NOBODY),
    "absences.read": (EVERYONE, NOBODY),
    "absences.change": (WORKERS, NOBODY),
    "insights.read": (EVERYONE, frozenset({"cases:read"})),
    "audit.read": (frozenset({"ap_approver", "auditor", "admin"}), NOBODY),
}
"""By right, the roles of people and the scopes of keys that have it."""

STATED: Mapping[str, str] = {
    # pages
    "GET /login": "open",
    "POST /login": "open",
    "POST /logout": "documents.read",
    "GET /": "cases.read",
    "POST /cases/next": "cases.work",
    "GET /cases/{case_id}": "cases.read",
    "POST /cases/{case_id}/assign": "cases.work",
    "POST /cases/{case_id}/answer": "cases.work",
    "POST /cases/{case_id}/ask": "cases.work",
    "POST /cases/{case_id}/attach": "cases.work",
    "POST /cases/{case_id}/check": "cases.work",
    "POST /cases/{case_id}/claim": "cases.work",
    "POST /cases/{case_id}/comment": "cases.work",
    "POST /cases/{case_id}/correct": "cases.work",
    "POST /cases/{case_id}/escalate": "cases.work",
    "POST /cases/{case_id}/resolve": "cases.work",
    "POST /cases/{case_id}/undo": "cases.work",
    "GET /documents": "documents.read",
    "GET /documents/{document_id}": "documents.read",
    "GET /upload": "documents.write",
    "POST /upload": "documents.write",
    "GET /insights": "insights.read",
    "GET /audit": "audit.read",
    "GET /welcome/{token}": "open",
    "POST /welcome/{token}": "open",
    "GET /people": "people.manage",
    "POST /people": "people.manage",
    "GET /people/{name}": "people.manage",
    "POST /people/{name}": "people.manage",
    "GET /keys": "people.manage",
    "POST /keys": "people.manage",
    "GET /webhooks": "webhooks.manage",
    "POST /webhooks": "webhooks.manage",
    "POST /webhooks/{endpoint_id}": "webhooks.manage",
    "GET /me": "me",
    "POST /me/password": "me",
    "POST /me/sessions": "me",
    "POST /me/absences": "absences.change",
    "GET /policy": "policy.read",
    "GET /policy/versions/{version}": "policy.read",
    "GET /policy/differences": "policy.read",
    "GET /policy/draft": "policy.change",
    "POST /policy/draft": "policy.change",
    "GET /policy/previews/{run_id}": "policy.change",
    "GET /policy/preview/{preview_hash}": "policy.read",
    "POST /policy/propose": "policy.change",
    "POST /policy/reject": "policy.change",
    "POST /policy/withdraw": "policy.change",
    "POST /filters": "filters",
    "POST /filters/{filter_id}": "filters",
    "POST /bulk": "cases.work",
    "POST /bulk/do": "cases.work",
    "GET /bulk/{bulk_id}": "cases.read",
    "POST /bulk/{bulk_id}/undo": "cases.work",
    "GET /away": "absences.read",
    "POST /away": "absences.change",
    "POST /away/{absence_id}/end": "absences.change",
    "GET /language/{language}": "open",
    "POST /language": "me",
    # outside /v1
    "GET /livez": "open",
    "GET /readyz": "open",
    "GET /metrics": "metrics.read",
    # cases
    "GET /v1/cases": "cases.read",
    "GET /v1/cases/{case_id}": "cases.read",
    "POST /v1/cases/next": "cases.work",
    "POST /v1/cases/{case_id}/answer": "cases.work",
    "POST /v1/cases/{case_id}/approve": "cases.work",
    "GET /v1/cases/{case_id}/attachments": "cases.read",
    "POST /v1/cases/{case_id}/attachments": "cases.work",
    "GET /v1/cases/{case_id}/attachments/{attachment_id}": "cases.read",
    "GET /v1/cases/{case_id}/attachments/{attachment_id}/pages/{number}.png": "cases.read",
    "GET /v1/cases/{case_id}/letter": "cases.read",
    "GET /v1/cases/{case_id}/questions": "cases.read",
    "GET /v1/cases/{case_id}/reasons": "cases.read",
    "POST /v1/cases/{case_id}/check": "cases.work",
    "POST /v1/cases/{case_id}/claim": "cases.work",
    "POST /v1/cases/{case_id}/comment": "cases.work",
    "POST /v1/cases/{case_id}/correct": "cases.work",
    "POST /v1/cases/{case_id}/try": "cases.work",
    "GET /v1/cases/{case_id}/draft": "cases.work",
    "PUT /v1/cases/{case_id}/draft": "cases.work",
    "POST /v1/cases/{case_id}/escalate": "cases.work",
    "POST /v1/cases/{case_id}/heartbeat": "cases.work",
    "POST /v1/cases/{case_id}/release": "cases.work",
    "POST /v1/cases/{case_id}/resolve": "cases.work",
    "POST /v1/cases/{case_id}/undo": "cases.work",
    # shared work
    "POST /v1/cases/{case_id}/assign": "cases.work",
    "POST /v1/cases/{case_id}/unassign": "cases.work",
    "GET /v1/absences": "absences.read",
    "POST /v1/absences": "absences.change",
    "DELETE /v1/absences/{absence_id}": "absences.change",
    "GET /v1/filters": "filters",
    "GET /v1/filters/counts": "filters",
    "POST /v1/filters": "filters",
    "PUT /v1/filters/{filter_id}": "filters",
    "DELETE /v1/filters/{filter_id}": "filters",
    "POST /v1/bulk": "cases.work",
    "POST /v1/bulk/preview": "cases.work",
    "GET /v1/bulk/{bulk_id}": "cases.read",
    # documents and what is remembered of them
    "POST /v1/documents": "documents.write",
    "GET /v1/documents/{document_id}": "documents.read",
    "GET /v1/documents/{document_id}/original": "documents.read",
    "GET /v1/documents/{document_id}/pages/{number}.png": "documents.read",
    "GET /v1/documents/{document_id}/pages/{number}/words": "documents.read",
    "POST /v1/extract": "documents.write",
    "GET /v1/memory": "memory.read",
    "POST /v1/memory/{memory_id}/withdraw": "memory.withdraw",
    # the house
    "GET /v1/audit": "audit.read",
    "GET /v1/audit/checkpoints": "audit.read",
    "GET /v1/audit/export": "audit.read",
    "GET /v1/audit/verification": "audit.read",
    "GET /v1/feeds": "feeds.read",
    "POST /v1/feeds/{name}": "feeds.write",
    "GET /v1/export/event-log": "audit.read",
    "GET /v1/insights": "insights.read",
    "GET /v1/insights/{name}": "insights.read",
    "GET /v1/insights/models": "insights.read",
    "GET /v1/insights/promise": "insights.read",
    "GET /v1/insights/promise.svg": "insights.read",
    "GET /v1/models": "models.read",
    "GET /v1/policy": "policy.read",
    "PUT /v1/policy": "policy.change",
    "POST /v1/policy/preview": "policy.change",
    "GET /v1/policy/preview/{preview_hash}": "policy.read",
    "POST /v1/policy/previews": "policy.change",
    "GET /v1/policy/previews/{run_id}": "policy.change",
    "GET /v1/policy/versions": "policy.read",
    "GET /v1/policy/versions/{version}": "policy.read",
    "GET /v1/policy/differences": "policy.read",
    "POST /v1/policy/check": "policy.change",
    "GET /v1/policy/draft": "policy.change",
    "PUT /v1/policy/draft": "policy.change",
    "DELETE /v1/policy/draft": "policy.change",
    "POST /v1/policy/reject": "policy.change",
    "POST /v1/policy/withdraw": "policy.change",
    "GET /v1/me": "me",
    "GET /v1/me/session": "me",
    "POST /v1/me/session": "me",
    "PUT /v1/me/password": "me",
    "GET /v1/sessions": "me",
    "DELETE /v1/sessions/{session_id}": "me",
    "GET /v1/people": "people.manage",
    "POST /v1/people": "people.manage",
    "GET /v1/people/{name}": "people.manage",
    "PATCH /v1/people/{name}": "people.manage",
    "POST /v1/people/{name}/reset": "people.manage",
    "DELETE /v1/people/{name}/sessions": "people.manage",
    "GET /v1/keys": "people.manage",
    "POST /v1/keys": "people.manage",
    "DELETE /v1/keys/{name}": "people.manage",
    "PUT /v1/me/language": "me",
    # events for other programs
    "GET /v1/events/schemas": "events.read",
    "GET /v1/events/schemas/{event_type}": "events.read",
    "GET /v1/taxonomy": "events.read",
    "GET /v1/webhooks": "webhooks.manage",
    "POST /v1/webhooks": "webhooks.manage",
    "GET /v1/webhooks/{endpoint_id}": "webhooks.manage",
    "PATCH /v1/webhooks/{endpoint_id}": "webhooks.manage",
    "DELETE /v1/webhooks/{endpoint_id}": "webhooks.manage",
    "POST /v1/webhooks/{endpoint_id}/rotate": "webhooks.manage",
    "POST /v1/webhooks/{endpoint_id}/test": "webhooks.manage",
    "POST /v1/webhooks/{endpoint_id}/resend": "webhooks.manage",
    "GET /v1/webhooks/{endpoint_id}/deliveries": "webhooks.manage",
    "POST /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/resend": "webhooks.manage",
    # orchestration
    "POST /v1/decide/demand": "score",
    "POST /v1/decide/invoices": "score",
    "POST /v1/decide/orders": "score",
    "POST /v1/decide/replenishment": "score",
    "POST /v1/score/demand": "score",
    "POST /v1/score/invoices": "score",
    "POST /v1/score/orders": "score",
    "POST /v1/score/replenishment": "score",
}
"""By method and address, the right it asks for."""

_FILLED = {"{number}": "1"}


def endpoints(app: FastAPI) -> Iterator[str]:
    """Every endpoint of the application, pages too: `POST /cases/{case_id}/undo`."""
    for route in _routes(app.router):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield f"{method} {route.path}"


def address(endpoint: str) -> tuple[str, str]:
    """Its method, and its address with a made-up name in each gap."""
    method, path = endpoint.split(" ")
    for gap, value in _FILLED.items():
        path = path.replace(gap, value)
    while "{" in path:
        path = path[: path.index("{")] + "x" + path[path.index("}") + 1 :]
    return method, path


def _routes(router: object) -> Iterator[APIRoute]:
    for route in getattr(router, "routes", ()):
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _routes(getattr(route, "original_router", None))
