"""How long papers are kept: periods by legal entity and kind of paper, the most exact rule first."""

import calendar
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.documents import DocumentType
from core.errors import InputError

ANY = "*"
NO_PAPER = "container"
"""The kind of a mail or archive that papers came in."""
KINDS = frozenset({kind.value for kind in DocumentType} | {NO_PAPER, ANY})
MOST_MONTHS = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """Papers of this legal entity and kind are kept for so many months after the last thing that happened to them."""

    legal_entity: str
    document_type: str
    months: int

    def __str__(self) -> str:
        """As it stands in the audit log."""
        return f"{self.legal_entity}/{self.document_type}: {self.months} months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Every rule; whether a worker erases by itself once a day. A paper no rule fits is kept for good."""

    rules: tuple[RetentionRule, ...]
    daily: bool = False

    def rule_for(self, legal_entity: str | None, document_type: str) -> RetentionRule | None:
        """The rule that names both, else the legal entity, else the kind, else neither; None where none fits."""
        for entity, kind in ((legal_entity, document_type), (legal_entity, ANY), (ANY, document_type), (ANY, ANY)):
            for rule in self.rules:
                if entity is not None and (rule.legal_entity, rule.document_type) == (entity, kind):
                    return rule
        return None

    @property
    def shortest_months(self) -> int:
        """The shortest period of all."""
        return min(rule.months for rule in self.rules)


def retention_from_text(text: str) -> Retention:
    """Reads the rules.

    Raises:
        InputError: `RETENTION-INVALID`, saying which rule and why.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(f"it is no TOML: {error}") from error
    unknown = data.keys() - {"daily", "keep"}
    keep, daily = data.get("keep", []), data.get("daily", False)
    if unknown or not isinstance(keep, list) or not keep or not isinstance(daily, bool):
        raise _invalid(f"it has {', '.join(sorted(unknown)) or 'no [[keep]]'}")
    rules = tuple(_rule(number, one) for number, one in enumerate(keep, start=1))
    if len({(rule.legal_entity, rule.document_type) for rule in rules}) < len(rules):
        raise _invalid("two rules are for the same legal entity and kind")
    return Retention(rules=rules, daily=daily)


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def is_over(events: Sequence[datetime], rule: RetentionRule, now: datetime) -> bool:
    """Whether the period has passed since the last of what happened."""
    return max(events) < months_before(now, rule.months)


def _rule(number: int, one: Any) -> RetentionRule:
    if not isinstance(one, dict) or one.keys() - {"legal_entity", "document_type", "months"}:
        raise _invalid(f"rule {number} has other words than legal_entity, document_type and months")
    entity, kind, months = one.get("legal_entity", ANY), one.get("document_type", ANY), one.get("months")
    if not isinstance(entity, str) or not entity or kind not in KINDS:
        raise _invalid(f"rule {number} names no legal entity, or no kind of paper")
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= MOST_MONTHS:
        raise _invalid(f"rule {number} needs months, from 1 to {MOST_MONTHS}")
    return RetentionRule(legal_entity=entity, document_type=kind, months=months)


def _invalid(what: str) -> InputError:
    return InputError("RETENTION-INVALID", f"The retention rules cannot be used: {what}.", "See docs/retention.md.")
