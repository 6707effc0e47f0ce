"""A new account in the master data, and the terms of payment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.decisions import Outcome
from core.erp import ErpBlock
from tests.triage.builders import (
    AS_OF,
    OTHER_IBAN,
    PO,
    check,
    codes,
    credit_note,
    facts,
    paper,
    policy,
    supplier,
    the,
)
from tests.triage.examples import finds, spares
from triage.terms import net_days

DAY = timedelta(days=1)


@finds("SUP-BANK")
def test_account_that_changed_within_the_cool_off_is_blocked() -> None:
    found = the("SUP-BANK", facts(iban_changed_at=AS_OF - 3 * DAY))
    assert found.outcome is Outcome.BLOCK
    assert found.expected == "unchanged for 10 days"
    assert "until 2026-11-30" in found.message
    assert {"supplier:S1", "feed_change:suppliers/iban"} <= set(found.facts)


def test_new_account_is_blocked_even_if_the_paper_shows_none() -> None:
    assert "SUP-BANK" in codes(facts(paper(payment_iban=None), iban_changed_at=AS_OF - DAY))


def test_new_account_and_another_one_on_the_paper_are_two_findings() -> None:
    here = facts(paper(payment_iban=OTHER_IBAN), iban_changed_at=AS_OF - DAY)
    assert [at.subject for at in check(here) if at.code == "SUP-BANK"] == ["payment_iban", "master record"]


@spares("SUP-BANK")
def test_account_that_changed_as_long_ago_as_the_cool_off_clears() -> None:
    assert "SUP-BANK" not in codes(facts(iban_changed_at=AS_OF - 10 * DAY))
    assert "SUP-BANK" in codes(facts(iban_changed_at=AS_OF - 10 * DAY + timedelta(seconds=1)))


@spares("SUP-BANK")
def test_credit_note_and_supplier_without_an_account_are_paid_to_no_new_one() -> None:
    assert "SUP-BANK" not in codes(facts(credit_note(), iban_changed_at=AS_OF - DAY))
    without = facts(paper(payment_iban=None), supplier=supplier(iban=None), iban_changed_at=AS_OF - DAY)
    assert "SUP-BANK" not in codes(without)


def test_policy_may_ask_for_no_cool_off() -> None:
    none = policy().model_copy(update={"bank_changes": policy().bank_changes.model_copy(update={"cool_off_days": 0})})
    assert "SUP-BANK" not in codes(facts(iban_changed_at=AS_OF), none)


@finds("INV-TERMS")
def test_terms_that_ask_for_fewer_days_than_agreed_are_held_where_there_is_no_due_date() -> None:
    found = the("INV-TERMS", facts(paper(due_date=None, payment_terms="Payable within 14 days")))
    assert found.subject == "payment_terms"
    assert found.actual == "2026-12-02"
    assert found.difference == "16 days"


@spares("INV-TERMS")
@pytest.mark.parametrize("terms", ["30 days net", "2 % discount within 10 days, 30 days net", "as agreed", None])
def test_terms_that_keep_to_what_is_agreed_are_spared(terms: str | None) -> None:
    assert "INV-TERMS" not in codes(facts(paper(due_date=None, payment_terms=terms)))


@spares("INV-TERMS")
def test_due_date_counts_before_the_terms() -> None:
    assert "INV-TERMS" not in codes(facts(paper(due_date=date(2026, 12, 18), payment_terms="7 days")))


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ("2 % 10 days, 30 days net", 30),
        ("Zahlbar innerhalb von 14 Tagen ohne Abzug", 14),
        ("3 % Skonto bei Zahlung innerhalb 8 Tagen, netto 21 Tage", 21),
        ("2 % Skonto 14 Tage", None),
        ("10 days 2% or 45 days", 45),
        ("Paiement à 30 jours", 30),
        ("à réception de facture", 0),
        ("30 días fecha factura", 30),
        ("60 gg data fattura", 60),
        ("Te betalen binnen 14 dagen", 14),
        ("sofort ohne Abzug", 0),
        ("Due upon receipt", 0),
        ("Please pay promptly", None),
        ("net 30", None),
        ("", None),
        (None, None),
        ("9" * 400 + " days", None),
    ],
)
def test_days_until_the_whole_is_due(terms: str | None, days: int | None) -> None:
    assert net_days(terms) == days


@finds("ERP-BLOCK")
def test_block_on_the_order_blocks_its_invoice() -> None:
    block = ErpBlock(document_ref=PO, reason="audit", blocked_at=AS_OF - DAY)
    assert the("ERP-BLOCK", facts(erp_blocks=(block,))).outcome is Outcome.BLOCK


@spares("ERP-BLOCK")
def test_block_that_begins_later_or_has_ended_does_not_stand() -> None:
    block = ErpBlock(document_ref=PO, reason="audit", blocked_at=AS_OF + DAY)
    ended = replace(block, blocked_at=AS_OF - 2 * DAY, lifted_at=AS_OF - DAY)
    assert "ERP-BLOCK" not in codes(facts(erp_blocks=(block, ended)))
