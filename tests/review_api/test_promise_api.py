"""What promises stand at, over HTTP and in the terminal."""

import json
from pathlib import Path

import pytest

from tests.conftest import run_clearhold
from tests.review_api.conftest import Desk
from tests.triage_shell.test_promises import judge
from triage import policies, promise_keeping


@pytest.fixture
def promised(desk: Desk) -> Desk:
    """A desk whose house has judged 1,500 papers under a promise of 2 %."""
    text = policies.built_in_text().replace("error_pct = 0.5", "error_pct = 2")
    with desk.services.db.write() as session:
        policies.put_in_force(
            session, text, at=desk.services.clock.now(), actor="user:olga", proposed_by=None, preview_hash=None
        )
    judge(desk.house, 1_500)
    promise_keeping.renew(desk.services.db, at=desk.services.clock.now(), by="system")
    return desk


def test_promises_are_told_as_numbers(promised: Desk) -> None:
    told = promised.client("auditor").get("/v1/insights/promise").json()
    by_kind = {one["kind"]: one for one in told["promises"]}
    assert (told["basis"], by_kind["invoice"]["standing"], by_kind["invoice"]["labelled"]) == ("promise", "kept", 1_500)
    assert by_kind["invoice"]["point"]["bound"] <= 0.02
    assert by_kind["credit_note"]["version"] is None


def test_promises_are_drawn(promised: Desk) -> None:
    answer = promised.client("auditor").get("/v1/insights/promise.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "today: " in answer.text


def test_kind_nobody_has_judged_has_no_picture(promised: Desk) -> None:
    answer = promised.client("auditor").get("/v1/insights/promise.svg", params={"kind": "credit_note"})
    assert (answer.status_code, answer.json()["code"]) == (404, "PROMISE-NO-CURVE")


def test_who_may_not_see_the_policy_sees_no_promise(promised: Desk) -> None:
    assert promised.stranger().get("/v1/insights/promise").status_code == 401


def test_terminal_says_what_is_missing_in_a_new_house(tmp_path: Path) -> None:
    shown = run_clearhold("promise", home=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "about 3,200 labelled papers; every case that ends counts" in shown.stdout
    told = json.loads(run_clearhold("promise", "--renew", "--json", home=tmp_path).stdout)
    assert all(one["missing"].startswith("about ") for one in told["promises"])


def test_terminal_has_nothing_to_draw_in_a_new_house(tmp_path: Path) -> None:
    refused = run_clearhold("promise", "--picture", str(tmp_path / "curve.svg"), home=tmp_path)
    assert refused.returncode == 1
    assert "PROMISE-NO-CURVE" in refused.stderr
