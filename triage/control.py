"""What a control is: a pure rule with a permanent code, and what the catalogue says about it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.decisions import Finding, Outcome
from core.documents import BILLING_TYPES, SHIPMENT_TYPES, DocumentType
from triage.facts import Facts
from triage.match import Match
from triage.policy import Policy

Rule = Callable[[Facts, Match, Policy], tuple[Finding, ...]]

EVERY_TYPE = frozenset(DocumentType)
INVOICE_TYPES = frozenset({DocumentType.INVOICE, DocumentType.RECEIPT})
JUDGED_TYPES = BILLING_TYPES | SHIPMENT_TYPES


class ReleasedBy(StrEnum):
    """Who may approve a paper that a code holds, as the catalogue says it; `triage.releases` enforces it."""

    CLERK = "AP clerk within the approval limit (planner where no money moves), with a reason"
    LIMIT_HOLDER = "whoever's approval limit covers the amount, with a second person and a reason"
    APPROVER = "AP approver within the approval limit, with a second person and a reason"
    PLANNER = "planner, with a reason"
    NOBODY = "nobody here"


CLERK, LIMIT_HOLDER = ReleasedBy.CLERK, ReleasedBy.LIMIT_HOLDER
APPROVER, NOBODY = ReleasedBy.APPROVER, ReleasedBy.NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """A rule's row in the catalogue, whatever it is a rule about.

    Attributes:
        checks: what it checks, as one says it to a clerk or planner.
        formula: when it finds something, in the trade's notation.
        outcome: the strictest outcome its findings ask for.
        released_by: who may approve what it holds.
        lifted_by: what makes the finding go away.
    """

    code: str
    checks: str
    formula: str
    outcome: Outcome
    released_by: ReleasedBy
    lifted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(CatalogueRow):
    """A rule about papers.

    Attributes:
        types: document types it is about.
    """

    run: Rule
    types: frozenset[DocumentType] = BILLING_TYPES
