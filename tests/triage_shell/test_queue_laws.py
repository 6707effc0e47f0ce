"""Laws of the queue: counts and words are never behind the cases, and a lost claim never writes."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.database import Database, ReadSession, WriteSession
from core.errors import ClearholdError
from core.ids import new_id
from triage import case_counting, case_flow, case_queue, case_rows, cases, questions, taking_back
from triage.case_records import RELEASED, CaseState
from triage.policies import built_in_text
from triage.policy import load_policy
from triage.queue_tables import ended_words, waiting_words
from triage.tables import cases as table

REFUSALS = {"CASE-CLAIM-LOST", "CASE-CLAIMED-BY-OTHER", "CASE-CHANGED", "CASE-RESOLVED"}
POLICY = load_policy(built_in_text())
PEOPLE = ("anna", "bert")
ACTIONS = (
    "open",
    "next",
    "claim",
    "heartbeat",
    "release",
    "escalate",
    "reject",
    "undo",
    "ask",
    "answer",
    "reroute",
    "first",
    "later",
)
SUBJECTS = ("Nordlicht GmbH · R-8812", "Atelier Blanc · 2026-0117", "Nordwind AG · R-88")

steps = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.sampled_from(PEOPLE), st.integers(0, 5), st.integers(0, 2)),
    max_size=25,
)


class _UndoneError(Exception):
    """Ends a transaction that nothing is kept of."""


class Queue:
    """A queue inside one transaction, on which anything may be tried."""

    def __init__(self, session: WriteSession, at: datetime) -> None:
        self.session, self.at = session, at
        self.ids: list[str] = []

    def open(self, kind: int) -> None:
        """Opens a case about a made-up subject."""
        case_id = new_id("case", self.at)
        row: dict[str, Any] = {
            "case_id": case_id, "document_id": f"doc_{case_id}", "kind": ("invoice", "other", "shipment")[kind],
            "queue": ("ap", "treasury", "ap")[kind], "outcome": ("hold", "block", "sample")[kind],
            "subject": SUBJECTS[kind], "headline": "Price is not the agreed one.", "codes": ["MATCH-PRICE"],
            "amount_at_risk": Decimal(0), "priority": kind, "state": "open", "opened_at": self.at, "claim_token": 0,
            "version": 1, "needs_role": None,
        }  # fmt: skip
        self.ids.append(case_flow.put_in_queue(self.session, row, at=self.at, actor="system").case_id)

    def act(  # noqa: C901  one line an action
        self, action: str, user: str, number: int, kind: int
    ) -> None:
        """Tries an action; what the rules refuse changes nothing."""
        if action == "open":
            return self.open(kind)
        if action == "later":
            self.at += timedelta(minutes=6)
            return None
        if action == "next":
            cases.next_case(self.session, user=user, role="ap_clerk", at=self.at)
            return None
        if not self.ids:
            return None
        case_id = self.ids[number % len(self.ids)]
        who: dict[str, Any] = {"user": user, "at": self.at}
        try:
            match action:
                case "claim" | "heartbeat" | "release":
                    getattr(cases, action)(self.session, case_id, **who)
                case "undo":
                    taking_back.undo(self.session, case_id, **who)
                case "escalate":
                    cases.escalate(self.session, case_id, role="ap_clerk", **who)
                case "reject":
                    ended: dict[str, Any] = {"resolution": "reject", "reason_code": "unreadable", "policy": POLICY}
                    cases.resolve(self.session, case_id, role="ap_clerk", **who, **ended)
                case "ask" | "answer":
                    self._ask(action, case_id, who)
                case _:
                    self._change(action, case_id, user)
        except ClearholdError:
            pass
        return None

    def _ask(self, action: str, case_id: str, who: dict[str, Any]) -> None:
        if action == "answer":
            questions.answer(self.session, case_id, role="ap_clerk", text="yes", **who)
            return
        asks: dict[str, Any] = {"resolution": "request_information", "reason_code": "ask_buyer", "policy": POLICY}
        cases.resolve(self.session, case_id, role="ap_clerk", **who, **asks)

    def _change(self, action: str, case_id: str, user: str) -> None:
        case = case_rows.get(self.session, case_id)
        if case.state is not CaseState.RESOLVED:
            values = {"queue": "treasury", "outcome": "block", "subject": SUBJECTS[0]}
            first = {**RELEASED, "first_approval_by": user}
            case_rows.change(self.session, case, values if action == "reroute" else first)


def counted_anew(session: ReadSession) -> dict[tuple[str, str, str, bool], int]:
    rows = [row for row in session.all(select(table)) if row["state"] not in {"resolved", "asked"}]
    second = [row["needs_role"] is not None or row["first_approval_by"] is not None for row in rows]
    return Counter((row["queue"], row["kind"], row["outcome"], two) for row, two in zip(rows, second, strict=True))


@pytest.mark.law
@settings(max_examples=40)
@given(steps)
def test_counts_are_those_of_a_fresh_count_whatever_was_done(law_database: Database, done: list[Any]) -> None:
    with pytest.raises(_UndoneError), law_database.write() as session:
        queue = Queue(session, datetime.fromisoformat("2026-11-23T09:00:00+00:00"))
        for step in done:
            queue.act(*step)
            assert case_counting.waiting(session) == counted_anew(session)
        for user in PEOPLE:
            mine = case_queue.list_cases(session, state="claimed", claimed_by=user, at=queue.at).cases
            assert case_queue.counts(session, user, queue.at).mine == len(mine)
        check_words(session)
        raise _UndoneError


def check_words(session: ReadSession) -> None:
    """What waits and what has ended are in an index each and nowhere else, and every case is found by what it says."""
    every = [case_rows.summary(row) for row in session.all(select(table))]
    waiting = {case.case_id for case in every if case.state is not CaseState.RESOLVED}
    for words, expected in ((waiting_words, waiting), (ended_words, {case.case_id for case in every} - waiting)):
        assert {row["case_id"] for row in session.all(select(words.c.case_id))} == expected
    for query, fits in (("nord", "Nord"), ("R-8812", "R-8812"), ("blanc 2026-0117", "Blanc"), ("nordwind", "Nordwind")):
        found = case_queue.list_cases(session, query=query, limit=500).cases
        assert {case.case_id for case in found} == {case.case_id for case in every if fits in case.subject}
        assert len(found) == len({case.case_id for case in found})


LOST = (("claim", "anna"), ("later", "anna"), ("claim", "bert"))
claims = st.tuples(
    st.sampled_from((LOST, ())),
    st.lists(
        st.tuples(st.sampled_from(("claim", "heartbeat", "release", "later", "write", "end")), st.sampled_from(PEOPLE)),
        max_size=10,
    ),
)


@pytest.mark.law
@settings(max_examples=100)
@given(claims)
def test_who_lost_a_claim_never_writes(law_database: Database, done: tuple[Any, list[tuple[str, str]]]) -> None:
    """Whoever writes with the version of their own claim is the last one who claimed."""
    with pytest.raises(_UndoneError), law_database.write() as session:
        queue = Queue(session, datetime.fromisoformat("2026-11-23T09:00:00+00:00"))
        queue.open(0)
        (case_id,) = queue.ids
        seen: dict[str, int] = {}
        last_to_claim, refused = "", set[str]()
        for action, user in (*done[0], *done[1]):
            if action == "later":
                queue.at += timedelta(minutes=16)
                continue
            who: dict[str, Any] = {"user": user, "at": queue.at}
            try:
                if action in {"write", "end"}:
                    if user not in seen:
                        continue
                    write(session, case_id, ends=action == "end", version=seen[user], **who)
                    assert last_to_claim == user
                    seen[user] = case_rows.get(session, case_id).version
                else:
                    seen[user] = getattr(cases, action)(session, case_id, **who).version
                    last_to_claim = user if action == "claim" else last_to_claim
            except ClearholdError as error:
                refused.add(error.code)
        assert refused <= REFUSALS
        raise _UndoneError


def write(session: WriteSession, case_id: str, *, ends: bool, **said: Any) -> None:
    if ends:
        ended: dict[str, Any] = {"resolution": "reject", "reason_code": "unreadable", "policy": POLICY}
        cases.resolve(session, case_id, role="ap_clerk", **said, **ended)
    else:
        cases.escalate(session, case_id, role="ap_clerk", **said)


@pytest.fixture(scope="module")
def law_database(_migrated_file: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One database for all examples: each is undone."""
    path = tmp_path_factory.mktemp("laws") / "clearhold.db"
    path.write_bytes(_migrated_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()
