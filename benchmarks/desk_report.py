"""Writes docs/desk-measured.md: what was measured stands between marks, part by part, the words around it by hand."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.desk_pages import Times
from benchmarks.desk_people import Worked
from benchmarks.desk_world import Size

PAGE = Path("docs/desk-measured.md")


def write_page(size: Size, found: Mapping[str, Sequence[Times]], worked: Worked | None) -> None:
    """Puts the new figures in; a part that was not measured stays as it was."""
    text = PAGE.read_text("utf-8")
    if found:
        text = _put(text, "pages", _pages(size, found))
    if worked is not None:
        text = _put(text, "people", _people(worked))
    PAGE.write_text(text, "utf-8")


def _put(text: str, part: str, table: str) -> str:
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{table}\n{end}", text, flags=re.DOTALL)


def _pages(size: Size, found: Mapping[str, Sequence[Times]]) -> str:
    names = list(found)
    head = "| asked | " + " | ".join(f"{name} p50 | {name} p95" for name in names) + " |"
    lines = [
        f"{size.cases:,} cases, {size.waiting:,} of which wait, {size.entries:,} audit entries; milliseconds.",
        "",
        head,
        "|---|" + "---:|---:|" * len(names),
    ]
    for row in zip(*found.values(), strict=True):
        cells = " | ".join(f"{one.at(0.5):.0f} | {one.at(0.95):.0f}" for one in row)
        lines.append(f"| {row[0].group}: {row[0].kind} | {cells} |")
    return "\n".join(lines)


def _people(worked: Worked) -> str:
    figures = worked.figures
    said = (
        f"{worked.people} people for {worked.minutes:g} minutes: {int(figures['requests']):,} requests; "
        f"{int(figures['claimed_twice'])} cases claimed twice, {int(figures['lost_writes'])} writes lost, "
        f"{int(figures['written_without_claim'])} written after a lost claim."
    )
    lines = [
        said,
        "",
        "| asked | times | p50 | p95 |",
        "|---|---:|---:|---:|",
    ]
    lines += [f"| {kind} | {count:,} | {half:.0f} | {most:.0f} |" for kind, count, half, most in worked.rows()]
    refused = ", ".join(f"`{code}` {count}" for code, count in sorted(worked.refused.items()))
    return "\n".join([*lines, "", f"Refused: {refused or 'nothing'}."])
