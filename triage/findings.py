"""Writes findings: amounts with their currency, plain decimals with a point, evidence and facts in one order."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.documents import Evidence
from core.erp import Supplier
from core.money import minor_units, plain, round_amount, rounded
from triage.facts import Facts, Paper, PaperLine
from triage.policy import Tolerance, amount_in

_QUANTITY_DECIMALS = 8


def finding(
    facts: Facts,
    code: str,
    outcome: Outcome,
    message: str,
    *,
    subject: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    difference: str | None = None,
    tolerance: str | None = None,
    used: Iterable[str] = (),
    evidence: Iterable[str] = (),
    at_risk: Decimal | None = None,
) -> Finding:
    """A finding about the paper.

    Args:
        used: keys of the records it rests on; the paper itself is added.
        evidence: names of the fields that show it on the paper (`payment_iban`, `lines.3.quantity`).
        at_risk: money lost if this were cleared wrongly, in the paper's currency; never negative.
    """
    return finding_about(
        f"document:{facts.paper.document_id}",
        facts.paper.currency,
        code,
        outcome,
        message,
        subject=subject,
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance=tolerance,
        used=used,
        evidence=seen(facts.paper, evidence),
        at_risk=at_risk,
    )


def finding_about(
    about: str,
    currency: str | None,
    code: str,
    outcome: Outcome,
    message: str,
    *,
    subject: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    difference: str | None = None,
    tolerance: str | None = None,
    used: Iterable[str] = (),
    evidence: tuple[Evidence, ...] = (),
    at_risk: Decimal | None = None,
) -> Finding:
    """A finding about anything that is decided: a paper, a sales order, a recommendation.

    Args:
        about: key of what is decided (`document:…`, `sales_order:…`); it is one of the facts used.
        at_risk: money lost if this were cleared wrongly, in `currency`; never negative.
    """
    amount = None if at_risk is None else abs(at_risk)
    if amount is not None and currency:
        amount = round_amount(amount, currency)
    return Finding(
        code=code,
        outcome=outcome,
        message=message,
        subject=subject,
        expected=expected,
        actual=actual,
        difference=difference,
        tolerance=tolerance,
        facts=tuple(sorted({about, *used})),
        evidence=evidence,
        at_risk_amount=None if amount is None else plain(amount),
    )


def seen(paper: Paper, names: Iterable[str]) -> tuple[Evidence, ...]:
    """Where on the paper these fields were read, each place once."""
    places = [place for name in names for place in paper.evidence.get(name, ())]
    return tuple(dict.fromkeys(places))


def supplier_keys(supplier: Supplier | None) -> tuple[str, ...]:
    """The key of a master record as facts are named, none where there is none."""
    return () if supplier is None else (f"supplier:{supplier.supplier_id}",)


def line_fields(lines: Iterable[int], *names: str) -> tuple[str, ...]:
    """Names of values of some lines, as evidence and confidences are kept: `lines.3.quantity`."""
    return tuple(f"lines.{index}.{name}" for index in lines for name in names)


def money(amount: Decimal, currency: str | None) -> str:
    """An amount as a person reads it, locale-neutral: `"1234.50 EUR"`; more decimals only where a price has them."""
    if currency is None:
        return plain(amount)
    rounded = round_amount(amount, currency)
    return f"{rounded:f} {currency}"


def price(amount: Decimal, currency: str | None) -> str:
    """A price per unit, with at least the currency's decimals and at most four more than is usual."""
    if currency is None:
        return plain(amount)
    decimals = minor_units(currency)
    text = plain(rounded(amount, decimals + 2))
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(decimals, '0')} {currency}" if decimals else f"{text} {currency}"


def count(quantity: Decimal, unit: str | None = None) -> str:
    """A quantity with its unit: `"96 pcs"`; one that was converted with no more decimals than anyone reads."""
    text = plain(rounded(quantity, _QUANTITY_DECIMALS))
    return text if unit is None else f"{text} {unit}"


def day(value: date) -> str:
    """A day as ISO 8601."""
    return value.isoformat()


def lines_text(indices: Iterable[int]) -> str:
    """`line 3` or `lines 2, 3`."""
    ordered = sorted(indices)
    return f"line {ordered[0]}" if len(ordered) == 1 else f"lines {', '.join(str(index) for index in ordered)}"


def name_of(line: PaperLine) -> str:
    """What a line is called: its number, and its description where it has one."""
    return f"line {line.index} ({line.description})" if line.description else f"line {line.index}"


def limit_text(tolerance: Tolerance, currency: str | None, *, over: bool) -> str:
    """A tolerance as a person reads it: `2 % and 10.00 EUR, the tighter`, `none allowed`."""
    pct = tolerance.upper_pct if over else tolerance.lower_pct
    amount = amount_in(tolerance.upper_amount if over else tolerance.lower_amount, currency)
    if pct == 0 or amount == 0:
        return "none allowed"
    parts = [f"{plain(pct)} %"] if pct is not None else []
    parts += [money(amount, currency)] if amount is not None else []
    return " and ".join(parts) + (", the tighter" if len(parts) > 1 else "") if parts else "unlimited"
