"""The catalogue: complete, unique, shown by example, and the page in docs/ up to date."""

from pathlib import Path

import pytest

from core.decisions import Outcome
from tests.triage import (
    examples,
    test_controls_document,
    test_controls_invoice,
    test_controls_limits,
    test_controls_match,
    test_controls_replenishment,
    test_controls_sales_orders,
    test_controls_shipment,
    test_controls_tax,
    test_controls_terms,
)
from triage.control import Control
from triage.controls.catalogue import CONTROLS, FLOORS, anchor_of, catalogue_page
from triage.planning_control import OrderControl, RecommendationControl
from triage.planning_controls import ORDER_CONTROLS, RECOMMENDATION_CONTROLS

EXAMPLES = (
    test_controls_document,
    test_controls_invoice,
    test_controls_limits,
    test_controls_match,
    test_controls_replenishment,
    test_controls_sales_orders,
    test_controls_shipment,
    test_controls_tax,
    test_controls_terms,
)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "controls.md"
EVERY_CONTROL: tuple[Control | OrderControl | RecommendationControl, ...] = (
    *CONTROLS,
    *ORDER_CONTROLS,
    *RECOMMENDATION_CONTROLS,
)
CODES = sorted({control.code for control in EVERY_CONTROL})


@pytest.mark.parametrize("code", CODES)
def test_control_is_shown_finding_something_and_sparing_what_is_right(code: str) -> None:
    assert EXAMPLES
    assert examples.FOUND[code], f"no test shows {code} finding something"
    assert examples.SPARED[code], f"no test shows {code} sparing what is right"


def test_page_of_controls_is_up_to_date() -> None:
    assert PAGE.read_text() == catalogue_page(), "run: python -m triage.controls.catalogue > docs/controls.md"


def test_every_code_has_one_place_on_the_page_to_link_to() -> None:
    page = catalogue_page()
    for code in {*CODES, *(floor.code for floor in FLOORS)}:
        assert page.count(f'<a id="{anchor_of(code)}"></a>`{code}`') == 1
        assert f"[{code}](#{anchor_of(code)})" in page


def test_every_control_says_what_it_checks_and_how_it_ends() -> None:
    for control in EVERY_CONTROL:
        assert all((control.checks, control.formula, control.released_by, control.lifted_by))
        assert control.outcome in (Outcome.HOLD, Outcome.BLOCK)
    assert all(control.types for control in CONTROLS)


def test_one_code_is_run_by_one_rule_only() -> None:
    rules = [(control.code, control.run) for control in EVERY_CONTROL]
    assert len(set(rules)) == len(rules)
    assert not {floor.code for floor in FLOORS} & set(CODES)


def test_only_the_erp_lifts_its_own_block() -> None:
    blocks = [control for control in EVERY_CONTROL if control.code == "ERP-BLOCK"]
    assert blocks
    assert all(control.released_by == "nobody here" for control in blocks)
