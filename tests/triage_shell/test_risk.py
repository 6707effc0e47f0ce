"""A model of risky invoices in the way of a paper: asked once, kept with it, replayed to the last byte."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.database import ReadSession
from core.decisions import Decision, Outcome
from models.bundle import Bundle, Bundles, make_bundle, write_bundle
from models.prediction import Prediction, Reason
from models.review.bills import FEEDS, billbook
from models.review.predict import ReviewModel
from tests.models.casework.builders import desk
from tests.models.review.builders import Ledger, ledger
from tests.triage_shell.conftest import House, invoice
from training.predictions.outcome import Period
from training.predictions.review.invoices import rows_of
from training.predictions.review.run import train
from triage import cases, decisions, policies, predictions
from triage.facts import Facts
from triage.policy import Policy
from triage.redecide import look_again, waiting
from triage.replaying import replay_all
from triage.review_risk import ReviewRisk, row_of, supplier_book
from triage.run import decide_document


@dataclass(slots=True)
class Says:
    """A model that says one thing of every paper, and counts how often it was asked."""

    probability: float
    asked: list[str] = field(default_factory=list)

    def __call__(self, session: ReadSession, facts: Facts, policy: Policy) -> Prediction:
        """The one thing."""
        self.asked.append(facts.paper.document_id)
        return Prediction(
            subject=f"document:{facts.paper.document_id}",
            probability=self.probability,
            model="review-0123456789ab",
            reasons=(Reason(feature="amount", words="the amount is 3.1 times the usual one", weight=0.7),),
        )


def _decide(house: House, says: Says | ReviewRisk | None, **header: str) -> Decision:
    house.take_in()
    return decide_document(house.db, house.lease(), invoice(header), house.policy, house.clock, risk=says)


@pytest.fixture
def house(house: House) -> House:
    """A house that works, its policy in force."""
    with house.db.write() as session:
        policies.start_with(session, policies.built_in_text(), at=house.clock.now())
    house.load_feeds()
    return house


def test_a_risky_invoice_is_held_kept_and_made_again_to_the_last_byte(house: House) -> None:
    says = Says(0.9)
    decision = _decide(house, says)
    assert (decision.outcome, [at.code for at in decision.findings]) == (Outcome.HOLD, ["MODEL-RISK"])
    assert len(says.asked) == 1
    tally = replay_all(house.db)
    assert (tally.decisions, tally.equal, tally.is_sound) == (1, 1, True)
    with house.db.read() as session:
        (kept,) = predictions.between(session, "review")
    assert (kept.subject, kept.score) == (f"document:{decision.document_id}", 0.9)


def test_a_low_score_clears_what_rules_clear_and_is_kept_with_it(house: House) -> None:
    decision = _decide(house, Says(0.1))
    assert (decision.outcome, decision.findings) == (Outcome.CLEAR, ())
    assert decision.models == ("review-0123456789ab",)
    assert replay_all(house.db).equal == 1


def test_a_case_looked_at_again_without_a_model_keeps_what_the_model_said(house: House) -> None:
    _decide(house, Says(0.9))
    house.later(60)
    house.load_feeds(
        goods_receipts="receipt_id,po_number,line_number,quantity,received_at\n"
        "R-1,4500001,1,10,2026-11-10T08:00:00Z\nR-3,4500002,1,4,2026-11-11T08:00:00Z\n"
    )
    with house.db.read() as session:
        (case_id,) = waiting(session, house.policy, limit=5)
    seen = look_again(house.db, case_id, house.policy, house.clock, actor="system")
    assert seen is not None
    assert (seen.changed, seen.case.codes) == (False, ("MODEL-RISK",))


def test_a_correction_keeps_what_the_model_said(house: House) -> None:
    house.take_in()
    decide_document(house.db, house.lease(), invoice({"payment_iban": None}), house.policy, house.clock, risk=Says(0.9))
    with house.db.write() as session:
        case = cases.next_case(session, user="anna", role="ap_clerk", at=house.clock.now())
        assert case is not None
        cases.correct(
            session,
            case.case_id,
            user="anna",
            role="ap_clerk",
            at=house.clock.now(),
            changes={"payment_iban": "DE02120300000000202051"},
            policy=house.policy,
        )
    with house.db.read() as session:
        latest = decisions.latest_decision(session, case.document_id)
    assert latest is not None
    assert latest.facts.prediction is not None
    assert "MODEL-RISK" in {finding.code for finding in latest.decision.findings}
    assert replay_all(house.db).is_sound


@pytest.fixture(scope="module")
def world() -> Ledger:
    return ledger(1500)


@pytest.fixture(scope="module")
def bundle(world: Ledger) -> Bundle:
    return train(world, Period(), seed=1, say=lambda _: None).bundle


def _csv(world: Ledger) -> str:
    return world.frame("posted_invoices").write_csv()


def test_serving_computes_what_training_did(house: House, world: Ledger, bundle: Bundle) -> None:
    house.load_feeds(posted_invoices=_csv(world))
    book = billbook({feed: world.frame(feed) for feed in FEEDS})
    base = bundle.content["base"]
    rows, model = rows_of(book, base), ReviewModel(bundle)
    last = max(number for number, bill in enumerate(book.bills) if bill.supplier_id == "S7")
    with house.db.read() as session:
        here = supplier_book(session, "S7")
    row = row_of(here, book.bills[last], book.bills[last].came, base)
    assert row == pytest.approx(list(rows[last]), nan_ok=True)
    assert model.predict("x", row).probability == pytest.approx(float(model.probabilities(rows[last : last + 1])[0]))


def test_a_bundle_is_taken_up_while_the_house_works_and_nothing_changes_without(
    house: House, bundle: Bundle, tmp_path: Path
) -> None:
    risk = ReviewRisk(Bundles(tmp_path))
    assert _decide(house, risk).models == ()
    write_bundle(bundle, tmp_path / "review.json")
    assert _decide(house, risk, invoice_number="R-8813", purchase_order_reference="4500002").models == (bundle.version,)
    assert replay_all(house.db).is_sound
    with house.db.read() as session:
        (kept,) = predictions.between(session, "review")
    assert kept.features is not None and len(kept.features) == len(bundle.content["drift"]["columns"])


def test_a_model_of_cases_says_nothing_of_invoices(house: House, tmp_path: Path) -> None:
    of_cases = train(Ledger(feeds={"exceptions": desk()}, chances={}), Period(), seed=1, say=lambda _: None).bundle
    write_bundle(of_cases, tmp_path / "review.json")
    assert _decide(house, ReviewRisk(Bundles(tmp_path))).models == ()


def test_a_model_of_other_columns_has_invoices_held_with_its_columns_named_and_no_number_kept(
    house: House, tmp_path: Path
) -> None:
    other = make_bundle("review", features=("moon",), boosters={}, content={}, card={})
    write_bundle(other, tmp_path / "review.json")
    decision = _decide(house, ReviewRisk(Bundles(tmp_path)))
    (found,) = decision.findings
    assert (decision.outcome, found.code) == (Outcome.HOLD, "MODEL-MISSING")
    assert "not made here: moon" in found.message
    assert "clearhold-train review --promote" in found.message
    assert replay_all(house.db).is_sound
    with house.db.read() as session:
        assert list(predictions.between(session, "review")) == []
