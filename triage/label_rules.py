"""Decides what the end of a case says about how the paper was read: which values were right, which were wrong.

A label is about the reader's own version, before anyone corrected it, and about the values a decision relies on: those
the policy requires or checks. Whoever ends a case has the paper before them: what an approval leaves as it is was
right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import zip_longest

from core.documents import Extraction, Field, Row
from triage.case_records import Resolution
from triage.corrections import DOCUMENT_TYPE
from triage.policy import DocumentRules


class Verdict(StrEnum):
    """How much the end of a case says about the reading."""

    ALL = "all"
    """What was not changed was right."""
    CHANGED = "changed"
    """Only of what was changed or confirmed is anything known."""
    DISPUTED = "disputed"
    """Two people did not say the same of it, and nobody has decided between them: it counts as wrong until then."""
    NOT_THE_KIND = "not_the_kind"
    """It was taken for a kind of paper it is not."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLabel:
    """One value as read, and whether it was right.

    Attributes:
        field: `invoice_number`; of the lines together `lines.quantity`; or `document_type`.
        confidence: as read, of line values the least; None for a value that was not read though it is there.
        source: where it was read; None like `confidence`.
    """

    field: str
    source: str | None
    confidence: float | None
    was_right: bool


_SILENT_APPROVALS = frozenset({"other"})
_REJECTED_AS_ANOTHER_KIND = frozenset({"not_an_invoice"})


def verdict_of(resolution: Resolution, reason_code: str) -> Verdict:
    """What a resolution says of the reading.

    An approval says that what it left was right, whatever it was held for: who agrees a price or verifies an account
    has compared it with the paper. `other` says nothing. A rejection is about the supplier, the goods or the money (a
    duplicate, a wrong price, nothing ordered), not about the reading, but for a paper that is no invoice. A paper
    nobody can read says nothing of how sure the reader may be. Asking for information says nothing yet.
    """
    if resolution is Resolution.APPROVE:
        return Verdict.NOTHING if reason_code in _SILENT_APPROVALS else Verdict.ALL
    if resolution is Resolution.CORRECTED:
        return Verdict.ALL
    if resolution is Resolution.REJECT and reason_code in _REJECTED_AS_ANOTHER_KIND:
        return Verdict.NOT_THE_KIND
    return Verdict.NOTHING


def field_labels(read: Extraction, now: Extraction, rules: DocumentRules, verdict: Verdict) -> tuple[FieldLabel, ...]:
    """The values a decision relies on, held against what a person made of them.

    Args:
        read: the reader's version.
        now: the newest version, with every correction.
    """
    if verdict is Verdict.NOTHING and read == now:
        return ()
    # Who has corrected a paper had it before them, whatever they then made of it.
    known = verdict is Verdict.ALL or (verdict is Verdict.NOTHING and read != now)
    labels = [_type_label(read, now, verdict)]
    labels += [_label(name, read.fields.get(name), now.fields.get(name), known=known) for name in _header(rules)]
    labels += [_line_label(name, read.lines, now.lines, known=known) for name in rules.required_lines]
    return tuple(label for label in labels if label is not None)


def is_wrong(labels: tuple[FieldLabel, ...], verdict: Verdict) -> bool | None:
    """Whether the paper, cleared as read, would have been cleared on a wrong value; None while that is not known.

    While its case is open only some values are; then nothing is said of the whole.
    """
    if verdict is Verdict.CHANGED:
        return None
    if verdict is Verdict.DISPUTED:
        return True
    if any(not label.was_right for label in labels):
        return True
    return False if verdict is Verdict.ALL else None


def _header(rules: DocumentRules) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rules.required, *rules.checked)))


def _type_label(read: Extraction, now: Extraction, verdict: Verdict) -> FieldLabel | None:
    right = read.document_type is now.document_type and verdict is not Verdict.NOT_THE_KIND
    if right and verdict is not Verdict.ALL:
        return None
    return FieldLabel(field=DOCUMENT_TYPE, source=read.source.value, confidence=read.type_confidence, was_right=right)


def _label(name: str, before: Field | None, after: Field | None, *, known: bool) -> FieldLabel | None:
    right = _is_right(before, after, known=known)
    if right is None:
        return None
    if before is None:
        return FieldLabel(field=name, source=None, confidence=None, was_right=False)
    return FieldLabel(field=name, source=before.source.value, confidence=before.confidence, was_right=right)


def _line_label(name: str, before: tuple[Row, ...], after: tuple[Row, ...], *, known: bool) -> FieldLabel | None:
    """One label for all lines: right when every line's value is; as sure as the least sure of them."""
    verdicts = list(_each_line(name, before, after, known=known))
    least = min((row[name] for row in before if name in row), key=lambda field: field.confidence, default=None)
    if not verdicts or (None in verdicts and False not in verdicts):
        return None
    return FieldLabel(
        field=f"lines.{name}",
        source=None if least is None else least.source.value,
        confidence=None if least is None else least.confidence,
        was_right=False not in verdicts,
    )


def _each_line(name: str, before: tuple[Row, ...], after: tuple[Row, ...], *, known: bool) -> Iterator[bool | None]:
    none: Row = {}
    for old, new in zip_longest(before, after, fillvalue=none):
        if name in old or name in new:
            yield _is_right(old.get(name), new.get(name), known=known)


def _is_right(before: Field | None, after: Field | None, *, known: bool) -> bool | None:
    """Whether a value was read right; None when nobody has said so. A value confirmed is surer than it was read."""
    if before is None or after is None:
        return None if before is after else False
    if not _same(before.value, after.value):
        return False
    return True if known or after.confidence > before.confidence else None


def _same(one: str, other: str) -> bool:
    """Whether two texts are one value: 12.50 and 12.5 are, whatever the letters' case."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one.strip().casefold() == other.strip().casefold()


def as_readings(labels: tuple[FieldLabel, ...], exact_sources: frozenset[str]) -> Mapping[str, tuple[float, bool]]:
    """By field, confidence and whether it was right: what a threshold is about. Exact sources have no threshold."""
    return {
        label.field: (label.confidence, label.was_right)
        for label in labels
        if label.confidence is not None and label.source not in exact_sources and label.field != DOCUMENT_TYPE
    }
