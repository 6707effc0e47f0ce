"""Has the audit chain verified while nothing else waits: some entries at a time, over and over again."""

import logging
from datetime import datetime, timedelta

from core import audit_rounds
from core.audit import Checkpoint
from core.checkpoints import read_checkpoints
from core.errors import InputError
from core.pauses import Pause
from review_api.services import Services

EVERY_SECONDS = 60.0
CHECKPOINTS_READ_EVERY = timedelta(hours=1)
_log = logging.getLogger("clearhold.audit_walk")


class AuditWalk:
    """One node's share of verifying the chain; what it has found stands in the database."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._rest = Pause(EVERY_SECONDS)
        self._points: tuple[Checkpoint, ...] = ()
        self._read_at: datetime | None = None

    def go_on(self) -> bool:
        """Verifies the next entries; True while there may be more. Asked again too soon after the end, it rests."""
        if not self._rest.is_over:
            return False
        if self._some():
            return True
        self._rest.begin()
        return False

    def finish(self) -> None:
        """Verifies the chain to its end."""
        while self._some():
            pass

    def _some(self) -> bool:
        at = self._services.clock.now()
        return audit_rounds.go_on(self._services.db, self._checkpoints(at), at=at)

    def _checkpoints(self, at: datetime) -> tuple[Checkpoint, ...]:
        """Signed heads, every signature tested; read anew now and then, for a long list takes a while."""
        if self._read_at is None or at - self._read_at >= CHECKPOINTS_READ_EVERY:
            try:
                self._points = read_checkpoints(self._services.settings.checkpoints())
            except InputError as error:
                _log.warning("checkpoints doubtful code=%s", error.code)
            self._read_at = at
        return self._points
