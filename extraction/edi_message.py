"""What EDIFACT and X12 share: a message as its segments, how they are looked at, and why one is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from core.documents import DocumentType, Field, Remark, Row
from core.errors import InputError
from core.money import plain

COUNTS = "DOC-EDI-COUNTS"
MORE = "DOC-EDI-MORE"
_SEND_AGAIN = "Ask the sender to send the whole interchange again, or the same paper as PDF."
_LONG_NAME = 60


class Segment(NamedTuple):
    """A segment: its tag, and its elements, each the components it has."""

    tag: str
    elements: tuple[tuple[str, ...], ...]

    def part(self, element: int, component: int = 1) -> str | None:
        """What stands at a place, counted from 1 as the standards do, with single spaces; None for nothing."""
        parts = self.elements[element - 1] if element <= len(self.elements) else ()
        return (" ".join(parts[component - 1].split()) or None) if component <= len(parts) else None

    def parts(self, element: int) -> tuple[str, ...]:
        """All that an element holds, empty ones left out."""
        parts = self.elements[element - 1] if element <= len(self.elements) else ()
        return tuple(text for part in parts if (text := " ".join(part.split())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message out of an interchange.

    Attributes:
        kind: `INVOIC`, `DESADV`, `810`, `856`, …
        segments: without the envelope's.
        findings: counts and control numbers that are not right; messages that were left aside.
        decimal_mark: the sign that the interchange declares beside the point.
    """

    kind: str
    segments: tuple[Segment, ...]
    findings: tuple[Remark, ...] = ()
    decimal_mark: str = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a message says."""

    document_type: DocumentType
    fields: dict[str, Field | None]
    lines: tuple[Row, ...] = ()
    tax_breakdown: tuple[Row, ...] = ()
    findings: tuple[Remark, ...] = ()


def broken(why: str) -> InputError:
    """A message that is not whole, or is none."""
    return InputError("DOC-EDI-BROKEN", why, _SEND_AGAIN)


def unknown(standard: str, kind: str) -> InputError:
    """A message of a type that is not read here."""
    return InputError(
        "DOC-EDI-UNKNOWN",
        f"It is an {standard} message of type {kind[:_LONG_NAME] or '(none)'}, which is not read here.",
        "Send INVOIC, DESADV, ORDERS or ORDRSP in EDIFACT; 810, 856, 850 or 855 in X12; or the same paper as PDF.",
    )


def miscounted(what: str, expected: str | None, actual: str | None) -> Remark:
    """A count or control number that the envelope gives otherwise than the message has it."""
    told, found = expected or "nothing", actual or "nothing"
    return Remark(
        code=COUNTS,
        outcome="hold",
        message=f"{what}: the interchange says {told[:_LONG_NAME]}, it holds {found[:_LONG_NAME]}; some may be lost. "
        "Ask the sender for the whole interchange again.",
        expected=told[:_LONG_NAME],
        actual=found[:_LONG_NAME],
    )


def missing(what: str) -> Remark:
    """An end of the envelope that is not there."""
    return Remark(
        code=COUNTS,
        outcome="hold",
        message=f"{what} is missing; the interchange may be cut off. Ask the sender for the whole of it again.",
    )


def left_aside(count: int) -> Remark:
    """Messages behind the one that was read."""
    others = "another message" if count == 1 else f"{count} other messages"
    return Remark(
        code=MORE,
        outcome="hold",
        message=f"The interchange holds {others}, and only the first was read. Ask for it again with right counts.",
    )


def check_count(what: str, expected: str | None, *actual: int) -> tuple[Remark, ...]:
    """Whether a count is one of those it may be."""
    if expected is not None and expected.isdecimal() and len(expected) < 19 and int(expected) in actual:
        return ()
    return (miscounted(what, expected, str(actual[0])),)


def check_control(what: str, expected: str | None, actual: str | None) -> tuple[Remark, ...]:
    """Whether the end names the same control number as the beginning."""
    same = (expected or "").lstrip("0") == (actual or "").lstrip("0")
    return () if same else (miscounted(what, actual, expected),)


def total(amounts: Iterable[str | None]) -> str | None:
    """The sum of amounts as it stands in the data; None when there are none, or one cannot be added."""
    numbers = []
    for amount in amounts:
        try:
            number = Decimal(amount or "")
        except InvalidOperation:
            return None
        if not number.is_finite() or abs(number.adjusted()) > _LONG_NAME:
            return None
        numbers.append(number)
    return plain(sum(numbers, Decimal(0))) if numbers else None


def joined(parts: Iterable[str], width: int = 35) -> str | None:
    """A text that goes on in the next component: with no space where a component is full, else with one."""
    text = ""
    last = ""
    for part in parts:
        text += ("" if not text or len(last) >= width else " ") + part
        last = part
    return text or None
