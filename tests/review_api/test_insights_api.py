"""Every figure over HTTP against plain SQL over the same database, narrowed, as CSV, on its page and in a terminal."""

import csv
import io
import json
import warnings
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from review_api.cli.main import main
from tests.review_api.conftest import NOW, Desk
from tests.review_api.insights_oracle import Oracle, clopper_pearson, monday

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PERIOD = {"from": "2026-10-26", "to": "2026-11-23"}


def asked(client: TestClient, name: str, **more: str) -> dict[str, Any]:
    answer = client.get(f"/v1/insights/{name}", params=PERIOD | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_touchless_and_first_pass_are_what_the_papers_say(reading: TestClient, oracle: Oracle) -> None:
    told, papers = asked(reading, "touchless"), oracle.papers()
    for row in told["rows"]:
        week = papers[date.fromisoformat(row["week"])]
        assert {name: row[name] for name in ("decided", "first_pass", "touchless", "waiting")} == {
            name: week[name] for name in ("decided", "first_pass", "touchless", "waiting")
        }
    totals = told["totals"]
    assert totals["decided"] == sum(week["decided"] for week in papers.values()) > 0
    assert totals["touchless_rate"] == sum(week["touchless"] for week in papers.values()) / totals["decided"]
    assert 0 < totals["touchless"] <= totals["first_pass"] < totals["decided"]


def test_exceptions_by_code_supplier_and_week_are_the_cases_opened(reading: TestClient, oracle: Oracle) -> None:
    assert {row["code"]: row["cases"] for row in asked(reading, "exceptions-by-code")["rows"]} == oracle.codes()
    suppliers = asked(reading, "exceptions-by-supplier")
    assert {row["supplier"]: row["cases"] for row in suppliers["rows"]} == oracle.by_supplier()
    weeks = asked(reading, "exceptions-by-week")["rows"]
    assert sum(row["ended"] for row in weeks) == len(oracle.ended())
    sites = asked(reading, "exceptions-by-site")
    assert {row["site"] for row in sites["rows"]} == {"DC-1", "ST-2"}
    assert sites["totals"] == suppliers["totals"]


def test_backlog_is_what_is_open_and_was_at_the_end_of_each_week(reading: TestClient, oracle: Oracle) -> None:
    ages = asked(reading, "backlog")
    open_now = oracle.all("SELECT opened_at, due_at, priority FROM cases WHERE state <> 'resolved'")
    days = [(NOW.date() - datetime.fromisoformat(case["opened_at"]).date()).days for case in open_now]
    bounds = [(0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, 10_000)]
    assert [row["cases"] for row in ages["rows"]] == [sum(low <= day < high for day in days) for low, high in bounds]
    assert float(ages["totals"]["expected_loss"]) == sum(case["priority"] for case in open_now) / 10_000
    for row in asked(reading, "backlog-by-week")["rows"]:
        end = min(date.fromisoformat(row["week"]) + timedelta(days=6), date(2026, 11, 23))
        assert row["open_at_end"] == oracle.open_at(end)


def test_time_by_step_is_what_the_audit_tells(reading: TestClient, oracle: Oracle) -> None:
    steps = oracle.steps()
    assert len(steps) == 4
    for row in asked(reading, "cycle-time")["rows"]:
        seconds = sorted(steps[row["step"]])
        assert (row["count"], row["total_seconds"]) == (len(seconds), sum(seconds))
        assert row["mean_seconds"] == pytest.approx(sum(seconds) / len(seconds))
        assert _words_to_seconds(row["half_within"]) >= seconds[(len(seconds) - 1) // 2]


def test_touches_are_acts_of_people(reading: TestClient, oracle: Oracle) -> None:
    told, touches = asked(reading, "touches"), oracle.touches()
    assert told["totals"] == {"cases": len(touches), "mean_touches": sum(touches) / len(touches)}
    assert [row["cases"] for row in told["rows"][:5]] == [touches.count(number) for number in range(5)]


def test_overrides_stand_with_their_interval(reading: TestClient, oracle: Oracle) -> None:
    decided, over = oracle.overridden()
    totals = asked(reading, "overrides")["totals"]
    assert (totals["decided"], totals["overridden"], totals["over_block"]) == (decided, over, 4)
    assert (totals["low"], totals["high"]) == pytest.approx(clopper_pearson(over, decided))


def test_money_is_its_counts_times_what_is_assumed(reading: TestClient, oracle: Oracle) -> None:
    assumed = {"minutes_by_hand": "12", "hourly_cost": "50", "hold_pct": "40", "block_pct": "100"}
    saved, blocked, held, missed = asked(reading, "money", **assumed)["rows"]
    untouched = sum(week["touchless"] for week in oracle.papers().values())
    assert (saved["count"], float(saved["hours"]), float(saved["amount"])) == (untouched, untouched / 5, untouched * 10)
    at_risk = oracle.rejected_at_risk()
    assert float(held["amount"]) == pytest.approx(at_risk["hold"] * 0.4)
    assert float(blocked["amount"]) == pytest.approx(at_risk.get("block", 0))
    assert float(missed["amount"]) < 0


def test_a_discount_is_missed_by_who_waits_too_long(reading: TestClient, oracle: Oracle) -> None:
    rows = oracle.all(
        "SELECT d.received_at, f.decided_at, max(c.resolved_at) AS done, c.resolution, count(c.case_id) AS cases, "
        "sum(c.state <> 'resolved') AS waiting, k.issue_date, k.total_with_vat, e.text, "
        "json_extract(e.json, '$.fields.payment_terms.value') AS terms FROM documents d "
        "JOIN decisions f ON f.document_id = d.document_id AND f.run = 1 JOIN known_invoices k USING (document_id) "
        "JOIN extractions e ON e.document_id = d.document_id AND e.version = 1 "
        "LEFT JOIN cases c ON c.document_id = d.document_id GROUP BY d.document_id"
    )
    missed, worth, still = 0, 0.0, 0
    for row in rows:
        offer = {"2": (0.02, 10), "3": (0.03, 5)}.get((row["terms"] or " ")[0])
        if offer is None:
            continue
        last = date.fromisoformat(row["issue_date"]) + timedelta(days=offer[1])
        if row["waiting"]:
            still += 1
        elif row["resolution"] != "reject" and datetime.fromisoformat(row["done"] or row["decided_at"]).date() > last:
            missed += 1
            worth += float(row["total_with_vat"]) * offer[0]
    (euro,) = asked(reading, "late-discounts")["rows"]
    assert (euro["missed"], euro["open"] + euro["lapsed"]) == (missed, still)
    assert float(euro["missed_amount"]) == pytest.approx(worth)
    assert missed > 0


def test_what_is_narrowed_adds_up_to_the_whole(reading: TestClient) -> None:
    whole = asked(reading, "touchless")["totals"]["decided"]
    for by, values in (("site", ("DC-1", "ST-2")), ("legal_entity", ("DE01", "FR01")), ("supplier", ("S-1", "S-2"))):
        assert sum(asked(reading, "touchless", **{by: value})["totals"]["decided"] for value in values) == whole
    both = [
        asked(reading, "touchless", supplier=supplier, site=site)["totals"]["decided"]
        for supplier in ("S-1", "S-2")
        for site in ("DC-1", "ST-2")
    ]
    assert sum(both) == whole
    assert asked(reading, "exceptions-by-supplier", site="ST-2")["totals"]["cases"] == sum(
        row["cases"] for row in asked(reading, "exceptions-by-site")["rows"] if row["site"] == "ST-2"
    )
    assert asked(reading, "touchless", kind="shipment")["totals"]["decided"] == 0


def test_beside_a_period_stands_the_one_before(reading: TestClient) -> None:
    second = {"from": "2026-11-02", "to": "2026-11-08"}
    before = asked(reading, "touchless", **{"from": "2026-10-26", "to": "2026-11-01"})["totals"]
    assert asked(reading, "touchless", **second)["before"] == before


def test_every_table_comes_as_csv(reading: TestClient) -> None:
    names = reading.get("/v1/insights").json()["names"]
    for name in sorted(set(names) - {"promise"}):
        answer = reading.get(f"/v1/insights/{name}", params=PERIOD | {"format": "csv"})
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        if name not in {"models", "promise"}:
            told = asked(reading, name)
            assert len(rows) == len(told["rows"])
            assert answer.text.splitlines()[0] == ",".join(column["name"] for column in told["columns"])


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("touchless", {"from": "2026-11-02", "to": "2026-11-01"}, "INSIGHTS-PERIOD"),
        ("touchless", {"kind": "letters"}, "INSIGHTS-KIND"),
        ("rates", {}, "INSIGHTS-NAME"),
        ("money", {"hold_pct": "101"}, "INSIGHTS-ASSUMPTION"),
        ("money", {"hourly_cost": "-1"}, "INSIGHTS-ASSUMPTION"),
    ],
)
def test_what_cannot_be_shown_is_refused(reading: TestClient, name: str, query: dict[str, str], code: str) -> None:
    assert reading.get(f"/v1/insights/{name}", params=query).json()["code"] == code


