"""`clearhold policy`: shows the policy in force, checks a file, applies one."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with policies."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="{show,check,apply}")
    show = actions.add_parser("show", help="print the policy in force, as it was applied")
    show.add_argument("--json", action="store_true", help="print it with version and hash as one JSON document")
    check = actions.add_parser("check", help="say whether a file is a valid policy; nothing is changed")
    check.add_argument("file")
    check.add_argument("--json", action="store_true", help="print the result as one JSON document")
    apply = actions.add_parser("apply", help="put a policy in force for every decision from now on")
    apply.add_argument("file")
    apply.add_argument("--json", action="store_true", help="print the result as one JSON document")


def run(args: argparse.Namespace) -> int:
    """Does what was asked."""
    return {"show": _show, "check": _check, "apply": _apply}[args.action](args)


def _show(args: argparse.Namespace) -> int:
    from core.canonical import canonical_json
    from core.settings import Settings
    from review_api.services import build_services
    from triage import policies

    services = build_services(Settings())
    try:
        with services.db.read() as session:
            active = policies.active(session)
    finally:
        services.close()
    if args.json:
        told = {
            "version": active.version,
            "policy_hash": active.policy_hash,
            "applied_at": active.applied_at,
            "applied_by": active.applied_by,
            "text": active.text,
        }
        print(canonical_json(told))
    else:
        print(f"# version {active.version}, applied {active.applied_at:%Y-%m-%d %H:%M} UTC by {active.applied_by}")
        print(f"# {active.policy_hash}")
        print(active.text.rstrip())
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


def _apply(args: argparse.Namespace) -> int:
    from pathlib import Path

    from core.canonical import canonical_json
    from core.settings import Settings
    from review_api.cli.operator import operator
    from review_api.services import build_services
    from triage import policies

    text = policies.read_policy_file(Path(args.file))
    services = build_services(Settings())
    try:
        with services.db.write() as session:
            applied = policies.apply(session, text, at=services.clock.now(), actor=f"user:{operator()}")
    finally:
        services.close()
    if args.json:
        print(canonical_json({"version": applied.version, "policy_hash": applied.policy_hash}))
    else:
        print(f"Version {applied.version} is in force ({applied.policy_hash}).")
    return 0
