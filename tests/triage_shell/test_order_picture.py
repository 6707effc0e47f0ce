"""Given orders judged against a picture: exactly what judging them against the feeds says, wherever they stand."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from core.database import Database, ReadSession
from core.erp import SalesOrder, SalesOrderLine
from tests.triage.builders import AS_OF, policy
from tests.triage.order_builders import with_orders
from tests.triage_shell.test_score_orders import PROMISE, Row, line_row, load, order_row, stock_row
from triage.order_picture import OrderPicture, PictureOutdatedError
from triage.policy import Policy
from triage.score_orders import GivenOrder, score_orders

ITEMS, PLACES = "ABCD", ("WH1", "WH2")


def load_random(database: Database, draw: random.Random) -> None:
    """Twelve orders that want some of four items, too little stock, and two shipments that have left."""
    numbers = range(1, 13)
    lines: list[Row] = [
        line_row(number, draw.randint(1, 6), item, at=draw.choice(("", "", "WH1")), line=at)
        for number in numbers
        for at, item in enumerate(draw.sample(ITEMS, draw.randint(1, 2)), start=1)
    ]
    left = (AS_OF - timedelta(days=1)).isoformat()
    load(
        database,
        orders=[order_row(number) for number in numbers],
        lines=lines,
        stock=[stock_row(item, at, draw.randint(0, 14)) for item in ITEMS for at in PLACES],
        shipments=[{"shipment_id": f"S{n}", "order_id": f"O{n}", "shipped_at": left} for n in draw.sample(numbers, 2)],
    )


def given_order(order_id: str, hours: float, draw: random.Random, items: str = ITEMS) -> GivenOrder:
    order = SalesOrder(
        order_id=order_id,
        ordered_at=AS_OF - timedelta(days=5) + timedelta(hours=hours),
        promised_at=PROMISE + timedelta(days=draw.randint(-2, 2)),
        order_value=Decimal(draw.randint(1, 900)),
        currency="EUR",
    )
    wanted = draw.sample(items, draw.randint(1, min(3, len(items))))
    lines = tuple(
        SalesOrderLine(
            order_id=order_id,
            line_number=str(at),
            item_id=item,
            quantity=Decimal(draw.randint(0, 7)),
            fulfil_location_id=draw.choice((None, None, "WH2")),
        )
        for at, item in enumerate(wanted, start=1)
    )
    return GivenOrder(order=order, lines=lines)


def picture_of(database: Database, rules: Policy) -> OrderPicture:
    with database.read() as session:
        return OrderPicture(session, rules, as_of=AS_OF, view=None)


@pytest.mark.law
@pytest.mark.parametrize("seed", range(8))
def test_a_picture_judges_given_orders_exactly_as_the_feeds_do(database: Database, seed: int) -> None:
    draw = random.Random(seed)
    load_random(database, draw)
    rules = with_orders(open_orders="allocated") if seed == 7 else policy()
    picture = picture_of(database, rules)
    for asked in range(12):
        # In the midst of the queue, after it, and in place of orders the feeds hold, shipped ones too.
        names = draw.sample([*(f"O{n}" for n in range(1, 13)), *(f"N{n}" for n in range(8))], 1 + asked % 5)
        given = [given_order(name, draw.choice((0.5, 3.5, 7, 9.5, 40)), draw, ITEMS + "Z") for name in names]
        with database.read() as session:
            slow = score_orders(session, rules, as_of=AS_OF, order_ids=(), given=given)
        assert picture.judge(given, database.read) == slow


def test_a_picture_that_would_have_to_look_up_what_has_changed_says_so(database: Database) -> None:
    draw = random.Random(1)
    load_random(database, draw)
    picture = picture_of(database, policy())

    @contextmanager
    def changed() -> Iterator[ReadSession | None]:
        yield None

    known, unknown = given_order("N1", 40, draw, "A"), given_order("N2", 40, draw, "Q")
    assert picture.has_all([known])
    assert not picture.has_all([unknown])
    assert picture.judge([known], changed)
    with pytest.raises(PictureOutdatedError):
        picture.judge([unknown], changed)
