"""What the promises stand at, for API and terminal; and the worker's turn to derive thresholds anew."""

import logging
from typing import Any

from core.errors import ClearholdError, NotFoundError, UnavailableError
from core.pauses import Pause
from review_api.services import Services
from triage import promise_keeping, promise_report
from triage.promise_picture import curve_svg

RENEW_SECONDS = 300.0
_log = logging.getLogger("clearhold.promise")


def promises(services: Services) -> dict[str, Any]:
    """Every promise as one document."""
    with services.db.read() as session:
        return promise_report.as_json(*promise_report.reports(session, services.clock.now()))


def picture(services: Services, kind: str) -> str:
    """The curve of one kind of paper, as SVG.

    Raises:
        NotFoundError: `PROMISE-NO-CURVE` when too little of the kind was judged.
    """
    with services.db.read() as session:
        _, found = promise_report.reports(session, services.clock.now())
    version = next((report.version for report in found if report.kind == kind), None)
    if version is None or not version.curve:
        raise NotFoundError(
            "PROMISE-NO-CURVE",
            f"There is no curve for {kind!r} yet.",
            "Judge more papers of that kind, or name another.",
        )
    return curve_svg(version)


class Renewal:
    """The worker's turn: derives thresholds anew now and then; that it could not stops no work.

    Args:
        actor: as the audit names who derived them.
    """

    def __init__(self, services: Services, actor: str) -> None:
        self._services = services
        self._actor = actor
        self._pause = Pause(RENEW_SECONDS)

    def go_on(self) -> None:
        """Does it when it is time; a database that is away is the worker's to wait for."""
        if not self._pause.is_over:
            return
        self._pause.begin()
        try:
            found = promise_keeping.renew(self._services.db, at=self._services.clock.now(), by=self._actor)
        except UnavailableError:
            raise
        except ClearholdError as error:
            _log.warning("no thresholds derived code=%s", error.code)
            return
        for version in found:
            _log.info("thresholds kind=%s version=%d standing=%s", version.kind, version.version, version.standing)
