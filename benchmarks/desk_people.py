"""Many people at the desk at once, over HTTP on PostgreSQL: is anything given twice or lost, and how long do they wait.

Each person takes the next case, opens its page, says now and then that they still work on it, and decides: corrects,
rejects, escalates or gives back. Some doze off past the end of their claim and then try to write. Claims are made short
for it. Afterwards what everybody was told is held against the audit and the cases.
"""

import contextlib
import os
import random
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.desk_checks import Fault, Said, faults
from benchmarks.desk_house import BIN, services_of
from benchmarks.desk_pages import log_in
from benchmarks.desk_world import person
from core import audit_log
from review_api.auth import SESSION_COOKIE
from triage.case_records import BILL_KIND, PLANNING_KINDS

LIMIT_MS = 250.0
CASES_AT_LEAST = 3
WORDS = ("invoice", "fjord", "total", "R-0999", "nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What came of it.

    Attributes:
        taken: milliseconds of every request by what was asked, in order.
        refused: how often each code was answered.
    """

    people: int
    minutes: float
    taken: dict[str, list[float]]
    refused: Counter[str]
    faults: tuple[Fault, ...]

    @property
    def every(self) -> list[float]:
        """Milliseconds of all requests, in order."""
        return sorted(one for taken in self.taken.values() for one in taken)

    @property
    def kept(self) -> bool:
        """Whether nothing was given twice or lost, and people waited no longer than promised."""
        return not self.faults and _at(self.every, 0.95) <= LIMIT_MS

    @property
    def figures(self) -> dict[str, float]:
        """For the RESULT line."""
        counted = Counter(fault.what for fault in self.faults)
        return {
            "people": self.people,
            "minutes": self.minutes,
            "requests": len(self.every),
            "people_p50_ms": _at(self.every, 0.5),
            "people_p95_ms": _at(self.every, 0.95),
            "claimed_twice": counted["claimed twice"],
            "lost_writes": counted["lost"],
            "written_without_claim": counted["without a claim"],
        }

    def rows(self) -> Iterator[tuple[str, int, float, float]]:
        """What was asked, how often, and p50 and p95."""
        for kind, taken in sorted(self.taken.items()):
            yield kind, len(taken), _at(taken, 0.5), _at(taken, 0.95)
        yield "all", len(self.every), _at(self.every, 0.5), _at(self.every, 0.95)

    def told(self) -> str:
        """The table, what was refused, and what went wrong."""
        lines = [f"{'asked':<16}{'times':>8}{'p50 ms':>9}{'p95 ms':>9}"]
        lines += [f"{kind:<16}{count:>8}{half:>9.1f}{most:>9.1f}" for kind, count, half, most in self.rows()]
        lines.append(
            "refused: " + (", ".join(f"{code} {count}" for code, count in sorted(self.refused.items())) or "–")
        )
        return "\n".join([*lines, *(str(fault) for fault in self.faults[:20])])


def work_together(
    url: str, home: Path, *, people: int, minutes: float, pause: float = 12.0, claim_seconds: float = 20.0
) -> Worked:
    """Has so many people work for so long, each about `pause` seconds on a case, and checks what was told them."""
    with services_of(url, home) as services:
        with services.db.read() as session:
            before = audit_log.head(session)
        tokens = [log_in(services, person(number)) for number in range(people)]
        with _served(url, home, claim_seconds) as address:
            everybody = [
                _Person(
                    name=person(number),
                    token=token,
                    address=address,
                    pause=pause,
                    doze=claim_seconds,
                    rng=random.Random(number),
                )
                for number, token in enumerate(tokens)
            ]
            _run(everybody, minutes)
        said = [one for worker in everybody for one in worker.said]
        with services.db.read() as session:
            found = faults(session, said, after=0 if before is None else before.sequence)
    taken: dict[str, list[float]] = {}
    for one in said:
        taken.setdefault(one.what, []).append((one.received - one.sent).total_seconds() * 1_000)
    refused = Counter(one.code for one in said if one.code)
    by_kind = {kind: sorted(values) for kind, values in taken.items()}
    return Worked(people=people, minutes=minutes, taken=by_kind, refused=refused, faults=found)


def _run(everybody: Sequence["_Person"], minutes: float) -> None:
    end = time.monotonic() + minutes * 60
    threads = [threading.Thread(target=worker.work, args=(end,), name=worker.name) for worker in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    broken = [worker.broken for worker in everybody if worker.broken is not None]
    if broken:
        raise broken[0]


@contextmanager
def _served(url: str, home: Path, claim_seconds: float) -> Iterator[str]:
    """The real program on a free port of this machine."""
    environment = os.environ | {
        "CLEARHOLD_HOME": str(home.resolve()),
        "CLEARHOLD_DATABASE_URL": url,
        "CLEARHOLD_CLAIM_MINUTES": str(claim_seconds / 60),
        "PYTHONUNBUFFERED": "1",
    }
    command = [str(BIN / "clearhold"), "serve", "--no-work", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1].rstrip("/")
        finally:
            process.terminate()


@dataclass(slots=True, kw_only=True)
class _Person:
    """Somebody at work, and what they were told."""

    name: str
    token: str
    address: str
    pause: float
    doze: float
    rng: random.Random
    said: list[Said] = field(default_factory=list)
    cases: int = 0
    broken: BaseException | None = None

    def work(self, end: float) -> None:
        """Case after case until the end, some at least however slow the machine is."""
        try:
            cookies = {SESSION_COOKIE: self.token}
            with httpx.Client(base_url=self.address, cookies=cookies, timeout=60, trust_env=False) as client:
                self._rest(self.rng.random())
                found = re.search(r'name="csrf" value="([^"]+)"', client.get("/documents").text)
                client.headers["X-CSRF-Token"] = found[1] if found else ""
                while self.cases < CASES_AT_LEAST or time.monotonic() < end:
                    self._one_case(client)
                    self.cases += 1
        except BaseException as error:  # noqa: BLE001  whoever waits for the thread is told
            self.broken = error

    def _one_case(self, client: httpx.Client) -> None:
        if self.rng.random() < 0.3:
            self._ask(client, "list", "GET", "/")
        if self.rng.random() < 0.2:
            self._ask(client, "search", "GET", f"/?q={self.rng.choice(WORDS)}")
        taken = self._ask(client, "next", "POST", "/v1/cases/next")
        if taken is None or taken.status_code == 204:
            self._rest(1)
            return
        case = taken.json()
        self._ask(client, "case page", "GET", f"/cases/{case['case_id']}", case=case["case_id"])
        self._rest(0.4)
        if self.rng.random() < 0.05:
            time.sleep(self.doze * self.rng.uniform(0.8, 1.6))
        else:
            alive = self._ask(
                client, "heartbeat", "POST", f"/v1/cases/{case['case_id']}/heartbeat", case=case["case_id"]
            )
            case = alive.json() if alive is not None else case
        self._rest(0.6)
        self._decide(client, case)

    def _decide(self, client: httpx.Client, case: dict[str, Any]) -> None:
        planned = case["kind"] in PLANNING_KINDS - {BILL_KIND}
        chance = self.rng.random()
        if chance < 0.3 and not planned:
            changed = {"changes": {"payment_reference": f"RF {self.rng.randrange(10**8)}"}}
            after = self._write(client, "correct", case, changed)
            if after is None or after["state"] == "resolved":
                return
            case = after
            self._rest(0.3)
        if chance < 0.8:
            reason = "not_needed" if planned else "wrong_price"
            self._write(client, "resolve", case, {"resolution": "reject", "reason_code": reason})
        elif chance < 0.9:
            self._write(client, "escalate", case, {"to_role": "ap_approver"})
        else:
            self._write(client, "release", case, None)

    def _write(self, client: httpx.Client, step: str, case: dict[str, Any], body: Any) -> dict[str, Any] | None:
        path = f"/v1/cases/{case['case_id']}/{step}"
        answer = self._ask(client, step, "POST", path, case=case["case_id"], version=case["version"], body=body)
        return None if answer is None else dict(answer.json())

    def _ask(
        self,
        client: httpx.Client,
        what: str,
        method: str,
        path: str,
        *,
        case: str | None = None,
        version: int | None = None,
        body: Any = None,
    ) -> httpx.Response | None:
        """One request, kept with its answer; None where it was refused."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        sent = datetime.now(UTC)
        answer = client.request(method, path, headers=headers, json=body)
        received = datetime.now(UTC)
        told: dict[str, Any] = {}
        if "json" in answer.headers.get("content-type", ""):
            with contextlib.suppress(ValueError):
                told = answer.json()
        if answer.status_code >= 400 and not told.get("code"):
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        code = told.get("code") if answer.status_code >= 400 else None
        until = told.get("claimed_until")
        self.said.append(
            Said(
                who=self.name, what=what, case_id=case or told.get("case_id"), sent=sent, received=received, code=code,
                until=None if until is None else datetime.fromisoformat(until),
            )
        )  # fmt: skip
        return None if code else answer

    def _rest(self, share: float) -> None:
        time.sleep(self.rng.uniform(0.5, 1.5) * share * self.pause)


def _at(taken: Sequence[float], share: float) -> float:
    return taken[min(int(len(taken) * share), len(taken) - 1)] if taken else 0.0
