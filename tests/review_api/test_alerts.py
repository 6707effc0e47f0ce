"""Every example alert is fired by causing what it warns of in the real application; a house in order fires none."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from sqlalchemy import text

from core.database import Database
from core.heartbeats import SILENT_AFTER
from core.settings import Settings
from review_api.house_models import HouseModel
from review_api.watching.house import House, HouseWatch, read_house
from review_api.worker import Worker
from tests.conftest import ROOT
from tests.review_api.alert_rules import Scrape, firing, rules
from tests.review_api.conftest import NOW, Desk
from tests.review_api.test_metrics import Away, scraped
from tests.triage_shell.conftest import invoice
from triage.deliveries import Backlog
from triage.promise import CurvePoint, Standing
from triage.promises import PromiseVersion


def scrape(desk: Desk, change: Callable[[House], House] | None = None) -> Scrape:
    """What the application shows now; where a scenario would take weeks of history, with a part of the house given."""
    home = desk.services.settings.home
    desk.services.settings = Settings(home=home, max_bytes=100_000, metrics_access="open")
    watch = HouseWatch(desk.services, every=0)
    if change is not None:
        house = change(read_house(desk.services))
        watch.house = lambda: house  # type: ignore[method-assign]
    desk.app.state.watch.house = watch
    return scraped(desk.stranger())


def alive(desk: Desk) -> Worker:
    worker = Worker(desk.services, "node-1")
    worker._beating._beat(ended=False)
    return worker


def dear_papers(desk: Desk) -> Scrape:
    desk.house.case(invoice({"total_with_vat": "300000"}))
    return scrape(desk)


def waiting_paper(desk: Desk) -> Scrape:
    desk.house.take_in()
    desk.house.later(16)
    return scrape(desk)


def nobody(desk: Desk) -> Scrape:
    return scrape(desk)


def silent_worker(desk: Desk) -> Scrape:
    desk.house.clock.instant += SILENT_AFTER + timedelta(seconds=1)
    return scrape(desk)


def silent_lease(desk: Desk) -> Scrape:
    desk.house.take_in()
    desk.house.lease("gone")
    desk.house.later(3)
    return scrape(desk)


def old_feeds(desk: Desk) -> Scrape:
    desk.house.later(60 * 24 * 30)
    return scrape(desk)


def poison(desk: Desk) -> Scrape:
    worker = alive(desk)
    worker._counts["poison"] += 1
    worker._beating._beat(ended=False)
    return scrape(desk)


def database_away(desk: Desk) -> Scrape:
    desk.services.db = cast(Database, Away())
    return scrape(desk)


def damaged(desk: Desk) -> Scrape:
    Worker(desk.services, "node-2").run(once=True)
    with desk.services.db.write() as session:
        session.run(text("UPDATE audit_rounds SET damage = 'changed', damaged_at_sequence = 1"))
    return scrape(desk)


def unverified(desk: Desk) -> Scrape:
    Worker(desk.services, "node-2").run(once=True)
    desk.house.later(60 * 24 * 3)
    return scrape(desk)


def given(**parts: Any) -> Callable[[Desk], Scrape]:
    return lambda desk: scrape(desk, lambda house: replace(house, **parts))


BOUND = CurvePoint(touchless=0.5, risk=0.001, bound=0.0049)


def promise(*, broken: bool) -> dict[str, PromiseVersion]:
    version = PromiseVersion(
        kind="invoice", bundle=None, error_pct=Decimal("0.5"), confidence_pct=Decimal(95), policy_hash="",
        standing=Standing.KEPT, papers=900, needed=None, point=BOUND,
    )  # fmt: skip
    return {"invoice": replace(version, suspended={"text_layer": NOW} if broken else {})}


MANY = {"decided": 40, "first_pass_yield": 0.3, "touchless_rate": 0.3}
REFUSED = HouseModel(name="late", version=None, trained_until=None, problem=cast(Any, ValueError("broken")))
SCENES: dict[str, Callable[[Desk], Scrape]] = {
    "MoneyWaiting": dear_papers,
    "OldestPaper": waiting_paper,
    "NobodyReads": nobody,
    "WorkerLost": silent_worker,
    "LeaseSilent": silent_lease,
    "FeedLate": old_feeds,
    "PromiseBroken": given(promises=promise(broken=True)),
    "PromiseAtRisk": given(promises=promise(broken=False)),
    "ManyHeld": given(flow=MANY),
    "PoisonPaper": poison,
    "ReceiverDown": given(events=Backlog(waiting=7, oldest_seconds=90_000.0, dead=0)),
    "EventsGivenUp": given(events=Backlog(waiting=0, oldest_seconds=None, dead=3)),
    "ModelRefused": given(models=(REFUSED,)),
    "DatabaseAway": database_away,
    "AuditDamaged": damaged,
    "AuditNotVerified": unverified,
}


@pytest.mark.parametrize("name", rules())
def test_an_alert_fires_when_what_it_warns_of_happens_and_not_before(desk: Desk, name: str) -> None:
    rule = rules()[name]
    if name != "NobodyReads":
        alive(desk)
        before = scrape(desk)
        assert firing(rule.expression, before, before) == {}
    else:
        before = {}
    found = firing(rule.expression, SCENES[name](desk), before)
    assert found
    labels = dict(next(iter(found)))
    assert set(re.findall(r"\$labels\.(\w+)", rule.summary)) <= set(labels)


def test_every_alert_has_its_scene_and_its_page_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert set(rules()) == set(SCENES)
    assert [name for name in rules() if f"### {name}" not in manual] == []


def test_every_metric_is_described_in_the_manual(desk: Desk) -> None:
    alive(desk)
    desk.held()
    manual = (ROOT / "docs" / "operations.md").read_text("utf-8")
    shown = {re.sub(r"_(bucket|count|sum|created|total|info)$", "", name) for name, _ in scrape(desk)}
    missing = sorted(name for name in shown if name.startswith("clearhold_") and f"`{name}" not in manual)
    assert missing == []
