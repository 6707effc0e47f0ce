"""Makes a recorded decision again and says, column by column, what is not as it was: rules alone, no database.

Three things must agree: the row, what the same facts give again, and what the audit was told when it was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from core.audit import AuditEntry
from core.canonical import canonical_json, instant_text, parse_json, sha256_of
from triage.decide import RULES_VERSION, decide, scores_to_json, stored_inputs_hash
from triage.facts_json import facts_from_text
from triage.policy import Policy
from triage.recorded import Making, RecordedDecision, audited, findings_from_text, recorded
from triage.replay_tally import Mismatch, OtherRules, ReplayTally, differing_findings, tally_of, text_of

FIRST_RULES = "1"
"""Decisions under these rules were hashed in a form of their own and kept the boxes of their findings rounded."""

_UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError)
_COLUMNS = tuple(column.name for column in fields(RecordedDecision) if column.name != "findings")
_TOLD_AS = {"findings_hash": "findings"}


def check(record: RecordedDecision, policy: Policy | None, told: Sequence[AuditEntry]) -> ReplayTally:
    """One decision, made again and held against the audit.

    Args:
        policy: the one it was made under; None when no such policy was ever applied here, or it cannot be read.
        told: the audit's entries about decisions on its document.
    """
    entry = _entry_of(record, told)
    found = [*_against_audit(record, entry), *_against_its_hash(record, entry)]
    if record.rules_version != RULES_VERSION:
        other = {record.rules_version: _under_these_rules(record, policy)}
        return tally_of(found, other)
    named = {mismatch.field for mismatch in found}
    if named & {"facts", "scores"}:
        named.add("inputs_hash")  # which follows from them
    again = [one for one in _against_replay(record, policy) if one.field not in named]
    detailed = any(one.field.startswith("findings[") for one in again)
    kept = [one for one in found if not (detailed and one.field == "findings")]
    return tally_of([*kept, *again], {})


def remake(record: RecordedDecision, policy: Policy) -> RecordedDecision:
    """The decision made again from its own facts, scores and seed.

    Raises:
        ValueError, TypeError, KeyError, ArithmeticError, AttributeError: when its facts cannot be read.
    """
    facts = facts_from_text(record.facts)
    decision = decide(facts, policy, scores=record.scores, seed=record.seed, facts_text=record.facts)
    making = Making(
        scores=record.scores,
        seed=record.seed,
        run=record.run,
        extraction_version=record.extraction_version,
        by=record.decided_by,
    )
    return recorded(record.decision_id, decision, record.facts, making)


def _entry_of(record: RecordedDecision, told: Sequence[AuditEntry]) -> AuditEntry | None:
    """The entry about this decision: by its id, else, should that have been changed, by its run."""
    by_id = (entry for entry in told if entry.payload.get("decision_id") == record.decision_id)
    by_run = (entry for entry in told if entry.payload.get("run") == record.run)
    return next(by_id, None) or next(by_run, None)


def _against_audit(record: RecordedDecision, entry: AuditEntry | None) -> list[Mismatch]:
    if entry is None:
        return [_mismatch(record, "decision_id", record.decision_id, "no audit entry tells of it", "audit")]
    now = audited(record)
    if record.rules_version == FIRST_RULES:
        del now["findings_hash"]
    differing = [name for name in now if name in entry.payload and now[name] != entry.payload[name]]
    found = [
        _mismatch(record, _TOLD_AS.get(name, name), text_of(now[name]), text_of(entry.payload[name]), "audit")
        for name in differing
    ]
    if entry.actor != record.decided_by:
        found.append(_mismatch(record, "decided_by", record.decided_by, entry.actor, "audit"))
    if entry.at != record.decided_at:
        at = instant_text(record.decided_at)
        found.append(_mismatch(record, "decided_at", at, instant_text(entry.at), "audit"))
    return found


def _against_its_hash(record: RecordedDecision, entry: AuditEntry | None) -> list[Mismatch]:
    """Whether the facts are those that were hashed; a changed hash or score has been named already."""
    payload = {} if entry is None else entry.payload
    scores = payload.get("scores", scores_to_json(record.scores))
    hashed = payload.get("inputs_hash", record.inputs_hash)
    try:
        now = _hash_of(record, {name: float(score) for name, score in scores.items()})
    except _UNREADABLE as error:
        return [_mismatch(record, "facts", f"unreadable: {error}", hashed, "audit")]
    return [] if now == hashed else [_mismatch(record, "facts", now, hashed, "audit")]


def _hash_of(record: RecordedDecision, scores: Mapping[str, float]) -> str:
    if record.rules_version != FIRST_RULES:
        return stored_inputs_hash(record.facts, scores)
    facts = parse_json(record.facts)
    ordered = _unordered(facts) | {"paper": _unordered(facts["paper"])}
    return sha256_of({"facts": ordered, "scores": scores_to_json(scores)})


def _unordered(record: Mapping[str, object]) -> dict[str, object]:
    """A record as it was hashed under the first rules: every list in one order."""
    return {
        key: sorted(value, key=canonical_json) if isinstance(value, list) else value for key, value in record.items()
    }


def _under_these_rules(record: RecordedDecision, policy: Policy | None) -> OtherRules:
    if policy is None:
        return OtherRules(decisions=1, not_made=1)
    try:
        differs = remake(record, policy).outcome != record.outcome
    except _UNREADABLE:
        return OtherRules(decisions=1, not_made=1)
    return OtherRules(decisions=1, outcome_differs=int(differs))


def _against_replay(record: RecordedDecision, policy: Policy | None) -> list[Mismatch]:
    if policy is None:
        return [_mismatch(record, "policy_hash", record.policy_hash, "no policy of this hash can be read", "replay")]
    try:
        again = remake(record, policy)
    except _UNREADABLE as error:
        return [_mismatch(record, "facts", f"unreadable: {type(error).__name__} {error}", "facts", "replay")]
    found = [
        _mismatch(record, name, text_of(getattr(record, name)), text_of(getattr(again, name)), "replay")
        for name in _COLUMNS
        if getattr(record, name) != getattr(again, name)
    ]
    return found if record.findings == again.findings else [*found, *_in_findings(record, again)]


def _in_findings(record: RecordedDecision, again: RecordedDecision) -> list[Mismatch]:
    try:
        stored = findings_from_text(record.findings)
    except _UNREADABLE as error:
        return [_mismatch(record, "findings", f"unreadable: {error}", again.findings, "replay")]
    found = differing_findings(stored, findings_from_text(again.findings)) or [
        ("findings", record.findings, again.findings)
    ]
    return [_mismatch(record, *one, "replay") for one in found]


def _mismatch(record: RecordedDecision, name: str, stored: str, again: str, against: str) -> Mismatch:
    return Mismatch(
        decision_id=record.decision_id,
        document_id=record.document_id,
        field=name,
        stored=stored,
        again=again,
        against=against,
    )
