"""Records an example of every call for `docs/api.md`, from the real application over a small house.

`python -m benchmarks.record_api` writes all of the page that stands below its mark; what stands above is written by
hand. Identifiers are numbered, secrets and hashes are left out, and the clock stands still.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.record_api_calls import SECTIONS
from core.clock import FixedClock
from core.database import Database
from review_api.worker import Worker
from tests.review_api.conftest import Desk, make_desk
from tests.review_api.test_score_api import load

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/api.md"
MARK = "<!-- From here on recorded: python -m benchmarks.record_api -->\n"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = {"anna": "ap_clerk", "ben": "ap_approver", "pia": "planner", "rita": "auditor", "ada": "admin"}
SCOPES = ("documents:write", "score", "feeds:write", "cases:read")
_HEADERS = ("ETag", "Location", "Link", "Content-Disposition", "Retry-After")
_SECRET = re.compile(r'"(secret)": "[^"]*"|(?<=/welcome/)[\w-]+')
_ID = re.compile(r"\b([a-z]{2,8})_[0-9a-z]{23}\b")
_HASH = re.compile(r"\b[0-9a-f]{32,64}\b")
_LONGEST_TEXT, _MOST_LINES, _DEEPEST = 90, 24, 3


@dataclass(slots=True)
class Recorder:
    """Calls the application and keeps what was said; what one answer told fills the gaps of later calls."""

    desk: Desk
    known: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _clients: dict[str, Any] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Any:
        """A client of a person, or of another program's key; each logged in once."""
        if who not in self._clients:
            self._clients[who] = self.desk.key(*SCOPES) if who == "key" else self.desk.client(PEOPLE[who], who)
        return self._clients[who]

    def call(
        self, who: str, endpoint: str, gaps: Mapping[str, str] | None = None, if_match: str | None = None, **sent: Any
    ) -> Any:
        """Makes a call, writes it down, and returns the answer's body.

        Args:
            endpoint: as the OpenAPI document has it: `POST /v1/cases/{case_id}/claim`.
            gaps: what fills the path, beside what is known.
            if_match: the version; `case` for the one the case has now.
        """
        method, template = endpoint.split(" ")
        path = template.format(**{**self.known, **(gaps or {})})
        client, headers = self.client(who), {}
        if if_match == "case":
            if_match = client.get(path.rpartition("/")[0]).headers["ETag"]
        if if_match is not None:
            headers["If-Match"] = if_match
        answer = client.request(method, path, headers=headers, **sent)
        if answer.status_code >= 400:
            self.refused.append(f"{endpoint}: {answer.status_code} {answer.text[:300]}")
        self.pages[endpoint] = self._written(f"{who} {endpoint}", path, headers, sent, answer)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.json() if is_json and answer.content else None

    def work(self) -> None:
        """Lets a worker read and decide what waits."""
        Worker(self.desk.services, "node-1").run(once=True)

    def _written(self, call: str, path: str, headers: Mapping[str, str], sent: Mapping[str, Any], answer: Any) -> str:
        who, method, template = call.split(" ")
        asked = [f"{method} {path}{_query(sent.get('params'))}"]
        asked += [f"{name}: {value}" for name, value in headers.items()]
        if "files" in sent:
            asked += ["Content-Type: multipart/form-data", "", f"(file: {sent['files']['file'][0]})"]
        if "json" in sent:
            asked += ["", *_body(sent["json"])]
        told = [f"{answer.status_code}"]
        told += [f"{name}: {answer.headers[name]}" for name in _HEADERS if name in answer.headers]
        kind = answer.headers.get("Content-Type", "")
        if "json" in kind and answer.content:
            told += [*([f"Content-Type: {kind}"] if kind != "application/json" else []), "", *_body(answer.json())]
        elif answer.content:
            told += [f"Content-Type: {kind}", "", f"({len(answer.content) // 1000 + 1} kB)"]
        whose = "a key" if who == "key" else f"{who}, {PEOPLE[who]}"
        text = "\n".join(
            [f"### `{method} {template}`", "", f"As {whose}:", "", "```http", *asked, "", *told, "```", ""]
        )
        return self._stable(text)

    def _stable(self, text: str) -> str:
        def numbered(match: re.Match[str]) -> str:
            kind = match[1]
            number = sum(1 for one in self._ids.values() if one.startswith(f"{kind}_")) + 1
            return self._ids.setdefault(match[0], f"{kind}_{number}")

        text = _SECRET.sub(lambda one: '"secret": "…"' if one[1] else "…", _ID.sub(numbered, text))
        text = re.sub(r'"request_id": "[^"]*"', '"request_id": "…"', text)
        return _HASH.sub("…", text)


def _query(params: Mapping[str, Any] | None) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in params.items()) if params else ""


def _body(said: Any) -> list[str]:
    lines = json.dumps(_short(said, 0), ensure_ascii=False, indent=1).splitlines()
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], " …"]


def _short(said: Any, depth: int) -> Any:
    if isinstance(said, str):
        return said if len(said) <= _LONGEST_TEXT else said[:_LONGEST_TEXT] + "…"
    if isinstance(said, dict):
        return "{…}" if depth >= _DEEPEST and said else {key: _short(one, depth + 1) for key, one in said.items()}
    if isinstance(said, list):
        if depth >= _DEEPEST and said:
            return "[…]"
        more = [f"… {len(said) - 1} more"] if len(said) > 1 else []
        return [_short(one, depth + 1) for one in said[:1]] + more
    return said


def recorded(folder: Path) -> tuple[str, list[str]]:
    """The recorded part of the page, and every call that was refused."""
    database = Database(f"sqlite:///{folder / 'clearhold.db'}")
    database.migrate()
    desk = make_desk(database, folder, FixedClock(NOW))
    load(database, NOW)
    recorder = Recorder(desk)
    try:
        text = []
        for title, play in SECTIONS:
            before = set(recorder.pages)
            play(recorder)
            text += [f"## {title}", "", *(page for name, page in recorder.pages.items() if name not in before)]
    finally:
        for client in desk.clients:
            client.close()
        database.close()
    return "\n".join(text), recorder.refused


def main() -> None:
    """Writes the page anew."""
    head = PAGE.read_text("utf-8").partition(MARK)[0]
    with tempfile.TemporaryDirectory() as folder:
        text, refused = recorded(Path(folder))
    PAGE.write_text(f"{head}{MARK}\n{text}", "utf-8")
    print(*refused, sep="\n")


if __name__ == "__main__":
    main()
