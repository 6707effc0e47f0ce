"""Metrics: who may read them, what they say of a house, held to what its own tables say, and what a scrape costs."""

import time
import warnings
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from core.database import Database
from core.errors import UnavailableError
from core.settings import Settings
from review_api.watching.house import HouseWatch
from review_api.watching.requests import Metered, RequestMeter
from review_api.worker import Worker
from tests.loops import run_apart
from tests.review_api.conftest import Desk
from tests.triage_shell.conftest import invoice
from triage import case_rows
from triage.queue_tables import case_money

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(client: TestClient) -> Series:
    """The metrics as Prometheus's own parser reads them."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(series: Series, name: str, **labels: str) -> float:
    return series["clearhold_" + name, frozenset(labels.items())]


def fresh(desk: Desk) -> None:
    """The next scrape reads the house anew."""
    desk.app.state.watch.house = HouseWatch(desk.services, every=0)


def at_loopback(desk: Desk, headers: Mapping[str, str] = {}) -> Any:
    with_address = TestClient(desk.app, follow_redirects=False, client=("127.0.0.1", 50_000))
    desk.clients.append(with_address)
    return with_address.get("/metrics", headers=headers)


def test_this_machine_reads_them_and_from_elsewhere_a_key_for_them(desk: Desk) -> None:
    assert at_loopback(desk).status_code == 200
    assert desk.stranger().get("/metrics").json()["code"] == "AUTH-MISSING"
    assert desk.key("metrics").get("/metrics").status_code == 200
    assert desk.key("cases:read").get("/metrics").json()["code"] == "AUTH-ROLE"
    assert desk.client("admin").get("/metrics").status_code == 200
    assert desk.client("auditor").get("/metrics").status_code == 403


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_who_comes_through_a_proxy_of_this_machine_comes_from_elsewhere(desk: Desk, name: str) -> None:
    assert at_loopback(desk, {name: "203.0.113.9"}).status_code == 401


@pytest.mark.parametrize(("access", "here", "there"), [("key", 401, 401), ("open", 200, 200)])
def test_a_setting_says_who_may_read_them(desk: Desk, access: str, here: int, there: int) -> None:
    desk.services.settings = Settings(home=desk.services.settings.home, metrics_access=access)
    assert at_loopback(desk).status_code == here
    assert desk.stranger().get("/metrics").status_code == there


def test_waiting_money_and_cases_are_those_of_the_queue(desk: Desk) -> None:
    desk.held()
    other = desk.held_for_terms()
    desk.house.decide(invoice({"currency": "a currency that never was", "total_with_vat": "9" * 12}))
    reader = desk.key("metrics")
    fresh(desk)
    series = scraped(reader)
    assert value(series, "money_waiting", queue="ap", currency="EUR") == 357 + 238
    assert value(series, "money_waiting", queue="ap", currency="") == 10**9
    assert sum(number for (name, _), number in series.items() if name == "clearhold_cases_waiting") == 3
    clerk = desk.client("ap_clerk")
    clerk.headers["If-Match"] = '"1"'
    assert clerk.post(f"/v1/cases/{other.case_id}/claim").status_code == 200
    clerk.headers["If-Match"] = '"2"'
    ended = clerk.post(f"/v1/cases/{other.case_id}/resolve", json={"resolution": "reject", "reason_code": "not_ours"})
    assert ended.status_code in {200, 422}, ended.text
    fresh(desk)
    left = 357 if ended.status_code == 200 else 595
    assert value(scraped(reader), "money_waiting", queue="ap", currency="EUR") == left


def test_money_that_an_older_node_did_not_keep_is_counted_again(desk: Desk) -> None:
    desk.held()
    with desk.services.db.write() as session:
        session.run(text("DELETE FROM case_money"))
        assert case_rows.is_money_behind(session)
    Worker(desk.services, "node-2").run(once=True)
    fresh(desk)
    assert value(scraped(desk.key("metrics")), "money_waiting", queue="ap", currency="EUR") == 357


def test_it_says_what_waits_how_old_it_is_and_who_works(desk: Desk) -> None:
    desk.house.take_in()
    desk.house.take_in()
    desk.house.lease("gone")
    desk.house.later(10)
    fresh(desk)
    series = scraped(desk.key("metrics"))
    assert value(series, "papers_waiting") == 2
    assert value(series, "paper_oldest_seconds") == 600
    assert (value(series, "leases"), value(series, "leases_run_out")) == (1, 1)
    assert value(series, "lease_silence_seconds") == 570
    assert value(series, "workers_alive") == 0
    assert value(series, "database_up") == 1


def test_a_worker_is_seen_while_it_lives_missed_when_it_was_killed_and_not_when_it_ended(desk: Desk) -> None:
    worker = Worker(desk.services, "node-1")
    worker._beating.go_on()
    fresh(desk)
    reader = desk.key("metrics")
    assert value(scraped(reader), "workers_alive") == 1
    desk.house.later(2)
    series = scraped(reader)
    assert (value(series, "workers_alive"), value(series, "workers_lost")) == (0, 1)
    assert value(series, "worker_silence_seconds", node="node-1") == 120
    worker.run(once=True)
    series = scraped(reader)
    assert (value(series, "workers_alive"), value(series, "workers_lost")) == (0, 0)


def test_feeds_promises_policy_and_audit_are_told(desk: Desk) -> None:
    desk.house.later(60 * 24 * 3)
    fresh(desk)
    series = scraped(desk.key("metrics"))
    assert value(series, "feed_age_seconds", feed="purchase_orders") == timedelta(days=3).total_seconds()
    assert value(series, "feed_late", feed="purchase_orders") == 1
    assert value(series, "promise_tolerated_ratio", kind="invoice") > 0
    assert value(series, "audit_damaged") == 0
    assert any(name == "clearhold_policy_info" and ("version", "1") in labels for name, labels in series)


def test_flow_and_hold_rate_are_those_of_the_insights(past: Desk) -> None:
    reader = past.key("metrics", "cases:read")
    today = past.services.clock.now().date()
    days = {"from": str(today - timedelta(days=6)), "to": str(today)}
    told = reader.get("/v1/insights/touchless", params=days).json()["totals"]
    series = scraped(reader)
    assert value(series, "papers_decided_week") == told["decided"] > 0
    assert value(series, "hold_ratio") == pytest.approx(1 - told["first_pass_yield"])
    assert value(series, "touchless_ratio") == pytest.approx(told["touchless_rate"])


def test_requests_are_counted_by_the_template_of_their_route(desk: Desk) -> None:
    reader = desk.key("metrics", "cases:read")
    for number in range(3):
        assert reader.get(f"/v1/cases/case_{number}").status_code == 404
    reader.get("/nowhere/at/all")
    reader.request("BREW", "/nowhere")
    series = scraped(reader)
    assert value(series, "request_seconds_count", method="GET", route="/v1/cases/{case_id}", status="4xx") == 3
    assert value(series, "request_seconds_count", method="GET", route="none", status="4xx") == 1
    assert value(series, "request_seconds_count", method="other", route="none", status="4xx") == 1
    assert not any("nowhere" in str(labels) for _, labels in series)


class Away:
    """A database whose server is gone."""

    def read(self) -> Any:
        raise UnavailableError("DB-UNAVAILABLE", "The database cannot be reached.", "Wait.")


def test_without_its_database_the_service_still_says_so(desk: Desk) -> None:
    settings = Settings(home=desk.services.settings.home, metrics_access="open")
    desk.services.settings, desk.services.db = settings, cast(Database, Away())
    series = scraped(desk.stranger())
    assert value(series, "database_up") == 0
    assert ("clearhold_papers_waiting", frozenset()) not in series
    assert value(series, "requests_under_way") == 1


def test_a_scrape_reads_the_house_once_in_so_many_seconds(desk: Desk) -> None:
    reader = desk.key("metrics")
    watch = desk.app.state.watch
    watch.house = HouseWatch(desk.services, every=60)
    scraped(reader)
    first = watch.house.house()
    scraped(reader)
    assert watch.house.house() is first


def test_measuring_a_request_costs_some_microseconds() -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def nothing(*_: Any) -> None: ...

    async def seconds(app: Any, times: int) -> float:
        started = time.perf_counter()
        for _ in range(times):
            await app({"type": "http", "method": "GET", "path": "/v1/x"}, nothing, nothing)
        return (time.perf_counter() - started) / times

    metered = Metered(answer, RequestMeter(CollectorRegistry()))
    best = min(run_apart(seconds(metered, 300)) - run_apart(seconds(answer, 300)) for _ in range(5))
    assert best < 100e-6


def test_money_sums_are_exact(desk: Desk) -> None:
    """Ten thousand times a tenth of a cent is ten, and nothing else."""
    with desk.services.db.write() as session:
        session.run(insert(case_money).values(queue="q", currency="CHF", cases=1, total=100_000, at_risk=1))
        from triage import case_money as money

        found = {one.currency: one for one in money.waiting(session)}["CHF"]
    assert (found.total, found.at_risk) == (Decimal(10), Decimal("0.0001"))
