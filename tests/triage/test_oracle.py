"""An independent oracle: the three-way arithmetic once more, as one SQL query over the feeds' own tables."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

import pytest

from benchmarks.three_way_sql import CODES, INDEXES, QUERY, SCHEMA
from core.documents import DocumentType
from core.erp import GoodsReceipt, Item, PurchaseOrder, PurchaseOrderLine
from core.money import round_amount
from tests.triage.builders import PO, facts, item, order, order_line, paper, policy, receipt
from triage.controls import match_not_received, match_overbilled, match_price, match_quantity
from triage.facts import BilledLine, Facts, PaperLine
from triage.match import Match, pair_lines
from triage.policy import Policy, Tolerance, ToleranceName

CASES = 10_000
POLICIES = 40
CONTROLS = (match_price.CONTROL, match_quantity.CONTROL, match_not_received.CONTROL, match_overbilled.CONTROL)
NAMES: tuple[ToleranceName, ...] = ("price_unit", "price_total", "quantity", "not_received", "overbilled")
OTHER = "77"
UNITS = ("pcs", "pcs", "pcs", "H87", "DZN", "CT", "CT", "BX", "KGM", "GRM", None)
SIZES = {"pcs": Decimal(1), "H87": Decimal(1), "DZN": Decimal(12), "KGM": Decimal(1), "GRM": Decimal("0.001")}
PRICES = ("0", "0.05", "3.95", "3.333", "19.99", "47.40", "1250")

Found = set[tuple[int, str, str, str]]


@dataclass(kw_only=True)
class Case:
    """One generated paper with its orders, in the records both sides are filled from."""

    kind: DocumentType
    policy: int
    orders: list[PurchaseOrder] = field(default_factory=list)
    order_lines: list[PurchaseOrderLine] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    receipts: list[GoodsReceipt] = field(default_factory=list)
    billed: list[BilledLine] = field(default_factory=list)
    lines: list[PaperLine] = field(default_factory=list)


def a_case(chance: Random) -> Case:
    credit = chance.random() < 0.15
    case = Case(kind=DocumentType.CREDIT_NOTE if credit else DocumentType.INVOICE, policy=chance.randrange(POLICIES))
    for po_number in (PO, OTHER)[: chance.choice([1, 1, 1, 2])]:
        case.orders.append(order(po_number=po_number, currency=chance.choice(["EUR"] * 9 + ["CHF"])))
        for number in range(1, chance.randint(1, 3) + 1):
            _ordered(chance, case, po_number, number)
    for _ in range(chance.randint(1, 5)):
        _invoiced(chance, case)
    return case


def _ordered(chance: Random, case: Case, po_number: str, number: int) -> None:
    item_id = f"ITEM-{po_number}-{number}"
    pack = Decimal(chance.choice([1, 6, 12, 24]))
    unit = chance.choice(UNITS)
    ours = order_line(
        number, chance.randint(1, 50), chance.choice(PRICES), po_number=po_number, item_id=item_id, unit=unit
    )
    case.order_lines.append(ours)
    case.items.append(item(1, item_id=item_id, case_pack=pack, gtin=None))
    for _ in range(chance.choice([0, 1, 1, 1, 2])):
        quantity = chance.choice([ours.quantity, ours.quantity, chance.randint(-3, 60)])
        name = f"GR-{len(case.receipts)}"
        case.receipts.append(receipt(number, str(quantity), receipt_id=name, po_number=po_number))
    for at in range(chance.choice([0, 0, 0, 1, 2])):
        quantity = Decimal(chance.randint(-2, 30)) / chance.choice([Decimal(1), Decimal(1), pack])
        off = Decimal(chance.choice([0, 0, 0, 1, 4, -4, 500])) / 100
        case.billed.append(
            BilledLine(
                document_id=f"doc_b{at}",
                po_number=po_number,
                line_number=str(number),
                quantity=quantity,
                net_amount=round_amount(quantity * ours.unit_price, "EUR") + off,
            )
        )


def _invoiced(chance: Random, case: Case) -> None:
    ours = chance.choice(case.order_lines)
    pack = next(at.case_pack for at in case.items if at.item_id == ours.item_id) or Decimal(1)
    unit = chance.choice([ours.unit, ours.unit, chance.choice(UNITS)])
    theirs, into = SIZES.get(unit or "", pack), SIZES.get(ours.unit or "", pack)
    quantity = chance.choice([ours.quantity * into / theirs, Decimal(chance.randint(1, 50)), Decimal(-3)])
    quantity = quantity.quantize(Decimal(1)) or Decimal(1)
    value = round_amount(quantity * theirs / into * ours.unit_price, "EUR")
    off: Decimal | int = chance.choice(
        [0, 0, 0, 0, 1, -1, 2, 4, 300, -5000, *map(int, (abs(quantity), -abs(quantity), 5 * quantity))]
    )
    case.lines.append(
        PaperLine(
            index=len(case.lines) + 1,
            quantity=quantity,
            unit=unit,
            line_net_amount=value + Decimal(off) / 100,
            purchase_order_reference=ours.po_number,
            purchase_order_line=ours.line_number,
        )
    )


def a_policy(chance: Random) -> Policy:
    def limit(*cents: int | None) -> Decimal | None:
        chosen = chance.choice(cents)
        return None if chosen is None else Decimal(chosen) / 100

    changed = {
        name: Tolerance(
            upper_pct=limit(None, 0, 100, 500, 1000),
            upper_amount={"other": limit(0, 5, 400, 10_000)},
            lower_pct=limit(None, None, 1000, 10_000),
            lower_amount={"other": limit(None, None, 500)},
        )
        for name in NAMES
    }
    return policy().model_copy(update={"tolerances": {**policy().tolerances, **changed}})


def as_facts(case: Case) -> Facts:
    return facts(
        replace(paper(case.lines), document_type=case.kind, purchase_order_references=(), total_with_vat=Decimal(100)),
        orders=tuple(case.orders),
        order_lines=tuple(case.order_lines),
        items=tuple(case.items),
        receipts=tuple(case.receipts),
        billed=tuple(case.billed),
    )


def by_controls(number: int, case: Case, rules: Policy) -> Found:
    here = as_facts(case)
    match = pair_lines(here)
    paired = {pair.paper_line: (pair.po_number, pair.line_number) for pair in match.pairs}
    assert paired == {at.index: (at.purchase_order_reference, at.purchase_order_line) for at in case.lines}
    return {
        (number, *paired[int(str(found.subject).split()[1].rstrip(","))], found.code)
        for control in CONTROLS
        if case.kind in control.types
        for found in control.run(here, match, rules)
    }


def by_sql(cases: list[Case], policies: list[Policy]) -> Found:
    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA)
    for number, rules in enumerate(policies):
        _insert(base, "tolerances", ((number, name, *_limits(rules.tolerances[name])) for name in NAMES))
    for number, case in enumerate(cases):
        _fill(base, number, case)
    base.executescript(INDEXES)
    found = set(base.execute(QUERY))
    base.close()
    return found


def _fill(base: sqlite3.Connection, case_id: int, case: Case) -> None:
    _insert(base, "documents", [(case_id, case.kind.value, "EUR", case.policy)])
    _insert(
        base,
        "purchase_orders",
        ((case_id, at.po_number, at.supplier_id, str(at.ordered_at), at.currency) for at in case.orders),
    )
    _insert(
        base,
        "purchase_order_lines",
        (
            (case_id, at.po_number, at.line_number, at.item_id, float(at.quantity), float(at.unit_price), at.unit)
            for at in case.order_lines
        ),
    )
    _insert(base, "items", ((case_id, at.item_id, float(at.case_pack or 1)) for at in case.items))
    _insert(
        base,
        "goods_receipts",
        ((case_id, at.receipt_id, at.po_number, at.line_number, float(at.quantity)) for at in case.receipts),
    )
    _insert(
        base,
        "billed_lines",
        (
            (case_id, at.document_id, at.po_number, at.line_number, float(at.quantity), float(at.net_amount))
            for at in case.billed
        ),
    )
    _insert(
        base,
        "invoice_lines",
        (
            (
                case_id,
                at.index,
                at.purchase_order_reference,
                at.purchase_order_line,
                float(at.quantity or 0),
                at.unit,
                float(at.line_net_amount or 0),
            )
            for at in case.lines
        ),
    )


def _insert(base: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    filled = list(rows)
    if filled:
        base.executemany(f"insert into {table} values ({','.join('?' * len(filled[0]))})", filled)


def _limits(tolerance: Tolerance) -> tuple[float | None, ...]:
    limits = (
        tolerance.upper_pct,
        tolerance.upper_amount["other"],
        tolerance.lower_pct,
        tolerance.lower_amount["other"],
    )
    return tuple(None if limit is None else float(limit) for limit in limits)


@pytest.mark.law
def test_sql_and_controls_find_the_same_on_generated_cases() -> None:
    chance = Random(20_261_123)
    policies = [a_policy(chance) for _ in range(POLICIES)]
    cases = [a_case(chance) for _ in range(CASES)]
    expected: defaultdict[int, Found] = defaultdict(set)
    for row in by_sql(cases, policies):
        expected[row[0]].add(row)
    seen: Counter[str] = Counter()
    for number, case in enumerate(cases):
        found = by_controls(number, case, policies[case.policy])
        seen.update({code for *_, code in found} or {"clean"})
        assert found == expected[number], (case, policies[case.policy].tolerances)
    assert all(seen[code] >= 500 for code in (*CODES, "clean")), seen


def test_units_that_do_not_convert_reach_the_oracle_as_nothing_to_compare() -> None:
    chance = Random(1)
    pairs = [pair for _ in range(300) for pair in _match(a_case(chance)).pairs]
    assert any(pair.quantity is None for pair in pairs)
    assert any(pair.conversion for pair in pairs)


def _match(case: Case) -> Match:
    return pair_lines(as_facts(case))
