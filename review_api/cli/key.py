"""`clearhold key`: API keys of other programs; a secret is shown once and never again."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review_api.services import Services

SCOPES = ("documents:write", "score", "feeds:write", "cases:read", "metrics")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a key and show its secret, once")
    add.add_argument("name", help="what uses it: lower-case letters, digits, dots, dashes")
    add.add_argument("--scope", action="append", required=True, choices=SCOPES, help="may be given several times")
    add.add_argument("--days", type=int, help="it ends by itself after so many days; never without")
    listing = commands.add_parser("list", help="show every key, without secrets")
    listing.add_argument("--json", action="store_true", help="as one JSON document")
    disable = commands.add_parser("disable", help="end a key at once")
    disable.add_argument("name")


def run(args: argparse.Namespace) -> int:
    """Does it."""
    from core.settings import Settings
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        return {"add": _add, "list": _list, "disable": _disable}[args.command](services, args)
    finally:
        services.close()


def _add(services: "Services", args: argparse.Namespace) -> int:
    import sys
    from datetime import timedelta

    from review_api import accounts
    from review_api.cli.operator import operator

    at = services.clock.now()
    with services.db.write() as session:
        key, secret = accounts.add_key(
            session,
            name=args.name,
            scopes=args.scope,
            at=at,
            actor=f"user:{operator()}",
            expires_at=None if args.days is None else at + timedelta(days=args.days),
        )
    print(f"The secret of {key.name} ({', '.join(key.scopes)}), shown only now:", file=sys.stderr)
    print(secret)
    return 0


def _list(services: "Services", args: argparse.Namespace) -> int:
    from core.canonical import canonical_json
    from review_api import accounts
    from review_api.cli.text_table import text_table

    with services.db.read() as session:
        keys = accounts.list_keys(session)
    if args.json:
        print(canonical_json(keys))
        return 0
    rows = [
        (
            key.name,
            " ".join(key.scopes),
            f"{key.created_at:%Y-%m-%d}",
            f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else "",
            f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "",
            f"{key.disabled_at:%Y-%m-%d}" if key.disabled_at else "",
        )
        for key in keys
    ]
    print(
        text_table(("name", "scopes", "since", "used last", "ends", "disabled"), rows)
        if rows
        else "No key yet: clearhold key add NAME"
    )
    return 0


def _disable(services: "Services", args: argparse.Namespace) -> int:
    from review_api import accounts
    from review_api.cli.operator import operator

    with services.db.write() as session:
        accounts.disable_key(session, args.name, at=services.clock.now(), actor=f"user:{operator()}")
    print(f"{args.name} is ended.")
    return 0
