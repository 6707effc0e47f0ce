"""A generated year as stored history: decisions with facts and audit, cases, and what people made of them."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from multiprocessing import get_context
from typing import Any

from benchmarks.year_facts import Decided, decide_year
from core import audit_log
from core.database import Database, WriteSession
from core.decisions import Outcome
from core.ids import new_id
from training.year import build_year
from training.year_policy import policy_text
from triage import case_rows, decisions, policies
from triage.case_records import CaseState, Resolution
from triage.decide import decide
from triage.facts_json import facts_from_text, facts_to_text
from triage.policy import Policy
from triage.recorded import Making, RecordedDecision, audited, recorded

AT_ONCE = 2_000
_Made = tuple[RecordedDecision, dict[str, Any], dict[str, Any] | None]
_WORKER, _PERSON = "worker:year", "ben"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was written: the policy everything was decided under, as text, and how many decisions."""

    text: str
    decisions: int


def store_apart(urls: Sequence[str], *, count: int, seed: int) -> Stored:
    """`store_year` in a process of its own: what a year leaves in memory slows nobody who measures afterwards."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_store_in, tuple(urls), count, seed).result()


def _store_in(urls: Sequence[str], count: int, seed: int) -> Stored:
    databases = [Database(url) for url in urls]
    try:
        return store_year(databases, count=count, seed=seed)
    finally:
        for database in databases:
            database.close()


def store_year(databases: Sequence[Database], *, count: int, seed: int) -> Stored:
    """Decides a year and stores it, the same in each database; faulty papers are rejected, honest ones approved."""
    year = build_year(seed, count)
    text = policy_text(year.items)
    policy = policies.read(text)
    for database in databases:
        with database.write() as session:
            policies.start_with(session, text, at=year.bills[0].arrives - timedelta(hours=1))
    total = 0
    for some in _parts(decide_year(year, policy)):
        made = [_made(one, _record(one, policy)) for one in some]
        for database in databases:
            with database.write() as session:
                _write(session, made)
        total += len(made)
    return Stored(text=text, decisions=total)


def _parts(year: Iterable[Decided]) -> Iterator[list[Decided]]:
    rest = iter(year)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _record(one: Decided, policy: Policy) -> RecordedDecision:
    text = facts_to_text(one.facts)
    facts = facts_from_text(text)
    seed = facts.paper.sha256
    decision = decide(facts, policy, seed=seed, facts_text=text)
    making = Making(scores={}, seed=seed, run=1, extraction_version=1, by=_WORKER)
    return recorded(new_id("dec", decision.decided_at), decision, text, making)


def _made(one: Decided, record: RecordedDecision) -> _Made:
    told = audited(record) | {"codes": sorted({finding.code for finding in one.decision.findings})}
    return record, told, None if one.decision.outcome is Outcome.CLEAR else _case(one, record)


def _write(session: WriteSession, made: Sequence[_Made]) -> None:
    decisions.save_decisions(session, [record for record, _, _ in made])
    for record, told, case in made:
        subject = f"document:{record.document_id}"
        audit_log.append(
            session, at=record.decided_at, actor=_WORKER, action="document.decided", subject=subject, payload=told
        )
        if case is not None:
            case_rows.insert(session, case)


def _case(one: Decided, record: RecordedDecision) -> dict[str, Any]:
    """A case as a person left it a day later: what was honest is approved, what was not is sent back."""
    paper, findings = one.facts.paper, one.decision.findings
    honest = one.bill.fault is None
    return {
        "case_id": new_id("case", record.decided_at),
        "document_id": record.document_id,
        "kind": "invoice",
        "state": CaseState.RESOLVED.value,
        "outcome": record.outcome,
        "subject": paper.seller_name or record.document_id,
        "headline": findings[0].message,
        "codes": list(dict.fromkeys(finding.code for finding in findings)),
        "amount_at_risk": Decimal(0),
        "currency": paper.currency,
        "total": paper.total_with_vat,
        "priority": 0,
        "queue": "ap",
        "opened_at": record.decided_at,
        "claim_token": 0,
        "version": 1,
        "resolved_at": record.decided_at + timedelta(days=1),
        "resolved_by": _PERSON,
        "resolution": (Resolution.APPROVE if honest else Resolution.REJECT).value,
        "reason_code": "other",
        "comment": "as the year was made",
    }
