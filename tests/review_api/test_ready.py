"""`/readyz`, check by check: what is degraded is said with a remedy, and only wrong answers take a node out."""

from typing import Any

import pytest
from sqlalchemy import text

from core.settings import Settings
from review_api.watching.house import HouseWatch
from review_api.worker import Worker
from tests.review_api.conftest import Desk


def ready(desk: Desk, **settings: Any) -> dict[str, dict[str, str]]:
    home = desk.services.settings.home
    desk.services.settings = Settings(home=home, max_bytes=100_000, **settings)
    desk.app.state.watch.house = HouseWatch(desk.services, every=0)
    answer = desk.stranger().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready"), answer.text
    return {check["name"]: check for check in answer.json()["checks"]}


def test_a_house_in_order_is_in_order_throughout(desk: Desk) -> None:
    Worker(desk.services, "node-1")._beating.go_on()
    found = ready(desk, ready_free_bytes=1)
    assert {name: check["status"] for name, check in found.items()} == dict.fromkeys(
        ("schema", "disk", "queue", "worker", "models", "feeds", "events", "audit"), "ok"
    )
    assert not any(check["remedy"] for check in found.values())


def test_each_thing_that_is_wrong_is_said_with_what_to_do(desk: Desk) -> None:
    desk.house.take_in()
    Worker(desk.services, "node-1")._beating.go_on()
    desk.house.later(60 * 24 * 30)
    (desk.services.settings.home / "bundles" / "late").mkdir(parents=True)
    found = ready(desk, ready_free_bytes=10**15)
    told = {name: check["status"] for name, check in found.items() if check["status"] != "ok"}
    assert told == {"disk": "degraded", "queue": "degraded", "worker": "failed", "feeds": "degraded"} | (
        {"models": "degraded"} if found["models"]["status"] != "ok" else {}
    )
    assert all(found[name]["remedy"] for name in told)
    assert "purchase_orders" in found["feeds"]["message"] and "2,592,000 seconds" in found["queue"]["message"]


@pytest.mark.parametrize(("revision", "status"), [("0001", 503), ("of_tomorrow", 200)])
def test_a_schema_that_lacks_something_is_no_place_to_answer_from(desk: Desk, revision: str, status: int) -> None:
    with desk.services.db.write() as session:
        session.run(text("UPDATE alembic_version SET version_num = :now").bindparams(now=revision))
    answer = desk.stranger().get("/readyz")
    assert answer.status_code == status
    if status == 503:
        assert answer.json()["code"] == "DB-SCHEMA"
    else:
        assert answer.json()["checks"][0]["status"] == "degraded"


def test_damage_of_the_audit_is_said_and_takes_no_node_out(desk: Desk) -> None:
    Worker(desk.services, "node-1").run(once=True)
    with desk.services.db.write() as session:
        session.run(text("UPDATE audit_rounds SET damage = 'changed', damaged_at_sequence = 1"))
    assert ready(desk)["audit"]["status"] == "failed"
