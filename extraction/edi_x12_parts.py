"""Reads what X12 transaction sets share: parties, references, dates, identifiers of items."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from core.documents import Field
from core.money import plain
from extraction.edi_message import Segment, joined
from extraction.xml_fields import XmlFields, one_line

_OF_A_PARTY = frozenset({"N2", "N3", "N4", "REF", "PER"})
_GTIN_KINDS = frozenset({"UP", "EN", "UK", "UA", "UI", "EO", "GT"})
_SELLERS_KINDS = frozenset({"VP", "VN", "VC", "VA", "SA"})
_BUYERS_KINDS = frozenset({"IN", "BP", "CB", "SK", "PI"})
_SHORT_DATE = 6


class X12Fields(XmlFields):
    """Makes fields of one transaction set."""

    def date(self, value: str | None) -> Field | None:
        """A date with or without its century."""
        return super().date(f"20{value}" if value and len(value) == _SHORT_DATE and value.isdecimal() else value)

    def day(self, segments: Iterable[Segment], *qualifiers: str) -> Field | None:
        """The date of the first qualifier that has one."""
        dates = {at.part(1): at.part(2) for at in reversed(list(segments)) if at.tag == "DTM" and at.part(2)}
        return self.date(next((dates[qualifier] for qualifier in qualifiers if qualifier in dates), None))

    def cents(self, value: str | None) -> Field | None:
        """An amount whose two decimals are implied (type N2)."""
        try:
            return self.amount(plain(Decimal(value or "").scaleb(-2)) if value and "." not in value else value)
        except (InvalidOperation, ValueError):
            return self.amount(value)

    def item(self, segment: Segment, start: int) -> dict[str, Field | None]:
        """Identifiers of an item: pairs of a kind and a value, from an element on."""

        def of(kinds: frozenset[str]) -> Field | None:
            return self.text(next((value for kind, value in pairs(segment, start) if kind in kinds), None))

        return {"seller_item_id": of(_SELLERS_KINDS), "buyer_item_id": of(_BUYERS_KINDS), "gtin": of(_GTIN_KINDS)}


@dataclass(slots=True)
class X12Party:
    """A party: N1 and what stands below it."""

    segments: list[Segment] = field(default_factory=list)

    def name(self) -> str | None:
        """As given, with what N2 adds."""
        return joined([self.segments[0].part(2) or ""]) if self.segments else None

    def address(self) -> str | None:
        """As it would be printed: street, then town, state and postal code."""
        streets = [at.part(place) for at in self.segments if at.tag == "N3" for place in (1, 2)]
        at = next((segment for segment in self.segments if segment.tag == "N4"), Segment("N4", ()))
        region = " ".join(filter(None, (at.part(2), at.part(3)))) or None
        return one_line((*streets, at.part(1), region, at.part(4)))


def parties(segments: Iterable[Segment]) -> dict[str, X12Party]:
    """The parties by their role; the first of each counts."""
    found: dict[str, X12Party] = {}
    party: X12Party | None = None
    for segment in segments:
        if segment.tag == "N1":
            party = X12Party([segment])
            found.setdefault(segment.part(1) or "", party)
        elif party is not None and segment.tag in _OF_A_PARTY:
            party.segments.append(segment)
        else:
            party = None
    return found


def first_party(found: dict[str, X12Party], *roles: str) -> X12Party:
    """The first of the roles that has a name or an address; an empty one when none has."""
    named = (found[role] for role in roles if role in found and (found[role].name() or found[role].address()))
    return next(named, X12Party())


def references(segments: Iterable[Segment], *kinds: str) -> str | None:
    """The reference of the first kind that is given."""
    given = [segment for segment in segments if segment.tag == "REF" and segment.part(2)]
    return next((at.part(2) for kind in kinds for at in given if at.part(1) == kind), None)


def pairs(segment: Segment, start: int) -> list[tuple[str, str]]:
    """Kinds and values that alternate from an element on."""
    places = range(start, len(segment.elements), 2)
    return [(kind, value) for at in places if (kind := segment.part(at)) and (value := segment.part(at + 1))]


def words(segments: Iterable[Segment], line: Segment, start: int, make: XmlFields) -> dict[str, Field | None]:
    """What the item is, in words."""
    given = (at.part(5) for at in segments if at.tag == "PID")
    named = (value for kind, value in pairs(line, start) if kind == "PD")
    return {"description": make.text(next((text for text in (*given, *named) if text), None))}
