"""Signing in with an OpenID provider, and programs with its tokens: who is let in, and everything that is refused."""

import shutil
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from core import audit_log
from core.clock import FixedClock
from core.database import Database
from core.errors import ClearholdError
from core.settings import Settings
from review_api.app import create_app
from review_api.oidc_claims import name_of, role_mapping, scopes_of
from review_api.oidc_provider import OidcProvider, check_address
from review_api.oidc_sign_in import sign_in_of
from review_api.papers import Renderer
from review_api.services import Services
from tests.review_api.conftest import Desk, csrf_of, log_in, make_desk
from tests.review_api.identity_provider import CLIENT, SECRET, IdentityProvider

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

pytestmark = pytest.mark.enable_socket
AUDIENCE = "https://clearhold.example/api"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def visit(address: str) -> str:
    """Goes to the provider as a browser does, and says where it sends one."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["location"])
    raise AssertionError("the provider did not send anybody on")


@dataclass(slots=True, kw_only=True)
class Site:
    """The application with a provider."""

    desk: Desk
    provider: IdentityProvider
    app: Any
    number: int = 0

    @property
    def name(self) -> str:
        """The name here of whom the provider signs in."""
        return f"nina.{self.number}"

    def browser(self) -> TestClient:
        client = TestClient(self.app, follow_redirects=False)
        self.desk.clients.append(client)
        return client

    def way_back(self, client: TestClient, leads_to: str = "/documents") -> str:
        """Begins a sign-in, is signed in at the provider, and stops before coming back."""
        begun = client.get(f"/login/oidc?next={leads_to}")
        assert begun.status_code == 303, begun.text
        return visit(begun.headers["location"]).removeprefix("http://testserver")

    def sign_in(self, client: TestClient | None = None) -> tuple[TestClient, Any]:
        client = client or self.browser()
        return client, client.get(self.way_back(client))


@pytest.fixture(scope="module")
def shared(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One house, one provider and one application for all tests; each test signs in somebody of its own."""
    folder = tmp_path_factory.mktemp("provider")
    shutil.copy(_migrated_file, folder / "clearhold.db")
    database = Database(f"sqlite:///{folder / 'clearhold.db'}")
    desk = make_desk(database, folder, FixedClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)))
    provider = IdentityProvider(desk.services.clock)
    yield Site(desk=desk, provider=provider, app=app_of(desk, provider))
    provider.close()
    for client in desk.clients:
        client.close()
    database.close()


@pytest.fixture
def site(shared: Site) -> Site:
    shared.number += 1
    provider = shared.provider
    provider.person = {
        "sub": f"u-{shared.number}",
        "preferred_username": f"Nina.{shared.number}@firm.example",
        "roles": ["clerks", "other"],
    }
    provider.change, provider.sign, provider.says, provider.asked = lambda claims: None, provider.signed, {}, []
    return shared


def app_of(desk: Desk, provider: IdentityProvider, **more: Any) -> Any:
    settings = Settings(
        home=desk.services.settings.home,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_roles="admins=admin, approvers=ap_approver, clerks=ap_clerk",
        oidc_api_audience=AUDIENCE,
        **more,
    )
    services = Services(
        settings=settings,
        db=desk.services.db,
        store=desk.house.store,
        clock=desk.services.clock,
        executor=desk.executor,
    )
    return create_app(services, Renderer(settings, desk.executor))


def actions(site: Site, name: str) -> list[str]:
    with site.desk.services.db.read() as session:
        return [one.action for one in audit_log.entries(session, subject=f"user:{name}")]


def test_the_first_sign_in_makes_the_account_with_the_role_the_provider_gives(site: Site) -> None:
    client, answer = site.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/documents")
    assert client.get("/v1/me").json() == {"name": site.name, "role": "ap_clerk", "language": None}
    assert "clearhold_oidc" not in client.cookies
    assert actions(site, site.name) == ["user.added", "user.linked", "user.logged_in"]
    assert client.get("/v1/sessions").json()[0]["method"] == "oidc"
    assert log_in(site.desk.stranger(), site.name, "!").status_code == 401


