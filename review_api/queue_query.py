"""What the queue is asked for, in an address or a saved filter: its words read into what a list is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from core.errors import InputError
from review_api.desk import CaseQuery
from triage.narrowing import Due, Narrowing
from triage.standing_in import Presence

FAR_DAYS = 10_000
OWN, SECOND, SAMPLED, ASKED, RESOLVED = "mine", "second", "sampled", "asked", "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueQuery:
    """The words of the queue's address; an empty one says nothing.

    Attributes:
        tab: `mine`, `second`, `sampled`, `asked`, `resolved`, or a queue's name.
        alone: held by the code and by no other; `late`: handed on by the policy's timers.
        min, max: of what is at stake; `age`: days since it was opened.
        q: words to search for, in every tab.
    """

    tab: str = ""
    outcome: str = ""
    kind: str = ""
    code: str = ""
    alone: str = ""
    supplier: str = ""
    min: str = ""
    max: str = ""
    due: str = ""
    age: str = ""
    assigned: str = ""
    late: str = ""
    q: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What it says, by name, as a saved filter keeps it."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    @property
    def cleared(self) -> str:
        """The address of the whole tab."""
        return QueueQuery(tab=self.tab).link()

    def link(self, **changed: str) -> str:
        """The queue's address with some words changed."""
        said = urlencode(replace(self, **changed).words)
        return f"/?{said}" if said else "/"

    def case_query(self, user: str, presence: Presence) -> CaseQuery:
        """What the list is asked for.

        Raises:
            InputError: `CASE-FILTER`.
        """
        shares = presence.shares_of(user)
        own = self.tab == OWN and not self.q
        narrowing = Narrowing(
            code=self.code or None,
            alone=bool(self.alone),
            supplier=self.supplier or None,
            min_amount=_amount(self.min),
            max_amount=_amount(self.max),
            due=self.due or None,
            older_days=_days(self.age),
            assigned_to=self.assigned or None,
            is_escalated=bool(self.late),
            user=user if own else None,
            shares=shares if own else frozenset(),
        )
        of_tab = _of_tab(self.tab, self.q)
        return CaseQuery(
            queue=of_tab.get("queue"),
            state=of_tab.get("state"),
            kind=self.kind or None,
            outcome=of_tab.get("outcome") or self.outcome or None,
            query=self.q or None,
            second_approval=self.tab == SECOND and not self.q,
            narrowing=narrowing,
        )


def query_of(words: Mapping[str, str]) -> QueueQuery:
    """The words of an address or a saved filter, without those nobody knows."""
    known = {field.name for field in fields(QueueQuery)}
    return QueueQuery(**{name: " ".join(value.split())[:200] for name, value in words.items() if name in known})


def narrowing_of(
    *,
    code: Annotated[str | None, Query(max_length=60, description="one of its findings has this code")] = None,
    alone: Annotated[bool, Query(description="and no other code holds it")] = False,
    supplier: Annotated[str | None, Query(max_length=200, description="words of its name, or its number")] = None,
    min_amount: Annotated[Decimal | None, Query(description="of what is at stake, in its currency")] = None,
    max_amount: Annotated[Decimal | None, Query()] = None,
    due: Annotated[Due | None, Query(description="past due; due by today, in 3 or 7 days; or later")] = None,
    older_days: Annotated[int | None, Query(ge=0, le=FAR_DAYS)] = None,
    assigned_to: Annotated[str | None, Query(max_length=64)] = None,
    escalated: Annotated[bool, Query(description="handed on by the policy's timers")] = False,
) -> Narrowing:
    """What a list of the API is narrowed to.

    Raises:
        InputError: `CASE-FILTER`.
    """
    return Narrowing(
        code=code,
        alone=alone,
        supplier=supplier,
        min_amount=min_amount,
        max_amount=max_amount,
        due=due,
        older_days=older_days,
        assigned_to=assigned_to,
        is_escalated=escalated,
    )


def _of_tab(tab: str, words: str) -> dict[str, str]:
    if words:
        return {}
    if tab == OWN:
        return {"state": "waiting"}
    if tab == SECOND:
        return {"state": "waiting"}
    if tab == SAMPLED:
        return {"outcome": "sample", "state": "waiting"}
    if tab in {ASKED, RESOLVED}:
        return {"state": tab}
    return {"queue": tab, "state": "waiting"}


def _amount(text: str) -> Decimal | None:
    """An amount as it is typed: `1250.50`, `1250,50`."""
    if not text:
        return None
    try:
        return Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise InputError(
            "CASE-FILTER", f"{text[:40]!r} is no amount of money.", "Write a plain number, as 1250.50."
        ) from error


def _days(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) > FAR_DAYS:
        raise InputError("CASE-FILTER", f"{text[:40]!r} is no number of days.", "Write a whole number, as 7.")
    return int(text)
