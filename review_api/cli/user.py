"""`clearhold user`: people who may log in."""

import argparse
from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    from review_api.services import Services

ROLES = ("ap_clerk", "ap_approver", "planner", "auditor", "admin")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a person; the password is asked for")
    add.add_argument("name", help="lower-case letters, digits, dots, dashes")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    listing = commands.add_parser("list", help="show everybody")
    listing.add_argument("--json", action="store_true", help="as one JSON document")
    disable = commands.add_parser("disable", help="shut a person out at once")
    disable.add_argument("name")


def run(args: argparse.Namespace) -> int:
    """Does it."""
    from core.settings import Settings
    from review_api.services import build_services

    password = _password(from_stdin=args.password_stdin) if args.command == "add" else ""
    services = build_services(Settings())
    try:
        return {"add": _add, "list": _list, "disable": _disable}[args.command](services, args, password)
    finally:
        services.close()


def _add(services: "Services", args: argparse.Namespace, password: str) -> int:
    from review_api import accounts
    from review_api.cli.operator import operator

    with services.db.write() as session:
        accounts.add_user(
            session,
            name=args.name,
            password=password,
            role=args.role,
            at=services.clock.now(),
            actor=f"user:{operator()}",
        )
    print(f"{args.name} may log in as {args.role}.")
    return 0


def _list(services: "Services", args: argparse.Namespace, _: str) -> int:
    from core.canonical import canonical_json
    from review_api import accounts
    from review_api.cli.text_table import text_table

    with services.db.read() as session:
        users = accounts.list_users(session)
    if args.json:
        print(canonical_json(users))
        return 0
    rows = [
        (
            user.name,
            user.role,
            f"{user.created_at:%Y-%m-%d}",
            f"{user.disabled_at:%Y-%m-%d}" if user.disabled_at else "",
        )
        for user in users
    ]
    print(text_table(("name", "role", "since", "disabled"), rows) if rows else "Nobody yet: clearhold user add NAME")
    return 0


def _disable(services: "Services", args: argparse.Namespace, _: str) -> int:
    from review_api import accounts
    from review_api.cli.operator import operator

    with services.db.write() as session:
        accounts.disable_user(session, args.name, at=services.clock.now(), actor=f"user:{operator()}")
    print(f"{args.name} is shut out.")
    return 0


def _password(*, from_stdin: bool) -> str:
    import getpass
    import sys

    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise InputError("USER-PASSWORD", "There is no terminal to ask for a password.", "Use --password-stdin.")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise InputError("USER-PASSWORD", "The two passwords differ.", "Try again.")
    return password
