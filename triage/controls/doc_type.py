"""Whether it is sure what kind of paper this is, and there are rules for that kind."""

from core.decisions import Finding, Outcome
from core.documents import DocumentType
from core.money import plain
from triage.carried import REFUSALS
from triage.control import CLERK, EVERY_TYPE, JUDGED_TYPES, Control
from triage.facts import Facts
from triage.findings import finding
from triage.match import Match
from triage.policy import Policy
from triage.sureness import is_below

CODE = "DOC-TYPE"


def document_type(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A type nobody has rules for, or one that is not sure. A paper that could not be read has none to judge."""
    paper = facts.paper
    if any(code in REFUSALS for code, _, _ in paper.remarks):
        return ()
    kind = paper.document_type.value.replace("_", " ")
    if paper.document_type not in JUDGED_TYPES or paper.document_type not in policy.documents:
        said = "It is not clear what kind of paper this is" if paper.document_type is DocumentType.OTHER else None
        message = f"{said or f'This is a {kind}'}; there are no rules to clear it by."
        return (finding(facts, CODE, Outcome.HOLD, message, subject="document_type", actual=kind),)
    threshold = policy.confidence.document_type
    if is_below(paper.type_confidence, threshold):
        return (
            finding(
                facts,
                CODE,
                Outcome.HOLD,
                f"It looks like {_one(kind)}, but not surely enough to clear it as one.",
                subject="document_type",
                expected=f"confidence {plain(threshold)} or more",
                actual=f"{paper.type_confidence:.2f}",
            ),
        )
    return ()


def _one(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


CONTROL = Control(
    code=CODE,
    checks="Kind of paper is known, sure, and has rules",
    formula="no rules for its type · type confidence < threshold",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected type",
    run=document_type,
    types=EVERY_TYPE,
)
