"""Decides how sure a value must be to be relied on, whether it is, and whether all values needed are there at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isnan

from core.documents import Source
from core.money import plain
from triage.facts import Facts, Paper
from triage.policy import DocumentRules, Policy
from triage.policy_promises import LINES
from triage.promise_facts import PromiseInForce

CONFIRMED = Decimal(1)
"""Only a value a person has confirmed is so sure; what is read from a page never is."""

NOTHING_IS = Decimal(2)
"""What no value is so sure of: only a person who approves the paper clears it."""

_LESS_AND_LESS_EXACT = (Source.UBL, Source.CII, Source.X12, Source.EDIFACT, Source.TEXT_LAYER, Source.OCR)
_SOURCE_WORDS = {Source.OCR.value: "scans", Source.TEXT_LAYER.value: "printed files"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The least confidence of a value, and in words what it rests on; not `is_proven` where nothing bears it out."""

    threshold: Decimal
    why: str | None = None
    is_proven: bool = True


def need_of(facts: Facts, name: str, policy: Policy) -> Need:
    """How sure a field must be here: the policy's number, or what the promise and labelled history ask, if more.

    Args:
        name: of a header field, or `lines.…` for a value of every line.
    """
    typed, promise = policy.confidence.of_field(name), facts.promise
    if policy.confidence.basis == "typed":
        return _typed(typed)
    is_exact = _source_of(facts.paper, name) in policy.confidence.exact_sources
    if is_exact and promise is not None and promise.is_broken:
        return Need(threshold=NOTHING_IS, why=_unproven(promise), is_proven=False)
    if is_exact:
        return _typed(typed)
    if promise is None or not _still_stands(promise, facts, policy):
        return Need(threshold=CONFIRMED, why=_unproven(None), is_proven=False)
    found = next((at for at in promise.fields if at.field == name), None)
    if found is None or found.threshold is None:
        return Need(threshold=CONFIRMED, why=_unproven(promise), is_proven=False)
    return Need(
        threshold=max(typed, found.threshold),
        why=f"the promise of {plain(promise.error_pct)} % on {source_words(promise.source)} rests on "
        f"{promise.papers:,} labelled papers",
    )


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


def least_exact(sources: Iterable[str]) -> str | None:
    """The source of these that is read least exactly: a paper with one scanned page counts as a scan."""
    known = [Source(source) for source in sources]
    return max(known, key=_LESS_AND_LESS_EXACT.index).value if known else None


def source_of_paper(paper: Paper) -> str | None:
    """The least exact source on a paper."""
    first = () if paper.source is None else (paper.source.value,)
    return least_exact((*first, *(source.value for source in paper.sources.values())))


def source_words(source: str) -> str:
    """A source as a clerk calls it."""
    return _SOURCE_WORDS.get(source, source.upper())


@lru_cache(maxsize=256)
def _typed(threshold: Decimal) -> Need:
    return Need(threshold=threshold)


def _source_of(paper: Paper, name: str) -> str | None:
    """Where a field was read; of a value of the lines, the least exact of them."""
    whole = None if paper.source is None else paper.source.value
    if not name.startswith(LINES):
        return paper.sources[name].value if name in paper.sources else whole
    ending = f".{name.removeprefix(LINES)}"
    on_lines = (at.value for key, at in paper.sources.items() if key.startswith(LINES) and key.endswith(ending))
    return least_exact((*(() if whole is None else (whole,)), *on_lines))


def _still_stands(promise: PromiseInForce, facts: Facts, policy: Policy) -> bool:
    """Whether what was derived bears out what the policy promises now: a stricter promise waits to be derived anew."""
    terms = policy.promises.get(facts.paper.document_type)
    return terms is not None and promise.error_pct <= terms.error_pct and promise.confidence_pct >= terms.confidence_pct


def _unproven(promise: PromiseInForce | None) -> str:
    if promise is None or not promise.version:
        return "there is no labelled history yet that bears out a promise"
    if promise.is_broken:
        return f"blind checks have broken the promise on {source_words(promise.source)}; history since is too little"
    many = "" if promise.needed is None else f", about {promise.needed:,} are needed"
    return f"too little history: {promise.papers:,} labelled papers{many}"
