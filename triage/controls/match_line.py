"""Whether every line of an invoice bills something that was ordered."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from triage.amounts import signed_line, signed_total
from triage.control import CLERK, Control
from triage.facts import Facts, PaperLine
from triage.findings import count, finding, line_fields, money
from triage.match import Match, Pair
from triage.policy import Policy
from triage.unpaired import compares_with_orders, is_charge, is_deposit, unpaired_lines

CODE = "MATCH-LINE"
_FIELDS = ("description", "quantity", "line_net_amount")


def line(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A line that pairs with no order line, or that cannot be compared with the one it pairs with."""
    if not compares_with_orders(facts, match):
        return ()
    if not facts.paper.lines:
        text = f"The paper shows no lines to compare with order {', '.join(order.po_number for order in match.orders)}."
        return (finding(facts, CODE, Outcome.HOLD, text, used=match.used, at_risk=signed_total(facts.paper)),)
    strangers = [at for at in unpaired_lines(facts, match) if not is_charge(at, policy) and not is_deposit(at)]
    return (
        *(_stranger(facts, match, at) for at in strangers),
        *_unmeasured(facts, match),
        *(_other_unit(facts, match, pair) for pair in match.pairs if pair.problem is not None),
    )


def _stranger(facts: Facts, match: Match, line: PaperLine) -> Finding:
    numbers = ", ".join(order.po_number for order in match.orders)
    amount = signed_line(facts.paper, line).line_net_amount
    costs = "" if amount is None else f", {money(amount, facts.paper.currency)},"
    message = f"{_start(line)}{costs} is not on order {numbers}."
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        message,
        subject=f"line {line.index}",
        expected=f"a line of order {numbers}",
        actual=line.description or line.seller_item_id or line.gtin,
        difference=None if amount is None else money(amount, facts.paper.currency),
        used=match.used,
        evidence=line_fields((line.index,), *_FIELDS),
        at_risk=amount if amount is not None else signed_total(facts.paper),
    )


def _start(line: PaperLine) -> str:
    return f"Line {line.index} ({line.description})" if line.description else f"Line {line.index}"


def _unmeasured(facts: Facts, match: Match) -> tuple[Finding, ...]:
    """Pairs whose quantity or amount could not be read, nor derived: nothing can be compared."""
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"Line {pair.paper_line} fits order {pair.po_number} line {pair.line_number}, "
            "but its quantity or amount could not be read.",
            subject=f"line {pair.paper_line}",
            expected="a quantity and an amount",
            used=match.used,
            evidence=line_fields((pair.paper_line,), *_FIELDS),
            at_risk=_amount_or_total(facts, pair.net_amount),
        )
        for pair in match.pairs
        if (pair.quantity is None and pair.problem is None) or pair.net_amount is None
    )


def _other_unit(facts: Facts, match: Match, pair: Pair) -> Finding:
    """A pair in two units that do not convert, or of which nobody knows whether they are one."""
    line = next(at for at in facts.paper.lines if at.index == pair.paper_line)
    ordered = next(at.line for at in match.figures if pair in at.pairs)
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        f"{_start(line)} fits order {pair.po_number} line {pair.line_number}, but is {pair.problem}.",
        subject=f"line {pair.paper_line}",
        expected=count(ordered.quantity, ordered.unit),
        actual=None if line.quantity is None else count(line.quantity, line.unit),
        used=match.used,
        evidence=line_fields((pair.paper_line,), *_FIELDS, "unit"),
        at_risk=_amount_or_total(facts, pair.net_amount),
    )


def _amount_or_total(facts: Facts, amount: Decimal | None) -> Decimal | None:
    return signed_total(facts.paper) if amount is None else amount


CONTROL = Control(
    code=CODE,
    checks="Every line bills something that was ordered",
    formula="no order line by reference, item id, GTIN, supplier item id, or description and price · units that do "
    "not convert · no quantity or amount",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected invoice or a credit note",
    run=line,
)
