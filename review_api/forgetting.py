"""The worker's turn at what was kept for a day only: forgets answers to requests that had an `Idempotency-Key`."""

from core.pauses import Pause
from review_api import idempotency_rows
from review_api.services import Services

EVERY_SECONDS = 600.0


class Forgetting:
    """Forgets what is over, now and then."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pause = Pause(EVERY_SECONDS)

    def go_on(self) -> None:
        """Forgets what is older than a day; asked again too soon, it does nothing."""
        if not self._pause.is_over:
            return
        self._pause.begin()
        with self._services.db.write() as session:
            idempotency_rows.purge(session, self._services.clock.now())
