"""Makes a recorded decision again and says, column by column, what is not as it was: rules alone, no database.

Three things must agree: the row, what the same facts give again, and what the audit was told when it was made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from core.audit import AuditEntry
from core.canonical import canonical_json, instant_text, parse_json, sha256_of
from core.decisions import Finding
from triage.decide import RULES_VERSION, decide, scores_to_json, stored_inputs_hash
from triage.facts_json import facts_from_text
from triage.policy import Policy
from triage.recorded import Making, RecordedDecision, audited, findings_from_text, recorded

FIRST_RULES = "1"
"""Decisions under these rules were hashed in a form of their own and kept the boxes of their findings rounded."""

KEPT_MISMATCHES = 1_000
_UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError)
_COLUMNS = tuple(column.name for column in fields(RecordedDecision) if column.name != "findings")
_TOLD_AS = {"findings_hash": "findings"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing about a decision that is not as it was.

    Attributes:
        field: the column, or within the findings the attribute: `findings[2].actual`.
        stored: what the row says.
        again: what making it again gives, or what the audit was told.
        against: `replay` or `audit`.
    """

    decision_id: str
    document_id: str
    field: str
    stored: str
    again: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRules:
    """Decisions made under another version of the rules: how many would come out otherwise under these.

    Attributes:
        not_made: how many cannot be made again, as their policy or facts are none to these rules.
    """

    decisions: int = 0
    outcome_differs: int = 0
    not_made: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTally:
    """What making decisions again has shown. `mismatches` keeps the first thousand; `different` counts decisions."""

    decisions: int = 0
    equal: int = 0
    different: int = 0
    other_rules: Mapping[str, OtherRules] = field(default_factory=dict)
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is otherwise than it was; decisions under other rules are counted apart, not as equal."""
        return not self.mismatches


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
        return _tally(found, other)
    named = {mismatch.field for mismatch in found}
    if named & {"facts", "scores"}:
        named.add("inputs_hash")  # which follows from them
    again = [one for one in _against_replay(record, policy) if one.field not in named]
    detailed = any(one.field.startswith("findings[") for one in again)
    kept = [one for one in found if not (detailed and one.field == "findings")]
    return _tally([*kept, *again], {})


def total(tallies: Iterable[ReplayTally]) -> ReplayTally:
    """Several tallies as one."""
    parts = list(tallies)
    rules = sorted({version for part in parts for version in part.other_rules})
    return ReplayTally(
        decisions=sum(part.decisions for part in parts),
        equal=sum(part.equal for part in parts),
        different=sum(part.different for part in parts),
        other_rules={
            version: _sum_of([part.other_rules[version] for part in parts if version in part.other_rules])
            for version in rules
        },
        mismatches=tuple(one for part in parts for one in part.mismatches)[:KEPT_MISMATCHES],
    )


def missing(entry: AuditEntry) -> ReplayTally:
    """What to say of a decision the audit was told of and that is not in the database any more."""
    gone = Mismatch(
        decision_id=str(entry.payload.get("decision_id")),
        document_id=entry.subject.removeprefix("document:"),
        field="decision_id",
        stored="no such decision",
        again=f"told in audit entry {entry.sequence}",
        against="audit",
    )
    return ReplayTally(different=1, mismatches=(gone,))


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


def _tally(found: Sequence[Mismatch], other: Mapping[str, OtherRules]) -> ReplayTally:
    return ReplayTally(
        decisions=1,
        equal=int(not found and not other),
        different=int(bool(found)),
        other_rules=other,
        mismatches=tuple(found),
    )


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
        _mismatch(record, _TOLD_AS.get(name, name), _text(now[name]), _text(entry.payload[name]), "audit")
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
        _mismatch(record, name, _text(getattr(record, name)), _text(getattr(again, name)), "replay")
        for name in _COLUMNS
        if getattr(record, name) != getattr(again, name)
    ]
    return found if record.findings == again.findings else [*found, *_in_findings(record, again)]


def _in_findings(record: RecordedDecision, again: RecordedDecision) -> list[Mismatch]:
    try:
        stored = findings_from_text(record.findings)
    except _UNREADABLE as error:
        return [_mismatch(record, "findings", f"unreadable: {error}", again.findings, "replay")]
    made = findings_from_text(again.findings)
    if len(stored) != len(made):
        return [_mismatch(record, "findings", _codes(stored), _codes(made), "replay")]
    found = [
        _mismatch(record, f"findings[{place}].{name.name}", _text(here), _text(there), "replay")
        for place, (one, other) in enumerate(zip(stored, made, strict=True))
        for name in fields(Finding)
        if (here := getattr(one, name.name)) != (there := getattr(other, name.name))
    ]
    return found or [_mismatch(record, "findings", record.findings, again.findings, "replay")]


def _codes(findings: tuple[Finding, ...]) -> str:
    return ", ".join(one.code for one in findings) or "none"


def _mismatch(record: RecordedDecision, name: str, stored: str, again: str, against: str) -> Mismatch:
    return Mismatch(
        decision_id=record.decision_id,
        document_id=record.document_id,
        field=name,
        stored=stored,
        again=again,
        against=against,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else canonical_json(value)


def _sum_of(parts: Sequence[OtherRules]) -> OtherRules:
    return OtherRules(
        decisions=sum(part.decisions for part in parts),
        outcome_differs=sum(part.outcome_differs for part in parts),
        not_made=sum(part.not_made for part in parts),
    )
