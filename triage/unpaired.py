"""Sorts the lines of a paper that bill nothing that was ordered into charges and goods."""

import re

from triage.facts import Facts, PaperLine
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy


def compares_with_orders(facts: Facts, match: Match) -> bool:
    """Whether the paper names an order that exists; where it does not, another control holds it."""
    return bool(order_references(facts.paper)) and bool(match.orders)


def unpaired_lines(facts: Facts, match: Match) -> list[PaperLine]:
    """Unpaired lines that cost something, by index; a line over nothing is a remark."""
    lines = {at.index: at for at in facts.paper.lines}
    return [lines[index] for index in match.unpaired if lines[index].line_net_amount != 0]


def is_charge(line: PaperLine, policy: Policy) -> bool:
    """Whether a line is a charge by its words and carries no identifier of goods."""
    if line.gtin or line.buyer_item_id or not line.description:
        return False
    text = line.description.casefold()
    return any(re.search(rf"\b{re.escape(word.casefold())}", text) for word in policy.charge_words)
