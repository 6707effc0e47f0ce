"""Lays a policy out for a page: sections in the trade's words, tables where rows share their settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.money import is_currency
from core.texts import N_
from review_api.policy_words import COLLAPSED, SECTIONS, label_of, name_of, parts_of, row_of, said, section_of
from review_api.presenting import NOTHING, Reader
from triage.policy import Policy
from triage.policy_difference import Difference, TextLine, settings_of

_TABLES = frozenset({"tolerances", "documents", "promises", "vat_rates"})
_AROUND = 3
NO_LIMIT = N_("unlimited")
_Settings = Sequence[tuple[list[str], str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a table says in one place."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A table of a section: rows that share their settings, or settings one below the other (without a head)."""

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a policy as it is shown."""

    name: str
    title: str
    note: str
    blocks: tuple[Block, ...]
    is_collapsed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A setting that differs, in words."""

    key: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines of a text around what differs; how many equal ones were left out before them."""

    left_out: int
    lines: tuple[TextLine, ...]


def sections(policy: Policy, reader: Reader) -> tuple[Section, ...]:
    """Every setting of a policy, each in exactly one section."""
    by_section: dict[str, list[tuple[list[str], str, str]]] = {name: [] for name in SECTIONS}
    for key, value in settings_of(policy).items():
        by_section[section_of(key)].append((parts_of(key), key, value))
    return tuple(
        Section(
            name=name,
            title=SECTIONS[name][0],
            note=SECTIONS[name][1],
            blocks=tuple(_blocks(name, found, reader)),
            is_collapsed=name in COLLAPSED,
        )
        for name, found in by_section.items()
        if found
    )


def changed(found: Sequence[Difference], reader: Reader) -> tuple[Changed, ...]:
    """Differences in words, as this reader writes numbers."""
    return tuple(
        Changed(
            key=one.key,
            label=label_of(one.key, reader),
            before=said(one.key, one.before, reader),
            after=said(one.key, one.after, reader),
        )
        for one in found
    )


def hunks(lines: Sequence[TextLine]) -> tuple[Hunk, ...]:
    """The lines that differ with a few around them; long equal passages are left out and counted."""
    near = {
        at
        for place, line in enumerate(lines)
        if line.sign != " "
        for at in range(place - _AROUND, place + _AROUND + 1)
        if 0 <= at < len(lines)
    }
    found: list[Hunk] = []
    last = -1
    for at in sorted(near):
        if not found or at != last + 1:
            found.append(Hunk(left_out=at - last - 1, lines=()))
        found[-1] = Hunk(left_out=found[-1].left_out, lines=(*found[-1].lines, lines[at]))
        last = at
    return tuple(found)


def _blocks(section: str, settings: _Settings, reader: Reader) -> list[Block]:
    tables: dict[str, dict[str, dict[str, str]]] = {}
    lists: dict[str, list[tuple[str, str, str]]] = {}
    for parts, key, value in settings:
        *groups, leaf = parts
        row = _table_row(section, groups, reader)
        if row is not None:
            table, name = row
            tables.setdefault(table, {}).setdefault(name, {})[leaf] = said(key, value, reader)
        else:
            caption, label = _place(section, groups, leaf, reader)
            lists.setdefault(caption, []).append((label, said(key, value, reader), value))
    return [
        *(_table(caption, rows, section, reader) for caption, rows in tables.items()),
        *(
            Block(caption=caption, head=(), rows=tuple((label, (_cell(text, reader),)) for label, text, _ in found))
            for caption, found in lists.items()
        ),
    ]


def _table_row(section: str, groups: Sequence[str], reader: Reader) -> tuple[str, str] | None:
    """The table and row a setting belongs to, when rows of its kind share their settings."""
    if not groups or section == "overrides":
        return None
    table, row = row_of(groups[-1])
    if row is not None:
        caption = "" if len(groups) == 1 or section == "vat_rates" else name_of(table, section, reader)
        return caption, row if section != "vat_rates" else f"{table} {row}"
    if section in _TABLES and len(groups) > 1:
        return "", name_of(groups[-1], section, reader)
    return None


def _place(section: str, groups: Sequence[str], leaf: str, reader: Reader) -> tuple[str, str]:
    """Under which caption a single setting stands, and what it is called there."""
    if section == "overrides":
        row = row_of(groups[0])[1] or ""
        return row[:1].upper() + row[1:], " · ".join(name_of(part, section, reader) for part in [*groups[1:], leaf])
    label = leaf if is_currency(leaf) else name_of(leaf, section, reader)
    return " · ".join(name_of(part, section, reader) for part in groups[1:]), label


def _table(caption: str, rows: Mapping[str, Mapping[str, str]], section: str, reader: Reader) -> Block:
    leaves = list(dict.fromkeys(leaf for row in rows.values() for leaf in row))
    is_named = not any(name.startswith("service ") for name in rows)
    return Block(
        caption=caption,
        head=tuple(
            Cell(
                text=name_of(leaf, section, reader),
                is_number=all(_cell(row.get(leaf, "0"), reader).is_number for row in rows.values()),
            )
            for leaf in leaves
        ),
        rows=tuple(
            (name if is_named else str(place), tuple(_cell(row.get(leaf, NOTHING), reader) for leaf in leaves))
            for place, (name, row) in enumerate(rows.items(), start=1)
        ),
    )


def _cell(text: str, reader: Reader) -> Cell:
    return Cell(text=text, is_number=text[:1].isdigit() or text == reader.say(NO_LIMIT))
