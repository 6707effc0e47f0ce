"""Whether the account on the paper is the supplier's."""

from core.decisions import Finding, Outcome
from core.keys import plain_key
from triage.amounts import signed_total
from triage.control import APPROVER, Control
from triage.facts import Facts
from triage.findings import finding, supplier_keys
from triage.match import Match
from triage.policy import Policy

CODE = "SUP-BANK"


def bank(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """The IBAN on the paper has wrong check digits (ISO 7064, mod 97), or is not the master record's."""
    printed, supplier = plain_key(facts.paper.payment_iban), facts.supplier
    if not printed:
        return ()
    at_risk = signed_total(facts.paper)
    evidence, used = ("payment_iban",), supplier_keys(supplier)
    if not _has_right_digits(printed):
        message = f"The IBAN {_grouped(printed)} on the paper is no valid IBAN: its check digits are wrong."
        actual = _grouped(printed)
        return (
            finding(
                facts, CODE, Outcome.BLOCK, message, subject="payment_iban", actual=actual,
                expected=_grouped(plain_key(supplier.iban)) if supplier and supplier.iban else None,
                used=used, evidence=evidence, at_risk=at_risk,
            ),
        )  # fmt: skip
    ours = plain_key(supplier.iban) if supplier else ""
    if supplier is None or printed == ours:
        return ()
    message = (
        f"The account on the paper, {_grouped(printed)}, is not the one {supplier.name} has: {_grouped(ours)}."
        if ours
        else f"The master record of {supplier.name} has no account to compare {_grouped(printed)} with."
    )
    return (
        finding(
            facts,
            CODE,
            Outcome.BLOCK if ours else Outcome.HOLD,
            message,
            subject="payment_iban",
            expected=_grouped(ours) or "an account in the master record",
            actual=_grouped(printed),
            used=used,
            evidence=evidence,
            at_risk=at_risk,
        ),
    )


def _has_right_digits(iban: str) -> bool:
    from stdnum import iban as rules

    return bool(rules.is_valid(iban, check_country=False))


def _grouped(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


CONTROL = Control(
    code=CODE,
    checks="The account on the paper is the supplier's",
    formula="IBAN mod 97 ≠ 1 · IBAN ≠ master record; a master record without one holds",
    outcome=Outcome.BLOCK,
    released_by=APPROVER,
    lifted_by="a corrected field, or a fresher supplier feed",
    run=bank,
)
