"""The facts a decision about a bill in the ERP is made from: a posted invoice that nobody has settled yet."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BillFacts:
    """A posted invoice that waits to be settled.

    Attributes:
        as_of: the instant of the decision.
        total_with_vat: in `currency`; negative for a credit.
    """

    supplier_id: str
    invoice_number: str
    as_of: datetime
    invoice_date: date
    total_with_vat: Decimal
    currency: str | None = None
    due_date: date | None = None
    po_number: str | None = None
    supplier_name: str | None = None

    @property
    def key(self) -> str:
        """As findings and decisions name it."""
        return f"posted_invoice:{self.supplier_id}/{self.invoice_number}"