def test_another_role_at_the_provider_counts_from_the_next_sign_in(site: Site) -> None:
    before, _ = site.sign_in()
    site.provider.person |= {"roles": ["clerks", "approvers"], "preferred_username": "renamed"}
    after, _ = site.sign_in()
    assert (after.get("/v1/me").json()["name"], after.get("/v1/me").json()["role"]) == (site.name, "ap_approver")
    assert before.get("/v1/me").status_code == 401
    assert "user.role_changed" in actions(site, site.name)


def test_who_has_no_role_here_is_refused_and_loses_their_sessions(site: Site) -> None:
    before, _ = site.sign_in()
    site.provider.person |= {"roles": ["visitors"]}
    _, answer = site.sign_in()
    assert answer.status_code == 403 and "OIDC-ROLE" in answer.text
    assert before.get("/v1/me").status_code == 401
    site.provider.person |= {"sub": "another", "preferred_username": "stranger"}
    _, answer = site.sign_in()
    assert answer.status_code == 403 and actions(site, "stranger") == []


def test_nobody_becomes_somebody_else_by_their_name(site: Site) -> None:
    site.desk.add_user(site.name, "admin")
    client, answer = site.sign_in()
    assert answer.status_code == 409 and "OIDC-NAME-TAKEN" in answer.text
    assert client.get("/v1/me").status_code == 401


def test_who_is_shut_out_here_stays_out(site: Site) -> None:
    site.sign_in()
    olga = site.desk.client("admin", "olga")
    no_link = olga.post(f"/v1/people/{site.name}/reset")
    assert (no_link.status_code, no_link.json()["code"]) == (409, "USER-EXTERNAL")
    assert olga.patch(f"/v1/people/{site.name}", json={"active": False}).status_code == 200
    _, answer = site.sign_in()
    assert answer.status_code == 403 and "OIDC-DISABLED" in answer.text


def _other_nonce(claims: dict[str, Any]) -> None:
    claims["nonce"] = "another"


def _no_nonce(claims: dict[str, Any]) -> None:
    del claims["nonce"]


def _other_issuer(claims: dict[str, Any]) -> None:
    claims["iss"] += "/"


def _other_audience(claims: dict[str, Any]) -> None:
    claims["aud"] = "somebody-else"


def _for_many(claims: dict[str, Any]) -> None:
    claims["aud"] = [CLIENT, "somebody-else"]


def _other_party(claims: dict[str, Any]) -> None:
    claims["azp"] = "somebody-else"


def _expired(claims: dict[str, Any]) -> None:
    claims["exp"] = claims["iat"] - 61


def _endless(claims: dict[str, Any]) -> None:
    del claims["exp"]


def _of_tomorrow(claims: dict[str, Any]) -> None:
    claims["iat"] += 3600


def _not_yet(claims: dict[str, Any]) -> None:
    claims["nbf"] = claims["iat"] + 3600


def _nobody(claims: dict[str, Any]) -> None:
    del claims["sub"]


WRONG = [_other_nonce, _no_nonce, _other_issuer, _other_audience, _for_many, _other_party, _expired, _endless]


def test_an_id_token_that_is_not_all_it_must_be_is_refused(site: Site) -> None:
    for change in [*WRONG, _of_tomorrow, _not_yet, _nobody]:
        site.provider.change = change
        client, answer = site.sign_in()
        assert (answer.status_code, "OIDC-TOKEN" in answer.text) == (401, True), change.__name__
        assert "clearhold_session" not in client.cookies, change.__name__
    assert actions(site, site.name) == []


