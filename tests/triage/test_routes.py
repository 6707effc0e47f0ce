"""Which team gets a case: the first route that fits, and what a policy may not say."""

from decimal import Decimal
from typing import Any

import pytest

from core.documents import DocumentType
from core.errors import InputError
from tests.triage.builders import DEFAULT_POLICY, delivery_note, facts, order, paper, policy, supplier
from triage.policies import checked
from triage.policy import load_policy
from triage.policy_people import Route
from triage.routes import route_of

REST = Route(name="rest", queue="ap", needs_role="anyone", priority_factor=Decimal(1))


def chosen(*routes: Route, codes: tuple[str, ...] = ("SUP-BANK",), **changed: Any) -> str:
    rules = policy().model_copy(update={"routes": (*routes, REST)})
    return route_of(codes, facts(**changed), rules).name


def route(**conditions: Any) -> Route:
    return Route(name="team", queue="team", needs_role="anyone", priority_factor=Decimal(1), **conditions)


def test_the_policy_that_comes_with_it_sends_shipments_to_planning_and_the_rest_to_payables() -> None:
    assert route_of(["MATCH-PRICE"], facts(), policy()).queue == "ap"
    assert route_of(["SHIP-OVER"], facts(delivery_note()), policy()).queue == "planning"


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({"codes": ("SUP-BANK", "SUP-VAT")}, True),
        ({"codes": ("SUP-VAT",)}, False),
        ({"document_types": (DocumentType.INVOICE,)}, True),
        ({"document_types": (DocumentType.CREDIT_NOTE,)}, False),
        ({"supplier_ids": ("S1",)}, True),
        ({"supplier_ids": ("S2",)}, False),
        ({"min_amount": {"EUR": Decimal(400)}}, True),
        ({"min_amount": {"EUR": Decimal(500)}}, False),
        ({"min_amount": {"USD": Decimal(1), "EUR": None}}, False),
        ({"codes": ("SUP-BANK",), "supplier_ids": ("S2",)}, False),
    ],
)
def test_a_route_fits_when_all_its_conditions_do(conditions: dict[str, Any], fits: bool) -> None:
    assert (chosen(route(**conditions)) == "team") is fits


def test_a_route_by_legal_entity_looks_at_the_order_and_the_supplier() -> None:
    theirs = route(legal_entities=("DE01",))
    assert chosen(theirs, orders=(order(legal_entity="DE01"),)) == "team"
    assert chosen(theirs, supplier=supplier(legal_entity="DE01")) == "team"
    assert chosen(theirs) == "rest"


def test_an_amount_nobody_knows_is_never_large() -> None:
    large = route(min_amount={"other": Decimal(0)})
    assert chosen(large) == "team"
    assert chosen(large, the_paper=paper(total_with_vat=None)) == "rest"
    assert chosen(large, the_paper=paper(currency=None)) == "rest"


def test_the_first_route_that_fits_decides() -> None:
    first = Route(name="first", codes=("SUP-BANK",), queue="a", needs_role="anyone", priority_factor=Decimal(1))
    assert chosen(first, route(codes=("SUP-BANK",))) == "first"


EVERYTHING = '\n[[routes]]\nname = "all"\nqueue = "ap"\nneeds_role = "anyone"\npriority_factor = 1\n'
NARROW = (
    '\n[[routes]]\nname = "narrow"\ncodes = ["SUP-BANK"]\nqueue = "ap"\nneeds_role = "anyone"\npriority_factor = 1\n'
)


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ("", "routes is missing"),
        (NARROW, "the last route must have no conditions"),
        (EVERYTHING + NARROW + EVERYTHING.replace("all", "again"), "the route 'all' takes everything"),
        (NARROW + NARROW + EVERYTHING, "two routes are called 'narrow'"),
        (EVERYTHING.replace("priority_factor = 1", "priority_factor = 0"), "routes[0].priority_factor"),
        (EVERYTHING.replace("priority_factor = 1\n", ""), "routes[0].priority_factor is missing"),
        (EVERYTHING.replace('"ap"', '"Accounts Payable"'), "routes[0].queue"),
        (EVERYTHING.replace('"anyone"', '"auditor"'), "routes[0].needs_role"),
        (
            NARROW.replace('codes = ["SUP-BANK"]', 'document_types = ["letter"]') + EVERYTHING,
            "routes[0].document_types",
        ),
    ],
)
def test_routes_that_leave_a_case_without_a_team_or_are_never_reached_are_refused(routes: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load_policy(_with_routes(routes))
    assert caught.value.code == "POLICY-INVALID" and said in caught.value.message
    assert caught.value.remedy
    if routes:
        assert "line " in caught.value.message


def test_a_route_of_a_code_that_is_none_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"routes\[0\]\.codes: SUP-BANC is no code of a control"):
        checked(_with_routes(NARROW.replace("SUP-BANK", "SUP-BANC") + EVERYTHING))


def _with_routes(routes: str) -> str:
    text = DEFAULT_POLICY.read_text()
    start = text.index('[[routes]]\nname = "shipments"')
    end = text.index("# ---- Models add scrutiny")
    return text[:start] + text[end:] + routes
