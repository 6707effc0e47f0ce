"""How a team shares its work at the desk: assignments, absences, saved filters, and many cases at once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from core.database import ReadSession
from core.errors import InputError
from review_api import accounts, desk
from review_api.auth import Principal
from review_api.desk import CaseQuery
from review_api.queue_query import query_of
from review_api.services import Services
from triage import absences, assignments, bulk_doing, bulk_rows, case_list, case_rows, saved_filters
from triage.assignment_rules import Receiver
from triage.bulk import Asked, Foreseen
from triage.bulk_doing import Doer
from triage.bulk_rows import Bulk
from triage.case_records import CaseState, CaseSummary
from triage.policy import Policy
from triage.saved_filters import SavedFilter
from triage.standing_in import Absence, Presence

COUNTED_TO = 500


def people(services: Services) -> dict[str, str]:
    """Those who work on cases, with their roles, by name."""
    with services.db.read() as session:
        return accounts.working_people(session)


def presence(services: Services) -> Presence:
    """Who is there today, and who has the work of those who are not."""
    with services.db.read() as session:
        return absences.presence(session, services.clock.now(), accounts.working_people(session))


def assign(
    services: Services, principal: Principal, case_id: str, *, to: str, comment: str | None, version: int | None
) -> tuple[CaseSummary, Receiver]:
    """Gives a case to a person."""
    with services.db.write() as session:
        return assignments.assign(
            session,
            case_id,
            to=to,
            user=principal.name,
            role=principal.role or "",
            roles=accounts.working_people(session),
            at=services.clock.now(),
            comment=comment,
            version=version,
        )


def unassign(services: Services, principal: Principal, case_id: str, version: int | None = None) -> CaseSummary:
    """Takes a case off the person it was given to."""
    with services.db.write() as session:
        return assignments.unassign(
            session,
            case_id,
            user=principal.name,
            role=principal.role or "",
            roles=accounts.working_people(session),
            at=services.clock.now(),
            version=version,
        )


def give(
    services: Services, principal: Principal, case_id: str, *, to: str | None, comment: str | None, version: int
) -> None:
    """Gives a case to a person, or makes it everybody's again."""
    if to is None:
        unassign(services, principal, case_id, version)
    else:
        assign(services, principal, case_id, to=to, comment=comment, version=version)


def list_absences(services: Services, person: str | None = None) -> tuple[Absence, ...]:
    """Absences that are not over, and those of the last month."""
    with services.db.read() as session:
        return absences.current(session, services.clock.now().date(), person=person)


def add_absence(
    services: Services, principal: Principal, *, person: str, first_day: date, last_day: date, substitute: str | None
) -> Absence:
    """Says that a person will be away."""
    with services.db.write() as session:
        return absences.add(
            session,
            person=person,
            first_day=first_day,
            last_day=last_day,
            substitute=substitute,
            user=principal.name,
            role=principal.role or "",
            roles=accounts.working_people(session),
            at=services.clock.now(),
        )


def end_absence(services: Services, principal: Principal, absence_id: str) -> None:
    """Says that a person is back, or will not be away."""
    with services.db.write() as session:
        absences.end(session, absence_id, user=principal.name, role=principal.role or "", at=services.clock.now())


def list_filters(services: Services, principal: Principal) -> tuple[SavedFilter, ...]:
    """The person's saved filters, and those of their team."""
    with services.db.read() as session:
        return saved_filters.of(session, user=principal.name, role=principal.role or "")


def save_filter(
    services: Services, principal: Principal, *, name: str, query: Mapping[str, str], shared: bool
) -> SavedFilter:
    """Names a filter."""
    with services.db.write() as session:
        return saved_filters.save(
            session,
            name=name,
            query=query,
            shared=shared,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
        )


def rename_filter(services: Services, principal: Principal, filter_id: str, *, name: str, shared: bool) -> SavedFilter:
    """Gives a saved filter another name, and says who sees it."""
    with services.db.write() as session:
        return saved_filters.rename(
            session,
            filter_id,
            name=name,
            shared=shared,
            user=principal.name,
            role=principal.role or "",
            at=services.clock.now(),
        )


def remove_filter(services: Services, principal: Principal, filter_id: str) -> None:
    """Takes a saved filter away."""
    with services.db.write() as session:
        saved_filters.remove(
            session, filter_id, user=principal.name, role=principal.role or "", at=services.clock.now()
        )


def count(services: Services, queries: Sequence[CaseQuery]) -> tuple[int, ...]:
    """How many cases each list has, at most `COUNTED_TO`."""
    at = services.clock.now()
    with services.db.read() as session:
        return tuple(case_list.count_up_to(session, query.filter, at=at, most=COUNTED_TO) for query in queries)


def count_filters(services: Services, principal: Principal, ids: Sequence[str] = ()) -> dict[str, int]:
    """How many cases the person's saved filters show; one whose words mean nothing any more is left out.

    Args:
        ids: those that are asked for; all where none is named.
    """
    there, found = presence(services), dict[str, CaseQuery]()
    for one in (one for one in list_filters(services, principal) if not ids or one.filter_id in ids):
        with suppress(InputError):
            found[one.filter_id] = query_of(one.query).case_query(principal.name, there)
    return dict(zip(found, count(services, tuple(found.values())), strict=True))


def first_of(services: Services, query: CaseQuery, limit: int) -> tuple[CaseSummary, ...]:
    """The first cases of a list."""
    with services.db.read() as session:
        return case_list.page(session, query.filter, at=services.clock.now(), after=None, limit=limit).cases


def summaries(services: Services, case_ids: Sequence[str]) -> tuple[CaseSummary, ...]:
    """These cases, as lines of the queue, in this order.

    Raises:
        NotFoundError: `CASE-NOT-FOUND`.
    """
    with services.db.read() as session:
        return tuple(case_rows.get(session, case_id) for case_id in case_ids)


def foresee(services: Services, principal: Principal, asked: Asked, case_ids: Sequence[str]) -> tuple[Foreseen, ...]:
    """What an action will make of each of these cases."""
    policy = services.policy
    with services.db.read() as session:
        doer = _doer(session, principal, policy)
        return bulk_doing.foresee(session, asked, case_ids, doer, at=services.clock.now())


def do_bulk(
    services: Services,
    principal: Principal,
    asked: Asked,
    chosen: Sequence[tuple[str, int]],
    *,
    bulk_id: str | None = None,
) -> Bulk:
    """Does one action on many cases."""
    policy = services.policy
    with services.db.read() as session:
        doer = _doer(session, principal, policy)
    return bulk_doing.do(services.db, asked, chosen, doer, services.clock, bulk_id=bulk_id)


def show_bulk(services: Services, bulk_id: str) -> Bulk:
    """What became of the cases of a bulk."""
    with services.db.read() as session:
        return bulk_rows.get(session, bulk_id)


def take_back(services: Services, principal: Principal, case_id: str, version: int) -> CaseSummary:
    """Takes back what was done to a case of a bulk: its end, a question, or that it was given to somebody."""
    with services.db.read() as session:
        case = case_rows.get(session, case_id)
    if case.state in {CaseState.RESOLVED, CaseState.ASKED}:
        return desk.undo(services, principal, case_id, version)
    return unassign(services, principal, case_id, version)


def _doer(session: ReadSession, principal: Principal, policy: Policy) -> Doer:
    roles = accounts.working_people(session)
    return Doer(user=principal.name, role=principal.role or "", roles=roles, policy=policy)
