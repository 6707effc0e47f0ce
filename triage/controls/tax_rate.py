"""Whether the VAT rates are those of the order."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, plain, rounding_allowance
from triage.amounts import bases_by_rate, gap, signed
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, line_fields, money
from triage.match import Match
from triage.policy import Policy

CODE = "TAX-RATE"


def tax_rate(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """A rate on a line that is not the order line's, where the order has one."""
    rates = {group.rate for group in facts.paper.tax_breakdown if group.rate is not None}
    only = next(iter(rates)) if len(rates) == 1 else None
    ordered = {(figures.line.po_number, figures.line.line_number): figures.line for figures in match.figures}
    found = []
    for pair in match.pairs:
        line = ordered[pair.po_number, pair.line_number]
        printed = only if pair.tax_rate is None else pair.tax_rate
        if printed is None or line.tax_rate is None or printed == line.tax_rate:
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
                used=match.used,
                evidence=line_fields((pair.paper_line,), "tax_rate", "description"),
                at_risk=base * (printed - line.tax_rate) / 100,
            )
        )
    return (*found, *_by_order(facts, match))


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
    checks="VAT rates are the order's",
    formula="rate ≠ rate of the order line · where the paper shows no rates, Σ order rate × line ≠ VAT",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=tax_rate,
)
