"""Has open cases decided again when a feed or the policy has changed: a few at a time, between the papers that come."""

import logging

from core.errors import UnavailableError
from core.pauses import Pause
from review_api.services import Services
from triage import redecide

AT_ONCE = 20
EVERY_SECONDS = 1.0
_log = logging.getLogger("clearhold.second_looks")


class SecondLooks:
    """The cases that wait to be looked at again. It keeps no state that another worker would need.

    Args:
        actor: as the audit names who decides.
    """

    def __init__(self, services: Services, actor: str) -> None:
        self._services = services
        self._actor = actor
        self._rest = Pause(EVERY_SECONDS)
        self._broken: set[tuple[str, str]] = set()
        self.changed = 0

    def go_on(self) -> bool:
        """Looks at the most urgent ones; True while there may be more. Asked again too soon, it does nothing."""
        if not self._rest.is_over:
            return False
        if self._some():
            return True
        self._rest.begin()
        return False

    def finish(self) -> None:
        """Looks at every one that waits."""
        while self._some():
            pass

    def _some(self) -> int:
        policy = self._services.policy
        with self._services.db.read() as session:
            waiting = redecide.waiting(session, policy, limit=AT_ONCE + len(self._broken))
        looked = 0
        for case_id in waiting[: AT_ONCE + len(self._broken)]:
            if (case_id, policy.hash) in self._broken:
                continue
            looked += 1
            try:
                look = redecide.look_again(self._services.db, case_id, policy, self._services.clock, actor=self._actor)
            except UnavailableError:
                raise
            except Exception:  # noqa: BLE001  one case must not stop the others; its person still has it
                _log.exception("second look broke case_id=%s", case_id)
                self._broken.add((case_id, policy.hash))
                continue
            if look is not None and look.changed:
                self.changed += 1
                _log.info("decided again case_id=%s outcome=%s", case_id, look.case.outcome.value)
        return looked
