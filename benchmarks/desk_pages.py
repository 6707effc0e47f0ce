"""What a person at the desk waits for, asked of the real application: lists, filters, search, next case and page."""

import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from benchmarks.desk_world import person
from core.database import Database
from review_api import account_sessions, accounts
from review_api.app import create_app
from review_api.auth import SESSION_COOKIE
from review_api.services import Services

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

LIMIT_MS = 100.0
Ask = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds of one kind of request, in order."""

    kind: str
    group: str
    taken: tuple[float, ...]

    def at(self, share: float) -> float:
        """The time this share of requests did not exceed."""
        return self.taken[min(int(len(self.taken) * share), len(self.taken) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Cases and words of a house to ask for."""

    waiting: tuple[str, ...]
    ended: tuple[str, ...]
    planning: tuple[str, ...]
    subjects: tuple[str, ...]


def measure(services: Services, times: int, *, warm_up: int = 2, seed: int = 11) -> list[Times]:
    """Asks everything `times` times, in turns, after rounds to warm up that are not counted."""
    known = _known(services.db, Random(seed))
    with _clients(services) as clients:
        asks = list(_asks(clients, known, Random(seed)))
        taken: dict[tuple[str, str], list[float]] = {}
        for round_ in range(times + warm_up):
            for group, kind, ask in asks:
                started = time.perf_counter()
                ask()
                if round_ >= warm_up:
                    taken.setdefault((group, kind), []).append((time.perf_counter() - started) * 1_000)
    return [Times(group=group, kind=kind, taken=tuple(sorted(one))) for (group, kind), one in taken.items()]


def _known(db: Database, rng: Random) -> Known:
    def of(where: str, column: str = "case_id") -> tuple[str, ...]:
        statement = text(f"SELECT {column} FROM cases WHERE {where} ORDER BY case_id DESC LIMIT 2000")
        with db.read() as session:
            found = [row[0] for row in session.rows(statement)]
        return tuple(rng.sample(found, min(len(found), 200)))

    on_paper = "kind NOT IN ('order', 'recommendation')"
    return Known(
        waiting=of(f"state = 'open' AND {on_paper}"),
        ended=of(f"state = 'resolved' AND {on_paper} AND document_id IN (SELECT document_id FROM decisions)"),
        planning=of("state = 'open' AND kind = 'order'") or of("state = 'open'"),
        subjects=of("state = 'resolved'", "subject"),
    )


@contextmanager
def _clients(services: Services) -> Iterator[Mapping[str, TestClient]]:
    """People who are logged in."""
    app = create_app(services)
    made: dict[str, TestClient] = {}
    for name in (person(1), "approver", "planner", "auditor"):
        client = TestClient(app, follow_redirects=False)
        client.cookies.set(SESSION_COOKIE, log_in(services, name))
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/documents").text)
        client.headers["X-CSRF-Token"] = found[1] if found else ""
        made[name] = client
    try:
        yield made
    finally:
        for client in made.values():
            client.close()


def log_in(services: Services, name: str) -> str:
    """A session of this person; the password's own slowness is not what is measured."""
    with services.db.write() as session:
        found = accounts.user_with_hash(session, name)
        assert found is not None
        return account_sessions.open_session(session, found[0], at=services.clock.now(), hours=12)


