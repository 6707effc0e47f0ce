"""A client of Clearhold's API in one module: copy it, and change it as your house likes. It needs httpx alone.

    with connect("https://clearhold.example", key) as clearhold:
        taken = clearhold.take_in("invoice.pdf", data)

Every change carries an `Idempotency-Key` that stays the same when it is tried again, so a lost answer never makes two
of one. Tried again is what the service asks to (429, 503, `IDEM-BUSY`, after `Retry-After`) and what had no answer.
What it refuses is raised as one class, `Refused`, whose `code` is permanent and whose `remedy` says what to do.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

import httpx

Json = dict[str, Any]
Subjects = Literal["orders", "demand", "replenishment", "invoices"]
Query = Mapping[str, str | int | bool | None]
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
_REPEATABLE = frozenset({"GET", "POST"})
"""Done again after a lost connection: reading changes nothing, and a POST has its key."""


class Refused(Exception):  # noqa: N818  what it is called is what happened
    """The service's answer was no: an RFC 9457 problem.

    Attributes:
        code: permanent, to be branched on; `HTTP-502` and the like where something between answered.
        remedy: what to do about it, for people.
        request_id: names the request in the service's log.
        rejected: the rows of a feed that are wrong.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], request_id: str | None) -> None:
        self.status = status
        self.code = str(problem.get("code") or f"HTTP-{status}")
        self.detail = str(problem.get("detail") or "The answer is no problem document.")
        self.remedy = str(problem.get("remedy") or "")
        self.request_id = request_id or problem.get("request_id")
        self.rejected: list[Json] = problem.get("rejected") or []
        super().__init__(f"{self.code}: {self.detail} {self.remedy} (request {self.request_id})")


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was when it was read. Changes are made to this version of it, or refused with `CASE-CHANGED`."""

    case_id: str
    etag: str
    told: Json = field(repr=False)

    @property
    def state(self) -> str:
        """`open`, `claimed`, `waiting`, `asked` or `resolved`."""
        return str(self.told["state"])


def connect(address: str, key: str, *, timeout: float = 30.0) -> "Clearhold":
    """A client for an API key. For a person, hand `Clearhold` an `httpx.Client` that is logged in."""
    headers = {"Authorization": f"Bearer {key}"}
    return Clearhold(httpx.Client(base_url=address, headers=headers, timeout=timeout))


class Clearhold:
    """The calls of the API.

    Args:
        http: where they go; it carries the address and the credential.
        tries: how often a call is made before its failure is told.
        sleep: waits so many seconds between tries.
    """

    def __init__(self, http: httpx.Client, *, tries: int = 5, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http, self._tries, self._sleep = http, tries, sleep

    def __enter__(self) -> "Clearhold":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def take_in(self, file_name: str, data: bytes) -> Json:
        """Hands a document in; it is read and decided later. The same bytes are the same document."""
        return self._json("POST", "/documents", files={"file": (file_name, data)})

    def document(self, document_id: str) -> Json:
        """Where it stands, what it says, what was decided."""
        return self._json("GET", f"/documents/{_part(document_id)}")

    def page(self, document_id: str, number: int) -> bytes:
        """A page as PNG; pages count from 1."""
        return self.call("GET", f"/documents/{_part(document_id)}/pages/{number}.png").content

    def original(self, document_id: str) -> bytes:
        """The document as it came."""
        return self.call("GET", f"/documents/{_part(document_id)}/original").content

    def extract(self, file_name: str, data: bytes) -> list[Json]:
        """What a file says, read now; nothing is stored. One object for each document in it."""
        said = self.call("POST", "/extract", files={"file": (file_name, data)}).json()
        return said if isinstance(said, list) else [said]

    def score(self, what: Subjects, subjects: Sequence[Json] | None, *, deadline_ms: int | None = None) -> Json:
        """Judges now and stores nothing; what is late is answered with hold. None: all demand, all open invoices."""
        return self._asked(f"/score/{what}", subjects, deadline_ms)

    def decide(self, what: Subjects, subjects: Sequence[Json] | None, *, deadline_ms: int | None = None) -> Json:
        """The same; decisions are kept and cases opened. Asking again decides nothing twice."""
        return self._asked(f"/decide/{what}", subjects, deadline_ms)

    def cases(self, **filters: str | int | bool | None) -> Iterator[Json]:
        """What waits, the most urgent first; all pages, one by one. Filters are those of `GET /v1/cases`."""
        return self._pages("/cases", "cases", filters)

    def next_case(self) -> Case | None:
        """Claims the most urgent case that nobody holds; None where none waits."""
        answer = self.call("POST", "/cases/next")
        return None if answer.status_code == 204 else _case(answer)

    def case(self, case_id: str) -> Case:
        """A case with everything behind it."""
        return _case(self.call("GET", f"/cases/{_part(case_id)}"))

    def claim(self, case: Case) -> Case:
        """Claims it for some minutes; again, to keep it."""
        return self._change(case, "claim")

    def heartbeat(self, case: Case) -> Case:
        """Says that its holder still works on it."""
        return self._change(case, "heartbeat")

    def release(self, case: Case) -> Case:
        """Gives it back to the queue."""
        return self._change(case, "release")

    def correct(self, case: Case, changes: Mapping[str, str]) -> Case:
        """Puts right what was misread (empty takes a value away); the paper is decided again at once."""
        return self._change(case, "correct", {"changes": dict(changes)})

    def resolve(self, case: Case, resolution: str, reason_code: str, comment: str | None = None) -> Case:
        """Ends it with a reason, or has it wait for an answer (`request_information`)."""
        return self._change(case, "resolve", _given(resolution=resolution, reason_code=reason_code, comment=comment))

    def approve(self, case: Case, reason_code: str, comment: str | None = None) -> Case:
        """Approves it with a reason."""
        return self._change(case, "approve", _given(reason_code=reason_code, comment=comment))

    def escalate(self, case: Case, to_role: str, comment: str) -> Case:
        """Hands it to a higher role."""
        return self._change(case, "escalate", {"to_role": to_role, "comment": comment})

    def undo(self, case: Case) -> Case:
        """Takes back one's own resolution, until `undo_until`."""
        return self._change(case, "undo")

    def comment(self, case: Case, text: str) -> Json:
        """Leaves a note."""
        return self._json("POST", f"/cases/{_part(case.case_id)}/comment", json={"text": text})

    def load_feed(self, name: str, file_name: str, data: bytes) -> Json:
        """Loads a file, all or nothing; rejected rows are `Refused.rejected`."""
        return self._json("POST", f"/feeds/{_part(name)}", files={"file": (file_name, data)})

    def feeds(self) -> list[Json]:
        """Every feed, and when it was last loaded."""
        return self._list("/feeds")

    def policy(self) -> Json:
        """The policy in force, and what waits to follow it."""
        return self._json("GET", "/policy")

    def preview_policy(self, text: str) -> Json:
        """What a draft would have made of the past; its `preview_hash` is what a proposal names."""
        return self._json("POST", "/policy/preview", json={"text": text})

    def put_policy(self, text: str, preview_hash: str, version: int) -> Json:
        """Proposes a draft; the same from a second person puts it in force. `version` is that of the one in force."""
        headers = {"If-Match": f'"{version}"'}
        return self._json("PUT", "/policy", json={"text": text, "preview_hash": preview_hash}, headers=headers)

    def audit(self, **filters: str | int | bool | None) -> Iterator[Json]:
        """Entries of the audit chain from the newest back; all pages, one by one."""
        return self._pages("/audit", "entries", filters)

    def checkpoints(self) -> list[Json]:
        """Signed heads of the audit chain."""
        return self._list("/audit/checkpoints")

    def insight(self, name: str, **scope: str | int | bool | None) -> Json:
        """A figure of the house; scope as in `GET /v1/insights/{name}` (`from` as `**{"from": …}`)."""
        return self._json("GET", f"/insights/{_part(name)}", params=_given(**scope))

    def event_log(self) -> Json:
        """What happened, for process mining (OCEL 2.0)."""
        return self._json("GET", "/export/event-log")

    def webhooks(self) -> list[Json]:
        """Every endpoint that gets events, and how it does."""
        return self._list("/webhooks")

    def add_webhook(self, url: str, event_types: Sequence[str] | None = None) -> Json:
        """Adds one; the answer has its secret, this once."""
        types = None if event_types is None else list(event_types)
        return self._json("POST", "/webhooks", json=_given(url=url, event_types=types))

    def remove_webhook(self, endpoint_id: str) -> None:
        """Deletes one and what waits for it."""
        self.call("DELETE", f"/webhooks/{_part(endpoint_id)}")

    def deliveries(self, endpoint_id: str, state: str | None = None) -> Iterator[Json]:
        """What was sent there, waits or was given up, the newest first; all pages."""
        path = f"/webhooks/{_part(endpoint_id)}/deliveries"
        return self._pages(path, "deliveries", {"state": state}, follow=("next", "before"))

    def call(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Any call under `/v1`, tried again as all of them are.

        Raises:
            Refused: the service said no.
            httpx.TransportError: nobody answered, however often it was tried.
        """
        sent = dict(headers or {})
        if method == "POST":
            sent.setdefault("Idempotency-Key", str(uuid.uuid4()))
        for tried in range(1, self._tries + 1):
            is_last = tried == self._tries
            try:
                answer = self._http.request(method, f"/v1{path}", headers=sent, **more)
            except httpx.TransportError:
                if is_last or method not in _REPEATABLE:
                    raise
                self._sleep(_pause(tried, None))
                continue
            if answer.status_code < 300:
                return answer
            refused = _refused(answer)
            if is_last or not (refused.status in {429, 503} or refused.code == "IDEM-BUSY"):
                raise refused
            self._sleep(_pause(tried, answer.headers.get("Retry-After")))
        raise AssertionError("tries is at least 1")

    def _json(self, method: str, path: str, **more: Any) -> Json:
        told: Json = self.call(method, path, **more).json()
        return told

    def _list(self, path: str) -> list[Json]:
        told: list[Json] = self.call("GET", path).json()
        return told

    def _asked(self, path: str, subjects: Sequence[Json] | None, deadline_ms: int | None) -> Json:
        headers = {} if deadline_ms is None else {"X-Deadline-Ms": str(deadline_ms)}
        return self._json("POST", path, json=_given(subjects=subjects), headers=headers)

    def _change(self, case: Case, what: str, body: Json | None = None) -> Case:
        path = f"/cases/{_part(case.case_id)}/{what}"
        return _case(
            self.call("POST", path, headers={"If-Match": case.etag}, **({} if body is None else {"json": body}))
        )

    def _pages(
        self, path: str, of: str, filters: Query, follow: tuple[str, str] = ("next_cursor", "cursor")
    ) -> Iterator[Json]:
        asked = _given(**filters)
        while True:
            page = self._json("GET", path, params=asked)
            yield from page[of]
            if page[follow[0]] is None:
                return
            asked = {**asked, follow[1]: page[follow[0]]}


def _case(answer: httpx.Response) -> Case:
    told: Json = answer.json()
    return Case(told["case_id"], answer.headers["ETag"], told)


def _refused(answer: httpx.Response) -> Refused:
    is_problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
    return Refused(answer.status_code, answer.json() if is_problem else {}, answer.headers.get("X-Request-Id"))


def _pause(tried: int, asked: str | None) -> float:
    """Seconds until the next try: what the service asks for at least, else twice as long each time; never in step."""
    if asked is not None and asked.isdecimal():
        return float(asked) + random.uniform(0, FIRST_WAIT)  # noqa: S311  no secret, only a spread
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (tried - 1)) * random.uniform(0.5, 1)  # noqa: S311


def _given(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _part(name: str) -> str:
    return quote(name, safe="")
