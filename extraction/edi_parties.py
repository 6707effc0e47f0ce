"""Reads what EDIFACT messages share: parties with their numbers and accounts, dates, items, measures."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.documents import Field, Source
from extraction.edi_message import Message, Segment, joined
from extraction.xml_fields import XmlFields, gtin, one_line

_OF_A_PARTY = frozenset({"LOC", "FII", "RFF", "DOC", "CTA", "COM"})
_ENDS_DOCUMENT_LEVEL = frozenset({"NAD", "ALC", "TAX", "PAT", "PYT", "CUX", "TDT", "TOD", "EQD"})
_GTIN_KINDS = frozenset({"EN", "SRV", "UP", "GTIN", "EAN"})
_SELLERS_KINDS = frozenset({"SA", "VN", "VP"})
_BUYERS_KINDS = frozenset({"IN", "BP"})
_LOT_KINDS = frozenset({"NB", "BB"})
_CENTURY_FORMATS = frozenset({"101", "201", "202"})
_SIX_DIGITS = re.compile(r"\d{6}")
_FULL_NAME = 35


class EdifactFields(XmlFields):
    """Makes fields of one EDIFACT message: its decimal mark, its dates."""

    def __init__(self, decimal_mark: str) -> None:
        super().__init__(Source.EDIFACT)
        self._decimal_mark = decimal_mark

    def number(self, value: str | None) -> str | None:
        """A number with a point, where it can be one."""
        if value is None:
            return None
        return value.replace(self._decimal_mark, ".") if self._decimal_mark != "." else value.replace(",", ".")

    def amount(self, value: str | None) -> Field | None:
        """An amount, with the interchange's decimal mark or a comma: thousands are never marked in EDIFACT."""
        return super().amount(self.number(value))

    def day(self, segments: Iterable[Segment], *qualifiers: str) -> Field | None:
        """The date of the first qualifier that has one."""
        dates = {segment.part(1): segment for segment in reversed(list(segments)) if segment.tag == "DTM"}
        found = next((dates[qualifier] for qualifier in qualifiers if qualifier in dates), None)
        if found is None:
            return None
        value, form = found.part(1, 2), found.part(1, 3)
        if value and (form in _CENTURY_FORMATS or (form is None and _SIX_DIGITS.fullmatch(value))):
            value = f"20{value}"
        return self.date(value)


@dataclass(slots=True)
class Party:
    """A party of the header and what stands below it."""

    segment: Segment | None = None
    below: list[Segment] = field(default_factory=list)

    def name(self) -> str | None:
        """Its name; where only an identifier is given that is plainly a name, that."""
        if self.segment is None:
            return None
        names = self.segment.parts(4) or self.segment.parts(3)[:1]
        full = [name for place, name in enumerate(names) if place == 0 or len(names[place - 1]) >= _FULL_NAME]
        if names:
            return joined(full)
        identifier = self.segment.part(2)
        return identifier if identifier and " " in identifier and identifier.replace(" ", "").isalpha() else None

    def address(self) -> str | None:
        """As it would be printed."""
        at = self.segment
        if at is None:
            return None
        town = " ".join(filter(None, (at.part(8), at.part(6)))) or None
        region = at.part(7, 4) or at.part(7)
        lines = at.parts(5) or (at.parts(3)[1:] if at.parts(3) else ())
        return one_line((*lines, town, region, at.part(9)))

    def reference(self, *kinds: str) -> str | None:
        """Its number of a kind."""
        return reference(self.below, *kinds)

    def accounts(self) -> list[str | None]:
        """Accounts that are paid to."""
        return [at.part(2) for at in self.below if at.tag == "FII" and at.part(1) in {"RB", "BF", "RH"}]


def parties(header: Iterable[Segment]) -> dict[str, Party]:
    """The parties by their role; the first of each counts."""
    found: dict[str, Party] = {}
    party: Party | None = None
    for segment in header:
        if segment.tag == "NAD":
            party = Party(segment)
            found.setdefault(segment.part(1) or "", party)
        elif party is not None and segment.tag in _OF_A_PARTY:
            party.below.append(segment)
        else:
            party = None
    return found


