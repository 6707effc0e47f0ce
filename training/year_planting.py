"""Plants faults in a planned year: in papers, in the books behind them, and as second copies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import partial

from core.documents import DocumentType
from core.erp import ErpBlock
from core.money import exact_sum, round_amount
from training.faults import with_lines
from training.papers import Totals
from training.year_books import Bill
from training.year_copies import MANNERS, copy_of, under_twin
from training.year_faults import SPOILED, Spoiled, corrected
from training.year_plan import MONTH, Plan
from training.year_traders import DEAR, Trader

_TRIES = 40
DUPLICATE, LIKELY = frozenset({"INV-DUPLICATE"}), frozenset({"INV-DUPLICATE-LIKELY"})
OVERBILLED = frozenset({"MATCH-OVERBILLED"})

_CALM = frozenset({"single", "carriage", "slightly dearer"})
"""Patterns of deals that end with their one bill, so that a fault in it disturbs no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault: codes any of which finds it, why, how often it is planted against others, and how.

    `plant` answers whether it found a place.
    """

    codes: frozenset[str]
    why: str
    plant: Callable[[Plan, str], bool]
    weight: int = 2


def plant_faults(plan: Plan, count: int) -> None:
    """Plants so many faults, at least one of every kind that finds a place."""
    names = list(KINDS)
    weights = [KINDS[name].weight for name in names]
    order = names + plan.rng.choices(names, weights=weights, k=max(0, count - len(names)))
    for name in order:
        for _ in range(_TRIES):
            if KINDS[name].plant(plan, name):
                break


def _spoil(spoiled: Spoiled, plan: Plan, name: str) -> bool:
    credit = DocumentType.CREDIT_NOTE in spoiled.types and plan.rng.random() < 0.15

    def fits(bill: Bill) -> bool:
        return bill.pattern == "credit" if credit else bill.pattern in _CALM

    for place, bill in plan.free(fits):
        made = spoiled.spoil(plan.rng, bill)
        if made is None:
            continue
        plan.change(place, replace(made, fault=name, expected=spoiled.codes))
        if spoiled.corrected and plan.rng.random() < 0.5 and not credit:
            plan.add(corrected(plan.rng, bill))
        return True
    return False


def _copy(manner: str, codes: frozenset[str], plan: Plan, name: str) -> bool:
    patterns = _CALM | {"collective", "instalments", "service", "standing", "credit"}
    for place, bill in plan.free(lambda one: one.pattern in patterns):
        made = copy_of(plan.rng, bill, MANNERS[manner])
        if made is None or _is_anothers_number(plan, bill, made):
            continue
        plan.take(place)
        plan.add(replace(made, fault=name, expected=codes))
        return True
    return False


def _is_anothers_number(plan: Plan, bill: Bill, copy: Bill) -> bool:
    """Whether the changed number is one the supplier has truly given to another bill."""
    return copy.paper.number != bill.paper.number and copy.paper.number in plan.numbers_of(bill.trader)


def _twin(plan: Plan, name: str) -> bool:
    twins = {trader.twin_of: trader for trader in plan.wanted if trader.twin_of}
    for place, bill in plan.free(lambda one: one.pattern in _CALM and one.trader.supplier_id in twins):
        made = copy_of(plan.rng, bill, MANNERS["again"])
        assert made is not None
        plan.take(place)
        twin = twins[bill.trader.supplier_id]
        plan.add(replace(under_twin(made, twin), fault=name, expected=DUPLICATE | LIKELY))
        return True
    return False


def _reversed_again(plan: Plan, name: str) -> bool:
    """An invoice that a credit note has reversed comes again."""
    for place, bill in plan.free(lambda one: one.pattern == "anew"):
        made = copy_of(plan.rng, replace(bill, arrives=bill.arrives + MONTH), MANNERS["again"])
        assert made is not None
        plan.take(place)
        plan.add(replace(made, fault=name, expected=LIKELY))
        return True
    return False


def _posted_elsewhere(plan: Plan, name: str) -> bool:
    """An invoice that was posted without ever coming here comes now."""
    trader = plan.rng.choice([one for one in plan.wanted if not one.is_service])
    (bill,) = plan.fresh(trader, plan.deals_of(trader).single(plan.rng.randrange(10, 240)))
    made = copy_of(plan.rng, bill, MANNERS["again"])
    assert made is not None
    plan.add(replace(bill, elsewhere=True), replace(made, fault=name, expected=DUPLICATE))
    return True


def _order_state(status: str, plan: Plan, name: str) -> bool:
    for place, bill in plan.free(lambda one: one.pattern in _CALM):
        number = bill.orders[0]
        plan.books.orders[number] = replace(plan.books.orders[number], status=status)
        plan.change(place, replace(bill, fault=name, expected=frozenset({"PO-CLOSED"})))
        return True
    return False


def _others_order(plan: Plan, name: str) -> bool:
    for place, bill in plan.free(lambda one: one.pattern in _CALM):
        others = [
            order
            for order in plan.books.orders.values()
            if order.supplier_id not in {bill.trader.supplier_id, bill.trader.twin_of}
            and order.currency == bill.paper.currency
            and order.ordered_at.date() < bill.paper.issue_date
        ]
        if not others:
            continue
        paper = replace(bill.paper, purchase_order=plan.rng.choice(others).po_number)
        plan.change(place, replace(bill, paper=paper, fault=name, expected=frozenset({"PO-SUPPLIER"})))
        return True
    return False


def _less_received(plan: Plan, name: str) -> bool:
    """Everything is billed, and of one line only a part has come."""
    for place, bill in plan.free(lambda one: one.pattern in _CALM):
        line = plan.rng.choice(bill.paper.lines)
        key = (bill.orders[0], str(line.purchase_order_line))
        came = plan.books.receipts.get(key)
        if not came or line.quantity < 2:
            continue
        kept = (line.quantity * plan.rng.randint(10, 80) / 100).to_integral_value(rounding=ROUND_FLOOR) or Decimal(1)
        plan.books.receipts[key] = [replace(came[0], quantity=kept)]
        plan.change(place, replace(bill, fault=name, expected=frozenset({"MATCH-QUANTITY"})))
        return True
    return False


def _nothing_received(plan: Plan, name: str) -> bool:
    """The goods come only after the bill, or never."""
    for place, bill in plan.free(lambda one: one.pattern in _CALM):
        late = plan.rng.random() < 0.5
        for line in plan.books.lines_of(bill.orders[0]):
            came = plan.books.receipts.pop((line.po_number, line.line_number), [])
            if late and came:
                plan.books.receive(line, (bill.arrives + timedelta(days=plan.rng.randint(2, 20))).date(), line.quantity)
        plan.change(place, replace(bill, fault=name, expected=frozenset({"MATCH-NOT-RECEIVED"})))
        return True
    return False


def _over_ordered(plan: Plan, name: str) -> bool:
    """More came than was ordered, and all of it is billed: beyond the allowance."""
    for place, bill in plan.free(lambda one: one.pattern == "single"):
        line = plan.rng.choice(bill.paper.lines)
        more = (line.quantity * plan.rng.randint(12, 60) / 100).to_integral_value(rounding=ROUND_FLOOR) + 1
        for ordered in plan.books.lines_of(bill.orders[0]):
            if ordered.line_number == line.purchase_order_line:
                plan.books.receive(ordered, bill.paper.issue_date - timedelta(days=1), more)
        billed = line.quantity + more
        net = round_amount(billed * line.unit_price, bill.paper.currency)
        lines = tuple(replace(at, quantity=billed, net=net) if at is line else at for at in bill.paper.lines)
        paper = with_lines(bill.paper, lines)
        plan.change(place, replace(bill, paper=paper, fault=name, expected=OVERBILLED))
        return True
    return False


def _billed_twice_in_part(plan: Plan, name: str) -> bool:
    """A part of what has been billed is billed once more, under a number of its own."""
    for place, bill in plan.free(lambda one: one.pattern == "single" and len(one.paper.lines) > 1):
        paper = replace(with_lines(bill.paper, bill.paper.lines[:1]), number=plan.number(bill.trader))
        made = copy_of(plan.rng, replace(bill, paper=paper), MANNERS["redated"])
        assert made is not None
        plan.take(place)
        plan.add(replace(made, fault=name, expected=OVERBILLED))
        return True
    return False


def _overbilled_in_ledger(plan: Plan, name: str) -> bool:
    """A first part is posted in the ledger, and the whole order is billed here."""
    trader = plan.rng.choice([one for one in plan.wanted if not one.is_service])
    bills = plan.fresh(trader, plan.deals_of(trader).partly_elsewhere(plan.rng.randrange(10, 240)))
    if len(bills) < 2:
        return False
    first, rest = bills
    ordered = plan.books.lines_of(rest.orders[0])
    lines = tuple(
        replace(line, quantity=at.quantity, net=round_amount(at.quantity * line.unit_price, trader.currency))
        for line, at in zip(rest.paper.lines, ordered, strict=True)
    )
    assert first.paper.totals is not None
    if first.paper.totals.net <= min(Decimal(260), exact_sum(line.net for line in lines) * 6 / 100):
        return False
    plan.add(first, replace(rest, paper=with_lines(rest.paper, lines), fault=name, expected=OVERBILLED))
    return True


def _above_limit(plan: Plan, name: str) -> bool:
    """A total above what clears without a person."""
    trader = plan.rng.choice([one for one in plan.wanted if not one.is_service])
    made = plan.deals_of(trader).single(plan.rng.randrange(10, 240), lines=min(4, len(trader.wares)), most=40_000)
    (bill,) = plan.fresh(trader, made, fault=name)
    assert bill.paper.totals is not None
    if bill.paper.totals.gross <= (50_000 if trader.currency not in DEAR else 500_000):
        return False
    plan.add(replace(bill, expected=frozenset({"LIMIT-APPROVAL"})))
    return True


def _supplier_state(plan: Plan, name: str) -> bool:
    """A bill of a supplier who is blocked, or of whose status nobody knows what it means."""
    trader = plan.rng.choice(plan.unpaid)
    (bill,) = plan.fresh(trader, plan.deals_of(trader).single(plan.rng.randrange(10, 240)), fault=name)
    plan.add(replace(bill, expected=frozenset({"SUP-INACTIVE"})))
    return True


def _account_changed(plan: Plan, name: str) -> bool:
    """The account in the master data was changed a few days before the bill that asks for payment to it."""
    trader = plan.someone_new()
    if trader is None:
        return False
    (bill,) = plan.fresh(trader, plan.deals_of(trader).single(plan.rng.randrange(10, 240)), fault=name)
    plan.books.iban_changes[trader.supplier_id] = bill.arrives - timedelta(days=plan.rng.randint(1, 8))
    plan.add(replace(bill, expected=frozenset({"SUP-BANK"})))
    return True


def _split_orders(plan: Plan, name: str) -> bool:
    """Two orders of one day, each within what clears without a person, and not together: both their bills are held."""
    trader = plan.rng.choice([one for one in plan.wanted if not one.is_service])
    day, deals = plan.rng.randrange(10, 240), plan.deals_of(trader)
    made = [deals.single(day, lines=min(3, len(trader.wares)), most=20_000)[0] for _ in range(2)]
    if not _is_split(trader, [bill.paper.totals for bill in made], of_net=True):
        return False
    plan.add(*(replace(bill, expected=frozenset({"LIMIT-SPLIT"})) for bill in plan.fresh(trader, made, fault=name)))
    return True


def _split_bills(plan: Plan, name: str) -> bool:
    """One large order billed in two halves on neighbouring days, each within what clears without a person."""
    trader = plan.rng.choice([one for one in plan.wanted if not one.is_service])
    day, deals = plan.rng.randrange(10, 240), plan.deals_of(trader)
    ordered = deals.place(day, count=min(4, len(trader.wares)), most=25_000)
    came = deals.came(ordered, day)
    halves = [(line, (line.quantity / 2).to_integral_value(rounding=ROUND_FLOOR)) for line in ordered]
    rest = [(line, line.quantity - half) for line, half in halves]
    first, second = plan.fresh(trader, [deals.bill(halves, came, "split"), deals.bill(rest, came + 1, "split")])
    if not _is_split(trader, [first.paper.totals, second.paper.totals]):
        return False
    later = max(first.arrives, second.arrives) + timedelta(hours=1)
    plan.add(first, replace(second, arrives=later, fault=name, expected=frozenset({"LIMIT-SPLIT"})))
    return True


def _is_split(trader: Trader, totals: Sequence[Totals | None], *, of_net: bool = False) -> bool:
    """Whether totals are each between 35 % of the limit and the limit, and above it together."""
    limit = 500_000 if trader.currency in DEAR else 50_000
    amounts = [total.net if of_net else total.gross for total in totals if total is not None]
    each = all(limit * 35 / 100 < total.gross < limit for total in totals if total is not None)
    return each and all(amount > limit * 35 / 100 for amount in amounts) and sum(amounts) > limit


def _erp_block(plan: Plan, name: str) -> bool:
    for place, bill in plan.free(lambda one: one.pattern in _CALM):
        plan.books.blocks.append(block(bill))
        plan.change(place, replace(bill, fault=name, expected=frozenset({"ERP-BLOCK"})))
        return True
    return False


def block(bill: Bill, *, lifted: bool = False) -> ErpBlock:
    """A block the ERP set before the bill came; a lifted one was lifted before it came, too."""
    at = bill.arrives - timedelta(days=3)
    reference = f"{bill.trader.supplier_id}/{bill.paper.number}"
    lifted_at = at + timedelta(days=1) if lifted else None
    return ErpBlock(document_ref=reference, reason="quality inspection", blocked_at=at, lifted_at=lifted_at)


KINDS: Mapping[str, Kind] = {
    **{
        name: Kind(codes=spoiled.codes, why=spoiled.why, plant=partial(_spoil, spoiled))
        for name, spoiled in SPOILED.items()
    },
    **{
        f"copy-{manner}": Kind(
            codes=codes, why=(MANNERS[manner].__doc__ or ""), plant=partial(_copy, manner, codes), weight=4
        )
        for codes, manners in (
            (DUPLICATE, ("again", "redated", "respelled", "lookalike")),
            (
                LIKELY,
                ("near-amount", "fewer-lines", "other-currency", "extra-signs", "missing-sign", "swapped-signs",
                 "one-digit"),
            ),
        )
        for manner in manners
    },
    "copy-second-number": Kind(codes=DUPLICATE | LIKELY, why="The supplier's second number.", plant=_twin, weight=4),
    "copy-reversed": Kind(codes=LIKELY, why="A credit note reversed the first.", plant=_reversed_again, weight=3),
    "copy-posted": Kind(codes=DUPLICATE, why="Posted without having come here.", plant=_posted_elsewhere, weight=4),
    "order-closed": Kind(
        codes=frozenset({"PO-CLOSED"}), why="The order is closed.", plant=partial(_order_state, "closed")
    ),
    "order-status": Kind(
        codes=frozenset({"PO-CLOSED"}), why="Nobody knows the status.", plant=partial(_order_state, "parked")
    ),
    "others-order": Kind(codes=frozenset({"PO-SUPPLIER"}), why="Another supplier's order.", plant=_others_order),
    "less-received": Kind(codes=frozenset({"MATCH-QUANTITY"}), why="Less has come.", plant=_less_received),
    "nothing-received": Kind(codes=frozenset({"MATCH-NOT-RECEIVED"}), why="Nothing has come.", plant=_nothing_received),
    "over-ordered": Kind(codes=OVERBILLED, why="More than was ordered.", plant=_over_ordered),
    "part-twice": Kind(codes=OVERBILLED, why="A part again.", plant=_billed_twice_in_part),
    "ledger-over": Kind(codes=OVERBILLED, why="With the ledger.", plant=_overbilled_in_ledger),
    "above-limit": Kind(codes=frozenset({"LIMIT-APPROVAL"}), why="Above the limit.", plant=_above_limit),
    "account-changed": Kind(codes=frozenset({"SUP-BANK"}), why="A new account.", plant=_account_changed, weight=1),
    "split-orders": Kind(codes=frozenset({"LIMIT-SPLIT"}), why="Split orders.", plant=_split_orders, weight=1),
    "split-bills": Kind(codes=frozenset({"LIMIT-SPLIT"}), why="Split bills.", plant=_split_bills, weight=1),
    "supplier-state": Kind(codes=frozenset({"SUP-INACTIVE"}), why="May not be paid.", plant=_supplier_state),
    "erp-block": Kind(codes=frozenset({"ERP-BLOCK"}), why="The ERP has blocked it.", plant=_erp_block),
}  # fmt: skip
