"""Gathers every text that pages, scripts and Python say to people, and keeps the catalogues in step with them.

`python -m review_api.gather_texts`: adds what is missing to every catalogue, without a translation, and takes out what
nobody says any more. Entries stand in alphabetical order, without line numbers, so that two people's changes meet
seldom. A new language begins as an empty file, `catalogues/fr.po`. Translations are typed into the file, or given many
at once as a table with tabs, `English → German`, or `one → many → eins → viele`:
`python -m review_api.gather_texts de < table.tsv`.
"""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import normalize

from review_api.gather_sentences import sentence_forms
from review_api.texts import CATALOGUES, read_catalogue

HERE = Path(__file__).resolve().parent
ROOMS = ("core", "ingest", "extraction", "models", "triage", "review_api")
Said = str | tuple[str, str]

_SINGLE = None
_COUNTED = (1, 2)
_PYTHON: Mapping[str, tuple[int, ...] | None] = {"N_": _SINGLE, "say": _SINGLE, "say_count": _COUNTED}
_TEMPLATES: Mapping[str, tuple[int, ...] | None] = {
    "_": _SINGLE, "gettext": _SINGLE, "ngettext": _COUNTED, "say_count": _COUNTED,
}  # fmt: skip
_SCRIPTS: Mapping[str, tuple[int, ...] | None] = {"_": _SINGLE}
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "trimmed": "true", "silent": "false"}


def all_texts() -> frozenset[Said]:
    """Everything that is said anywhere; a text about a number is a pair, for one and for many."""
    return page_texts() | sentence_forms()


def page_texts() -> frozenset[Said]:
    """What the pages themselves say: every language has all of it."""
    return python_texts() | template_texts() | script_texts()


def python_texts() -> frozenset[Said]:
    """What Python says: `N_("…")` marks it, `reader.say("…")` and `reader.say_count("…", "…", n)` say it."""
    every = (file for room in ROOMS for file in sorted((HERE.parent / room).rglob("*.py")))
    files = (file for file in every if any(f"{name}(" in file.read_text("utf-8") for name in _PYTHON))
    return frozenset(_gathered("python", files, _PYTHON))


def template_texts() -> frozenset[Said]:
    """What templates say."""
    return frozenset(_gathered("jinja2", (HERE / "templates").glob("*.html"), _TEMPLATES, _JINJA))


@cache
def script_texts() -> frozenset[Said]:
    """What scripts say: pages of another language carry these along."""
    return frozenset(_gathered("javascript", (HERE / "static").glob("*.js"), _SCRIPTS))


def brought_in_step(catalogue: Catalog, said: Iterable[Said]) -> Catalog:
    """The catalogue with exactly these texts, translated where it had them."""
    kept = Catalog(locale=catalogue.locale)
    for text in said:
        single = text if isinstance(text, str) else text[0]
        known = catalogue.get(single)
        same = known is not None and (known.id == text)
        kept.add(text, known.string if known is not None and same else "")
    return kept


def catalogue_text(catalogue: Catalog) -> str:
    """A catalogue as its file: texts in alphabetical order."""
    count, form = get_plural(str(catalogue.locale))[:2]
    header = ("Language: {}\n", "Content-Type: text/plain; charset=UTF-8\n", "Plural-Forms: nplurals={}; plural={};\n")
    told = (header[0].format(catalogue.locale), header[1], header[2].format(count, form))
    first = 'msgid ""\nmsgstr ""\n' + "".join(f"{normalize(line, width=0)}\n" for line in told)
    entries = sorted((message for message in catalogue if message.id), key=_place)
    return "\n".join([first, *(_entry(message, count) for message in entries)])


def filled(catalogue: Catalog, table: str) -> Catalog:
    """The catalogue with the translations of a table; texts that nobody says are left out."""
    for row in filter(None, table.splitlines()):
        cells = row.split("\t")
        known = catalogue.get(cells[0])
        if known is not None and len(cells) == (2 if isinstance(known.id, str) else 2 + len(known.id)):
            known.string = cells[1] if isinstance(known.id, str) else tuple(cells[2:])
        else:
            sys.stderr.write(f"not said anywhere like that: {row}\n")
    return catalogue


def main(language: str | None = None) -> int:
    """Brings every catalogue in step and says what is still to be translated."""
    said = all_texts()
    for file in sorted(CATALOGUES.glob("*.po")):
        catalogue = brought_in_step(read_catalogue(file), said)
        if file.stem == language:
            catalogue = filled(catalogue, sys.stdin.read())
        file.write_text(catalogue_text(catalogue), encoding="utf-8")
        missing = [message.id for message in catalogue if message.id and not is_translated(message)]
        sys.stdout.write(f"{file.name}: {len(said)} texts, {len(missing)} without a translation\n")
    return 0


def is_translated(message: Message) -> bool:
    """Whether a catalogue says this text in its language."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _gathered(
    method: str,
    files: Iterable[Path],
    keywords: Mapping[str, tuple[int, ...] | None],
    options: Mapping[str, str] | None = None,
) -> Iterable[Said]:
    how = "jinja2.ext:babel_extract" if method == "jinja2" else method
    for file in files:
        with file.open("rb") as opened:
            for _, message, _, _ in extract(how, opened, keywords, (), options):
                yield message if isinstance(message, str) else (str(message[0]), str(message[1]))


def _place(message: Message) -> tuple[str, str]:
    single = message.id if isinstance(message.id, str) else message.id[0]
    return single.casefold(), single


def _entry(message: Message, count: int) -> str:
    if isinstance(message.id, str):
        return f"msgid {normalize(message.id, width=0)}\nmsgstr {normalize(str(message.string or ''), width=0)}\n"
    said = list(message.string) if isinstance(message.string, tuple | list) else []
    forms = (said + [""] * count)[:count]
    ids = f"msgid {normalize(message.id[0], width=0)}\nmsgid_plural {normalize(message.id[1], width=0)}\n"
    return ids + "".join(f"msgstr[{at}] {normalize(one, width=0)}\n" for at, one in enumerate(forms))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
