"""Deals of a retailer's year: what was ordered, what came, and the honest papers that follow from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from random import Random

from core.documents import DocumentType
from core.erp import PurchaseOrder, PurchaseOrderLine
from core.money import round_amount
from training.papers import Line, Paper, totals_of
from training.retailer import Ware
from training.year_books import DAYS, FIRST_DAY, Bill, Books, at_desk
from training.year_traders import DEAR, DEPOSIT, FREIGHT, Trader

Billed = tuple[PurchaseOrderLine, Decimal]
"""An order line and the quantity billed on it, in the unit of the order."""

_CENT = Decimal("0.01")
_MOST_ON_A_LINE = 2500


class Deals:
    """Makes one supplier's deals, writing orders and receipts into the books as it goes."""

    def __init__(self, trader: Trader, books: Books, rng: Random, prefix: str) -> None:
        self.trader = trader
        self.books = books
        self.rng = rng
        self._prefix = prefix
        self._orders = 0
        self._wares = {ware.item_id: ware for ware in trader.wares}

    def some(self, count: int) -> list[Bill]:
        """Honest papers of many deals, at least so many; a supplier of services bills month by month."""
        if self.trader.is_service:
            return self.services(max(1, min(3, round(count / 12))))
        bills: list[Bill] = []
        patterns, weights = list(_PATTERNS), [weight for _, weight in _PATTERNS.values()]
        while sum(not bill.elsewhere for bill in bills) < count:
            pattern = self.rng.choices(patterns, weights=weights)[0]
            bills += _PATTERNS[pattern][0](self, self.rng.randrange(6, DAYS - 62))
        return bills

    def single(self, day: int, *, lines: int | None = None, pattern: str = "single", most: int = _MOST_ON_A_LINE,
               extra: Sequence[str] = (), cartons: bool = False) -> list[Bill]:  # fmt: skip
        """One order, received in one to three parts, billed once it is all there."""
        ordered = self.place(day, count=lines, most=most, extra=extra, cartons=cartons)
        came = self.came(ordered, day)
        return [self.bill([(line, line.quantity) for line in ordered], came + self._days(0, 5), pattern)]

    def with_carriage(self, day: int) -> list[Bill]:
        """Carriage is ordered with the goods, and billed as ordered."""
        return self.single(day, extra=(FREIGHT,), pattern="carriage")

    def with_deposit(self, day: int) -> list[Bill]:
        """Crates with their deposit, and a part of the bill paid before."""
        (bill,) = self.single(day, extra=(DEPOSIT,), pattern="deposit")
        totals = bill.paper.totals
        assert totals is not None
        prepaid = round_amount(totals.gross * self.rng.randint(10, 40) / 100, self.trader.currency)
        return [replace(bill, paper=replace(bill.paper, totals=replace(totals, prepaid=prepaid)))]

    def in_pieces(self, day: int) -> list[Bill]:
        """Ordered by the carton, billed by the piece."""
        return self.single(day, cartons=True, pattern="cartons")

    def slightly_dearer(self, day: int) -> list[Bill]:
        """One price a little over the order's, inside every tolerance."""
        (bill,) = self.single(day, pattern="slightly dearer")
        place = self.rng.randrange(len(bill.paper.lines))
        return [with_price(bill, place, price_within(bill.paper.lines[place], Decimal("1.8"), Decimal(9)))]

    def instalments(self, day: int) -> list[Bill]:
        """One order in two to four deliveries, a bill for each."""
        ordered = self.place(day)
        left = {line.line_number: line.quantity for line in ordered}
        bills, when, parts = [], day, self.rng.randint(2, 4)
        for part in range(parts):
            when += self.rng.randint(3, 9)
            now = []
            for line in ordered:
                last = part == parts - 1
                share = left[line.line_number] * (100 if last else self.rng.randint(25, 50)) / 100
                quantity = share.to_integral_value(rounding=ROUND_FLOOR)
                if quantity > 0:
                    left[line.line_number] -= quantity
                    self.books.receive(line, self._day(when), quantity)
                    now.append((line, quantity))
            if now:
                bills.append(self.bill(now, when + self._days(0, 2), "instalments"))
        return bills

    def collective(self, day: int) -> list[Bill]:
        """Two or three orders on one bill, each line with its order's number or all of them in the header."""
        ordered = [
            self.place(day + self.rng.randint(0, 4), count=self.rng.randint(1, 3)) for _ in range(self._days(2, 3))
        ]
        came = max(self.came(lines, day + 4) for lines in ordered)
        billed = [(line, line.quantity) for lines in ordered for line in lines]
        return [self.bill(billed, came + self._days(0, 5), "collective")]

    def returned(self, day: int) -> list[Bill]:
        """Goods go back after they were billed; a credit note follows."""
        ordered = self.place(day)
        came = self.came(ordered, day)
        first = self.bill([(line, line.quantity) for line in ordered], came + self._days(0, 3), "returned")
        line = self.rng.choice(ordered)
        back = (line.quantity * self.rng.randint(10, 60) / 100).to_integral_value(rounding=ROUND_FLOOR) or Decimal(1)
        later = came + self._days(14, 20)
        self.books.receive(line, self._day(later), -back)
        return [first, self.bill([(line, back)], later + self._days(1, 5), "credit", kind=DocumentType.CREDIT_NOTE)]

    def billed_anew(self, day: int) -> list[Bill]:
        """A bill, a credit note over all of it, and another bill in its place."""
        ordered = self.place(day)
        came = self.came(ordered, day)
        billed = [(line, line.quantity) for line in ordered]
        first = self.bill(billed, came, "anew")
        credit = self.bill(billed, came + 9, "credit in full", kind=DocumentType.CREDIT_NOTE)
        return [first, credit, self.bill(billed, came + 20, "in its place")]

    def partly_elsewhere(self, day: int) -> list[Bill]:
        """A first part is posted in the ERP by somebody; the rest is billed here."""
        ordered = self.place(day)
        came = self.came(ordered, day)
        part = {
            line.line_number: (line.quantity * self.rng.randint(20, 60) / 100).to_integral_value(rounding=ROUND_FLOOR)
            for line in ordered
        }
        first = [(line, part[line.line_number]) for line in ordered if part[line.line_number]]
        rest = [(line, line.quantity - part[line.line_number]) for line in ordered]
        bills = [] if not first else [replace(self.bill(first, came, "partly elsewhere"), elsewhere=True)]
        return [*bills, self.bill(rest, came + 16, "partly elsewhere")]

    def standing(self, day: int) -> list[Bill]:
        """The same order again each fortnight, for the same amount."""
        wares = self.rng.sample(self.trader.wares, self.rng.randint(1, min(3, len(self.trader.wares))))
        quantities = [self._quantity(ware, _MOST_ON_A_LINE) for ware in wares]
        bills = []
        for time_ in range(self.rng.randint(3, 4)):
            when = day + 14 * time_
            ordered = self.place(when, wares=wares, quantities=quantities)
            came = self.came(ordered, when, parts=1)
            bills.append(self.bill([(line, line.quantity) for line in ordered], came + 1, "standing"))
        return bills

    def services(self, sites: int) -> list[Bill]:
        """For each site an order over twelve months, and a bill of the same amount every month, on the same day."""
        (ware,) = self.trader.wares
        ordered = [self.place(-20 - 12 * site, wares=[ware], quantities=[Decimal(12)]) for site in range(sites)]
        return [
            self.bill([(lines[0], Decimal(1))], 4 + 29 * month, "service") for month in range(12) for lines in ordered
        ]

    def place(
        self,
        day: int,
        *,
        count: int | None = None,
        wares: Sequence[Ware] | None = None,
        quantities: Sequence[Decimal] | None = None,
        extra: Sequence[str] = (),
        most: int = _MOST_ON_A_LINE,
        cartons: bool = False,
    ) -> tuple[PurchaseOrderLine, ...]:
        """Writes an order of that day into the books, with carriage and deposit where asked; answers its lines."""
        self._orders += 1
        number = f"45{self._prefix}{self._orders:04d}"
        ordered_at = datetime.combine(self._day(day), time(self.rng.randint(7, 16), 15), tzinfo=UTC)
        if wares is None:
            most_lines = min(8, len(self.trader.wares))
            wares = self.rng.sample(self.trader.wares, count or self.rng.randint(1, most_lines))
        quantities = quantities or [self._quantity(ware, most) for ware in wares]
        self.books.orders[number] = PurchaseOrder(
            po_number=number, supplier_id=self.trader.supplier_id, ordered_at=ordered_at,
            currency=self.trader.currency, status="open", legal_entity=self.trader.entity.name,
            buyer="purchasing",
        )  # fmt: skip
        rows = [self._order_row(ware, quantity, cartons) for ware, quantity in zip(wares, quantities, strict=True)]
        rows += [(item_id, Decimal(self.rng.randint(2, 9)) if item_id == DEPOSIT else Decimal(1),
                  Decimal(self.rng.randint(300, 9000)) / 100, "PCE", _named(item_id, self.trader.language), None)
                 for item_id in extra]  # fmt: skip
        lines = []
        for place, (item_id, quantity, price, unit, description, theirs) in enumerate(rows, start=1):
            ware_here = self._wares.get(item_id)
            line = PurchaseOrderLine(
                po_number=number, line_number=str(place * 10), item_id=item_id, quantity=quantity, unit_price=price,
                unit=unit, description=description, supplier_item_id=theirs,
                tax_rate=self.trader.rates[0] if ware_here is None else ware_here.tax_rate,
                promised_at=ordered_at + timedelta(days=60),
            )  # fmt: skip
            self.books.order_lines[number, line.line_number] = line
            lines.append(line)
        return tuple(lines)

    def came(self, lines: Sequence[PurchaseOrderLine], day: int, *, parts: int | None = None) -> int:
        """Receives all of some lines in so many parts; answers the day of the last. Carriage is not received."""
        parts = parts or self.rng.choice((1, 1, 1, 2, 3))
        when = day
        for part in range(parts):
            when += self.rng.randint(3, 8)
            for line in lines:
                each = (line.quantity / parts).to_integral_value(rounding=ROUND_FLOOR)
                quantity = line.quantity - each * (parts - 1) if part == parts - 1 else each
                if quantity > 0 and line.item_id != FREIGHT:
                    self.books.receive(line, self._day(when), quantity)
        return when

    def bill(
        self, billed: Sequence[Billed], day: int, pattern: str, *, kind: DocumentType = DocumentType.INVOICE
    ) -> Bill:
        """A paper over some quantities at the order's prices; it has no number yet, and comes one to six days later."""
        trader, issued = self.trader, self._day(day)
        numbers = tuple(dict.fromkeys(line.po_number for line, _ in billed))
        on_lines = len(numbers) > 1 and ("purchase_order_line" in trader.shows or self.rng.random() < 0.5)
        lines = tuple(
            self._paper_line(place, line, quantity, on_line=on_lines)
            for place, (line, quantity) in enumerate(billed, start=1)
        )
        due = issued + timedelta(days=trader.terms_days) if kind is DocumentType.INVOICE else None
        paper = Paper(
            document_type=kind,
            language=trader.language,
            number="",
            issue_date=issued,
            currency=trader.currency,
            seller=trader.party,
            buyer=trader.entity,
            lines=lines,
            totals=totals_of(lines, trader.currency),
            due_date=due,
            terms_days=None if due is None else trader.terms_days,
            purchase_order=", ".join(numbers),
        )
        arrives = at_desk(self.rng, issued + timedelta(days=self.rng.randint(1, 6)))
        return Bill(trader=trader, paper=paper, arrives=arrives, pattern=pattern, orders=numbers)

    def _paper_line(self, place: int, line: PurchaseOrderLine, quantity: Decimal, *, on_line: bool) -> Line:
        ware, currency = self._wares.get(line.item_id), self.trader.currency
        price = line.unit_price
        if ware is not None and line.unit == "CT" and ware.unit == "PCE":
            quantity, price = quantity * ware.case_pack, ware.unit_cost
        return Line(
            line_id=str(place),
            description=line.description or "",
            quantity=quantity,
            unit="PCE" if ware is None else ware.printed_unit,
            unit_price=price,
            tax_rate=line.tax_rate or Decimal(0),
            net=round_amount(quantity * price, currency),
            seller_item_id=line.supplier_item_id,
            buyer_item_id=line.item_id,
            gtin=None if ware is None else ware.gtin or None,
            purchase_order_line=line.line_number,
            purchase_order_reference=line.po_number if on_line else None,
        )

    def _order_row(
        self, ware: Ware, quantity: Decimal, cartons: bool
    ) -> tuple[str, Decimal, Decimal, str, str, str | None]:
        price, unit = ware.unit_cost, ware.unit
        if cartons and ware.unit == "PCE" and ware.case_pack > 1:
            quantity = max(Decimal(1), (quantity / ware.case_pack).to_integral_value(rounding=ROUND_FLOOR))
            price, unit = price * ware.case_pack, "CT"
        return ware.item_id, quantity, price, unit, ware.description, ware.supplier_item_id

    def _quantity(self, ware: Ware, most: int) -> Decimal:
        scale = 10 if self.trader.currency in DEAR else 1
        cap = max(2, int(most * scale / ware.unit_cost))
        return Decimal(self.rng.randint(max(1, min(cap // 4, 90)), min(cap, 240 if most > _MOST_ON_A_LINE else 120)))

    def _day(self, day: int) -> date:
        return FIRST_DAY + timedelta(days=day)

    def _days(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)


_PATTERNS: Mapping[str, tuple[Callable[[Deals, int], list[Bill]], int]] = {
    "single": (Deals.single, 46),
    "carriage": (Deals.with_carriage, 8),
    "deposit": (Deals.with_deposit, 3),
    "cartons": (Deals.in_pieces, 4),
    "slightly dearer": (Deals.slightly_dearer, 6),
    "instalments": (Deals.instalments, 9),
    "collective": (Deals.collective, 10),
    "returned": (Deals.returned, 5),
    "anew": (Deals.billed_anew, 1),
    "partly elsewhere": (Deals.partly_elsewhere, 3),
    "standing": (Deals.standing, 5),
}


def with_price(bill: Bill, place: int, price: Decimal) -> Bill:
    """The bill with another price on one line; everything else adds up."""
    lines = list(bill.paper.lines)
    net = round_amount(lines[place].quantity * price, bill.paper.currency)
    lines[place] = replace(lines[place], unit_price=price, net=net)
    totals = totals_of(lines, bill.paper.currency)
    return replace(bill, paper=replace(bill.paper, lines=tuple(lines), totals=totals))


def price_within(line: Line, pct: Decimal, amount: Decimal) -> Decimal:
    """The highest price that stays within a percentage and, for the whole line, within an amount."""
    step = min(line.unit_price * pct / 100, amount / line.quantity, Decimal("4.9"))
    return line.unit_price + step.quantize(_CENT, rounding=ROUND_FLOOR)


def _named(item_id: str, language: str) -> str:
    """What carriage and deposit are called on a bill."""
    freight = {"de": "Fracht", "fr": "Transport", "es": "Portes", "it": "Trasporto", "nl": "Vracht"}
    deposit = {"de": "Pfand Kisten", "fr": "Consigne caisses", "it": "Cauzione casse"}
    if item_id == FREIGHT:
        return freight.get(language, "Freight")
    return deposit.get(language, "Deposit crates")
