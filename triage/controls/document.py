"""Whether the paper was read at all, is of a known type, and shows what is needed, surely enough to rely on it."""

from collections.abc import Iterable
from decimal import Decimal
from math import isnan

from core.decisions import Finding, Outcome
from core.documents import DocumentType
from core.money import plain
from triage.amounts import signed_total
from triage.carried import CARRIED, HYBRID, REFUSALS, SCHEMA, carried
from triage.control import APPROVER, CLERK, EVERY_TYPE, JUDGED_TYPES, Control
from triage.facts import Facts, Paper
from triage.findings import finding, line_fields
from triage.match import Match
from triage.policy import DocumentRules, Policy

UNREADABLE, TYPE, CONFIDENCE = "DOC-UNREADABLE", "DOC-TYPE", "DOC-CONFIDENCE"
_JUDGED_HERE = frozenset({TYPE, CONFIDENCE, "DOC-ARITHMETIC", "TAX-SUM"})
_SHOWN_LINES = 12


def unreadable(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """What the reader said it could not read: everything it remarked that no control here judges for itself."""
    remarks = [
        (outcome, message)
        for code, outcome, message in facts.paper.remarks
        if code not in CARRIED | _JUDGED_HERE and outcome != Outcome.CLEAR
    ]
    return tuple(
        finding(facts, UNREADABLE, Outcome.HOLD, message, at_risk=signed_total(facts.paper))
        for _, message in sorted(set(remarks))
    )


def hybrid(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Where the embedded XML and what a person sees disagree, as the reader compared them."""
    return carried(facts, HYBRID, Outcome.BLOCK)


def schema(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Where an e-invoice breaks its standard, as the reader validated it."""
    return carried(facts, SCHEMA, Outcome.HOLD)


def document_type(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A type nobody has rules for, or one that is not sure. A paper that could not be read has none to judge."""
    paper = facts.paper
    if any(code in REFUSALS for code, _, _ in paper.remarks):
        return ()
    kind = paper.document_type.value.replace("_", " ")
    if paper.document_type not in JUDGED_TYPES or paper.document_type not in policy.documents:
        said = "It is not clear what kind of paper this is" if paper.document_type is DocumentType.OTHER else None
        message = f"{said or f'This is a {kind}'}; there are no rules to clear it by."
        return (finding(facts, TYPE, Outcome.HOLD, message, subject="document_type", actual=kind),)
    threshold = policy.confidence.document_type
    if _below(paper.type_confidence, threshold):
        return (
            finding(
                facts,
                TYPE,
                Outcome.HOLD,
                f"It looks like a {kind}, but not surely enough to clear it as one.",
                subject="document_type",
                expected=f"confidence {plain(threshold)} or more",
                actual=f"{paper.type_confidence:.2f}",
            ),
        )
    return ()


def confidence(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Required fields that are missing, not of their type, or not sure; line values together in one finding."""
    rules = policy.documents.get(facts.paper.document_type)
    if rules is None:
        return ()
    header = [at for name in rules.required for at in _required(facts, name, policy)]
    checked = [at for name in rules.checked if name not in rules.required for at in _unsure(facts, name, policy)]
    return (*header, *checked, *_lines(facts, rules, policy))


def _required(facts: Facts, name: str, policy: Policy) -> tuple[Finding, ...]:
    paper = facts.paper
    if name in paper.unparsed:
        text = paper.unparsed[name]
        message = f"The {_words(name)} on the paper, “{text}”, could not be understood."
        return (_finding(facts, name, message, expected=_words(name), actual=text),)
    if not _has(paper, name):
        message = f"The {_words(name)} could not be found on the paper."
        return (_finding(facts, name, message, expected=_words(name)),)
    return _unsure(facts, name, policy)


def _unsure(facts: Facts, name: str, policy: Policy) -> tuple[Finding, ...]:
    paper, threshold = facts.paper, policy.confidence.of_field(name)
    if name in paper.unparsed:
        text = paper.unparsed[name]
        return (_finding(facts, name, f"The {_words(name)}, “{text}”, could not be understood.", actual=text),)
    if not _has(paper, name) or not _below(paper.confidences.get(name), threshold):
        return ()
    sure = paper.confidences.get(name)
    said = "unknown" if sure is None else f"{sure:.2f}"
    message = f"The {_words(name)} was read, but not surely enough: {said}, needed {plain(threshold)}."
    return (_finding(facts, name, message, expected=f"confidence {plain(threshold)} or more", actual=said),)


def _lines(facts: Facts, rules: DocumentRules, policy: Policy) -> tuple[Finding, ...]:
    paper = facts.paper
    if not paper.lines:
        return (_finding(facts, "lines", "No line could be read."),) if rules.lines_required else ()
    poor: dict[int, list[str]] = {}
    for line in paper.lines:
        for name in rules.required_lines:
            key, threshold = f"lines.{line.index}.{name}", policy.confidence.of_line_field(name)
            if getattr(line, name) is None:
                poor.setdefault(line.index, []).append(f"{_words(name)} missing")
            elif _below(paper.confidences.get(key), threshold):
                poor.setdefault(line.index, []).append(f"{_words(name)} not sure")
    if not poor:
        return ()
    listed = "; ".join(f"line {index}: {', '.join(poor[index])}" for index in sorted(poor)[:_SHOWN_LINES])
    more = f"; and {len(poor) - _SHOWN_LINES} more lines" if len(poor) > _SHOWN_LINES else ""
    return (
        _finding(
            facts,
            "lines",
            f"Values on the lines are missing or not sure. {listed}{more}.",
            evidence=line_fields(sorted(poor), *rules.required_lines),
        ),
    )


def _finding(
    facts: Facts,
    name: str,
    message: str,
    *,
    expected: str | None = None,
    actual: str | None = None,
    evidence: Iterable[str] | None = None,
) -> Finding:
    return finding(
        facts,
        CONFIDENCE,
        Outcome.HOLD,
        message,
        subject=name,
        expected=expected,
        actual=actual,
        evidence=(name,) if evidence is None else evidence,
        at_risk=signed_total(facts.paper),
    )


def _has(paper: Paper, name: str) -> bool:
    """Whether the paper has a value for a header field; one it does not keep typed counts by its confidence."""
    if name == "purchase_order_reference":
        return bool(paper.purchase_order_references)
    value = getattr(paper, name, paper.confidences.get(name))
    return value is not None and value != ()


def _below(confidence: float | None, threshold: Decimal) -> bool:
    """Whether a confidence is under its threshold. None, or no number at all, is under every threshold but 0."""
    if confidence is None or isnan(confidence):
        return threshold > 0
    return Decimal(str(confidence)) < threshold


def _words(name: str) -> str:
    return {
        "total_with_vat": "total with VAT",
        "total_without_vat": "total without VAT",
        "total_vat": "total VAT",
        "payment_iban": "IBAN",
        "purchase_order_reference": "order number",
        "issue_date": "invoice date",
        "line_net_amount": "net amount",
    }.get(name, name.replace("_", " "))


CONTROLS = (
    Control(
        code=UNREADABLE,
        checks="The paper could not be read, in whole or in part",
        formula="the reader says so",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a readable copy",
        run=unreadable,
        types=EVERY_TYPE,
    ),
    Control(
        code=TYPE,
        checks="Kind of paper is known, sure, and has rules",
        formula="no rules for its type · type confidence < threshold",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected type",
        run=document_type,
        types=EVERY_TYPE,
    ),
    Control(
        code=CONFIDENCE,
        checks="Required values are there and sure; others are sure where they are there",
        formula="missing · not of its type · confidence < threshold of the field",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=confidence,
        types=JUDGED_TYPES,
    ),
    Control(
        code=HYBRID,
        checks="Embedded XML and what a person sees agree",
        formula="the page surely shows another amount, number, date, currency, IBAN or party (found by the reader) · "
        "a number, date or total is nowhere on it: hold",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a paper whose two halves agree",
        run=hybrid,
        types=EVERY_TYPE,
    ),
    Control(
        code=SCHEMA,
        checks="An e-invoice keeps its standard",
        formula="EN 16931 or its schematron fails (found by the reader)",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a valid e-invoice",
        run=schema,
        types=EVERY_TYPE,
    ),
)
