"""What the tables of a policy are made of: exact numbers, limits that may be unlimited, amounts by currency."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from core.money import is_currency
from triage.roles import TOUCHLESS, WORKING_ROLES

ANY_CURRENCY = "other"
"""Key of an amount that holds for every currency that is not named."""

UNLIMITED = "unlimited"
"""Written out where a limit is meant not to apply. Leaving the key away is refused, never read as this."""


def to_number(value: object) -> object:
    """A whole number as an exact one; anything else as it came."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _to_limit(value: object) -> object:
    return None if value == UNLIMITED else to_number(value)


def _to_amounts(value: object) -> object:
    """A bare number is an amount in every currency; a table names currencies and, as `other`, the rest."""
    if isinstance(value, Mapping):
        return {currency: _to_limit(amount) for currency, amount in value.items()}
    return {ANY_CURRENCY: _to_limit(value)}


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"no currency of ISO 4217 is called {code}")
    return code


def _currency_or_other(code: str) -> str:
    return code if code == ANY_CURRENCY else _currency(code)


def _approver(role: str) -> str:
    if role not in WORKING_ROLES | {TOUCHLESS}:
        raise ValueError(f"no role is called {role}; use one of {', '.join(sorted(WORKING_ROLES))}, or {TOUCHLESS}")
    return role


Number = Annotated[Decimal, BeforeValidator(to_number), Field(ge=0)]
Percent = Annotated[Decimal, BeforeValidator(to_number), Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Share = Annotated[Decimal, BeforeValidator(to_number), Field(ge=0, le=1)]
Factor = Annotated[Decimal, BeforeValidator(to_number), Field(ge=1)]
Limit = Annotated[Number | None, BeforeValidator(_to_limit)]
Currency = Annotated[str, AfterValidator(_currency)]
Amounts = Annotated[
    dict[Annotated[str, AfterValidator(_currency_or_other)], Limit], Field(min_length=1), BeforeValidator(_to_amounts)
]
Approver = Annotated[str, AfterValidator(_approver)]
"""A role that may approve up to a limit; `touchless` is the program itself."""


class Part(BaseModel):
    """Base of every table of a policy: exact types, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
