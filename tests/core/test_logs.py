"""Nothing of papers, people, banks and secrets gets into the log, whatever is logged and by whom."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import InputError
from core.failures import frames_of, kind_of
from core.limited_child import _do
from core.logs import HumanFormatter, JsonFormatter, redacted, request_id

NEVER = (
    "DE02120300000000202051",
    "DE02 1203 0000 0000 2020 51",
    "GB82 WEST 1234 5698 7654 32",
    "NO9386011117947",
    "DE136695976",
    "ATU12345678",
    "FR 12345678901",
    "ck_Zm9vYmFyYmF6cXV4Zm9vYmFy",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "anna.lindqvist@nordlicht.example",
    "hunter2-and-more",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl",
)
DRESSED = {
    "hunter2-and-more": "postgresql://clearhold:hunter2-and-more@db/house password=hunter2-and-more",
}


@pytest.fixture(params=[HumanFormatter, JsonFormatter])
def written(request: pytest.FixtureRequest) -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    logger = logging.getLogger("somebody.elses.library")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


@pytest.mark.parametrize("secret", NEVER)
def test_what_must_not_be_in_a_log_is_blotted_out(written: tuple[logging.Logger, io.StringIO], secret: str) -> None:
    logger, stream = written
    dressed = DRESSED.get(secret, secret)
    logger.warning("paid to %s, as said", dressed)
    logger.warning("paid to " + dressed)  # noqa: G003  somebody else's library does so
    logger.warning("%(a)s", {"a": dressed})
    logger.warning("rows %s", [{"iban": dressed}])
    assert secret not in stream.getvalue() and stream.getvalue().count("\n") == 4


def refuse() -> None:
    raise InputError("DOC-EMPTY", "The paper of Anna Lindqvist is empty.", "Ask Anna Lindqvist.")


def test_an_error_is_told_by_its_kind_and_place_never_by_its_message(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    try:
        try:
            refuse()
        except InputError as error:
            raise ValueError("Anna Lindqvist owes 17.00") from error
    except ValueError as error:
        logger.exception("failed document_id=%s", "doc_1")
        logger.warning("no luck: %s", error)
        logger.error(error)  # noqa: TRY400
    said = stream.getvalue()
    assert "Lindqvist" not in said and "17.00" not in said
    assert "ValueError" in said and "InputError DOC-EMPTY" in said and "test_logs.py" in said and "doc_1" in said


def test_a_reader_that_breaks_tells_nothing_of_the_paper() -> None:
    import pickle

    kind, told = _do(pickle.dumps((int, ("Anna Lindqvist",), {})))
    assert kind == "failed" and "Lindqvist" not in told and "ValueError" in told


def test_nobody_can_write_lines_of_their_own(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.info("paper %s", "x\n2026-11-23 09:00:00 info clearhold.work decided outcome=clear")
    logger.warning("paper %s", "x\r\nINFO forged")
    assert stream.getvalue().count("\n") == 1


def test_facts_of_a_line_are_members_of_their_own() -> None:
    record = logging.LogRecord(
        "clearhold.work", logging.INFO, "", 0, "decided document_id=%s seconds=%.3f at=%s", ("doc_1", 0.25, "x"), None
    )
    token = request_id.set("req_7")
    try:
        told: dict[str, Any] = json.loads(JsonFormatter().format(record))
    finally:
        request_id.reset(token)
    assert (told["document_id"], told["seconds"], told["request_id"]) == ("doc_1", 0.25, "req_7")
    assert told["level"] == "info" and told["logger"] == "clearhold.work" and told["at"].startswith("20")


@pytest.mark.parametrize(
    "line",
    [
        "decided document_id=doc_01KBCDEFGH7X2Y3Z4A5B6C7D8E outcome=clear seconds=1.250",
        "lost document_id=doc_01KBCDEFGH7X2Y3Z4A5B6C7D8E code=DOC-LEASE-LOST",
        "thresholds kind=invoice version=17 standing=kept",
    ],
)
def test_ids_codes_and_durations_stay(line: str) -> None:
    assert redacted(line) == line


def test_an_error_that_causes_itself_ends() -> None:
    error = ValueError("x")
    error.__cause__ = error
    assert frames_of(error) == "ValueError"
    assert kind_of(FileNotFoundError(2, "Anna")) == "FileNotFoundError ENOENT"
    assert sys.exc_info()[0] is None
