"""Planners' cases: opened once, changed, ended and taken back, and every decision made again to the last byte."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from core.clock import FixedClock
from core.database import Database
from core.decisions import Outcome
from core.errors import ConflictError, ForbiddenError, InputError
from models.prediction import Prediction, Reason
from tests.triage.builders import AS_OF
from tests.triage.order_builders import level, order_facts, sales_line, sales_order
from tests.triage.replenishment_builders import replenishment_facts
from triage import case_queue, case_rows, cases, outbox, planning_decisions, policies, replaying, taking_back
from triage.case_records import CaseSummary, Resolution
from triage.decide_order import decide_order
from triage.decide_replenishment import decide_replenishment
from triage.order_facts import OrderFacts
from triage.planning_flow import Kept, keep, keep_all
from triage.planning_judged import Judged, judged_order, judged_recommendation, subject_key
from triage.policies import built_in_text
from triage.policy import Policy
from triage.policy_people import Route
from triage.replenishment_facts import BudgetUse
from triage.rounding import round_recommendation
from triage.score_orders import ScoredOrder
from triage.score_replenishment import ScoredRecommendation

SUBJECT = "sales_order:SO-1"


@pytest.fixture
def house(either_database: Database) -> Policy:
    """The policy in force, without draws."""
    words = built_in_text().replace("share_pct = 2\n", "share_pct = 0\n")
    with either_database.write() as session:
        return policies.start_with(session, words, at=AS_OF).policy


def late(probability: float) -> Prediction:
    reason = Reason(feature="carrier", words="carrier DHL was late in 31 % of its last 40 orders", weight=0.9)
    return Prediction(subject=SUBJECT, probability=probability, model="sla-miss-0123456789ab", reasons=(reason,))


def order(rules: Policy, *, wanted: int = 10, said: float | None = None, days: int = 0, **changes: Any) -> Judged:
    """An order for so many of a hundred in stock, decided `days` later."""
    facts: OrderFacts = order_facts(sales_line(1, wanted), **changes)
    later = timedelta(days=days)
    feeds = tuple(replace(feed, loaded_at=feed.loaded_at + later) for feed in facts.feeds if feed.loaded_at)
    facts = replace(facts, as_of=AS_OF + later, feeds=feeds)
    prediction = None if said is None else late(said)
    decision = decide_order(facts, rules, None, prediction)
    return judged_order(ScoredOrder(facts=facts, decision=decision, prediction=prediction), rules)


def kept(db: Database, rules: Policy, *judged: Judged, days: int = 0) -> Kept:
    return keep_all(db, judged, rules, FixedClock(AS_OF + timedelta(days=days, minutes=5)), actor="system")


def waiting(db: Database) -> tuple[CaseSummary, ...]:
    with db.read() as session:
        return tuple(one for one in case_queue.list_cases(session).cases if one.state != "resolved")


def resolve(
    db: Database, rules: Policy, case: CaseSummary, how: str = "approve", reason: str = "customer_agreed",
    *, user: str = "pia", role: str = "planner", days: int = 0,
) -> CaseSummary:  # fmt: skip
    with db.write() as session:
        return cases.resolve(
            session, case.case_id, user=user, role=role, at=AS_OF + timedelta(days=days, hours=1), resolution=how,
            reason_code=reason, policy=rules,
        )  # fmt: skip


def runs(db: Database, subject: str = SUBJECT) -> list[str]:
    with db.read() as session:
        return [one.outcome for one in planning_decisions.of_subject(session, subject)]


def events(db: Database) -> list[str]:
    with db.read() as session:
        return [event.type for event in outbox.undelivered(session)]


def test_a_held_order_opens_a_case_for_planners_and_a_clear_one_none(either_database: Database, house: Policy) -> None:
    assert kept(either_database, house, order(house)) == Kept(decided=1)
    assert waiting(either_database) == ()
    assert kept(either_database, house, order(house, wanted=110)) == Kept(decided=1, opened=1)
    (case,) = waiting(either_database)
    assert (case.kind, case.queue, case.document_id, case.codes) == ("order", "planning", SUBJECT, ("ORD-STOCK",))
    assert case.subject == "Order SO-1 · standard · Wien, AT"
    assert (case.total, case.currency) == (Decimal("250.00"), "EUR")
    assert case.priority > 0
    assert sorted(events(either_database)) == ["case.opened", "decision.made", "decision.made"]


def test_scoring_again_opens_no_second_case_and_decides_nothing_twice(either_database: Database, house: Policy) -> None:
    kept(either_database, house, order(house, wanted=110))
    assert kept(either_database, house, order(house, wanted=110)) == Kept(as_before=1)
    assert kept(either_database, house, order(house, wanted=120)) == Kept(decided=1, changed=1)
    assert len(waiting(either_database)) == 1
    assert runs(either_database) == ["hold", "hold"]


def test_what_is_older_than_the_newest_decision_changes_nothing(either_database: Database, house: Policy) -> None:
    kept(either_database, house, order(house, wanted=110, days=2))
    assert kept(either_database, house, order(house, wanted=10, days=1)) == Kept(as_before=1)
    assert len(waiting(either_database)) == 1


def test_a_probability_that_moves_a_little_is_no_news_and_one_that_moves_the_queue_is(
    either_database: Database, house: Policy
) -> None:
    kept(either_database, house, order(house, said=0.60))
    (case,) = waiting(either_database)
    assert case.codes == ("MODEL-LATE",)
    assert kept(either_database, house, order(house, said=0.61)) == Kept(as_before=1)
    assert kept(either_database, house, order(house, said=0.95)) == Kept(decided=1, changed=1)
    (after,) = waiting(either_database)
    assert after.case_id == case.case_id
    assert after.priority > case.priority


def test_what_clears_now_ends_its_case_and_a_new_reason_opens_another(either_database: Database, house: Policy) -> None:
    kept(either_database, house, order(house, wanted=110))
    (case,) = waiting(either_database)
    assert kept(either_database, house, order(house, days=1), days=1) == Kept(decided=1, ended=1)
    with either_database.read() as session:
        assert case_rows.get(session, case.case_id).resolution is Resolution.CLEARED_BY_FACTS
    assert kept(either_database, house, order(house, wanted=110, days=1), days=1) == Kept(decided=1, opened=1)


def test_what_a_planner_has_accepted_stays_quiet_for_some_days_unless_something_else_is_found(
    either_database: Database, house: Policy
) -> None:
    kept(either_database, house, order(house, wanted=110))
    (case,) = waiting(either_database)
    resolve(either_database, house, case)
    assert kept(either_database, house, order(house, wanted=112, days=1), days=1) == Kept(as_before=1)
    far = sales_order(promised_at=AS_OF + timedelta(days=30))
    assert kept(either_database, house, order(house, wanted=110, said=0.9, days=2), days=2).opened == 1
    resolve(either_database, house, waiting(either_database)[0], days=2)
    assert kept(either_database, house, order(house, wanted=110, days=3), days=3) == Kept(as_before=1)
    assert kept(either_database, house, order(house, wanted=110, days=10, order=far), days=10).opened == 1


def test_a_kill_in_between_loses_and_doubles_nothing(either_database: Database, house: Policy) -> None:
    first = order(house, wanted=110)
    with pytest.raises(RuntimeError), either_database.write() as session:
        keep(session, [first], house, at=AS_OF, actor="system")
        raise RuntimeError("killed")
    assert (waiting(either_database), runs(either_database), events(either_database)) == ((), [], [])
    kept(either_database, house, first)
    assert (len(waiting(either_database)), runs(either_database)) == (1, ["hold"])


def test_a_planner_claims_accepts_and_takes_back_a_clerk_may_not_and_reasons_are_planners(
    either_database: Database, house: Policy
) -> None:
    kept(either_database, house, order(house, wanted=110))
    (case,) = waiting(either_database)
    with either_database.write() as session:
        cases.claim(session, case.case_id, user="pia", at=AS_OF)
    with pytest.raises(ForbiddenError) as refused:
        with either_database.write() as session:
            cases.release(session, case.case_id, user="pia", at=AS_OF)
        resolve(either_database, house, case, user="carl", role="ap_clerk")
    assert refused.value.code == "CASE-RELEASE-ROLE"
    with pytest.raises(InputError) as unknown:
        resolve(either_database, house, case, reason="price_agreed")
    assert "customer_agreed" in unknown.value.remedy
    after = resolve(either_database, house, case)
    assert (after.state, after.resolved_by, after.reason_code) == ("resolved", "pia", "customer_agreed")
    with either_database.write() as session:
        again = taking_back.undo(session, case.case_id, user="pia", at=AS_OF + timedelta(hours=1, minutes=2))
    assert (again.state, again.claimed_by, again.resolution) == ("claimed", "pia", None)
    after = resolve(either_database, house, again, "reject", "cancelled")
    assert after.resolution is Resolution.REJECT
    assert "case.resolved" in events(either_database)


def test_a_planners_case_has_no_paper_to_correct(either_database: Database, house: Policy) -> None:
    kept(either_database, house, order(house, wanted=110))
    (case,) = waiting(either_database)
    with pytest.raises(ConflictError, match="about an order"), either_database.write() as session:
        cases.correct(
            session, case.case_id, user="pia", role="planner", at=AS_OF, changes={"currency": "USD"}, policy=house
        )


def test_a_route_that_names_the_kind_gets_it_and_papers_never_do(either_database: Database, house: Policy) -> None:
    dear = Route(
        name="dear", kinds=("order",), min_amount={"EUR": Decimal(200), "other": None}, queue="key-accounts",
        needs_role="planner", priority_factor=Decimal(2),
    )  # fmt: skip
    rules = house.model_copy(update={"routes": (dear, *house.routes)})
    kept(either_database, rules, order(rules, wanted=110))
    cheap = sales_order(order_id="SO-2", order_value=Decimal(20))
    kept(either_database, rules, order(rules, wanted=110, order=cheap))
    assert {case.document_id: (case.queue, case.needs_role) for case in waiting(either_database)} == {
        SUBJECT: ("key-accounts", "planner"),
        "sales_order:SO-2": ("planning", None),
    }


def recommendation(rules: Policy, **changes: Any) -> Judged:
    facts = replenishment_facts(**changes)
    rounding = round_recommendation(facts, rules.replenishment)
    decision = decide_replenishment(facts, rules, rounding)
    scored = ScoredRecommendation(facts=facts, decision=decision, rounding=rounding)
    return judged_recommendation(scored, rules, advice={"model": "replenishment-0123456789ab"})


def test_a_recommendation_is_told_with_todays_rule_and_one_item_at_a_place_has_one_case(
    either_database: Database, house: Policy
) -> None:
    held = recommendation(house, item=None)
    assert kept(either_database, house, held).opened == 1
    (case,) = waiting(either_database)
    assert case.kind == "recommendation"
    assert case.document_id.count("/") == 1
    with either_database.read() as session:
        told = [event for event in outbox.undelivered(session) if event.type == "recommendation.made"]
        detail = case_queue.show_planning(session, case.case_id)
    assert told[0].json["advice"]["quantity"] == detail.decision.advice["quantity"]  # type: ignore[index]
    assert detail.decision.outcome == Outcome.HOLD
    assert detail.history


def change(db: Database, rules: Policy, case: CaseSummary, **changes: str) -> CaseSummary:
    with db.write() as session:
        return cases.correct(
            session, case.case_id, user="pia", role="planner", at=AS_OF + timedelta(hours=1), changes=changes,
            policy=rules,
        )  # fmt: skip


def test_a_changed_recommendation_is_judged_again_and_clears_by_itself_or_stays_held(
    either_database: Database, house: Policy
) -> None:
    budget = house.replenishment.budgets[0].model_copy(update={"amount": Decimal(500)})
    rules = house.model_copy(update={"replenishment": house.replenishment.model_copy(update={"budgets": (budget,)})})
    dear = recommendation(rules, budgets=(BudgetUse(name=budget.name, used_amount=Decimal(0)),), quantity=5_000)
    assert kept(either_database, rules, dear).opened == 1
    (case,) = waiting(either_database)
    for wrong, code in (
        ("no", "CASE-VALUE-UNREADABLE"),
        ("0", "CASE-VALUE-UNREADABLE"),
        ("5000", "CASE-NOTHING-CHANGED"),
    ):
        with pytest.raises(InputError) as refused:
            change(either_database, rules, case, quantity=wrong)
        assert refused.value.code == code
    with pytest.raises(InputError, match="no supplier_id"):
        change(either_database, rules, case, supplier_id="S9")
    less = change(either_database, rules, case, quantity="4000")
    assert (less.state, less.kind) == ("open", "recommendation")
    after = change(either_database, rules, less, quantity="12")
    assert (after.state, after.resolution, after.resolved_by) == ("resolved", Resolution.CORRECTED, "pia")
    assert runs(either_database, case.document_id) == ["hold", "hold", "clear"]
    with either_database.read() as session:
        newest = planning_decisions.latest(session, case.document_id)
    assert newest is not None
    assert (newest.advice or {})["quantity"] == "12"


def test_an_escalated_case_waits_for_an_administrator(either_database: Database, house: Policy) -> None:
    kept(either_database, house, order(house, wanted=110))
    (case,) = waiting(either_database)
    with either_database.write() as session:
        after = cases.escalate(session, case.case_id, user="pia", role="planner", at=AS_OF)
    assert after.needs_role == "admin"
    assert resolve(either_database, house, after, user="ada", role="admin").state == "resolved"


def test_decisions_are_made_again_byte_for_byte_and_a_changed_one_is_found(
    either_database: Database, house: Policy
) -> None:
    kept(
        either_database, house, order(house, wanted=110), order(house, said=0.9, order=sales_order(order_id="SO-2")),
        order(house, order=sales_order(order_id="SO-3"), stock=(level(on_hand=3),)), recommendation(house),
    )  # fmt: skip
    assert (replaying.replay_all(either_database).equal, replaying.replay_all(either_database).decisions) == (4, 4)
    (first, *_) = waiting(either_database)
    assert replaying.replay_case(either_database, first.case_id).is_sound
    with either_database.engine.begin() as connection:
        connection.execute(text("UPDATE planning_decisions SET outcome = 'clear' WHERE subject = :s"), {"s": SUBJECT})
    tally = replaying.replay_all(either_database)
    assert {(one.document_id, one.field) for one in tally.mismatches} == {(SUBJECT, "outcome")}
    with either_database.engine.begin() as connection:
        connection.execute(text("DELETE FROM planning_decisions WHERE subject = :s"), {"s": SUBJECT})
    (lost,) = replaying.replay_all(either_database).mismatches
    assert (lost.document_id, lost.stored) == (SUBJECT, "no such decision")


@pytest.mark.parametrize("column", ["facts", "prediction", "findings"])
def test_what_was_changed_afterwards_is_named(either_database: Database, house: Policy, column: str) -> None:
    kept(either_database, house, order(house, said=0.9))
    change = f"UPDATE planning_decisions SET {column} = replace(replace({column}, '0.9', '0.8'), '250', '251')"
    with either_database.engine.begin() as connection:
        connection.execute(text(change))
    tally = replaying.replay_all(either_database)
    assert not tally.is_sound
    assert {"facts": "facts", "prediction": "facts", "findings": "findings"}[column] in {
        one.field for one in tally.mismatches
    }


def test_a_very_long_name_keeps_its_case_apart_from_others() -> None:
    long, other = (subject_key(f"recommendation:{'I' * 300}{end}/S1") for end in "ab")
    assert len(long) <= 200
    assert long != other
    assert subject_key("sales_order:O1") == "sales_order:O1"
