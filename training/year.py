"""A generated year of a retailer at the level of facts: its ERP, the papers that came in order of arrival, the faults.

Nothing is drawn: papers are what a correct reading of them gives. `training.retailer` makes the demo's drawn papers.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random

from core.erp import ErpBlock, GoodsReceipt, Item, PostedInvoice, PurchaseOrder, PurchaseOrderLine, Supplier
from training.year_books import FIRST_DAY, LAST_DAY, Bill
from training.year_plan import Plan, posted
from training.year_planting import block, plant_faults
from training.year_shipments import NOTE, add_notes, plant_in_notes
from training.year_traders import items_of

FAULTY_SHARE = 0.02
NOTES_EVERY = 20
"""For so many bills there is one delivery note."""

FEEDS = ("suppliers", "items", "purchase_orders", "purchase_order_lines", "goods_receipts", "posted_invoices",
         "erp_blocks")  # fmt: skip
_LOADED_AT = time(6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Everything of a year.

    Attributes:
        posted: with the instant the ERP posted each; what came here as a paper is posted some days after it came.
        iban_changes: when a supplier's account in the master data changed, by its number.
        loads: when each feed was loaded, in order.
        bills: every paper, in order of arrival, with its key.
    """

    seed: int
    suppliers: tuple[Supplier, ...]
    items: tuple[Item, ...]
    orders: tuple[PurchaseOrder, ...]
    order_lines: tuple[PurchaseOrderLine, ...]
    receipts: tuple[GoodsReceipt, ...]
    posted: tuple[tuple[datetime, PostedInvoice], ...]
    blocks: tuple[ErpBlock, ...]
    iban_changes: Mapping[str, datetime]
    loads: Mapping[str, Sequence[datetime]]
    bills: tuple[Bill, ...]


def build_year(seed: int, count: int) -> Year:
    """A year of so many invoices and credit notes, and delivery notes beside; two in a hundred of either are faulty."""
    plan = Plan(seed, count)
    faulty = round(count * FAULTY_SHARE)
    plan.honest(count)
    add_notes(plan, count // NOTES_EVERY)
    plant_faults(plan, faulty)
    plant_in_notes(plan, round(count // NOTES_EVERY * FAULTY_SHARE))
    _lift_some_blocks(plan, max(1, count // 1000))
    bills = _in_order_of_arrival(plan)
    loads = _loads(Random(f"year loads {seed}"), bills, max(1, count // 8000))  # noqa: S311  feeds, not secrets
    bills = tuple(_late_feeds(bills, loads))
    books = plan.books
    return Year(
        seed=seed,
        suppliers=tuple(_supplier(plan, place) for place in range(len(plan.traders))),
        items=items_of(plan.traders),
        orders=tuple(books.orders.values()),
        order_lines=tuple(books.order_lines.values()),
        receipts=tuple(receipt for receipts in books.receipts.values() for receipt in receipts),
        posted=tuple(sorted((*books.posted, *_posted(plan)), key=lambda row: row[0])),
        blocks=tuple(books.blocks),
        iban_changes=plan.books.iban_changes,
        loads=loads,
        bills=bills,
    )


def _supplier(plan: Plan, place: int) -> Supplier:
    """A master record; those who may not be paid say so, in a word the policy knows or in one it does not."""
    trader = plan.traders[place]
    if trader.supplier_id not in plan.barred:
        return trader.record
    return replace(trader.record, status="blocked" if place % 2 else "under review")


def _posted(plan: Plan) -> Iterator[tuple[datetime, PostedInvoice]]:
    """What the ERP posts: every honest bill, two to nine days after it came; one that never came here, at once."""
    rng = Random(f"year posted {len(plan.bills)}")  # noqa: S311  days, not secrets
    for bill in plan.bills:
        if bill.fault is None and bill.paper.totals is not None:
            yield posted(bill, bill.arrives + timedelta(days=0 if bill.elsewhere else rng.randint(2, 9)))


def _lift_some_blocks(plan: Plan, count: int) -> None:
    """Blocks the ERP had set and lifted before the paper came: they stop nothing."""
    for _, (place, bill) in zip(range(count), plan.free(lambda one: one.pattern == "single"), strict=False):
        plan.take(place)
        plan.books.blocks.append(block(bill, lifted=True))


def _in_order_of_arrival(plan: Plan) -> tuple[Bill, ...]:
    here = sorted((bill for bill in plan.bills if not bill.elsewhere), key=lambda bill: (bill.arrives, bill.orders))
    return tuple(replace(bill, key=f"doc_{place:06d}") for place, bill in enumerate(here, start=1))


def _loads(rng: Random, bills: Sequence[Bill], mornings: int) -> Mapping[str, Sequence[datetime]]:
    """Every feed each morning at six; on a few mornings the orders come only after some papers have been decided.

    The ledger is there for the first time after the first papers of the year.
    """
    days = [FIRST_DAY + timedelta(days=day) for day in range((LAST_DAY - FIRST_DAY).days + 1)]
    usual = [datetime.combine(day, _LOADED_AT) for day in days]
    by_day: dict[datetime, list[Bill]] = {}
    for bill in bills:
        by_day.setdefault(datetime.combine(bill.arrives.date(), _LOADED_AT), []).append(bill)
    late = {
        morning: by_day[morning][2].arrives
        for morning in rng.sample([m for m in by_day if len(by_day[m]) > 3], mornings)
    }
    billing = [bill for bill in bills if bill.pattern != NOTE]
    first = billing[2].arrives + timedelta(seconds=1)
    orders = [late[morning] + timedelta(seconds=1) if morning in late else morning for morning in usual]
    ledger = [first, *(morning for morning in usual if morning > first)]
    return {**dict.fromkeys(FEEDS, usual), "purchase_orders": orders, "posted_invoices": ledger}


def _late_feeds(bills: Sequence[Bill], loads: Mapping[str, Sequence[datetime]]) -> Iterator[Bill]:
    """Marks honest papers that are decided while a feed is too old, or was never loaded."""
    for bill in bills:
        orders = last_load(loads["purchase_orders"], bill.arrives)
        if bill.fault is not None:
            yield bill
        elif bill.pattern != NOTE and last_load(loads["posted_invoices"], bill.arrives) is None:
            yield replace(bill, fault="feed-missing", expected=frozenset({"FEED-MISSING"}))
        elif orders is not None and bill.arrives - orders > timedelta(hours=24):
            yield replace(bill, fault="feed-stale", expected=frozenset({"FEED-STALE"}))
        else:
            yield bill


def last_load(loads: Sequence[datetime], at: datetime) -> datetime | None:
    """When a feed was last loaded, at an instant."""
    place = bisect_right(loads, at)
    return loads[place - 1] if place else None