def test_a_token_that_nobody_or_somebody_else_has_signed_is_refused(site: Site) -> None:
    provider = site.provider
    forged = {
        "unsigned": provider.unsigned,
        "by another key under the same name": provider.signed_with(RSAKey.generate_key(2048)),
        "by a key nobody has": provider.signed_with(RSAKey.generate_key(2048), kid="nobody's"),
        "with the public key as a shared secret": provider.sealed_with_public_key,
    }
    for how, sign in forged.items():
        provider.sign = sign
        client, answer = site.sign_in()
        assert (answer.status_code, "OIDC-TOKEN" in answer.text) == (401, True), how
        assert "clearhold_session" not in client.cookies, how


def test_clocks_may_differ_by_a_minute(site: Site) -> None:
    def late(claims: dict[str, Any]) -> None:
        claims["exp"] = claims["iat"] - 30

    site.provider.change = late
    assert site.sign_in()[1].status_code == 303


def test_a_new_key_of_the_provider_is_fetched_when_it_is_seen_and_not_for_every_stranger(site: Site) -> None:
    assert site.sign_in()[1].status_code == 303
    site.provider.rotate()
    site.desk.house.later(minutes=1)
    assert site.sign_in()[1].status_code == 303
    asked = site.provider.asked.count("/jwks")
    site.provider.sign = site.provider.signed_with(RSAKey.generate_key(2048), kid="nobody's")
    for _ in range(3):
        assert site.sign_in()[1].status_code == 401
    assert site.provider.asked.count("/jwks") == asked


def test_an_answer_works_once_and_only_in_the_browser_that_began(site: Site) -> None:
    client, thief = site.browser(), site.browser()
    back = site.way_back(client)
    stolen = thief.get(back)
    assert stolen.status_code == 401 and "OIDC-STATE" in stolen.text
    again = site.way_back(client)
    assert client.get(again).status_code == 303
    client.cookies.set("clearhold_oidc", "kept", path="/login")
    assert "OIDC-STATE" in client.get(again).text
    late = site.browser()
    back = site.way_back(late)
    site.desk.house.later(minutes=11)
    assert "OIDC-STATE" in late.get(back).text
    assert "OIDC-STATE" in late.get("/login/oidc/callback").text
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused = late.get("/login/oidc/callback", params={"error": "access_denied", "state": state})
    assert "OIDC-REFUSED" in refused.text


def test_a_code_is_worth_nothing_without_the_verifier_of_its_browser(site: Site) -> None:
    client, other = site.browser(), site.browser()
    code = parse_qs(urlsplit(site.way_back(client)).query)["code"][0]
    state = parse_qs(urlsplit(site.way_back(other)).query)["state"][0]
    mixed = other.get("/login/oidc/callback", params={"code": code, "state": state})
    assert mixed.status_code == 401 and "OIDC-TOKEN" in mixed.text


def test_a_sign_in_leads_only_to_this_site_and_ends_the_session_a_browser_came_with(site: Site) -> None:
    planted = site.desk.client("ap_clerk", "mallory").cookies["clearhold_session"]
    client = site.browser()
    client.cookies.set("clearhold_session", planted)
    answer = client.get(site.way_back(client, "//evil.example/"))
    assert answer.headers["location"] == "/"
    thief = site.desk.stranger()
    thief.cookies.set("clearhold_session", planted)
    assert thief.get("/v1/me").status_code == 401


def test_a_provider_that_is_not_what_it_says_is_not_used(site: Site) -> None:
    for says in (
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": None},
    ):
        site.provider.says = says
        answer = TestClient(app_of(site.desk, site.provider), follow_redirects=False).get("/login/oidc")
        assert answer.status_code in {422, 503}
        assert "OIDC-UNAVAILABLE" in answer.text or "OIDC-ADDRESS" in answer.text


@pytest.mark.parametrize(
    "address",
    ["http://login.example", "ftp://127.0.0.1", "https://", "//login.example", "http://127.0.0.1.evil.example"],
)
def test_a_provider_is_asked_over_https_or_on_this_machine_only(address: str, clock: FixedClock) -> None:
    with pytest.raises(ClearholdError, match="OIDC-ADDRESS"):
        OidcProvider(address, clock)
    check_address("https://login.example/realm")
    check_address("http://[::1]:8080")


