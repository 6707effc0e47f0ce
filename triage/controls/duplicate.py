"""Whether an invoice has been billed before: surely, or so nearly that a person should look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.keys import number_key
from triage.amounts import signed_total
from triage.control import APPROVER, CLERK, Control
from triage.facts import Facts, Paper
from triage.findings import day, finding, money
from triage.match import Match
from triage.policy import Duplicates, Policy

DUPLICATE, LIKELY = "INV-DUPLICATE", "INV-DUPLICATE-LIKELY"
_SHORTEST_NUMBER = 3
_EVIDENCE = ("invoice_number", "issue_date", "total_with_vat")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """An invoice seen before, posted in the ERP or known here. Totals signed as debt."""

    keys: tuple[str, ...]
    supplier_id: str
    number: str
    issued: date | None
    total: Decimal
    currency: str
    sha256: str | None
    where: str
    is_reversed: bool


def duplicate(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Same supplier, currency, gross and number (look-alikes folded) as an invoice that has not been reversed."""
    total = signed_total(facts.paper)
    same = [earlier for earlier in _earlier(facts, policy) if _is_same(facts.paper, total, earlier)]
    standing = [earlier for earlier in same if not earlier.is_reversed]
    if not standing:
        return ()
    first = standing[0]
    message = f"Invoice {first.number} over {money(first.total, first.currency)} {first.where}{_dated(first)}."
    return (_finding(facts, DUPLICATE, Outcome.BLOCK, message, standing),)


def likely(facts: Facts, _match: Match, policy: Policy) -> tuple[Finding, ...]:
    """All but one of number, gross and currency equal and the odd one close; the same file; or a reversed original."""
    total = signed_total(facts.paper)
    close = [
        (earlier, why)
        for earlier in _earlier(facts, policy)
        if (why := _closeness(facts.paper, total, earlier, policy.duplicates)) is not None
    ]
    if not close:
        return ()
    first, why = close[0]
    message = (
        f"This may be invoice {first.number} over {money(first.total, first.currency)} again, "
        f"which {first.where}{_dated(first)}: {why}."
    )
    return (_finding(facts, LIKELY, Outcome.HOLD, message, [earlier for earlier, _ in close]),)


def _finding(facts: Facts, code: str, outcome: Outcome, message: str, used: Iterable[_Earlier]) -> Finding:
    paper, total = facts.paper, signed_total(facts.paper)
    supplier = () if facts.supplier is None else (f"supplier:{facts.supplier.supplier_id}",)
    return finding(
        facts,
        code,
        outcome,
        message,
        subject="invoice_number",
        expected="a number and amount not billed before",
        actual=f"{paper.invoice_number or 'no number'}, {'' if total is None else money(total, paper.currency)}",
        used={*supplier, *(key for earlier in used for key in earlier.keys)},
        evidence=_EVIDENCE,
        at_risk=total,
    )


def _earlier(facts: Facts, policy: Policy) -> Sequence[_Earlier]:
    """Every invoice of the supplier but this paper itself, in one order."""
    if facts.supplier is None:
        return ()
    posted = [
        _Earlier(
            keys=(f"posted_invoice:{at.supplier_id}/{at.invoice_number}",),
            supplier_id=at.supplier_id,
            number=at.invoice_number,
            issued=at.invoice_date,
            total=at.total_with_vat,
            currency=at.currency,
            sha256=None,
            where="is posted already",
            is_reversed=(at.status or "").strip().lower() in policy.statuses.invoice_reversed,
        )
        for at in facts.posted
    ]
    known = [
        _Earlier(
            keys=(f"known_invoice:{at.document_id}",),
            supplier_id=at.supplier_id,
            number=at.invoice_number,
            issued=at.issue_date,
            total=at.total_with_vat,
            currency=at.currency,
            sha256=at.sha256,
            where="is here already",
            is_reversed=False,
        )
        for at in facts.known
        if at.document_id != facts.paper.document_id
    ]
    ours = [at for at in (*posted, *known) if at.supplier_id == facts.supplier.supplier_id]
    return [_with_reversal(at, ours) for at in sorted(ours, key=lambda at: (at.keys, at.total, at.currency))]


