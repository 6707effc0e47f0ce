"""Whether the VAT id on the paper is the supplier's."""

from functools import lru_cache

from core.decisions import Finding, Outcome
from core.keys import plain_key
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, supplier_keys
from triage.match import Match
from triage.policy import Policy
from triage.same_party import same_vat_id

CODE = "SUP-VAT"


def vat(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """The VAT id on the paper has wrong check digits, or is not the master record's."""
    printed, supplier = facts.paper.seller_vat_id, facts.supplier
    if not printed:
        return ()
    country = supplier.country if supplier else None
    message = None
    if _broken_vat_ids(printed, country):
        message = f"The VAT id {printed} on the paper is no valid one: its check digits are wrong."
    elif supplier and supplier.vat_id and not same_vat_id(printed, supplier.vat_id, supplier.country):
        message = f"The VAT id on the paper, {printed}, is not the one {supplier.name} has: {supplier.vat_id}."
    if message is None:
        return ()
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            message,
            subject="seller_vat_id",
            expected=supplier.vat_id if supplier else None,
            actual=printed,
            used=supplier_keys(supplier),
            evidence=("seller_vat_id",),
            at_risk=facts.paper.total_vat,
        ),
    )


@lru_cache(maxsize=16_384)
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


# A supplier's papers show one number again and again.
_broken_vat_ids = lru_cache(maxsize=8192)(_is_broken_vat_id)

CONTROL = Control(
    code=CODE,
    checks="The VAT id on the paper is the supplier's",
    formula="check digits fail · VAT id ≠ master record",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field, or a fresher supplier feed",
    run=vat,
)
