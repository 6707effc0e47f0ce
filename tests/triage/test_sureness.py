"""How sure a value must be: typed, or proven by labelled history, or never without a person."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions import Outcome
from core.documents import DocumentType, Source
from tests.triage.builders import check, facts, paper, paper_line, policy, the
from triage.decide import decide, sampling_chance
from triage.facts import Facts, Paper
from triage.policies import built_in_text
from triage.policy import Policy, load_policy
from triage.promise_facts import FieldNeed, PromiseInForce
from triage.sureness import least_exact, need_of, source_of_paper

CODE = "DOC-CONFIDENCE"
NAMES = (
    "invoice_number",
    "issue_date",
    "currency",
    "total_with_vat",
    "purchase_order_reference",
    "payment_iban",
    "total_without_vat",
    "total_vat",
    "lines.quantity",
    "lines.line_net_amount",
)


def promising(share: str = "0") -> Policy:
    """The policy a new house starts with, its blind checks at this share."""
    loaded = load_policy(built_in_text())
    quiet = loaded.sampling.model_copy(update={"share_pct": Decimal(0)})
    promises = {
        kind: promise.model_copy(update={"sample_pct": Decimal(share)}) for kind, promise in loaded.promises.items()
    }
    return loaded.model_copy(update={"sampling": quiet, "promises": promises})


def scan(**changes: Any) -> Paper:
    return replace(paper(), source=Source.OCR, **changes)


def promise(thresholds: Mapping[str, str | None] = {}, **changes: Any) -> PromiseInForce:
    """0.5 % on scans, proven by 2,310 papers; every threshold 0.97 unless the test says otherwise."""
    needs = {name: thresholds.get(name, "0.97") for name in NAMES}
    record = PromiseInForce(
        version=3,
        source="ocr",
        error_pct=Decimal("0.5"),
        confidence_pct=Decimal(95),
        papers=2_310,
        fields=tuple(
            FieldNeed(field=name, threshold=None if least is None else Decimal(least), labels=2_000)
            for name, least in needs.items()
        ),
    )
    return replace(record, **changes)


def situation(the_paper: Paper | None = None, **changes: Any) -> Facts:
    return facts(the_paper or scan(), promise=promise(), **changes)


def less_sure(name: str, confidence: float) -> Paper:
    return scan(confidences={**paper().confidences, name: confidence})


def test_scan_whose_values_all_reach_their_thresholds_clears() -> None:
    assert decide(situation(), promising()).outcome is Outcome.CLEAR


def test_value_under_its_threshold_is_held_and_says_what_the_threshold_rests_on() -> None:
    found = the(CODE, situation(less_sure("invoice_number", 0.91)), promising())
    assert found.message == (
        "The invoice number was read, but not surely enough: 0.91, needed 0.97: "
        "the promise of 0.5 % on scans rests on 2,310 labelled papers."
    )
    assert (found.expected, found.actual, found.outcome) == ("confidence 0.97 or more", "0.91", Outcome.HOLD)


def test_value_of_a_line_under_its_threshold_is_held() -> None:
    assert "line 1: quantity not sure" in the(CODE, situation(less_sure("lines.1.quantity", 0.96)), promising()).message


def test_without_history_one_finding_waits_for_a_person_for_all_values() -> None:
    found = the(CODE, facts(scan()), promising())
    assert found.message == (
        "A person must confirm invoice number, invoice date, currency, total with VAT, order number, IBAN, total "
        "without VAT, total VAT, quantity, net amount: there is no labelled history yet that bears out a promise."
    )
    assert (found.subject, found.expected) == ("confidence", "confirmed by a person")


def test_too_little_history_says_how_much_it_takes() -> None:
    little = promise(dict.fromkeys(NAMES), papers=212, needed=600)
    found = the(CODE, facts(scan(), promise=little), promising())
    assert found.message.endswith("too little history: 212 labelled papers, about 600 are needed.")
    nobody_knows = promise(dict.fromkeys(NAMES), papers=212)
    assert the(CODE, facts(scan(), promise=nobody_knows), promising()).message.endswith("212 labelled papers.")


def test_field_without_a_threshold_waits_while_the_others_clear() -> None:
    found = the(CODE, facts(scan(), promise=promise({"payment_iban": None})), promising())
    assert found.message.startswith("A person must confirm IBAN: ")
    assert [place.text for place in found.evidence] == ["payment_iban"]


def test_values_a_person_has_confirmed_need_no_history() -> None:
    confirmed = scan(confidences=dict.fromkeys(paper().confidences, 1.0))
    assert check(facts(confirmed), promising()) == ()


def test_value_that_is_not_on_the_paper_waits_for_nobody() -> None:
    none_there = replace(less_sure("currency", 0.99), payment_iban=None)
    assert decide(facts(none_there, promise=promise({"payment_iban": None})), promising()).outcome is Outcome.CLEAR


def test_data_needs_no_history_but_keeps_its_floor() -> None:
    data = replace(scan(), source=Source.UBL)
    assert decide(facts(data), promising()).outcome is Outcome.CLEAR
    unsure = replace(less_sure("invoice_number", 0.79), source=Source.UBL)
    assert the(CODE, facts(unsure), promising()).expected == "confidence 0.8 or more"


def test_data_is_held_once_blind_checks_have_broken_its_promise() -> None:
    data = replace(scan(confidences=dict.fromkeys(paper().confidences, 1.0)), source=Source.UBL)
    broken = promise(source="ubl", is_broken=True, fields=())
    assert "blind checks have broken the promise on UBL" in the(CODE, facts(data, promise=broken), promising()).message


def test_value_from_another_source_than_its_paper_is_judged_by_its_own() -> None:
    mixed = replace(scan(), source=Source.CII, sources={"payment_iban": Source.TEXT_LAYER})
    assert the(CODE, facts(mixed), promising()).message.startswith("A person must confirm IBAN: ")
    in_lines = replace(scan(), source=Source.CII, sources={"lines.1.quantity": Source.OCR})
    assert the(CODE, facts(in_lines), promising()).message.startswith("A person must confirm quantity: ")


def test_typed_numbers_stay_floors() -> None:
    low = promise(dict.fromkeys(NAMES, "0.1"))
    found = the(CODE, facts(less_sure("invoice_number", 0.79), promise=low), promising())
    assert found.expected == "confidence 0.8 or more"


@pytest.mark.parametrize("terms", [{"error_pct": Decimal("0.6")}, {"confidence_pct": Decimal(94)}])
def test_promise_that_was_derived_for_less_than_the_policy_asks_bears_nothing_out(terms: Mapping[str, Any]) -> None:
    found = the(CODE, facts(scan(), promise=promise(**terms)), promising())
    assert found.message.startswith("A person must confirm")


def test_typed_basis_asks_for_no_promise() -> None:
    assert decide(facts(scan()), policy()).outcome is Outcome.CLEAR


def test_paper_is_as_exact_as_its_least_exact_source() -> None:
    assert least_exact(["ubl", "ocr", "text_layer"]) == "ocr"
    assert least_exact(["edifact", "text_layer"]) == "text_layer"
    assert least_exact([]) is None
    assert source_of_paper(replace(scan(), source=Source.UBL, sources={"currency": Source.TEXT_LAYER})) == "text_layer"
    assert source_of_paper(paper()) is None


def test_promise_asks_for_a_least_share_of_blind_checks() -> None:
    assert sampling_chance(situation(), promising("7")) == Decimal("0.07")
    much = promising("7").model_copy(update={"sampling": load_policy(built_in_text()).sampling})
    dear = paper((paper_line(1, 100, 100_000),))
    assert sampling_chance(facts(dear), much) == Decimal("0.1")
    assert sampling_chance(situation(), policy()) == 0


@pytest.mark.law
@given(st.sampled_from(NAMES[:8]), st.decimals(0, 1, places=3), st.decimals(0, 1, places=3), st.floats(0, 1, width=16))
def test_a_higher_threshold_never_clears_what_a_lower_one_holds(
    name: str, one: Decimal, other: Decimal, confidence: float
) -> None:
    low, high = sorted((one, other))
    here = less_sure(name, confidence)
    held_low = check(facts(here, promise=promise({name: str(low)})), promising())
    held_high = check(facts(here, promise=promise({name: str(high)})), promising())
    assert len(held_high) >= len(held_low)
    assert need_of(facts(here, promise=promise({name: str(high)})), name, promising()).threshold >= high


def test_every_kind_with_rules_has_a_promise() -> None:
    assert promising().promises.keys() == promising().documents.keys()
    assert DocumentType.INVOICE in promising().promises
