"""Whether every line of an invoice bills something that was ordered: goods nobody ordered, and charges."""

import re
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.money import ZERO, exact_sum
from triage.amounts import net_total, signed, signed_line, signed_total
from triage.control import CLERK, Control
from triage.facts import Facts, PaperLine
from triage.findings import finding, limit_text, line_fields, lines_text, money, name_of
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

LINE, CHARGE = "MATCH-LINE", "MATCH-CHARGE"
_FIELDS = ("description", "quantity", "line_net_amount")


def line(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """A line that pairs with no order line, or that cannot be compared with the one it pairs with."""
    if not _has_orders(facts, match):
        return ()
    if not facts.paper.lines:
        text = f"The paper shows no lines to compare with order {', '.join(order.po_number for order in match.orders)}."
        return (finding(facts, LINE, Outcome.HOLD, text, used=match.used, at_risk=signed_total(facts.paper)),)
    strangers = [at for at in _unpaired(facts, match) if not _is_charge(at, policy)]
    return (*(_stranger(facts, match, at) for at in strangers), *_unmeasured(facts, match))


def charge(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Freight, insurance and other charges that are not on the order, all together (SAP KW)."""
    if not _has_orders(facts, match):
        return ()
    paper = facts.paper
    charges = [at for at in _unpaired(facts, match) if _is_charge(at, policy)]
    on_the_whole = signed(paper, paper.total_charges or ZERO)
    total = on_the_whole + exact_sum(signed_line(paper, at).line_net_amount or ZERO for at in charges)
    tolerance = policy.tolerance_for("charge", supplier_id=facts.supplier.supplier_id if facts.supplier else None)
    net = signed(paper, net_total(paper) or ZERO)
    if not (charges or on_the_whole) or tolerance.allows(total, net - total, paper.currency):
        return ()
    indices = [at.index for at in charges]
    names = [*(str(at.description) for at in charges), *(["charges on the whole invoice"] if on_the_whole else [])]
    message = f"Charges that are not on the order: {', '.join(names)}, {money(total, paper.currency)} together."
    return (
        finding(
            facts,
            CHARGE,
            Outcome.HOLD,
            message,
            subject=lines_text(indices) if indices else "total_charges",
            expected=money(ZERO, paper.currency),
            actual=money(total, paper.currency),
            difference=money(total, paper.currency),
            tolerance=limit_text(tolerance, paper.currency, over=True),
            used={*match.used, *_supplier_key(facts)},
            evidence=(*line_fields(indices, *_FIELDS), "total_charges"),
            at_risk=total,
        ),
    )


def _supplier_key(facts: Facts) -> tuple[str, ...]:
    return () if facts.supplier is None else (f"supplier:{facts.supplier.supplier_id}",)


def _has_orders(facts: Facts, match: Match) -> bool:
    """Whether the paper names an order that exists; where it does not, another control holds it."""
    return bool(order_references(facts.paper)) and bool(match.orders)


def _unpaired(facts: Facts, match: Match) -> list[PaperLine]:
    """Unpaired lines that cost something, by index; a line over nothing is a remark."""
    lines = {at.index: at for at in facts.paper.lines}
    return [lines[index] for index in match.unpaired if lines[index].line_net_amount != 0]


def _is_charge(line: PaperLine, policy: Policy) -> bool:
    """Whether a line is a charge by its words and carries no identifier of goods."""
    if line.gtin or line.buyer_item_id or not line.description:
        return False
    text = line.description.casefold()
    return any(re.search(rf"\b{re.escape(word.casefold())}", text) for word in policy.charge_words)


def _stranger(facts: Facts, match: Match, line: PaperLine) -> Finding:
    numbers = ", ".join(order.po_number for order in match.orders)
    amount = signed_line(facts.paper, line).line_net_amount
    costs = "" if amount is None else f", {money(amount, facts.paper.currency)},"
    message = (
        f"{name_of(line).capitalize() if not line.description else _start(line)}{costs} is not on order {numbers}."
    )
    return finding(
        facts,
        LINE,
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
    return f"Line {line.index} ({line.description})"


def _unmeasured(facts: Facts, match: Match) -> tuple[Finding, ...]:
    """Pairs whose quantity or amount could not be read, nor derived: nothing can be compared."""
    return tuple(
        finding(
            facts,
            LINE,
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
        if pair.quantity is None or pair.net_amount is None
    )


def _amount_or_total(facts: Facts, amount: Decimal | None) -> Decimal | None:
    return signed_total(facts.paper) if amount is None else amount


CONTROLS = (
    Control(
        code=LINE,
        checks="Every line bills something that was ordered",
        formula="no order line by reference, item id, GTIN, supplier item id, or description and price",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=line,
    ),
    Control(
        code=CHARGE,
        checks="Charges are on the order (SAP KW)",
        formula="Σ charges > tolerance `charge`",
        outcome=Outcome.HOLD,
        released_by=CLERK,
        lifted_by="a corrected invoice or a credit note",
        run=charge,
    ),
)
