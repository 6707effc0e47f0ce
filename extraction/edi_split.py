"""Cuts an EDIFACT or X12 interchange that holds several messages into interchanges of one message each.

Every message keeps its bytes and gets the envelope of the interchange and group it came in, with counts of one. An
interchange whose own counts or control numbers are not right is left whole: what may be lost of it, nobody knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM_UTF8 = b"\xef\xbb\xbf"
_USUAL_SIGNS = ":+.? '"
_SIGNS = 6
_ISA_ELEMENTS = 16
MOST_MESSAGES = 1_000
"""More messages than this in one file are not cut apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grammar:
    """The signs of an interchange, what its standard calls the parts of the envelope, and where these are numbered.

    Attributes:
        advice: the service string advice that the file begins with; empty for none.
        element: finds the elements of a segment.
        numbered: where the head and where the end of a part name its control number, by the tag of its head.
    """

    advice: str = ""
    separator: str
    terminator: str
    element: re.Pattern[str]
    interchange: tuple[str, str]
    group: tuple[str, str]
    message: tuple[str, str]
    numbered: dict[str, tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class _Interchange:
    """An interchange cut into its messages, each with the head of the group it is in."""

    head: str | None = None
    messages: list[tuple[str | None, list[str]]] = field(default_factory=list)
    group: str | None = None
    groups: int = 0
    in_group: int = 0
    is_open: bool = False
    is_closed: bool = False
    is_right: bool = True


def split_edi(data: bytes, media_type: str) -> tuple[bytes, ...]:
    """Each message as an interchange of its own; nothing where there is one only, or the envelope is not right."""
    encoding, text = _text(data)
    grammar, segments = (_x12 if media_type == "application/edi-x12" else _edifact)(text)
    interchanges = None if grammar is None else _interchanges(segments, grammar)
    if grammar is None or interchanges is None:
        return ()
    whole = [
        grammar.advice + "".join(f"{segment}{grammar.terminator}" for segment in _alone(one, message, grammar))
        for one in interchanges
        for message in one.messages
    ]
    return tuple(one.encode(encoding) for one in whole) if 1 < len(whole) <= MOST_MESSAGES else ()


def _text(data: bytes) -> tuple[str, str]:
    """The encoding that keeps every byte as it is, and the text in it: separators are always ASCII."""
    if data.startswith(_BOM_UTF16):
        return "utf-8", data.decode("utf-16", errors="replace").lstrip()
    return "latin-1", data.removeprefix(_BOM_UTF8).decode("latin-1").lstrip()


def _x12(text: str) -> tuple[_Grammar | None, list[str]]:
    separator = text[3:4]
    header = text.split(separator, _ISA_ELEMENTS) if separator else []
    if len(header) <= _ISA_ELEMENTS or len(header[-1]) < 2 or header[-1][1].isalnum():
        return None, []
    grammar = _Grammar(
        separator=separator,
        terminator=header[-1][1],
        element=re.compile(f"(?:^|{re.escape(separator)})([^{re.escape(separator)}]*)"),
        interchange=("ISA", "IEA"),
        group=("GS", "GE"),
        message=("ST", "SE"),
        numbered={"ISA": (13, 2), "GS": (6, 2)},
    )
    cut = (segment.strip("\r\n") for segment in text.split(grammar.terminator))
    return grammar, [segment for segment in cut if segment.strip()]


def _edifact(text: str) -> tuple[_Grammar | None, list[str]]:
    signs, advice = _USUAL_SIGNS, ""
    if text.startswith("UNA"):
        signs, text = text[3 : 3 + _SIGNS], text[3 + _SIGNS :]
        advice = f"UNA{signs}"
    if len(signs) < _SIGNS or any(signs[place].isalnum() for place in (1, 5)):
        return None, []
    separator, release, terminator = (re.escape(signs[place]) for place in (1, 3, 5))
    # A sign behind the release sign is a letter like any other; a space says that there is no such sign.
    released, release = ("", "") if signs[3] == " " else (f"{release}.|", release)
    grammar = _Grammar(
        advice=advice,
        separator=signs[1],
        terminator=signs[5],
        element=re.compile(f"(?:^|{separator})((?:{released}[^{release}{separator}])*)", re.DOTALL),
        interchange=("UNB", "UNZ"),
        group=("UNG", "UNE"),
        message=("UNH", "UNT"),
        numbered={"UNB": (5, 2), "UNG": (5, 2)},
    )
    raw = re.findall(f"(?:{released}[^{release}{terminator}])+", text, re.DOTALL)
    return grammar, [segment.lstrip() for segment in raw if segment.strip()]


def _interchanges(segments: list[str], grammar: _Grammar) -> list[_Interchange] | None:
    """The interchanges of a file; None where an envelope is not right."""
    found: list[_Interchange] = []
    now = _Interchange()
    for segment in segments:
        if segment.startswith("UNA"):
            if segment != grammar.advice.removesuffix(grammar.terminator):
                return None
            continue
        tag = _element(segment, 0, grammar)
        if tag == grammar.interchange[0]:
            if not _is_done(now):
                return None
            now = _Interchange(head=segment)
            found.append(now)
        else:
            _take(now, tag, segment, grammar)
        if not found and now.messages:
            found.append(now)
    return found if all(_is_done(one) and one.is_right for one in found) else None


def _is_done(interchange: _Interchange) -> bool:
    """Whether nothing was begun that did not end."""
    is_begun = interchange.head is not None and not interchange.is_closed
    return not (is_begun or interchange.is_open or interchange.group)


def _take(now: _Interchange, tag: str, segment: str, grammar: _Grammar) -> None:
    if tag == grammar.message[0]:
        now.is_right &= not now.is_open
        now.is_open = True
        now.in_group += 1
        now.messages.append((now.group, [segment]))
    elif now.is_open:
        now.messages[-1][1].append(segment)
        now.is_open = tag != grammar.message[1]
    elif tag == grammar.group[0]:
        now.is_right &= now.group is None
        now.group, now.groups, now.in_group = segment, now.groups + 1, 0
    elif tag == grammar.group[1] and now.group is not None:
        now.is_right &= _agrees(now.group, segment, {now.in_group}, grammar)
        now.group = None
    elif tag == grammar.interchange[1]:
        counts = {now.groups} if now.groups else {len(now.messages)}
        if tag == "UNZ":
            counts |= {len(now.messages)}
        now.is_right &= now.head is not None and _agrees(now.head, segment, counts, grammar)
        now.is_closed = True


def _agrees(head: str, end: str, counts: set[int], grammar: _Grammar) -> bool:
    """Whether the end of an envelope says what it holds, and the control number it began with."""
    at_head, at_end = grammar.numbered[_element(head, 0, grammar)]
    count = _element(end, 1, grammar)
    is_counted = count.isascii() and count.isdecimal() and len(count) < 19 and int(count) in counts
    return is_counted and _element(end, at_end, grammar).lstrip("0") == _element(head, at_head, grammar).lstrip("0")


def _element(segment: str, place: int, grammar: _Grammar) -> str:
    elements = grammar.element.findall(segment)
    return str(elements[place]).strip() if place < len(elements) else ""


def _alone(one: _Interchange, message: tuple[str | None, list[str]], grammar: _Grammar) -> Iterator[str]:
    """A message in the envelope it came in, which now holds one."""
    group, segments = message
    heads = [head for head in (one.head, group) if head is not None]
    yield from heads
    yield from segments
    for head in reversed(heads):
        name = _element(head, 0, grammar)
        end = grammar.interchange[1] if head is one.head else grammar.group[1]
        number = grammar.element.findall(head)[grammar.numbered[name][0]]
        yield grammar.separator.join((end, "1", number))
