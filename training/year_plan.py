"""Plans a retailer's year: honest deals of every supplier, numbers for their bills, and places for faults."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import gcd
from random import Random

from core.documents import DocumentType
from core.erp import PostedInvoice
from training.year_books import FIRST_DAY, LAST_DAY, Bill, Books
from training.year_deals import Deals
from training.year_traders import Trader, build_traders

MONTH = timedelta(days=30)


class Plan:
    """A year while it is being made: books, bills, and which bills are spoken for."""

    def __init__(self, seed: int, count: int) -> None:
        self.rng = Random(f"year plan {seed}")  # noqa: S311  a plan, not secrets
        self.books = Books()
        self.bills: list[Bill] = []
        number = min(420, max(40, count // 100))
        once = max(4, number // 20)
        self.traders = build_traders(seed, number + once)
        self._deals = {
            trader.supplier_id: Deals(trader, self.books, Random(f"year deals {seed} {index}"), f"{index:04d}")  # noqa: S311
            for index, trader in enumerate(self.traders)
        }
        self._once = [trader for trader in self.traders[number:] if not trader.is_service]
        self.barred = frozenset(trader.supplier_id for trader in self._once[: len(self._once) // 2])
        self._serials = {trader.supplier_id: trader.first_number for trader in self.traders}
        self._credits = {trader.supplier_id: 100 for trader in self.traders}
        self._taken: set[int] = set()
        self._numbers: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def wanted(self) -> tuple[Trader, ...]:
        """The suppliers that are bought from all year; the others send a single bill each, which is no honest one."""
        once = {trader.supplier_id for trader in self._once}
        return tuple(trader for trader in self.traders if trader.supplier_id not in once)

    @property
    def unpaid(self) -> tuple[Trader, ...]:
        """Suppliers whose master records say that they may not be paid."""
        return tuple(trader for trader in self._once if trader.supplier_id in self.barred)

    def someone_new(self) -> Trader | None:
        """A supplier nothing has been bought from yet."""
        return next(
            (one for one in self._once if one.supplier_id not in self.barred and not self._numbers[one.company_id]),
            None,
        )

    def deals_of(self, trader: Trader) -> Deals:
        """Who makes deals for a supplier."""
        return self._deals[trader.supplier_id]

    def honest(self, count: int) -> None:
        """Fills the year with about so many honest papers: few suppliers bill often, most of them rarely."""
        weights = [1 / (place + 4) for place in range(len(self.wanted))]
        self.rng.shuffle(weights)
        made = {
            trader.supplier_id: self.deals_of(trader).some(max(2, round(count * weight / sum(weights))))
            for trader, weight in zip(self.wanted, weights, strict=True)
        }
        while _here(made.values()) < count:
            trader = self.rng.choice([one for one in self.wanted if not one.is_service])
            made[trader.supplier_id] += self.deals_of(trader).some(1)
        for trader in self.wanted:
            self.bills += self._numbered(trader, made[trader.supplier_id])
        self._before(sum(not bill.elsewhere for bill in self.bills) // 6)

    def number(self, trader: Trader, *, credit: bool = False) -> str:
        """The next number of a supplier; others it bills took some in between, unless it counts each buyer's alone."""
        if credit:
            self._credits[trader.company_id] += 1
            return f"CN{self._credits[trader.company_id]:05d}"
        alone = trader.is_service or trader.first_number % 3 == 0
        self._serials[trader.company_id] += 1 if alone else self.rng.randint(1, 40)
        number = trader.scheme.format(n=self._serials[trader.company_id])
        self._numbers[trader.company_id].add(number)
        return number

    def free(
        self, fits: Callable[[Bill], bool], *, until: date = LAST_DAY - MONTH - MONTH
    ) -> Iterator[tuple[int, Bill]]:
        """Honest bills, in mixed order, that nothing has been planted in or copied from, with their places."""
        start, count = self.rng.randrange(len(self.bills)), len(self.bills)
        stride = _stride(count)
        for step in range(count):
            place = (start + step * stride) % count
            bill = self.bills[place]
            is_free = place not in self._taken and bill.fault is None and not bill.elsewhere
            if is_free and bill.arrives.date() <= until and fits(bill):
                yield place, bill

    def numbers_of(self, trader: Trader) -> frozenset[str]:
        """The numbers a supplier has given out."""
        return frozenset(self._numbers[trader.company_id])

    def take(self, place: int) -> None:
        """Nothing else happens to this bill."""
        self._taken.add(place)

    def change(self, place: int, bill: Bill) -> None:
        """Puts a spoiled bill in place of an honest one."""
        self.bills[place] = bill
        self._taken.add(place)

    def add(self, *bills: Bill) -> None:
        """More bills, spoken for."""
        for bill in bills:
            self._taken.add(len(self.bills))
            self.bills.append(bill)

    def fresh(self, trader: Trader, bills: list[Bill], *, fault: str | None = None) -> list[Bill]:
        """Bills of a deal made late, with numbers."""
        credit = DocumentType.CREDIT_NOTE
        return [
            replace(
                bill,
                paper=replace(bill.paper, number=self.number(trader, credit=bill.paper.document_type is credit)),
                fault=fault,
            )
            for bill in bills
        ]

    def _numbered(self, trader: Trader, bills: list[Bill]) -> list[Bill]:
        ordered = sorted(bills, key=lambda bill: (bill.paper.issue_date, bill.orders))
        return self.fresh(trader, ordered)

    def _before(self, count: int) -> None:
        """Invoices of the year before, in the ledger only."""
        counted: dict[str, int] = {}
        for _ in range(count):
            trader = self.rng.choice(self.wanted)
            back = counted[trader.company_id] = counted.get(trader.company_id, 0) + 1
            if trader.first_number - back * 37 < 1:
                continue
            issued = FIRST_DAY - timedelta(days=8 * back + self.rng.randint(0, 5))
            invoice = PostedInvoice(
                supplier_id=trader.supplier_id,
                invoice_number=trader.scheme.format(n=trader.first_number - back * 37),
                invoice_date=issued,
                total_with_vat=Decimal(self.rng.randint(8000, 900_000)) / 100,
                currency=trader.currency,
                status="paid",
            )
            self.books.posted.append((datetime(issued.year, issued.month, issued.day, tzinfo=UTC) + MONTH, invoice))


def _here(made: Iterable[Sequence[Bill]]) -> int:
    """How many of some suppliers' bills come here."""
    return sum(not bill.elsewhere for bills in made for bill in bills)


def _stride(count: int) -> int:
    """A step that visits every place once, in an order nobody would call one."""
    step = int(count * 0.618) | 1
    while gcd(step, count) > 1:
        step += 2
    return step


def posted(bill: Bill, at: datetime) -> tuple[datetime, PostedInvoice]:
    """A bill as the ERP posts it: a credit note below nought; an order only where there is one."""
    totals = bill.paper.totals
    assert totals is not None
    sign = -1 if bill.paper.document_type is DocumentType.CREDIT_NOTE else 1
    return at, PostedInvoice(
        supplier_id=bill.trader.supplier_id,
        invoice_number=bill.paper.number,
        invoice_date=bill.paper.issue_date,
        total_with_vat=sign * totals.gross,
        currency=bill.paper.currency,
        po_number=bill.orders[0] if len(bill.orders) == 1 else None,
        status="posted",
    )
