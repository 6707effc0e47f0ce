"""Whether the amount is within what may clear without a person."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from triage.amounts import signed_total
from triage.control import Control
from triage.facts import Facts
from triage.findings import finding, money
from triage.match import Match
from triage.policy import Policy

CODE = "LIMIT-APPROVAL"
_ROLE = "touchless"


def approval(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A total above the limit of whoever would clear it: here, the program itself."""
    total, currency = signed_total(facts.paper), facts.paper.currency
    limit = policy.approval_limit(_ROLE, currency)
    if total is None or limit is None or abs(total) <= limit:
        return ()
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{money(total, currency)} is above {money(limit, currency)}, the most that clears without a person. "
            f"{_who(policy, abs(total), currency)}",
            subject="total_with_vat",
            expected=f"{money(limit, currency)} or less",
            actual=money(total, currency),
            difference=money(abs(total) - limit, currency),
            tolerance="none allowed",
            evidence=("total_with_vat",),
            at_risk=total,
        ),
    )


def _who(policy: Policy, amount: Decimal, currency: str | None) -> str:
    """Who may clear it: two people, the one who decides with a limit that covers the amount."""
    limits = {role: policy.approval_limit(role, currency) for role in policy.approval_limits if role != _ROLE}
    roles = sorted(role for role, limit in limits.items() if limit is None or amount <= limit)
    if not roles:
        return "Nobody's limit covers it."
    return f"It takes {' or '.join(role.replace('_', ' ') for role in roles)}, and a second person."


CONTROL = Control(
    code=CODE,
    checks="The amount may clear without a person",
    formula="|gross| > limit of `touchless`",
    outcome=Outcome.HOLD,
    released_by="whoever's approval limit covers the amount, with a second person and a reason",
    lifted_by="approval",
    run=approval,
)
