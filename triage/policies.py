"""Versions of the policy as they were applied, and the one in force: the last."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import RowMapping, func, select

from core import audit_log
from core.canonical import sha256_of
from core.database import ReadSession, WriteSession
from core.errors import InputError, NotFoundError, UnavailableError
from triage import policy_completion, tables
from triage.policy import Policy, load_policy
from triage.policy_codes import check_codes, check_written_out
from triage.policy_file import Problem, line_named, problems_of

BUILT_IN = Path(__file__).parent / "default_policy.toml"
POLICY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A line of the history of policies: who put what in force when, and who had proposed it."""

    version: int
    policy_hash: str
    applied_at: datetime
    applied_by: str
    proposed_by: str | None
    preview_hash: str | None


_VERSION_COLUMNS = tuple(field.name for field in fields(PolicyVersion))


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPolicy:
    """A policy with its text as applied.

    Attributes:
        version: counts from 1.
        applied_by: who put it in force: `system` at the first start, later the second of two people.
        proposed_by: the first of them; None for what the system applied.
        preview_hash: what they had seen of its effects.
    """

    version: int
    policy_hash: str
    text: str
    policy: Policy
    applied_at: datetime
    applied_by: str
    proposed_by: str | None = None
    preview_hash: str | None = None


def is_set(session: ReadSession) -> bool:
    """Whether any policy was ever applied here."""
    return session.scalar(select(func.max(tables.policies.c.version))) is not None


def is_whole(session: ReadSession) -> bool:
    """Whether the policy in force has every key that this version of the program needs."""
    return not policy_completion.missing_keys(active_text(session), built_in_text())


def active(session: ReadSession) -> AppliedPolicy:
    """The policy in force.

    Raises:
        UnavailableError: `POLICY-NONE` when none was applied yet.
    """
    return _applied(_newest(session))


def active_hash(session: ReadSession) -> str:
    """The hash of the policy in force; known even when these rules cannot read its text.

    Raises:
        UnavailableError: `POLICY-NONE` when none was applied yet.
    """
    return str(_newest(session)["policy_hash"])


def active_text(session: ReadSession) -> str:
    """The policy in force as it was written, whether or not these rules can read it.

    Raises:
        UnavailableError: `POLICY-NONE` when none was applied yet.
    """
    return str(_newest(session)["text"])


def active_version(session: ReadSession) -> int:
    """The version of the policy in force.

    Raises:
        UnavailableError: `POLICY-NONE` when none was applied yet.
    """
    return int(_newest(session)["version"])


def history(session: ReadSession) -> tuple[PolicyVersion, ...]:
    """All versions, the newest first."""
    rows = session.all(select(tables.policies).order_by(tables.policies.c.version.desc()))
    return tuple(PolicyVersion(**{name: row[name] for name in _VERSION_COLUMNS}) for row in rows)


def readable(session: ReadSession, policy_hashes: Collection[str]) -> dict[str, Policy]:
    """The policies that were ever applied here under these hashes; one that these rules cannot read is left out."""
    found: dict[str, Policy] = {}
    table = tables.policies
    for row in session.all(select(table).where(table.c.policy_hash.in_(sorted(policy_hashes)))):
        with suppress(InputError):
            found[row["policy_hash"]] = read(row["text"])
    return found


@lru_cache(maxsize=16)
def read(text: str) -> Policy:
    """The policy a text says; one that was read lately is not read again.

    Raises:
        InputError: `POLICY-INVALID`.
    """
    return load_policy(text)


def start_with(session: WriteSession, text: str, *, at: datetime) -> AppliedPolicy:
    """Applies the first policy; where another node was quicker, its policy is in force and this one is not."""
    audit_log.lock_chain(session)
    return (
        active(session)
        if is_set(session)
        else put_in_force(session, text, at=at, actor="system", proposed_by=None, preview_hash=None)
    )


