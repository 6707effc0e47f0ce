"""Turns EDIFACT bytes into the first message of the interchange, with its envelope checked.

pydifact cuts the text into elements; its segment classes are left aside, as they refuse real files (an attached object
behind the message) and look for a second UNA inside texts.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from core.documents import Remark
from extraction.edi_desadv import parse_despatch
from extraction.edi_invoic import parse_invoice, parse_order
from extraction.edi_message import (
    Contents,
    Message,
    Segment,
    broken,
    check_control,
    check_count,
    left_aside,
    missing,
    unknown,
)

if TYPE_CHECKING:
    from pydifact.control.characters import Characters

_READERS = {"INVOIC": parse_invoice, "ORDERS": parse_order, "ORDRSP": parse_order, "DESADV": parse_despatch}
_USUAL_SIGNS = ":+.? '"
_UNA_SIGNS = 6
# Stands for the release sign where an interchange declares that it has none.
_NO_SIGN = "\ue000"
_CHARSETS = {"UNOC": "latin-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3"}
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_SYNTAX = re.compile(rb"UNB.(UNO[A-Z])")
_HEAD_BYTES = 200


def read_edifact(data: bytes) -> Message:
    """The first message, with a remark on every count and control number of the envelope that is not right.

    Raises:
        InputError: `DOC-EDI-BROKEN`: it holds no message, or one that is not whole; `DOC-EDI-UNKNOWN`: its type.
    """
    text, characters = _signs(_text(data).lstrip())
    envelope = _Envelope()
    try:
        for segment in _segments(text, characters):
            envelope.take(segment)
    except _CutOffError as error:
        if not envelope.is_between_messages():
            raise broken("It is EDIFACT that breaks off in the middle of a message.") from error
        envelope.findings.append(missing("The end of the interchange"))
    return envelope.message(characters.decimal_point)


def parse(data: bytes) -> Contents:
    """What the first message says.

    Raises:
        InputError: `DOC-EDI-BROKEN`, or `DOC-EDI-UNKNOWN` naming the type of the message.
    """
    message = read_edifact(data)
    contents = _READERS[message.kind](message)
    return replace(contents, findings=(*contents.findings, *message.findings))


class _CutOffError(Exception):
    """The text ends, or cannot be cut, within a segment."""


class _Envelope:
    """Sorts segments into the first message and the envelope around it, and counts."""

    def __init__(self) -> None:
        self.findings: list[Remark] = []
        self._header: Segment | None = None
        self._interchange: Segment | None = None
        self._end: Segment | None = None
        self._body: list[Segment] = []
        self._messages = 0
        self._groups = 0
        self._is_open = False

    def is_between_messages(self) -> bool:
        """Whether a whole message was there and none is open."""
        return self._messages > 0 and not self._is_open

    def take(self, segment: Segment) -> None:
        """Puts a segment where it belongs."""
        if segment.tag == "UNH":
            self._begin(segment)
        elif segment.tag == "UNT" and self._is_open:
            self._is_open = False
            if self._messages == 1:
                self._close(segment)
        elif self._is_open:
            if self._messages == 1:
                self._body.append(segment)
        elif segment.tag == "UNB":
            self._interchange = self._interchange or segment
        elif segment.tag == "UNG":
            self._groups += 1
        elif segment.tag == "UNZ":
            self._end = segment

    def message(self, decimal_mark: str) -> Message:
        """The first message, once all is taken."""
        if self._header is None:
            raise broken("It is EDIFACT without a message in it.")
        if self._is_open:
            raise broken("It is EDIFACT with a message that has no end (UNT).")
        self._check_interchange()
        if self._messages > 1:
            self.findings.append(left_aside(self._messages - 1))
        return Message(
            kind=self._header.part(2) or "",
            segments=tuple(self._body),
            findings=tuple(self.findings),
            decimal_mark=decimal_mark,
        )

    def _begin(self, header: Segment) -> None:
        if self._is_open:
            raise broken("It is EDIFACT with a message that has no end (UNT).")
        self._messages += 1
        self._is_open = True
        self._header = self._header or header
        if (kind := self._header.part(2) or "") not in _READERS:
            raise unknown("EDIFACT", kind)

    def _close(self, end: Segment) -> None:
        header = self._header or end
        self.findings += check_count("Segments of the message (UNT)", end.part(1), len(self._body) + 2)
        self.findings += check_control("Number of the message (UNT)", header.part(1), end.part(2))

    def _check_interchange(self) -> None:
        if self._interchange is None:
            return
        if self._end is None:
            if not self.findings or self.findings[-1].expected is not None:
                self.findings.append(missing("The end of the interchange (UNZ)"))
            return
        counted = (self._groups, self._messages) if self._groups else (self._messages,)
        self.findings += check_count("Messages of the interchange (UNZ)", self._end.part(1), *counted)
        self.findings += check_control("Number of the interchange (UNZ)", self._interchange.part(5), self._end.part(2))


def _text(data: bytes) -> str:
    """As UTF-8 where it is that, whatever is declared; else as its syntax identifier says."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _SYNTAX.search(data[:_HEAD_BYTES])
        return data.decode(_CHARSETS.get(declared[1].decode() if declared else "", "latin-1"), errors="replace")


def _signs(text: str) -> tuple[str, "Characters"]:
    """The text behind the service string advice, and the signs that this or the standard declares."""
    from pydifact.control.characters import Characters

    if not text.startswith("UNA"):
        return text, Characters.from_str(_USUAL_SIGNS)
    signs = text[3 : 3 + _UNA_SIGNS]
    used = [sign for place, sign in enumerate(signs) if place in {0, 1, 5}]
    if len(signs) < _UNA_SIGNS or len(set(used)) < len(used) or any(sign.isalnum() for sign in used):
        raise broken("It is EDIFACT whose separators (UNA) make no sense.")
    characters = Characters.from_str(signs)
    if characters.escape_character == " ":
        characters.escape_character = _NO_SIGN
    return text[3 + _UNA_SIGNS :].lstrip(), characters


def _segments(text: str, characters: "Characters") -> Iterator[Segment]:
    from pydifact.exceptions import EDISyntaxError
    from pydifact.parser import Parser
    from pydifact.tokenizer import Tokenizer

    try:
        for raw in Parser().convert_tokens_to_raw_segments(Tokenizer().get_tokens(text, characters)):
            tag, *elements = raw
            yield Segment(
                tag if isinstance(tag, str) else tag[0],
                tuple((element,) if isinstance(element, str) else tuple(element) for element in elements),
            )
    except EDISyntaxError as error:
        raise _CutOffError from error
