"""An independent oracle: the three-way arithmetic once more, as plain SQL over whole cents and whole pieces."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

import pytest

from tests.triage.builders import PO, check, facts, order_line, paper, paper_line, policy, receipt
from triage.facts import BilledLine, Facts
from triage.policy import Policy, Tolerance

CASES = 1_500
CODES = ("MATCH-PRICE", "MATCH-QUANTITY", "MATCH-NOT-RECEIVED")

SCHEMA = """
create table tolerance (price_unit_bp, price_unit_cents, price_bp, price_cents, low_bp, qty_bp, qty_cents, gr_cents);
create table ordered (line, qty, price);
create table receipt (line, qty);
create table before (line, qty, net);
create table invoiced (line, qty, net);
"""

FIGURES = """
create view figures as
select o.line, o.qty as ordered, o.price,
       (select count(*) from receipt r where r.line = o.line) as receipts,
       (select coalesce(sum(qty), 0) from receipt r where r.line = o.line) as received,
       (select coalesce(sum(qty), 0) from before b where b.line = o.line) as before_qty,
       (select coalesce(sum(net), 0) from before b where b.line = o.line) as before_net,
       sum(i.qty) as qty, sum(i.net) as net, count(*) as lines
from ordered o join invoiced i on i.line = o.line group by o.line;
"""

PRICE = """
select f.line from figures f, tolerance t
where abs(f.net - f.qty * f.price) * 2 > f.lines
  and (   (f.net - f.qty * f.price) * 10000 > t.price_bp * f.qty * f.price
       or (f.net - f.qty * f.price) > t.price_cents
       or (f.qty * f.price - f.net) * 10000 > t.low_bp * f.qty * f.price
       or (f.net > f.qty * f.price
           and (   (f.net + f.before_net - (f.qty + f.before_qty) * f.price) * 10000
                     > t.price_bp * (f.qty + f.before_qty) * f.price
                or (f.net + f.before_net - (f.qty + f.before_qty) * f.price) > t.price_cents))
       or (f.net < f.qty * f.price
           and ((f.qty + f.before_qty) * f.price - f.net - f.before_net) * 10000
                     > t.low_bp * (f.qty + f.before_qty) * f.price))
union
select i.line from invoiced i join ordered o on o.line = i.line, tolerance t
where i.qty > 0 and abs(i.net - i.qty * o.price) * 2 > 1
  and (   (i.net - i.qty * o.price) * 10000 > t.price_unit_bp * i.qty * o.price
       or (i.net - i.qty * o.price) > t.price_unit_cents * i.qty)
"""

QUANTITY = """
select f.line from figures f, tolerance t
where f.receipts > 0 and f.qty > 0
  and f.price * (f.qty - (f.received - f.before_qty)) > 0
  and (   f.price * (f.qty - (f.received - f.before_qty)) > t.qty_cents
       or f.price * (f.qty - (f.received - f.before_qty)) * 10000
            > t.qty_bp * f.price * max(f.received - f.before_qty, 0))
