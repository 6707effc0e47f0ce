"""Makes the retailer's books: orders, what was received against them, and the invoices already posted."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from core.money import exact_sum, round_amount
from training.papers import Line, totals_of
from training.retailer import House, Retailer, Ware

AS_OF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # unless another day is asked for
ORDERS_PER_SUPPLIER = 8
_CLOSED_PER_SUPPLIER = 2
_POSTED_PER_SUPPLIER = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """A line of an order and what has become of it."""

    line_number: str
    ware: Ware
    ordered: Decimal
    price: Decimal
    received: tuple[tuple[date, Decimal], ...]

    @property
    def received_quantity(self) -> Decimal:
        """All that was received, returns taken off."""
        return exact_sum(quantity for _, quantity in self.received)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order to a supplier; `billed` is the share of it posted before (0 to 1), by quantity on every line."""

    po_number: str
    house: House
    ordered_at: datetime
    status: str
    lines: tuple[OrderLine, ...]

    @property
    def ordered_on(self) -> date:
        """The day of the order."""
        return self.ordered_at.date()

    @property
    def last_receipt(self) -> date:
        """The day of the last receipt, or of the order when there is none."""
        days = [day for line in self.lines for day, _ in line.received]
        return max(days, default=self.ordered_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An invoice in the ERP's ledger."""

    house: House
    number: str
    issued: date
    gross: Decimal
    po_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The books as they stand at `as_of`. `open_orders` are not billed yet; `closed_orders` are posted whole."""

    as_of: datetime
    open_orders: tuple[Order, ...]
    closed_orders: tuple[Order, ...]
    posted: tuple[Posted, ...]

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order, by number."""
        return tuple(sorted((*self.open_orders, *self.closed_orders), key=lambda order: order.po_number))


def build_ledger(retailer: Retailer, seed: int, as_of: datetime = AS_OF) -> Ledger:
    """Eight orders and about two dozen posted invoices for each supplier."""
    rng = Random(f"ledger {seed}")  # noqa: S311  orders, not secrets
    open_orders: list[Order] = []
    closed: list[Order] = []
    posted: list[Posted] = []
    for index, house in enumerate(retailer.houses):
        for number in range(ORDERS_PER_SUPPLIER):
            serial = number * len(retailer.houses) + index
            is_closed = number < _CLOSED_PER_SUPPLIER
            order = _order(rng, house, serial, as_of.date(), closed=is_closed)
            (closed if is_closed else open_orders).append(order)
        posted += _history(rng, house, [order for order in closed if order.house is house], as_of.date())
    return Ledger(as_of=as_of, open_orders=tuple(open_orders), closed_orders=tuple(closed), posted=tuple(posted))


def billed_lines(order: Order, quantities: dict[str, Decimal] | None = None) -> tuple[Line, ...]:
    """The lines an honest supplier bills: what was received (or the given quantities), at the order's price."""
    lines: list[Line] = []
    for line in order.lines:
        quantity = line.received_quantity if quantities is None else quantities.get(line.line_number, Decimal(0))
        if quantity <= 0:
            continue
        ware = line.ware
        lines.append(
            Line(
                line_id=str(len(lines) + 1),
                description=ware.description,
                quantity=quantity,
                unit=ware.printed_unit,
                unit_price=line.price,
                tax_rate=ware.tax_rate,
                net=round_amount(quantity * line.price, order.house.currency),
                seller_item_id=ware.supplier_item_id,
                buyer_item_id=ware.item_id,
                gtin=ware.gtin,
                purchase_order_line=line.line_number,
            )
        )
    return tuple(lines)


def without_receipts(order: Order) -> Order:
    """The same order before anything arrived."""
    return replace(order, lines=tuple(replace(line, received=()) for line in order.lines))


def with_share_received(order: Order, share: Decimal) -> Order:
    """The same order with only a share of its first line's quantity received."""
    first, *others = order.lines
    day = order.last_receipt
    part = max(Decimal(1), (first.ordered * share).to_integral_value())
    whole = tuple(replace(line, received=((day, line.ordered),)) for line in others)
    return replace(order, lines=(replace(first, received=((day, part),)), *whole))


def scaled(order: Order, times: int) -> Order:
    """The same order over so many times the quantities, received as they were."""
    return replace(
        order,
        lines=tuple(
            replace(
                line,
                ordered=line.ordered * times,
                received=tuple((day, quantity * times) for day, quantity in line.received),
            )
            for line in order.lines
        ),
    )


def number_text(house: House, serial: int) -> str:
    """A document number in the supplier's scheme."""
    return house.number_scheme.format(n=serial)


def _order(rng: Random, house: House, serial: int, today: date, *, closed: bool) -> Order:
    age = rng.randint(70, 150) if closed else rng.randint(24, 46)
    day = today - timedelta(days=age)
    most = len(house.wares)
    count = most if most > 6 else rng.randint(1, most)
    wares = sorted(rng.sample(house.wares, count), key=lambda ware: ware.item_id)
    pattern = "whole" if closed else rng.choice(("whole", "whole", "twice", "partial"))
    lines = tuple(_order_line(rng, number, ware, day, pattern) for number, ware in enumerate(wares, start=1))
    return Order(
        po_number=f"45{seed_digits(house)}{serial + 10200:05d}",
        house=house,
        ordered_at=datetime.combine(day, time(rng.randint(7, 16), rng.randint(0, 59)), tzinfo=UTC),
        status="closed" if closed else "open",
        lines=lines,
    )


def seed_digits(house: House) -> str:
    """Three digits that tell the buying company's order numbers apart."""
    return {"DE": "000", "AT": "040", "CH": "041", "FR": "033", "GB": "044"}.get(house.entity.country, "100")


def _order_line(rng: Random, number: int, ware: Ware, day: date, pattern: str) -> OrderLine:
    ordered = Decimal(ware.case_pack * rng.randint(2, 12) if ware.case_pack > 1 else rng.randint(5, 90))
    arrival = day + timedelta(days=rng.randint(3, 9))
    received: tuple[tuple[date, Decimal], ...] = ((arrival, ordered),)
    if pattern == "twice":
        first = (ordered * Decimal(rng.randint(3, 7)) / 10).to_integral_value()
        received = ((arrival, first), (arrival + timedelta(days=rng.randint(1, 4)), ordered - first))
    elif pattern == "partial":
        received = ((arrival, max(Decimal(1), (ordered * Decimal(rng.randint(5, 9)) / 10).to_integral_value())),)
    return OrderLine(
        line_number=str(number * 10),
        ware=ware,
        ordered=ordered,
        price=ware.unit_cost,
        received=tuple((when, quantity) for when, quantity in received if quantity > 0),
    )


def _history(rng: Random, house: House, closed: list[Order], today: date) -> list[Posted]:
    posted = []
    dated: list[tuple[date, Order | None]] = [
        (today - timedelta(days=rng.randint(160, 420)), None) for _ in range(_POSTED_PER_SUPPLIER - len(closed))
    ]
    dated += [(order.last_receipt + timedelta(days=rng.randint(1, 6)), order) for order in closed]
    serial = house.first_number - 40
    for day, order in sorted(dated, key=lambda entry: entry[0]):
        serial += 1
        if order is None:
            gross = Decimal(rng.randint(8000, 900000)) / 100
            po_number = f"45{seed_digits(house)}{rng.randint(8000, 9999):05d}"
        else:
            gross = totals_of(billed_lines(order), house.currency).gross
            po_number = order.po_number
        posted.append(
            Posted(house=house, number=number_text(house, serial), issued=day, gross=gross, po_number=po_number)
        )
    return posted
