"""A new case waits where cases like it are resolved, of the queues its policy allows; else where its route says."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from models.bundle import Bundles, make_bundle, write_bundle
from tests.models.casework.builders import OneFeed, desk
from tests.triage_shell.conftest import House, invoice
from training.predictions.outcome import Period
from training.predictions.routing.run import train
from triage import case_rows
from triage.case_records import CaseSummary
from triage.policy import Policy
from triage.policy_people import Route
from triage.roles import Role
from triage.run import decide_document
from triage.team_advice import TeamAdvice

UNKNOWN_ORDER = {"purchase_order_reference": "77"}


def _with_routes(house: House, *, role: Role | Literal["anyone"] = "anyone", use: bool = True) -> Policy:
    general = Route(name="rest", queue="ap", needs_role="anyone", priority_factor=Decimal(1))
    special = Route(
        name="orders", codes=("PO-UNKNOWN",), queue="purchasing", needs_role=role, priority_factor=Decimal(1)
    )
    rules = house.policy.predictions
    switched = rules.model_copy(update={"routing": rules.routing.model_copy(update={"use": use})})
    return house.policy.model_copy(update={"routes": (special, general), "predictions": switched})


def _history() -> pl.DataFrame:
    """Cases that arrived at purchasing and were resolved by accounts payable."""
    frame = desk(600)
    return frame.with_columns(
        kind=pl.lit("invoice"),
        initial_group=pl.lit("purchasing"),
        resolved_group=pl.lit("ap"),
        x_subcategory=pl.lit("PO-UNKNOWN"),
    )


def _open(house: House, policy: Policy, advice: TeamAdvice | None) -> CaseSummary:
    document = house.take_in()
    decide_document(house.db, house.lease(), invoice(UNKNOWN_ORDER), policy, house.clock, ask_team=advice)
    with house.db.read() as session:
        found = case_rows.open_of_document(session, document.document_id)
    assert found is not None
    return found


def test_a_case_waits_where_cases_like_it_were_resolved_if_the_policy_allows(house: House, tmp_path: Path) -> None:
    mixed = pl.concat([_history(), desk(600).with_columns(exception_id=pl.lit("x") + pl.col("exception_id"))])
    write_bundle(train(OneFeed(mixed), Period(), seed=1, say=lambda _: None).bundle, tmp_path / "routing.json")
    house.load_feeds(exceptions=mixed.write_csv())
    advice = TeamAdvice(Bundles(tmp_path))
    chosen = _open(house, _with_routes(house), advice)
    assert chosen.queue == "ap"
    assert chosen.route is not None
    assert chosen.route["queue"] == "purchasing"
    assert _open(house, _with_routes(house, role="ap_approver"), advice).needs_role == "ap_approver"
    assert _open(house, _with_routes(house, use=False), advice).queue == "purchasing"


def test_without_a_model_the_route_decides(house: House, tmp_path: Path) -> None:
    house.load_feeds()
    assert _open(house, _with_routes(house), TeamAdvice(Bundles(tmp_path))).queue == "purchasing"
    assert _open(house, _with_routes(house), None).queue == "purchasing"


def test_a_model_of_other_columns_leaves_teams_to_the_route_and_says_so_once(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house.load_feeds()
    other = make_bundle("routing", features=("moon",), boosters={}, content={}, card={})
    write_bundle(other, tmp_path / "routing.json")
    advice = TeamAdvice(Bundles(tmp_path))
    assert [_open(house, _with_routes(house), advice).queue for _ in range(2)] == ["purchasing", "purchasing"]
    assert caplog.text.count("MODEL-COLUMNS") == 1
    assert "moon" in caplog.text
