"""The decision: a join, with models and blind checks that only add scrutiny, and hashes of what it was made from."""

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest

from core.decisions import Outcome
from core.documents import DocumentType
from tests.triage.builders import OTHER_IBAN, delivery_note, facts, paper, paper_line, policy, receipt
from triage.decide import RULES_VERSION, decide, inputs_hash, sampling_chance, stored_inputs_hash
from triage.policy import ModelRules, Policy
from triage.policy_promises import Promise


def sampled(share: str, maximum: str = "100") -> Policy:
    changed = policy().sampling.model_copy(update={"share_pct": Decimal(share), "max_pct": Decimal(maximum)})
    return policy().model_copy(update={"sampling": changed})


def with_model(threshold: str = "0.8") -> Policy:
    return policy().model_copy(update={"models": {"review": ModelRules(hold_at=Decimal(threshold))}})


def test_clean_invoice_clears_under_a_named_policy_and_rules() -> None:
    decision = decide(facts(), policy())
    assert (decision.outcome, decision.findings) == (Outcome.CLEAR, ())
    assert (decision.policy_hash, decision.rules_version) == (policy().hash, RULES_VERSION)
    assert (decision.document_id, decision.decided_at) == ("doc_1", facts().as_of)


def test_outcome_is_the_strictest_finding_and_that_comes_first() -> None:
    decision = decide(facts(paper(payment_iban=OTHER_IBAN), receipts=()), policy())
    assert decision.outcome is Outcome.BLOCK
    assert [finding.code for finding in decision.findings] == ["SUP-BANK", "MATCH-NOT-RECEIVED"]


def test_note_does_not_hold() -> None:
    decision = decide(facts(paper((paper_line(1, 100, "4.00"),))), policy())
    assert decision.outcome is Outcome.CLEAR
    assert decision.findings[0].code == "MATCH-TOTAL"


@pytest.mark.parametrize(
    ("scores", "outcome", "codes"),
    [
        ({"review": 0.79}, Outcome.CLEAR, []),
        ({"review@7": 0.8}, Outcome.HOLD, ["MODEL-REVIEW"]),
        ({}, Outcome.HOLD, ["MODEL-MISSING"]),
        ({"review": float("nan")}, Outcome.HOLD, ["MODEL-MISSING"]),
        ({"review": 1.5}, Outcome.HOLD, ["MODEL-MISSING"]),
        ({"review": 0.1, "stranger": 1.0}, Outcome.CLEAR, []),
    ],
)
def test_model_holds_at_its_threshold_and_when_it_is_missing(
    scores: dict[str, float], outcome: Outcome, codes: list[str]
) -> None:
    decision = decide(facts(), with_model(), scores=scores)
    assert (decision.outcome, [finding.code for finding in decision.findings]) == (outcome, codes)
    assert decision.models == tuple(sorted(scores))


def test_everything_is_sampled_at_a_share_of_all_and_nothing_at_none() -> None:
    assert decide(facts(), sampled("100")).outcome is Outcome.SAMPLE
    assert decide(facts(), sampled("0")).outcome is Outcome.CLEAR


def test_what_is_held_is_never_sampled() -> None:
    decision = decide(facts(receipts=()), sampled("100"))
    assert decision.outcome is Outcome.HOLD
    assert "SAMPLE-DRAWN" not in {finding.code for finding in decision.findings}


def test_draw_hangs_on_the_paper_and_the_policys_seed_alone() -> None:
    hashes = [f"{number:064x}" for number in range(400)]
    drawn = [decide(facts(paper(sha256=sha)), sampled("20")).outcome is Outcome.SAMPLE for sha in hashes]
    again = [
        decide(facts(paper(sha256=sha, document_id="other")), sampled("20")).outcome is Outcome.SAMPLE for sha in hashes
    ]
    assert drawn == again
    assert 50 <= sum(drawn) <= 115


