"""Damaged papers of every kind end in an extraction or in a coded error, in the reader's own process.

`CLEARHOLD_FUZZ_SECONDS` says for how long; ten seconds unless told otherwise, an hour with `make fuzz`.
"""

import os
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.errors import ClearholdError
from core.limited import LimitedExecutor, ProcessLimits
from extraction.limits import ReadLimits
from extraction.parts import Several
from extraction.pipeline import ReadOptions, read_and_extract, read_documents, warm_up
from tests.extraction import test_edi_edifact as edifact
from tests.extraction import test_edi_x12 as x12
from tests.extraction.test_read import draw_invoice, make_pdf
from tests.extraction.test_split_edi import edifact as night
from tests.extraction.test_split_edi import group, message
from tests.extraction.test_split_edi import x12 as batch

DEFAULT_SECONDS = 10.0
SECONDS = float(os.environ.get("CLEARHOLD_FUZZ_SECONDS", DEFAULT_SECONDS))
ROUND = 20
SAMPLES = Path(__file__).parent / "einvoices"
OPTIONS = ReadOptions(ocr="tesseract", limits=ReadLimits(max_page_pixels=2_000_000, max_pages=20))
# What no damaged paper may do to its reader: these name a reader that had to be killed or killed itself.
NEVER = frozenset({"DOC-CRASHED", "DOC-LIMIT-TIME", "DOC-LIMIT-MEMORY"})


def picture(form: str) -> bytes:
    """A small picture of two lines; two pages of it as TIFF."""
    page = Image.new("L", (320, 90), 255)
    draw = ImageDraw.Draw(page)
    draw.text((10, 10), "Invoice R-17", fill=0)
    draw.text((10, 50), "Total 119.00 EUR", fill=0)
    out = BytesIO()
    more = {"save_all": True, "append_images": [page.copy()]} if form == "TIFF" else {}
    page.save(out, form, dpi=(150, 150), **more)
    return out.getvalue()


SEEDS = {
    "ubl": (SAMPLES / "ubl_invoice.xml").read_bytes(),
    "cii": (SAMPLES / "zugferd_1_credit_note.xml").read_bytes(),
    "edifact": edifact.interchange(edifact.INVOICE),
    "desadv": edifact.interchange(edifact.DESPATCH, "DESADV"),
    "several edifact": night(message("R-1"), message("R-2", 2)),
    "x12": x12.interchange(x12.INVOICE, "810"),
    "several x12": batch(group("R-1", "R-2"), group("R-3", control=8)),
    "ship notice": x12.interchange(x12.NOTICE, "856"),
    "pdf": make_pdf(draw_invoice),
    "png": picture("PNG"),
    "tiff": picture("TIFF"),
}
TOKENS = (
    b"'", b"+", b":", b"?", b"~", b"*", b"<", b">", b"&", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"-", b"9" * 40,
    b"1e999", b"NaN", b"<!DOCTYPE x>", b"]]>", b"obj", b"/Length 99999999", b"/Kids [1 0 R]", b"stream",
    b"\xff\xff\xff\xff",
)  # fmt: skip


@pytest.fixture(scope="module")
def executor() -> Iterator[LimitedExecutor]:
    """A child as the worker has it."""
    limits = ProcessLimits(seconds=30, memory_bytes=2_500_000_000)
    with LimitedExecutor(1, limits=limits, initializer=warm_up) as executor:
        yield executor


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A paper with a few bytes changed, dropped, put in or said twice, or cut off."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.sampled_from([0, 1, 1, 2, 4, 16, 200]))
        piece = bytes(data[place : place + length])
        data[place : place + length] = draw(
            st.binary(max_size=4) | st.sampled_from(TOKENS) | st.just(piece * 2) | st.just(piece[::-1])
        )
    if draw(st.integers(0, 5)) == 0:
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)


@pytest.mark.law
@pytest.mark.parametrize("name", SEEDS)
def test_a_damaged_paper_is_read_or_refused(executor: LimitedExecutor, name: str) -> None:
    ends = time.monotonic() + SECONDS / len(SEEDS)
    fuzz_once(executor, name, 0)
    # What CI finds it finds every time; an hour looks elsewhere each time.
    first = int(time.time()) if SECONDS > DEFAULT_SECONDS else 1
    for number in count(first):
        if time.monotonic() >= ends:
            break
        fuzz_once(executor, name, number)


def fuzz_once(executor: LimitedExecutor, name: str, number: int) -> None:
    """A round of damage; its number decides which."""

    @seed(number)
    @settings(max_examples=ROUND, deadline=None, database=None, phases=(Phase.generate, Phase.shrink))
    @given(data=damaged(SEEDS[name]))
    def holds(data: bytes) -> None:
        check(executor, data)

    holds()


def check(executor: LimitedExecutor, data: bytes) -> None:
    """Reads a file, and each document in it."""
    result = outcome(executor, data, read_documents)
    if isinstance(result, Several):
        for part in result.parts:
            outcome(executor, part.data, read_and_extract)


def outcome(executor: LimitedExecutor, data: bytes, read: object) -> object:
    """What was read, or a refusal that is one."""
    assert callable(read)
    future = executor.submit(read, data, OPTIONS)
    error = future.exception(120)
    if error is None:
        return future.result()
    assert isinstance(error, ClearholdError), repr(error)
    assert error.code not in NEVER, error
    assert error.message
    assert error.remedy
    return error
