"""Works off what was received: leases a document, has it read in a limited child, decides it, and says so.

The loop keeps no state of its own. Killed at any moment, what it held is leased again after `lease_seconds`; what it
had decided is decided, because the decision and the end of the lease are one transaction.
"""

import logging
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from core.decisions import Decision
from core.documents import Extraction
from core.errors import ClearholdError, ConflictError, InputError, UnavailableError
from extraction.parts import Several
from extraction.pipeline import ReadOptions, read_documents
from ingest import documents
from ingest.containers import Part, UnpackLimits
from ingest.documents import Lease
from ingest.intake import receive_parts
from ingest.sniff import CONTAINER_TYPES
from review_api.audit_walk import AuditWalk
from review_api.beating import Beating
from review_api.coming_back import ComingBack
from review_api.container_reading import explain_container
from review_api.counting import Counting
from review_api.delivering import Delivering
from review_api.escalating import Escalating
from review_api.forgetting import Forgetting
from review_api.keeping.retention import DailyRetention
from review_api.learning import Lessons
from review_api.promising import Renewal
from review_api.second_looks import SecondLooks
from review_api.services import Services
from triage.run import decide_document

NOT_NOW = frozenset({"DB-UNAVAILABLE", "READER-UNAVAILABLE"})
FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 15.0
CHECKPOINT_SECONDS = 60.0
_log = logging.getLogger("clearhold.work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a run of the worker has done.

    Attributes:
        outcomes: decided documents by outcome.
        lost: documents another node had taken over when this one was ready.
        failed: attempts that broke and were left to a later one.
        given_up: documents that broke even after the last attempt, when they were not read any more.
        decided_again: open cases that a feed or another policy has changed or ended.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0
    lost: int = 0
    failed: int = 0
    given_up: int = 0
    decided_again: int = 0
    seconds: float = 0.0

    @property
    def decided(self) -> int:
        """How many documents were decided."""
        return sum(self.outcomes.values())


@dataclass(slots=True, kw_only=True)
class _InFlight:
    """A leased document on its way through the reader."""

    lease: Lease
    future: "Future[Extraction | Several]"
    started: float
    renewed: float


class Worker:
    """One node's worker.

    Args:
        node: a name of its own for each process; the audit names it.
        on_decided: called after each decision, for progress.
    """

    def __init__(
        self, services: Services, node: str | None = None, on_decided: Callable[[Decision], None] | None = None
    ) -> None:
        self._services = services
        self._node = node or f"{socket.gethostname()}-{os.getpid()}"
        self._on_decided = on_decided
        self._stopping = threading.Event()
        self._in_flight: list[_InFlight] = []
        self._outcomes: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._reading_seconds = 0.0
        self._given_up: set[str] = set()
        self._checkpointed: float | None = None
        self._lessons = Lessons(services, f"worker:{self._node}")
        self._second_looks = SecondLooks(services, f"worker:{self._node}")
        self._escalating = Escalating(services)
        self._forgetting = Forgetting(services)
        self._renewal = Renewal(services, f"worker:{self._node}")
        self._audit_walk = AuditWalk(services)
        self._coming_back = ComingBack(services, f"worker:{self._node}")
        self._counting = Counting(services)
        self._beating = Beating(services, self._node, self._said)
        self._delivering = Delivering(services)
        self._retention = DailyRetention(services, f"worker:{self._node}")

    def stop(self) -> None:
        """Asks the loop to end: nothing more is leased, what is nearly done is finished, the rest given back."""
        self._stopping.set()

    def run(self, once: bool = False) -> Work:
        """Works until it is stopped or, with `once`, until nothing is left to decide."""
        started = time.monotonic()
        backoff = FIRST_BACKOFF_SECONDS
        if not once:
            self._delivering.go_on()
        try:
            while not self._stopping.is_set():
                try:
                    self._beating.go_on()
                    self._renewal.go_on()
                    self._coming_back.go_on()
                    self._escalating.go_on()
                    self._forgetting.go_on()
                    self._counting.go_on()
                    if self._is_idle():
                        self._retention.go_on()
                        if once and self._is_drained():
                            self._second_looks.finish()
                            self._audit_walk.finish()
                            self._counting.finish()
                            self._delivering.finish()
                            break
                        self._stopping.wait(self._pause())
                    self._checkpoint(every=CHECKPOINT_SECONDS)
                    backoff = FIRST_BACKOFF_SECONDS
                except UnavailableError as error:
                    _log.warning("waiting code=%s seconds=%.1f", error.code, backoff)
                    self._stopping.wait(backoff)
                    backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
        finally:
            self._give_back()
            self._delivering.stop()
            self._checkpoint(every=0.0)
            self._beating.end()
        return self._work(started)

    def _is_idle(self) -> bool:
        """Leases what fits, decides what is read, renews what takes longer; True when there was nothing to do.

        What people have corrected is learnt first: the next paper of that supplier may be the next one leased.
        """
        if not self._lessons.go_on():
            self._fill()
        looking_again = self._second_looks.go_on()
        if not self._in_flight and not self._lessons.futures:
            return not (looking_again or self._audit_walk.go_on())
        futures: list[Future[Any]] = [*self._lessons.futures, *(item.future for item in self._in_flight)]
        ready, _ = wait(futures, timeout=self._pause(), return_when=FIRST_COMPLETED)
        for item in [item for item in self._in_flight if item.future in ready]:
            self._finish(item)
        self._renew()
        return False

    def _pause(self) -> float:
        return min(self._services.settings.lease_seconds / 3, 0.5)

    def _fill(self) -> None:
        """One more than there are readers, so that none waits while a decision is written."""
        settings = self._services.settings
        while len(self._in_flight) <= settings.workers and not self._stopping.is_set():
            with self._services.db.write() as session:
                lease = documents.lease(
                    session, node=self._node, at=self._services.clock.now(), lease_seconds=settings.lease_seconds
                )
            if lease is None:
                return
            now = time.monotonic()
            self._in_flight.append(_InFlight(lease=lease, future=self._read(lease), started=now, renewed=now))

    def _read(self, lease: Lease) -> "Future[Extraction | Several]":
        """Has the bytes read; what cannot even be tried is an answer too."""
        settings = self._services.settings
        failed: Future[Extraction | Several] = Future()
        if lease.attempts > settings.max_attempts:
            failed.set_exception(_too_many_attempts(lease.attempts - 1))
            return failed
        try:
            data = self._services.store.get(lease.document.sha256)
        except ClearholdError as error:
            failed.set_exception(error)
            return failed
        options = replace(
            ReadOptions.from_settings(settings, lease.document, self._services.knowledge), keep_words=True
        )
        if lease.document.media_type in CONTAINER_TYPES:
            limits = UnpackLimits(
                max_bytes=settings.max_bytes,
                max_files=settings.max_archive_files,
                max_ratio=settings.max_archive_ratio,
            )
            is_inside = lease.document.parent_id is not None
            opening: Future[Extraction | Several] = self._services.reader.submit(
                explain_container, data, options, limits, is_inside
            )
            return opening
        reading = self._services.reader.submit(read_documents, data, options)
        schema = self._services.schema
        return reading if schema is None else schema.checked(reading, data, options)

    def _finish(self, item: _InFlight) -> None:
        """Decides what was read. The item leaves the flight only when that stands, or can never."""
        result = _result(item.future)
        document_id = item.lease.document.document_id
        if result is None or (isinstance(result, ClearholdError) and result.code in NOT_NOW):
            self._leave(item, "failed")
            return
        decision = None
        try:
            if isinstance(result, Several):
                self._take_apart(item.lease, result)
            else:
                decision = decide_document(
                    self._services.db,
                    item.lease,
                    result,
                    self._services.policy,
                    self._services.clock,
                    risk=self._services.risk,
                    ask_team=self._services.ask_team,
                )
        except ConflictError as error:
            _log.info("lost document_id=%s code=%s", document_id, error.code)
            self._leave(item, "lost")
            return
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  one paper must not stop the others; it is counted and tried again
            _log.exception("failed document_id=%s attempt=%d", document_id, item.lease.attempts)
            self._leave(item, "failed")
            return
        self._in_flight.remove(item)
        if decision is None:
            return
        if isinstance(result, Extraction) and result.words:
            self._keep_words(item.lease, result)
        self._outcomes[decision.outcome.value] += 1
        self._counts["unreadable"] += isinstance(result, ClearholdError)
        self._counts["poison"] += isinstance(result, ClearholdError) and result.code == "DOC-ATTEMPTS"
        seconds = time.monotonic() - item.started
        self._reading_seconds += seconds
        _log.info("decided document_id=%s outcome=%s seconds=%.3f", document_id, decision.outcome.value, seconds)
        if self._on_decided is not None:
            self._on_decided(decision)

    def _keep_words(self, lease: Lease, extraction: Extraction) -> None:
        """For who looks at the paper here; without them it is read again when somebody does."""
        from review_api.page_words import keep_words

        with suppress(OSError):
            keep_words(self._services.pages, lease.document.sha256, extraction.words)

    def _take_apart(self, lease: Lease, several: Several) -> None:
        """Receives the documents in a file, which then needs no decision of its own."""
        parts = tuple(Part(part.file_name(lease.document.file_name), part.data) for part in several.parts)
        services = self._services
        receive_parts(
            services.db, services.store, lease, parts, at=services.clock.now(), max_bytes=services.settings.max_bytes
        )
        _log.info("taken apart document_id=%s parts=%d", lease.document.document_id, len(parts))

    def _renew(self) -> None:
        """Says for every document in flight that this node still lives; drops those another node has."""
        every = self._services.settings.lease_seconds / 3
        now = time.monotonic()
        for item in [item for item in self._in_flight if now - item.renewed >= every]:
            with self._services.db.write() as session:
                held = documents.renew(session, item.lease, self._services.clock.now())
            item.renewed = now
            if not held:
                _log.info("lost document_id=%s", item.lease.document.document_id)
                self._leave(item, "lost")

    def _leave(self, item: _InFlight, why: str) -> None:
        """Stops working on a document; its lease runs out by itself and the next attempt is counted."""
        item.future.cancel()
        self._in_flight.remove(item)
        self._counts[why] += 1
        if why == "failed" and item.lease.attempts > self._services.settings.max_attempts:
            self._given_up.add(item.lease.document.document_id)

    def _is_drained(self) -> bool:
        with self._services.db.read() as session:
            return documents.pending_count(session) <= len(self._given_up)

    def _give_back(self) -> None:
        """Ends cleanly: what is read is decided, what is not goes back as if it had never been taken."""
        self._lessons.give_up()
        for item in list(self._in_flight):
            try:
                if item.future.done():
                    self._finish(item)
                else:
                    item.future.cancel()
                    self._in_flight.remove(item)
                    with self._services.db.write() as session:
                        documents.release(session, item.lease)
            except UnavailableError as error:
                _log.warning("not given back document_id=%s code=%s", item.lease.document.document_id, error.code)

    def _checkpoint(self, *, every: float) -> None:
        """Signs the audit log's head now and then; that it could not be kept stops no work."""
        now = time.monotonic()
        if self._checkpointed is not None and now - self._checkpointed < every:
            return
        self._checkpointed = now
        try:
            self._services.write_checkpoint()
        except (OSError, ValueError, ClearholdError) as error:
            _log.warning("no checkpoint written: %s", error)

    def _said(self) -> dict[str, Any]:
        """What its heartbeat tells: the counts of this run."""
        counts = {name: self._counts[name] for name in ("failed", "lost", "unreadable", "poison")}
        return counts | {
            "outcomes": dict(self._outcomes),
            "given_up": len(self._given_up),
            "reading_seconds": f"{self._reading_seconds:.3f}",
        }

    def _work(self, started: float) -> Work:
        return Work(
            outcomes=dict(self._outcomes),
            unreadable=self._counts["unreadable"],
            lost=self._counts["lost"],
            failed=self._counts["failed"],
            given_up=len(self._given_up),
            decided_again=self._second_looks.changed,
            seconds=time.monotonic() - started,
        )


def _result(future: "Future[Extraction | Several]") -> Extraction | Several | ClearholdError | None:
    """What came of a reading; None when it broke in a way nobody foresaw."""
    try:
        return future.result(timeout=0)
    except ClearholdError as error:
        return error
    except Exception:  # noqa: BLE001  one paper must not stop the others; it is counted and tried again
        _log.exception("reading broke")
        return None


def _too_many_attempts(attempts: int) -> InputError:
    return InputError(
        "DOC-ATTEMPTS",
        f"Reading was begun {attempts} times and never came to an end.",
        "Read the paper yourself, or ask the sender for another file.",
    )
