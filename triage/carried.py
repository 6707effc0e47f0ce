"""Findings that the reader made itself and that keep their own code: what it compared, counted or could not read."""

from dataclasses import replace

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.facts import Difference, Facts
from triage.findings import finding

HYBRID, SCHEMA, MULTIPLE = "DOC-HYBRID", "DOC-SCHEMA", "DOC-MULTIPLE"
EDI_COUNTS, EDI_MORE, EDI_BROKEN, EDI_UNKNOWN = "DOC-EDI-COUNTS", "DOC-EDI-MORE", "DOC-EDI-BROKEN", "DOC-EDI-UNKNOWN"
ORDER_DATA = "DOC-ORDER-DATA"
CARRIED = frozenset({HYBRID, SCHEMA, MULTIPLE, EDI_COUNTS, EDI_MORE, EDI_BROKEN, EDI_UNKNOWN, ORDER_DATA})
"""Codes of the reader's remarks, and of its refusals, that are codes of the catalogue."""
REFUSALS = frozenset({"DOC-UNREADABLE", EDI_BROKEN, EDI_UNKNOWN})
"""Codes under which nothing at all was read of a paper."""


def carried(facts: Facts, code: str, outcome: Outcome) -> tuple[Finding, ...]:
    """The reader's remarks of a code as findings, with the values it compared; a hold it asked for stays a hold."""
    remarks = sorted({(message, asked) for remark, asked, message in facts.paper.remarks if remark == code})
    if not remarks:
        return ()
    compared = {at.message: at for at in facts.paper.differences if at.code == code}
    at_risk = signed_total(facts.paper)
    found = [
        finding(facts, code, Outcome.HOLD if asked == Outcome.HOLD else outcome, message, at_risk=at_risk)
        for message, asked in remarks
    ]
    return tuple(_with_values(one, compared[one.message]) if one.message in compared else one for one in found)


def _with_values(found: Finding, at: Difference) -> Finding:
    return replace(found, subject=at.subject, expected=at.expected, actual=at.actual, evidence=at.evidence)
