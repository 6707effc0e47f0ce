"""Whether the paper shows what is needed, surely enough to rely on it."""

from collections.abc import Iterable

from core.decisions import Finding, Outcome
from core.money import plain
from triage.amounts import signed_total
from triage.control import CLERK, JUDGED_TYPES, Control
from triage.facts import Facts, Paper
from triage.findings import finding, line_fields
from triage.match import Match
from triage.policy import DocumentRules, Policy
from triage.policy_promises import LINES
from triage.sureness import has_value, is_below, need_of

CODE = "DOC-CONFIDENCE"
_SHOWN_LINES = 12


def confidence(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Required fields that are missing, not of their type, or not sure; line values together in one finding.

    Where labelled history bears nothing out yet, every value waits for a person: one finding says so for all.
    """
    rules = policy.documents.get(facts.paper.document_type)
    if rules is None:
        return ()
    header = [at for name in rules.required for at in _required(facts, name, policy)]
    checked = [at for name in rules.checked if name not in rules.required for at in _unsure(facts, name, policy)]
    return (*header, *checked, *_lines(facts, rules, policy), *_unproven(facts, rules, policy))


def _unproven(facts: Facts, rules: DocumentRules, policy: Policy) -> tuple[Finding, ...]:
    """Values that are there, and that no history says may be relied on."""
    if policy.confidence.basis == "typed":
        return ()
    paper = facts.paper
    waiting: dict[str, list[str]] = {}
    for name in dict.fromkeys((*rules.required, *rules.checked, *(f"{LINES}{name}" for name in rules.required_lines))):
        need = need_of(facts, name, policy)
        there = [key for key in _keys(paper, name) if is_below(paper.confidences.get(key), need.threshold)]
        if there and not need.is_proven:
            waiting.setdefault(need.why or "", []).extend(there)
    return tuple(
        _finding(
            facts,
            "confidence",
            f"A person must confirm {_listed(keys)}: {why}.",
            expected="confirmed by a person",
            evidence=keys,
        )
        for why, keys in waiting.items()
    )


def _keys(paper: Paper, name: str) -> list[str]:
    """Where the confidences of a field stand, when the paper has it."""
    if name.startswith(LINES):
        ending = name.removeprefix(LINES)
        return [f"{LINES}{at.index}.{ending}" for at in paper.lines if getattr(at, ending) is not None]
    return [name] if has_value(paper, name) and name not in paper.unparsed else []


def _listed(keys: list[str]) -> str:
    return ", ".join(dict.fromkeys(_words(key.rsplit(".", 1)[-1]) for key in keys))


def _required(facts: Facts, name: str, policy: Policy) -> tuple[Finding, ...]:
    paper = facts.paper
    if name in paper.unparsed:
        text = paper.unparsed[name]
        message = f"The {_words(name)} on the paper, “{text}”, could not be understood."
        return (_finding(facts, name, message, expected=_words(name), actual=text),)
    if not has_value(paper, name):
        message = f"The {_words(name)} could not be found on the paper."
        return (_finding(facts, name, message, expected=_words(name)),)
    return _unsure(facts, name, policy)


def _unsure(facts: Facts, name: str, policy: Policy) -> tuple[Finding, ...]:
    paper, need = facts.paper, need_of(facts, name, policy)
    if name in paper.unparsed:
        text = paper.unparsed[name]
        return (_finding(facts, name, f"The {_words(name)}, “{text}”, could not be understood.", actual=text),)
    if not has_value(paper, name) or not need.is_proven or not is_below(paper.confidences.get(name), need.threshold):
        return ()
    sure = paper.confidences.get(name)
    said = "unknown" if sure is None else f"{sure:.2f}"
    rests = "" if need.why is None else f": {need.why}"
    message = f"The {_words(name)} was read, but not surely enough: {said}, needed {plain(need.threshold)}{rests}."
    return (_finding(facts, name, message, expected=f"confidence {plain(need.threshold)} or more", actual=said),)


def _lines(facts: Facts, rules: DocumentRules, policy: Policy) -> tuple[Finding, ...]:
    paper = facts.paper
    if not paper.lines:
        return (_finding(facts, "lines", "No line could be read."),) if rules.lines_required else ()
    poor: dict[int, list[str]] = {}
    needs = {name: need_of(facts, f"{LINES}{name}", policy) for name in rules.required_lines}
    for line in paper.lines:
        for name in rules.required_lines:
            key, need = f"{LINES}{line.index}.{name}", needs[name]
            if getattr(line, name) is None:
                poor.setdefault(line.index, []).append(f"{_words(name)} missing")
            elif need.is_proven and is_below(paper.confidences.get(key), need.threshold):
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
        CODE,
        Outcome.HOLD,
        message,
        subject=name,
        expected=expected,
        actual=actual,
        evidence=(name,) if evidence is None else evidence,
        at_risk=signed_total(facts.paper),
    )


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


CONTROL = Control(
    code=CODE,
    checks="Required values are there and sure; others are sure where they are there",
    formula="missing · not of its type · confidence < threshold of the field: the promise's, at least the typed one",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=confidence,
    types=JUDGED_TYPES,
)
