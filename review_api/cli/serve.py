"""`clearhold serve`: API and review page in this process and, unless told otherwise, a worker beside them."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--host", help="address to listen on (default: CLEARHOLD_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: CLEARHOLD_PORT, else 8460)")
    parser.add_argument("--no-work", action="store_true", help="only serve; `clearhold work` reads elsewhere")


def run(args: argparse.Namespace) -> int:
    """Serves until it is told to stop."""
    from core.logs import start_logging
    from core.settings import Settings
    from review_api.serving import serve

    settings = Settings()
    start_logging(settings.log_format)
    return serve(settings, host=args.host, port=args.port, with_worker=not args.no_work)
