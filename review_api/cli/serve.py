"""`clearhold serve`: API and review page in this process and, unless told otherwise, a worker beside them."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review_api.services import Services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--host", help="address to listen on (default: CLEARHOLD_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: CLEARHOLD_PORT, else 8460)")
    parser.add_argument("--no-work", action="store_true", help="only serve; `clearhold work` reads elsewhere")


def run(args: argparse.Namespace) -> int:
    """Serves until it is told to stop."""
    import logging

    from core.settings import Settings
    from review_api.services import build_services

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = Settings()
    services = build_services(settings)
    try:
        return serve(
            services,
            host=args.host or settings.host,
            port=settings.port if args.port is None else args.port,
            with_worker=not args.no_work,
        )
    finally:
        services.close()


def serve(services: "Services", *, host: str, port: int, with_worker: bool) -> int:
    """Serves the application until SIGTERM or SIGINT; the worker gives back what it had not finished."""
    import contextlib
    import socket

    import uvicorn

    from review_api.app import create_app
    from review_api.serving import worker_beside

    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    config = uvicorn.Config(
        create_app(services), log_level="warning", server_header=False, timeout_graceful_shutdown=10
    )
    _greet(services, host, listener.getsockname()[1])
    with listener, worker_beside(services) if with_worker else contextlib.nullcontext():
        # Uvicorn stops in good order, then raises the signal again for whoever started it: for us it is the end.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    return 0


def _greet(services: "Services", host: str, port: int) -> None:
    from review_api import accounts

    name = f"[{host}]" if ":" in host else host
    print(f"Clearhold is at http://{name}:{port}/", flush=True)
    with services.db.read() as session:
        if not accounts.has_users(session):
            print("Nobody can log in yet: clearhold user add NAME --role admin", flush=True)
