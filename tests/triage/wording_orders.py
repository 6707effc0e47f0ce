"""Customers' orders, and decisions with models and blind checks, for the book of words."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

from core.decisions import Finding
from core.erp import ErpBlock, FeedFreshness, Location, Shipment
from tests.triage.builders import AS_OF, DEFAULT_POLICY, facts, policy
from tests.triage.order_builders import (
    SO,
    check_order,
    commitment,
    inbound,
    level,
    order_facts,
    order_rules,
    sales_line,
    sales_order,
    with_orders,
)
from triage.decide import decide
from triage.facts import Facts
from triage.order_facts import OrderFacts
from triage.planning_policy import Lane
from triage.policy import ModelRules, Policy, load_policy

Situation = Callable[[], tuple[Finding, ...]]

_WH2 = Location(location_id="WH2", kind="store", country="FR")
_EVERYWHERE = {"from_country": ("any",), "from_region": ("any",), "to_country": ("any",), "to_region": ("any",)}


def order_situations() -> Iterator[tuple[str, Situation]]:
    """Orders that cannot be kept as promised, and orders the ERP or an old feed holds."""
    for name, the_facts, rules in (*_stock(), *_ways()):
        yield f"order: {name}", partial(check_order, the_facts, rules)


def decision_situations() -> Iterator[tuple[str, Situation]]:
    """What models and the draw of blind checks add to what controls find."""
    review = policy().model_copy(update={"models": {"review": ModelRules(hold_at=Decimal("0.8"))}})
    for name, scores in (
        ("asks for a look", {"review@3": 0.81234}),
        ("at its threshold", {"review": 0.8}),
        ("just below its threshold", {"review": 0.79994}),
        ("gave no score", {}),
        ("gave no probability", {"review": 1.2}),
        ("another one spoke", {"routing": 0.99}),
        ("sees nothing at all", {"review": 0.0}),
        ("is certain", {"review": 1.0}),
    ):
        yield f"model: {name}", partial(_decided, facts(), review, scores, "x")
    always = load_policy(DEFAULT_POLICY.read_text()).sampling.model_copy(update={"share_pct": Decimal(100)})
    drawn = policy().model_copy(update={"sampling": always.model_copy(update={"max_pct": Decimal(100)})})
    yield "blind check", partial(_decided, facts(), drawn, {}, "x")
    yield "no blind check of what is held", partial(_decided, facts(supplier=None), drawn, {}, "x")


def _decided(the_facts: Facts, rules: Policy, scores: dict[str, float], seed: str) -> tuple[Finding, ...]:
    return decide(the_facts, rules, scores=scores, seed=seed).findings


def _stock() -> Iterator[tuple[str, OrderFacts, Policy]]:
    rules = policy()
    yield (
        "more than anywhere",
        order_facts(sales_line(1, 30), stock=(level(on_hand=8, allocated=3), level(at="WH2", on_hand=20))),
        rules,
    )
    yield "nowhere any", order_facts(stock=()), rules
    yield "lines of one item", order_facts(sales_line(1, 60), sales_line(2, 60)), rules
    named = sales_line(1, 10, fulfil_location_id="WH2")
    yield "at the place it names", order_facts(named, stock=(level(), level(at="WH2", on_hand=4))), rules
    yield (
        "promised to others, more coming",
        order_facts(sales_line(1, 20), stock=(level(on_hand=15),), committed=(commitment(6),), inbound=(inbound(2),)),
        rules,
    )
    yield "two items short", order_facts(sales_line(1, 5), sales_line(2, 7, "B"), stock=(level(on_hand=3),)), rules
    yield "wants nothing", order_facts(sales_line(1, 0)), rules
    yield "no value", order_facts(order=sales_order(order_value=None, currency=None), stock=()), rules
    yield "no currency", order_facts(order=sales_order(currency=None), stock=()), rules
    yield "several places", order_facts(sales_line(1, 10), stock=(level(on_hand=6), level(at="WH2", on_hand=6))), rules
    yield (
        "items at different places",
        order_facts(sales_line(1, 1, "A"), sales_line(2, 1, "B"), stock=(level("A"), level("B", "WH2"))),
        rules,
    )
    both = (sales_line(1, fulfil_location_id="WH1"), sales_line(2, fulfil_location_id="WH2"))
    yield "names two places", order_facts(*both, stock=(level(), level(at="WH2"))), rules
    left = Shipment(shipment_id="SH1", order_id=SO, shipped_at=AS_OF - timedelta(hours=5))
    yield "under way", order_facts(stock=(), shipments=(left,)), rules


def _ways() -> Iterator[tuple[str, OrderFacts, Policy]]:
    rules = policy()
    yield "promised in the past", order_facts(order=sales_order(promised_at=AS_OF - timedelta(days=2))), rules
    tight = order_rules().cut_off.model_copy(update={"days_before": 20})
    yield "cut-off passed", order_facts(), with_orders(cut_off=tight)
    yield "cut-off passed at two places", order_facts(stock=(level(), level(at="WH2"))), with_orders(cut_off=tight)
    yield "no lanes", order_facts(), with_orders(lanes=())
    german = Lane(**{**_EVERYWHERE, "to_country": ("DE",)}, service=("any",))
    yield "another country", order_facts(), with_orders(lanes=(german,))
    nowhere = sales_order(ship_to_country=None, ship_to_region=None, service=None)
    yield "says nothing", order_facts(order=nowhere), with_orders(lanes=(german,))
    two = order_facts(stock=(level(), level(at="WH2")), locations=(*order_facts().locations, _WH2))
    yield "two places, no lane", two, with_orders(lanes=(german,))
    old = tuple(
        FeedFreshness(feed=feed.feed, loaded_at=AS_OF - timedelta(hours=24.5), rows=1) for feed in order_facts().feeds
    )
    yield "feeds old", order_facts(feeds=old), rules
    yield "feeds missing", order_facts(feeds=old[:0]), rules
    block = ErpBlock(document_ref=SO, reason="credit limit", blocked_at=AS_OF - timedelta(days=1))
    yield "blocked by the ERP", order_facts(erp_blocks=(block,)), rules
    lifted = ErpBlock(document_ref=SO, reason="credit limit", blocked_at=AS_OF - timedelta(days=1), lifted_at=AS_OF)
    yield "block lifted this instant", order_facts(erp_blocks=(lifted,)), rules
