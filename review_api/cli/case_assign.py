"""`clearhold cases assign` and `unassign`, and what `list` is narrowed to by whose work it is."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.database import ReadSession
    from review_api.services import Services
    from triage.case_records import CaseSummary
    from triage.narrowing import Narrowing


def assign(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    """Gives a case to a person; where they are away, says who has it in their place."""
    import sys

    from review_api import accounts
    from review_api.cli.operator import operator, operator_role
    from triage import assignments

    with services.db.write() as session:
        case, receiver = assignments.assign(
            session,
            args.case_id,
            to=args.person,
            user=operator(),
            role=operator_role(session),
            roles=accounts.working_people(session),
            at=services.clock.now(),
            comment=args.comment,
        )
    if receiver.instead_of is not None:
        away = receiver.instead_of
        print(f"{away.person} is away until {away.last_day}; {receiver.person} has it.", file=sys.stderr)
    return case


def unassign(services: "Services", args: argparse.Namespace) -> "CaseSummary":
    """Takes a case off the person it was given to."""
    from review_api import accounts
    from review_api.cli.operator import operator, operator_role
    from triage import assignments

    with services.db.write() as session:
        return assignments.unassign(
            session,
            args.case_id,
            user=operator(),
            role=operator_role(session),
            roles=accounts.working_people(session),
            at=services.clock.now(),
        )


def narrowing(services: "Services", session: "ReadSession", args: argparse.Namespace) -> "Narrowing":
    """What the list is narrowed to besides its columns."""
    from review_api import accounts
    from review_api.cli.operator import operator
    from triage import absences
    from triage.narrowing import Narrowing

    there = absences.presence(session, services.clock.now(), accounts.working_people(session))
    return Narrowing(
        code=args.code,
        assigned_to=args.assigned,
        is_escalated=args.escalated,
        user=operator() if args.mine else None,
        shares=there.shares_of(operator()) if args.mine else frozenset(),
    )
