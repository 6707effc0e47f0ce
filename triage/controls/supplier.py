"""Whether the paper is from a supplier who may be paid, to the account and under the VAT id the master record has."""

from core.decisions import Finding, Outcome
from core.erp import Supplier
from triage.amounts import signed_total
from triage.control import APPROVER, CLERK, Control
from triage.facts import Facts
from triage.findings import finding
from triage.keys import plain_key
from triage.match import Match
from triage.policy import Policy

UNKNOWN, INACTIVE, BANK, VAT = "SUP-UNKNOWN", "SUP-INACTIVE", "SUP-BANK", "SUP-VAT"
_WHO = ("seller_name", "seller_vat_id", "payment_iban")


def unknown(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """No master record fits the seller by VAT id, IBAN or name."""
    if facts.supplier is not None:
        return ()
    paper = facts.paper
    printed = paper.seller_name or paper.seller_vat_id
    who = f"“{printed}”" if printed else "The seller on this paper"
    message = f"{who} is no supplier we know: neither VAT id, IBAN nor name fits one master record."
    at_risk = signed_total(paper)
    return (finding(facts, UNKNOWN, Outcome.HOLD, message, actual=printed, evidence=_WHO, at_risk=at_risk),)


def inactive(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """The master record is blocked, or has a status the policy does not know."""
    supplier = facts.supplier
    status = (supplier.status or "").strip().lower() if supplier else ""
    if supplier is None or not status or status in policy.statuses.supplier_active:
        return ()
    blocked = status in policy.statuses.supplier_blocked
    message = (
        f"{supplier.name} is {status} in the master data and may not be paid."
        if blocked
        else f"{supplier.name} has the status “{status}”, which the policy does not know."
    )
    return (
        finding(
            facts,
            INACTIVE,
            Outcome.BLOCK if blocked else Outcome.HOLD,
            message,
            expected="active",
            actual=status,
            used=_key(supplier),
            evidence=("seller_name",),
            at_risk=signed_total(facts.paper),
        ),
    )


def bank(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """The IBAN on the paper has wrong check digits (ISO 7064, mod 97), or is not the master record's."""
    printed, supplier = plain_key(facts.paper.payment_iban), facts.supplier
    if not printed:
        return ()
    at_risk = signed_total(facts.paper)
    evidence, used = ("payment_iban",), _key(supplier)
    if not _has_right_digits(printed):
        message = f"The IBAN {_grouped(printed)} on the paper is no valid IBAN: its check digits are wrong."
        actual = _grouped(printed)
        return (
            finding(
                facts, BANK, Outcome.BLOCK, message, subject="payment_iban", actual=actual,
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
            BANK,
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


def vat(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """The VAT id on the paper has wrong check digits, or is not the master record's."""
    from triage.identify import same_vat_id

    printed, supplier = facts.paper.seller_vat_id, facts.supplier
    if not printed:
        return ()
    country = supplier.country if supplier else None
    message = None
    if _is_broken_vat_id(printed, country):
        message = f"The VAT id {printed} on the paper is no valid one: its check digits are wrong."
    elif supplier and supplier.vat_id and not same_vat_id(printed, supplier.vat_id, supplier.country):
        message = f"The VAT id on the paper, {printed}, is not the one {supplier.name} has: {supplier.vat_id}."
    if message is None:
        return ()
    return (
        finding(
            facts,
            VAT,
            Outcome.HOLD,
            message,
            subject="seller_vat_id",
            expected=supplier.vat_id if supplier else None,
            actual=printed,
            used=_key(supplier),
            evidence=("seller_vat_id",),
            at_risk=facts.paper.total_vat,
        ),
    )


def _key(supplier: Supplier | None) -> tuple[str, ...]:
    return () if supplier is None else (f"supplier:{supplier.supplier_id}",)


def _has_right_digits(iban: str) -> bool:
    from stdnum import iban as rules

    return bool(rules.is_valid(iban, check_country=False))


def _is_broken_vat_id(printed: str, country: str | None) -> bool:
    """Whether a VAT id of a country whose check digits are known has wrong ones; unknown countries are not judged."""
    from stdnum.ch import vat as swiss
    from stdnum.eu import vat as european
    from stdnum.gb import vat as british
    from stdnum.no import mva as norwegian

    key = plain_key(printed)
    prefix = key[:2] if key[:2].isalpha() else (country or "").upper()
    full = key if key[:2].isalpha() else prefix + key
    if prefix.lower() in european.MEMBER_STATES or prefix == "EL":
        return not european.is_valid(full)
    if prefix == "CH":
        return not any(swiss.is_valid(full + suffix) for suffix in ("", "MWST"))
    others = {"GB": british, "NO": norwegian}
    return prefix in others and not others[prefix].is_valid(full)


def _grouped(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


CONTROLS = (
    Control(
        code=UNKNOWN,
        checks="The seller is a supplier",
        formula="no master record by VAT id, IBAN or name",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected seller, or a fresher supplier feed",
        run=unknown,
    ),
    Control(
        code=INACTIVE,
        checks="The supplier may be paid",
        formula="status is a blocked one; a status the policy does not know holds",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a fresher supplier feed",
        run=inactive,
    ),
    Control(
        code=BANK,
        checks="The account on the paper is the supplier's",
        formula="IBAN mod 97 ≠ 1 · IBAN ≠ master record; a master record without one holds",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected field, or a fresher supplier feed",
        run=bank,
    ),
    Control(
        code=VAT,
        checks="The VAT id on the paper is the supplier's",
        formula="check digits fail · VAT id ≠ master record",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field, or a fresher supplier feed",
        run=vat,
    ),
)
