"""Whether the VAT rates are those of the order, and were the seller's country's on the day."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.decisions import Finding, Outcome
from core.money import ZERO, plain, rounding_allowance
from triage.amounts import bases_by_rate, gap, signed
from triage.control import CLERK, Control
from triage.facts import Facts, Paper
from triage.findings import day, finding, line_fields, money, supplier_keys
from triage.match import Match
from triage.policy import Policy
from triage.vat_rates import country_of_vat_id, tax_country, tax_span, valid_rates

CODE = "TAX-RATE"


class _Law(NamedTuple):
    """The rates of the country where the seller charges VAT, on the tax point."""

    country: str
    on: date
    valid: frozenset[Decimal]


def tax_rate(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A rate the country did not have on that day, one that is not the order line's, or VAT no rate explains."""
    law = _law(facts, policy)
    return (*_by_law(facts, match, law), *_by_line(facts, match, law), *_by_order(facts, match))


def _law(facts: Facts, policy: Policy) -> _Law | None:
    """What is known of the rates that may stand on the paper; None for an unknown country or day."""
    country = tax_country(facts.paper, facts.supplier, policy.vat_rates)
    span = tax_span(facts.paper, policy.dates.max_age_days)
    valid = None if country is None or span is None else valid_rates(policy.vat_rates, country, span)
    return None if country is None or span is None or not valid else _Law(country=country, on=span[1], valid=valid)


def _by_law(facts: Facts, match: Match, law: _Law | None) -> tuple[Finding, ...]:
    """Rates on the paper that were not valid."""
    if law is None:
        return ()
    bases = _bases(facts.paper)
    return tuple(
        _unlawful(facts, rate, bases[rate], law)
        for rate in sorted(bases)
        if rate not in law.valid and (rate or not _may_be_zero(facts, match, law.country))
    )


def _unlawful(facts: Facts, rate: Decimal, base: Decimal, law: _Law) -> Finding:
    rates = " or ".join(f"{plain(at)} %" for at in sorted(law.valid, reverse=True))
    nearest = min(law.valid, key=lambda at: (abs(at - rate), at))
    free = "" if rate else " Nothing on the paper or the order says why there is none."
    lines = [line.index for line in facts.paper.lines if line.tax_rate == rate]
    groups = [index for index, group in enumerate(facts.paper.tax_breakdown, start=1) if group.rate == rate]
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        f"{plain(rate)} % is no VAT rate of {law.country} on {day(law.on)}: {rates}.{free}",
        subject=f"VAT at {plain(rate)} %",
        expected=rates,
        actual=f"{plain(rate)} %",
        difference=f"{plain(rate - nearest)} %",
        tolerance="none allowed",
        used=supplier_keys(facts.supplier),
        evidence=(*line_fields(lines, "tax_rate"), *(f"tax_breakdown.{index}.rate" for index in groups), "total_vat"),
        at_risk=base * (rate - nearest) / 100,
    )


def _may_be_zero(facts: Facts, match: Match, country: str) -> bool:
    """Whether 0 % has a reason: a buyer in another country (intra-community, reverse charge, export), or the order.

    Where the paper does not say where its buyer is, nothing is said against it.
    """
    buyer = country_of_vat_id(facts.paper.buyer_vat_id)
    ordered_free = any(figures.line.tax_rate == 0 for figures in match.figures)
    return buyer is None or buyer != country or ordered_free


def _bases(paper: Paper) -> dict[Decimal, Decimal]:
    """What is taxed at each rate the paper shows: by its breakdown, else by its lines; 0 where neither says."""
    bases: dict[Decimal, Decimal] = {}
    for line in paper.lines:
        if line.tax_rate is not None:
            bases[line.tax_rate] = bases.get(line.tax_rate, ZERO) + (line.line_net_amount or ZERO)
    by_group: dict[Decimal, Decimal] = {}
    for group in paper.tax_breakdown:
        if group.rate is not None:
            by_group[group.rate] = by_group.get(group.rate, ZERO) + (group.taxable_amount or ZERO)
    return bases | by_group


