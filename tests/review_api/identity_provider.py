"""A small OpenID provider on loopback: real HTTP, real RSA keys, and a switch for all that can be wrong with it."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from core.clock import Clock

CLIENT, SECRET = "clearhold", "its secret & more"
Change = Callable[[dict[str, Any]], None]


class IdentityProvider:
    """Signs in whoever `person` says, at once."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.keys = [RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)]
        self.person: dict[str, Any] = {"sub": "u-1", "preferred_username": "Nina.K@firm.example", "roles": ["clerks"]}
        self.change: Change = lambda claims: None
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.says: dict[str, Any] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, b"")

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers.get("content-length", 0))))

            def log_message(self, *args: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def rotate(self) -> None:
        """Signs with a new key from now on, and forgets the old one."""
        self.keys = [RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)]

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.keys[-1].kid}, claims, self.keys[-1])

    def signed_with(self, key: RSAKey, **header: str) -> Callable[[dict[str, Any]], str]:
        return lambda claims: jwt.encode({"alg": "RS256", "kid": self.keys[-1].kid, **header}, claims, key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."

    def sealed_with_public_key(self, claims: dict[str, Any]) -> str:
        """What a verifier takes that lets a token choose its algorithm: the public key as a shared secret."""
        said = f"{_part({'alg': 'HS256', 'kid': self.keys[-1].kid})}.{_part(claims)}"
        seal = hmac.digest(self.keys[-1].as_pem(private=False), said.encode(), "sha256")
        return f"{said}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        return {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **more}

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        parts = urlsplit(handler.path)
        self.asked.append(parts.path)
        form = {name: values[0] for name, values in parse_qs(body.decode() or parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self.send(handler, 200, self.configuration())
        elif parts.path == "/jwks":
            self.send(handler, 200, {"keys": [key.as_dict(private=False) for key in self.keys]})
        elif parts.path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.codes[code] = form
            back = urlencode({"code": code, "state": form["state"]})
            handler.send_response(302)
            handler.send_header("Location", f"{form['redirect_uri']}?{back}")
            handler.end_headers()
        elif parts.path == "/token":
            self.send(handler, *self.token(form, handler.headers.get("authorization", "")))
        else:
            self.send(handler, 404, {"error": "not_found"})

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            **self.says,
        }

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        begun = self.codes.pop(form.get("code", ""), None)
        who = base64.b64encode(f"{CLIENT}:its+secret+%26+more".encode()).decode()
        if authorization != f"Basic {who}":
            return 401, {"error": "invalid_client"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            begun is None
            or begun["code_challenge_method"] != "S256"
            or begun["code_challenge"] != challenge.rstrip(b"=").decode()
            or begun["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        claims = self.claims(nonce=begun["nonce"])
        self.change(claims)
        return 200, {"access_token": "not looked at", "token_type": "Bearer", "id_token": self.sign(claims)}

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