def renew(session: WriteSession, *, at: datetime) -> tuple[str, ...]:
    """Completes the policy in force with what this version of the program needs to know and the last did not.

    A system act like the first start: what two people decided stays as they wrote it; the keys added have their
    built-in values, are named in the audit, and are theirs to change.

    Returns:
        The keys that were added, dotted; none where the policy is whole, as it nearly always is.
    """
    audit_log.lock_chain(session)
    before = active_text(session)
    keys = tuple(".".join(path) for path in policy_completion.missing_keys(before, built_in_text()))
    if keys:
        told = {"keys": keys, "policy_hash": active_hash(session)}
        subject = f"policy:{active_hash(session)}"
        audit_log.append(session, at=at, actor="system", action="policy.completed", subject=subject, payload=told)
        text = policy_completion.completed(before, built_in_text())
        put_in_force(session, text, at=at, actor="system", proposed_by=None, preview_hash=None)
    return keys


def put_in_force(
    session: WriteSession, text: str, *, at: datetime, actor: str, proposed_by: str | None, preview_hash: str | None
) -> AppliedPolicy:
    """Puts a policy in force for every decision from now on; `triage.policy_changes` has seen that it may be.

    Raises:
        InputError: `POLICY-INVALID` when it is not a valid policy.
    """
    policy = checked(text)
    before = session.scalar(select(func.max(tables.policies.c.version))) or 0
    row = {
        "version": before + 1,
        "policy_hash": policy.hash,
        "text": text,
        "applied_at": at,
        "applied_by": actor,
        "proposed_by": None if proposed_by is None else f"user:{proposed_by}",
        "preview_hash": preview_hash,
    }
    session.run(tables.policies.insert(), [row])
    told = {name: row[name] for name in ("version", "policy_hash", "proposed_by", "preview_hash")}
    told |= {"text_hash": sha256_of(text)}
    audit_log.append(
        session, at=at, actor=actor, action="policy.applied", subject=f"policy:{policy.hash}", payload=told
    )
    return active(session)


def built_in_text() -> str:
    """The policy a new house starts with."""
    return BUILT_IN.read_text(encoding="utf-8")


def typed_text() -> str:
    """The built-in policy with its typed thresholds in force, for where no history is to be waited for."""
    return built_in_text().replace('basis = "promise"', 'basis = "typed"')


def read_policy_file(path: Path) -> str:
    """The text of a policy file.

    Raises:
        InputError: `POLICY-FILE` when it cannot be read as text.
    """
    try:
        with path.open("rb") as file:
            return file.read(POLICY_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "POLICY-FILE", f"The policy file {path} cannot be read.", "Give the path of a TOML file in UTF-8."
        ) from error


def checked(text: str) -> Policy:
    """The policy a text says, if it may be applied.

    Raises:
        InputError: `POLICY-INVALID`, with the line and what to write.
    """
    policy = read(text)
    check_codes(text, policy)
    check_written_out(text)
    return policy


def problems(text: str) -> tuple[Problem, ...]:
    """Everything that keeps a text from being applied, each with its line and what to write; nothing when it may be."""
    found = problems_of(text, Policy)
    if found:
        return found
    try:
        checked(text)
    except InputError as error:
        said = error.message.removeprefix("The policy is refused: ")
        line = line_named(said)
        return (Problem(line=line, key="", said=f": {said.removeprefix(f'line {line}, ')}", remedy=error.remedy),)
    return ()


def version_text(session: ReadSession, version: int) -> str:
    """The text of one version of the history.

    Raises:
        NotFoundError: `POLICY-VERSION`.
    """
    row = session.one_or_none(select(tables.policies.c.text).where(tables.policies.c.version == version))
    if row is None:
        raise NotFoundError("POLICY-VERSION", f"There is no version {version} of the policy.", "See its history.")
    return str(row["text"])


def _newest(session: ReadSession) -> RowMapping:
    row = session.one_or_none(select(tables.policies).order_by(tables.policies.c.version.desc()).limit(1))
    if row is None:
        raise UnavailableError(
            "POLICY-NONE", "No policy is in force.", "Start the service once, or apply a policy file."
        )
    return row


def _applied(row: RowMapping) -> AppliedPolicy:
    return AppliedPolicy(
        version=row["version"],
        policy_hash=row["policy_hash"],
        text=row["text"],
        policy=read(row["text"]),
        applied_at=row["applied_at"],
        applied_by=row["applied_by"],
        proposed_by=row["proposed_by"],
        preview_hash=row["preview_hash"],
    )
