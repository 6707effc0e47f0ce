"""Whether the account on the paper is the supplier's, and has been for long enough to pay to it."""

from datetime import timedelta
from functools import lru_cache

from core.decisions import Finding, Outcome
from core.keys import plain_key
from triage.amounts import signed_total
from triage.control import APPROVER, INVOICE_TYPES, Control
from triage.facts import Facts
from triage.findings import day, finding, supplier_keys
from triage.match import Match
from triage.policy import Policy

CODE = "SUP-BANK"


def bank(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """The IBAN on the paper is not the master record's or none at all, or the master record's is too new."""
    return (*_on_the_paper(facts), *_in_the_master_data(facts, policy))


def _on_the_paper(facts: Facts) -> tuple[Finding, ...]:
    """The IBAN has wrong check digits (ISO 7064, mod 97), or is not the master record's."""
    printed, supplier = plain_key(facts.paper.payment_iban), facts.supplier
    if not printed:
        return ()
    ours = plain_key(supplier.iban) if supplier else ""
    if not _right_ibans(printed):
        message = f"The IBAN {_grouped(printed)} on the paper is no valid IBAN: its check digits are wrong."
        return (_finding(facts, Outcome.BLOCK, message, expected=_grouped(ours) or None, actual=_grouped(printed)),)
    if supplier is None or printed == ours:
        return ()
    message = (
        f"The account on the paper, {_grouped(printed)}, is not the one {supplier.name} has: {_grouped(ours)}."
        if ours
        else f"The master record of {supplier.name} has no account to compare {_grouped(printed)} with."
    )
    outcome = Outcome.BLOCK if ours else Outcome.HOLD
    expected = _grouped(ours) or "an account in the master record"
    return (_finding(facts, outcome, message, expected=expected, actual=_grouped(printed)),)


def _in_the_master_data(facts: Facts, policy: Policy) -> tuple[Finding, ...]:
    """The master record's account changed within the cool-off before the decision: nothing is paid to it yet.

    Whether the paper shows an account or not: the ERP pays to the one it has.
    """
    supplier, changed_at, days = facts.supplier, facts.iban_changed_at, policy.bank_changes.cool_off_days
    pays = facts.paper.document_type in INVOICE_TYPES
    if supplier is None or changed_at is None or not pays or not supplier.iban:
        return ()
    from_then = facts.as_of - changed_at
    if from_then >= timedelta(days=days):
        return ()
    free = day((changed_at + timedelta(days=days)).date())
    message = (
        f"The account of {supplier.name} in the master data changed on {day(changed_at.date())}; a new account waits "
        f"{days} days, until {free}, or until somebody has asked the supplier by a known number."
    )
    return (
        _finding(
            facts,
            Outcome.BLOCK,
            message,
            subject="master record",
            expected=f"unchanged for {days} days",
            actual=f"changed on {day(changed_at.date())}",
            used=("feed_change:suppliers/iban",),
        ),
    )


def _finding(
    facts: Facts,
    outcome: Outcome,
    message: str,
    *,
    expected: str | None,
    actual: str,
    subject: str = "payment_iban",
    used: tuple[str, ...] = (),
) -> Finding:
    return finding(
        facts,
        CODE,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        used=(*supplier_keys(facts.supplier), *used),
        evidence=("payment_iban",),
        at_risk=signed_total(facts.paper),
    )


@lru_cache(maxsize=16_384)
def _has_right_digits(iban: str) -> bool:
    from stdnum import iban as rules

    return bool(rules.is_valid(iban, check_country=False))


def _grouped(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


# A supplier's papers show one account again and again.
_right_ibans = lru_cache(maxsize=8192)(_has_right_digits)

CONTROL = Control(
    code=CODE,
    checks="The account on the paper is the supplier's, and not new",
    formula="IBAN mod 97 ≠ 1 · IBAN ≠ master record; a master record without one holds · "
    "instant of the decision − last change of the master record's IBAN < `bank_changes.cool_off_days`",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected field, a fresher supplier feed, or the end of the cool-off",
    run=bank,
)
