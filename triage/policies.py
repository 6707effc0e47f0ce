"""Versions of the policy as they were applied, and the one in force: the last."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import RowMapping, func, select

from core import audit_log
from core.database import ReadSession, WriteSession
from core.errors import ConflictError, InputError, UnavailableError
from triage import tables
from triage.policy import Policy, load_policy
from triage.policy_codes import check_codes

BUILT_IN = Path(__file__).parent / "default_policy.toml"
POLICY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPolicy:
    """A policy with its text as applied; `version` counts from 1."""

    version: int
    policy_hash: str
    text: str
    policy: Policy
    applied_at: datetime
    applied_by: str


def is_set(session: ReadSession) -> bool:
    """Whether any policy was ever applied here."""
    return session.scalar(select(func.max(tables.policies.c.version))) is not None


def active(session: ReadSession) -> AppliedPolicy:
    """The policy in force.

    Raises:
        UnavailableError: `POLICY-NONE` when none was applied yet.
    """
    row = session.one_or_none(select(tables.policies).order_by(tables.policies.c.version.desc()).limit(1))
    if row is None:
        raise UnavailableError(
            "POLICY-NONE", "No policy is in force.", "Start the service once, or apply a policy file."
        )
    return _applied(row)


def history(session: ReadSession) -> tuple[AppliedPolicy, ...]:
    """All versions, the newest first."""
    return tuple(
        _applied(row) for row in session.all(select(tables.policies).order_by(tables.policies.c.version.desc()))
    )


def readable(session: ReadSession, policy_hashes: Collection[str]) -> dict[str, Policy]:
    """The policies that were ever applied here under these hashes; one that these rules cannot read is left out."""
    found: dict[str, Policy] = {}
    table = tables.policies
    for row in session.all(select(table).where(table.c.policy_hash.in_(sorted(policy_hashes)))):
        with suppress(InputError):
            found[row["policy_hash"]] = _parsed(row["text"])
    return found


def start_with(session: WriteSession, text: str, *, at: datetime) -> AppliedPolicy:
    """Applies the first policy; where another node was quicker, its policy is in force and this one is not."""
    audit_log.lock_chain(session)
    return active(session) if is_set(session) else _apply(session, text, at=at, actor="system")


def apply(session: WriteSession, text: str, *, at: datetime, actor: str) -> AppliedPolicy:
    """Puts a policy in force for every decision from now on.

    Raises:
        InputError: `POLICY-…` when it is not a valid policy.
        ConflictError: `POLICY-SAME` when it is in force already.
    """
    audit_log.lock_chain(session)
    if is_set(session) and active(session).policy_hash == _parsed(text).hash:
        raise ConflictError("POLICY-SAME", "This policy is in force already.", "Nothing is to be done.")
    return _apply(session, text, at=at, actor=actor)


def built_in_text() -> str:
    """The policy a new house starts with."""
    return BUILT_IN.read_text(encoding="utf-8")


def read_policy_file(path: Path) -> str:
    """The text of a policy file.

    Raises:
        InputError: `POLICY-FILE` when it cannot be read as text.
    """
    try:
        with path.open("rb") as file:
            return file.read(POLICY_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "POLICY-FILE", f"The policy file {path} cannot be read.", "Give the path of a TOML file in UTF-8."
        ) from error


def checked(text: str) -> Policy:
    """The policy a text says, if it may be applied.

    Raises:
        InputError: `POLICY-INVALID`, with the line and what to write.
    """
    policy = _parsed(text)
    check_codes(text, policy)
    return policy


def _apply(session: WriteSession, text: str, *, at: datetime, actor: str) -> AppliedPolicy:
    policy = checked(text)
    before = session.scalar(select(func.max(tables.policies.c.version))) or 0
    row = {
        "version": before + 1,
        "policy_hash": policy.hash,
        "text": text,
        "applied_at": at,
        "applied_by": actor,
    }
    session.run(tables.policies.insert(), [row])
    told = {"version": before + 1, "policy_hash": policy.hash}
    audit_log.append(session, at=at, actor=actor, action="policy.applied", subject=f"policy:{before + 1}", payload=told)
    return active(session)


def _applied(row: RowMapping) -> AppliedPolicy:
    return AppliedPolicy(
        version=row["version"],
        policy_hash=row["policy_hash"],
        text=row["text"],
        policy=_parsed(row["text"]),
        applied_at=row["applied_at"],
        applied_by=row["applied_by"],
    )


@lru_cache(maxsize=16)
def _parsed(text: str) -> Policy:
    return load_policy(text)