def test_chance_of_a_blind_check_grows_with_the_amount_up_to_its_maximum() -> None:
    rules = sampled("2", "10")
    chances = [
        sampling_chance(facts(paper(total_with_vat=Decimal(total))), rules) for total in (0, 10_000, 20_000, 900_000)
    ]
    assert chances == [Decimal("0.02"), Decimal("0.04"), Decimal("0.06"), Decimal("0.1")]
    assert sampling_chance(facts(delivery_note()), rules) == Decimal("0.02")


def test_amount_on_a_delivery_note_draws_it_no_more_often() -> None:
    assert sampling_chance(facts(delivery_note(total_with_vat=Decimal(10_000))), sampled("2", "10")) == Decimal("0.02")


def test_chance_of_a_blind_check_doubles_at_the_amount_of_the_papers_currency() -> None:
    double_at = {"EUR": Decimal(100), "other": Decimal(10_000)}
    rules = sampled("2", "10")
    rules = rules.model_copy(update={"sampling": rules.sampling.model_copy(update={"double_at": double_at})})
    assert sampling_chance(facts(paper(total_with_vat=Decimal(100))), rules) == Decimal("0.04")
    assert sampling_chance(facts(paper(total_with_vat=Decimal(100), currency="CHF")), rules) == Decimal("0.0202")


@pytest.mark.parametrize(
    ("least", "basis", "chance"), [("7", "promise", "0.07"), ("1", "promise", "0.02"), ("7", "typed", "0.02")]
)
def test_promise_asks_for_a_least_share_of_blind_checks(least: str, basis: str, chance: str) -> None:
    promise = Promise(
        error_pct=Decimal(1), confidence_pct=Decimal(95), window_days=365, sample_pct=Decimal(least), owner="admin"
    )
    rules = sampled("2", "10")
    rules = rules.model_copy(
        update={
            "promises": {DocumentType.INVOICE: promise},
            "confidence": rules.confidence.model_copy(update={"basis": basis}),
        }
    )
    small = paper(total_with_vat=Decimal(0))
    assert sampling_chance(facts(small), rules) == Decimal(chance)
    assert sampling_chance(facts(delivery_note()), rules) == Decimal("0.02")


def test_draw_hangs_on_the_seed_and_where_none_is_given_on_the_papers_hash() -> None:
    half = sampled("50")
    seeds = [f"{number:02}" for number in range(60)]
    by_seed = [decide(facts(), half, seed=seed).outcome for seed in seeds]
    by_hash = [decide(facts(paper(sha256=seed)), half).outcome for seed in seeds]
    assert by_seed == by_hash
    assert set(by_seed) == {Outcome.CLEAR, Outcome.SAMPLE}


def test_decision_names_its_models_and_hashes_the_very_text_of_its_facts() -> None:
    decision = decide(facts(), policy(), scores={"b@2": 0.1, "a@1": 0.2}, facts_text="{}")
    assert decision.models == ("a@1", "b@2")
    assert decision.inputs_hash == stored_inputs_hash("{}", {"a@1": 0.2, "b@2": 0.1})


def test_hash_of_what_was_stored_never_changes() -> None:
    assert stored_inputs_hash("{}", {}) == sha256(b'{"facts":{},"scores":{}}').hexdigest()
    one = sha256(b'{"facts":{},"scores":{"review":"0.5"}}').hexdigest()
    assert stored_inputs_hash("{}", {"review": 0.5}) == one


def test_inputs_hash_knows_every_fact_and_no_order() -> None:
    receipts = (receipt(1, 60), receipt(1, 40, receipt_id="GR-2"))
    here = facts(receipts=receipts)
    assert inputs_hash(here) == inputs_hash(replace(here, receipts=receipts[::-1]))
    assert inputs_hash(here) != inputs_hash(replace(here, receipts=receipts[:1]))
    assert inputs_hash(here) != inputs_hash(here, {"review": 0.5})


def test_paper_of_no_known_kind_never_clears() -> None:
    for kind in set(DocumentType) - set(policy().documents):
        assert decide(facts(paper(document_type=kind)), policy()).outcome is not Outcome.CLEAR
