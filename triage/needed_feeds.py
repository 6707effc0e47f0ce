"""Says which of the ERP's feeds a decision about a paper needs, and whether each was loaded."""

from core.erp import FeedFreshness
from triage.facts import Facts
from triage.policy import Policy


def needed(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """Names of the feeds the policy asks for papers of this type; none for a type it has no rules for."""
    rules = policy.documents.get(facts.paper.document_type)
    return () if rules is None else rules.feeds


def loaded(facts: Facts, name: str) -> FeedFreshness | None:
    """When a feed was last loaded, None when it never was."""
    return next((feed for feed in facts.feeds if feed.feed == name and feed.loaded_at is not None), None)
