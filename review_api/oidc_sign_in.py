"""Signs people in with an OpenID provider, and takes a provider's access tokens as keys of programs.

Authorization code with PKCE. What proves that an answer belongs to the browser that began (verifier and nonce) is made
from a secret only that browser has, and the state; the database keeps hashes of both.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from core.errors import AuthenticationError, ForbiddenError, InputError
from core.settings import Settings
from review_api import account_external, account_sessions
from review_api.auth import Principal
from review_api.oidc_claims import RoleMapping, name_of, role_mapping, scopes_of
from review_api.oidc_provider import OidcProvider
from review_api.oidc_tokens import Expected, refused
from review_api.services import Services

CALLBACK = "/login/oidc/callback"
_LONGEST_NAME = 100
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that was begun: where the browser goes, and the secret it keeps meanwhile."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Signing in with one provider."""

    services: Services
    provider: OidcProvider
    client_id: str
    secret: str | None
    roles: RoleMapping

    def begin(self, *, leads_to: str, redirect_uri: str) -> Begun:
        """Sends the browser to the provider.

        Raises:
            UnavailableError: `OIDC-UNAVAILABLE`.
        """
        state, browser = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.services.settings.oidc_scopes,
            "state": state,
            "nonce": _derived("nonce", state, browser),
            "code_challenge": _derived_hash(_derived("verifier", state, browser)),
            "code_challenge_method": "S256",
        }
        start = self.provider.endpoints().authorization
        with self.services.db.write() as session:
            at = self.services.clock.now()
            account_external.begin(session, state, browser=browser, leads_to=leads_to, redirect_uri=redirect_uri, at=at)
        return Begun(address=f"{start}{'&' if '?' in start else '?'}{urlencode(asked)}", browser=browser)

    def finish(
        self, *, code: str, state: str, browser: str, address: str, agent: str, previous: str | None
    ) -> tuple[str, str]:
        """Lets in whom the provider has sent back; returns the new session's token, and where it leads.

        Raises:
            AuthenticationError: `OIDC-STATE`, `OIDC-TOKEN`.
            ForbiddenError: `OIDC-ROLE`, `OIDC-NAME`, `OIDC-DISABLED`.
            ConflictError: `OIDC-NAME-TAKEN`.
            UnavailableError: `OIDC-UNAVAILABLE`.
        """
        with self.services.db.write() as session:
            leads_to, redirect_uri = account_external.take(
                session, state, browser=browser, at=self.services.clock.now()
            )
        token = self.provider.tokens_for(
            code,
            verifier=_derived("verifier", state, browser),
            redirect_uri=redirect_uri,
            client_id=self.client_id,
            secret=self.secret,
        )
        claims = self.provider.verified(
            token, self._expected(audience=self.client_id, nonce=_derived("nonce", state, browser))
        )
        issuer, subject = self.provider.issuer, str(claims["sub"])
        try:
            role = self.roles.role_of(claims)
        except ForbiddenError:
            with self.services.db.write() as session:
                account_external.end_sessions_of(session, issuer, subject, at=self.services.clock.now())
            raise
        settings, at = self.services.settings, self.services.clock.now()
        with self.services.db.write() as session:
            known = account_external.find(session, issuer, subject)
            name = known.name if known else name_of(claims, settings.oidc_name_claim)
            user = account_external.sign_in(session, issuer=issuer, subject=subject, name=name, role=role, at=at)
            if previous:
                account_sessions.forget(session, previous)
            opened = account_sessions.open_session(
                session,
                user,
                at=at,
                hours=settings.session_hours,
                address=address,
                agent=agent,
                method=account_sessions.PROVIDER,
            )
        return opened, leads_to

    def program(self, token: str) -> Principal:
        """The program an access token stands for, with the scopes it gives; it is never a person.

        Raises:
            AuthenticationError: `OIDC-TOKEN`, also where such tokens are not taken.
            UnavailableError: `OIDC-UNAVAILABLE`.
        """
        settings = self.services.settings
        if settings.oidc_api_audience is None:
            raise refused("this house takes none for its API")
        claims = self.provider.verified(token, self._expected(audience=settings.oidc_api_audience, nonce=None))
        said = claims.get("client_id") or claims.get("azp") or claims["sub"]
        return Principal(
            name=str(said)[:_LONGEST_NAME], kind="client", scopes=scopes_of(claims, settings.oidc_scope_claim)
        )

    def _expected(self, *, audience: str, nonce: str | None) -> Expected:
        return Expected(
            issuer=self.provider.issuer,
            audience=audience,
            now=self.services.clock.now(),
            skew_seconds=self.services.settings.oidc_skew_seconds,
            nonce=nonce,
        )


def sign_in_of(services: Services) -> SignIn:
    """Signing in as the settings want it.

    Raises:
        InputError: `OIDC-SETTINGS`, `OIDC-ADDRESS`.
    """
    settings = services.settings
    if settings.oidc_issuer is None:
        raise _wrong("CLEARHOLD_LOCAL_LOGIN is off and no provider is named: nobody could come in")
    if not settings.oidc_client_id:
        raise _wrong("CLEARHOLD_OIDC_ISSUER is set, and CLEARHOLD_OIDC_CLIENT_ID is not")
    if settings.oidc_api_audience == settings.oidc_client_id:
        raise _wrong("CLEARHOLD_OIDC_API_AUDIENCE is the client: tokens of people's sign-ins would open the API")
    return SignIn(
        services=services,
        provider=OidcProvider(settings.oidc_issuer, services.clock),
        client_id=settings.oidc_client_id,
        secret=_secret(settings),
        roles=role_mapping(settings.oidc_role_claim, settings.oidc_roles, settings.oidc_default_role),
    )


def no_state() -> AuthenticationError:
    """The error of an answer without what a sign-in needs."""
    return AuthenticationError("OIDC-STATE", "The provider sent no sign-in back.", "Begin again on the login page.")


def _secret(settings: Settings) -> str | None:
    if settings.oidc_client_secret_file is not None:
        try:
            return settings.oidc_client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise _wrong("the file of CLEARHOLD_OIDC_CLIENT_SECRET_FILE cannot be read") from error
    return settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None


def _wrong(what: str) -> InputError:
    return InputError("OIDC-SETTINGS", f"Nobody can sign in like this: {what}.", "See docs/people.md.")


def _derived(what: str, state: str, browser: str) -> str:
    return _derived_hash(f"{what}:{state}:{browser}")


def _derived_hash(text: str) -> str:
    """A SHA-256 in the alphabet of RFC 7636, without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
