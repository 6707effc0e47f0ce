"""Writes the figures' values as the reader does: shares, times, amounts, days, words in their language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from review_api.charts import Mark
from review_api.insights import Change
from review_api.presenting import NOTHING, Reader
from triage.insights.scope import week_of

_MINUTE, _HOUR, _DAY, _WEEK_DAYS = 60, 3_600, 86_400, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who reads, the house currency, and what changed in the period."""

    reader: Reader
    currency: str
    changes: Sequence[Change]

    def say(self, message: str, **facts: object) -> str:
        """A text in the reader's language."""
        return self.reader.say(message, **facts)

    def write(self, value: Any, kind: str, currency: str | None = None) -> str:
        """A value of a column of this kind; amounts are of the house currency unless told otherwise."""
        if value is None:
            return NOTHING
        match kind:
            case "share":
                return self.share(value)
            case "seconds":
                return self.span(float(value))
            case "money":
                return self.reader.money(Decimal(value), currency or self.currency)
            case "count":
                return self.reader.number(Decimal(value))
            case "number":
                return str(format_decimal(value, "#,##0.##", locale=self.reader.locale))
            case "day":
                return self.reader.day(value)
            case "instant":
                return f"{self.reader.day(value.date())} {value:%H:%M}"
            case "words":
                return self.reader.sentence(str(value))
        return str(value) or NOTHING

    def share(self, value: float) -> str:
        """`71.0 %`."""
        return str(format_percent(value, "#,##0.0\u00a0%", locale=self.reader.locale))

    def whole_share(self, value: float) -> str:
        """`71 %`, as an axis has it."""
        return str(format_percent(value, "#,##0\u00a0%", locale=self.reader.locale))

    def count(self, value: float) -> str:
        """`1,204`."""
        return str(format_decimal(value, "#,##0.#", locale=self.reader.locale))

    def span(self, seconds: float) -> str:
        """A time in its two largest units: `3 d 4 h`, `12 min`."""
        if seconds < _MINUTE:
            return f"{seconds:.0f} s"
        if seconds < _HOUR:
            return f"{seconds / _MINUTE:.0f} min"
        if seconds < _DAY:
            return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:02.0f} min"
        return self.say("%(days)s d %(hours)s h", days=int(seconds // _DAY), hours=int(seconds % _DAY // _HOUR))

    def week(self, monday: date) -> str:
        """A week as an axis names it: `2 Nov`."""
        return str(format_skeleton("MMMd", monday, locale=self.reader.locale))

    def marks(self, weeks: Sequence[date]) -> list[Mark]:
        """What changed, on the week it changed in: policies by number, models by name."""
        return [
            Mark(
                place=(week_of(change.at.astimezone(UTC).date()) - week_of(weeks[0])).days / _WEEK_DAYS,
                words=self.say("policy %(version)s", version=change.name) if change.kind == "policy" else change.name,
            )
            for change in self.changes
        ]
