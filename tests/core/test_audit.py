"""The chain finds what was done to it and says which entry."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.audit import GENESIS_HASH, AuditEntry, Checkpoint, entry_hash, find_damage, own_hash

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
replace = dataclasses.replace
lengths = st.integers(min_value=4, max_value=30)


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    previous = GENESIS_HASH
    for sequence in range(1, length + 1):
        blank = AuditEntry(
            sequence=sequence,
            at=AT,
            actor="user:anna",
            action="case.claimed",
            subject=f"case:{sequence}",
            payload={"n": sequence},
            previous_hash=previous,
            hash="",
        )
        entry = replace(blank, hash=own_hash(blank))
        entries.append(entry)
        previous = entry.hash
    return entries


def told(entries: list[AuditEntry], head: tuple[int, str], *points: Checkpoint) -> list[tuple[str, int]]:
    return [(damage.kind, damage.sequence) for damage in find_damage(entries, points, head)]


def head_of(entries: list[AuditEntry]) -> tuple[int, str]:
    return entries[-1].sequence, entries[-1].hash


def point_at(entry: AuditEntry) -> Checkpoint:
    return Checkpoint(at=AT, sequence=entry.sequence, hash=entry.hash)


@given(lengths)
def test_an_untouched_chain_is_sound(length: int) -> None:
    entries = chain(length)
    assert told(entries, head_of(entries), point_at(entries[1])) == []


def test_an_empty_chain_is_sound() -> None:
    assert find_damage([], (), (0, GENESIS_HASH)) == ()


@pytest.mark.law
@given(lengths, st.data())
def test_a_changed_entry_is_named_whichever_word_changed(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 1))
    change = data.draw(
        st.sampled_from(
            [
                {"actor": "user:eve"},
                {"action": "x"},
                {"subject": "x"},
                {"payload": {"n": 0}},
                {"at": AT.replace(hour=8)},
            ]
        )
    )
    entries[at] = replace(entries[at], **change)  # type: ignore[arg-type]
    assert told(entries, (length, chain(length)[-1].hash)) == [("changed", at + 1)]


@pytest.mark.law
@given(lengths, st.data())
def test_a_changed_entry_whose_hash_was_made_anew_is_named(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    head = head_of(entries)
    at = data.draw(st.integers(0, length - 1))
    forged = replace(entries[at], payload={"n": 0})
    entries[at] = replace(forged, hash=own_hash(forged))
    assert told(entries, head) == [("changed", at + 1)]


@pytest.mark.law
@given(lengths, st.data())
def test_a_removed_entry_is_named(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    head = head_of(entries)
    at = data.draw(st.integers(0, length - 2))
    del entries[at]
    assert told(entries, head) == [("removed", at + 1)]


@pytest.mark.law
@given(lengths, st.data())
def test_a_removed_entry_is_named_though_those_after_it_were_renumbered(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 3))
    moved = entries[:at] + [replace(entry, sequence=entry.sequence - 1) for entry in entries[at + 1 :]]
    assert told(moved, head_of(moved)) == [("removed", at + 1)]


@pytest.mark.law
@given(lengths, st.data())
def test_an_added_entry_is_named(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    at = data.draw(st.integers(0, length - 1))
    forged = replace(entries[at], payload={"n": 0})
    forged = replace(forged, hash=own_hash(forged))
    moved = [*entries[:at], forged, *(replace(entry, sequence=entry.sequence + 1) for entry in entries[at:])]
    assert told(moved, head_of(moved))[0] == ("added", at + 1)


def test_an_entry_added_at_the_end_is_named() -> None:
    entries = chain(5)
    head = head_of(entries)
    forged = replace(entries[-1], sequence=6, previous_hash=entries[-1].hash)
    entries.append(replace(forged, hash=own_hash(forged)))
    assert told(entries, head) == [("added", 6)]


@pytest.mark.law
@given(lengths, st.data())
def test_two_entries_that_changed_places_are_named(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    head = head_of(entries)
    first, second = sorted(data.draw(st.sets(st.integers(0, length - 1), min_size=2, max_size=2)))
    swapped = list(entries)
    swapped[first] = replace(entries[second], sequence=first + 1)
    swapped[second] = replace(entries[first], sequence=second + 1)
    kinds = told(swapped, head)
    assert ("reordered", first + 1) in kinds
    assert ("reordered", second + 1) in kinds


@pytest.mark.law
@given(lengths, st.data())
def test_a_tail_cut_off_together_with_its_head_is_found_by_a_checkpoint(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    keep = data.draw(st.integers(1, length - 1))
    assert told(entries[:keep], head_of(entries[:keep]), point_at(entries[-1])) == [("cut_off", keep + 1)]


def test_a_tail_cut_off_alone_is_found_by_the_head() -> None:
    entries = chain(6)
    assert told(entries[:4], head_of(entries)) == [("cut_off", 5)]


def test_a_chain_written_anew_is_found_by_a_checkpoint() -> None:
    entries = chain(6)
    point = point_at(entries[3])
    previous = entries[1].hash
    for at in range(2, 6):
        forged = replace(entries[at], payload={"forged": at}, previous_hash=previous)
        entries[at] = replace(forged, hash=own_hash(forged))
        previous = entries[at].hash
    assert told(entries, head_of(entries)) == []
    assert told(entries, head_of(entries), point) == [("changed", 4)]


@settings(max_examples=20)
@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.booleans(), st.text(max_size=5)), max_size=4))
def test_the_hash_does_not_depend_on_the_order_of_the_payload(payload: dict[str, object]) -> None:
    def hashed(words: dict[str, object]) -> str:
        return entry_hash(
            sequence=1, at=AT, actor="a", action="b", subject="c", payload=words, previous_hash=GENESIS_HASH
        )

    assert hashed(payload) == hashed(dict(reversed(payload.items())))
