"""Grows a small house to a big one, straight in SQLite's tables: a million cases, each with its words and its history.

Every case is a likeness of one the real pipeline made, under another number, of another supplier, with other money at
stake. Those that wait and the newest that ended have their papers, readings and decisions too, so their pages open; of
older ones there are the case, its words and its audit. The audit chain is a real one.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from core.canonical import instant_from_text, instant_text
from core.keys import gross_key, number_key

PEOPLE = 50
SUPPLIERS = 4_000
WORDS, WORDS_EACH = 20_000, 30
ROWS_AT_ONCE = 20_000
_PART = ("alba", "bora", "corvo", "delta", "esker", "fjord", "gavia", "iris", "jura", "kelda", "lumen", "norden")
_BULK = ("cases", "case_words", "waiting_words", "audit_entries", "documents", "extractions", "decisions",
         "known_invoices", "planning_decisions")  # fmt: skip
_REASONS = ("wrong_price", "wrong_quantity", "duplicate", "not_ordered")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many there are: cases, how many of them wait, and how many have their papers here."""

    cases: int
    waiting: int
    papers: int

    @property
    def entries(self) -> int:
        """Entries of the audit: two for each case."""
        return 2 * self.cases


FULL = Size(cases=1_000_000, waiting=20_000, papers=30_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A case the pipeline made, with the rows behind it by table."""

    case: Row
    words: str
    behind: Mapping[str, Sequence[Row]]


def person(number: int) -> str:
    """A clerk's name."""
    return f"clerk-{number % PEOPLE:02}"


def grow(path: Path, size: Size, *, seed: int = 7) -> None:
    """Makes the house at `path` that big; whoever calls has closed it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    try:
        models = _models(connection)
        apart = _take_apart(connection)
        _fill(connection, models, size, Random(seed))
        for statement in apart:
            connection.execute(statement)
        for table in ("case_words", "waiting_words"):
            connection.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")
        _count(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _models(connection: sqlite3.Connection) -> list[Model]:
    found = []
    for case in _rows(connection, "SELECT * FROM cases WHERE state = 'open' AND kind <> 'promise' ORDER BY case_id"):
        key = case["document_id"]
        behind = {
            table: _rows(connection, f"SELECT * FROM {table} WHERE {column} = ?", key)
            for table, column in (("documents", "document_id"), ("extractions", "document_id"),
                                  ("decisions", "document_id"), ("known_invoices", "document_id"),
                                  ("planning_decisions", "subject"))
        }  # fmt: skip
        (words,) = _rows(connection, "SELECT words FROM waiting_words WHERE case_id = ?", case["case_id"])
        found.append(Model(case=case, words=words["words"], behind=behind))
    by_kind: dict[str, list[Model]] = {}
    for model in found:
        by_kind.setdefault(model.case["kind"], []).append(model)
    return [model for models in by_kind.values() for model in models[: 30 if models[0].behind["documents"] else 3]]


def _take_apart(connection: sqlite3.Connection) -> list[str]:
    """Drops what is slow to keep while rows come in; returns the statements that make it again."""
    marks = ", ".join("?" for _ in _BULK)
    made = (
        f"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'table' AND tbl_name IN ({marks})"
    )
    found = _rows(connection, made, *_BULK)
    for row in found:
        connection.execute(f"DROP {row['type']} {row['name']}")
    return [row["sql"] for row in found]


def _fill(connection: sqlite3.Connection, models: Sequence[Model], size: Size, rng: Random) -> None:
    (head,) = _rows(connection, "SELECT sequence, hash FROM audit_head")
    (newest,) = _rows(connection, "SELECT max(opened_at) AS at FROM cases")
    world = _World(models, size, rng, end=instant_from_text(newest["at"]))
    chain = _Chain(head["sequence"], head["hash"])
    every = iter(range(size.cases))
    while numbers := list(islice(every, ROWS_AT_ONCE)):
        rows: dict[str, list[Row]] = {}
        for number in numbers:
            for table, row in world.about(number):
                rows.setdefault(table, []).append(row)
        for table, made in rows.items():
            _insert(connection, table, chain.entries(made) if table == "audit_entries" else iter(made))
    connection.execute("UPDATE audit_head SET sequence = ?, hash = ?", (chain.sequence, chain.hash))


class _World:
    """Any case by its number: nothing is kept."""

    def __init__(self, models: Sequence[Model], size: Size, rng: Random, *, end: datetime) -> None:
        self._models, self._size, self._rng, self._end = models, size, rng, end
        vocabulary = [f"{rng.choice(_PART)}{number:x}" for number in range(WORDS)]
        weights = [1 / (place + 5) for place in range(WORDS)]
        self._pool = rng.choices(vocabulary, weights, k=1_000_000)
        self._suppliers = [f"{a}{b} {number}".title() for number in range(SUPPLIERS)
                           for a, b in [rng.choices(_PART, k=2)]]  # fmt: skip
        self._beat = timedelta(days=1_000) / size.cases

    def about(self, number: int) -> Iterator[tuple[str, Row]]:
        """Everything about a case: rows, each with its table."""
        model = self._models[number % len(self._models)]
        waits = number >= self._size.cases - self._size.waiting
        opened = self._end - (self._size.cases - number) * self._beat
        case = self._case(number, model, opened, waits=waits)
        yield "cases", case
        words = {"case_id": case["case_id"], "words": self._words(number, model, case)}
        yield "waiting_words" if waits else "case_words", words
        for entry in self._told(case, waits=waits):
            yield "audit_entries", entry
        if number >= self._size.cases - self._size.papers:
            yield from _behind(model, case)

    def _case(self, number: int, model: Model, opened: datetime, *, waits: bool) -> Row:
        rng, old = self._rng, model.case
        number_said = f"R-{number:07}"
        money = rng.lognormvariate(0, 1.5)
        about = f"{old['kind']}:N{number:07}" if model.behind["planning_decisions"] else f"doc_{number:023}"
        case = dict(old) | {
            "case_id": f"case_{number:023}",
            "document_id": about,
            "subject": f"{self._suppliers[rng.randrange(SUPPLIERS)]} · {number_said}",
            "priority": int(old["priority"] * money) + rng.randrange(100),
            "amount_at_risk": f"{money * 100:.2f}",
            "opened_at": instant_text(opened),
            "due_at": instant_text(opened + timedelta(days=rng.randrange(1, 20))),
            "queue": "treasury" if rng.random() < 0.03 else old["queue"],
        }
        return case | (self._waiting(case) if waits else self._ended(case, opened))

    def _waiting(self, case: Row) -> Row:
        rng, chance = self._rng, self._rng.random()
        if chance < 0.02:
            return {"needs_role": "ap_approver"}
        if chance < 0.03:
            return {"first_approval_by": person(rng.randrange(PEOPLE)), "first_approval_reason": "price_agreed"}
        if chance < 0.05:
            return {"assigned_to": person(rng.randrange(PEOPLE)), "assigned_by": "admin"}
        if chance < 0.06:
            ran_out = instant_text(self._end - timedelta(minutes=rng.randrange(1, 1_000)))
            return {"state": "claimed", "claimed_by": person(rng.randrange(PEOPLE)), "claimed_until": ran_out}
        return {}

    def _ended(self, case: Row, opened: datetime) -> Row:
        at = opened + timedelta(minutes=self._rng.randrange(5, 20_000))
        how = self._rng.choice(("approve", "reject", "reject", "corrected"))
        return {
            "state": "resolved", "resolved_at": instant_text(min(at, self._end)), "resolution": how,
            "resolved_by": person(self._rng.randrange(PEOPLE)), "resolved_role": "ap_clerk", "version": 3,
            "reason_code": {"approve": "price_agreed", "corrected": "corrected"}.get(how, self._rng.choice(_REASONS)),
        }  # fmt: skip

    def _words(self, number: int, model: Model, case: Row) -> str:
        start = self._rng.randrange(len(self._pool) - WORDS_EACH)
        said = (*case["subject"].lower().replace(" · r-", " ").split(), "r", f"r{number:07}")
        return " ".join([model.words, *said, *self._pool[start : start + WORDS_EACH]])

    def _told(self, case: Row, *, waits: bool) -> Iterator[Row]:
        subject, at = f"case:{case['case_id']}", case["opened_at"]
        names = ("amount_at_risk", "currency", "document_id", "kind", "outcome", "queue")
        yield _entry(at, "system", "case.opened", subject, {name: case[name] for name in names})
        if waits:
            told = {"codes": [], "document_id": case["document_id"], "outcome": case["outcome"]}
            yield _entry(at, "worker:node", "document.decided", f"document:{case['document_id']}", told)
        else:
            told = {name: case[name] for name in ("document_id", "outcome", "reason_code", "resolution")}
            yield _entry(case["resolved_at"], f"user:{case['resolved_by']}", "case.resolved", subject, told)


def _entry(at: str, actor: str, action: str, subject: str, payload: Row) -> Row:
    told = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)  # its names come in order
    return {"at": at, "actor": actor, "action": action, "subject": subject, "payload": told}


class _Chain:
    """Audit entries, each with the hash of the one before, as `core.audit.entry_hash` makes it."""

    def __init__(self, sequence: int, digest: str) -> None:
        self.sequence, self.hash = sequence, digest

    def entries(self, told: Sequence[Row]) -> Iterator[Row]:
        """The rows of the table."""
        for one in told:
            self.sequence += 1
            before = self.hash
            said = (
                f'{{"action":"{one["action"]}","actor":"{one["actor"]}","at":"{one["at"]}","payload":{one["payload"]},'
                f'"previous_hash":"{before}","sequence":{self.sequence},"subject":"{one["subject"]}"}}'
            )
            self.hash = hashlib.sha256(said.encode()).hexdigest()
            yield one | {"sequence": self.sequence, "previous_hash": before, "hash": self.hash}


def _behind(model: Model, case: Row) -> Iterator[tuple[str, Row]]:
    """The rows behind a case, under its own names."""
    old_key, new_key = model.case["document_id"], case["document_id"]
    number = case["subject"].partition(" · ")[2]
    printed = next((row["invoice_number"] for row in model.behind["known_invoices"]), None)
    unique = f"{case['case_id'][5:]:0>64}"

    def renamed(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        value = value.replace(old_key, new_key)
        return value.replace(printed, number) if printed and len(printed) > 3 else value

    for table, rows in model.behind.items():
        for place, row in enumerate(rows):
            made = {name: renamed(value) for name, value in row.items()}
            if table == "documents":
                made |= {"sha256": unique, "parent_id": None}
            elif table == "known_invoices":
                made |= {"sha256": unique, "number_key": number_key(number), "gross_key": _gross_key(case)}
            elif table.endswith("decisions"):
                made |= {"decision_id": f"dec_{case['case_id'][5:]}"[:38] + f"{place:02}"}
            yield table, made


def _gross_key(case: Row) -> str:
    """A total of its own for each case, so that likenesses are no duplicates of one another."""
    return gross_key(Decimal(int(case["case_id"][5:])) / 100)


def _count(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM case_counts")
    alike = "queue, kind, outcome, (needs_role IS NOT NULL OR first_approval_by IS NOT NULL)"
    waits = "state <> 'resolved'"
    connection.execute(f"INSERT INTO case_counts SELECT {alike}, count(*) FROM cases WHERE {waits} GROUP BY {alike}")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is None:
        return
    names = list(first)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
    connection.execute(statement, [first[name] for name in names])
    connection.executemany(statement, ([row[name] for name in names] for row in rows))


def _rows(connection: sqlite3.Connection, statement: str, *values: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(statement, values)]
