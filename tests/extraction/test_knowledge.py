"""What a house knows besides the paper: it speaks for candidates of its own supplier's papers, and never decides."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Extraction, Reading
from extraction.bundle import default_bundle
from extraction.extract import extract, scene_of
from extraction.features import KINDS
from extraction.knowledge import (
    EMPTY,
    Correction,
    Hints,
    Knowledge,
    PaperKeys,
    Place,
    RememberedPaper,
    knowledge_from_json,
    knowledge_to_json,
    make_knowledge,
)
from extraction.knowledge_keys import likeness, newest_of_each
from extraction.knowledge_learn import learn
from extraction.knowledge_place import shape_of
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of

UNKNOWN = "Belegkennung:"
Rows = list[Cells | str | None]


def paper(
    *, label: str = UNKNOWN, number: str = "77/2026-A", lines: int = 1, changed: Mapping[str, str] = {}
) -> Reading:
    """The invoice, its order number under a label nobody knows, with more lines if wanted."""
    rows: Rows = []
    for row in INVOICE:
        if row is None or isinstance(row, str):
            rows.append(changed.get(row, row) if row else None)
            continue
        cells = [(x, changed.get(text, text)) for x, text in row]
        if cells[0][1] == "50667 Köln":
            cells = [cells[0], (320, label), (450, number)]
        rows.append(cells)
        if cells[0][1] == "1":
            rows += [[(40, "1"), (80, "Papier A4 weiß"), (300, "10"), (380, "0,00"), (480, "0,00")]] * (lines - 1)
    return reading_of(page_of(rows))


def corrected(reading: Reading, field: str, value: str, *, memory_id: str = "mem_1", weight: float = 1.0) -> Knowledge:
    """Knowledge of one correction."""
    said = {name: found.value for name, found in extract(reading).fields.items()}
    learnt = learn(reading, {field: value}, said | {field: value}, default_bundle())
    correction = Correction(
        memory_id=memory_id, field=field, place=learnt.places[field], on="2026-11-20", weight=weight
    )
    return make_knowledge([RememberedPaper(paper=learnt.paper, corrections=(correction,))], Hints())


def unversioned(extraction: Extraction) -> Extraction:
    return replace(extraction, knowledge=None)


def test_what_was_corrected_once_is_read_on_the_next_paper_of_that_layout() -> None:
    knowledge = corrected(paper(), "purchase_order_reference", "77/2026-A")
    following = paper(number="81/2026-C", lines=3, changed={"RE-2026-0034": "RE-2026-0071", "05.11.2026": "17.12.2026"})
    before = extract(following).fields.get("purchase_order_reference")
    after = extract(following, knowledge=knowledge)
    found = after.fields["purchase_order_reference"]
    assert before is None or before.value != "81/2026-C" or before.confidence < found.confidence
    assert found.value == "81/2026-C"
    assert "stands where it was corrected before, on 2026-11-20" in found.reasons
    assert after.knowledge == knowledge.version
    assert [(one.field, one.memory_id, one.followed) for one in after.recalls] == [
        ("purchase_order_reference", "mem_1", True)
    ]


def test_empty_knowledge_changes_nothing() -> None:
    assert extract(paper(), knowledge=EMPTY) == extract(paper())
    assert make_knowledge([], Hints()) is EMPTY
    assert extract(paper()).knowledge is None


def test_knowledge_of_another_supplier_changes_nothing() -> None:
    other = paper(
        changed={"Muster Handels GmbH": "Andere Waren AG", "USt-IdNr.: DE232446240": "USt-IdNr.: DE136695976"}
    )
    knowledge = corrected(other, "purchase_order_reference", "77/2026-A")
    assert unversioned(extract(paper(), knowledge=knowledge)) == extract(paper())


def test_a_shared_bank_account_alone_does_not_make_a_supplier() -> None:
    knowledge = corrected(paper(), "purchase_order_reference", "77/2026-A")
    factored = reading_of(
        page_of(["Factor paper of somebody else", UNKNOWN + " 12345", None, "IBAN: DE30 5075 0094 0000 0485 67"])
    )
    assert extract(factored, knowledge=knowledge).recalls == ()


def test_a_remembered_place_with_something_else_on_it_is_no_candidate() -> None:
    knowledge = corrected(paper(), "purchase_order_reference", "77/2026-A")
    empty = paper(number="entfällt")
    assert extract(empty, knowledge=knowledge).fields.get("purchase_order_reference") == extract(empty).fields.get(
        "purchase_order_reference"
    )


def test_a_remembered_place_is_evidence_and_no_override() -> None:
    wrong = corrected(paper(), "invoice_number", "77/2026-A", weight=0.1)
    assert extract(paper(), knowledge=wrong).fields["invoice_number"].value == "RE-2026-0034"
    assert not extract(paper(), knowledge=wrong).recalls[0].followed


def test_values_that_nobody_found_become_candidates_at_their_place() -> None:
    spaced = paper(number="AB 77 / C 9")
    knowledge = corrected(spaced, "purchase_order_reference", "AB 77 / C 9")
    following = paper(number="AB 78 / C 3", lines=2)
    assert extract(following, knowledge=knowledge).fields["purchase_order_reference"].value == "AB 78 / C 3"


def test_of_two_corrections_of_a_layout_the_newer_counts() -> None:
    right = corrected(paper(), "purchase_order_reference", "77/2026-A", memory_id="mem_new").memory
    wrong = corrected(paper(), "purchase_order_reference", "RE-2026-0034", memory_id="mem_old").memory
    assert newest_of_each([*right, *wrong]) == right
    assert newest_of_each([*wrong, *right]) == wrong


def test_the_value_that_is_not_on_the_paper_teaches_nothing() -> None:
    learnt = learn(paper(), {"purchase_order_reference": "nowhere-1"}, {}, default_bundle())
    assert learnt.places == {}


def test_the_buyers_vat_id_is_no_key_of_the_supplier() -> None:
    reading = paper(changed={"Ringstraße 5": "USt-IdNr.: DE136695976"})
    said = {"seller_vat_id": "DE232446240", "buyer_vat_id": "DE136695976", "purchase_order_reference": "77/2026-A"}
    keys = learn(reading, {"purchase_order_reference": "77/2026-A"}, said, default_bundle()).paper
    assert "vat:de232446240" in keys.keys
    assert "vat:de136695976" in keys.others


@pytest.mark.parametrize(
    ("hints", "field", "reason"),
    [
        (Hints(order_numbers=frozenset({"4500017"})), "purchase_order_reference", "is an open order"),
        (Hints(vat_ids=frozenset({"de232446240"})), "seller_vat_id", "known supplier VAT id"),
        (Hints(names=frozenset({"musterhandelsgmbh"})), "seller_name", "known supplier"),
    ],
)
def test_what_the_erp_names_is_said_to_be_known(hints: Hints, field: str, reason: str) -> None:
    reading = reading_of(page_of(INVOICE))
    plain = extract(reading).fields[field]
    known = extract(reading, knowledge=make_knowledge([], hints)).fields[field]
    assert known.value == plain.value
    assert reason in known.reasons and reason not in plain.reasons


def test_an_open_order_is_found_under_a_label_nobody_knows() -> None:
    reading = paper(number="4700099")
    hints = make_knowledge([], Hints(order_numbers=frozenset({"4700099"})))
    scene, _ = scene_of(reading, hints)
    assert scene.recalled is not None
    wanted = next(one for one in scene.candidates["id"] if one.value == "4700099")
    assert scene.recalled.known("purchase_order_reference", wanted) == 1
    assert scene.recalled.known("invoice_number", wanted) == -1


def test_an_open_order_elsewhere_does_not_hide_the_unknown_one_that_the_paper_names() -> None:
    hints = make_knowledge([], Hints(order_numbers=frozenset({"4700099"})))
    named = paper(label="Ihre Bestellung:", number="4500017", changed={"mit Banderole": "Kommission 4700099"})
    assert extract(named, knowledge=hints).fields["purchase_order_reference"].value == "4500017"


def test_being_an_open_order_says_little_where_every_other_number_is_one() -> None:
    reading = paper(number="4711")
    crowded = make_knowledge(
        [], Hints(order_numbers=frozenset(f"{number:04d}" for number in range(0, 10_000, 2)) | {"4711"})
    )
    rare = make_knowledge([], Hints(order_numbers=frozenset({"4711"})))
    said = {}
    for name, knowledge in (("crowded", crowded), ("rare", rare)):
        scene, _ = scene_of(reading, knowledge)
        assert scene.recalled is not None
        wanted = next(one for one in scene.candidates["id"] if one.value == "4711")
        said[name] = scene.recalled.known("purchase_order_reference", wanted)
    assert 0 < said["crowded"] < 0.2 < said["rare"] == 1


def test_knowledge_survives_json_and_its_version_is_its_content() -> None:
    knowledge = make_knowledge(
        corrected(paper(), "purchase_order_reference", "77/2026-A").memory, Hints(order_numbers=frozenset({"1", "2"}))
    )
    again = knowledge_from_json(json.loads(json.dumps(knowledge_to_json(knowledge))))
    assert again == knowledge
    assert make_knowledge(again.memory, again.hints).version == knowledge.version
    assert make_knowledge([], again.hints).version != knowledge.version


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        Hints,
        order_numbers=st.frozensets(st.text("0123456789", min_size=4, max_size=8)),
        vat_ids=st.frozensets(st.text("abde0123456789", min_size=9, max_size=11)),
    )
)
def test_hints_that_are_not_on_the_paper_change_nothing(hints: Hints) -> None:
    assert unversioned(extract(READ, knowledge=make_knowledge([], _without(hints)))) == PLAIN


def _without(hints: Hints) -> Hints:
    printed = {"4500017", "20457", "50667", "de232446240"} | {
        c.value.lower() for c in scene_of(READ)[0].candidates["id"]
    }
    return Hints(order_numbers=hints.order_numbers - printed, vat_ids=hints.vat_ids - printed)


READ = reading_of(page_of(INVOICE))
PLAIN = extract(READ)


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(
    st.frozensets(st.integers(0, 2**32 - 1), min_size=8, max_size=96),
    st.sampled_from(sorted(KINDS)),
    st.floats(0, 1),
)
def test_memory_of_papers_unlike_this_one_changes_nothing(layout: frozenset[int], field: str, x0: float) -> None:
    place = Place(
        page=1, from_end=0, left="", above="", above_gap=0, x0=x0, x1=x0, top=x0, words=1, shape="9", length=4
    )
    correction = Correction(memory_id="mem_1", field=field, place=place, on="2026-11-20")
    for keys in (frozenset({"vat:de999999999"}), frozenset({"vat:de232446240"}), frozenset[str]()):
        remembered = RememberedPaper(paper=PaperKeys(keys=keys, layout=layout), corrections=(correction,))
        knowledge = make_knowledge([remembered], Hints())
        assert unversioned(extract(READ, knowledge=knowledge)) == PLAIN


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(st.frozensets(st.integers(0, 500), min_size=8), st.frozensets(st.integers(0, 500), min_size=8))
def test_likeness_is_even_and_between_nothing_and_all(one: frozenset[int], other: frozenset[int]) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(st.text())
def test_a_shape_keeps_no_letters_or_digits_of_its_value(text: str) -> None:
    assert all(char in "A9" or not char.isalnum() or not char.isalpha() for char in shape_of(text))


def test_much_knowledge_does_not_slow_a_page() -> None:
    """Ten thousand remembered papers and fifty thousand orders; the bound is generous for a busy machine."""
    rng = Random(5)
    place = Place(page=1, from_end=0, left="x", above="", above_gap=0, x0=0, x1=0, top=0, words=1, shape="9", length=4)
    memory = [
        RememberedPaper(
            paper=PaperKeys(keys=frozenset({f"vat:de{number:09d}"}), layout=frozenset(rng.sample(range(2**32), 60))),
            corrections=(Correction(memory_id=f"mem_{number}", field="invoice_number", place=place, on="2026-11-20"),),
        )
        for number in range(2_000)
    ]
    large = make_knowledge(memory, Hints(order_numbers=frozenset(f"47{number:08d}" for number in range(50_000))))
    assert large.index is not None
    times: dict[str, float] = {}
    for name, knowledge in (("empty", EMPTY), ("large", large), ("empty", EMPTY), ("large", large)):
        started = time.process_time()
        for _ in range(5):
            scene_of(READ, knowledge)
        times[name] = min(times.get(name, 9.0), (time.process_time() - started) / 5)
    assert times["large"] - times["empty"] < 0.02
