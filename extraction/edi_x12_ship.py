"""Reads the X12 ship notice (856): a tree of shipment, orders, pallets, packages and items."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core.documents import DocumentType, Field, Remark, Row, Source
from extraction.edi_message import Contents, Message, Segment, check_count, miscounted
from extraction.edi_x12_parts import X12Fields, first_party, pairs, parties, references, words
from extraction.xml_fields import row

_SHIPPERS = ("SH", "SF", "SU", "SE", "VN")
_CONSIGNEES = ("CN", "ST", "BY", "OB")
_GROSS_KINDS = frozenset({"G", "A3", None})
_SSCC_KINDS = frozenset({"GM", "AA", "SM"})
_make = X12Fields(Source.X12)


@dataclass(slots=True)
class _Level:
    """A level of the tree: its segments without HL, and the levels above it, nearest first."""

    kind: str | None
    segments: list[Segment] = field(default_factory=list)
    above: tuple["_Level", ...] = ()

    def path(self) -> tuple["_Level", ...]:
        return (self, *self.above)


def parse_ship_notice(message: Message) -> Contents:
    """The shipment and its lines, each with the order and packages above it."""
    header, levels, summary, findings = _tree(message)
    whole = [*header, *(segment for level in levels if level.kind == "S" for segment in level.segments)]
    orders = [at.part(1) for level in levels for at in level.segments if at.tag == "PRF"]
    items = [level for level in levels if level.kind == "I"]
    count = next((at for at in summary if at.tag == "CTT"), None)
    if count is not None:
        findings += check_count("Levels (CTT01)", count.part(1), len(levels), len(items))
    fields = _shipment(header, whole) | _parties([*whole, *(at for level in levels for at in level.segments)])
    return Contents(
        document_type=DocumentType.DESPATCH_ADVICE,
        fields=fields | {"purchase_order_reference": _make.one_of(orders)},
        lines=tuple(_line(level) for level in items),
        findings=tuple(findings),
    )


def _shipment(header: list[Segment], whole: list[Segment]) -> dict[str, Field | None]:
    begin = next((at for at in header if at.tag == "BSN"), Segment("BSN", ()))
    lading = [at for at in whole if at.tag == "TD1"]
    gross = next((at for at in lading if at.part(6) in _GROSS_KINDS and at.part(7)), None)
    net = next((at for at in lading if at.part(6) == "N"), None)
    route = next((at for at in whole if at.tag == "TD5"), Segment("TD5", ()))
    equipment = next((at for at in whole if at.tag == "TD3"), Segment("TD3", ()))
    container = (equipment.part(2) or "") + (equipment.part(3) or "")
    return {
        "shipment_number": _make.text(begin.part(2)),
        "bill_of_lading_number": _make.text(references(whole, "BM", "MB")),
        "despatch_date": _make.day(whole, "011") or _make.date(begin.part(3)),
        "delivery_date": _make.day(whole, "035", "017", "067", "002"),
        "carrier_name": _make.text(route.part(5) or route.part(3)),
        "tracking_number": _make.text(references(whole, "2I", "CN")),
        "container_number": _make.text(container),
        "seal_number": _make.text(equipment.part(9) or references(whole, "SN")),
        "package_count": _make.amount(next((at.part(2) for at in lading if at.part(2)), None)),
        "gross_weight": _make.amount(gross.part(7) if gross else None),
        "gross_weight_unit": _make.text(gross.part(8) if gross else None),
        "net_weight": _make.amount(net.part(7) if net else None),
    }


def _parties(segments: list[Segment]) -> dict[str, Field | None]:
    found = parties(segments)
    shipper, consignee = first_party(found, *_SHIPPERS), first_party(found, *_CONSIGNEES)
    return {
        "shipper_name": _make.text(shipper.name()),
        "shipper_address": _make.text(shipper.address()),
        "consignee_name": _make.text(consignee.name()),
        "consignee_address": _make.text(consignee.address()),
    }


def _line(level: _Level) -> Row:
    line = next((at for at in level.segments if at.tag == "LIN"), Segment("LIN", ()))
    shipped = next((at for at in level.segments if at.tag == "SN1"), Segment("SN1", ()))
    lots = [value for kind, value in pairs(line, 2) if kind == "LT"]
    order = next((at.part(1) for above in level.path() for at in above.segments if at.tag == "PRF"), None)
    return row(
        _make.item(line, 2)
        | {
            "line_id": _make.text(line.part(1) or shipped.part(1)),
            "quantity": _make.amount(shipped.part(2)),
            "unit": _make.text(shipped.part(3)),
            "lot_number": _make.one_of((*lots, references(level.segments, "LT", "BT"))),
            "sscc": _make.one_of(_sscc(level)),
            "purchase_order_reference": _make.text(order),
        }
        | words(level.segments, line, 2, _make)
    )


def _sscc(level: _Level) -> tuple[str | None, ...]:
    """The codes on the nearest level that has any."""
    for above in level.path():
        found = tuple(at.part(2) for at in above.segments if at.tag == "MAN" and at.part(1) in _SSCC_KINDS)
        if any(found):
            return found
    return ()


def _tree(message: Message) -> tuple[list[Segment], list[_Level], list[Segment], list[Remark]]:
    header: list[Segment] = []
    summary: list[Segment] = []
    by_id: dict[str, _Level] = {}
    levels: list[_Level] = []
    findings: list[Remark] = []
    into = header
    for segment in message.segments:
        if segment.tag == "CTT":
            into = summary
        elif segment.tag == "HL" and into is not summary:
            number, parent = segment.part(1) or "", segment.part(2)
            findings += _misplaced(number, parent, by_id)
            above = by_id[parent].path() if parent in by_id else ()
            level = _Level(segment.part(3), [], above)
            levels.append(level)
            by_id.setdefault(number, level)
            into = level.segments
            continue
        into.append(segment)
    return header, levels, summary, findings


def _misplaced(number: str, parent: str | None, by_id: dict[str, _Level]) -> Iterator[Remark]:
    if number in by_id:
        yield miscounted("Number of a level (HL01)", "a new one", f"{number} again")
    if parent is not None and parent not in by_id:
        yield miscounted(f"Level above {number[:20]} (HL02)", parent, None)
