"""What a check adds to a reading, and what becomes of it when something breaks."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any

import pytest

from core.documents import Extraction, Remark, Source
from core.errors import InputError, TooLargeError
from core.settings import Settings
from extraction.parts import Several
from extraction.pipeline import ReadOptions
from review_api.schema_check import SchemaChecker
from tests.triage_shell.conftest import invoice

BROKEN = Remark(code="DOC-SCHEMA", outcome="hold", message="BR-CO-15 fails.")
Read = Extraction | Several
OPTIONS = ReadOptions(media_type="application/xml")


class Answering(Executor):
    """A child that answers at once."""

    def __init__(self, answer: Callable[[], tuple[Remark, ...]]) -> None:
        self.answer = answer
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.calls += 1
        future: Future[Any] = Future()
        try:
            future.set_result(self.answer())
        except Exception as error:  # noqa: BLE001  belongs to the future, whatever it is
            future.set_exception(error)
        return future


def read_as(source: Source) -> "Future[Read]":
    future: Future[Read] = Future()
    future.set_result(replace(invoice(), source=source, findings=()))
    return future


def findings(schema: SchemaChecker, reading: "Future[Read]") -> tuple[Remark, ...]:
    """What the checked reading says of itself."""
    read = schema.checked(reading, b"", OPTIONS).result(1)
    assert isinstance(read, Extraction)
    return read.findings


def checker(answer: Callable[[], tuple[Remark, ...]]) -> tuple[SchemaChecker, Answering]:
    child = Answering(answer)
    return SchemaChecker(Settings(), child), child


def fails(error: Exception) -> Callable[[], tuple[Remark, ...]]:
    def answer() -> tuple[Remark, ...]:
        raise error

    return answer


@pytest.mark.parametrize("source", [Source.UBL, Source.CII])
def test_einvoice_gets_what_the_rules_say(source: Source) -> None:
    schema, _ = checker(lambda: (BROKEN,))
    assert findings(schema, read_as(source)) == (BROKEN,)


def test_paper_without_data_is_not_checked() -> None:
    schema, child = checker(lambda: (BROKEN,))
    assert findings(schema, read_as(Source.TEXT_LAYER)) == ()
    assert child.calls == 0


def test_no_child_is_started_before_one_is_needed() -> None:
    schema = SchemaChecker(Settings())
    assert findings(schema, read_as(Source.OCR)) == ()
    schema.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TooLargeError("DOC-LIMIT-TIME", "It took longer than 120 s.", "Send less."), "It took longer than 120 s."),
        (RuntimeError("internal detail"), "The check broke down."),
    ],
)
def test_einvoice_that_cannot_be_checked_is_held_and_says_why(error: Exception, said: str) -> None:
    schema, _ = checker(fails(error))
    (remark,) = findings(schema, read_as(Source.UBL))
    assert (remark.code, remark.outcome) == ("DOC-SCHEMA", "hold")
    assert said in remark.message
    assert "internal detail" not in remark.message


def test_paper_that_cannot_be_read_is_refused_as_before() -> None:
    reading: Future[Read] = Future()
    reading.set_exception(InputError("DOC-XML-BROKEN", "Broken.", "Send it again."))
    schema, child = checker(lambda: ())
    with pytest.raises(InputError, match="Broken"):
        schema.checked(reading, b"", OPTIONS).result(1)
    assert child.calls == 0


def test_giving_up_a_paper_gives_up_its_reading() -> None:
    reading: Future[Read] = Future()
    schema, _ = checker(lambda: ())
    schema.checked(reading, b"", OPTIONS).cancel()
    assert reading.cancelled()


def test_reading_given_up_ends_the_wait_for_it() -> None:
    reading: Future[Read] = Future()
    schema, _ = checker(lambda: ())
    whole = schema.checked(reading, b"", OPTIONS)
    reading.cancel()
    assert whole.cancelled()


def test_after_closing_nothing_is_checked_and_nobody_waits() -> None:
    schema, _ = checker(lambda: ())
    schema.close()
    assert schema.checked(read_as(Source.UBL), b"", OPTIONS).cancelled()
