"""Lays audit entries out for the page: what was done in words, what changed from what to what, hashes, the mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.audit import AuditEntry, emptied_by, own_hash
from core.audit_rounds import Verified
from core.canonical import canonical_json
from review_api.case_view import history_sentence
from review_api.presenting import Reader

SHOWN = 2_000
_HASH_SHOWN = 10
_LINKS: Mapping[str, str] = {"case": "/cases/{}", "document": "/documents/{}"}
_NAMES: Mapping[str, str] = {"document_id": "document:{}", "case_id": "case:{}", "policy_hash": "policy:{}"}
_PEOPLE = frozenset({"first_approval_by", "voided_approval_by", "proposed_by", "by"})
_TOLD_APART = frozenset({"changes", "gone", "appeared", "from", "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that was so before and is so now; None where there was nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing an entry says, and where there is more about it."""

    name: str
    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as the page shows it.

    Attributes:
        said: what was done, as a sentence.
        thing: the page of what it was done to; None where it has none.
        mark: `verified`, `waiting` (written since the chain was last walked) or `changed`.
        marked: what the mark means, in words.
    """

    entry: AuditEntry
    said: str
    thing: str | None
    changes: tuple[Change, ...]
    facts: tuple[Fact, ...]
    mark: str
    marked: str

    @property
    def short_hash(self) -> str:
        """As much of the hash as fits a line."""
        return self.entry.hash[:_HASH_SHOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainView:
    """What is verified of the whole chain, as a sentence; `state` is `good`, `bad` or `waiting`."""

    state: str
    sentence: str


def entry_view(entry: AuditEntry, verified: Verified, reader: Reader) -> EntryView:
    """Lays one entry out. Its own hash is made again here, whatever the last walk along the chain has found."""
    kind, _, name = entry.subject.partition(":")
    mark, marked = _mark(entry, verified, reader)
    facts = (
        Fact(name=_words(key), text=_text(value)[:SHOWN], href=_href(key, value))
        for key, value in sorted(entry.payload.items())
        if key not in _TOLD_APART and value not in (None, [], {}, "")
    )
    return EntryView(
        entry=entry,
        said=history_sentence(entry).rpartition(" · ")[0],
        thing=_LINKS[kind].format(name) if kind in _LINKS else None,
        changes=changes_of(entry.payload),
        facts=tuple(facts),
        mark=mark,
        marked=marked,
    )


def changes_of(payload: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an entry says was one thing before and is another now."""
    found = []
    told = payload.get("changes")
    if isinstance(told, Mapping):
        for name, change in told.items():
            pair = change if isinstance(change, Mapping) else {"after": change}
            found.append(
                Change(name=_words(name), before=_or_none(pair.get("before")), after=_or_none(pair.get("after")))
            )
    if "from" in payload or "to" in payload:
        found.append(Change(name="queue", before=_or_none(payload.get("from")), after=_or_none(payload.get("to"))))
    found += [Change(name="finding", before=str(code), after=None) for code in payload.get("gone") or ()]
    found += [Change(name="finding", before=None, after=str(code)) for code in payload.get("appeared") or ()]
    return tuple(found)


def chain_view(verified: Verified, newest: int, reader: Reader) -> ChainView:
    """How far the chain is verified."""
    damaged, now = verified.damage, verified.now
    if damaged is not None:
        said = reader.say("The chain is not as it was written: %(damage)s", damage=damaged.damage)
        return ChainView(state="bad", sentence=said)
    if now is None:
        said = reader.say("Not verified yet; a worker (clearhold work) does it by itself.")
        return ChainView(state="waiting", sentence=said)
    said = reader.say(
        "Verified from the first entry to no. %(last)s of %(newest)s: each hash, the chain, %(points)s signed heads.",
        last=now.verified_to,
        newest=newest,
        points=now.checkpoints,
    )
    if now.finished_at is None and verified.before is not None:
        before = verified.before.verified_to
        said += " " + reader.say("The walk before this one came to no. %(last)s.", last=before)
    return ChainView(state="good", sentence=said)


def _mark(entry: AuditEntry, verified: Verified, reader: Reader) -> tuple[str, str]:
    damaged = verified.damage
    erased_by = emptied_by(entry)
    if erased_by is None and own_hash(entry) != entry.hash:
        return _changed(reader)
    if damaged is not None and damaged.damaged_at_sequence == entry.sequence:
        return _changed(reader)
    by = verified.round_of(entry.sequence)
    if by is None:
        said = reader.say("Its own hash is right; its place in the chain is verified when a worker comes to it.")
        return "waiting", said
    if erased_by is not None:
        said = reader.say(
            "Its facts were erased after their retention period; no. %(number)s tells of it.", number=erased_by
        )
        return "verified", said
    when = f"{by.verified_at:%Y-%m-%d %H:%M} UTC"
    return "verified", reader.say("Hash and place in the chain verified on %(when)s.", when=when)


def _changed(reader: Reader) -> tuple[str, str]:
    said = reader.say("This entry is not as it was written: it does not give its hash, or breaks the chain.")
    return "changed", said


def _href(name: str, value: object) -> str | None:
    from urllib.parse import quote

    if not isinstance(value, str):
        return None
    if name in _PEOPLE:
        return f"/audit?subject={quote(value if ':' in value else f'user:{value}')}"
    return f"/audit?subject={quote(_NAMES[name].format(value))}" if name in _NAMES and ":" not in value else None


def _words(name: str) -> str:
    return name.replace("_", " ")


def _or_none(value: object) -> str | None:
    return None if value is None else _text(value)[:SHOWN]


def _text(value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    return value if isinstance(value, str) else canonical_json(value)
