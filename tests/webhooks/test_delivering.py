"""A node tells programs: every event once per id and in order per subject, whatever dies, fails or is slow."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from review_api import webhooks
from review_api.delivering import Delivering
from review_api.webhook_sending import Message, Sending, send
from tests.webhooks.conftest import Site
from tests.webhooks.receiver import Receiver, after, receiving
from triage import backoff, deliveries
from triage.deliveries import Failure

pytestmark = pytest.mark.enable_socket


class _KilledError(BaseException):
    """The process is gone."""


@pytest.fixture
def slow() -> Iterator[Receiver]:
    with receiving() as found:
        found.answer = after(0.5)
        yield found


def test_a_receiver_that_is_down_for_a_day_gets_everything_once_and_in_order(site: Site) -> None:
    with receiving() as before:
        made = site.add(before)
        port = int(before.url.split(":")[2].split("/")[0])
        expected = site.happens("a", "b")
        site.deliver()
        assert sorted(before.ids()) == sorted(expected)
    happened: dict[str, list[str]] = defaultdict(list)
    for hour in range(24):
        for subject in ("a", "b", f"c{hour}"):
            happened[f"case:{subject}"] += site.happens(subject)
        site.deliver()
        site.later(timedelta(hours=1))
    waiting = webhooks.show(site.services, made.shown.endpoint.endpoint_id)
    assert (waiting.waiting, waiting.dead) == (72, 0)
    assert webhooks.backlog(site.services).oldest_seconds == timedelta(days=1).total_seconds()
    with receiving(port) as back:
        for _ in range(4):
            site.deliver()
            site.later(timedelta(hours=2))
        came: dict[str, list[str]] = defaultdict(list)
        for event in back.events:
            came[event["subject"]].append(event["id"])
        assert came == happened
        assert len(set(back.ids())) == len(back.ids()) == 72
    assert webhooks.backlog(site.services) == deliveries.Backlog(waiting=0, oldest_seconds=None, dead=0)


def test_what_was_sent_when_the_node_was_killed_is_sent_again_under_the_same_id(site: Site, receiver: Receiver) -> None:
    site.add(receiver)
    ids = site.happens("a", "a")

    def send_and_die(message: Message, at: datetime, how: Sending) -> int | Failure:
        send(message, at, how)
        raise _KilledError

    node = Delivering(site.services, send_and_die)
    with pytest.raises(_KilledError):
        node.finish()
    site.deliver()
    assert receiver.ids() == ids[:1]
    site.later(deliveries.LEASE)
    site.deliver()
    assert receiver.ids() == [ids[0], *ids]
    assert receiver.bodies[0] == receiver.bodies[1]


def test_a_slow_receiver_holds_up_no_other(site: Site, receiver: Receiver, slow: Receiver) -> None:
    site.add(slow)
    site.add(receiver)
    site.happens(*(f"c{number}" for number in range(12)))
    node = Delivering(site.services)
    node.go_on()
    until = time.monotonic() + 5
    while len(receiver.events) < 12 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(slow.events) <= 8
    node.stop()
    assert len(receiver.events) == 12


def test_one_event_that_is_never_taken_holds_up_its_subject_only_and_ends_among_the_dead(
    site: Site, receiver: Receiver
) -> None:
    made = site.add(receiver)
    receiver.answer = lambda event: (500 if event["id"] == bad else 204, {})
    bad, later, other = site.happens("a", "a", "b")
    site.deliver()
    taken = [event for event in receiver.ids() if event != bad]
    assert taken == [other]
    while webhooks.show(site.services, made.shown.endpoint.endpoint_id).dead == 0:
        site.later(backoff.LONGEST)
        site.deliver()
    site.later(timedelta(minutes=5))
    site.deliver()
    assert later in receiver.ids()
    receiver.answer = lambda event: (204, {})
    count = receiver.ids().count(bad)
    assert webhooks.resend_dead(site.services, "user:ada", made.shown.endpoint.endpoint_id) == 1
    site.deliver()
    assert receiver.ids().count(bad) == count + 1
    assert webhooks.backlog(site.services).dead == 0


def test_an_endpoint_gets_the_types_it_asked_for_and_a_test_whatever_they_are(site: Site, receiver: Receiver) -> None:
    made = site.add(receiver, "case.resolved")
    site.happens("a")
    webhooks.test(site.services, "user:ada", made.shown.endpoint.endpoint_id)
    site.deliver()
    assert [event["type"] for event in receiver.events] == ["webhook.test"]


def test_a_secret_whose_key_is_lost_fails_with_words_and_goes_when_it_is_changed(
    site: Site, receiver: Receiver
) -> None:
    made = site.add(receiver)
    endpoint_id = made.shown.endpoint.endpoint_id
    (site.services.settings.home / "secrets.key").unlink()
    site.happens("a")
    site.deliver()
    failure = webhooks.list_deliveries(site.services, endpoint_id)[0].failure or ""
    assert "SECRET-UNREADABLE" in failure
    webhooks.rotate(site.services, "user:ada", endpoint_id, hours=0)
    site.later(backoff.FIRST)
    site.deliver()
    assert len(receiver.events) == 1


def test_two_nodes_send_each_event_once(site: Site, receiver: Receiver) -> None:
    site.add(receiver)
    ids = site.happens(*(f"c{number % 5}" for number in range(20)))
    nodes = [Delivering(site.services) for _ in range(2)]
    threads = [threading.Thread(target=node.finish) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for node in nodes:
        node.stop()
    assert sorted(receiver.ids()) == sorted(ids)
    for subject in range(5):
        assert [one["id"] for one in receiver.events if one["subject"] == f"case:c{subject}"] == ids[subject::5]
