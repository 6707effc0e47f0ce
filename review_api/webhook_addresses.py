"""Which addresses events may go to: whatever a name stands for at that moment, never into the house's own network."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

from core.errors import ForbiddenError, InputError, UnavailableError

Resolve = Callable[[str, int], Sequence[str]]
MAX_URL = 2_000
_REMEDY = "Name a public address, or set CLEARHOLD_WEBHOOK_PRIVATE where receivers are in your own network."
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def checked_url(url: str, *, private: bool) -> SplitResult:
    """The parts of an address events may be sent to, as far as its spelling shows.

    Args:
        private: whether receivers may be in the house's own network, and without TLS.

    Raises:
        InputError: `WEBHOOK-URL`.
        ForbiddenError: `WEBHOOK-PRIVATE`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    schemes = ("https", "http") if private else ("https",)
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    if not is_plain or parts.scheme not in schemes or not host or parts.username is not None or parts.fragment:
        raise InputError(
            "WEBHOOK-URL",
            "That is no address events can be sent to.",
            f"Write {' or '.join(f'{scheme}://…' for scheme in schemes)}, without a name, password or fragment in it.",
        )
    if not private and (host == "localhost" or host.endswith(".localhost") or _is_private_literal(host)):
        raise _private(host)
    return parts


def addresses_of(host: str, port: int, *, private: bool, resolve: Resolve | None = None) -> Sequence[str]:
    """What a name stands for now. One private address among them refuses all.

    Raises:
        ForbiddenError: `WEBHOOK-PRIVATE`.
        UnavailableError: `WEBHOOK-NAME` when the name stands for nothing.
    """
    found = (resolve or _resolve)(host, port)
    if not private and any(not is_public(one) for one in found):
        raise _private(host)
    return found


def is_public(address: str) -> bool:
    """Whether an address is one of the open net, also when it is wrapped in one of IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_private_literal(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False


def _resolve(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(
            "WEBHOOK-NAME", f"{host} has no address.", "Correct the name, or wait for DNS."
        ) from error
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def _private(host: str) -> ForbiddenError:
    return ForbiddenError("WEBHOOK-PRIVATE", f"{host} is in a private network.", _REMEDY)
