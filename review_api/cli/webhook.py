"""`clearhold webhook`: other programs that are told of events; a secret is shown once and never again."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review_api.services import Services

TYPES = ("case.opened", "case.resolved", "decision.made", "recommendation.made")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add an endpoint and show its secret, once")
    add.add_argument("url")
    add.add_argument("--type", action="append", choices=TYPES, help="may be given several times; every type without")
    listing = commands.add_parser("list", help="show every endpoint, what waits for it and how it does")
    listing.add_argument("--json", action="store_true", help="as one JSON document")
    disable = commands.add_parser("disable", help="send nothing more there; what waits is kept")
    disable.add_argument("id")
    enable = commands.add_parser("enable", help="send there again, first what waited")
    enable.add_argument("id")
    sent = commands.add_parser("deliveries", help="what was sent there, waits, or was given up")
    sent.add_argument("id")
    sent.add_argument("--state", choices=("waiting", "delivered", "dead"))
    sent.add_argument("--limit", type=int, default=50)
    sent.add_argument("--json", action="store_true", help="as one JSON document")
    resend = commands.add_parser("resend", help="send once more: one delivery, or every dead letter")
    resend.add_argument("id")
    resend.add_argument("delivery", nargs="?", help="all dead letters without")


def run(args: argparse.Namespace) -> int:
    """Does it."""
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.services import build_services

    does = {
        "add": _add,
        "list": _list,
        "disable": _switch,
        "enable": _switch,
        "deliveries": _deliveries,
        "resend": _resend,
    }
    services = build_services(Settings())
    try:
        return does[args.command](services, args, f"user:{operator()}")
    finally:
        services.close()


def _add(services: "Services", args: argparse.Namespace, actor: str) -> int:
    import sys

    from review_api import webhooks

    made = webhooks.add(services, actor, url=args.url, event_types=args.type)
    print(f"The secret of {made.shown.endpoint.endpoint_id}, shown only now:", file=sys.stderr)
    print(made.secret)
    return 0


def _list(services: "Services", args: argparse.Namespace, _actor: str) -> int:
    from review_api import webhook_schemas, webhooks
    from review_api.cli.text_table import instant

    found = webhooks.list_all(services)
    shown = [webhook_schemas.webhook_out(one) for one in found]
    head = ("id", "url", "state", "waiting", "dead", "last success", "last failure")
    rows = [
        (
            one.endpoint_id,
            one.url,
            "active" if one.active else "disabled",
            str(one.waiting),
            str(one.dead),
            instant(one.last_success_at),
            f"{instant(one.last_failure_at)} {one.last_failure or ''}".rstrip(),
        )
        for one in shown
    ]
    return _print(args, shown, head, rows, nothing="No webhook yet: clearhold webhook add URL")


def _switch(services: "Services", args: argparse.Namespace, actor: str) -> int:
    from review_api import webhooks

    webhooks.change(services, actor, args.id, is_active=args.command == "enable")
    print(f"{args.id} is {args.command}d.")
    return 0


def _deliveries(services: "Services", args: argparse.Namespace, _actor: str) -> int:
    from review_api import webhook_schemas, webhooks
    from review_api.cli.text_table import instant

    found = webhooks.list_deliveries(services, args.id, state=args.state, limit=args.limit)
    shown = [webhook_schemas.delivery_out(one) for one in found]
    head = ("id", "event", "subject", "state", "tries", "tried", "next", "why")
    rows = [
        (
            one.delivery_id,
            one.type,
            one.subject,
            one.state,
            str(one.attempts),
            instant(one.tried_at),
            instant(one.next_at) if one.state == "waiting" else "–",
            one.failure or "",
        )
        for one in shown
    ]
    return _print(args, shown, head, rows, nothing="Nothing was sent there.")


def _resend(services: "Services", args: argparse.Namespace, actor: str) -> int:
    from review_api import webhooks

    if args.delivery is None:
        print(f"Sent again: {webhooks.resend_dead(services, actor, args.id)}")
    else:
        webhooks.resend(services, actor, args.id, args.delivery)
        print("Sent again: 1")
    return 0


def _print(
    args: argparse.Namespace,
    shown: "Sequence[object]",
    head: "tuple[str, ...]",
    rows: "Sequence[Sequence[str]]",
    *,
    nothing: str,
) -> int:
    from pydantic import TypeAdapter

    from review_api.cli.text_table import text_table

    if args.json:
        print(TypeAdapter(list[object]).dump_json(list(shown), serialize_as_any=True).decode())
    else:
        print(text_table(head, rows, right=frozenset({"waiting", "dead", "tries"})) if rows else nothing)
    return 0
