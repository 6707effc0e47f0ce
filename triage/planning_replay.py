"""Makes a recorded decision about planning again and says what is not as it was, as `triage.replay` does of papers.

Three things must agree: the row, what the same facts and prediction give again, and what the audit was told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields

from core.audit import AuditEntry
from core.canonical import canonical_json, to_jsonable
from core.decisions import Decision, Finding
from triage.decide import RULES_VERSION
from triage.planning_recorded import RecordedPlanning, audited_planning, hash_again, made_again
from triage.policy import Policy
from triage.recorded import findings_to_text
from triage.replay import Mismatch, OtherRules, ReplayTally

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
        return _tally(found, {record.rules_version: _under_these_rules(record, policy)})
    named = {mismatch.field for mismatch in found}
    again = (one for one in _against_replay(record, policy) if one.field.partition("[")[0] not in named)
    return _tally([*found, *again], {})


def missing_planning(entry: AuditEntry) -> ReplayTally:
    """What to say of a decision the audit was told of and that is not in the database any more."""
    gone = Mismatch(
        decision_id=str(entry.payload.get("decision_id")),
        document_id=entry.subject,
        field="decision_id",
        stored="no such decision",
        again=f"told in audit entry {entry.sequence}",
        against="audit",
    )
    return ReplayTally(different=1, mismatches=(gone,))


def _against_audit(record: RecordedPlanning, entry: AuditEntry | None) -> list[Mismatch]:
    if entry is None:
        return [_mismatch(record, "decision_id", record.decision_id, "no audit entry tells of it", "audit")]
    now = to_jsonable(audited_planning(record))
    found = [
        _mismatch(record, _TOLD_AS.get(name, name), _text(now[name]), _text(entry.payload.get(name)), "audit")
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
        _mismatch(record, name, _text(getattr(record, name)), _text(value(again)), "replay")
        for name, value in _ABOUT
        if getattr(record, name) != value(again)
    ]
    text = findings_to_text(again.findings)
    return found if text == record.findings else [*found, *_in_findings(record, stored, again.findings, text)]


def _in_findings(
    record: RecordedPlanning, stored: tuple[Finding, ...], made: tuple[Finding, ...], text: str
) -> Iterable[Mismatch]:
    if len(stored) != len(made):
        return [_mismatch(record, "findings", _codes(stored), _codes(made), "replay")]
    differing = [
        _mismatch(record, f"findings[{place}].{name.name}", _text(here), _text(there), "replay")
        for place, (one, other) in enumerate(zip(stored, made, strict=True))
        for name in fields(Finding)
        if (here := getattr(one, name.name)) != (there := getattr(other, name.name))
    ]
    return differing or [_mismatch(record, "findings", record.findings, text, "replay")]


def _codes(findings: tuple[Finding, ...]) -> str:
    return ", ".join(one.code for one in findings) or "none"


def _tally(found: Sequence[Mismatch], other: dict[str, OtherRules]) -> ReplayTally:
    return ReplayTally(
        decisions=1,
        equal=int(not found and not other),
        different=int(bool(found)),
        other_rules=other,
        mismatches=tuple(found),
    )


def _mismatch(record: RecordedPlanning, name: str, stored: str, again: str, against: str) -> Mismatch:
    return Mismatch(
        decision_id=record.decision_id,
        document_id=record.subject,
        field=name,
        stored=stored,
        again=again,
        against=against,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical_json(value)
