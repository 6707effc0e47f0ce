"""Decides a document: load the facts, judge them, save everything that follows, in one transaction.

A reading that failed is decided like any other: it becomes a paper nobody can read, held with the reason and what to
do about it. Nothing is decided twice: the lease's token and UNIQUE(document_id, run) both refuse it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from core import audit_log
from core.canonical import sha256_of
from core.clock import Clock
from core.database import Database, ReadSession, WriteSession
from core.decisions import Decision, Outcome
from core.documents import Document, DocumentType, Extraction, Remark, Source
from core.documents_json import extraction_to_json
from core.errors import ClearholdError
from core.ids import new_id
from ingest import documents
from ingest.documents import Lease
from models.prediction import Prediction
from triage import case_flow, case_rows, decisions, outbox, pending, predictions, shipments
from triage.carried import CARRIED
from triage.case_flow import BY_CORRECTION, Ending
from triage.case_records import CaseSummary
from triage.correction_history import corrections
from triage.decide import decide
from triage.facts import Correction, Facts
from triage.facts_json import facts_from_text, facts_to_text
from triage.facts_marker import facts_marker
from triage.gather import gather
from triage.header import billed_headers
from triage.match import billed_lines, known_invoice, pair_lines
from triage.paper import paper_from_extraction
from triage.policy import Policy
from triage.precedence import without_later_ones
from triage.prediction_json import is_misfit
from triage.predictions import StoredPrediction
from triage.recorded import Making, audited, recorded
from triage.review_risk import NAME as REVIEW
from triage.review_risk import AskRisk
from triage.shipped import known_shipment, shipped_lines
from triage.storable import storable
from triage.team_advice import AskTeam

UNREADABLE = "DOC-UNREADABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision with the facts it was made from and the case it opened or changed, if any."""

    decision: Decision
    facts: Facts
    run: int
    case: CaseSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A decision that is not saved yet, with all it was made from. `run` counts from 1.

    Attributes:
        features: what a model looked at that was asked just now.
    """

    decision: Decision
    facts: Facts
    facts_text: str
    run: int
    version: int
    features: tuple[float | None, ...] | None = None


def decide_document(
    db: Database,
    lease: Lease,
    result: Extraction | ClearholdError,
    policy: Policy,
    clock: Clock,
    *,
    risk: AskRisk | None = None,
    ask_team: AskTeam | None = None,
) -> Decision:
    """Decides a leased document in one transaction that everything else waits for.

    Args:
        result: what the reader made of the bytes, or why it could not.
        risk: a model's word on how likely a person will change it; rules decide alone without.
        ask_team: which queue a new case waits in, of those the policy allows; the route's own without.

    Raises:
        ConflictError: `DOC-LEASE-LOST` when another node has the document; nothing was stored.
    """
    actor = f"worker:{lease.node}"
    with db.write() as session:
        audit_log.lock_chain(session)
        at = clock.now()
        documents.complete(session, lease, at)
        document = lease.document
        extraction = storable(unreadable(document, result) if isinstance(result, ClearholdError) else result)
        before = decisions.latest_extraction(session, document.document_id)
        version = 1 if before is None else before.version + 1
        decisions.save_extraction(session, document.document_id, extraction, version=version, at=at, by=actor)
        _tell_read(session, document, extraction, version, result, at=at, actor=actor)
        seen = look(session, document, extraction, version, policy, at=at, risk=risk)
        return keep(session, document, seen, policy, at=at, actor=actor, ask_team=ask_team).decision


def judge(
    session: WriteSession,
    document: Document,
    extraction: Extraction,
    version: int,
    policy: Policy,
    *,
    at: datetime,
    actor: str,
) -> Judgement:
    """Gathers, decides and saves what follows: decision, known invoice, billed lines, case, audit, event."""
    return keep(
        session, document, look(session, document, extraction, version, policy, at=at), policy, at=at, actor=actor
    )


def look(
    session: ReadSession,
    document: Document,
    extraction: Extraction,
    version: int,
    policy: Policy,
    *,
    at: datetime,
    risk: AskRisk | None = None,
) -> Look:
    """Gathers and decides, and saves nothing.

    A model is asked once, when a paper is first decided: what it said then stays with the paper, whichever model is
    there later, or none, so that a decision made again is never less careful for want of a model.

    Args:
        risk: a model's word on how likely a person will change the paper.
    """
    paper = paper_from_extraction(extraction, document.document_id)
    if version > 1:
        paper = replace(paper, corrections=_corrections(session, document.document_id))
    run = decisions.latest_decision_run(session, document.document_id) + 1
    gathered, features = gather(session, paper, at), None
    if run > 1:
        before = decisions.latest_decision(session, document.document_id)
        gathered = replace(gathered, prediction=None if before is None else before.facts.prediction)
    elif risk is not None:
        said = risk(session, gathered, policy)
        if said is not None:
            gathered, features = replace(gathered, prediction=replace(said, features=None)), said.features
    facts_text = facts_to_text(gathered if run == 1 else without_later_ones(session, gathered))
    # From what will be read back, so that the decision can be made again to the last byte.
    facts = facts_from_text(facts_text)
    decision = decide(facts, policy, scores={}, seed=document.sha256, facts_text=facts_text)
    return Look(decision=decision, facts=facts, facts_text=facts_text, run=run, version=version, features=features)


def keep(
    session: WriteSession,
    document: Document,
    look: Look,
    policy: Policy,
    *,
    at: datetime,
    actor: str,
    ending: Ending = BY_CORRECTION,
    ask_team: AskTeam | None = None,
) -> Judgement:
    """Saves a decision and what follows from it.

    Args:
        ending: how an open case ends where the paper is clear now.
        ask_team: which queue a new case waits in.
    """
    decision, facts, run = look.decision, look.facts, look.run
    making = Making(scores={}, seed=document.sha256, run=run, extraction_version=look.version, by=actor)
    record = recorded(new_id("dec", at), decision, look.facts_text, making)
    decisions.save_decisions(session, [record])
    if run == 1 and facts.prediction is not None and not is_misfit(facts.prediction):
        predictions.save(session, [_said(facts.prediction, decision, look.features)])
    near = pending.near(session, document.document_id)
    _remember(session, facts, decision, policy)
    if run > 1 or decision.outcome is Outcome.CLEAR:
        near |= pending.near(session, document.document_id)
    case_rows.must_be_looked_at_again(session, near)
    case = case_flow.follow(
        session, document, decision, facts, policy, at=at, actor=actor, ending=ending, ask_team=ask_team
    )
    if case is not None:
        case_rows.set_judged_against(session, case.case_id, facts_marker(session, policy))
    told = audited(record) | {
        "codes": sorted({finding.code for finding in decision.findings}),
        "case_id": None if case is None else case.case_id,
    }
    subject = f"document:{document.document_id}"
    audit_log.append(session, at=at, actor=actor, action="document.decided", subject=subject, payload=told)
    outbox.put(session, "decision.made", subject, told | {"document_id": document.document_id}, at)
    return Judgement(decision=decision, facts=facts, run=run, case=case)


def unreadable(document: Document, error: ClearholdError) -> Extraction:
    """What is known of a paper that could not be read: nothing, and why."""
    return Extraction(
        sha256=document.sha256,
        document_type=DocumentType.OTHER,
        type_confidence=0.0,
        source=Source.TEXT_LAYER,
        language=None,
        page_sizes=(),
        fields={},
        findings=(
            Remark(code=error.code, outcome=Outcome.HOLD.value, message=f"{error.message} {error.remedy}")
            if error.code in CARRIED
            else Remark(
                code=UNREADABLE, outcome=Outcome.HOLD.value, message=f"{error.message} {error.remedy} [{error.code}]"
            ),
        ),
    )


def _said(prediction: Prediction, decision: Decision, features: tuple[float | None, ...] | None) -> StoredPrediction:
    """What a model said of a paper, to be held against what comes of it."""
    return StoredPrediction(
        name=REVIEW,
        subject=prediction.subject,
        model=prediction.model,
        predicted_at=decision.decided_at,
        score=prediction.probability,
        features_hash=decision.inputs_hash,
        features=features,
    )


def _remember(session: WriteSession, facts: Facts, decision: Decision, policy: Policy) -> None:
    paper, match = facts.paper, pair_lines(facts)
    # A paper whose supplier nobody knows counts too: the same one again must not look like the first.
    invoice = known_invoice(paper, "" if facts.supplier is None else facts.supplier.supplier_id)
    document_id, counts = decision.document_id, decision.outcome is not Outcome.BLOCK
    pending.remember(
        session,
        document_id,
        invoice=invoice,
        lines=billed_lines(paper, match),
        headers=billed_headers(facts, match, policy),
        lines_count=counts,
    )
    shipments.remember(
        session,
        document_id,
        shipment=known_shipment(paper, _sender(facts)),
        lines=shipped_lines(paper, match),
        lines_count=counts,
    )


def _sender(facts: Facts) -> str | None:
    """Who a shipment is from: the seller on the paper, else the one supplier of the orders it names."""
    if facts.supplier is not None:
        return facts.supplier.supplier_id
    suppliers = {order.supplier_id for order in facts.orders}
    return suppliers.pop() if len(suppliers) == 1 else None


def _corrections(session: ReadSession, document_id: str) -> tuple[Correction, ...]:
    versions = decisions.extractions_of(session, document_id)
    return corrections(versions, decisions.codes_by_version(session, document_id))


def _tell_read(
    session: WriteSession,
    document: Document,
    extraction: Extraction,
    version: int,
    result: Extraction | ClearholdError,
    *,
    at: datetime,
    actor: str,
) -> None:
    audit_log.append(
        session,
        at=at,
        actor=actor,
        action="document.read",
        subject=f"document:{document.document_id}",
        payload={
            "version": version,
            "document_type": extraction.document_type,
            "source": extraction.source,
            "extraction_hash": sha256_of(extraction_to_json(extraction)),
            "bundle": extraction.bundle,
            "error": result.code if isinstance(result, ClearholdError) else None,
        },
    )
