"""Lays a paper beside the invoices it may be again: what is equal, what is not, the earlier page where it is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.decisions import Finding
from core.keys import number_key
from core.money import plain
from core.texts import N_
from review_api.presenting import NOTHING, Reader
from review_api.words import field_label
from triage.amounts import signed_total
from triage.billed_before import Earlier, earlier_invoices
from triage.facts import Facts
from triage.policy import Policy

_CODES = frozenset({"INV-DUPLICATE", "INV-DUPLICATE-LIKELY"})
_MOST = 5
_KNOWN = "known_invoice:"
_WHOSE = {
    "the supplier's": N_("the same supplier"),
    "a namesake's": N_("a supplier of the same name"),
    "somebody's": N_("a supplier nobody knows"),
    "another's": N_("another supplier"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinField:
    """One field of both papers, as this reader writes it."""

    label: str
    here: str
    earlier: str
    equal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinView:
    """An earlier invoice beside this paper.

    Attributes:
        where: whether it lies in the ERP's ledger or came here as a paper.
        document_id: the earlier paper when it is here; None for a row of the ledger.
    """

    title: str
    where: str
    fields: tuple[TwinField, ...]
    document_id: str | None
    same_file: bool


def twin_views(facts: Facts, findings: Iterable[Finding], *, policy: Policy, reader: Reader) -> tuple[TwinView, ...]:
    """Every invoice that the paper is held as a copy of, the surest first."""
    used = {key for finding in findings if finding.code in _CODES for key in finding.facts}
    if not used:
        return ()
    earlier: Sequence[Earlier] = [one for one in earlier_invoices(facts, policy) if one.keys[0] in used]
    return tuple(_twin(facts, one, reader) for one in earlier[:_MOST])


def _twin(facts: Facts, earlier: Earlier, reader: Reader) -> TwinView:
    paper, total, key = facts.paper, signed_total(facts.paper), earlier.keys[0]
    supplier = facts.supplier.name if facts.supplier else paper.seller_name or NOTHING
    currency = earlier.currency
    number = number_key(paper.invoice_number)
    fields = (
        TwinField(
            label=reader.say("Supplier"),
            here=supplier,
            earlier=reader.say(_WHOSE[earlier.whose]) + (f" ({earlier.supplier_id})" if earlier.supplier_id else ""),
            equal=earlier.whose == "the supplier's",
        ),
        TwinField(
            label=reader.say(field_label("invoice_number")),
            here=paper.invoice_number or NOTHING,
            earlier=earlier.number,
            equal=bool(number) and number == number_key(earlier.number),
        ),
        TwinField(
            label=reader.say(field_label("issue_date")),
            here=NOTHING if paper.issue_date is None else reader.day(paper.issue_date),
            earlier=NOTHING if earlier.issued is None else reader.day(earlier.issued),
            equal=paper.issue_date is not None and paper.issue_date == earlier.issued,
        ),
        TwinField(
            label=reader.say(field_label("total_with_vat")),
            here=NOTHING if total is None else reader.value("total_with_vat", plain(total), paper.currency),
            earlier=reader.value("total_with_vat", plain(earlier.total), currency),
            equal=total == earlier.total,
        ),
        TwinField(
            label=reader.say(field_label("currency")),
            here=paper.currency or NOTHING,
            earlier=currency,
            equal=paper.currency == currency,
        ),
    )
    is_here = key.startswith(_KNOWN)
    return TwinView(
        title=earlier.number,
        where=reader.say("came here before") if is_here else reader.say("posted in the ERP"),
        fields=fields,
        document_id=key.removeprefix(_KNOWN) if is_here else None,
        same_file=earlier.sha256 is not None and earlier.sha256 == paper.sha256,
    )
