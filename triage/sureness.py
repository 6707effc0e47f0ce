"""Decides whether a confidence is enough to rely on a value, and whether all values needed are there at all."""

from decimal import Decimal
from math import isnan

from triage.facts import Paper
from triage.policy import DocumentRules


def is_below(confidence: float | None, threshold: Decimal) -> bool:
    """Whether a confidence is under its threshold. None, or no number at all, is under every threshold but 0."""
    if confidence is None or isnan(confidence):
        return threshold > 0
    return Decimal(str(confidence)) < threshold


def has_value(paper: Paper, name: str) -> bool:
    """Whether the paper has a value for a header field; one it does not keep typed counts by its confidence."""
    if name == "purchase_order_reference":
        return bool(paper.purchase_order_references)
    value = getattr(paper, name, paper.confidences.get(name))
    return value is not None and value != ()


def is_complete(paper: Paper, rules: DocumentRules) -> bool:
    """Whether every value needed is there and of its type, however sure it is."""
    header = all(has_value(paper, name) for name in rules.required)
    understood = not any(name in paper.unparsed for name in (*rules.required, *rules.checked))
    lines = all(getattr(line, name) is not None for line in paper.lines for name in rules.required_lines)
    return header and understood and lines and (bool(paper.lines) or not rules.lines_required)
