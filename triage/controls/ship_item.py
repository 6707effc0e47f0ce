"""Whether everything on a shipment document was ordered."""

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import finding, line_fields, name_of
from triage.match import Match
from triage.orders import order_references
from triage.policy import Policy

CODE = "SHIP-ITEM"


def item(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """A line that is on none of the orders it names."""
    if not match.orders or not order_references(facts.paper):
        return ()
    numbers = ", ".join(at.po_number for at in match.orders)
    strangers = [line for line in facts.paper.lines if line.index in match.unpaired]
    return tuple(
        finding(
            facts,
            CODE,
            Outcome.HOLD,
            f"{name_of(line)[:1].upper()}{name_of(line)[1:]} was not ordered: it is not on order {numbers}.",
            subject=f"line {line.index}",
            expected=f"an item of order {numbers}",
            actual=line.description or line.seller_item_id or line.gtin,
            used=match.used,
            evidence=line_fields((line.index,), "description", "quantity"),
        )
        for line in strangers
    )


CONTROL = Control(
    code=CODE,
    checks="Everything on it was ordered",
    formula="a line that pairs with no order line",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected field",
    run=item,
    types=SHIPMENT_TYPES,
)