def test_passwords_can_be_switched_off(site: Site) -> None:
    site.desk.add_user("anna", "admin")
    app = app_of(site.desk, site.provider, local_login=False, oidc_label="Firm ID")
    client = TestClient(app, follow_redirects=False)
    page = client.get("/login").text
    assert "Sign in with Firm ID" in page and 'type="password"' not in page
    refused = client.post("/login", data={"name": "anna", "password": "x", "csrf": client.cookies["clearhold_login"]})
    assert refused.status_code == 403 and "AUTH-LOCAL-OFF" in refused.text
    both = site.browser().get("/login").text
    assert "Sign in with" in both and 'type="password"' in both
    with pytest.raises(ClearholdError, match="OIDC-SETTINGS"):
        sign_in_of(
            Services(settings=Settings(local_login=False), db=site.desk.services.db, store=site.desk.house.store)
        )


def test_a_program_uses_the_provider_s_token_with_the_scopes_it_gives(site: Site) -> None:
    program = site.browser()

    def call(path: str = "/v1/cases", **claims: Any) -> Any:
        token = site.provider.sign(site.provider.claims(aud=AUDIENCE, client_id="orchestration", **claims))
        return program.get(path, headers={"Authorization": f"Bearer {token}"})

    assert call(scope="openid cases:read").status_code == 200
    assert call(scope=["cases:read"]).status_code == 200
    for path in ("/v1/audit", "/v1/people", "/v1/me"):
        assert call(path, scope="cases:read audit.read admin").status_code == 403
    assert call(scope="").status_code == 403
    for wrong in ({"aud": CLIENT}, {"iss": "https://elsewhere.example"}, {"exp": 1}):
        token = site.provider.sign(site.provider.claims(**{"aud": AUDIENCE, "scope": "cases:read", **wrong}))
        answer = program.get("/v1/cases", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "OIDC-TOKEN"), wrong
    unsigned = site.provider.unsigned(site.provider.claims(aud=AUDIENCE, scope="cases:read"))
    assert program.get("/v1/cases", headers={"Authorization": f"Bearer {unsigned}"}).status_code == 401
    without = site.desk.stranger().get("/v1/cases", headers={"Authorization": f"Bearer {unsigned}"})
    assert (without.status_code, without.json()["code"]) == (401, "AUTH-KEY")


def test_names_roles_and_scopes_are_found_where_providers_put_them() -> None:
    nested = role_mapping("realm_access.roles", "a=ap_clerk,b=admin", None)
    assert nested.role_of({"realm_access": {"roles": ["b", "a"]}}) == "ap_clerk"
    assert role_mapping("groups", "cn=x,dc=y=planner".replace(",", ";"), "auditor").role_of({}) == "auditor"
    assert (
        role_mapping("https://firm.example/roles", "b=admin", None).role_of({"https://firm.example/roles": "b c"})
        == "admin"
    )
    for wrong in ("a=king", "=admin", "admin"):
        with pytest.raises(ClearholdError, match="OIDC-SETTINGS"):
            role_mapping("roles", wrong, None)
    assert name_of({"email": "Jörg Müller@firm.example"}, "email") == "j-rg-m-ller"
    with pytest.raises(ClearholdError, match="OIDC-NAME"):
        name_of({"preferred_username": "@"}, "preferred_username")
    assert scopes_of({"scp": "score admin"}, "scp") == {"score"}


def test_the_form_of_a_page_still_works_after_a_sign_in(site: Site) -> None:
    client, _ = site.sign_in()
    page = client.get("/me").text
    assert f"You sign in with {site.provider.issuer}" in page
    assert client.post("/logout", data={"csrf": csrf_of(page)}).status_code == 303
    assert client.get("/v1/me").status_code == 401
