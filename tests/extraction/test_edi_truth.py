"""EDI says what an XML twin, or a second parser that shares nothing with ours, says it does: every value, exactly."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from benchmarks.edi_truth import EdiTruth, edi_truths, edifact_truth, x12_truth
from core.documents import Row
from extraction.pipeline import read_and_extract
from tests.extraction import test_edi_edifact as edifact
from tests.extraction import test_edi_x12 as x12

FOLDER = Path(__file__).parents[3] / "shared/data/documents/edi"
TRUTHS = list(edi_truths(FOLDER))


@pytest.mark.data
@pytest.mark.skipif(not FOLDER.exists(), reason="no shared data here")
def test_there_are_files_of_every_kind_to_hold_against() -> None:
    assert {truth.file.suffix for truth in TRUTHS} >= {".TXT", ".edi"}
    assert any(truth.taxes for truth in TRUTHS)


@pytest.mark.data
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.file.stem)
def test_a_file_says_what_its_truth_says(truth: EdiTruth) -> None:
    extraction = read_and_extract(truth.file.read_bytes())
    assert_same(extraction.fields, truth.fields)
    for read, wanted in zip(extraction.lines, truth.lines, strict=True):
        assert_same(read, wanted)
    if truth.taxes:
        for read, wanted in zip(extraction.tax_breakdown, truth.taxes, strict=True):
            assert_same(read, wanted)


def test_a_despatch_advice_says_what_another_parser_reads() -> None:
    data = edifact.interchange(edifact.DESPATCH, "DESADV")
    truth = edifact_truth(data.decode())
    assert truth is not None
    assert truth[0] == {"shipment_number": "D-4"}
    extraction = read_and_extract(data)
    assert_same(extraction.fields, truth[0])
    for read, wanted in zip(extraction.lines, truth[1], strict=True):
        assert_same(read, wanted)


@pytest.mark.parametrize(("body", "kind"), [(x12.INVOICE, "810"), (x12.NOTICE, "856")])
def test_a_transaction_set_says_what_a_naive_split_reads(body: str, kind: str) -> None:
    data = x12.interchange(body, kind)
    truth = x12_truth(data.decode())
    assert truth is not None
    fields, lines = truth
    assert len([value for value in fields.values() if value]) >= 3
    assert lines
    extraction = read_and_extract(data)
    assert_same(extraction.fields, fields)
    for read, wanted in zip(extraction.lines, lines, strict=True):
        assert_same(read, wanted)


def assert_same(read: Row, wanted: Mapping[str, str | None]) -> None:
    """Every wanted value is read exactly, amounts by their worth; what is wanted empty was not read."""
    found = {name: normal(field.value) for name, field in read.items() if name in wanted}
    assert found == {name: normal(value) for name, value in wanted.items() if value}


def normal(value: str) -> str:
    """An amount without trailing zeros; a text with single spaces."""
    try:
        return format(Decimal(value).normalize(), "f")
    except InvalidOperation:
        return " ".join(value.split())
