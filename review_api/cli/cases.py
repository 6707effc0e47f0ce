"""`clearhold cases`: the queue, from a terminal."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review_api.services import Services
    from triage.case_may import May
    from triage.case_records import CaseDetail, CasePage, CaseSummary

PLANNING_KINDS = frozenset({"order", "demand", "recommendation", "bill"})
OUTCOMES = ("sample", "hold", "block")
STATES = ("open", "claimed", "waiting", "asked", "resolved")
RESOLUTIONS = ("approve", "reject", "request_information")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with cases."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="{list,show,next,claim,release,resolve,escalate,assign,unassign}"
    )
    listing = _action(actions, "list", "list cases by what is at stake")
    listing.add_argument("--queue", metavar="NAME", help="ap, planning, or one of the policy's routes")
    listing.add_argument("--state", choices=STATES)
    listing.add_argument("--outcome", choices=OUTCOMES)
    listing.add_argument("--kind", choices=("invoice", "shipment", "other", *sorted(PLANNING_KINDS)))
    listing.add_argument("--search", metavar="WORDS", help="words in the subject, the reason or on the paper")
    listing.add_argument("--mine", action="store_true", help="only what you have claimed or were given")
    listing.add_argument("--code", metavar="CODE", help="only what this reason code holds")
    listing.add_argument("--assigned", metavar="PERSON", help="only what this person was given")
    listing.add_argument("--escalated", action="store_true", help="only what the policy's timers have handed on")
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument("--after", metavar="CURSOR", help="the next part of a long list")
    _action(actions, "show", "show one case with its findings and history").add_argument("case_id")
    _action(actions, "next", "claim the most urgent case nobody holds").add_argument("--queue", metavar="NAME")
    _action(actions, "claim", "claim a case").add_argument("case_id")
    _action(actions, "release", "give a claimed case back").add_argument("case_id")
    resolve = _action(actions, "resolve", "end a case with a reason")
    resolve.add_argument("case_id")
    resolve.add_argument("resolution", choices=RESOLUTIONS)
    resolve.add_argument("--reason", required=True, metavar="CODE", help="a reason code; a wrong one lists them all")
    resolve.add_argument("--comment")
    escalate = _action(actions, "escalate", "hand a case to a higher role")
    escalate.add_argument("case_id")
    escalate.add_argument("--to", default="ap_approver", metavar="ROLE")
    escalate.add_argument("--comment")
    assign = _action(actions, "assign", "give a case to a person; an absent one's substitute gets it")
    assign.add_argument("case_id")
    assign.add_argument("person")
    assign.add_argument("--comment")
    _action(actions, "unassign", "take a case off the person it was given to").add_argument("case_id")


def run(args: argparse.Namespace) -> int:
    """Does what was asked and prints the case or the list."""
    from core.settings import Settings
    from review_api.services import build_services

    services = build_services(Settings())
    try:
        if args.action == "list":
            _print_page(_list(services, args), args)
        elif args.action == "show":
            _print_shown(services, args)
        else:
            _print_summary(_CHANGES[args.action](services, args), args)
    finally:
        services.close()
    return 0


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _list(services: "Services", args: argparse.Namespace) -> "CasePage":
    from review_api.cli.case_assign import narrowing
    from triage import case_queue

    with services.db.read() as session:
        return case_queue.list_cases(
            session,
            queue=args.queue,
            state=args.state,
            kind=args.kind,
            outcome=args.outcome,
            query=args.search,
            narrowing=narrowing(services, session, args),
            at=services.clock.now(),
            after=args.after,
            limit=args.limit,
        )


def _print_shown(services: "Services", args: argparse.Namespace) -> None:
    from review_api.cli.case_planning import print_planning
    from review_api.cli.operator import operator, operator_role
    from triage import case_queue, case_rows

    policy = services.policy
    with services.db.read() as session:
        role = operator_role(session)
        may = case_queue.what_may(
            session, args.case_id, user=operator(), role=role, policy=policy, at=services.clock.now()
        )
        if case_rows.get(session, args.case_id).kind in PLANNING_KINDS:
            planned = case_queue.show_planning(session, args.case_id)
            print_planning(planned, may, as_json=args.json)
            return
        detail = case_queue.show(session, args.case_id)
    _print_detail(detail, may, args)


def _next(services: "Services", args: argparse.Namespace) -> "CaseSummary | None":
    from review_api import accounts
    from review_api.cli.operator import operator, operator_role
    from triage import cases

    with services.db.write() as session:
        return cases.next_case(
            session,
            user=operator(),
            role=operator_role(session),
            roles=accounts.working_people(session),
            queues=(args.queue,) if args.queue else None,
            at=services.clock.now(),
            claim_minutes=services.settings.claim_minutes,
        )


def _claim(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.operator import operator
    from triage import cases

    with services.db.write() as session:
        return cases.claim(
            session,
            args.case_id,
            user=operator(),
            at=services.clock.now(),
            minutes=services.settings.claim_minutes,
        )


def _release(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.operator import operator
    from triage import cases

    with services.db.write() as session:
        return cases.release(session, args.case_id, user=operator(), at=services.clock.now())


def _resolve(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.operator import operator, operator_role
    from triage import cases

    policy = services.policy
    with services.db.write() as session:
        return cases.resolve(
            session,
            args.case_id,
            user=operator(),
            role=operator_role(session),
            at=services.clock.now(),
            resolution=args.resolution,
            reason_code=args.reason,
            comment=args.comment,
            policy=policy,
        )


def _escalate(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.operator import operator, operator_role
    from triage import cases

    with services.db.write() as session:
        return cases.escalate(
            session,
            args.case_id,
            user=operator(),
            role=operator_role(session),
            at=services.clock.now(),
            to_role=args.to,
            comment=args.comment,
        )


def _assign(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.case_assign import assign

    return assign(services, args)


def _unassign(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    from review_api.cli.case_assign import unassign

    return unassign(services, args)


_CHANGES: "dict[str, Callable[[Services, argparse.Namespace], CaseSummary | None]]" = {
    "next": _next,
    "claim": _claim,
    "release": _release,
    "resolve": _resolve,
    "escalate": _escalate,
    "assign": _assign,
    "unassign": _unassign,
}


def _print_page(page: "CasePage", args: argparse.Namespace) -> None:
    from core.canonical import canonical_json
    from review_api.cli.text_table import instant, text_table

    if args.json:
        print(canonical_json(page))
        return
    rows = [
        (
            case.case_id,
            f"{case.amount_at_risk:,.2f} {case.currency or ''}".strip(),
            case.outcome.value,
            case.state.value if case.claimed_by is None else f"{case.state.value} ({case.claimed_by})",
            instant(case.due_at),
            case.subject,
            case.headline,
        )
        for case in page.cases
    ]
    headers = ("case", "at stake", "outcome", "state", "due", "subject", "why it is held")
    print(text_table(headers, rows, right=frozenset({"at stake"})) if rows else "No case waits here.")
    if page.next_after is not None:
        print(f"more: --after {page.next_after}")


def _print_summary(case: "CaseSummary | None", args: argparse.Namespace) -> None:
    from core.canonical import canonical_json

    if args.json:
        print(canonical_json(case))
    elif case is None:
        print("No case waits here.")
    else:
        whose = f" given to {case.assigned_to}" if case.assigned_to else ""
        whose += f" by {case.claimed_by} until {case.claimed_until:%H:%M} UTC" if case.claimed_until else ""
        how = f": {case.resolution} ({case.reason_code})" if case.resolution else ""
        print(f"{case.case_id}  {case.state.value}{whose}{how}  {case.subject}")


def _print_detail(detail: "CaseDetail", may: "Sequence[May]", args: argparse.Namespace) -> None:
    from core.canonical import canonical_json, to_jsonable
    from core.documents_json import extraction_to_json
    from review_api.cli.case_planning import print_may
    from triage.match import pair_lines

    if args.json:
        told = {
            "summary": detail.summary,
            "document": detail.document,
            "extraction": extraction_to_json(detail.extraction),
            "extraction_version": detail.extraction_version,
            "decision": detail.decision,
            "run": detail.run,
            "comments": detail.comments,
            "history": detail.history,
            "may": {one.action: one for one in may},
        }
        print(canonical_json(to_jsonable(told)))
        return
    _print_summary(detail.summary, args)
    print(f"  {detail.document.file_name}  {detail.summary.total or '–'} {detail.summary.currency or ''}".rstrip())
    for finding in detail.decision.findings:
        print(f"  {finding.outcome.value:<6} {finding.message} [{finding.code}]")
        if finding.expected is not None or finding.actual is not None:
            print(f"         expected {finding.expected or '–'}, on paper {finding.actual or '–'}")
    for pair in pair_lines(detail.facts).pairs:
        print(f"  line {pair.paper_line} – order {pair.po_number} line {pair.line_number}: {pair.reason}")
    for note in detail.comments:
        print(f"  {note.at:%Y-%m-%d %H:%M} {note.author}: {note.text}")
    for entry in detail.history:
        print(f"  {entry.at:%Y-%m-%d %H:%M} {entry.actor} {entry.action}")
    print_may(may)
