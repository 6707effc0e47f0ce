"""Asks an OpenID provider: what it says of itself, the keys it signs with, and the token for a code.

Everything that goes out has a time-out, follows no redirect and takes no more than a little; nothing goes anywhere but
over https, or to this machine itself.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.clock import Clock
from core.errors import InputError, UnavailableError
from review_api.oidc_tokens import Expected, UnknownKeyError, refused, verified_claims

TIMEOUT = httpx.Timeout(5.0)
LONGEST_ANSWER = 1_000_000
KEPT = timedelta(minutes=10)
ASKED_AGAIN_AFTER = timedelta(seconds=30)
"""Who sends tokens with keys nobody has must not make this program ask the provider for each."""

_WELL_KNOWN = "/.well-known/openid-configuration"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where a provider is asked for what."""

    authorization: str
    token: str
    keys: str


class OidcProvider:
    """One provider; what it said of itself and its keys is kept for minutes."""

    def __init__(self, issuer: str, clock: Clock, client: httpx.Client | None = None) -> None:
        check_address(issuer)
        self.issuer = issuer
        self._clock = clock
        self._client = client or httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._lock = threading.Lock()
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def endpoints(self) -> Endpoints:
        """Where it is asked for what.

        Raises:
            UnavailableError: `OIDC-UNAVAILABLE`.
            InputError: `OIDC-ADDRESS`.
        """
        now, kept = self._clock.now(), self._endpoints
        if kept is not None and now - kept[0] < KEPT:
            return kept[1]
        told = self._get(self.issuer.rstrip("/") + _WELL_KNOWN)
        if told.get("issuer") != self.issuer:
            raise _unusable("it calls itself otherwise than CLEARHOLD_OIDC_ISSUER")
        found = Endpoints(
            authorization=_address(told, "authorization_endpoint"),
            token=_address(told, "token_endpoint"),
            keys=_address(told, "jwks_uri"),
        )
        self._endpoints = (now, found)
        return found

    def tokens_for(self, code: str, *, verifier: str, redirect_uri: str, client_id: str, secret: str | None) -> str:
        """The ID token for a code, which only this program can take: it knows the verifier.

        Raises:
            AuthenticationError: `OIDC-TOKEN` when the provider gives none.
            UnavailableError: `OIDC-UNAVAILABLE`.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": client_id,
        }
        # RFC 6749 2.3.1: name and secret are encoded as in a form before they go into the header.
        signed = None if secret is None else httpx.BasicAuth(_encoded(client_id), _encoded(secret))
        told = self._ask("POST", self.endpoints().token, data=form, auth=signed)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise refused(f"there is none ({told.get('error', 'no id_token')})")
        return token

    def verified(self, token: str, expected: Expected) -> Mapping[str, Any]:
        """The claims of a token this provider has signed.

        Raises:
            AuthenticationError: `OIDC-TOKEN`.
            UnavailableError: `OIDC-UNAVAILABLE`.
        """
        try:
            return verified_claims(token, self._key_set(), expected)
        except UnknownKeyError:
            pass
        try:
            return verified_claims(token, self._key_set(is_missing_one=True), expected)
        except UnknownKeyError as error:
            raise refused("it is signed by a key the provider does not have") from error

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _key_set(self, *, is_missing_one: bool = False) -> KeySet:
        with self._lock:
            now, kept = self._clock.now(), self._keys
            age = ASKED_AGAIN_AFTER if is_missing_one else KEPT
            if kept is not None and now - kept[0] < age:
                return kept[1]
            told = self._get(self.endpoints().keys)
            try:
                keys = KeySet.import_key_set({"keys": _public(told.get("keys"))})
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise _unusable("its keys cannot be read") from error
            self._keys = (now, keys)
            return keys

    def _get(self, address: str) -> Mapping[str, Any]:
        return self._ask("GET", address)

    def _ask(self, method: str, address: str, **given: Any) -> Mapping[str, Any]:
        try:
            with self._client.stream(method, address, headers={"Accept": "application/json"}, **given) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise _unusable("its answer is too long")
            told = httpx.Response(answer.status_code, content=body).json()
        except (httpx.HTTPError, ValueError) as error:
            _log.warning("the OpenID provider was asked in vain: %s %s: %s", method, urlsplit(address).path, error)
            raise _unusable("it does not answer as a provider does") from error
        if not isinstance(told, Mapping) or (answer.status_code != httpx.codes.OK and method == "GET"):
            raise _unusable(f"it answers with {answer.status_code}")
        return told


def check_address(address: str) -> None:
    """Refuses an address that is neither https nor on this machine (`OIDC-ADDRESS`)."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return
    raise InputError(
        "OIDC-ADDRESS", f"{address!r} is no address a provider may have.", "Use https; http only for this machine."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(told: Mapping[str, Any], name: str) -> str:
    address = told.get(name)
    if not isinstance(address, str):
        raise _unusable(f"it names no {name}")
    check_address(address)
    return address


def _public(keys: Any) -> list[dict[str, Any]]:
    """Keys that can only verify, and only signatures; a shared secret among them is left out."""
    found = [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []
    return [one for one in found if one.get("kty") in {"RSA", "EC"} and one.get("use", "sig") == "sig"]


def _encoded(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)


def _unusable(why: str) -> UnavailableError:
    return UnavailableError(
        "OIDC-UNAVAILABLE", f"The sign-in provider cannot be used: {why}.", "Try again, or ask an administrator."
    )
