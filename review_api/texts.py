"""Says the page's texts in a person's language: the English sentence is the name under which a catalogue keeps its own.

A language is one file, `catalogues/LANGUAGE.po`, read as it is when it is first wanted. English needs none.
"""

import gettext
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parent / "catalogues"
ENGLISH = "en"
_FACT = re.compile(r"%\((\w+)\)[sd]")
_SENTENCES_KEPT = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The texts of one language. What its catalogue does not have is said in English."""

    language: str
    known: gettext.NullTranslations
    patterns: Mapping[str, Sequence[tuple[re.Pattern[str], str]]] = field(default_factory=dict)

    def say(self, message: str, **facts: object) -> str:
        """A text with its facts: `say("Approved %(subject)s", subject="R-17")`. Plain text: pages escape it."""
        said = self.known.gettext(message) if message else ""
        return said % facts if facts else said

    def say_count(self, one: str, many: str, count: int, **facts: object) -> str:
        """A text about a number of things, in the form the number takes: `%(count)s` is the number, unless given."""
        return self.known.ngettext(one, many, count) % {"count": count, **facts}

    def sentence(self, text: str) -> str:
        """A whole sentence that was made elsewhere, in English, with its facts already in it.

        Findings and errors are stored and told in English. The catalogue knows their forms; what fits none of them
        stays as it is.
        """
        return text if self.language == ENGLISH or not text else _sentence(self, text)


def texts_of(language: str) -> Texts:
    """The texts of a language; an unknown one is English."""
    return _texts(language if language in languages() else ENGLISH)


@cache
def languages() -> Mapping[str, str]:
    """The languages there are, by tag, each under its own name."""
    tags = [ENGLISH, *sorted(file.stem for file in CATALOGUES.glob("*.po"))]
    return {tag: str(Locale.parse(tag).get_language_name(tag)).capitalize() for tag in tags}


def language_for(chosen: str | None, accept_language: str) -> str:
    """The language to speak: the chosen one, else the first of those the browser prefers, else English."""
    if chosen in languages():
        return str(chosen)
    return next((locale.language for locale in preferred(accept_language) if locale.language in languages()), ENGLISH)


def preferred(accept_language: str) -> Iterator[Locale]:
    """The locales a browser prefers, in its order, of those that are known."""
    for part in accept_language.split(","):
        tag = part.partition(";")[0].strip()
        locale = _locale(tag) if tag and tag != "*" else None
        if locale is not None:
            yield locale


def read_catalogue(file: Path) -> Catalog:
    """One language's file."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem, abort_invalid=True)


def texts_from(catalogue: Catalog, language: str) -> Texts:
    """The texts a catalogue holds."""
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    patterns: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    # The form that says most in words of its own first: "%(a)s of %(b)s" fits nearly everything.
    for message in sorted(catalogue, key=_own_words, reverse=True):
        if isinstance(message.id, str) and message.string and _FACT.search(message.id):
            patterns.setdefault(_FACT.split(message.id)[0].partition(" ")[0], []).append(
                (_pattern(message.id), str(message.string))
            )
    return Texts(language, gettext.GNUTranslations(compiled), patterns)


def _own_words(message: Message) -> int:
    return len("".join(_FACT.split(message.id)[::2])) if isinstance(message.id, str) else 0


def facts_in(message: str) -> frozenset[str]:
    """The names of the facts a text speaks of."""
    return frozenset(_FACT.findall(message))


@cache
def _texts(language: str) -> Texts:
    if language == ENGLISH:
        return Texts(ENGLISH, gettext.NullTranslations())
    return texts_from(read_catalogue(CATALOGUES / f"{language}.po"), language)


@lru_cache(maxsize=_SENTENCES_KEPT)
def _sentence(texts: Texts, text: str) -> str:
    said = _by_form(texts, text)
    if said != text:
        return said
    # History is told as `what · who`: who it was stays as it is.
    what, dot, who = text.rpartition(" · ")
    return f"{_by_form(texts, what)}{dot}{who}" if dot else text


def _by_form(texts: Texts, text: str) -> str:
    said = texts.known.gettext(text)
    if said != text:
        return said
    for start in (text.partition(" ")[0], ""):
        for pattern, translated in texts.patterns.get(start, ()):
            found = pattern.fullmatch(text)
            if found:
                return translated % found.groupdict()
    return text


def _pattern(message: str) -> re.Pattern[str]:
    """A text's form: what stands where its facts go is kept under their names; a fact told twice is the same twice."""
    parts, seen = _FACT.split(message.replace("%%", "%")), set[str]()
    form = re.escape(parts[0])
    for name, literal in zip(parts[1::2], parts[2::2], strict=True):
        form += (f"(?P={name})" if name in seen else f"(?P<{name}>.*?)") + re.escape(literal)
        seen.add(name)
    return re.compile(form, re.DOTALL)


@cache
def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
