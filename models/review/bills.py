"""Turns the feeds about invoices into bills as known when they come in, and what became of each, since when."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

NAN: Final = math.nan
FEEDS: Final = ("posted_invoices", "suppliers", "purchase_orders", "purchase_order_lines", "goods_receipts")
"""What bills are made from; only the first must hold anything."""
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice as it is known on the day it comes in; `nan` for what is not known.

    Attributes:
        came: that day, in days since 1970.
        amount: gross total, without its sign, in `currency`.
        terms_days: from its date to its due date; `agreed_days` what the supplier's master record says.
        ordered: the day its order was placed; `ordered_amount` the order's lines, without VAT.
        received: the day of the first receipt on its order known then.
        least_confidence, mean_confidence: how sure the values were read, where it was read from paper.
        held: how many findings hold it; `at_risk_share` the most money one of them names, over the amount.
    """

    bill_id: str
    supplier_id: str
    came: float
    amount: float
    currency: str
    po_number: str | None = None
    terms_days: float = NAN
    agreed_days: float = NAN
    ordered: float = NAN
    ordered_amount: float = NAN
    received: float = NAN
    least_confidence: float = NAN
    mean_confidence: float = NAN
    held: float = NAN
    at_risk_share: float = NAN


@dataclass(frozen=True, slots=True, kw_only=True)
class BillEnding:
    """Whether a person changed or disputed a bill, and since when that is known, in days since 1970."""

    known: float
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BillBook:
    """Bills in the order they came, and the ending of each, None while nobody knows."""

    bills: tuple[Bill, ...]
    endings: tuple[BillEnding | None, ...]

    def until(self, day: float) -> "BillBook":
        """The bills that had come by a day, with the endings known by then."""
        pairs = [
            (bill, ending if ending is not None and ending.known <= day else None)
            for bill, ending in zip(self.bills, self.endings, strict=True)
            if bill.came <= day
        ]
        return BillBook(bills=tuple(bill for bill, _ in pairs), endings=tuple(ending for _, ending in pairs))


def billbook(frames: "Mapping[str, pl.DataFrame]") -> BillBook:
    """Bills from the feeds of `FEEDS`, oldest first; a bill whose dispute has no `settled_at` has no ending yet."""
    posted = frames["posted_invoices"].sort("invoice_date", "supplier_id", "invoice_number")
    agreed = dict(frames["suppliers"].select("supplier_id", "payment_terms_days").iter_rows())
    placed = {
        number: days_of(at) for number, at in frames["purchase_orders"].select("po_number", "ordered_at").iter_rows()
    }
    values = _order_values(frames["purchase_order_lines"])
    receipts = _first_receipts(frames["goods_receipts"])
    bills, endings = [], []
    for row in posted.iter_rows(named=True):
        if row["invoice_date"] is None or row["total_with_vat"] is None:
            continue
        bills.append(_bill(row, agreed, placed, values, receipts))
        settled, disputed = row["settled_at"], row["disputed"]
        endings.append(
            None if settled is None or disputed is None else BillEnding(known=days_of(settled), disputed=disputed)
        )
    return BillBook(bills=tuple(bills), endings=tuple(endings))


def walk(bills: Sequence[Bill], endings: Sequence[BillEnding | None]) -> Iterator[tuple[int, bool]]:
    """`(number, False)` when a bill comes, `(number, True)` when its ending becomes known; never before it came.

    What becomes known on the day a bill comes is not known to it: a feed says the day of a bill, not the hour.
    """
    steps = [(math.floor(bill.came), 0, number) for number, bill in enumerate(bills)]
    steps += [
        (max(math.floor(ending.known), math.floor(bills[number].came)), 1, number)
        for number, ending in enumerate(endings)
        if ending is not None
    ]
    for _, what, number in sorted(steps):
        yield number, what == 1


def days_of(at: date | datetime) -> float:
    """Days since 1970 of a day or an instant, in UTC."""
    instant = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)
    return instant.timestamp() / _DAY


def _bill(
    row: Mapping[str, Any],
    agreed: Mapping[str, int | None],
    placed: Mapping[str, float],
    values: Mapping[str, float],
    receipts: Mapping[str, float],
) -> Bill:
    po_number, came = row["po_number"], days_of(row["invoice_date"])
    terms = agreed.get(row["supplier_id"])
    received = receipts.get(po_number, NAN)
    return Bill(
        bill_id=f"{row['supplier_id']}/{row['invoice_number']}",
        supplier_id=row["supplier_id"],
        came=came,
        amount=abs(row["total_with_vat"]),
        currency=row["currency"] or "",
        po_number=po_number,
        terms_days=NAN if row["due_date"] is None else days_of(row["due_date"]) - came,
        agreed_days=NAN if terms is None else float(terms),
        ordered=placed.get(po_number, NAN),
        ordered_amount=values.get(po_number, NAN),
        received=received if received <= came else NAN,
    )


def _order_values(lines: "pl.DataFrame") -> dict[str, float]:
    import polars as pl

    values = lines.group_by("po_number").agg((pl.col("quantity") * pl.col("unit_price")).sum())
    return dict(values.iter_rows())


def _first_receipts(receipts: "pl.DataFrame") -> dict[str, float]:
    import polars as pl

    first = receipts.group_by("po_number").agg(pl.col("received_at").min())
    return {number: days_of(at) for number, at in first.iter_rows() if at is not None}
