"""Keeps what the house knows as a file that reading processes load: written anew when something has changed."""

import json
import logging
import os
import tempfile
import threading
import time
from pathlib import Path

from core.database import Database, ReadSession

KEPT_SECONDS = 3_600.0
_log = logging.getLogger("clearhold.knowledge")


class KnowledgeFile:
    """The newest knowledge of a house, in a file called by its version.

    Args:
        folder: where the files lie; old ones are removed when no reading can still want them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gate = threading.Lock()
        self._marker: str | None = None
        self._path: Path | None = None

    def path(self, db: Database) -> Path | None:
        """The file of what is known now; None when nothing is, or it cannot be written: papers are read without it."""
        from triage.knowledge import knowledge_marker

        with self._gate:
            with db.read() as session:
                marker = knowledge_marker(session)
                if marker != self._marker or (self._path is not None and not self._path.exists()):
                    try:
                        self._path = self._write(session)
                    except OSError as error:
                        _log.warning("knowledge not written: %s", error)
                        return None
                    self._marker = marker
            return self._path

    def _write(self, session: ReadSession) -> Path | None:
        from extraction.knowledge import knowledge_to_json
        from triage.knowledge import gather_knowledge

        knowledge = gather_knowledge(session)
        if knowledge.version is None:
            return None
        path = self._folder / f"{knowledge.version}.json"
        self._folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.touch()
        else:
            _keep(path, json.dumps(knowledge_to_json(knowledge), ensure_ascii=False))
        self._clean_up(path)
        return path.resolve()

    def _clean_up(self, newest: Path) -> None:
        oldest = time.time() - KEPT_SECONDS
        for path in self._folder.glob("*.json"):
            if path != newest and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def _keep(path: Path, text: str) -> None:
    """Writes aside and renames: a reading process sees the whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)
