"""The shapes of the audit chain over HTTP: its entries, its signed heads, and how far it is verified."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AuditEntryOut(_Out):
    """One entry of the audit chain."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: dict[str, Any]
    previous_hash: str
    hash: str


class AuditRoundOut(_Out):
    """One walk along the chain: how far it has come, what it has met, and what it found damaged."""

    round: int
    started_at: datetime
    verified_at: datetime
    verified_to: int
    hash: str
    checkpoints: int
    finished_at: datetime | None
    damaged_at_sequence: int | None
    damage: str | None


class AuditVerifiedOut(_Out):
    """How far the chain is verified: the walk under way, and the one before."""

    now: AuditRoundOut | None
    before: AuditRoundOut | None


class AuditOut(BaseModel):
    """Audit entries from the newest back; `next_cursor` is the `cursor` of the older ones."""

    entries: list[AuditEntryOut]
    next_cursor: str | None


class CheckpointOut(_Out):
    """A signed head of the chain, kept outside the database."""

    at: datetime
    sequence: int
    hash: str
