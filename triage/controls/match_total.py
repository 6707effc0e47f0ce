"""Whether the invoice as a whole costs what its order says: the balance of the header, small or not."""

from collections.abc import Iterable
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import NEGLIGIBLE, rounding_allowance
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, limit_text, money
from triage.header import Header, header_before, header_of
from triage.line_findings import growing_difference
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy, Tolerance

CODE = "MATCH-TOTAL"


def total(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Net total less quantity × order price of every line; charges, deposits and unpaired lines as printed (SAP BD).

    A balance within the small-difference limit clears with a note; beyond it, many small differences add up to one
    that holds: on one paper, and over the papers that bill the orders.
    """
    paper, header = facts.paper, header_of(facts, match, policy)
    if not header.is_comparable or not order_references(paper):
        return ()
    before, order = header_before(facts, match), match.figures[0].order
    tolerance = policy.tolerance_for("small_difference", supplier_id=order.supplier_id, legal_entity=order.legal_entity)
    rounding = rounding_allowance(len(match.pairs) + 1, order.currency)
    balance, ordered = header.balance_amount, header.ordered_amount
    wrong = growing_difference(
        balance,
        ordered,
        before.balances,
        rounding=rounding,
        tolerance=tolerance,
        currency=order.currency,
    )
    if wrong is None and abs(balance) - rounding <= NEGLIGIBLE:
        return ()
    return (_finding(facts, {*match.used, *before.keys}, header, wrong, tolerance),)


def _finding(facts: Facts, used: Iterable[str], header: Header, wrong: Decimal | None, tolerance: Tolerance) -> Finding:
    currency, balance, ordered = facts.paper.currency, header.balance_amount, header.ordered_amount
    shown = balance if wrong is None else wrong
    small = "; small enough to clear" if wrong is None else ""
    together = "" if shown == balance else f"; with papers before it {money(shown, currency)} on these orders"
    return finding(
        facts,
        CODE,
        Outcome.CLEAR if wrong is None else Outcome.HOLD,
        f"In all, {money(abs(balance), currency)} {'more' if balance > 0 else 'less'} than the order's prices: "
        f"{money(balance + ordered, currency)} billed, {money(ordered, currency)} by the order{together}{small}.",
        subject="total_without_vat",
        expected=money(ordered, currency),
        actual=money(balance + ordered, currency),
        difference=money(shown, currency),
        tolerance=limit_text(tolerance, currency, over=shown > 0),
        used=used,
        evidence=("total_without_vat", "total_with_vat"),
        at_risk=shown,
    )


CONTROL = Control(
    code=CODE,
    checks="The invoice as a whole costs what was ordered (SAP BD)",
    formula="net − Σ quantity × order price, alone or with papers before it, outside `small_difference`; "
    "within it, a note that clears",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=total,
)
