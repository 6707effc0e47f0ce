"""Says for which day an order line was promised."""

from datetime import UTC, date

from core.erp import PurchaseOrderLine


def promised_on(line: PurchaseOrderLine) -> date | None:
    """The promised day in UTC, None where nothing was promised."""
    return None if line.promised_at is None else line.promised_at.astimezone(UTC).date()
