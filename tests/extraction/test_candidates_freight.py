"""Values of shipment papers: container numbers, weights with their units, shipping container codes."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Box, Page, Reading, Source, Word
from extraction.candidates import Candidate
from extraction.candidates_freight import container_is_valid, sscc_is_valid, weight_unit
from extraction.extract import scene_of
from training.ship_random import container_number, sscc


def candidates_of(*rows: str) -> dict[str, list[Candidate]]:
    words: list[Word] = []
    for number, row in enumerate(rows):
        x, top = 50.0, 40.0 + 14 * number
        for text in row.split():
            words.append(Word(text=text, box=Box(x, top, x + 5 * len(text), top + 9)))
            x += 5 * len(text) + 3
    page = Page(number=1, width=595.0, height=842.0, source=Source.TEXT_LAYER, words=tuple(words))
    scene, _ = scene_of(Reading(sha256="0" * 64, media_type="application/pdf", pages=(page,)))
    return {kind: list(found) for kind, found in scene.candidates.items()}


@pytest.mark.parametrize("printed", ["CSQU3054383", "CSQU 305438 3", "CSQU 305438-3", "CSQU 3054383"])
def test_a_container_number_is_one_value_however_it_is_grouped(printed: str) -> None:
    found = [c for c in candidates_of(f"Container No.: {printed}")["id"] if c.value == "CSQU3054383"]
    assert found
    assert "valid" in found[0].marks


def test_a_container_number_with_a_wrong_digit_is_found_and_marked() -> None:
    found = [c for c in candidates_of("Container CSQU3054384")["id"] if "invalid" in c.marks]
    assert [c.value for c in found] == ["CSQU3054384"]
    assert not container_is_valid("CSQU3054384")


@pytest.mark.parametrize(
    ("row", "value", "unit"),
    [
        ("Gross Weight: 1,250.5 kgs", "1250.5", "kg"),
        ("Gross Weight (LBS): 420", "420", "lb"),
        ("Bruttogewicht (kg) 18,4", "18.4", "kg"),
        ("Peso bruto: 12,5t", "12.5", "t"),
        ("Gross Weight: 310.5KGS", "310.5", "kg"),
    ],
)
def test_a_weight_has_the_unit_beside_it_or_in_its_label(row: str, value: str, unit: str) -> None:
    found = [c for c in candidates_of(row, "Thank you for your order")["weight"] if c.value == value]
    assert found
    assert unit in {weight_unit(c) for c in found}


def test_a_weight_under_its_label_in_a_box_is_found() -> None:
    assert "87.25" in {c.value for c in candidates_of("Gross Weight (kg)", "87.25")["weight"]}


def test_a_tracking_number_in_groups_is_one_value() -> None:
    assert "4711 0815 1234" in {c.value for c in candidates_of("Tracking No.: 4711 0815 1234")["id"]}


@pytest.mark.law
@given(seed=st.integers(0, 10**6), place=st.integers(0, 17), other=st.integers(1, 9))
def test_an_sscc_with_one_digit_changed_is_never_valid(seed: int, place: int, other: int) -> None:
    code = sscc(Random(seed))
    assert sscc_is_valid(code)
    changed = code[:place] + str((int(code[place]) + other) % 10) + code[place + 1 :]
    assert not sscc_is_valid(changed)


@pytest.mark.law
@given(seed=st.integers(0, 10**6))
def test_container_numbers_made_by_the_rule_are_valid(seed: int) -> None:
    assert container_is_valid(container_number(Random(seed)))
