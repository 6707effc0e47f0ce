"""Learns from corrections: has each corrected paper read again in a limited child, and keeps where its values stand."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby

from core.errors import ClearholdError
from extraction.knowledge import Learnt
from extraction.knowledge_reading import learn_from
from extraction.pipeline import ReadOptions
from ingest import documents
from review_api.services import Services
from triage import decisions, memory
from triage.memory import Memory

NOT_NOW = frozenset({"DB-UNAVAILABLE", "READER-UNAVAILABLE"})
_log = logging.getLogger("clearhold.learn")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """The corrections of one paper, while it is read again."""

    waiting: tuple[Memory, ...]
    future: "Future[Learnt]"


class Lessons:
    """The corrections that wait to be learnt, and those being learnt. A correction is learnt before papers are leased.

    Args:
        actor: as the audit names who learns.
    """

    def __init__(self, services: Services, actor: str) -> None:
        self._services = services
        self._actor = actor
        self._open: list[_Lesson] = []

    @property
    def futures(self) -> "list[Future[Learnt]]":
        """What is being read again now."""
        return [lesson.future for lesson in self._open]

    def go_on(self) -> bool:
        """Keeps what was learnt, begins what waits; True while anything is being learnt."""
        for lesson in [lesson for lesson in self._open if lesson.future.done()]:
            self._open.remove(lesson)
            self._keep(lesson)
        if not self._open:
            with self._services.db.read() as session:
                waiting = memory.to_learn(session)
            in_order = sorted(waiting, key=lambda one: one.document_id)
            for document_id, some in groupby(in_order, key=lambda one: one.document_id):
                self._begin(document_id, tuple(some))
        return bool(self._open)

    def give_up(self) -> None:
        """Leaves what is not learnt yet to the next worker."""
        for lesson in self._open:
            lesson.future.cancel()
        self._open.clear()

    def _begin(self, document_id: str, waiting: tuple[Memory, ...]) -> None:
        with self._services.db.read() as session:
            document = documents.get(session, document_id)
            read = decisions.latest_extraction(session, document_id)
        said = {} if read is None else {name: field.value for name, field in read.extraction.fields.items()}
        corrected = {one.field: one.value for one in waiting}
        try:
            data = self._services.store.get(document.sha256)
        except ClearholdError:
            self._store(waiting, Learnt())
            return
        options = ReadOptions.from_settings(self._services.settings, document)
        future = self._services.reader.submit(learn_from, data, options, corrected, said)
        self._open.append(_Lesson(waiting=waiting, future=future))

    def _keep(self, lesson: _Lesson) -> None:
        """What cannot be read again teaches nothing; what could not be tried is tried again."""
        try:
            learnt = lesson.future.result(timeout=0)
        except ClearholdError as error:
            if error.code in NOT_NOW:
                return
            learnt = Learnt()
        except Exception:  # noqa: BLE001  a paper that teaches nothing must not stop the work
            _log.exception("learning broke")
            learnt = Learnt()
        self._store(lesson.waiting, learnt)

    def _store(self, waiting: Sequence[Memory], learnt: Learnt) -> None:
        with self._services.db.write() as session:
            at = self._services.clock.now()
            memory.learnt(session, waiting, learnt.paper, learnt.places, at=at, actor=self._actor)
