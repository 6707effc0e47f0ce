"""Whether a person changed what a control had held: then another person looks, whatever the controls say now."""

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import CLERK, EVERY_TYPE, Control
from triage.facts import Correction, Facts
from triage.findings import finding
from triage.match import Match
from triage.policy import Policy

CODE = "DOC-CORRECTED"
# An unsure reading that a person puts right, and a paper drawn for a check, were held by no rule.
_NO_CONTROL = frozenset({"DOC-CONFIDENCE", "SAMPLE-DRAWN", CODE})


def corrected(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A changed value of the policy's `corrected_fields`, on a paper that more than an unsure reading had held."""
    at_risk = signed_total(facts.paper)
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{change.by} changed {_words(change.field)} from {change.before or 'nothing'} to "
            f"{change.after or 'nothing'}, after {', '.join(sorted(held))}; another person confirms it.",
            subject=change.field,
            expected=change.before or "no value",
            actual=change.after or "no value",
            evidence=(change.field,),
            at_risk=at_risk,
        )
        for change in facts.paper.corrections
        if (held := set(change.held_by) - _NO_CONTROL) and _name(change) in policy.four_eyes.corrected_fields
    )


def _name(change: Correction) -> str:
    return change.field.rpartition(".")[2]


def _words(field: str) -> str:
    """`lines.3.unit_price` as `unit price of line 3`."""
    where, _, name = field.rpartition(".")
    said = name.replace("_", " ").replace("vat", "VAT").replace("iban", "IBAN")
    return f"{said} of line {where.partition('.')[2]}" if where else said


CONTROL = Control(
    code=CODE,
    checks="Nobody alone changes what a control had held",
    formula="a changed value of `corrected_fields`, after a finding other than DOC-CONFIDENCE or SAMPLE-DRAWN",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="the approval of another person",
    run=corrected,
    types=EVERY_TYPE,
)
