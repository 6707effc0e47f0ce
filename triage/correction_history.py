"""What people changed on a paper since it was last read, who did, and what had held the paper before."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from triage.corrections import differences
from triage.decisions import StoredExtraction
from triage.facts import Correction

_USER = "user:"


def changed_fields(versions: Sequence[StoredExtraction]) -> Mapping[str, frozenset[str]]:
    """By actor, the fields they changed in any version; a value that was only confirmed is not changed."""
    found: dict[str, frozenset[str]] = {}
    for before, after in pairwise(versions):
        fields = _changes(before, after).keys()
        if after.created_by.startswith(_USER) and fields:
            found[after.created_by] = found.get(after.created_by, frozenset()) | fields
    return found


def corrections(
    versions: Sequence[StoredExtraction], held: Iterable[tuple[int, frozenset[str]]]
) -> tuple[Correction, ...]:
    """What differs from what was last read from the paper, by field.

    Args:
        versions: all of the paper's, oldest first.
        held: the codes of each decision about it, with the version it was made from.
    """
    read = max((at for at, one in enumerate(versions) if not one.created_by.startswith(_USER)), default=0)
    since = versions[read:]
    last: dict[str, StoredExtraction] = {}
    for before, after in pairwise(since):
        last |= dict.fromkeys(_changes(before, after), after)
    if not last:
        return ()
    decided = [(version, codes) for version, codes in held if version >= since[0].version]
    return tuple(
        Correction(
            field=name,
            before=old,
            after=new,
            by=last[name].created_by.removeprefix(_USER),
            held_by=tuple(sorted({code for at, codes in decided if at < last[name].version for code in codes})),
        )
        for name, (old, new) in sorted(_changes(since[0], since[-1]).items())
    )


def _changes(before: StoredExtraction, after: StoredExtraction) -> dict[str, tuple[str | None, str | None]]:
    """Values that differ. A person's correction keeps the numbers of the lines; another reading tells nothing."""
    if not after.created_by.startswith(_USER):
        return {}
    found = differences(before.extraction, after.extraction)
    return {name: values for name, values in found.items() if values[0] != values[1]}
