"""Who gets which event when: order per subject, leases, waits, pauses, dead letters, in both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.clock import FixedClock
from core.database import Database, WriteSession
from core.errors import ConflictError
from triage import backoff, deliveries, outbox, webhooks
from triage.deliveries import Delivery, Failure
from triage.webhooks import Endpoint

DOWN = Failure(words="Connection refused.")


@dataclass(slots=True, kw_only=True)
class Telling:
    """A database with one endpoint, and short ways to make and try events."""

    db: Database
    clock: FixedClock
    endpoint: Endpoint

    def do(self, step: Callable[[WriteSession, datetime], Any]) -> Any:
        with self.db.write() as session:
            return step(session, self.clock.now())

    def happens(self, *subjects: str, held_until: datetime | None = None) -> None:
        with self.db.write() as session:
            for subject in subjects:
                outbox.put(session, "case.opened", subject, {}, self.clock.now(), held_until=held_until)

    def claim(self, most: int = 10) -> tuple[Delivery, ...]:
        self.do(deliveries.hand_out)
        found: tuple[Delivery, ...] = self.do(lambda s, at: deliveries.claim(s, self.endpoint.endpoint_id, at, most))
        return found

    def fail(self, one: Delivery, failure: Failure = DOWN, chance: float = 0.5) -> str:
        state: str = self.do(lambda s, at: deliveries.failed(s, one, failure, at, chance))
        return state

    def succeed(self, one: Delivery) -> None:
        self.do(lambda s, at: deliveries.succeeded(s, one, 204, at))

    def later(self, span: timedelta) -> None:
        self.clock.instant += span

    def now(self) -> Endpoint:
        with self.db.read() as session:
            return webhooks.get(session, self.endpoint.endpoint_id)

    def backlog(self) -> deliveries.Backlog:
        with self.db.read() as session:
            return deliveries.webhook_backlog(session, self.clock.now())


@pytest.fixture
def telling(either_database: Database, clock: FixedClock) -> Telling:
    with either_database.write() as session:
        endpoint = webhooks.add(
            session, url="https://x", event_types=["case.opened"], secret="sealed", at=clock.now(), actor="user:a"
        )
    return Telling(db=either_database, clock=clock, endpoint=endpoint)


def subjects(found: tuple[Delivery, ...]) -> list[str]:
    return [one.event.subject for one in found]


def test_a_later_event_of_a_subject_waits_for_the_earlier_one_and_others_go_on(telling: Telling) -> None:
    telling.happens("a", "a", "b")
    first = telling.claim()
    assert subjects(first) == ["a", "b"]
    assert telling.claim() == ()
    telling.fail(first[0])
    telling.succeed(first[1])
    telling.happens("b")
    assert subjects(telling.claim()) == ["b"]
    telling.later(backoff.FIRST)
    again = telling.claim()
    assert [one.event.event_id for one in again] == [first[0].event.event_id]
    telling.succeed(again[0])
    assert subjects(telling.claim()) == ["a"]


def test_what_was_sent_and_not_marked_is_sent_again_when_the_lease_is_over(telling: Telling) -> None:
    telling.happens("a")
    first = telling.claim()[0]
    assert telling.claim() == ()
    telling.later(deliveries.LEASE)
    second = telling.claim()[0]
    assert (second.event.event_id, second.attempts) == (first.event.event_id, 2)
    telling.fail(first)
    assert telling.now().failures == 1
    telling.succeed(second)
    assert telling.backlog() == deliveries.Backlog(waiting=0, oldest_seconds=None, dead=0)


def test_an_end_that_may_be_taken_back_holds_what_comes_after_it(telling: Telling) -> None:
    telling.happens("a", held_until=telling.clock.now() + timedelta(minutes=15))
    telling.happens("a", "b")
    first = telling.claim()
    assert subjects(first) == ["b"]
    telling.succeed(first[0])
    telling.later(timedelta(minutes=15))
    assert telling.backlog().waiting == 2
    assert subjects(telling.claim()) == ["a"]


def test_it_is_dead_after_three_days_of_tries_and_can_be_sent_again(telling: Telling) -> None:
    telling.happens("a")
    tries, state = 0, deliveries.WAITING
    while state == deliveries.WAITING:
        one = telling.claim()[0]
        state, tries = telling.fail(one), tries + 1
        telling.later(backoff.LONGEST)
    assert tries >= backoff.LEAST_TRIES
    assert telling.backlog().dead == 1
    dead = telling.do(lambda s, at: deliveries.list_deliveries(s, one.endpoint_id, state=deliveries.DEAD))
    assert [one.failure for one in dead] == ["Connection refused."]
    assert telling.do(lambda s, at: deliveries.resend_dead(s, one.endpoint_id, at=at, actor="user:a")) == 1
    with pytest.raises(ConflictError, match="WEBHOOK-WAITS"):
        telling.do(lambda s, at: deliveries.resend(s, one.endpoint_id, one.delivery_id, at=at, actor="user:a"))
    again = telling.claim()[0]
    assert (again.event.event_id, again.attempts) == (one.event.event_id, 1)
    assert telling.fail(again) == deliveries.WAITING


def test_a_receiver_that_fails_at_everything_gets_one_try_at_a_time_and_all_at_once_when_it_is_back(
    telling: Telling,
) -> None:
    telling.happens(*(f"s{number}" for number in range(8)))
    for one in telling.claim(5):
        telling.fail(one, chance=1.0)
    assert telling.claim() == ()
    telling.later(timedelta(seconds=5))
    probe = telling.claim()
    assert len(probe) == 1
    assert telling.claim() == ()
    telling.succeed(probe[0])
    assert len(telling.claim()) == 7


def test_what_the_receiver_asks_for_is_kept_up_to_a_day(telling: Telling) -> None:
    telling.happens("a", "b")
    one = telling.claim(1)[0]
    telling.fail(one, Failure(words="429", status=429, asked=timedelta(minutes=10)), chance=0.0)
    telling.later(timedelta(minutes=9))
    assert telling.claim() == ()
    telling.later(timedelta(minutes=1))
    assert subjects(telling.claim()) == ["a", "b"]
    assert backoff.next_try(telling.clock.now(), 1, 0.0, timedelta(days=9)) - telling.clock.now() == timedelta(days=1)


def test_a_receiver_that_is_gone_is_disabled_and_what_waits_goes_when_it_is_enabled(telling: Telling) -> None:
    telling.happens("a", "b")
    telling.fail(telling.claim(1)[0], Failure(words="Gone", status=410, is_gone=True), chance=0.0)
    assert telling.now().disabled_why == "The receiver answered 410 Gone."
    telling.happens("c")
    assert telling.claim() == ()
    telling.do(lambda s, at: webhooks.enable(s, telling.endpoint.endpoint_id, at=at, actor="user:a"))
    assert subjects(telling.claim()) == ["a", "b"]


def test_waits_grow_from_seconds_to_six_hours() -> None:
    caps = [backoff.longest_wait(tries).total_seconds() for tries in (1, 2, 3, 4, 5, 6, 7, 8, 30)]
    assert caps == [10, 40, 160, 640, 2560, 10240, 21600, 21600, 21600]
