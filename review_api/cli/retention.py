"""`clearhold retention`: how long papers are kept, what is due, legal holds, and erasing what is due."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.clock import Clock
    from review_api.services import Services

WHY = {
    "due": "due: would be erased",
    "not_yet": "period not over yet",
    "open": "kept: a case is open or may be undone",
    "unsettled": "kept: the ERP has not settled it",
    "held": "kept: legal hold",
    "no_rule": "kept: no rule fits",
    "parts": "kept: holds papers that are not erased",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{show,preview,run,hold,lift}")
    show = actions.add_parser("show", help="the rules and the legal holds")
    preview = actions.add_parser(
        "preview", help="what is due and what is kept why: papers, money, the oldest; erases nothing"
    )
    erase = actions.add_parser("run", help="erase what is due; it cannot be taken back")
    erase.add_argument("--erase", type=int, required=True, metavar="N", help="how many papers the preview says are due")
    hold = actions.add_parser(
        "hold", help="keep a document, or every paper of a legal entity, until the hold is lifted"
    )
    which = hold.add_mutually_exclusive_group(required=True)
    which.add_argument("--document", metavar="ID")
    which.add_argument("--legal-entity", metavar="NAME")
    hold.add_argument("--reason", required=True, help="why, for the audit log")
    lift = actions.add_parser("lift", help="end a legal hold")
    lift.add_argument("hold_id", metavar="HOLD")
    for one in (show, preview, erase, hold):
        one.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Does what was asked."""
    from core.canonical import canonical_json
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        told, lines = _do(services, services.clock, args, f"user:{operator()}")
    finally:
        services.close()
    if getattr(args, "json", False):
        print(canonical_json(told))
    else:
        print("\n".join(lines))
    return 0


def _do(services: "Services", clock: "Clock", args: argparse.Namespace, by: str) -> tuple[Any, list[str]]:
    from core.errors import ConflictError
    from ingest import erasures
    from review_api.cli.progress import progress
    from review_api.keeping import retention

    if args.action == "hold":
        with services.db.write() as session:
            hold = erasures.set_hold(
                session,
                document_id=args.document,
                legal_entity=args.legal_entity,
                reason=args.reason,
                by=by,
                at=clock.now(),
            )
        return hold, [f"{hold.hold_id} stands until it is lifted."]
    if args.action == "lift":
        with services.db.write() as session:
            erasures.lift_hold(session, args.hold_id, by=by, at=clock.now())
        return {}, [f"{args.hold_id} is lifted."]
    rules = retention.read_rules(services.settings)
    if args.action == "show":
        with services.db.read() as session:
            holds = erasures.holds(session)
        said = [f"{one.hold_id}  {one.document_id or one.legal_entity}  {one.reason} ({one.set_by})" for one in holds]
        how = "erased by a worker once a day" if rules.daily else "erased by `retention run` only"
        return {"rules": rules.rules, "daily": rules.daily, "holds": holds}, [*map(str, rules.rules), how, *said]
    groups = retention.preview(services.db, rules, clock.now())
    due = sum(group.papers for group in groups if group.verdict == "due")
    if args.action == "preview":
        return {"due": due, "groups": groups}, _table(groups, due)
    if args.erase != due:
        raise ConflictError(
            "RETENTION-COUNT", f"{due:,} papers are due, not {args.erase:,}.", "Look at `retention preview` again."
        )
    with progress("erased, of those looked at") as tell:
        done = retention.run(services, rules, by=by, progress=tell)
    return done, [f"{done.erased:,} papers erased, {done.files_removed:,} files removed."]


def _table(groups: Any, due: int) -> list[str]:
    from review_api.cli.text_table import text_table

    rows = [
        (
            group.legal_entity or "–",
            group.document_type,
            f"{group.papers:,}",
            " + ".join(f"{amount:,} {currency}" for currency, amount in sorted(group.amounts.items())),
            f"{group.oldest_at:%Y-%m-%d}",
            WHY[group.verdict],
        )
        for group in groups
    ]
    heads = ("legal entity", "paper", "papers", "money", "oldest", "")
    return [text_table(heads, rows, right=frozenset({"papers", "money"})), f"{due:,} papers are due."]
