"""An interchange of several messages: each is a document of its own, with its bytes, in an envelope of its own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Extraction
from extraction.edi_split import split_edi
from extraction.parts import Several
from extraction.pipeline import read_and_extract, read_documents
from review_api.cli.main import main

EDIFACT, X12 = "application/edifact", "application/edi-x12"
ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240305*1200*U*00401*000000077*0*P*>"


def message(number: str, reference: int = 1, *, count: int = 4) -> str:
    """An INVOIC with a number and a note with signs of its own in it."""
    return f"UNH+{reference}+INVOIC:D:96A:UN'BGM+380+{number}+9'FTX+AAI+++don?'t ?+ stop'UNT+{count}+{reference}'"


def edifact(*messages: str, end: str | None = None, advice: str = "UNA:+.? '") -> bytes:
    """An interchange of messages."""
    close = end or f"UNZ+{len(messages)}+77"
    return "\n".join([advice, "UNB+UNOC:3+SHOP+BUYER+240305:1200+77'", *messages, f"{close}'", ""]).encode()


def group(*numbers: str, control: int = 7, count: int | None = None) -> list[str]:
    """A functional group of 810s."""
    sets = [
        segment
        for place, number in enumerate(numbers, 1)
        for segment in (f"ST*810*{place:04}", f"BIG*20240305*{number}", f"SE*3*{place:04}")
    ]
    return [f"GS*IN*S*R*20240305*1200*{control}*X*004010", *sets, f"GE*{count or len(numbers)}*{control}"]


def x12(*groups: list[str], groups_told: int | None = None) -> bytes:
    """An interchange of groups."""
    segments = [segment for one in groups for segment in one]
    return "~\n".join([ISA, *segments, f"IEA*{groups_told or len(groups)}*000000077", ""]).encode()


def numbers(data: bytes) -> list[str]:
    """The invoice numbers of the documents in a file, each of which must be sound."""
    several = read_documents(data)
    assert isinstance(several, Several)
    read = [read_and_extract(part.data) for part in several.parts]
    assert [one.findings for one in read] == [()] * len(read)
    return [one.fields["invoice_number"].value for one in read]


def test_every_edifact_message_is_a_document() -> None:
    assert numbers(edifact(message("R-1"), message("R-2", 2), message("R-3", 3))) == ["R-1", "R-2", "R-3"]


def test_every_x12_set_of_every_group_is_a_document() -> None:
    assert numbers(x12(group("R-1", "R-2"), group("R-3", control=8))) == ["R-1", "R-2", "R-3"]


@pytest.mark.parametrize("twice", [edifact(message("R-1")) * 2, x12(group("R-1")) * 2], ids=["EDIFACT", "X12"])
def test_interchanges_one_behind_the_other_are_taken_apart(twice: bytes) -> None:
    assert numbers(twice) == ["R-1", "R-1"]


def test_a_message_keeps_its_bytes() -> None:
    first, second = split_edi(edifact(message("R-é"), message("R-2", 2)), EDIFACT)
    assert message("R-é").encode() in first
    assert message("R-2", 2).encode() in second
    assert first.endswith(b"UNZ+1+77'")


def test_the_same_file_gives_the_same_parts() -> None:
    data = edifact(message("R-1"), message("R-2", 2))
    assert split_edi(data, EDIFACT) == split_edi(data, EDIFACT)


@pytest.mark.parametrize(
    "data",
    [
        edifact(message("R-1")),
        edifact(message("R-1"), message("R-2", 2), end="UNZ+3+77"),
        edifact(message("R-1"), message("R-2", 2), end="UNZ+2+78"),
        edifact(message("R-1"), message("R-2", 2), end="FTX+1"),
        edifact(message("R-1"), "UNH+2+INVOIC:D:96A:UN'BGM+380+R-2'"),
        edifact(message("R-1")) + edifact(message("R-2"), advice="UNA:*.? '"),
        b"UNA++++++",
        b"",
    ],
    ids=["one", "count", "number", "no end", "no UNT", "other signs", "no signs", "nothing"],
)
def test_an_interchange_that_is_not_right_is_left_whole(data: bytes) -> None:
    assert split_edi(data, EDIFACT) == ()


@pytest.mark.parametrize(
    "data",
    [x12(group("R-1")), x12(group("R-1", "R-2", count=3)), x12(group("R-1", "R-2"), groups_told=2), b"ISA*", b"ISA"],
    ids=["one", "sets", "groups", "cut off", "nothing"],
)
def test_an_x12_interchange_that_is_not_right_is_left_whole(data: bytes) -> None:
    assert split_edi(data, X12) == ()


def test_one_whose_counts_are_wrong_says_how_many_were_told_and_found() -> None:
    whole = read_documents(edifact(message("R-1"), message("R-2", 2), end="UNZ+3+77"))
    assert isinstance(whole, Extraction)
    said = {remark.code: (remark.expected, remark.actual) for remark in whole.findings}
    assert said["DOC-EDI-COUNTS"] == ("3", "2")
    assert "DOC-EDI-MORE" in said


def test_a_message_with_a_wrong_count_is_a_document_that_says_so() -> None:
    several = read_documents(edifact(message("R-1"), message("R-2", 2, count=9)))
    assert isinstance(several, Several)
    right, wrong = (read_and_extract(part.data).findings for part in several.parts)
    assert right == ()
    assert [(remark.code, remark.expected, remark.actual) for remark in wrong] == [("DOC-EDI-COUNTS", "9", "4")]


@pytest.mark.law
@given(st.binary(max_size=300), st.sampled_from([EDIFACT, X12]))
def test_whatever_the_bytes_they_are_cut_or_left(data: bytes, media_type: str) -> None:
    begin = b"UNA:+.? 'UNB+UNOC:3+A+B+1+77'" if media_type == EDIFACT else f"{ISA}~".encode()
    assert isinstance(split_edi(begin + data, media_type), tuple)


def test_extract_prints_an_object_for_every_document_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "night.edi"
    path.write_bytes(edifact(message("R-1"), "UNH+2+CONTRL:D:3:UN'UCI+1'UNT+3+2'", message("R-3", 3)))
    assert main(["extract", "--json", str(path)]) == 1
    first, other, last = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in (first, other, last)] == [str(path)] * 3
    assert [one["part"] for one in (first, other, last)] == [{"number": number, "of": 3} for number in (1, 2, 3)]
    assert [one["fields"]["invoice_number"]["value"] for one in (first, last)] == ["R-1", "R-3"]
    assert other["error"]["code"] == "DOC-EDI-UNKNOWN"
