"""Turns X12 bytes into the first transaction set of the interchange, with its envelope checked."""

import re

from core.documents import Remark
from extraction.edi_message import Message, Segment, broken, check_control, check_count, left_aside, missing

_ISA_ELEMENTS = 16
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def read_x12(data: bytes) -> Message:
    """The first transaction set, with a remark on every count and control number that is not right.

    Raises:
        InputError: `DOC-EDI-BROKEN`: it holds no transaction set, or one that is not whole.
    """
    segments = _segments(_text(data).lstrip())
    start = next((place for place, segment in enumerate(segments) if segment.tag == "ST"), None)
    if start is None:
        raise broken("It is X12 without a transaction set in it.")
    end = next((place for place in range(start + 1, len(segments)) if segments[place].tag in {"SE", "ST"}), None)
    if end is None or segments[end].tag == "ST":
        raise broken("It is X12 with a transaction set that has no end (SE).")
    others = sum(segment.tag == "ST" for segment in segments) - 1
    return Message(
        kind=segments[start].part(1) or "",
        segments=tuple(segments[start + 1 : end]),
        findings=(
            *check_count("Segments of the transaction set (SE01)", segments[end].part(1), end - start + 1),
            *check_control("Number of the transaction set (SE02)", segments[start].part(2), segments[end].part(2)),
            *_check_envelope(segments),
            *((left_aside(others),) if others else ()),
        ),
    )


def _text(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _segments(text: str) -> list[Segment]:
    """Cut by the signs of the interchange header: the fourth character parts elements; what follows ISA16, segments."""
    separator = text[3:4]
    header = text.split(separator, _ISA_ELEMENTS) if separator else []
    if len(header) <= _ISA_ELEMENTS or len(header[-1]) < 2 or not text.startswith("ISA"):
        raise broken("It is X12 whose interchange header (ISA) is cut off.")
    terminator = header[-1][1]
    if terminator.isalnum() or terminator == separator:
        raise broken("It is X12 whose interchange header (ISA) names no sign that ends a segment.")
    if terminator == "\r" and header[-1][2:3] != "\n":
        text = text.replace("\n", "")
    cut = (segment.strip("\r\n") for segment in re.split(re.escape(terminator), text))
    return [_segment(segment.split(separator)) for segment in cut if segment.strip()]


def _segment(elements: list[str]) -> Segment:
    return Segment(elements[0].strip(), tuple((element,) for element in elements[1:]))


def _check_envelope(segments: list[Segment]) -> tuple[Remark, ...]:
    """Whether every group and the interchange hold as many, under the numbers, as their ends say."""
    findings: list[Remark] = []
    isa, group, sets, groups = segments[0], None, 0, 0
    is_closed = False
    for segment in segments:
        if segment.tag == "GS":
            group, sets, groups = segment, 0, groups + 1
        elif segment.tag == "ST":
            sets += 1
        elif segment.tag == "GE" and group is not None:
            findings += check_count("Transaction sets of the group (GE01)", segment.part(1), sets)
            findings += check_control("Number of the group (GE02)", group.part(6), segment.part(2))
            group = None
        elif segment.tag == "IEA":
            is_closed = True
            findings += check_count("Groups of the interchange (IEA01)", segment.part(1), groups)
            findings += check_control("Number of the interchange (IEA02)", isa.part(13), segment.part(2))
    if group is not None:
        findings.append(missing("The end of the group (GE)"))
    if not is_closed:
        findings.append(missing("The end of the interchange (IEA)"))
    return tuple(findings)
