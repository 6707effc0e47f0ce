"""Whether VAT is computed rightly from its rates, and whether the rates are those of the order."""

from collections import defaultdict
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum, plain, rounding_allowance
from triage.amounts import net_total
from triage.control import CLERK, Control
from triage.facts import Facts, Paper, TaxGroup
from triage.findings import finding, line_fields, money
from triage.match import Match
from triage.policy import Policy

SUM, RATE = "TAX-SUM", "TAX-RATE"


def tax_sum(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Rate × base is not the tax, the bases are not the net total, or the taxes are not the total VAT."""
    paper = facts.paper
    if paper.currency is None:
        return ()
    groups = [(index, group) for index, group in enumerate(paper.tax_breakdown, start=1) if _is_whole(group)]
    if not groups:
        return _from_lines(facts)
    found = [at for index, group in groups for at in _group(facts, index, group)]
    if len(groups) == len(paper.tax_breakdown):
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
    return tuple(found)


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
    by_rate = _bases(paper)
    if by_rate is None or paper.total_vat is None:
        return ()
    computed = exact_sum(base * rate / 100 for rate, base in by_rate.items())
    listed = ", ".join(f"{plain(rate)} % of {money(base, paper.currency)}" for rate, base in sorted(by_rate.items()))
    return _compare(facts, "total_vat", listed, computed, paper.total_vat, roundings=len(paper.lines))


def _bases(paper: Paper) -> dict[Decimal, Decimal] | None:
    """Net amounts by rate, None unless every line shows both."""
    by_rate: defaultdict[Decimal, Decimal] = defaultdict(lambda: ZERO)
    for line in paper.lines:
        if line.tax_rate is None or line.line_net_amount is None:
            return None
        by_rate[line.tax_rate] += line.line_net_amount
    return dict(by_rate) or None


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
    wrong, allowance = abs(abs(computed) - abs(printed)), rounding_allowance(roundings, currency)
    if wrong <= allowance:
        return ()
    return (
        finding(
            facts,
            SUM,
            Outcome.HOLD,
            f"VAT does not add up: {what} make {money(computed, currency)}, but {money(printed, currency)} is printed.",
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
        formula="rate ≠ rate of the order line, where it has one",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=tax_rate,
    ),
)