def test_the_page_shows_every_figure_its_chart_and_what_changed(past: Desk) -> None:
    client = past.client("auditor")
    page = client.get("/insights", params=PERIOD | {"site": "DC-1", "hourly_cost": "50"}).text
    for name in ("touchless", "backlog", "exceptions-by-code", "cycle-time", "money", "overrides", "feeds"):
        assert f'<section id="{name}"' in page
    assert page.count('<svg class="chart"') >= 8
    assert page.count('role="img"') == page.count("<desc ") == page.count('<svg class="chart"')
    assert 'href="/?code=MATCH-QUANTITY"' in page
    assert 'name="hourly_cost" inputmode="decimal" size="5" value="50"' in page
    assert "policy 1" in client.get("/insights", params=PERIOD | {"to": "2026-11-23"}).text
    assert "style=" not in page.partition("<main")[2]


def test_the_terminal_prints_them_all(
    past: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARHOLD_HOME", str(past.services.settings.home))
    span = ["--from", "2026-10-26", "--to", "2026-11-23"]
    assert main(["insights", *span]) == 0
    printed = capsys.readouterr().out
    assert "Touchless rate and first-pass yield" in printed
    assert "MATCH-QUANTITY" in printed
    assert main(["insights", "touchless", "--json", *span]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["figures"][0]["name"] == "touchless"
    assert monday(date.fromisoformat(told["figures"][0]["scope"]["since"])) == date(2026, 10, 26)


def _words_to_seconds(words: str) -> float:
    if words.startswith("more"):
        return float("inf")
    number, unit = words.split()
    units = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
    return int(number) * units[unit.rstrip("s")]