def _by_line(facts: Facts, match: Match, law: _Law | None) -> tuple[Finding, ...]:
    """A rate on a line that is not the order line's, where the order has one.

    A rate that the law has changed since the order is the order's no more.
    """
    valid = frozenset() if law is None else law.valid
    rates = {group.rate for group in facts.paper.tax_breakdown if group.rate is not None}
    only = next(iter(rates)) if len(rates) == 1 else None
    ordered = {(figures.line.po_number, figures.line.line_number): figures.line for figures in match.figures}
    found = []
    for pair in match.pairs:
        line = ordered[pair.po_number, pair.line_number]
        printed = only if pair.tax_rate is None else pair.tax_rate
        if printed is None or line.tax_rate is None or printed == line.tax_rate:
            continue
        if printed in valid and line.tax_rate not in valid:
            continue
        base = pair.net_amount or ZERO
        found.append(
            finding(
                facts,
                CODE,
                Outcome.HOLD,
                f"Line {pair.paper_line} is billed with {plain(printed)} % VAT; "
                f"order {pair.po_number} line {pair.line_number} has {plain(line.tax_rate)} %.",
                subject=f"line {pair.paper_line}",
                expected=f"{plain(line.tax_rate)} %",
                actual=f"{plain(printed)} %",
                difference=f"{plain(printed - line.tax_rate)} %",
                tolerance="none allowed",
                used={*match.used, *supplier_keys(facts.supplier)},
                evidence=line_fields((pair.paper_line,), "tax_rate", "description"),
                at_risk=base * (printed - line.tax_rate) / 100,
            )
        )
    return tuple(found)


def _by_order(facts: Facts, match: Match) -> tuple[Finding, ...]:
    """Where the paper's own rates do not explain its VAT line by line, the order's must; where none can, it is held."""
    paper, vat = facts.paper, facts.paper.total_vat
    whole = bool(paper.tax_breakdown) and all(group.is_whole for group in paper.tax_breakdown)
    is_plain = whole and len({group.rate for group in paper.tax_breakdown}) == 1
    if not vat or not paper.lines or paper.currency is None or is_plain or bases_by_rate(paper) is not None:
        return ()
    ordered = {(at.line.po_number, at.line.line_number): at.line.tax_rate for at in match.figures}
    rates = {pair.paper_line: ordered[pair.po_number, pair.line_number] for pair in match.pairs}
    computed = ZERO
    for line in paper.lines:
        rate = line.tax_rate if line.tax_rate is not None else rates.get(line.index)
        if line.line_net_amount and rate is None:
            return () if whole else (_unchecked(facts, match, vat),)
        computed += (line.line_net_amount or ZERO) * (rate or ZERO) / 100
    wrong, allowance = gap(paper, vat, computed), rounding_allowance(len(paper.lines), paper.currency)
    if wrong <= allowance:
        return ()
    return (
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"By the rates of the order VAT is {money(computed, paper.currency)}; "
            f"{money(vat, paper.currency)} is billed.",
            subject="total_vat",
            expected=money(computed, paper.currency),
            actual=money(vat, paper.currency),
            difference=money(wrong, paper.currency),
            tolerance=f"rounding only, {allowance:f} {paper.currency}",
            used=match.used,
            evidence=("total_vat",),
            at_risk=wrong,
        ),
    )


def _unchecked(facts: Facts, match: Match, vat: Decimal) -> Finding:
    text = f"VAT of {money(vat, facts.paper.currency)} cannot be checked: neither paper nor order shows a rate for it."
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        text,
        subject="total_vat",
        expected="a rate",
        used=match.used,
        evidence=("total_vat",),
        at_risk=signed(facts.paper, vat),
    )


CONTROL = Control(
    code=CODE,
    checks="VAT rates are the law's and the order's",
    formula="rate ∉ `vat_rates` of the seller's country on the day of delivery, else of the invoice; 0 % has its "
    "reason in a buyer of another country, or in the order · rate ≠ rate of the order line · "
    "where the paper shows no rates, Σ order rate × line ≠ VAT",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=tax_rate,
)
