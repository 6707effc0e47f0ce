"""What a person has typed on a case and not sent yet: kept for each person, so that no typing is lost.

A draft changes nothing of the case and is not audited; sending it does and is. None outlives its case's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.database import ReadSession, WriteSession
from core.errors import InputError
from triage import case_rows, case_rules
from triage.storable import storable_text
from triage.tables import case_drafts

MOST_VALUES = 4_000
LONGEST_NAME = 60
LONGEST_VALUE = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed, by the name of what it was typed into."""

    typed: Mapping[str, str]
    saved_at: datetime


def load(session: ReadSession, case_id: str, *, user: str) -> Draft | None:
    """What this person has typed on this case and not sent; None when nothing."""
    row = session.one_or_none(select(case_drafts).where(case_drafts.c.case_id == case_id, case_drafts.c.author == user))
    return None if row is None else Draft(typed=row["typed"], saved_at=row["saved_at"])


def save(
    session: WriteSession, case_id: str, *, user: str, typed: Mapping[str, str], at: datetime, token: int | None = None
) -> Draft | None:
    """Keeps what is typed now in the place of what was kept before; nothing typed keeps nothing.

    Args:
        token: the claim the person believes to hold.

    Raises:
        ConflictError: `CASE-RESOLVED`, `CASE-CLAIM-LOST` when somebody else holds the case, or nobody.
        InputError: `CASE-DRAFT-LARGE`.
    """
    _check_size(typed)
    case = case_rows.get(session, case_id)
    case_rules.check_not_resolved(case)
    case_rules.check_claim(case, user, token)
    kept = {storable_text(name): storable_text(value) for name, value in typed.items()}
    if not kept:
        drop(session, case_id, user=user)
        return None
    row = {"case_id": case_id, "author": user, "typed": kept, "saved_at": at}
    dialect: Any = postgresql if session.dialect == "postgresql" else sqlite
    statement = dialect.insert(case_drafts).values(row)
    newer = {"typed": statement.excluded.typed, "saved_at": statement.excluded.saved_at}
    session.run(statement.on_conflict_do_update(index_elements=["case_id", "author"], set_=newer))
    return Draft(typed=kept, saved_at=at)


def drop(session: WriteSession, case_id: str, *, user: str) -> None:
    """Forgets what this person has typed on this case: it was sent, or taken back."""
    session.run(delete(case_drafts).where(case_drafts.c.case_id == case_id, case_drafts.c.author == user))


def drop_all(session: WriteSession, case_id: str) -> None:
    """Forgets what anybody has typed on this case: it has ended, and nothing can be sent any more."""
    session.run(delete(case_drafts).where(case_drafts.c.case_id == case_id))


def _check_size(typed: Mapping[str, str]) -> None:
    if len(typed) <= MOST_VALUES and all(
        len(name) <= LONGEST_NAME and len(value) <= LONGEST_VALUE for name, value in typed.items()
    ):
        return
    raise InputError(
        "CASE-DRAFT-LARGE",
        "There is more typed than is kept unsent.",
        f"Send what is there; a value has at most {LONGEST_VALUE} characters.",
    )
