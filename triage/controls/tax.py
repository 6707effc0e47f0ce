"""Whether VAT is computed rightly from its rates, and whether the rates are those of the order."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum, plain, rounding_allowance
from triage.amounts import bases_by_rate, gap, net_total, signed
from triage.control import CLERK, Control
from triage.facts import Facts, TaxGroup
from triage.findings import finding, line_fields, money
from triage.match import Match
from triage.policy import Policy

SUM, RATE = "TAX-SUM", "TAX-RATE"
_PRINTED = {"total_without_vat": "the total without VAT is", "total_vat": "the total VAT is"}


def tax_sum(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Rate × base is not the tax, the bases are not the net total, or the taxes are not the total VAT."""
    paper = facts.paper
    if paper.currency is None:
        return ()
    groups = [(index, group) for index, group in enumerate(paper.tax_breakdown, start=1) if _is_whole(group)]
    if len(groups) < len(paper.tax_breakdown) or not groups:
        return (*(at for index, group in groups for at in _group(facts, index, group)), *_from_lines(facts))
    found = [at for index, group in groups for at in _group(facts, index, group)]
    bases = exact_sum(group.taxable_amount or ZERO for _, group in groups)
    taxes = exact_sum(group.tax_amount or ZERO for _, group in groups)
    found += _compare(facts, "total_without_vat", "taxable amounts", bases, net_total(paper), roundings=len(groups))
    found += _compare(facts, "total_vat", "VAT amounts", taxes, paper.total_vat, roundings=len(groups))
    return tuple(found)


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
                RATE,
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
    whole = bool(paper.tax_breakdown) and all(_is_whole(group) for group in paper.tax_breakdown)
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
            RATE,
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
        RATE,
        Outcome.HOLD,
        text,
        subject="total_vat",
        expected="a rate",
        used=match.used,
        evidence=("total_vat",),
        at_risk=signed(facts.paper, vat),
    )


def _is_whole(group: TaxGroup) -> bool:
    return group.rate is not None and group.taxable_amount is not None and group.tax_amount is not None


def _group(facts: Facts, index: int, group: TaxGroup) -> tuple[Finding, ...]:
    rate, base = group.rate or ZERO, group.taxable_amount or ZERO
    computed = base * rate / 100
    # Tax may be rounded line by line and then summed.
    roundings = max(1, sum(1 for line in facts.paper.lines if line.tax_rate in (None, rate)))
    what = f"{plain(rate)} % of {money(base, facts.paper.currency)}"
    names = (f"tax_breakdown.{index}.tax_amount", f"tax_breakdown.{index}.taxable_amount", "total_vat")
    return _compare(
        facts, f"VAT at {plain(rate)} %", what, computed, group.tax_amount, roundings=roundings, names=names
    )  # fmt: skip


def _from_lines(facts: Facts) -> tuple[Finding, ...]:
    """Without a breakdown, the lines' own rates must make the total VAT."""
    paper = facts.paper
    by_rate = bases_by_rate(paper)
    if by_rate is None or paper.total_vat is None:
        return ()
    computed = exact_sum(base * rate / 100 for rate, base in by_rate.items())
    listed = ", ".join(f"{plain(rate)} % of {money(base, paper.currency)}" for rate, base in sorted(by_rate.items()))
    return _compare(facts, "total_vat", listed, computed, paper.total_vat, roundings=len(paper.lines))


def _compare(
    facts: Facts,
    subject: str,
    what: str,
    computed: Decimal,
    printed: Decimal | None,
    *,
    roundings: int,
    names: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    currency = facts.paper.currency
    if printed is None or currency is None:
        return ()
    wrong, allowance = gap(facts.paper, printed, computed), rounding_allowance(roundings, currency)
    if wrong <= allowance:
        return ()
    return (
        finding(
            facts,
            SUM,
            Outcome.HOLD,
            f"VAT does not add up: {what} make {money(computed, currency)}, "
            f"but {_PRINTED.get(subject, 'the paper says')} {money(printed, currency)}.",
            subject=subject,
            expected=money(computed, currency),
            actual=money(printed, currency),
            difference=money(wrong, currency),
            tolerance=f"rounding only, {allowance:f} {currency}",
            evidence=names or (subject,),
            at_risk=wrong,
        ),
    )


CONTROLS = (
    Control(
        code=SUM,
        checks="VAT is computed rightly",
        formula="|rate × base − VAT| · |Σ bases − net| · |Σ VAT − total VAT| > ½ unit × roundings",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected field",
        run=tax_sum,
    ),
    Control(
        code=RATE,
        checks="VAT rates are the order's",
        formula="rate ≠ rate of the order line · where the paper shows no rates, Σ order rate × line ≠ VAT",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=tax_rate,
    ),
)
