"""What every control says, word for word: a difference is a change of what clerks read, and of what replays compare."""

import pytest

from tests.triage.wording_cases import BOOK, SITUATIONS, said

_WRITTEN = dict(part.split("\n", 1) for part in BOOK.read_text(encoding="utf-8").removeprefix("== ").split("\n== "))


@pytest.mark.parametrize("name", SITUATIONS)
def test_findings_say_what_the_book_says(name: str) -> None:
    assert said(SITUATIONS[name]).rstrip("\n") == _WRITTEN[name].rstrip("\n")


def test_book_holds_every_situation_and_no_other() -> None:
    assert list(_WRITTEN) == list(SITUATIONS)
