"""Column types that keep their meaning in both databases, and the one `MetaData` every room's tables join."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, Numeric, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.canonical import canonical_json, instant_from_text, instant_text, parse_json
from core.money import plain

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` in PostgreSQL, sortable ISO text in SQLite. Naive ones are refused."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL keeps instants natively."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Aware instant to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Back as an aware instant in UTC."""
        return _instant_in_utc if dialect.name == "postgresql" else _instant_of_text


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept to the last digit. In SQLite it is text: never order by it there."""

    impl = String(64)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL keeps decimals natively, without a fixed scale."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric())
        return dialect.type_descriptor(String(64))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Decimal to the database."""
        if value is None:
            return None
        return value if dialect.name == "postgresql" else plain(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """Back as a decimal, without needless zeros: text was written without them."""
        return _without_needless_zeros if dialect.name == "postgresql" else _decimal_of_text


class WordSet(TypeDecorator[frozenset[str]]):
    """Words to be searched for, letters and digits only: `tsvector` in PostgreSQL, words between spaces in SQLite.

    It is written, never read: an index answers from it.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL has a type whose index it is."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        """Words to the database, in one order whatever order they were found in."""
        if value is None:
            return None
        quote = "'" if dialect.name == "postgresql" else ""
        return " ".join(f"{quote}{word}{quote}" for word in sorted(value))


class CanonicalJson(TypeDecorator[Any]):
    """JSON kept as canonical text, so that the bytes hashed are the bytes stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Any jsonable value to canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Back as JSON's own types."""
        return None if value is None else parse_json(value)


# The same amounts, quantities and days stand in many rows: looking one up takes a tenth of making it anew.
@lru_cache(maxsize=1 << 16)
def _decimal_of_text(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@lru_cache(maxsize=1 << 16)
def _without_needless_zeros(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(plain(value))


@lru_cache(maxsize=1 << 16)
def _instant_of_text(text: str | None) -> datetime | None:
    return None if text is None else instant_from_text(text)


def _instant_in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)
