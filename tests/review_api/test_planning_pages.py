"""The page of a planner's case: what was found, what a model says and why, today's rule beside what is recommended."""

import re
from dataclasses import replace

from core.decisions import Decision, Finding, Outcome
from models.prediction import Prediction, Reason
from tests.review_api.conftest import Desk, csrf_of
from tests.review_api.test_score_api import load
from tests.triage.order_builders import order_facts, sales_line
from triage import planning_flow
from triage.decide_order import decide_order
from triage.planning_judged import Judged, judged_order, judged_recommendation
from triage.score_orders import ScoredOrder
from triage.score_replenishment import ScoredRecommendation, score_replenishment


def keep(desk: Desk, judged: Judged) -> str:
    services = desk.services
    planning_flow.keep_all(services.db, [judged], services.policy, services.clock, actor="system")
    planner = desk.client("planner")
    (case,) = planner.get("/v1/cases", params={"queue": "planning"}).json()["cases"]
    return str(case["case_id"])


def late_order(desk: Desk) -> Judged:
    facts = replace(order_facts(sales_line(1, 10)), as_of=desk.services.clock.now())
    reasons = (
        Reason(feature="carrier", words="carrier <DHL> was late in 31 % of its last 40 orders", weight=0.9),
        Reason(feature="span", words="12 days until the promise", weight=-0.2),
    )
    said = Prediction(subject=facts.key, probability=0.82, model="sla-miss-0123456789ab", reasons=reasons)
    decision = decide_order(facts, desk.services.policy, None, said)
    advice = {"recommendations": [{"kind": "upgrade_service", "words": "Send it express", "probability": 0.2}]}
    scored = ScoredOrder(facts=facts, decision=decision, prediction=said)
    return judged_order(scored, desk.services.policy, advice=advice)


def test_the_page_says_what_is_predicted_why_and_what_is_recommended(desk: Desk) -> None:
    case_id = keep(desk, late_order(desk))
    page = desk.client("admin").get(f"/cases/{case_id}").text
    assert "Order SO-1" in page
    assert "A model says: 82%" in page
    assert "carrier &lt;DHL&gt; was late in 31 % of its last 40 orders" in page
    assert "lowers it" in page
    assert "Send it express" in page
    assert "The recommendation is followed" in page
    assert "Price agreed with the buyer" not in page
    assert "on paper" not in page


def test_a_planner_accepts_on_the_page_and_may_take_it_back(desk: Desk) -> None:
    case_id = keep(desk, late_order(desk))
    planner = desk.client("planner", "pia")
    page = planner.get(f"/cases/{case_id}").text
    version = re.search(r'data-version="(\d+)"', page)
    assert version is not None
    form = {"csrf": csrf_of(page), "version": version[1], "resolution": "approve", "reason_code": "expected"}
    answer = planner.post(f"/cases/{case_id}/resolve", data=form)
    assert answer.status_code == 303
    after = planner.get(answer.headers["location"]).text
    assert "Expected: a promotion, an event, a season" in after
    assert "undo" in after


def test_todays_rule_stands_beside_a_recommendation(desk: Desk) -> None:
    services = desk.services
    load(services.db, services.clock.now())
    with services.db.read() as session:
        (scored,) = score_replenishment(session, services.policy, as_of=services.clock.now())
    held = held_recommendation(scored)
    page = desk.client("admin").get(f"/cases/{keep(desk, judged_recommendation(held, services.policy))}").text
    assert "today&#39;s rule" in page or "today's rule" in page
    assert re.search(r"<td>reorder point</td>\s*<td class=\"num\"></td>\s*<td class=\"num\">18</td>", page)
    assert re.search(r"<td>quantity</td>\s*<td class=\"num\">24</td>\s*<td class=\"num\">50</td>", page)


def held_recommendation(scored: ScoredRecommendation) -> ScoredRecommendation:
    return replace(scored, decision=_held(scored.decision))


def _held(decision: Decision) -> Decision:
    finding = Finding(code="REP-BUDGET", outcome=Outcome.HOLD, message="The budget is used up.")
    return replace(decision, outcome=Outcome.HOLD, findings=(finding,))


def test_the_queue_shows_a_planners_case_to_planners_and_to_clerks_only_where_they_look(desk: Desk) -> None:
    keep(desk, late_order(desk))
    assert "Order SO-1" in desk.client("planner", "pia").get("/").text
    clerk = desk.client("ap_clerk")
    assert "Order SO-1" not in clerk.get("/").text
    assert "Order SO-1" in clerk.get("/", params={"tab": "planning"}).text


def test_another_quantity_is_judged_again_where_it_is_typed(desk: Desk) -> None:
    services = desk.services
    load(services.db, services.clock.now())
    with services.db.read() as session:
        (scored,) = score_replenishment(session, services.policy, as_of=services.clock.now())
    held = held_recommendation(scored)
    case_id = keep(desk, judged_recommendation(held, services.policy))
    planner = desk.client("planner", "pia")
    page = planner.get(f"/cases/{case_id}").text
    version = re.search(r'data-version="(\d+)"', page)
    assert version is not None
    form = {"csrf": csrf_of(page), "version": version[1], "field.quantity": "lots"}
    refused = planner.post(f"/cases/{case_id}/correct", data=form)
    assert (refused.status_code, "is no quantity to order" in refused.text) == (422, True)
    assert planner.post(f"/cases/{case_id}/correct", data=form | {"field.quantity": "12"}).status_code == 303
    after = planner.get(f"/v1/cases/{case_id}").json()
    assert (after["state"], after["resolution"], after["advice"]["quantity"]) == ("resolved", "corrected", "12")
