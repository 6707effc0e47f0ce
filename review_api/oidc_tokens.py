"""Decides whether a signed token is what it must be: of this issuer, for this audience, at this time, by a known key.

Only signatures with a provider's public key count: a token that names no algorithm, or one with a shared secret, is
refused before it is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.errors import AuthenticationError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LONGEST_TOKEN = 16_384


class UnknownKeyError(Exception):
    """The token names a key that is not in the set: the provider may have changed its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must say.

    Attributes:
        nonce: of the sign-in it answers; None for a program's token, which has none.
        skew_seconds: how far two clocks may differ.
    """

    issuer: str
    audience: str
    now: datetime
    skew_seconds: int
    nonce: str | None = None


def verified_claims(token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """The claims of a token that is all it must be.

    Raises:
        UnknownKeyError: its key is not among these.
        AuthenticationError: `OIDC-TOKEN`, with what is wrong.
    """
    if len(token) > LONGEST_TOKEN:
        raise refused("it is too long")
    try:
        decoded = jwt.decode(token, lambda guest: _key_of(keys, guest.headers()), algorithms=list(ALGORITHMS))
        claims = decoded.claims
        _registry(expected).validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise refused(str(error)) from error
    _check_party(claims, expected)
    return claims


def refused(why: str) -> AuthenticationError:
    """The one error of a token that is not taken."""
    return AuthenticationError(
        "OIDC-TOKEN",
        f"The provider's token is refused: {why}.",
        "Sign in again; if it stays, compare the settings of provider and program.",
    )


def _registry(expected: Expected) -> jwt.JWTClaimsRegistry:
    said = {"nonce": {"essential": True, "value": expected.nonce}} if expected.nonce is not None else {}
    return jwt.JWTClaimsRegistry(
        now=int(expected.now.timestamp()),
        leeway=expected.skew_seconds,
        iss={"essential": True, "value": expected.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": expected.audience},
        exp={"essential": True},
        iat={"essential": True},
        **said,  # type: ignore[arg-type]
    )


def _key_of(keys: KeySet, headers: Mapping[str, Any]) -> Any:
    """The key a token names; one that names none is by the only key there is, or by nobody's."""
    named, found = headers.get("kid"), list(keys.keys)
    if named is None and len(found) == 1:
        return found[0]
    key = next((key for key in found if key.kid == named), None) if named is not None else None
    if key is None:
        raise UnknownKeyError(named)
    return key


def _check_party(claims: Mapping[str, Any], expected: Expected) -> None:
    """OpenID Connect Core 3.1.3.7: a token for several audiences, or with `azp`, was made for us."""
    if expected.nonce is None:
        return
    if claims["nonce"] != expected.nonce:
        raise refused("it answers another sign-in")
    audience, party = claims["aud"], claims.get("azp")
    if party is not None and party != expected.audience:
        raise refused("it was made for another party")
    if isinstance(audience, list) and len(audience) > 1 and party is None:
        raise refused("it is for several audiences and names no party")
