"""Makes a recorded decision about planning again and says what is not as it was, as `triage.replay` does of papers.

Three things must agree: the row, what the same facts and prediction give again, and what the audit was told.
"""

from collections.abc import Callable, Sequence

from core.audit import AuditEntry
from core.canonical import to_jsonable
from core.decisions import Decision
from triage.decide import RULES_VERSION
from triage.planning_recorded import RecordedPlanning, audited_planning, hash_again, made_again
from triage.policy import Policy
from triage.recorded import findings_to_text
from triage.replay_tally import Mismatch, OtherRules, ReplayTally, differing_findings, tally_of, text_of

_UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError)
_TOLD_AS = {"findings_hash": "findings", "advice_hash": "advice", "as_of": "decided_at"}
_ABOUT: tuple[tuple[str, Callable[[Decision], object]], ...] = (
    ("outcome", lambda decision: decision.outcome.value),
    ("inputs_hash", lambda decision: decision.inputs_hash),
    ("policy_hash", lambda decision: decision.policy_hash),
    ("models", lambda decision: decision.models),
    ("decided_at", lambda decision: decision.decided_at),
)


def check_planning(record: RecordedPlanning, policy: Policy | None, told: Sequence[AuditEntry]) -> ReplayTally:
    """One decision, made again and held against the audit.

    Args:
        policy: the one it was made under; None when no such policy was ever applied here, or it cannot be read.
        told: the audit's entries about decisions on its subject.
    """
    entry = next((entry for entry in told if entry.payload.get("decision_id") == record.decision_id), None)
    found = [*_against_audit(record, entry), *_against_its_hash(record)]
    if record.rules_version != RULES_VERSION:
        return tally_of(found, {record.rules_version: _under_these_rules(record, policy)})
    named = {mismatch.field for mismatch in found}
    again = (one for one in _against_replay(record, policy) if one.field.partition("[")[0] not in named)
    return tally_of([*found, *again], {})


def _against_audit(record: RecordedPlanning, entry: AuditEntry | None) -> list[Mismatch]:
    if entry is None:
        return [_mismatch(record, "decision_id", record.decision_id, "no audit entry tells of it", "audit")]
    now = to_jsonable(audited_planning(record))
    found = [
        _mismatch(record, _TOLD_AS.get(name, name), text_of(now[name]), text_of(entry.payload.get(name)), "audit")
        for name in now
        if now[name] != entry.payload.get(name)
    ]
    if entry.actor != record.decided_by:
        found.append(_mismatch(record, "decided_by", record.decided_by, entry.actor, "audit"))
    return found


def _against_its_hash(record: RecordedPlanning) -> list[Mismatch]:
    """Whether facts and prediction are those that were hashed."""
    try:
        now = hash_again(record)
    except _UNREADABLE as error:
        return [_mismatch(record, "facts", f"unreadable: {error}", record.inputs_hash, "replay")]
    return [] if now == record.inputs_hash else [_mismatch(record, "facts", now, record.inputs_hash, "replay")]


def _under_these_rules(record: RecordedPlanning, policy: Policy | None) -> OtherRules:
    if policy is None:
        return OtherRules(decisions=1, not_made=1)
    try:
        differs = made_again(record, policy).outcome.value != record.outcome
    except _UNREADABLE:
        return OtherRules(decisions=1, not_made=1)
    return OtherRules(decisions=1, outcome_differs=int(differs))


def _against_replay(record: RecordedPlanning, policy: Policy | None) -> list[Mismatch]:
    if policy is None:
        return [_mismatch(record, "policy_hash", record.policy_hash, "no policy of this hash can be read", "replay")]
    try:
        again = made_again(record, policy)
        stored = record.found
    except _UNREADABLE as error:
        return [_mismatch(record, "facts", f"unreadable: {type(error).__name__} {error}", "facts", "replay")]
    found = [
        _mismatch(record, name, text_of(getattr(record, name)), text_of(value(again)), "replay")
        for name, value in _ABOUT
        if getattr(record, name) != value(again)
    ]
    text = findings_to_text(again.findings)
    if text == record.findings:
        return found
    differing = differing_findings(stored, again.findings) or [("findings", record.findings, text)]
    return [*found, *(_mismatch(record, *one, "replay") for one in differing)]


def _mismatch(record: RecordedPlanning, name: str, stored: str, again: str, against: str) -> Mismatch:
    return Mismatch(
        decision_id=record.decision_id,
        document_id=record.subject,
        field=name,
        stored=stored,
        again=again,
        against=against,
    )
