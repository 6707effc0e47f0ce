"""Whether the amount is within what may clear without a person."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.approval_limits import limit_of
from triage.control import LIMIT_HOLDER, Control
from triage.facts import Facts
from triage.findings import finding, money
from triage.match import Match
from triage.policy import Policy

CODE = "LIMIT-APPROVAL"
_ROLE = "touchless"


def approval(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A total above the limit of whoever would clear it: here, the program itself."""
    total, currency = signed_total(facts.paper), facts.paper.currency
    limit = limit_of(policy, _ROLE, facts)
    if total is None or limit is None or abs(total) <= limit:
        return ()
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{money(total, currency)} is above {money(limit, currency)}, the most that clears without a person. "
            f"{_who(facts, policy, abs(total))}",
            subject="total_with_vat",
            expected=f"{money(limit, currency)} or less",
            actual=money(total, currency),
            difference=money(abs(total) - limit, currency),
            tolerance="none allowed",
            used=_sources(facts),
            evidence=("total_with_vat",),
            at_risk=total,
        ),
    )


def _who(facts: Facts, policy: Policy, amount: Decimal) -> str:
    """Who may clear it: two people, the one who decides with a limit that covers the amount."""
    limits = {role: limit_of(policy, role, facts) for role in policy.approval_limits if role != _ROLE}
    roles = sorted(role for role, limit in limits.items() if limit is None or amount <= limit)
    if not roles:
        return "Nobody's limit covers it."
    return f"It takes {' or '.join(role.replace('_', ' ') for role in roles)}, and a second person."


def _sources(facts: Facts) -> tuple[str, ...]:
    """The records that say whose limit it is: supplier and legal entities."""
    supplier = () if facts.supplier is None else (f"supplier:{facts.supplier.supplier_id}",)
    return (*supplier, *(f"purchase_order:{order.po_number}" for order in facts.orders))


CONTROL = Control(
    code=CODE,
    checks="The amount may clear without a person",
    formula="|gross| > limit of `touchless`",
    outcome=Outcome.HOLD,
    released_by=LIMIT_HOLDER,
    lifted_by="approval",
    run=approval,
)
