"""Previews that are being made: how far one is, what came of it, and whether whoever made it has stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from core.canonical import sha256_of
from core.database import ReadSession, WriteSession
from core.errors import ClearholdError, NotFoundError
from core.ids import new_id
from triage.policy_draft_tables import policy_preview_runs

RUNNING, DONE, FAILED = "running", "done", "failed"
SILENCE = timedelta(minutes=2)
KEPT = timedelta(days=1)
_INTERRUPTED = {
    "state": FAILED,
    "code": "POLICY-PREVIEW-INTERRUPTED",
    "message": "The preview was interrupted: the program that made it has stopped.",
    "remedy": "Start it again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRun:
    """One preview in the making.

    Attributes:
        done, total: papers judged, and papers there are; a total of 0 says they are still being counted.
        preview_hash: what came of it.
        code, message, remedy: why nothing did.
    """

    run_id: str
    author: str
    text_hash: str
    state: str
    done: int
    total: int
    started_at: datetime
    seen_at: datetime
    preview_hash: str | None = None
    code: str | None = None
    message: str | None = None
    remedy: str | None = None


def start(session: WriteSession, text: str, *, author: str, at: datetime) -> tuple[PreviewRun, bool]:
    """A new run, or the author's own over the same text that is going on; and whether it is new."""
    table, text_hash = policy_preview_runs, sha256_of(text)
    mine = table.c.author == author
    session.run(delete(table).where(mine, table.c.started_at < at - KEPT))
    going = select(table).where(mine, table.c.text_hash == text_hash, table.c.state == RUNNING)
    row = session.one_or_none(going.where(table.c.seen_at > at - SILENCE).limit(1))
    if row is not None:
        return PreviewRun(**row), False
    run = PreviewRun(
        run_id=new_id("prv", at),
        author=author,
        text_hash=text_hash,
        state=RUNNING,
        done=0,
        total=0,
        started_at=at,
        seen_at=at,
    )
    session.run(insert(table).values({column.name: getattr(run, column.name) for column in table.c}))
    return run, True


def advance(session: WriteSession, run_id: str, *, done: int, total: int, at: datetime) -> None:
    """Says how far a run is."""
    _change(session, run_id, {"done": done, "total": total, "seen_at": at})


def finish(session: WriteSession, run_id: str, preview_hash: str, *, at: datetime) -> None:
    """Says what came of a run."""
    _change(session, run_id, {"state": DONE, "preview_hash": preview_hash, "seen_at": at})


def fail(session: WriteSession, run_id: str, error: ClearholdError, *, at: datetime) -> None:
    """Says why nothing came of a run."""
    said = {"code": error.code, "message": error.message, "remedy": error.remedy}
    _change(session, run_id, {"state": FAILED, "seen_at": at} | said)


def find(session: ReadSession, run_id: str, *, author: str, at: datetime) -> PreviewRun:
    """A person's run; one that has said nothing for long has failed.

    Raises:
        NotFoundError: `POLICY-PREVIEW-RUN`.
    """
    table = policy_preview_runs
    row = session.one_or_none(select(table).where(table.c.run_id == run_id, table.c.author == author))
    if row is None:
        raise NotFoundError(
            "POLICY-PREVIEW-RUN", "There is no such preview of yours in the making.", "Start one from your draft."
        )
    is_silent = row["state"] == RUNNING and row["seen_at"] <= at - SILENCE
    return PreviewRun(**(dict(row) | (_INTERRUPTED if is_silent else {})))


def _change(session: WriteSession, run_id: str, values: dict[str, Any]) -> None:
    table = policy_preview_runs
    session.run(update(table).where(table.c.run_id == run_id, table.c.state == RUNNING).values(**values))
