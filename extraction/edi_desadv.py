"""Reads EDIFACT DESADV: the despatch advice, with the packages (CPS) that its lines lie in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.documents import DocumentType, Field, Row
from extraction.edi_message import Contents, Message, Segment, total
from extraction.edi_parties import (
    EdifactFields,
    document_level,
    first_party,
    item,
    lot,
    numbers,
    parties,
    quantity,
    reference,
    split,
)
from extraction.xml_fields import row

_SHIPPERS = ("CZ", "SF", "SU", "SE")
# A despatch advice leaves the place of delivery out where it is the buyer's.
_CONSIGNEES = ("CN", "ST", "DP", "UC", "BY")
_DESPATCHED = ("12", "46", "1", "21")
_GROSS = ("AAD", "AAB", "G")
_NET = ("AAC", "AAA", "AAL", "N")
_SSCC_KINDS = frozenset({"BJ", "AW"})


@dataclass(slots=True)
class _Package:
    """A package of the hierarchy: its own segments and the lines that lie in it."""

    segments: list[Segment] = field(default_factory=list)
    lines: list[list[Segment]] = field(default_factory=list)

    def is_whole(self) -> bool:
        """Whether it stands for the shipment, not for a part of it."""
        return not self.segments or self.segments[0].part(2) is None

    def count(self) -> str | None:
        """How many packages it says it has."""
        return total(at.part(1) for at in self.segments if at.tag == "PAC" and at.part(1))

    def sscc(self) -> list[str]:
        """The serial shipping container codes on it."""
        return [number for at in self.segments if _gives_sscc(at) for number in numbers(at)]


def parse_despatch(message: Message) -> Contents:
    """The shipment and its lines."""
    make = EdifactFields(message.decimal_mark)
    header, groups, summary = split(message, "CPS", "LIN")
    packages = _packages(groups)
    whole = [*header, *(segment for package in packages if package.is_whole() for segment in package.segments)]
    fields = _shipment(header, whole, make) | _parties(header, make)
    count = _control(summary, "11") or _package_count(packages)
    gross, unit = _weight(whole, _GROSS)
    if gross is None:
        gross, unit = _control(summary, "7"), _control(summary, "7", component=3)
    fields |= {
        "package_count": make.amount(count),
        "gross_weight": make.amount(gross),
        "gross_weight_unit": make.text(unit),
        "net_weight": make.amount(_weight(whole, _NET)[0]),
    }
    return Contents(
        document_type=DocumentType.DESPATCH_ADVICE,
        fields=fields,
        lines=tuple(_line(group, package, make) for package in packages for group in package.lines),
    )


def _shipment(header: list[Segment], whole: list[Segment], make: EdifactFields) -> dict[str, Field | None]:
    own = document_level(header)
    begin = next((segment for segment in header if segment.tag == "BGM"), Segment("BGM", ()))
    return {
        "shipment_number": make.text(begin.part(2)),
        "bill_of_lading_number": make.text(reference(header, "BM")),
        "purchase_order_reference": make.text(reference(own, "ON")),
        "despatch_date": make.day(own, "11", "137"),
        "delivery_date": make.day(own, "35", "17", "132", "2", "64"),
        "tracking_number": make.text(reference(header, "CN", "AAS")),
        "container_number": make.text(_equipment(whole)),
        "seal_number": make.text(next((at.part(1) for at in whole if at.tag == "SEL"), None)),
    }


def _parties(header: list[Segment], make: EdifactFields) -> dict[str, Field | None]:
    found = parties(header)
    shipper, consignee = first_party(found, *_SHIPPERS), first_party(found, *_CONSIGNEES)
    transport = (at.part(5, 4) or at.part(5) for at in header if at.tag == "TDT")
    return {
        "carrier_name": make.text(first_party(found, "CA").name() or next(transport, None)),
        "shipper_name": make.text(shipper.name()),
        "shipper_address": make.text(shipper.address()),
        "consignee_name": make.text(consignee.name()),
        "consignee_address": make.text(consignee.address()),
    }


def _line(group: list[Segment], package: _Package, make: EdifactFields) -> Row:
    number, unit = quantity(group, *_DESPATCHED)
    own_codes = [code for at in group if _gives_sscc(at) for code in numbers(at)]
    is_alone = len(package.lines) == 1 and not package.is_whole()
    return row(
        item(group, make)
        | {
            "quantity": make.amount(number),
            "unit": make.text(unit),
            "package_count": make.amount(package.count() if is_alone else None),
            "gross_weight": make.amount(_weight(group, _GROSS)[0]),
            "lot_number": make.one_of(lot(group)),
            "sscc": make.one_of(own_codes or package.sscc()),
        }
    )


def _packages(groups: Iterable[list[Segment]]) -> list[_Package]:
    packages = [_Package()]
    for group in groups:
        if group[0].tag == "CPS":
            packages.append(_Package(group))
        else:
            packages[-1].lines.append(group)
    return packages


def _package_count(packages: list[_Package]) -> str | None:
    """What the whole says, else the sum of what its parts say."""
    of_the_whole = next((count for package in packages if package.is_whole() and (count := package.count())), None)
    return of_the_whole or total(count for package in packages if (count := package.count()))


def _weight(segments: Iterable[Segment], kinds: tuple[str, ...]) -> tuple[str | None, str | None]:
    found = list(_measures(segments))
    return next(((value, unit) for kind in kinds for at, unit, value in found if at == kind), (None, None))


def _measures(segments: Iterable[Segment]) -> Iterator[tuple[str | None, str | None, str | None]]:
    return ((at.part(2), at.part(3), at.part(3, 2)) for at in segments if at.tag == "MEA" and at.part(3, 2))


def _control(summary: Iterable[Segment], kind: str, *, component: int = 2) -> str | None:
    return next((at.part(1, component) for at in summary if at.tag == "CNT" and at.part(1) == kind), None)


def _equipment(segments: Iterable[Segment]) -> str | None:
    return next((at.part(2) for at in segments if at.tag == "EQD" and at.part(1) == "CN"), None)


def _gives_sscc(segment: Segment) -> bool:
    return segment.tag == "GIN" and segment.part(1) in _SSCC_KINDS
