"""Which team gets a case: the first route of the policy that fits by codes, kind, supplier, entity, amount. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from triage.approval_limits import legal_entities
from triage.case_records import BILL_KIND
from triage.facts import Facts
from triage.policy import Policy, amount_in
from triage.policy_people import Route


def route_of(codes: Iterable[str], facts: Facts, policy: Policy) -> Route:
    """The route of a paper with these findings; the policy's last one takes everything."""
    return fitting_routes(codes, facts, policy)[0]


def fitting_routes(codes: Iterable[str], facts: Facts, policy: Policy) -> tuple[Route, ...]:
    """Every route whose conditions the paper meets, in the policy's order."""
    found = frozenset(codes)
    return tuple(route for route in policy.routes if _fits(route, found, facts))


def planning_route(
    kind: str, codes: Iterable[str], total: Decimal | None, currency: str | None, policy: Policy
) -> Route:
    """The route of a case about no paper: the first that names its kind and fits, else where the policy sends them all.

    Planners' cases go to the queue of `[planning]`, the ERP's bills to the team of the last route, as papers do.
    """
    found = frozenset(codes)
    fitting = (
        route
        for route in policy.routes
        if kind in route.kinds
        and (not route.codes or not found.isdisjoint(route.codes))
        and _reaches(route, total, currency)
    )
    planning = policy.planning
    usual = Route(name=planning.queue, queue=planning.queue, needs_role=planning.needs_role, priority_factor=Decimal(1))
    return next(fitting, policy.routes[-1] if kind == BILL_KIND else usual)


def _fits(route: Route, codes: frozenset[str], facts: Facts) -> bool:
    supplier_id = facts.supplier.supplier_id if facts.supplier else None
    return (
        not route.kinds
        and (not route.codes or not codes.isdisjoint(route.codes))
        and (not route.document_types or facts.paper.document_type in route.document_types)
        and (not route.supplier_ids or supplier_id in route.supplier_ids)
        and (not route.legal_entities or not set(legal_entities(facts)).isdisjoint(route.legal_entities))
        and _is_large_enough(route, facts)
    )


def _is_large_enough(route: Route, facts: Facts) -> bool:
    return _reaches(route, facts.paper.total_with_vat, facts.paper.currency)


def _reaches(route: Route, total: Decimal | None, currency: str | None) -> bool:
    if route.min_amount is None:
        return True
    least = amount_in(route.min_amount, currency)
    return total is not None and currency is not None and least is not None and abs(total) >= least
