"""Whether a shipment document was here before: the same file, the same number, or the same goods on the same day."""

from decimal import Decimal

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from core.keys import number_key
from triage.control import CLERK, Control
from triage.facts import Facts, KnownShipment
from triage.findings import day, finding, supplier_keys
from triage.match import Match
from triage.policy import Policy
from triage.shipped import has_same_number, others_of_kind, shipped_key, shipped_lines, shipped_on

CODE = "SHIP-DUPLICATE"
_Goods = dict[tuple[str, str], Decimal]


def duplicate(facts: Facts, match: Match, _policy: Policy) -> tuple[Finding, ...]:
    """An earlier paper of the same kind that is this one; a packing list beside a delivery note is none.

    Equal part deliveries are no duplicates: two papers with the same goods are, when nothing tells them apart.
    """
    others = others_of_kind(facts)
    for document_id in sorted(others):
        if others[document_id].sha256 == facts.paper.sha256:
            return (_finding(facts, match, others[document_id], "is the same file as one"),)
    for document_id in sorted(others):
        if has_same_number(facts, others[document_id]):
            number = f"has the number {facts.paper.shipment_number}, as one"
            return (_finding(facts, match, others[document_id], number),)
    ours: _Goods = {(at.po_number, at.line_number): at.quantity for at in shipped_lines(facts.paper, match)}
    for document_id in sorted(others):
        other = others[document_id]
        if ours and _goods(facts, document_id) == ours and not _differ(facts, other):
            return (_finding(facts, match, other, "has the same goods and quantities as one"),)
    return ()


def _goods(facts: Facts, document_id: str) -> _Goods:
    return {(at.po_number, at.line_number): at.quantity for at in facts.shipped if at.document_id == document_id}


def _differ(facts: Facts, other: KnownShipment) -> bool:
    """Whether the days of two papers with the same goods tell them apart; without a day on one, their numbers do."""
    ours, theirs = shipped_on(facts.paper), other.shipped_on
    if ours is not None and theirs is not None:
        return ours != theirs
    return bool(number_key(facts.paper.shipment_number) and number_key(other.shipment_number))


def _finding(facts: Facts, match: Match, other: KnownShipment, what: str) -> Finding:
    kind = facts.paper.document_type.value.replace("_", " ")
    on = "" if other.shipped_on is None else f" of {day(other.shipped_on)}"
    lines = (shipped_key(at) for at in facts.shipped if at.document_id == other.document_id)
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        f"This {kind} {what}{on} that was here before ({other.document_id}).",
        subject="shipment_number",
        expected="a shipment not seen before",
        actual=facts.paper.shipment_number,
        used={f"known_shipment:{other.document_id}", *lines, *match.used, *supplier_keys(facts.supplier)},
        evidence=("shipment_number",),
    )


CONTROL = Control(
    code=CODE,
    checks="It was not here before",
    formula="same file · same number (alphanumerics, O/0, I/L/1 folded), of no other supplier · "
    "same order lines and quantities on the same day; papers of one kind only",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected number, or the earlier one sent back",
    run=duplicate,
    types=SHIPMENT_TYPES,
)
