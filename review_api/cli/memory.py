"""`clearhold memory`: which corrections count for later papers, and the end of one that should not."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from triage.memory import Memory

STATES = ("new", "learnt", "unplaced", "replaced", "withdrawn")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with remembered corrections."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{list,withdraw}")
    listing = actions.add_parser("list", help="list remembered corrections, the newest first")
    listing.add_argument("--field", metavar="NAME", help="only those of one field")
    listing.add_argument("--state", choices=STATES, help="only `learnt` ones count for later papers")
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument("--after", metavar="ID", help="the next part of a long list")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    withdrawing = actions.add_parser("withdraw", help="end what a correction does to later papers")
    withdrawing.add_argument("memory_id")
    withdrawing.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Does what was asked."""
    from core.settings import Settings
    from review_api.cli.operator import operator, operator_role
    from review_api.services import build_services
    from triage import memory

    services = build_services(Settings())
    try:
        if args.action == "list":
            with services.db.read() as session:
                found = memory.list_memory(
                    session, field=args.field, state=args.state, after=args.after, limit=args.limit
                )
        else:
            with services.db.write() as session:
                role = operator_role(session)
                at = services.clock.now()
                found = (memory.withdraw(session, args.memory_id, user=operator(), role=role, at=at),)
    finally:
        services.close()
    _print(found, is_list=args.action == "list", as_json=args.json)
    return 0


def _print(found: "Sequence[Memory]", *, is_list: bool, as_json: bool) -> None:
    from core.canonical import canonical_json
    from review_api.cli.text_table import instant, text_table

    if as_json:
        print(canonical_json(found if is_list else found[0]))
        return
    headers = ("memory", "made", "by", "state", "field", "value", "near", "keys")
    rows = [
        (
            one.memory_id,
            instant(one.remembered_at),
            one.remembered_by,
            one.state.value,
            one.field,
            one.value,
            one.near,
            " ".join(one.keys),
        )
        for one in found
    ]
    print(text_table(headers, rows))
