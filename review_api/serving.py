"""Serves the application, with a worker beside it in a thread; reading itself happens in limited child processes."""

import contextlib
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from core.collecting import collecting_seldom
from core.errors import UnavailableError
from core.settings import Settings
from review_api import accounts
from review_api.app import create_app
from review_api.services import Services, build_services
from review_api.worker import Worker

STOP_SECONDS = 20.0
_GRACE_SECONDS = 10


def serve(
    settings: Settings,
    *,
    host: str | None = None,
    port: int | None = None,
    with_worker: bool = True,
    open_browser: bool = False,
) -> int:
    """Serves until SIGTERM or SIGINT; what the worker had not finished is given back. Port 0 takes any free one.

    Raises:
        UnavailableError: `SERVE-ADDRESS` when the address is taken or is not one of this machine.
    """
    services = build_services(settings)
    try:
        with _listener(host or settings.host, settings.port if port is None else port) as listener:
            address = _address(listener)
            _greet(services, address)
            beside = worker_beside(services) if with_worker else contextlib.nullcontext()
            # Uvicorn stops in good order, then raises the signal again. It must not kill us: there is more to put away.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            # Looking through all that a process of this size holds stops it for some 150 ms, and a person with it.
            with beside, collecting_seldom(), contextlib.suppress(KeyboardInterrupt):
                _serve(services, listener, address if open_browser else None)
    finally:
        services.close()
    return 0


@contextmanager
def worker_beside(services: Services) -> Iterator[Worker]:
    """A worker for as long as the block lasts; afterwards what it had not finished is given back."""
    worker = Worker(services)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(STOP_SECONDS)


def _serve(services: Services, listener: socket.socket, address: str | None) -> None:
    config = uvicorn.Config(
        create_app(services), log_level="warning", server_header=False, timeout_graceful_shutdown=_GRACE_SECONDS
    )
    if address is not None and _has_screen():
        # The socket listens already: the browser waits for the first answer, nothing is refused.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise UnavailableError(
            "SERVE-ADDRESS",
            f"Cannot listen on {host}, port {port}: {error.strerror or error}.",
            "Choose another with --host and --port, or stop what listens there.",
        ) from error
    # Connections inherit it. Without it each answer waits 40 ms for the browser's late acknowledgement of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _greet(services: Services, address: str) -> None:
    print(f"Clearhold is at {address}", flush=True)
    with services.db.read() as session:
        if not accounts.has_users(session):
            print("Nobody can log in yet: clearhold user add NAME --role admin", flush=True)


def _has_screen() -> bool:
    """Without one, `webbrowser` would start a text browser over the terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
