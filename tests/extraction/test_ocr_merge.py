"""Two readings of one page become one, and each word says whether both engines read it alike."""

from core.documents import Box, Word
from extraction.ocr_engines import OcrWord
from extraction.ocr_merge import merged
from extraction.ocr_page import is_doubtful

PAGE = (1653, 2339)


def at(text: str, x: float, *, row: int = 0, confidence: float = 0.95) -> Word:
    """A word of ten points a letter."""
    return Word(text=text, box=Box(x, 20.0 * row, x + 10 * len(text), 20.0 * row + 12), confidence=confidence)


def test_the_careful_engine_is_believed_and_says_where_the_quick_one_agrees() -> None:
    quick = [at("Total", 0), at("12.8O", 100, confidence=0.4)]
    careful = [at("Total", 1), at("12.80", 101)]
    assert [(word.text, word.agreed) for word in merged(quick, careful)] == [("Total", True), ("12.80", False)]


def test_words_parted_differently_still_agree() -> None:
    quick = [at("No:", 0), at("071811", 30)]
    careful = [at("No:071811", 0)]
    assert [word.agreed for word in merged(quick, careful)] == [True]
    assert [word.agreed for word in merged(careful, quick)] == [True, True]


def test_another_decimal_sign_is_no_agreement() -> None:
    assert [word.agreed for word in merged([at("1,250", 0)], [at("1.250", 0)])] == [False]


def test_the_engine_that_read_clearly_less_gives_way() -> None:
    quick = [at("Invoice", 0), at("number", 100), at("R-17", 200)]
    careful = [at("Inv0ice", 0, confidence=0.6)]
    assert [word.text for word in merged(quick, careful)] == ["Invoice", "number", "R-17"]


def test_what_one_engine_missed_is_taken_from_the_other_if_it_is_sure() -> None:
    careful = [at("Invoice", 0), at("R-17", 100)]
    quick = [at("Invoice", 0), at("OK", 60, row=3), at("~;", 0, row=5), at("smudge", 0, row=7, confidence=0.3)]
    words = merged(quick, careful)
    assert [word.text for word in words] == ["Invoice", "R-17", "OK"]
    assert words[-1].agreed is False


def read_word(text: str, confidence: float = 0.96) -> OcrWord:
    """A word as an engine gives it."""
    return OcrWord(text=text, left=0, top=0, width=9, height=9, confidence=confidence, line=(1,))


def test_a_clean_page_is_read_once() -> None:
    assert not is_doubtful([*[read_word("Rechnung")] * 40, read_word("198,00")], PAGE)


def test_unsure_words_few_words_no_amounts_or_the_shape_of_a_receipt_ask_for_a_second_reading() -> None:
    sure = [*[read_word("Rechnung")] * 40, read_word("198,00")]
    assert is_doubtful([*sure, *[read_word("smudge", 0.3)] * 5], PAGE)
    assert is_doubtful(sure[-5:], PAGE)
    assert is_doubtful(sure[:-1], PAGE)
    assert is_doubtful(sure, (600, 1700))