def _with_reversal(earlier: _Earlier, others: Iterable[_Earlier]) -> _Earlier:
    """An invoice with the credit note over exactly its amount that came after it, if there is one."""
    if earlier.is_reversed or earlier.total <= 0:
        return earlier
    reversals = [
        other
        for other in others
        if other.total == -earlier.total
        and other.currency == earlier.currency
        and (earlier.issued is None or other.issued is None or other.issued >= earlier.issued)
    ]
    if not reversals:
        return earlier
    keys = (*earlier.keys, *sorted(key for credit in reversals for key in credit.keys))
    return replace(earlier, keys=keys, is_reversed=True)


def _is_same(paper: Paper, total: Decimal | None, earlier: _Earlier) -> bool:
    number = number_key(paper.invoice_number)
    equal = bool(number) and number == number_key(earlier.number)
    return equal and total == earlier.total and paper.currency == earlier.currency


def _closeness(paper: Paper, total: Decimal | None, earlier: _Earlier, rules: Duplicates) -> str | None:
    """Why two invoices may be one; None when they are surely the same (another control says so) or clearly two."""
    if earlier.sha256 is not None and earlier.sha256 == paper.sha256:
        return "it is the very same file"
    if _is_same(paper, total, earlier):
        return "a credit note has reversed that one" if earlier.is_reversed else None
    number, their_number = number_key(paper.invoice_number), number_key(earlier.number)
    same_number = bool(number) and number == their_number
    same_total, same_currency = total == earlier.total, paper.currency == earlier.currency
    if same_number and same_total:
        return "number and amount are equal, the currency is not"
    if same_number and same_currency and _near_total(paper, total, earlier, rules):
        return "the number is equal, the amount nearly"
    if same_total and same_currency and _near_number(number, their_number, paper.issue_date, earlier.issued, rules):
        return "the amount is equal, the number nearly"
    return None


def _near_total(paper: Paper, total: Decimal | None, earlier: _Earlier, rules: Duplicates) -> bool:
    """Within the policy's percentage, or billed on the same day."""
    if total is None:
        return True
    if (total > 0) != (earlier.total > 0):
        return False
    near = abs(total - earlier.total) * 100 <= abs(earlier.total) * rules.gross_pct
    return near or (paper.issue_date is not None and paper.issue_date == earlier.issued)


def _near_number(ours: str, theirs: str, issued: date | None, earlier: date | None, rules: Duplicates) -> bool:
    """One character more, fewer or swapped, or one number inside the other; one changed digit only on the same day.

    Numbers that follow one another also differ in one digit, and suppliers do bill equal amounts again.
    """
    from rapidfuzz.distance import OSA

    if min(len(ours), len(theirs)) < _SHORTEST_NUMBER:
        return issued is not None and issued == earlier
    if issued is not None and earlier is not None and abs((issued - earlier).days) > rules.days:
        return False
    shorter, longer = sorted((ours, theirs), key=len)
    if longer.startswith(shorter) or longer.endswith(shorter):
        return len(longer) - len(shorter) <= _SHORTEST_NUMBER
    if OSA.distance(ours, theirs) > 1:
        return False
    return len(ours) != len(theirs) or sorted(ours) == sorted(theirs) or (issued is not None and issued == earlier)


def _dated(earlier: _Earlier) -> str:
    return "" if earlier.issued is None else f", dated {day(earlier.issued)}"


CONTROLS = (
    Control(
        code=DUPLICATE,
        checks="Not billed before",
        formula="same supplier, currency, gross, number (alphanumerics, O/0, I/L/1 folded) as one posted or known",
        outcome=Outcome.BLOCK,
        released_by=APPROVER,
        lifted_by="a corrected number, or the rejection of the other paper",
        run=duplicate,
    ),
    Control(
        code=LIKELY,
        checks="Probably not billed before",
        formula="all but one of number, gross and currency equal and the odd one close · same file · original reversed",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected number",
        run=likely,
    ),
)
