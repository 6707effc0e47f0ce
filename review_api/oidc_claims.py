"""What a provider's claims make of somebody here: the name, the role, a program's scopes. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import ForbiddenError, InputError
from review_api.accounts import NAME, ROLES, SCOPES

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._-]+")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMapping:
    """Which of the provider's roles or groups is which role here.

    Attributes:
        claim: where the provider says them; dots lead into objects (`realm_access.roles`).
        pairs: the provider's word and ours, in the order they count: the first one somebody has is theirs.
        default: the role of who has none of them; None refuses them.
    """

    claim: str
    pairs: tuple[tuple[str, str], ...]
    default: str | None = None

    def role_of(self, claims: Mapping[str, Any]) -> str:
        """The role somebody has here.

        Raises:
            ForbiddenError: `OIDC-ROLE` when nothing the provider says of them is a role here.
        """
        said = words_of(claim_of(claims, self.claim))
        role = next((ours for theirs, ours in self.pairs if theirs in said), self.default)
        if role is None:
            raise ForbiddenError(
                "OIDC-ROLE",
                "The sign-in worked, but nothing your provider says of you is a role here.",
                "Ask whoever runs the provider for one of the groups that CLEARHOLD_OIDC_ROLES names.",
            )
        return role


def role_mapping(claim: str, text: str, default: str | None) -> RoleMapping:
    """The mapping the settings say: `erp-clerks=ap_clerk, erp-admins=admin`.

    Raises:
        InputError: `OIDC-SETTINGS`.
    """
    pairs = [part.strip() for part in text.split(",") if part.strip()]
    split = [(theirs.strip(), ours.strip()) for theirs, _, ours in (pair.rpartition("=") for pair in pairs)]
    wrong = [f"{theirs}={ours}" for theirs, ours in split if not theirs or ours not in ROLES]
    if wrong or (default is not None and default not in ROLES):
        raise InputError(
            "OIDC-SETTINGS",
            f"CLEARHOLD_OIDC_ROLES or _DEFAULT_ROLE names no role of ours: {wrong[0] if wrong else default}.",
            f"Write theirs=ours, with ours one of {', '.join(ROLES)}.",
        )
    return RoleMapping(claim=claim, pairs=tuple(split), default=default)


def name_of(claims: Mapping[str, Any], claim: str) -> str:
    """The name somebody has here, of what the provider calls them: what stands before an @, in small letters.

    Raises:
        ForbiddenError: `OIDC-NAME`.
    """
    said = claim_of(claims, claim)
    text = said.partition("@")[0].casefold() if isinstance(said, str) else ""
    name = _NOT_IN_A_NAME.sub("-", text).strip("-._")[:_LONGEST_NAME]
    if not NAME.fullmatch(name):
        raise ForbiddenError(
            "OIDC-NAME",
            f"Your provider says nothing in {claim} that can be a name here.",
            "Name another claim in CLEARHOLD_OIDC_NAME_CLAIM.",
        )
    return name


def scopes_of(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """The scopes of ours that a program's token gives; others it has are none of ours."""
    return words_of(claim_of(claims, claim)) & frozenset(SCOPES)


def claim_of(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or by a path into objects; None where there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def words_of(said: Any) -> frozenset[str]:
    """Words as providers give them: a list, or one text with blanks between."""
    if isinstance(said, str):
        return frozenset(said.split())
    if isinstance(said, Sequence):
        return frozenset(one for one in said if isinstance(one, str))
    return frozenset()
