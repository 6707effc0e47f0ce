"""The audit chain: each entry carries the hash of the one before, so that no one can change the past unseen.

Pure: what an entry's hash is, and what a list of entries tells when it is read again. `core.audit_log` stores it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.canonical import sha256_of

GENESIS_HASH = "0" * 64
EMPTIED_BY = "erased_by_entry"
EMPTIED = "emptied"
MOVE_WINDOW = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which thing, when. `sequence` counts from 1 without gaps."""

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The chain's head at some instant, kept outside the database and signed."""

    at: datetime
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One place where the chain is not as it was written.

    Attributes:
        kind: `changed`, `removed`, `added`, `reordered` or `cut_off`.
        sequence: the entry it is about (the first missing one for `removed` and `cut_off`).
    """

    kind: str
    sequence: int
    message: str


def entry_hash(
    *,
    sequence: int,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    payload: Mapping[str, Any],
    previous_hash: str,
) -> str:
    """SHA-256 over the canonical JSON of the entry and the hash of the entry before."""
    return sha256_of(
        {
            "sequence": sequence,
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "payload": payload,
            "previous_hash": previous_hash,
        }
    )


def own_hash(entry: AuditEntry, *, sequence: int | None = None) -> str:
    """The hash this entry should carry from what it says now, at its own place or at another `sequence`."""
    return entry_hash(
        sequence=entry.sequence if sequence is None else sequence,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        payload=entry.payload,
        previous_hash=entry.previous_hash,
    )


def emptied_by(entry: AuditEntry) -> int | None:
    """The entry that tells of this one's facts having been erased; None where they are there."""
    told = entry.payload.get(EMPTIED_BY) if len(entry.payload) == 1 else None
    return told if isinstance(told, int) else None


def what_is_left(entry: AuditEntry) -> str:
    """SHA-256 of what stays of an entry whose facts are erased: all else, and the hash it had with them."""
    return sha256_of(
        {
            "sequence": entry.sequence,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }
    )


def tells_of(eraser: AuditEntry, entry: AuditEntry) -> bool:
    """Whether an entry, itself as it was written, tells that the facts of an earlier one were erased."""
    told = eraser.payload.get(EMPTIED)
    if not isinstance(told, Mapping) or eraser.sequence <= entry.sequence or own_hash(eraser) != eraser.hash:
        return False
    return told.get(str(entry.sequence)) == what_is_left(entry)


def find_damage(
    entries: Iterable[AuditEntry],
    checkpoints: Sequence[Checkpoint] = (),
    head: tuple[int, str] | None = None,
    *,
    after: tuple[int, str] = (0, GENESIS_HASH),
    is_erased: Callable[[AuditEntry], bool] = lambda _: False,
) -> tuple[Damage, ...]:
    """Reads the chain in order of sequence and says where it is not as it was written.

    Args:
        after: sequence and hash of the entry before the first one read; the whole chain is read without.
        checkpoints: signed heads from outside the database; only they can tell a tail that was cut off together
            with the head, or a chain that was written anew and is sound in itself.
        head: sequence and hash the database believes to be the newest.
        is_erased: whether a later entry tells that this one's facts were erased; its hash then stands for them.
    """
    reader = _ChainReader(checkpoints, after, is_erased)
    for entry in entries:
        reader.take(entry)
    reader.close(head)
    return tuple(reader.damage)


class _ChainReader:
    """Walks the chain once, in constant memory, and remembers what it has been told so far."""

    def __init__(
        self, checkpoints: Sequence[Checkpoint], after: tuple[int, str], is_erased: Callable[[AuditEntry], bool]
    ) -> None:
        self.is_erased = is_erased
        self.seen_outside = {point.sequence: point.hash for point in checkpoints}
        self.damage: list[Damage] = []
        self.last, self.hash = after
        self.hash_before = self.hash
        self.shift = 0

    def take(self, entry: AuditEntry) -> None:
        gap = entry.sequence != self.last + 1
        if gap:
            self.damage.append(_removed(self.last + 1, entry.sequence - 1))
        written_as = self._written_as(entry)
        if written_as is None:
            self._tell("changed", entry.sequence, "no longer says what its hash was made from")
        elif written_as != entry.sequence - self.shift:
            self._moved(entry, written_as)
        elif entry.previous_hash != self.hash and not gap and not self._just_told():
            self._tell("changed", self.last, "was changed and its hash made anew: the next one remembers another")
        if self.seen_outside.get(entry.sequence, entry.hash) != entry.hash and not self.damage:
            self._tell("changed", entry.sequence, "is not the one a signed checkpoint saw: the chain was written anew")
        self.hash_before, self.hash, self.last = self.hash, entry.hash, entry.sequence

    def close(self, head: tuple[int, str] | None) -> None:
        newest = max([*self.seen_outside, head[0] if head else 0], default=0)
        if newest > self.last:
            self.damage.append(_cut_off(self.last + 1, newest))
        elif head is not None and head[0] < self.last:
            self._tell("added", head[0] + 1, "was put in after the newest the database wrote")
        elif head is not None and head[1] != self.hash and not self.damage:
            self._tell("changed", self.last, "is not the newest the database wrote")

    def _written_as(self, entry: AuditEntry) -> int | None:
        if emptied_by(entry) is not None and self.is_erased(entry):
            return entry.sequence - self.shift
        return _written_as(entry, self.shift)

    def _moved(self, entry: AuditEntry, written_as: int) -> None:
        """An entry that is whole but stands elsewhere: pushed by one put in, pulled by one taken out, or swapped."""
        place = entry.sequence - self.shift
        if written_as == place + 1 and entry.previous_hash == self.hash and self._just_told():
            self.damage[-1] = Damage(
                kind="removed",
                sequence=self.last,
                message=f"Entry {self.last} is missing; those after it were pulled up.",
            )
            self.shift -= 1
        elif written_as == place - 1 and entry.previous_hash == self.hash_before and not self._just_told():
            self._tell("added", self.last, "was put in; those after it were pushed on")
            self.shift += 1
        else:
            self._tell("reordered", entry.sequence, f"stands here but was written as entry {written_as}")

    def _just_told(self) -> bool:
        return bool(self.damage) and self.damage[-1].sequence >= self.last

    def _tell(self, kind: str, sequence: int, what: str) -> None:
        self.damage.append(Damage(kind=kind, sequence=sequence, message=f"Entry {sequence} {what}."))


def _written_as(entry: AuditEntry, shift: int) -> int | None:
    """The sequence this entry was written with, or None when its words no longer give its hash at any near place."""
    expected = entry.sequence - shift
    nearby = (expected + step * sign for step in range(1, MOVE_WINDOW) for sign in (1, -1))
    for sequence in (expected, *nearby):
        if sequence > 0 and own_hash(entry, sequence=sequence) == entry.hash:
            return sequence
    return None


def _removed(first: int, last: int) -> Damage:
    which = f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
    return Damage(kind="removed", sequence=first, message=f"{which} missing.")


def _cut_off(first: int, last: int) -> Damage:
    which = f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
    return Damage(kind="cut_off", sequence=first, message=f"{which} gone from the end.")
