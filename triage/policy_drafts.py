"""Keeps what a person is writing of a policy: one draft each, saved as they type, theirs until they throw it away.

A draft decides nothing and nobody else sees it: the audit hears of it when it is previewed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from core.database import ReadSession, WriteSession
from core.errors import ConflictError
from triage import policies
from triage.policy_draft_tables import policy_drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """A text in the making.

    Attributes:
        revision: counts what was saved, from 1; 0 for one that was never saved.
        base_version: the policy it was begun from.
        saved_at: None when it was never saved.
    """

    author: str
    revision: int
    base_version: int
    text: str
    saved_at: datetime | None


def draft_of(session: ReadSession, author: str) -> PolicyDraft:
    """A person's draft; without one, the policy in force to begin from."""
    row = session.one_or_none(select(policy_drafts).where(policy_drafts.c.author == author))
    if row is not None:
        return PolicyDraft(**row)
    return PolicyDraft(
        author=author,
        revision=0,
        base_version=policies.active_version(session),
        text=policies.active_text(session),
        saved_at=None,
    )


def save(
    session: WriteSession, text: str, *, author: str, at: datetime, revision: int | None = None, base: int | None = None
) -> PolicyDraft:
    """Saves a person's draft.

    Args:
        revision: the one the person has before them; None to save whatever there is.
        base: the version of the policy it is a change of; None for that of the draft so far.

    Raises:
        ConflictError: `POLICY-DRAFT-CHANGED` when it was saved from another window since.
    """
    before = draft_of(session, author)
    if revision is not None and revision != before.revision:
        raise ConflictError(
            "POLICY-DRAFT-CHANGED",
            "Your draft was changed in another window since this one was opened.",
            "Copy what you have typed here, load the page again, and put it where it belongs.",
        )
    draft = PolicyDraft(
        author=author,
        revision=before.revision + 1,
        base_version=before.base_version if base is None else base,
        text=text,
        saved_at=at,
    )
    row = {column.name: getattr(draft, column.name) for column in policy_drafts.c}
    mine = policy_drafts.c.author == author
    session.run(update(policy_drafts).where(mine).values(row) if before.revision else insert(policy_drafts).values(row))
    return draft


def discard(session: WriteSession, author: str) -> None:
    """Throws a person's draft away."""
    session.run(delete(policy_drafts).where(policy_drafts.c.author == author))
