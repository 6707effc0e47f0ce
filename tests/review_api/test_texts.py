"""The page's languages: catalogues are complete, a third is one file, and a text's facts stay what they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from review_api import gather_texts, rendering
from review_api.gather_sentences import sentence_forms
from review_api.gather_texts import all_texts, catalogue_text, is_translated, page_texts
from review_api.presenting import reader_of
from review_api.texts import CATALOGUES, facts_in, read_catalogue, texts_from
from tests.review_api.conftest import Desk, log_in

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILES = sorted(CATALOGUES.glob("*.po"))


@pytest.fixture(scope="module")
def said() -> frozenset[gather_texts.Said]:
    return all_texts()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_catalogue_says_all_that_is_said_and_nothing_else(file: Path, said: frozenset[gather_texts.Said]) -> None:
    catalogue = read_catalogue(file)
    held = {_id(message): is_translated(message) for message in catalogue if message.id}
    pages = said - (sentence_forms() - page_texts())
    assert sorted(str(one) for one in pages if not held.get(one)) == []
    assert sorted(str(one) for one in held if one not in said) == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_what_controls_find_is_told_in_every_language(file: Path) -> None:
    catalogue = read_catalogue(file)
    untold = [form for form in sentence_forms("triage/controls/") if not (catalogue.get(form) or Message("")).string]
    assert untold == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_translation_tells_the_facts_of_its_text(file: Path) -> None:
    entries = [message for message in read_catalogue(file) if message.id and is_translated(message)]
    unlike = [one.id for one in entries if facts_in(_forms(one)[-1]) != facts_in(_many(one))]
    wrong = unlike + [one.id for one in entries if any(facts_in(form) - facts_in(_many(one)) for form in _forms(one))]
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_catalogue_is_kept_in_alphabetical_order(file: Path) -> None:
    assert catalogue_text(read_catalogue(file)) == file.read_text("utf-8")


def test_a_language_is_chosen_by_the_person_then_the_browser_then_english() -> None:
    assert reader_of("fr-FR, de;q=0.8, en;q=0.7", NOW).texts.language == "de"
    assert reader_of("de-CH", NOW, "en").texts.language == "en"
    assert reader_of("fr-FR", NOW).texts.language == "en"
    assert reader_of("de-AT", NOW, "xx").tag == "de-AT"
    assert reader_of("de-AT, en-US", NOW, "en").tag == "en-US"


def test_a_sentence_told_in_english_is_said_in_the_language_with_its_facts() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("%(file)s was read in %(count)s s.", "In %(count)s s gelesen: %(file)s.")
    catalogue.add("100 %% right", "zu 100 %% richtig")
    german = texts_from(catalogue, "de")
    assert german.sentence("R-17 <b>%s</b>.pdf was read in 3 s.") == "In 3 s gelesen: R-17 <b>%s</b>.pdf."
    assert german.sentence("Nobody knows this.") == "Nobody knows this."


def test_of_two_forms_that_fit_the_one_that_says_more_is_taken() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("%(a)s of %(b)s", "%(a)s von %(b)s")
    catalogue.add("%(a)s is away until the end of %(b)s", "%(a)s fehlt bis Ende %(b)s")
    reader = texts_from(catalogue, "de")
    assert reader.sentence("anna is away until the end of May") == "anna fehlt bis Ende May"
    assert reader.sentence("page 1 of 2") == "page 1 von 2"


def test_german_counts_one_and_many() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add(("%(count)s paper", "%(count)s papers"), ("%(count)s Beleg", "%(count)s Belege"))
    german = texts_from(catalogue, "de")
    assert [german.say_count("%(count)s paper", "%(count)s papers", n) for n in (0, 1, 2)] == [
        "0 Belege",
        "1 Beleg",
        "2 Belege",
    ]


def test_facts_in_a_text_are_escaped_in_pages() -> None:
    template = rendering.environment("de").from_string('{{ _("%(count)s min", count=x) }}{% trans %}Name{% endtrans %}')
    assert template.render(x="<b>") == "&lt;b&gt; Min.Name"


def test_a_person_chooses_a_language_and_keeps_it_in_every_browser(desk: Desk) -> None:
    clerk = desk.client("ap_clerk", "anna")
    form = {"csrf": clerk.headers["X-CSRF-Token"], "language": "de", "next": "/documents"}
    answer = clerk.post("/language", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/documents")
    other = desk.stranger()
    log_in(other, "anna")
    page = other.get("/documents", headers={"Accept-Language": "en-GB"}).text
    assert '<html lang="de" ' in page or '<html lang="de-DE"' in page
    assert "Abmelden" in page
    assert other.get("/v1/me").json() == {"name": "anna", "role": "ap_clerk", "language": "de"}


def test_a_language_nobody_wrote_is_refused(desk: Desk) -> None:
    clerk = desk.client("ap_clerk", "anna")
    answer = clerk.put("/v1/me/language", json={"language": "tlh"})
    assert (answer.status_code, answer.json()["code"]) == (422, "LANGUAGE-UNKNOWN")


def test_the_login_speaks_the_language_chosen_in_this_browser(desk: Desk) -> None:
    stranger = desk.stranger()
    answer = stranger.get("/language/de", params={"next": "//evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Passwort" in stranger.get("/login").text


def _id(message: Message) -> gather_texts.Said:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else [*(message.string or ())]


def _many(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[1]
