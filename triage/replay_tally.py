"""What making decisions again has shown, whatever they were about: what differs, counted, and added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from core.audit import AuditEntry
from core.canonical import canonical_json
from core.decisions import Finding

KEPT_MISMATCHES = 1_000


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
    """What making decisions again has shown. `mismatches` keeps the first thousand; `different` counts decisions.

    `erased` counts those whose papers' retention period was over: they are gone, and the audit says so.
    """

    decisions: int = 0
    equal: int = 0
    different: int = 0
    erased: int = 0
    other_rules: Mapping[str, OtherRules] = field(default_factory=dict)
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is otherwise than it was; decisions under other rules are counted apart, not as equal."""
        return not self.mismatches


def total(tallies: Iterable[ReplayTally]) -> ReplayTally:
    """Several tallies as one."""
    parts = list(tallies)
    rules = sorted({version for part in parts for version in part.other_rules})
    return ReplayTally(
        decisions=sum(part.decisions for part in parts),
        equal=sum(part.equal for part in parts),
        different=sum(part.different for part in parts),
        erased=sum(part.erased for part in parts),
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


def tally_of(found: Sequence[Mismatch], other: Mapping[str, OtherRules]) -> ReplayTally:
    """One decision: equal, different, or made under other rules."""
    return ReplayTally(
        decisions=1,
        equal=int(not found and not other),
        different=int(bool(found)),
        other_rules=other,
        mismatches=tuple(found),
    )


def differing_findings(stored: Sequence[Finding], made: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Attribute, as stored, as made again, for all that differs; their codes where there are not equally many."""
    if len(stored) != len(made):
        return [("findings", _codes(stored), _codes(made))]
    return [
        (f"findings[{place}].{name.name}", text_of(here), text_of(there))
        for place, (one, other) in enumerate(zip(stored, made, strict=True))
        for name in fields(Finding)
        if (here := getattr(one, name.name)) != (there := getattr(other, name.name))
    ]


def text_of(value: object) -> str:
    """A value as a mismatch shows it."""
    return value if isinstance(value, str) else canonical_json(value)


def _codes(findings: Sequence[Finding]) -> str:
    return ", ".join(one.code for one in findings) or "none"


def _sum_of(parts: Sequence[OtherRules]) -> OtherRules:
    return OtherRules(
        decisions=sum(part.decisions for part in parts),
        outcome_differs=sum(part.outcome_differs for part in parts),
        not_made=sum(part.not_made for part in parts),
    )
