"""Keeps what holds for one person besides their role; every change is in the audit with what was before."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from core import audit_log
from core.database import ReadSession, WriteSession
from core.money import plain
from triage.personal_rules import NOTHING_PERSONAL, PersonalRules, check_may_change
from triage.personal_tables import personal_rules


def rules_of(session: ReadSession, person: str) -> PersonalRules:
    """One person's rules; nothing personal for whom nobody has set any."""
    row = session.one_or_none(select(personal_rules).where(personal_rules.c.person == person))
    return NOTHING_PERSONAL if row is None else _rules(row)


def all_rules(session: ReadSession) -> Mapping[str, PersonalRules]:
    """The rules of everybody who has any."""
    return {row["person"]: _rules(row) for row in session.all(select(personal_rules))}


def change(session: WriteSession, person: str, rules: PersonalRules, *, user: str, role: str, at: datetime) -> None:
    """Sets a person's rules.

    Raises:
        ForbiddenError: `PERSON-ROLE`, `PERSON-OWN`.
    """
    check_may_change(person, user=user, role=role)
    audit_log.lock_chain(session)
    before = rules_of(session, person)
    if before == rules:
        return
    told = {"before": _jsonable(before), "after": _jsonable(rules)}
    session.run(delete(personal_rules).where(personal_rules.c.person == person))
    session.run(insert(personal_rules).values(person=person, changed_by=user, changed_at=at, **_jsonable(rules)))
    audit_log.append(
        session, at=at, actor=f"user:{user}", action="user.rules_changed", subject=f"user:{person}", payload=told
    )


def _jsonable(rules: PersonalRules) -> dict[str, Any]:
    limits = rules.approval_limits
    return {
        "queues": None if rules.queues is None else list(rules.queues),
        "approval_limits": None if limits is None else {name: plain(amount) for name, amount in limits.items()},
    }


def _rules(row: Mapping[Any, Any]) -> PersonalRules:
    limits = row["approval_limits"]
    return PersonalRules(
        queues=None if row["queues"] is None else tuple(row["queues"]),
        approval_limits=None if limits is None else {name: Decimal(amount) for name, amount in limits.items()},
    )
