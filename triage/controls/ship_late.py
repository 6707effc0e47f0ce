"""Whether a shipment comes on the day it was promised for."""

from datetime import date

from core.decisions import Finding, Outcome
from core.documents import SHIPMENT_TYPES
from triage.control import CLERK, Control
from triage.facts import Facts
from triage.findings import day, finding, lines_text
from triage.match import LineFigures, Match
from triage.orders import order_references
from triage.policy import Policy
from triage.promised import promised_on

CODE = "SHIP-LATE"


def late(facts: Facts, match: Match, policy: Policy) -> tuple[Finding, ...]:
    """Delivered, else despatched, later than promised; one finding for each order. No promise, or no day: none."""
    paper = facts.paper
    came = paper.delivery_date or paper.despatch_date
    if came is None or not order_references(paper):
        return ()
    found = []
    for order in match.orders:
        promised = [
            (on, figures)
            for figures in match.figures
            if figures.order.po_number == order.po_number and (on := promised_on(figures.line)) is not None
        ]
        behind = [(on, figures) for on, figures in promised if (came - on).days > policy.dates.late_grace_days]
        if behind:
            found.append(_finding(facts, match, policy, came, behind))
    return tuple(found)


def _finding(facts: Facts, match: Match, policy: Policy, came: date, behind: list[tuple[date, LineFigures]]) -> Finding:
    first = min(on for on, _ in behind)
    number = behind[0][1].order.po_number
    lines = lines_text(sorted({index for _, figures in behind for index in figures.paper_lines}))
    name, does = ("delivery_date", "comes") if facts.paper.delivery_date else ("despatch_date", "left")
    grace = policy.dates.late_grace_days
    return finding(
        facts,
        CODE,
        Outcome.HOLD,
        f"The shipment {does} on {day(came)}; {lines} of it was promised for {day(first)} on order {number}.",
        subject=f"order {number}",
        expected=f"{day(first)} or before",
        actual=day(came),
        difference=f"{(came - first).days} days",
        tolerance=f"{grace} days" if grace else "none allowed",
        used=match.used,
        evidence=(name,),
    )


CONTROL = Control(
    code=CODE,
    checks="It comes when it was promised",
    formula="day of delivery, else of despatch > promised day + `dates.late_grace_days`",
    outcome=Outcome.HOLD,
    released_by=CLERK,
    lifted_by="a corrected date, or a fresher order feed",
    run=late,
    types=SHIPMENT_TYPES,
)
