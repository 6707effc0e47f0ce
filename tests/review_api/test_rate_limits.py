"""Who asks too often waits, by caller and class of address; who makes keys up waits with everybody at their address."""

import asyncio
import time
from pathlib import Path
from typing import Any

from core.settings import Settings
from review_api.rate_limits import Buckets, RateLimits
from tests.loops import run_apart


class Site:
    """The limits over an application that answers at once, or when it is let."""

    def __init__(self, **limits: int) -> None:
        self.now, self.status = 1_000.0, 200
        self.gate = asyncio.Event()
        self.gate.set()
        self.limits = RateLimits(
            self.answer, Settings(home=Path("none")).model_copy(update=limits), clock=lambda: self.now
        )

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        await self.gate.wait()
        if self.status == 200:
            scope.setdefault("state", {})["principal"] = "whoever has this key"
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def ask(self, key: str = "", path: str = "/v1/cases", method: str = "GET") -> tuple[int, dict[str, str]]:
        heard: list[Any] = []

        async def send(message: Any) -> None:
            heard.append(message)

        headers = [(b"authorization", f"Bearer {key}".encode())] if key else []
        scope = {"type": "http", "path": path, "method": method, "headers": headers, "client": ("10.0.0.1", 1)}
        await self.limits(scope, _nothing, send)
        return heard[0]["status"], {name.decode(): value.decode() for name, value in heard[0]["headers"]}


async def _nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_a_caller_over_its_limit_is_told_how_long_to_wait_and_others_are_not() -> None:
    async def run() -> None:
        site = Site(rate_read=12, rate_write=60)
        await site.ask("a")
        await site.ask("b")  # both are known now
        told = [await site.ask("a") for _ in range(3)]
        assert [status for status, _ in told] == [200, 200, 429]
        assert told[0][1]["ratelimit-policy"] == '"read";q=2;w=10'
        assert [headers["ratelimit"] for _, headers in told] == ['"read";r=1;t=5', '"read";r=0;t=10', '"read";r=0;t=5']
        assert told[2][1]["retry-after"] == "5"
        assert (await site.ask("b"))[0] == 200
        assert (await site.ask("a", method="POST"))[0] == 200
        site.now += 5
        assert [(await site.ask("a"))[0] for _ in range(2)] == [200, 429]

    run_apart(run())


def test_made_up_keys_draw_from_their_address_and_known_ones_do_not_suffer() -> None:
    async def run() -> None:
        site = Site(rate_strangers=60)
        assert (await site.ask("good"))[0] == 200
        site.status = 401
        made_up = [(await site.ask(f"made-up-{number}"))[0] for number in range(12)]
        assert made_up == [401] * 9 + [429] * 3
        site.status = 200
        assert (await site.ask("good"))[0] == 200
        site.status = 401
        await site.ask("good")  # ended meanwhile
        assert (await site.ask("good"))[0] == 429

    run_apart(run())


def test_an_answer_that_nobody_was_asked_for_proves_no_key() -> None:
    async def run() -> None:
        site = Site(rate_strangers=12)
        site.status = 404
        assert [(await site.ask(f"made-up-{number}", path="/v1/no"))[0] for number in range(3)] == [404, 404, 429]

    run_apart(run())


def test_what_is_too_much_at_once_is_refused_at_once_and_afterwards_all_goes_on() -> None:
    async def run() -> None:
        site = Site(most_at_once=2)
        site.gate.clear()
        waiting = [asyncio.create_task(site.ask("a")) for _ in range(2)]
        await asyncio.sleep(0)
        status, headers = await site.ask("a")
        assert (status, headers["retry-after"]) == (503, "1")
        site.gate.set()
        assert [(await one)[0] for one in waiting] == [200, 200]
        assert (await site.ask("a"))[0] == 200

    run_apart(run())


def test_no_limit_is_none_and_pages_and_health_have_none() -> None:
    async def run() -> None:
        site = Site(rate_read=0, rate_strangers=0)
        status, headers = await site.ask("a")
        assert (status, "ratelimit" in headers) == (200, False)
        strict = Site(rate_strangers=1)
        assert [(await strict.ask(path="/readyz"))[0] for _ in range(3)] == [200, 200, 200]

    run_apart(run())


def test_taking_from_a_bucket_costs_some_microseconds() -> None:
    buckets = Buckets("read", 6_000)
    started = time.perf_counter()
    for number in range(10_000):
        buckets.take(number % 100, number / 1_000)
    assert (time.perf_counter() - started) / 10_000 < 0.000_1
