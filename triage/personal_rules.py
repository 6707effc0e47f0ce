"""What holds for one person besides their role: which queues they work, and up to which total they approve. Pure.

A personal limit only ever lowers: the policy's limit of the role stays, and the lower of the two counts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.errors import ForbiddenError, InputError
from core.money import is_currency
from triage.policy import amount_in
from triage.policy_parts import ANY_CURRENCY

MOST_CURRENCIES = 40
_HIGHEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRules:
    """One person's rules.

    Attributes:
        queues: those their next case comes from; None for all that are their role's.
        approval_limits: the highest total by currency, `other` for those not named; None for the role's alone.
    """

    queues: tuple[str, ...] | None = None
    approval_limits: Mapping[str, Decimal] | None = None

    def lower_of(self, role_limit: Decimal | None, currency: str | None) -> Decimal | None:
        """The limit that counts: the role's, or this person's where that is lower; None for no limit."""
        if self.approval_limits is None:
            return role_limit
        own = amount_in(self.approval_limits, currency)
        return min((limit for limit in (role_limit, own) if limit is not None), default=None)

    def narrowed(self, queues: Sequence[str]) -> tuple[str, ...]:
        """The queues of a role that this person works; all of them where none of theirs is among them."""
        own = self.queues
        kept = tuple(queue for queue in queues if own is None or queue in own)
        return kept or tuple(queues)


NOTHING_PERSONAL = PersonalRules()


def check_may_change(person: str, *, user: str, role: str) -> None:
    """Refuses everybody but an administrator, and an administrator who would change their own rules.

    Raises:
        ForbiddenError: `PERSON-ROLE`, `PERSON-OWN`.
    """
    if role != "admin":
        raise ForbiddenError(
            "PERSON-ROLE", f"The role {role} does not decide on people.", "Ask an administrator of this house."
        )
    check_not_own(person, user)


def check_not_own(person: str, user: str) -> None:
    """Refuses a change of one's own rights (`PERSON-OWN`): that takes another administrator."""
    if person == user:
        raise ForbiddenError(
            "PERSON-OWN",
            "Nobody changes their own role, queues or limits, nor shuts themselves out.",
            "Ask another administrator.",
        )


def rules_from(
    queues: Sequence[str] | None, limits: Mapping[str, str] | None, *, known_queues: Collection[str]
) -> PersonalRules:
    """The rules somebody has typed.

    Args:
        limits: amounts as text, by currency; an empty table is no personal limit.

    Raises:
        InputError: `PERSON-QUEUE`, `PERSON-LIMIT`.
    """
    unknown = sorted(set(queues or ()) - set(known_queues))
    if unknown:
        raise InputError(
            "PERSON-QUEUE", f"{unknown[0]!r} is no queue here.", f"Use some of {', '.join(sorted(known_queues))}."
        )
    amounts = {currency.strip(): _amount(currency.strip(), text) for currency, text in (limits or {}).items()}
    if len(amounts) > MOST_CURRENCIES:
        raise InputError("PERSON-LIMIT", "These are more currencies than there can be.", "Name those you pay in.")
    kept = tuple(dict.fromkeys(queues or ()))
    return PersonalRules(queues=kept or None, approval_limits=amounts or None)


def _amount(currency: str, text: str) -> Decimal:
    if currency != ANY_CURRENCY and not is_currency(currency):
        raise InputError(
            "PERSON-LIMIT", f"No currency of ISO 4217 is called {currency!r}.", f"Write EUR, or {ANY_CURRENCY!r}."
        )
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= _HIGHEST:
        raise InputError(
            "PERSON-LIMIT",
            f"{text!r} is no limit in {currency}.",
            "Write a number of 0 or more, with a point: 2500.50.",
        )
    return amount
