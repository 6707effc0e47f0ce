"""Whether invoices, or orders, of one supplier stay under a limit one by one and exceed it together."""

from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal
from typing import NamedTuple

from core.days import after, before
from core.decisions import Finding, Outcome
from core.keys import number_key
from core.money import exact_sum
from triage.control import INVOICE_TYPES, LIMIT_HOLDER, Control
from triage.facts import Facts, RecentOrder
from triage.findings import day, finding, money, supplier_keys
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "LIMIT-SPLIT"
_SHOWN = 8


class _Part(NamedTuple):
    """One of several that may be one: its day, amount, name as a clerk knows it, and the record it is."""

    on: date
    amount: Decimal
    name: str
    key: str


class _Bounds(NamedTuple):
    """What counts: what exceeds the limit alone was looked at alone, what is too small is no way around it."""

    smallest: Decimal
    limit: Decimal

    def include(self, amount: Decimal) -> bool:
        """Whether an amount may be a part of one that was split."""
        return 0 < amount <= self.limit and amount >= self.smallest


def split(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Neighbours of this invoice, or of an order it names, that exceed the limit only together."""
    return (*_invoices(facts, policy), *_orders(facts, match, policy))


def _invoices(facts: Facts, policy: Policy) -> tuple[Finding, ...]:
    paper = facts.paper
    if facts.supplier is None or paper.issue_date is None or paper.total_with_vat is None or paper.currency is None:
        return ()
    near = [at for at in facts.recent_invoices if at.currency == paper.currency]
    if not _may_exceed(paper.total_with_vat, (at.total_with_vat for at in near), policy, paper.currency):
        return ()
    ours = number_key(paper.invoice_number)
    others: dict[str, _Part] = {}
    # What is here and in the ledger too is one invoice: `posted_invoice` comes after `known_invoice` and replaces it.
    for at in sorted(near, key=lambda at: (at.key, at.issue_date)):
        number, status = number_key(at.invoice_number), (at.status or "").strip().lower()
        if number != ours and status not in policy.statuses.invoice_reversed:
            others[number] = _Part(at.issue_date, at.total_with_vat, at.invoice_number, at.key)
    us = _Part(paper.issue_date, paper.total_with_vat, paper.invoice_number or "this one", "")
    group = _together(us, others.values(), policy, paper.currency)
    evidence = ("total_with_vat", "issue_date", "invoice_number")
    return _finding(facts, policy, "Invoices", group, subject="invoices", currency=paper.currency, evidence=evidence)


def _orders(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    if facts.supplier is None or not order_references(facts.paper):
        return ()
    near = {at.po_number: at for at in facts.recent_orders if _counts(at, policy)}
    found: list[Finding] = []
    for order in match.orders:
        ours = near.get(order.po_number)
        if ours is None or ours.supplier_id != facts.supplier.supplier_id:
            continue
        alike = [at for at in near.values() if _is_alike(at, ours)]
        if not _may_exceed(ours.total_amount, (at.total_amount for at in alike), policy, ours.currency):
            continue
        others = [_order_part(at) for at in alike]
        group = _together(_order_part(ours), others, policy, ours.currency)
        subject, evidence = f"order {ours.po_number}", ("purchase_order_reference",)
        found += _finding(
            facts,
            policy,
            "Orders",
            group,
            subject=subject,
            currency=ours.currency,
            evidence=evidence,
            used=(f"purchase_order:{order.po_number}",),
        )
    return tuple(found)


def _counts(order: RecentOrder, policy: Policy) -> bool:
    return (order.status or "").strip().lower() not in policy.statuses.order_void


def _is_alike(order: RecentOrder, ours: RecentOrder) -> bool:
    """Whether one person may have made two orders out of one: same supplier and currency, no two buyers."""
    buyers = {order.buyer, ours.buyer} - {None}
    same = (order.supplier_id, order.currency) == (ours.supplier_id, ours.currency)
    return same and len(buyers) < 2 and order.po_number != ours.po_number


def _order_part(order: RecentOrder) -> _Part:
    on = order.ordered_at.astimezone(UTC).date()
    return _Part(on, order.total_amount, order.po_number, f"recent_order:{order.po_number}")


def _may_exceed(ours: Decimal, others: Iterable[Decimal], policy: Policy, currency: str) -> bool:
    """Whether all that count together exceed the limit: most suppliers' do not, and need no closer look."""
    bounds = _bounds(policy, currency)
    if bounds is None or not bounds.include(ours):
        return False
    return ours + exact_sum(filter(bounds.include, others)) > bounds.limit


def _bounds(policy: Policy, currency: str) -> _Bounds | None:
    limit = policy.approval_limit(policy.split.limit_of, currency)
    return None if limit is None else _Bounds(limit * policy.split.smallest_pct / 100, limit)


def _together(ours: _Part, others: Iterable[_Part], policy: Policy, currency: str) -> list[_Part]:
    """Of all runs of days around ours the one that comes to most, by day; empty where that is within the limit."""
    bounds = _bounds(policy, currency)
    if bounds is None or not bounds.include(ours.amount):
        return []
    parts = sorted(at for at in (ours, *others) if bounds.include(at.amount))
    days = policy.split.window_days
    best: list[_Part] = []
    for first in sorted({at.on for at in parts if before(ours.on, days) <= at.on <= ours.on}):
        run = [at for at in parts if first <= at.on <= after(first, days)]
        if not best or _sum(run) > _sum(best):
            best = run
    return best if _sum(best) > bounds.limit else []


def _sum(parts: Iterable[_Part]) -> Decimal:
    return exact_sum(at.amount for at in parts)


def _finding(
    facts: Facts,
    policy: Policy,
    what: str,
    group: list[_Part],
    *,
    subject: str,
    currency: str,
    evidence: tuple[str, ...],
    used: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    limit = policy.approval_limit(policy.split.limit_of, currency)
    if not group or facts.supplier is None or limit is None:
        return ()
    total = _sum(group)
    listed = ", ".join(f"{at.name} ({money(at.amount, currency)})" for at in group[:_SHOWN])
    more = f" and {len(group) - _SHOWN} more" if len(group) > _SHOWN else ""
    days = f"{policy.split.window_days} days"
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{what} of {facts.supplier.name} from {day(group[0].on)} to {day(group[-1].on)} are each within "
            f"{money(limit, currency)} and come to {money(total, currency)} together: {listed}{more}.",
            subject=subject,
            expected=f"{money(limit, currency)} or less within {days}",
            actual=money(total, currency),
            difference=money(total - limit, currency),
            tolerance="none allowed",
            used=(*used, *supplier_keys(facts.supplier), *(at.key for at in group if at.key)),
            evidence=evidence,
            at_risk=facts.paper.total_with_vat,
        ),
    )


CONTROL = Control(
    code=CODE,
    checks="What several invoices, or orders, of one supplier come to is within the limit",
    formula="each ≤ limit of `split.limit_of`, and Σ within `split.window_days` > limit; "
    "only those of `split.smallest_pct` of the limit or more, posted and pending",
    outcome=Outcome.HOLD,
    released_by=LIMIT_HOLDER,
    lifted_by="approval",
    run=split,
    types=INVOICE_TYPES,
)
