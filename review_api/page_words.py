"""Keeps the words of pages beside their images: from the first reading, else read when somebody asks for them."""

from collections.abc import Iterable, Mapping

from core.canonical import canonical_json
from core.documents import Page
from core.errors import NotFoundError
from ingest import documents, erasures
from review_api.page_cache import PageCache
from review_api.papers import Renderer
from review_api.services import Services


def page_words(services: Services, renderer: Renderer, document_id: str, number: int) -> bytes:
    """The words of one page as JSON. Where this node has not read the paper, a limited child reads it now.

    Raises:
        NotFoundError: `DOC-NOT-FOUND`, `DOC-PAGE` when there is no such page.
    """
    from extraction.pipeline import ReadOptions
    from extraction.words import words_of_pages

    with services.db.read() as session:
        erasures.check_there(session, document_id)
        document = documents.get(session, document_id)
    kept = services.pages.get(document.sha256, f"{number}.json")
    if kept is not None:
        return kept
    options = ReadOptions.from_settings(services.settings, document)
    data = services.store.get(document.sha256)
    pages = renderer.executor.submit(words_of_pages, data, document.media_type, options).result()
    made = keep_words(services.pages, document.sha256, pages)
    if number not in made:
        raise NotFoundError("DOC-PAGE", f"The document has no page {number}.", "Pages count from 1.")
    return made[number]


def keep_words(cache: PageCache, sha256: str, pages: Iterable[Page]) -> Mapping[int, bytes]:
    """Keeps what was read on the pages of a document, and gives it back by number of page."""
    return {
        page.number: cache.put(sha256, f"{page.number}.json", canonical_json(_to_json(page)).encode()) for page in pages
    }


def _to_json(page: Page) -> dict[str, object]:
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "words": [{"text": word.text, "box": [round(edge, 1) for edge in word.box]} for word in page.words],
    }
