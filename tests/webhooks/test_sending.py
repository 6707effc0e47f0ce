"""What goes over the wire: CloudEvents, signatures another library verifies, one address, no redirects, in time."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from core.errors import ForbiddenError, InputError
from review_api import webhooks
from review_api.webhook_addresses import addresses_of, checked_url, is_public
from review_api.webhook_sending import Message, Sending, retry_after, send
from tests.webhooks.conftest import Site
from tests.webhooks.receiver import Receiver, after
from triage.deliveries import Failure

pytestmark = pytest.mark.enable_socket
NOW = datetime.now(UTC)
SECRET = "whsec_" + "QUJD" * 8
OWN = Sending(private=True, seconds=2.0)


def message(url: str, **changed: Any) -> Message:
    return Message(**({"url": url, "event_id": "evt_1", "body": b"{}", "secrets": [SECRET]} | changed))


def test_another_library_verifies_what_arrives_and_refuses_what_was_changed(site: Site, receiver: Receiver) -> None:
    made = site.add(receiver)
    site.clock.instant = datetime.now(UTC)
    ids = site.happens("c1")
    site.deliver()
    [body], [headers] = receiver.bodies, receiver.headers
    assert Webhook(made.secret).verify(body.decode(), headers) == json.loads(body)
    assert (headers["webhook-id"], headers["content-type"]) == (ids[0], "application/cloudevents+json; charset=utf-8")
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(body.decode().replace("hold", "clear"), headers)


def test_an_event_is_a_cloud_event(site: Site, receiver: Receiver) -> None:
    site.add(receiver)
    ids = site.happens("c1")
    site.deliver()
    event = receiver.events[0]
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": ids[0],
        "source": "urn:clearhold",
        "type": "case.opened",
        "subject": "case:c1",
        "time": "2026-11-23T09:00:00.000000Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:clearhold:event:case.opened:1",
    }
    assert (data["case_id"], data["codes"]) == ("c1", ["SUP-BANK"])


def test_for_a_while_after_a_change_both_secrets_verify(site: Site, receiver: Receiver) -> None:
    first = site.add(receiver)
    site.clock.instant = datetime.now(UTC)
    second = webhooks.rotate(site.services, "user:ada", first.shown.endpoint.endpoint_id, hours=1)
    for hours, secrets in ((0, [first.secret, second.secret]), (2, [second.secret])):
        site.clock.instant = datetime.now(UTC) + timedelta(hours=hours)
        site.happens(f"c{hours}")
        site.deliver()
        signatures = receiver.headers[-1]["webhook-signature"].split(" ")
        body, event_id = receiver.bodies[-1].decode(), receiver.headers[-1]["webhook-id"]
        expected = {Webhook(secret).sign(event_id, site.clock.now(), body) for secret in secrets}
        assert set(signatures) == expected


def test_a_secret_is_never_kept_or_told_in_the_clear(site: Site, receiver: Receiver) -> None:
    made = site.add(receiver)
    with site.services.db.read() as session:
        from sqlalchemy import text

        rows = [
            *session.all(text("SELECT * FROM webhook_endpoints")),
            *session.all(text("SELECT * FROM audit_entries")),
        ]
    assert made.secret.removeprefix("whsec_") not in str([dict(row) for row in rows])
    assert made.secret not in repr(made)
    assert (site.services.settings.home / "secrets.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("status", "words"), [(500, "500."), (302, "302; redirects are not followed."), (410, "410.")])
def test_any_answer_but_2xx_is_a_failure_and_no_redirect_is_followed(
    receiver: Receiver, status: int, words: str
) -> None:
    receiver.answer = lambda _: (status, {"location": receiver.url, "retry-after": "120"})
    failure = send(message(receiver.url), NOW, OWN)
    assert isinstance(failure, Failure)
    assert failure.words == f"The receiver answered {words}"
    assert (failure.is_gone, failure.asked, len(receiver.events)) == (status == 410, timedelta(minutes=2), 1)


def test_a_receiver_that_takes_too_long_is_let_go(receiver: Receiver) -> None:
    receiver.answer = after(1.0)
    failure = send(message(receiver.url), NOW, Sending(private=True, seconds=0.2))
    assert failure == Failure(words="The receiver did not answer within 0.2 s.")


def test_the_name_is_resolved_each_time_and_what_was_checked_is_what_is_connected_to(receiver: Receiver) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    url = receiver.url.replace("127.0.0.1", "receiver.example")
    assert addresses_of("receiver.example", 443, private=False, resolve=resolve) == ["93.184.215.14"]
    with pytest.raises(ForbiddenError, match="WEBHOOK-PRIVATE"):
        addresses_of("receiver.example", 443, private=False, resolve=resolve)
    assert send(message(url), NOW, Sending(private=True, seconds=2.0, resolve=resolve)) == 204
    assert receiver.headers[0]["host"].startswith("receiver.example:")
    refused = send(message("https://receiver.example/"), NOW, Sending(resolve=resolve))
    assert isinstance(refused, Failure)
    assert "WEBHOOK-PRIVATE" in refused.words


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1"],
)  # fmt: skip
def test_no_address_of_an_own_network_is_public_however_it_is_wrapped(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_open_net_are_public() -> None:
    assert all(map(is_public, ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]))


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/", "https://", "https://u:p@x.example/", "https://x.example/#a", "http://x.example/",
     "https://x.example:99999/", "https://x .example/", "https://[::1/", "//x.example/", "https://x.example/\n"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="WEBHOOK-URL"):
        checked_url(url, private=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1:8443"])
def test_an_address_of_the_own_network_is_refused_when_it_is_added(host: str) -> None:
    with pytest.raises(ForbiddenError, match="WEBHOOK-PRIVATE"):
        checked_url(f"https://{host}/hook", private=False)


def test_retry_after_is_seconds_or_an_instant() -> None:
    at = NOW.replace(microsecond=0)
    assert retry_after("90", at) == timedelta(seconds=90)
    assert retry_after(format_datetime(at + timedelta(hours=1), usegmt=True), at) == timedelta(hours=1)
    assert retry_after("soon", at) is None
    assert retry_after(None, at) is None