def first_party(found: dict[str, Party], *roles: str) -> Party:
    """The first of the roles that has a name or an address; an empty one when none has."""
    named = (found[role] for role in roles if role in found and (found[role].name() or found[role].address()))
    return next(named, Party())


def reference(segments: Iterable[Segment], *kinds: str, component: int = 2) -> str | None:
    """The reference of the first kind that is given."""
    given = [segment for segment in segments if segment.tag == "RFF" and segment.part(1, component)]
    return next((at.part(1, component) for kind in kinds for at in given if at.part(1) == kind), None)


def document_level(header: Iterable[Segment]) -> list[Segment]:
    """Dates, texts and references of the document itself: what stands before its parties."""
    found: list[Segment] = []
    is_referred_to = False
    for segment in header:
        if segment.tag in _ENDS_DOCUMENT_LEVEL:
            break
        is_referred_to = is_referred_to or segment.tag == "RFF"
        # Dates behind a reference are of the paper referred to.
        if segment.tag != "DTM" or not is_referred_to:
            found.append(segment)
    return found


def item(segments: list[Segment], make: XmlFields) -> dict[str, Field | None]:
    """Number, identifiers and words of a line, whose first segment is LIN."""
    lin = segments[0]
    named = [(lin.part(3, 2), lin.part(3))] + [
        (part[1] if len(part) > 1 else None, part[0]) for at in segments if at.tag == "PIA" for part in at.elements[1:]
    ]

    def of(kinds: frozenset[str]) -> str | None:
        return next((value.strip() for kind, value in named if value and kind in kinds), None)

    words = sorted((at for at in segments if at.tag == "IMD" and at.parts(3)), key=lambda at: at.part(1) != "F")
    texts = (joined(tuple(" ".join(part.split()) for part in at.elements[2][3:5])) for at in words)
    return {
        "line_id": make.text(lin.part(1)),
        "description": make.text(next((text.strip() for text in texts if text and text.strip()), None)),
        "seller_item_id": make.text(of(_SELLERS_KINDS)),
        "buyer_item_id": make.text(of(_BUYERS_KINDS)),
        "gtin": make.text(of(_GTIN_KINDS) or gtin(None, lin.part(3) if lin.part(3, 2) is None else None)),
        "purchase_order_reference": make.text(reference(segments, "ON")),
    }


def lot(segments: list[Segment]) -> list[str | None]:
    """Lot numbers of a line."""
    named = [part for at in segments if at.tag == "PIA" for part in at.elements[1:] if len(part) > 1]
    return [
        *(part[0].strip() for part in named if part[1] in _LOT_KINDS),
        *(number for at in segments if at.tag == "GIN" and at.part(1) == "BX" for number in numbers(at)),
        *(at.part(1, 2) for at in segments if at.tag == "RFF" and at.part(1) in {"LOT", "BT"}),
    ]


def numbers(gin: Segment) -> list[str]:
    """Identities that a GIN gives."""
    return [part[0].strip() for part in gin.elements[1:] if part and part[0].strip()]


def quantity(segments: Iterable[Segment], *kinds: str) -> tuple[str | None, str | None]:
    """The quantity of the first kind that is given, and its unit."""
    given = [segment for segment in segments if segment.tag == "QTY"]
    found = next((at for kind in kinds for at in given if at.part(1) == kind), None)
    return (found.part(1, 2), found.part(1, 3)) if found else (None, None)


def split(message: Message, *starts: str) -> tuple[list[Segment], list[list[Segment]], list[Segment]]:
    """Header, groups that begin with one of these tags, and what stands behind the section control (UNS)."""
    header: list[Segment] = []
    groups: list[list[Segment]] = []
    summary: list[Segment] = []
    into = header
    for segment in message.segments:
        if segment.tag == "UNS" and segment.part(1) != "D":
            into = summary
        elif into is not summary and segment.tag in starts:
            into = []
            groups.append(into)
        if segment.tag != "UNS":
            into.append(segment)
    return header, groups, summary
