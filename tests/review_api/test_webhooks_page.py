"""The administrators' page about webhooks: how they do, dead letters sent again, on and off; without scripts."""

import re
from datetime import timedelta
from typing import Any

from review_api import webhooks
from tests.review_api.conftest import Desk
from triage import deliveries, outbox
from triage.deliveries import Failure

URL = "https://orchestration.example/hook"


def form(client: Any, path: str, **values: Any) -> Any:
    return client.post(path, data={"csrf": client.headers["X-CSRF-Token"], **values})


def given_up(desk: Desk, *subjects: str) -> str:
    """An endpoint that took nothing of these cases for more than three days; its id."""
    services = desk.services
    endpoint_id = webhooks.add(services, "user:ada", url=URL).shown.endpoint.endpoint_id
    facts = {"document_id": "doc_1", "kind": "invoice", "queue": "ap", "outcome": "hold", "codes": []}
    with services.db.write() as session:
        for subject in subjects:
            outbox.put(session, "case.opened", subject, {**facts, "case_id": subject}, services.clock.now())
        deliveries.hand_out(session, services.clock.now())
    for _ in range(12 * len(subjects)):
        desk.house.later(minutes=7 * 60)
        with services.db.write() as session:
            for one in deliveries.claim(session, endpoint_id, services.clock.now(), 9):
                why = Failure(words="It answered <503>.", status=503)
                deliveries.failed(session, one, why, services.clock.now(), 0.0)
    assert webhooks.show(services, endpoint_id).dead == len(subjects)
    return endpoint_id


def test_dead_letters_are_shown_and_sent_again_one_or_all(desk: Desk) -> None:
    endpoint_id = given_up(desk, "case:one", "case:two", "case:three")
    admin = desk.client("admin", "olga")
    shown = admin.get("/webhooks").text
    assert all(f"case:{name}" in shown for name in ("one", "two", "three"))
    assert URL in shown and "It answered &lt;503&gt;." in shown and "Send all 3 again" in shown
    letters = re.findall(r'name="delivery" value="(del_\w+)"', shown)
    assert len(letters) == 3
    sent = form(admin, f"/webhooks/{endpoint_id}", delivery=letters[0])
    assert (sent.status_code, sent.headers["location"]) == (303, "/webhooks?told=resend")
    assert len(re.findall('name="delivery"', admin.get("/webhooks?told=resend").text)) == 2
    again = form(admin, f"/webhooks/{endpoint_id}", delivery=letters[0])
    assert again.status_code == 409 and "WEBHOOK-WAITS" in again.text
    assert form(admin, f"/webhooks/{endpoint_id}", act="resend").status_code == 303
    after = webhooks.show(desk.services, endpoint_id)
    assert (after.waiting, after.dead) == (3, 0)
    assert after.oldest_at is not None and desk.services.clock.now() - after.oldest_at > timedelta(days=3)
    assert "Dead letters" not in admin.get("/webhooks").text
    told = [entry for entry in admin.get("/v1/audit").json()["entries"] if entry["action"] == "webhook.resent"]
    assert [entry["actor"] for entry in told] == ["user:olga", "user:olga"]


def test_an_endpoint_is_added_with_its_secret_shown_once_and_switched_off_and_on(desk: Desk) -> None:
    admin = desk.client("admin", "olga")
    assert 'href="/webhooks"' in admin.get("/people").text
    assert "No other program is told of events." in admin.get("/webhooks").text
    made = form(admin, "/webhooks", url=URL, types=["case.opened"]).text
    assert re.search(r'value="whsec_[\w+/=]{44}"', made)
    assert "whsec_" not in admin.get("/webhooks").text
    [one] = webhooks.list_all(desk.services)
    where = f"/webhooks/{one.endpoint.endpoint_id}"
    assert one.endpoint.event_types == ("case.opened",)
    assert form(admin, where, act="disable").status_code == 303
    assert "Disabled by an administrator." in admin.get("/webhooks").text
    assert form(admin, where, act="enable").status_code == 303
    assert webhooks.show(desk.services, one.endpoint.endpoint_id).endpoint.disabled_at is None


def test_what_cannot_be_done_is_said_on_the_page_and_nothing_happens(desk: Desk) -> None:
    admin = desk.client("admin", "olga")
    refused = form(admin, "/webhooks", url="https://10.0.0.1/", types=["case.opened"])
    assert refused.status_code == 403 and "WEBHOOK-PRIVATE" in refused.text and "https://10.0.0.1/" in refused.text
    assert "WEBHOOK-TYPES" in form(admin, "/webhooks", url=URL).text
    assert form(admin, "/webhooks/wh_none", act="enable").status_code == 404
    assert "WEBHOOK-ACT" in form(admin, "/webhooks/wh_none").text
    assert webhooks.list_all(desk.services) == ()
