"""Whether VAT is computed rightly from its rates."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum, plain, rounding_allowance
from triage.amounts import bases_by_rate, gap, net_total
from triage.control import CLERK, Control
from triage.facts import Facts, TaxGroup
from triage.findings import finding, money
from triage.match import Match
from triage.policy import Policy

CODE = "TAX-SUM"
_PRINTED = {"total_without_vat": "the total without VAT is", "total_vat": "the total VAT is"}


def tax_sum(facts: Facts, _match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """Rate × base is not the tax, the bases are not the net total, or the taxes are not the total VAT."""
    paper = facts.paper
    if paper.currency is None:
        return ()
    groups = [(index, group) for index, group in enumerate(paper.tax_breakdown, start=1) if group.is_whole]
    if len(groups) < len(paper.tax_breakdown) or not groups:
        return (*(at for index, group in groups for at in _group(facts, index, group)), *_from_lines(facts))
    found = [at for index, group in groups for at in _group(facts, index, group)]
    bases = exact_sum(group.taxable_amount or ZERO for _, group in groups)
    taxes = exact_sum(group.tax_amount or ZERO for _, group in groups)
    found += _compare(facts, "total_without_vat", "taxable amounts", bases, net_total(paper), roundings=len(groups))
    found += _compare(facts, "total_vat", "VAT amounts", taxes, paper.total_vat, roundings=len(groups))
    return tuple(found)


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
            CODE,
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


CONTROL = Control(
    code=CODE,
    checks="VAT is computed rightly",
    formula="|rate × base − VAT| · |Σ bases − net| · |Σ VAT − total VAT| > ½ unit × roundings",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=tax_sum,
)