"""

NOT_RECEIVED = """
select f.line from figures f, tolerance t
where f.receipts = 0 and f.qty > 0 and f.price * (f.qty + f.before_qty) > t.gr_cents
"""


@dataclass(frozen=True)
class Case:
    """One generated case, in whole cents and whole pieces."""

    tolerance: tuple[int, ...]
    ordered: list[tuple[int, int, int]]
    receipts: list[tuple[int, int]]
    before: list[tuple[int, int, int]]
    invoiced: list[tuple[int, int, int]]


def a_case(chance: Random) -> Case:
    count = chance.randint(1, 4)
    ordered = [(line, chance.randint(1, 50), chance.choice([0, 5, 395, 1999])) for line in range(1, count + 1)]
    price = {line: cents for line, _, cents in ordered}

    def billing(times: int) -> list[tuple[int, int, int]]:
        rows = []
        for _ in range(times):
            line, quantity = chance.randint(1, count), chance.randint(1, 50)
            off = chance.choice([0, 0, 0, 1, -1, 2, quantity, -quantity, 5 * quantity, 300, -5000])
            rows.append((line, quantity, max(0, quantity * price[line] + off)))
        return rows

    tolerance = (
        chance.choice([0, 100, 500]),
        chance.choice([0, 5, 100]),
        chance.choice([0, 100, 500]),
        chance.choice([0, 50, 1000]),
        chance.choice([0, 1000, 10_000]),
        chance.choice([0, 200, 1000]),
        chance.choice([0, 400, 10_000]),
        chance.choice([0, 400, 10_000]),
    )
    receipts = [(chance.randint(1, count), chance.randint(-3, 50)) for _ in range(chance.randint(0, 5))]
    return Case(tolerance, ordered, receipts, billing(chance.randint(0, 2)), billing(chance.randint(1, 5)))


def by_sql(case: Case) -> set[tuple[str, int]]:
    base = sqlite3.connect(":memory:")
    base.executescript(SCHEMA + FIGURES)
    base.execute("insert into tolerance values (?,?,?,?,?,?,?,?)", case.tolerance)
    base.executemany("insert into ordered values (?,?,?)", case.ordered)
    base.executemany("insert into receipt values (?,?)", case.receipts)
    base.executemany("insert into before values (?,?,?)", case.before)
    base.executemany("insert into invoiced values (?,?,?)", case.invoiced)
    queries = zip(CODES, (PRICE, QUANTITY, NOT_RECEIVED), strict=True)
    found = {(code, line) for code, query in queries for (line,) in base.execute(query)}
    base.close()
    return found


def by_controls(case: Case) -> set[tuple[str, int]]:
    here = as_facts(case)
    line_of = {index: line for index, (line, _, _) in enumerate(case.invoiced, start=1)}
    found = set()
    for finding in check(here, as_policy(case)):
        if finding.code in CODES:
            first = str(finding.subject).split()[1].rstrip(",")
            found.add((finding.code, line_of[int(first)]))
    return found


def as_facts(case: Case) -> Facts:
    lines = tuple(
        replace(
            paper_line(line, quantity, "1", purchase_order_line=str(line), unit_price=None),
            index=index,
            line_net_amount=Decimal(net) / 100,
        )
        for index, (line, quantity, net) in enumerate(case.invoiced, start=1)
    )
    return facts(
        paper(lines),
        order_lines=tuple(order_line(line, qty, str(Decimal(price) / 100)) for line, qty, price in case.ordered),
        receipts=tuple(receipt(line, qty, receipt_id=f"GR-{at}") for at, (line, qty) in enumerate(case.receipts)),
        billed=tuple(
            BilledLine(
                document_id=f"doc_b{at}",
                po_number=PO,
                line_number=str(line),
                quantity=Decimal(quantity),
                net_amount=Decimal(net) / 100,
            )
            for at, (line, quantity, net) in enumerate(case.before)
        ),
    )


def as_policy(case: Case) -> Policy:
    unit_bp, unit_cents, price_bp, price_cents, low_bp, qty_bp, qty_cents, gr_cents = case.tolerance

    def limits(bp: int | None, cents: int, low: int | None = None) -> Tolerance:
        return Tolerance(
            upper_pct=None if bp is None else Decimal(bp) / 100,
            upper_amount={"other": Decimal(cents) / 100},
            lower_pct=None if low is None else Decimal(low) / 100,
            lower_amount={"other": None},
        )

    changed = {
        "price_unit": limits(unit_bp, unit_cents),
        "price_total": limits(price_bp, price_cents, low_bp),
        "quantity": limits(qty_bp, qty_cents),
        "not_received": limits(None, gr_cents),
    }
    return policy().model_copy(update={"tolerances": {**policy().tolerances, **changed}})


@pytest.mark.law
def test_sql_and_controls_find_the_same_on_generated_cases() -> None:
    chance = Random(20_261_123)
    seen: Counter[str] = Counter()
    for number in range(CASES):
        case = a_case(chance)
        expected = by_sql(case)
        assert by_controls(case) == expected, f"case {number}: {case}"
        seen.update({code for code, _ in expected} or {"clean"})
    assert all(seen[code] >= 100 for code in (*CODES, "clean")), seen
