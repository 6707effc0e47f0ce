"""Delivers events beside the reading of papers: a thread of its own, so that no receiver holds anything else up.

All that counts stands in the database: a node that dies between sending and marking has it sent again.
"""

import logging
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from core import audit_log
from core.errors import ClearholdError, UnavailableError
from core.sealing import unseal
from review_api.services import Services
from review_api.webhook_sending import Message, Sending, send
from triage import deliveries, webhooks
from triage.deliveries import Delivery, Failure
from triage.events import cloud_event
from triage.webhooks import Endpoint

AT_ONCE = 4
AT_ONCE_IN_ALL = 64
IDLE_SECONDS = 0.5
WITHOUT_DATABASE_SECONDS = 5.0
STOP_SECONDS = 5.0
_log = logging.getLogger("clearhold.deliver")

Send = Callable[[Message, datetime, Sending], int | Failure]


class Delivering:
    """One node's share of telling other programs."""

    def __init__(self, services: Services, send_one: Send = send) -> None:
        settings = services.settings
        self._services = services
        self._send = send_one
        self._how = Sending(private=settings.webhook_private, seconds=settings.webhook_seconds)
        self._chance = random.Random().random  # noqa: S311  spreads tries, hides nothing
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._flying: dict[Future[int | Failure], Delivery] = {}

    def go_on(self) -> None:
        """Sees that the thread runs."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="deliver", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Tells what can be told now, here; what must be tried later is left to a later run."""
        while self.turn() or self._flying:
            pass

    def stop(self) -> None:
        """Ends it; what is on its way is waited for a little, and sent again by another node if it takes longer."""
        self._stopping.set()
        if self._thread is None:
            self._end()
            return
        self._thread.join(STOP_SECONDS + self._how.seconds)
        self._thread = None

    def turn(self) -> bool:
        """Marks what has come back, hands out, leases and sends; True when there was anything to do."""
        if self._flying:
            wait(self._flying, timeout=IDLE_SECONDS, return_when=FIRST_COMPLETED)
        ended = self._mark()
        begun = self._begin()
        return ended or begun

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                pause = 0.0
                try:
                    pause = 0.0 if self.turn() else IDLE_SECONDS
                except UnavailableError as error:
                    _log.warning("waiting code=%s", error.code)
                    pause = WITHOUT_DATABASE_SECONDS
                except Exception:  # noqa: BLE001  the thread must outlive whatever nobody foresaw
                    _log.exception("delivering broke")
                    pause = WITHOUT_DATABASE_SECONDS
                if pause and not self._flying:
                    self._stopping.wait(pause)
        finally:
            self._end()

    def _begin(self) -> bool:
        services = self._services
        at = services.clock.now()
        with services.db.read() as session:
            if not deliveries.is_anything_due(session, at):
                return False
            endpoints = [one for one in webhooks.list_endpoints(session) if one.disabled_at is None]
        busy = Counter(one.endpoint_id for one in self._flying.values())
        with services.db.write() as session:
            handed_out = deliveries.hand_out(session, at)
            leased = [
                (endpoint, one)
                for endpoint in endpoints
                if (free := min(AT_ONCE - busy[endpoint.endpoint_id], AT_ONCE_IN_ALL - busy.total())) > 0
                for one in deliveries.claim(session, endpoint.endpoint_id, at, free)
            ]
        for endpoint, one in leased:
            self._submit(endpoint, one, at)
        return bool(handed_out or leased)

    def _submit(self, endpoint: Endpoint, one: Delivery, at: datetime) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE_IN_ALL, thread_name_prefix="deliver")
        settings = self._services.settings
        try:
            message = Message(
                url=endpoint.url,
                event_id=one.event.event_id,
                body=cloud_event(one.event, settings.public_url or "urn:clearhold"),
                secrets=[unseal(settings.home, sealed) for sealed in endpoint.valid_secrets(at)],
            )
        except (ClearholdError, ValueError, KeyError) as error:
            code = error.code if isinstance(error, ClearholdError) else "WEBHOOK-EVENT"
            _log.warning("not sendable delivery=%s code=%s", one.delivery_id, code)
            words = error.message if isinstance(error, ClearholdError) else "The event has not the form of its type."
            unsent: Future[int | Failure] = Future()
            unsent.set_result(Failure(words=f"{words} [{code}]"))
            self._flying[unsent] = one
            return
        self._flying[self._pool.submit(self._send, message, at, self._how)] = one

    def _mark(self) -> bool:
        """Writes down what has come back, all in one transaction; it leaves the air only when that stands."""
        done = [future for future in self._flying if future.done()]
        if not done:
            return False
        # Endpoints in one order, so that nodes never wait for one another crosswise.
        done.sort(key=lambda future: self._flying[future].endpoint_id)
        at = self._services.clock.now()
        answers = [(self._flying[future], _answer(future)) for future in done]
        with self._services.db.write() as session:
            if any(isinstance(answer, Failure) and answer.is_gone for _, answer in answers):
                audit_log.lock_chain(session)
            for one, answer in answers:
                if isinstance(answer, int):
                    deliveries.succeeded(session, one, answer, at)
                    continue
                state = deliveries.failed(session, one, answer, at, self._chance())
                _log.info("failed delivery=%s try=%d state=%s", one.delivery_id, one.attempts, state)
        for future in done:
            del self._flying[future]
        return True

    def _end(self) -> None:
        if self._pool is None:
            return
        self._pool.shutdown(wait=False, cancel_futures=True)
        waiting = [future for future in self._flying if not future.cancelled()]
        wait(waiting, timeout=STOP_SECONDS)
        begun = [one for future, one in self._flying.items() if future.cancelled()]
        self._flying = {future: one for future, one in self._flying.items() if not future.cancelled()}
        try:
            with self._services.db.write() as session:
                deliveries.release(session, begun)
            self._mark()
        except UnavailableError as error:
            _log.warning("not given back code=%s", error.code)


def _answer(future: Future[int | Failure]) -> int | Failure:
    try:
        return future.result(timeout=0)
    except Exception:  # noqa: BLE001  one event must not stop the others; it is counted and tried again
        _log.exception("sending broke")
        return Failure(words="Sending broke here; the log says why.")
