"""The worker's turn at the figures: counts what has happened, and works out now and then how the models do."""

import logging
from collections.abc import Callable

from core.errors import ClearholdError, UnavailableError
from core.pauses import Pause
from review_api import model_insights
from review_api.insights import MODELS
from review_api.services import Services
from triage.insights import store, upkeep

COUNT_SECONDS = 2.0
MODELS_SECONDS = 3_600.0
PARTS_AT_ONCE = 5
_log = logging.getLogger("clearhold.count")


class Counting:
    """Keeps the figures in step; that it could not stops no work."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._counts, self._models = Pause(COUNT_SECONDS), Pause(MODELS_SECONDS)

    def go_on(self) -> None:
        """Counts a little when it is time; a database that is away is the worker's to wait for."""
        if self._counts.is_over:
            self._counts.begin()
            self._try(self._count)
        if self._models.is_over:
            self._models.begin()
            self._try(self._work_out_models)

    def finish(self) -> None:
        """Counts all there is."""
        self._try(lambda: upkeep.catch_up(self._services.db, self._services.clock))

    def _count(self) -> None:
        upkeep.catch_up(self._services.db, self._services.clock, parts=PARTS_AT_ONCE)

    def _work_out_models(self) -> None:
        found = model_insights.as_json(model_insights.months(self._services))
        with self._services.db.write() as session:
            store.keep(session, MODELS, found, at=self._services.clock.now())

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except UnavailableError:
            raise
        except ClearholdError as error:
            _log.warning("figures are behind code=%s", error.code)
