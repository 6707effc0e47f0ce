"""Shipment documents of this house: which have been here, and what they say was shipped on each order line.

A paper sent back stops counting (`active` false), as an invoice does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from core.database import ReadSession, WriteSession
from core.documents import SHIPMENT_TYPES, DocumentType
from core.keys import number_key
from core.nearest import in_parts
from triage import tables
from triage.facts import KnownShipment, Paper, ShippedLine


def gather_shipments(
    session: ReadSession, papers: Sequence[Paper], po_numbers: Sequence[tuple[str, ...]]
) -> list[tuple[tuple[KnownShipment, ...], tuple[ShippedLine, ...]]]:
    """For each shipment document those before it on its orders, of its number or of its file; without itself.

    Nothing for papers of other kinds: what was shipped does not judge an invoice, what was received does.
    """
    ships = [paper.document_type in SHIPMENT_TYPES for paper in papers]
    numbers = [set(mine) if ours else set() for ours, mine in zip(ships, po_numbers, strict=True)]
    wanted = [paper for paper, ours in zip(papers, ships, strict=True) if ours]
    lines = shipped_on_orders(session, {number for mine in numbers for number in mine})
    known = known_shipments(
        session,
        document_ids={line.document_id for line in lines},
        number_keys={number_key(paper.shipment_number) for paper in wanted} - {""},
        sha256s={paper.sha256 for paper in wanted},
    )
    return [
        _of(paper, mine, known, lines) if ours else ((), ())
        for paper, ours, mine in zip(papers, ships, numbers, strict=True)
    ]


def shipped_on_orders(session: ReadSession, po_numbers: Iterable[str]) -> tuple[ShippedLine, ...]:
    """What papers here say was shipped on the lines of these orders, in the order of papers and their lines."""
    table = tables.shipped_lines
    rows: list[Any] = []
    for part in in_parts(po_numbers):
        rows += session.all(select(table).where(table.c.po_number.in_(part), table.c.active))
    rows.sort(key=lambda row: (row["document_id"], row["position"]))
    return tuple(ShippedLine(**{name: row[name] for name in _LINE}) for row in rows)


def known_shipments(
    session: ReadSession, *, document_ids: Iterable[str], number_keys: Iterable[str], sha256s: Iterable[str]
) -> tuple[KnownShipment, ...]:
    """Shipment documents seen here by any of these."""
    table = tables.known_shipments.c
    asked = ((table.document_id, document_ids), (table.number_key, number_keys), (table.sha256, sha256s))
    found: dict[str, KnownShipment] = {}
    for column, values in asked:
        for part in in_parts(values):
            found |= _known(session, column.in_(part))
    return tuple(found[document_id] for document_id in sorted(found))


def remember(
    session: WriteSession,
    document_id: str,
    *,
    shipment: KnownShipment | None,
    lines: Sequence[ShippedLine],
    lines_count: bool,
) -> None:
    """Replaces what is remembered of a paper; `lines_count`: whether its quantities count as shipped."""
    for table in (tables.known_shipments, tables.shipped_lines):
        session.run(delete(table).where(table.c.document_id == document_id))
    if shipment is None:
        return
    record = {
        **{name: getattr(shipment, name) for name in _SHIPMENT},
        "document_type": shipment.document_type.value,
        "number_key": number_key(shipment.shipment_number),
        "active": True,
    }
    session.run(tables.known_shipments.insert(), [record])
    session.run(
        tables.shipped_lines.insert(),
        [
            {**{name: getattr(line, name) for name in _LINE}, "position": position, "active": lines_count}
            for position, line in enumerate(lines, start=1)
        ],
    )


_SHIPMENT = tuple(field.name for field in fields(KnownShipment))
_LINE = tuple(field.name for field in fields(ShippedLine))


def _known(session: ReadSession, condition: ColumnElement[bool]) -> dict[str, KnownShipment]:
    table = tables.known_shipments
    return {
        row["document_id"]: KnownShipment(
            **{name: row[name] for name in _SHIPMENT} | {"document_type": DocumentType(row["document_type"])}
        )
        for row in session.all(select(table).where(condition, table.c.active))
    }


def _of(
    paper: Paper, po_numbers: set[str], known: Sequence[KnownShipment], lines: Sequence[ShippedLine]
) -> tuple[tuple[KnownShipment, ...], tuple[ShippedLine, ...]]:
    mine = tuple(at for at in lines if at.po_number in po_numbers and at.document_id != paper.document_id)
    documents = {line.document_id for line in mine}
    key = number_key(paper.shipment_number)
    near = tuple(
        at
        for at in known
        if at.document_id != paper.document_id
        and (
            at.document_id in documents or at.sha256 == paper.sha256 or (key and number_key(at.shipment_number) == key)
        )
    )
    return near, mine