def _asks(clients: Mapping[str, TestClient], known: Known, rng: Random) -> Iterator[tuple[str, str, Ask]]:
    clerk, auditor = clients[person(1)], clients["auditor"]
    for tab in ("ap", "planning", "treasury", "mine", "second", "sampled", "resolved"):
        yield "list", f"tab {tab}", _get(clerk, "/", tab=tab)
    yield "list", "tab ap, page 10", _deep(clerk, tab="ap")
    yield "list", "tab resolved, page 10", _deep(clerk, tab="resolved")
    for tab, outcome in (("ap", "block"), ("ap", "sample"), ("second", "hold"), ("resolved", "block")):
        yield "filter", f"tab {tab}, {outcome}", _get(clerk, "/", tab=tab, outcome=outcome)
    narrowed = {"a code": {"code": "MATCH-PRICE"}, "a supplier": {"supplier": "fjord"}, "overdue": {"due": "over"},
                "an amount": {"min": "500"}}  # fmt: skip
    for tab in ("ap", "resolved"):
        for name, query in narrowed.items():
            yield "filter", f"tab {tab}, {name}", _get(clerk, "/", tab=tab, **query)
    yield "filter", "API: state, kind", _get(clerk, "/v1/cases", state="open", kind="invoice")
    yield "filter", "API: all of a queue", _get(clerk, "/v1/cases", queue="planning", limit="100")
    yield from _searches(clerk, known, rng)
    yield "next", "POST /v1/cases/next", lambda: _take(clerk)
    yield "case", "page of a paper's case", _any(clerk, "/cases/", known.waiting, rng)
    yield "case", "page of an ended case", _any(clerk, "/cases/", known.ended, rng)
    yield "case", "page of a planner's case", _any(clients["planner"], "/cases/", known.planning, rng)
    yield "case", "API: a paper's case", _any(clerk, "/v1/cases/", known.waiting, rng)
    yield "audit", "audit page", _get(auditor, "/audit")
    yield "audit", "audit of a case", _any(auditor, "/audit?subject=case:", known.ended, rng)


def _searches(clerk: TestClient, known: Known, rng: Random) -> Iterator[tuple[str, str, Ask]]:
    def subject() -> tuple[str, str]:
        supplier, _, number = rng.choice(known.subjects).partition(" · ")
        return supplier, number

    words: dict[str, Callable[[], str]] = {
        "a number": lambda: subject()[1],
        "the beginning of a number": lambda: subject()[1][:6],
        "a supplier": lambda: subject()[0],
        "half a supplier": lambda: subject()[0][:5],
        "a supplier and a number": lambda: " ".join(subject()),
        "a rare word": lambda: f"alba{rng.randrange(10_000, 19_000):x}",
        "a word on every paper": lambda: "invoice",
        "two common words": lambda: "total invoice",
        "a common and a rare word": lambda: f"invoice {subject()[1]}",
        "nothing there": lambda: f"zzz{rng.randrange(1_000)}",
    }
    for name, say in words.items():
        yield "search", name, _said(clerk, say)
    yield "search", "API: a common word, ended", _get(clerk, "/v1/cases", q="invoice", state="resolved")


def _get(client: TestClient, path: str, **query: str) -> Ask:
    address = path + (f"?{urlencode(query)}" if query else "")
    return lambda: _page(client, address)


def _any(client: TestClient, path: str, ids: Sequence[str], rng: Random) -> Ask:
    return lambda: _page(client, f"{path}{rng.choice(ids)}")


def _said(client: TestClient, say: Callable[[], str]) -> Ask:
    return lambda: _page(client, f"/?{urlencode({'q': say()})}")


def _page(client: TestClient, address: str) -> str:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code} {answer.text[:300]}")
    return str(answer.text)


def _deep(client: TestClient, *, tab: str) -> Ask:
    """A page of the list further down, by its own link."""
    address = f"/?{urlencode({'tab': tab})}"
    for _ in range(9):
        more = re.search(r'href="([^"]+)" rel="next"', _page(client, address))
        if more is None:
            break
        address = more[1].replace("&amp;", "&")
    return lambda: _page(client, address)


def _take(client: TestClient) -> None:
    taken = client.post("/v1/cases/next")
    assert taken.status_code == 200, taken.text
    given = client.post(f"/v1/cases/{taken.json()['case_id']}/release", headers={"If-Match": taken.headers["etag"]})
    assert given.status_code == 200, given.text


def summarised(times: Sequence[Times]) -> dict[str, float]:
    """The worst 95th percentile of each group."""
    worst: dict[str, float] = {}
    for one in times:
        worst[one.group] = max(worst.get(one.group, 0.0), one.at(0.95))
    return worst
