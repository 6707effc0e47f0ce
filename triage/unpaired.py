"""Sorts the lines of a paper that bill nothing that was ordered into charges, deposits and goods."""

import re
from functools import lru_cache

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
    return _any_of(policy.charge_words).search(line.description.casefold()) is not None


def is_deposit(line: PaperLine) -> bool:
    """Whether a line bills or deducts a payment in advance; what is paid for bottles and pallets is a charge."""
    if line.gtin or line.buyer_item_id or not line.description:
        return False
    text = line.description.casefold()
    return _any_of(_DEPOSITS).search(text) is not None and _any_of(_CONTAINERS).search(text) is None


_DEPOSITS = (
    "deposit", "down payment", "downpayment", "prepayment", "advance payment", "payment in advance",
    "anzahlung", "abschlagszahlung", "abschlagsrechnung", "vorauszahlung", "vorkasse", "akontozahlung",
    "acompte", "avance sur commande", "anticipo", "pago a cuenta", "acconto",
    "aanbetaling", "vooruitbetaling", "adiantamento", "zaliczka",
)  # fmt: skip
_CONTAINERS = ("bottle", "crate", "pallet", "container", "keg", "pfand", "flaschen", "kisten", "leergut", "consigne")


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a text in which a word starts as one of these; nothing where there are none."""
    listed = "|".join(re.escape(word.casefold()) for word in words)
    return re.compile(rf"\b(?:{listed})" if listed else r"(?!)")
