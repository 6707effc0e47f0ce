"""What leaves the house: every event of real cases has the form of its schema, and nothing of people or banks in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from core.clock import FixedClock
from core.database import Database
from ingest.store import DocumentStore
from tests.triage.builders import AS_OF
from tests.triage.order_builders import order_facts, sales_line
from tests.triage.replenishment_builders import replenishment_facts
from tests.triage_shell.conftest import House, invoice
from triage import cases, events, outbox, planning_flow
from triage.controls.catalogue import CONTROLS, FLOORS, PLANNING_ROWS
from triage.decide_order import decide_order
from triage.decide_replenishment import decide_replenishment
from triage.planning_judged import judged_order, judged_recommendation
from triage.policies import built_in_text
from triage.policy import load_policy
from triage.rounding import round_recommendation
from triage.score_orders import ScoredOrder
from triage.score_replenishment import ScoredRecommendation
from triage.taxonomy import categories

POLICY = load_policy(built_in_text())
IBAN = "DE89370400440532013000"


@pytest.fixture
def told(database: Database, tmp_path: Path, clock: FixedClock) -> list[dict[str, Any]]:
    """Everything that is told of a paper somebody sends back, of an order without stock, and of a recommendation."""
    house = House(db=database, store=DocumentStore(tmp_path / "documents"), clock=clock, policy=POLICY)
    house.load_feeds()
    case = house.case(invoice({"payment_iban": IBAN}))
    with database.write() as session:
        cases.claim(session, case.case_id, user="anna", at=clock.now())
    with database.write() as session:
        cases.resolve(
            session, case.case_id, user="anna", role="ap_clerk", at=clock.now(), resolution="reject",
            reason_code="wrong_quantity", comment="Call Ms Nordlicht", policy=POLICY,
        )  # fmt: skip
    facts = order_facts(sales_line(1, 110))
    order = judged_order(
        ScoredOrder(facts=facts, decision=decide_order(facts, POLICY, None), prediction=None),
        POLICY,
        advice={"recommendations": [{"kind": "split", "words": "for Ms Huber", "probability": 0.4, "places": "A, B"}]},
    )
    wanted = replenishment_facts()
    rounding = round_recommendation(wanted, POLICY.replenishment)
    scored = ScoredRecommendation(
        facts=wanted, rounding=rounding, decision=decide_replenishment(wanted, POLICY), reorder=None
    )
    advised = [order, judged_recommendation(scored, POLICY)]
    planning_flow.keep_all(database, advised, POLICY, FixedClock(AS_OF), actor="system")
    with database.read() as session:
        return [json.loads(events.cloud_event(one, "urn:clearhold")) for one in outbox.undelivered(session)]


def test_every_event_has_the_form_of_its_schema(told: list[dict[str, Any]]) -> None:
    assert {event["type"] for event in told} == set(events.TYPES)
    for event in told:
        schema = events.schema_of(event["type"])
        assert schema["$id"] == event["dataschema"]
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(event["data"])


def test_nothing_of_people_or_banks_or_what_was_written_leaves(told: list[dict[str, Any]]) -> None:
    everything = json.dumps(told)
    for never in (IBAN, "DE0212", "anna", "Call Ms", "Huber", "Nordlicht", "first_approval", "comment", "seed"):
        assert never not in everything
    order = next(event for event in told if event["type"] == "recommendation.made" and event["data"]["kind"] == "order")
    assert order["data"]["advice"]["recommendations"][0]["kind"] == "split"


@pytest.mark.parametrize("event_type", sorted(events.DATA))
def test_every_schema_is_one(event_type: str) -> None:
    Draft202012Validator.check_schema(events.schema_of(event_type))


def test_the_taxonomy_knows_every_code_once_with_an_owner_and_a_queue() -> None:
    found = categories(POLICY)
    codes = [one.code for one in found]
    assert sorted(set(codes)) == codes
    assert {row.code for row in (*CONTROLS, *FLOORS, *PLANNING_ROWS)} == set(codes)
    assert {one.default_queue for one in found} == {"ap", "planning"}
    assert {one.owner for one in found} == {"ap_clerk", "ap_approver", "planner", "the ERP"}
