"""Sends one event: signed per Standard Webhooks, to the very address that was checked, within a time, no redirects."""

import base64
import hashlib
import hmac
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache

from core.errors import ClearholdError
from review_api.webhook_addresses import Resolve, addresses_of, checked_url
from triage.deliveries import Failure

SECRET_PREFIX = "whsec_"  # noqa: S105  what secrets begin with
_CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent, and where.

    Attributes:
        secrets: those that sign, as the receiver knows them: `whsec_…`.
    """

    url: str
    event_id: str
    body: bytes
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How is sent.

    Attributes:
        private: whether receivers may be in the house's own network.
        seconds: how long connecting, sending and the answer's head may take together.
        resolve: what a name stands for; asked anew each time.
    """

    private: bool = False
    seconds: float = 15.0
    resolve: Resolve | None = None


def send(message: Message, at: datetime, how: Sending) -> int | Failure:
    """Sends it once; the status when the receiver took it (2xx), else why it did not."""
    try:
        parts = checked_url(message.url, private=how.private)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        addresses = addresses_of(host, port, private=how.private, resolve=how.resolve)
    except ClearholdError as error:
        return Failure(words=f"{error.message} [{error.code}]")
    connection = _Connection(host, port, addresses[0], is_tls=is_tls, seconds=how.seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=message.body, headers=headers_of(message, at))
        answer = connection.getresponse()
        return _judged(answer, at)
    except TimeoutError:
        return _too_slow(how.seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _too_slow(how.seconds) if connection.is_over else Failure(words=f"{_words(error)}.")
    finally:
        connection.close()


def headers_of(message: Message, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: id, time of this try, and a signature by each valid secret."""
    second = str(int(at.timestamp()))
    signed = b".".join((message.event_id.encode(), second.encode(), message.body))
    return {
        "content-type": _CONTENT_TYPE,
        "user-agent": "Clearhold",
        "webhook-id": message.event_id,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in message.secrets),
    }


def retry_after(text: str | None, at: datetime) -> timedelta | None:
    """What `Retry-After` asks for: seconds, or an instant; None for anything else."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return timedelta(seconds=min(int(text), 10**7))
    try:
        return max(parsedate_to_datetime(text) - at, timedelta())
    except (ValueError, TypeError):
        return None


def _judged(answer: http.client.HTTPResponse, at: datetime) -> int | Failure:
    status = answer.status
    if 200 <= status < 300:
        return status
    more = "; redirects are not followed" if 300 <= status < 400 else ""
    asked = retry_after(answer.getheader("retry-after"), at)
    return Failure(words=f"The receiver answered {status}{more}.", status=status, asked=asked, is_gone=status == _GONE)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _too_slow(seconds: float) -> Failure:
    return Failure(words=f"The receiver did not answer within {seconds:g} s.")


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not good: {error.verify_message}"
    return getattr(error, "strerror", None) or type(error).__name__


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """To one address, whatever the name stands for by now, and ended when the whole takes too long."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.is_over = False
        self._address = address
        self._is_tls = is_tls
        self._wire: socket.socket | None = None
        self._limit = threading.Timer(seconds, self._end)
        self._limit.daemon = True

    def connect(self) -> None:
        self._limit.start()
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        # A handle of its own: whatever reads and writes above it, the wire itself can be ended from another thread.
        self._wire = socket.socket(fileno=os.dup(self.sock.fileno()))
        if self.is_over:
            raise TimeoutError
        if self._is_tls:
            self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)

    def close(self) -> None:
        self._limit.cancel()
        super().close()
        if self._wire is not None:
            self._wire.close()

    def _end(self) -> None:
        self.is_over = True
        if self._wire is not None:
            try:
                self._wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
