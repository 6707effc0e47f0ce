"""Keeps what was asked under an `Idempotency-Key` and how it was answered, for a day, in either database.

A key is claimed by one request, which marks it `changed` in the transaction of its first change and `answered` after
its answer is known. Each claim has a token of its own: whoever took a claim over has ended the earlier one's right to
change anything.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.database import WriteSession
from core.errors import ConflictError
from core.ids import new_id
from review_api.idempotency_tables import idempotency_claims as claims

KEPT = timedelta(hours=24)
CLAIMED = timedelta(minutes=2)
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do what is asked under a key."""

    claim_hash: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What an earlier request under the same key has come to.

    Attributes:
        state: `claimed` while it is at work, `changed` when its answer is not known, else `answered`.
    """

    fingerprint: str
    state: str
    status: int | None
    headers: dict[str, str]
    body: str


def claim_hash(actor: str, key: str) -> str:
    """The name of a key of one principal's; two principals may use the same key for different things."""
    return hashlib.sha256(f"{actor}\0{key}".encode()).hexdigest()


def claim(session: WriteSession, *, actor: str, key: str, fingerprint: str, at: datetime) -> Claim | Earlier:
    """Claims a key that is free, whose day is over, or whose holder fell silent before it changed anything."""
    name, token = claim_hash(actor, key), new_id("idem", at)
    values = {
        "claim_hash": name, "actor": actor, "fingerprint": fingerprint, "token": token, "state": "claimed",
        "made_at": at, "claimed_until": at + CLAIMED, "status": None, "headers": None, "body": None,
    }  # fmt: skip
    new = _INSERT[session.dialect](claims).values(values)
    unless_there = new.on_conflict_do_nothing(index_elements=["claim_hash"]).returning(claims.c.claim_hash)
    if session.scalar(unless_there) is not None:
        return Claim(claim_hash=name, token=token)
    row = session.one_or_none(select(claims).where(claims.c.claim_hash == name))
    is_over = row is not None and row["made_at"] + KEPT <= at
    is_silent = row is not None and row["state"] == "claimed" and row["claimed_until"] <= at
    if row is None or is_over or (is_silent and row["fingerprint"] == fingerprint):
        ours = update(claims).where(claims.c.claim_hash == name)
        if row is not None and session.run(ours.where(claims.c.token == row["token"]).values(values)):
            return Claim(claim_hash=name, token=token)
        raise ConflictError("IDEM-BUSY", "Another request has this Idempotency-Key.", "Ask again in a moment.")
    return Earlier(
        fingerprint=row["fingerprint"],
        state=row["state"],
        status=row["status"],
        headers=row["headers"] or {},
        body=row["body"] or "",
    )


def mark_changed(session: WriteSession, claim: Claim) -> None:
    """Says, in the transaction of a change, that it is made.

    Raises:
        ConflictError: `IDEM-LOST` when another request has taken the key over: then this one must change nothing.
    """
    mine = update(claims).where(claims.c.claim_hash == claim.claim_hash, claims.c.token == claim.token)
    if not session.run(mine.values(state="changed")):
        raise ConflictError(
            "IDEM-LOST",
            "This took so long that another request with the same Idempotency-Key does it.",
            "Ask again with the same key: you get the other's answer.",
        )


def keep_answer(session: WriteSession, claim: Claim, *, status: int, headers: dict[str, str], body: str) -> None:
    """Keeps the answer for whoever asks again."""
    mine = update(claims).where(claims.c.claim_hash == claim.claim_hash, claims.c.token == claim.token)
    session.run(mine.values(state="answered", status=status, headers=headers, body=body))


def release(session: WriteSession, claim: Claim, *, only_unchanged: bool) -> None:
    """Frees a key under which nothing was done."""
    mine = delete(claims).where(claims.c.claim_hash == claim.claim_hash, claims.c.token == claim.token)
    session.run(mine.where(claims.c.state == "claimed") if only_unchanged else mine)


def purge(session: WriteSession, at: datetime) -> int:
    """Forgets what is older than a day."""
    return session.run(delete(claims).where(claims.c.made_at <= at - KEPT))
