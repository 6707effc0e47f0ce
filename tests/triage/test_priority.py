"""The order of the queue: money, outcome, urgency, and a person's time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.triage.builders import AS_OF, OTHER_IBAN, facts, paper, policy, supplier
from triage.decide import decide
from triage.priority import due_date, priority_of, urgency_of

TODAY = AS_OF.date()


def test_priority_is_the_product_of_its_parts_and_the_time_it_takes() -> None:
    here = facts(paper(payment_iban=OTHER_IBAN))
    found = priority_of(decide(here, policy()), here, policy())
    assert (found.at_risk_amount, found.weight, found.handling_amount) == (
        Decimal("470.05"),
        Decimal("0.9"),
        Decimal(4),
    )
    assert (
        found.expected_loss == found.at_risk_amount * found.rate * found.weight * found.urgency + found.handling_amount
    )


def test_block_goes_before_hold_and_the_same_money_counts_once() -> None:
    held, blocked = facts(receipts=()), facts(paper(payment_iban=OTHER_IBAN), receipts=())
    low, high = (priority_of(decide(here, policy()), here, policy()) for here in (held, blocked))
    assert low.expected_loss < high.expected_loss
    assert high.at_risk_amount == Decimal("470.05")


@pytest.mark.parametrize(
    ("days", "urgency"), [(60, "1"), (14, "1"), (7, "1.5"), (0, "2"), (-7, "2.5"), (-14, "3"), (-400, "3")]
)
def test_urgency_grows_to_the_due_date_and_past_it(days: int, urgency: str) -> None:
    assert urgency_of(TODAY + timedelta(days=days), TODAY, policy().priority) == Decimal(urgency)


def test_without_a_due_date_the_suppliers_terms_say_when() -> None:
    assert due_date(facts(paper(due_date=None))) == date(2026, 12, 18)
    assert due_date(facts(paper(due_date=None), supplier=supplier(payment_terms_days=None))) is None
    assert due_date(facts(paper(due_date=None, issue_date=date.max))) == date.max
    assert urgency_of(None, TODAY, policy().priority) == 1


def test_currencies_are_only_ranked_by_the_policys_rates() -> None:
    here = facts(paper(currency="GBP"))
    assert priority_of(decide(here, policy()), here, policy()).rate == Decimal("1.15")
