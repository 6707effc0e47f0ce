"""`clearhold policy`: shows the policy in force, checks a draft, previews it, and applies it with two people."""

import argparse
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review_api.auth import Principal
    from review_api.services import Services
    from triage.policy_rules import PolicyProposal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with policies."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{show,check,preview,apply,withdraw,reject}")
    show = _action(actions, "show", "print the policy in force, as it was applied, and what waits to follow it")
    show.add_argument("--history", action="store_true", help="every version and proposal there was, without the text")
    _action(actions, "check", "say whether a file is a valid policy; nothing is changed").add_argument("file")
    preview = _action(actions, "preview", "judge the papers of the past under a draft, and keep what came of it")
    preview.add_argument("file")
    preview.add_argument("--since", type=_instant, metavar="DATE", help="only papers decided from this day (UTC) on")
    preview.add_argument("--until", type=_instant, metavar="DATE", help="only papers decided before this day")
    apply = _action(actions, "apply", "propose a previewed draft; a second person's apply puts it in force")
    apply.add_argument("file")
    apply.add_argument("--preview", metavar="HASH", default="", help="what `preview` printed last")
    for name, text in (("withdraw", "take your own proposal back"), ("reject", "refuse another's proposal")):
        _action(actions, name, text).add_argument("--reason", required=True)


def run(args: argparse.Namespace) -> int:
    """Does what was asked."""
    if args.action == "check":
        return _check(args)
    from core.settings import Settings
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        return _ACTIONS[args.action](services, args)
    finally:
        services.close()


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _show(services: "Services", args: argparse.Namespace) -> int:
    from core.canonical import canonical_json, to_jsonable
    from review_api import policy_desk, policy_schemas

    if args.history:
        return _history(services, args)
    view = policy_desk.view(services)
    active, pending = view.active, view.pending
    if args.json:
        print(canonical_json(to_jsonable(policy_schemas.policy_out(active, pending).model_dump())))
        return 0
    by = active.applied_by if active.proposed_by is None else f"{active.proposed_by}, {active.applied_by}"
    print(f"# version {active.version}, applied {active.applied_at:%Y-%m-%d %H:%M} UTC by {by}")
    print(f"# {active.policy_hash}")
    if pending is not None:
        print(f"# {_waiting(pending)}")
    print(active.text.rstrip())
    return 0


def _history(services: "Services", args: argparse.Namespace) -> int:
    from core.canonical import canonical_json, to_jsonable
    from review_api.cli.text_table import instant, text_table
    from triage import policies, policy_changes

    with services.db.read() as session:
        versions, proposals = policies.history(session), policy_changes.proposals(session)
    if args.json:
        told = [to_jsonable(one) | {"preview": one.preview.preview_hash} for one in proposals]
        print(canonical_json({"versions": to_jsonable(versions), "proposals": told}))
        return 0
    rows = [
        (str(one.version), instant(one.applied_at), one.proposed_by or "–", one.applied_by, one.policy_hash[:12])
        for one in versions
    ]
    print(text_table(("version", "in force since", "proposed by", "agreed by", "hash"), rows))
    if proposals:
        closed = [
            (
                one.preview.policy_hash[:12],
                one.state.value,
                one.proposed_by,
                instant(one.proposed_at),
                one.ended_by or "–",
                one.reason or "",
            )
            for one in proposals
        ]
        print()
        print(text_table(("proposal", "state", "proposed by", "at", "ended by", "reason"), closed))
    return 0


def _check(args: argparse.Namespace) -> int:
    from pathlib import Path

    from core.canonical import canonical_json
    from triage.policies import checked, read_policy_file

    policy = checked(read_policy_file(Path(args.file)))
    if args.json:
        print(canonical_json({"file": args.file, "valid": True, "policy_hash": policy.hash}))
    else:
        print(f"{args.file} is a valid policy ({policy.hash}).")
    return 0


def _preview(services: "Services", args: argparse.Namespace) -> int:
    from pathlib import Path

    from core.canonical import canonical_json, to_jsonable
    from review_api import policy_desk, policy_schemas
    from review_api.cli.policy_table import preview_table
    from review_api.cli.progress import progress
    from triage.policies import read_policy_file

    text = read_policy_file(Path(args.file))
    with progress("judged again") as tell:
        found = policy_desk.preview(
            services, _principal(services), text, since=args.since, until=args.until, progress=tell
        )
    if args.json:
        print(canonical_json(to_jsonable(policy_schemas.PolicyPreviewOut.model_validate(found).model_dump())))
    else:
        print(preview_table(found.result))
        print(f"\nclearhold policy apply {args.file} --preview {found.preview_hash}")
    return 0


def _apply(services: "Services", args: argparse.Namespace) -> int:
    from pathlib import Path

    from core.canonical import canonical_json, to_jsonable
    from review_api import policy_desk, policy_schemas
    from triage.policies import read_policy_file

    text = read_policy_file(Path(args.file))
    after = policy_desk.apply(services, _principal(services), text, args.preview)
    if args.json:
        print(canonical_json(to_jsonable(policy_schemas.policy_out(after.active, after.pending).model_dump())))
    elif after.pending is not None:
        print(_waiting(after.pending))
    else:
        print(f"Version {after.active.version} is in force ({after.active.policy_hash}).")
    return 0


def _withdraw(services: "Services", args: argparse.Namespace) -> int:
    from review_api import policy_desk

    return _ended(policy_desk.withdraw(services, _principal(services), args.reason), args)


def _reject(services: "Services", args: argparse.Namespace) -> int:
    from review_api import policy_desk

    return _ended(policy_desk.reject(services, _principal(services), args.reason), args)


def _ended(proposal: "PolicyProposal", args: argparse.Namespace) -> int:
    from core.canonical import canonical_json, to_jsonable
    from review_api import policy_schemas

    if args.json:
        print(canonical_json(to_jsonable(policy_schemas.proposal_out(proposal).model_dump())))
    else:
        print(f"The proposal of {proposal.proposed_by} is {proposal.state.value}: {proposal.reason}")
    return 0


def _principal(services: "Services") -> "Principal":
    from review_api.auth import Principal
    from review_api.cli.operator import operator, operator_role

    with services.db.read() as session:
        return Principal(name=operator(), kind="user", role=operator_role(session))


def _waiting(pending: "PolicyProposal") -> str:
    return (
        f"{pending.proposed_by} proposed {pending.preview.policy_hash} on {pending.proposed_at:%Y-%m-%d %H:%M} UTC; "
        "it waits for a second person to apply the same file."
    )


_ACTIONS: Mapping[str, Callable[["Services", argparse.Namespace], int]] = {
    "show": _show,
    "preview": _preview,
    "apply": _apply,
    "withdraw": _withdraw,
    "reject": _reject,
}
