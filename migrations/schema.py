"""Every room's tables in one `MetaData`: what the migrations must lead to."""

import core.tables
import ingest.tables
import review_api.idempotency_tables
import review_api.tables
import triage.deciding_tables
import triage.desk_tables
import triage.insights.tables
import triage.label_tables
import triage.memory_tables
import triage.personal_tables
import triage.policy_draft_tables
import triage.prediction_tables
import triage.queue_tables
import triage.tables
import triage.webhook_tables
from core.columns import metadata

__all__ = ["core", "ingest", "is_described", "metadata", "review_api", "triage"]

WORD_INDEXES = ("case_words_fts", "waiting_words_fts", "ix_case_words_words", "ix_waiting_words_words")


def is_described(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether `metadata` says anything of a table or index; an index of words is each database's own, and it cannot."""
    return not (name or "").startswith(WORD_INDEXES)
