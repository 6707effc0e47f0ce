"""The figures once more, by plain SQL over the cases, decisions and audit entries themselves: nothing is shared."""

import json
import sqlite3
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scipy.stats import beta

MOVES = ("case.claimed", "case.released", "case.opened", "case.changed", "case.rerouted", "case.assigned")
BY_PERSON = ("approve", "reject", "request_information")


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Oracle:
    """Reads the database of a site, and works out what each figure must say of a period."""

    def __init__(self, path: str, since: date, until: date) -> None:
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.since, self.until = since, until

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.db.execute(sql, values).fetchall()

    def within(self, text: str | None) -> bool:
        return text is not None and self.since <= instant(text).date() <= self.until

    def acts(self, case_id: str) -> list[sqlite3.Row]:
        """What people did with a case, taking it up and putting it down left out."""
        told = self.all(
            "SELECT action, at, actor, payload FROM audit_entries WHERE subject = ? AND actor LIKE 'user:%' "
            "ORDER BY sequence",
            f"case:{case_id}",
        )
        return [
            one
            for one in told
            if one["action"] not in MOVES
            and not (one["action"] == "case.resolved" and json.loads(one["payload"])["resolution"] not in BY_PERSON)
        ]

    def taken_up(self, case_id: str) -> datetime | None:
        found = self.all(
            "SELECT min(at) AS at FROM audit_entries WHERE subject = ? AND actor LIKE 'user:%'", f"case:{case_id}"
        )
        return instant(found[0]["at"]) if found[0]["at"] else None

    def papers(self) -> dict[date, Counter[str]]:
        """By week of the first decision: decided, right the first time, untouched, not done."""
        weeks: dict[date, Counter[str]] = defaultdict(Counter)
        for paper in self.all("SELECT document_id, outcome, decided_at FROM decisions WHERE run = 1"):
            if not self.within(paper["decided_at"]):
                continue
            cases = self.all("SELECT case_id, state FROM cases WHERE document_id = ?", paper["document_id"])
            is_open = any(case["state"] != "resolved" for case in cases)
            touched = any(self.taken_up(case["case_id"]) for case in cases)
            week = weeks[monday(instant(paper["decided_at"]).date())]
            week["decided"] += 1
            week["first_pass"] += paper["outcome"] in {"clear", "sample"}
            week["touchless"] += not is_open and not touched
            week["waiting"] += is_open
        return weeks

    def codes(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for case in self.all("SELECT codes, opened_at FROM cases"):
            if self.within(case["opened_at"]):
                found.update(json.loads(case["codes"]))
        return found

    def ended(self) -> list[sqlite3.Row]:
        return [
            case
            for case in self.all("SELECT * FROM cases WHERE state = 'resolved'")
            if self.within(case["resolved_at"])
        ]

    def steps(self) -> dict[str, list[int]]:
        """Seconds of each step, one number a paper or case."""
        found: dict[str, list[int]] = defaultdict(list)
        for row in self.all(
            "SELECT d.received_at, e.created_at, f.decided_at FROM documents d JOIN extractions e USING (document_id) "
            "JOIN decisions f USING (document_id) WHERE e.version = 1 AND f.run = 1"
        ):
            if self.within(row["decided_at"]):
                found["received → read and decided"].append(_seconds(row["received_at"], row["created_at"]))
        for case in self.ended():
            taken = self.taken_up(case["case_id"])
            if taken is None:
                continue
            first = case["first_approval_at"] if case["first_approval_by"] else None
            found["opened → taken up"].append(int((taken - instant(case["opened_at"])).total_seconds()))
            stop = instant(first or case["resolved_at"])
            found["taken up → decided by a person"].append(int((stop - taken).total_seconds()))
            if first:
                found["first approval → second approval"].append(_seconds(first, case["resolved_at"]))
        return found

    def touches(self) -> list[int]:
        return [len(self.acts(case["case_id"])) for case in self.ended()]

    def open_at(self, day: date) -> int:
        """Cases open at the end of a day."""
        return sum(
            instant(case["opened_at"]).date() <= day
            and (case["resolved_at"] is None or instant(case["resolved_at"]).date() > day)
            for case in self.all("SELECT opened_at, resolved_at FROM cases")
        )

    def overridden(self) -> tuple[int, int]:
        """Cases people decided, and those of them approved in spite of a finding."""
        decided = [case for case in self.ended() if case["resolution"] in BY_PERSON and case["outcome"] != "sample"]
        over = 0
        for case in decided:
            told = self.all(
                "SELECT payload FROM audit_entries WHERE subject = ? AND action = 'case.resolved' "
                "ORDER BY sequence DESC LIMIT 1",
                f"case:{case['case_id']}",
            )
            over += case["resolution"] == "approve" and bool(json.loads(told[0]["payload"])["overridden"])
        return len(decided), over

    def rejected_at_risk(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for case in self.ended():
            if case["resolution"] == "reject":
                found[case["outcome"]] += float(case["amount_at_risk"])
        return found

    def by_supplier(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for case in self.all(
            "SELECT k.supplier_id, c.opened_at FROM cases c JOIN known_invoices k USING (document_id)"
        ):
            if self.within(case["opened_at"]):
                found[case["supplier_id"]] += 1
        return found


def clopper_pearson(hits: int, count: int) -> tuple[float, float]:
    """By the beta distribution's quantiles, as textbooks have it."""
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, count - hits + 1))
    high = 1.0 if hits == count else float(beta.ppf(0.975, hits + 1, count - hits))
    return low, high


def now_is(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _seconds(since: str, until: str) -> int:
    return int((instant(until) - instant(since)).total_seconds())
