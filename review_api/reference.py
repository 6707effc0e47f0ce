"""Turns the settings, feeds, exception categories and events the code knows into the pages of `docs/` about them.

`python -m review_api.reference` writes `settings.md`, `feeds.md`, `taxonomy.md` and `events.md` there; a test holds
them to the code.
"""

from pathlib import Path

from core.settings import Settings
from ingest.feeds import FEEDS, FeedSpec
from triage import policies
from triage.events import events_page
from triage.policy import load_policy
from triage.taxonomy import taxonomy_page

DOCS = Path(__file__).resolve().parent.parent / "docs"


def settings_page() -> str:
    """Every setting with its default and what it is for."""
    lines = [
        "# Settings",
        "",
        "Made from `core/settings.py`; change it there. Each is an environment variable.",
        "",
        "| variable | default | |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `CLEARHOLD_{name.upper()}` | {default} | {field.description or ''} |")
    return "\n".join(lines) + "\n"


def feeds_page() -> str:
    """Every feed with its columns, types and key."""
    lines = [
        "# ERP feeds",
        "",
        "Made from `ingest/feeds.py`; change it there. `clearhold feed NAME FILE…` takes CSV (UTF-8; comma, semicolon",
        "or tab), Parquet or JSON Lines, all or nothing per file. **Bold** columns are required, those with a ★ name",
        "the row: loading the same row again changes nothing, a newer row with the same key replaces it and the old",
        "one is kept. Columns called `x_…` are kept in any feed. Instants without a time zone are taken as UTC.",
        "",
    ]
    for spec in FEEDS.values():
        lines += [f"## {spec.name}", "", *_columns(spec), ""]
    return "\n".join(lines)


def categories_page() -> str:
    """Every exception category under the built-in policy."""
    return taxonomy_page(load_policy(policies.built_in_text()))


def _columns(spec: FeedSpec) -> list[str]:
    rows = ["| column | type |", "|---|---|"]
    for column in spec.columns:
        name = f"**{column.name}**" if column.is_required else column.name
        rows.append(f"| {name}{' ★' if column.is_key else ''} | {column.type.value} |")
    return rows


def main() -> None:
    """Writes the pages."""
    (DOCS / "settings.md").write_text(settings_page(), encoding="utf-8")
    (DOCS / "feeds.md").write_text(feeds_page(), encoding="utf-8")
    (DOCS / "taxonomy.md").write_text(categories_page(), encoding="utf-8")
    (DOCS / "events.md").write_text(events_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
