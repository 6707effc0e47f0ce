"""Papers of this house that count although the ERP has not posted them: known invoices and billed order lines.

A paper sent back stops counting (`active` false): a corrected one with the same number is no duplicate of it.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, select

from core.database import ReadSession, WriteSession
from triage import tables
from triage.facts import BilledLine, KnownInvoice


def known_invoices(session: ReadSession, supplier_id: str, *, except_document_id: str) -> tuple[KnownInvoice, ...]:
    """Invoices of a supplier seen here, without the one being decided."""
    table = tables.known_invoices
    found = select(table).where(
        and_(table.c.supplier_id == supplier_id, table.c.active, table.c.document_id != except_document_id)
    )
    return tuple(
        KnownInvoice(
            document_id=row["document_id"],
            sha256=row["sha256"],
            supplier_id=row["supplier_id"],
            invoice_number=row["invoice_number"],
            issue_date=row["issue_date"],
            total_with_vat=row["total_with_vat"],
            currency=row["currency"],
        )
        for row in session.all(found.order_by(table.c.document_id))
    )


def billed_lines(
    session: ReadSession, po_numbers: Collection[str], *, except_document_id: str
) -> tuple[BilledLine, ...]:
    """What other papers here have billed on the lines of these orders."""
    if not po_numbers:
        return ()
    table = tables.billed_lines
    found = select(table).where(
        and_(table.c.po_number.in_(sorted(po_numbers)), table.c.active, table.c.document_id != except_document_id)
    )
    return tuple(
        BilledLine(
            document_id=row["document_id"],
            po_number=row["po_number"],
            line_number=row["line_number"],
            quantity=row["quantity"],
            net_amount=row["net_amount"],
        )
        for row in session.all(found.order_by(table.c.document_id, table.c.position))
    )


def remember(
    session: WriteSession,
    document_id: str,
    *,
    invoice: KnownInvoice | None,
    lines: Sequence[BilledLine],
    lines_count: bool,
) -> None:
    """Replaces what is remembered of a paper.

    Args:
        lines_count: whether its quantities count as billed. A blocked paper's do not: a duplicate would use up
            the quantity of the order and block the honest paper that comes after it.
    """
    for table in (tables.known_invoices, tables.billed_lines):
        session.run(delete(table).where(table.c.document_id == document_id))
    if invoice is not None:
        session.run(
            tables.known_invoices.insert(),
            [
                {
                    "document_id": document_id,
                    "sha256": invoice.sha256,
                    "supplier_id": invoice.supplier_id,
                    "invoice_number": invoice.invoice_number,
                    "issue_date": invoice.issue_date,
                    "total_with_vat": invoice.total_with_vat,
                    "currency": invoice.currency,
                    "active": True,
                }
            ],
        )
    session.run(
        tables.billed_lines.insert(),
        [
            {
                "document_id": document_id,
                "position": position,
                "po_number": line.po_number,
                "line_number": line.line_number,
                "quantity": line.quantity,
                "net_amount": line.net_amount,
                "active": lines_count,
            }
            for position, line in enumerate(lines, start=1)
        ],
    )
