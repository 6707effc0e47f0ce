"""What a planner may take on a case: an order's other ways, a recommendation or today's rule, each under the rules.

Pure. What a rule would hold cannot be taken; the model's word about a way is shown and lifts nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.decisions import Finding, Outcome
from core.errors import ConflictError, InputError
from core.texts import N_
from triage.alternatives import alternatives
from triage.decide_order import order_facts_from_text
from triage.decide_replenishment import decide_replenishment, replenishment_facts_from_text
from triage.planning_recorded import RecordedPlanning
from triage.policy import Policy
from triage.rounding import round_recommendation

RECOMMENDED, RULE = "recommended", "rule"
_NOTHING_LEFT = N_("After rounding nothing is left to order.")
_NO_LONGER = N_("The rules no longer allow it: what is free, the lane or the cut-off has changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One thing a planner may take.

    Attributes:
        number: from 1, as the page and `choice` of the API count.
        kind: `reroute`, `upgrade_service`, `split`; `recommended`, `rule`.
        words: what would be done, as stored.
        probability: that the order is late this way; None of what is no order.
        quantity: what would be ordered, rounded as the rules say; None of an order.
        held: why the rules do not let it be taken; empty where they do.
        approves: codes of what holds the case and this way too: taking it approves them.
        told: the way as audit and other programs are told of it.
    """

    number: int
    kind: str
    words: str
    probability: float | None = None
    quantity: Decimal | None = None
    held: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    told: Mapping[str, Any]


def ways_of(record: RecordedPlanning, policy: Policy, *, at: datetime) -> tuple[Way, ...]:
    """Everything that could be taken on a case, in the order it was recommended."""
    if record.kind == "order":
        return _ways_of_order(record, policy, at)
    if record.kind == "recommendation":
        return _ways_of_recommendation(record, policy)
    return ()


def way_taken(record: RecordedPlanning, policy: Policy, number: int, *, at: datetime) -> Way:
    """The way of this number, if there is one and the rules let it be taken now.

    Raises:
        InputError: `CASE-CHOICE-UNKNOWN`.
        ConflictError: `CASE-CHOICE-HELD`.
    """
    ways = ways_of(record, policy, at=at)
    way = next((one for one in ways if one.number == number), None)
    if way is None:
        raise InputError(
            "CASE-CHOICE-UNKNOWN",
            f"There is no way {number} to take on this case.",
            f"Take one of the {len(ways)} there are." if ways else "Accept it, change it or reject it.",
        )
    if way.held:
        raise ConflictError(
            "CASE-CHOICE-HELD",
            f"{way.words[:1].upper()}{way.words[1:]}: the rules hold this. {way.held[0]}",
            "Take another way, or change it until the rules let it pass.",
        )
    return way


def _ways_of_order(record: RecordedPlanning, policy: Policy, at: datetime) -> tuple[Way, ...]:
    offered: Sequence[Mapping[str, Any]] = (record.advice or {}).get("alternatives") or ()
    if not offered:
        return ()
    facts = replace(order_facts_from_text(record.facts), as_of=max(at, record.decided_at))
    services = {str(one["service"]) for one in offered if one.get("service")}
    _, possible = alternatives(facts, policy.orders, services=services)
    allowed = {(one.kind, ", ".join(one.places), one.service) for one in possible}
    return tuple(
        Way(
            number=number,
            kind=str(one["kind"]),
            words=str(one["words"]),
            probability=float(one["probability"]),
            held=() if (one["kind"], one["places"], one.get("service")) in allowed else (_NO_LONGER,),
            told=dict(one),
        )
        for number, one in enumerate(offered, start=1)
    )


def _ways_of_recommendation(record: RecordedPlanning, policy: Policy) -> tuple[Way, ...]:
    facts = replenishment_facts_from_text(record.facts)
    made, known = facts.recommendation, {one.code for one in record.found}
    rule = (record.advice or {}).get("rule")
    wished = [(RECOMMENDED, made.quantity)]
    if isinstance(rule, Mapping) and Decimal(str(rule["quantity"])) != made.quantity:
        wished.append((RULE, Decimal(str(rule["quantity"]))))
    found = []
    for number, (kind, quantity) in enumerate((one for one in wished if one[1] > 0), start=1):
        asked = replace(facts, recommendation=replace(made, quantity=quantity), ruled=None, model=None)
        rounding = round_recommendation(asked, policy.replenishment)
        findings = decide_replenishment(asked, policy, rounding).findings
        words = N_("order what is recommended") if kind == RECOMMENDED else N_("order what today's rule says")
        found.append(
            Way(
                number=number,
                kind=kind,
                words=words,
                quantity=rounding.ordered,
                held=_held(findings, known, rounding.ordered) if kind == RULE else (),
                approves=tuple(sorted({one.code for one in (*findings, *record.found) if _holds(one)} & known)),
                told={"kind": kind, "quantity": str(rounding.ordered)},
            )
        )
    return tuple(found)


def _held(findings: Sequence[Finding], known: Collection[str], quantity: Decimal) -> tuple[str, ...]:
    """What holds it beyond what is known to hold the case: that much is approved with the case."""
    if quantity <= 0:
        return (_NOTHING_LEFT,)
    return tuple(one.message for one in findings if _holds(one) and one.code not in known)


def _holds(finding: Finding) -> bool:
    return finding.outcome.rank > Outcome.SAMPLE.rank
