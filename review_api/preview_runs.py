"""Makes previews in the background, so that nobody waits on a request, and tells how far each is."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from contextlib import suppress
from datetime import datetime
from typing import cast

from fastapi import Request

from core.errors import ClearholdError, UnavailableError
from review_api import policy_desk
from review_api.auth import Principal
from review_api.services import Services
from triage import policies, policy_runs
from triage.policy_rules import check_may_propose
from triage.policy_runs import PreviewRun

TELL_SECONDS = 0.5
AT_ONCE = 2


class PreviewRuns:
    """The previews this process makes. How far each is stands in the database, where every process sees it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stopped = threading.Event()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="preview")
        self._going: dict[str, Future[None]] = {}

    def start(
        self, principal: Principal, text: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> PreviewRun:
        """Begins to judge the papers of the past under a draft.

        Raises:
            InputError: `POLICY-INVALID`.
            ForbiddenError: `POLICY-ROLE`.
        """
        check_may_propose(principal.role or "")
        policies.checked(text)
        with self._services.db.write() as session:
            run, is_new = policy_runs.start(session, text, author=principal.name, at=self._services.clock.now())
        if is_new:
            self._going = {name: future for name, future in self._going.items() if not future.done()}
            self._going[run.run_id] = self._threads.submit(self._make, run.run_id, principal, text, since, until)
        return run

    def wait(self, run_id: str, seconds: float) -> None:
        """Waits for a run of this process, but not for long."""
        future = self._going.get(run_id)
        if future is not None:
            with suppress(NotYetError):
                future.result(timeout=seconds)

    def close(self) -> None:
        """Stops what is going on; whoever asked is told that it was interrupted."""
        self._stopped.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _make(
        self, run_id: str, principal: Principal, text: str, since: datetime | None, until: datetime | None
    ) -> None:
        told = 0.0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if self._stopped.is_set():
                raise UnavailableError("POLICY-PREVIEW-INTERRUPTED", "The program was stopped.", "Start it again.")
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                with self._services.db.write() as session:
                    policy_runs.advance(session, run_id, done=done, total=total, at=self._services.clock.now())

        try:
            made = policy_desk.preview(self._services, principal, text, since=since, until=until, progress=tell)
        except ClearholdError as error:
            self._fail(run_id, error)
        except Exception:
            self._fail(
                run_id,
                UnavailableError(
                    "INTERNAL", "The preview failed and should not have.", "Try again, or look into the log."
                ),
            )
            raise
        else:
            with self._services.db.write() as session:
                policy_runs.finish(session, run_id, made.preview_hash, at=self._services.clock.now())

    def _fail(self, run_id: str, error: ClearholdError) -> None:
        with self._services.db.write() as session:
            policy_runs.fail(session, run_id, error, at=self._services.clock.now())


def previews_of(request: Request) -> PreviewRuns:
    """The previews in the making of the running application."""
    return cast(PreviewRuns, request.app.state.previews)
