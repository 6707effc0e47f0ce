"""What a case is found by, and how what a person types is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.search_words import TERMS_READ, WORDS_KEPT, Term, terms_of, words_of


def test_words_are_in_lower_case_without_accents_or_signs() -> None:
    found = words_of(["Müller & Söhne, Großhandel", "Total: 1.234,50 €"])
    assert found == {"muller", "sohne", "grosshandel", "total", "1", "234", "50", "123450"}


def test_what_is_written_together_is_found_together_and_apart() -> None:
    assert words_of(["R-8812 4006381333931 sales_order:O17"]) == {
        "r", "8812", "r8812", "4006381333931", "sales", "order", "o17", "salesordero17",
    }  # fmt: skip


def test_a_question_is_read_as_the_paper_is() -> None:
    assert terms_of(" R-8812  Müller ") == (
        Term(words=("r", "8812"), joined="r8812", may_go_on=True),
        Term(words=("muller",), joined="muller", may_go_on=True),
    )
    assert terms_of("ab")[0].may_go_on is False
    assert terms_of("%% -- '\"") == ()
    assert len(terms_of("word " * 50)) == TERMS_READ


def test_a_paper_of_endless_words_is_kept_to_a_bound() -> None:
    assert len(words_of([" ".join(str(number) for number in range(3 * WORDS_KEPT))])) == WORDS_KEPT
    assert words_of(["x" * 5_000]) == frozenset()


@pytest.mark.law
@given(st.text(max_size=80))
def test_every_text_is_found_by_each_of_its_own_parts(text: str) -> None:
    words = words_of([text])
    for term in terms_of(text):
        assert {word for word in term.words if len(word) <= 60} <= words
        assert term.joined in words or len(term.joined) > 60
    assert all(word.isalnum() and not {"'", '"', "\\"} & set(word) for word in words)
