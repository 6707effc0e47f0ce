"""Keeps the words of pages beside their images: from the first reading, else read when somebody asks for them."""

from collections.abc import Iterable
from pathlib import Path

from core.canonical import canonical_json
from core.documents import Page
from core.errors import NotFoundError
from core.settings import Settings
from ingest import documents
from review_api.papers import Renderer, keep_file
from review_api.services import Services


def page_words(services: Services, renderer: Renderer, document_id: str, number: int) -> Path:
    """The words of one page as JSON. Where this node has not read the paper, a limited child reads it now.

    Raises:
        NotFoundError: `DOC-NOT-FOUND`, `DOC-PAGE` when there is no such page.
    """
    from extraction.pipeline import ReadOptions
    from extraction.words import words_of_pages

    with services.db.read() as session:
        document = documents.get(session, document_id)
    kept = _file(services.settings, document.sha256, number)
    if not kept.exists():
        options = ReadOptions.from_settings(services.settings, document)
        data = services.store.get(document.sha256)
        pages = renderer.executor.submit(words_of_pages, data, document.media_type, options).result()
        keep_words(services.settings, document.sha256, pages)
        if not 1 <= number <= len(pages):
            raise NotFoundError("DOC-PAGE", f"The document has no page {number}.", "Pages count from 1.")
    return kept


def keep_words(settings: Settings, sha256: str, pages: Iterable[Page]) -> None:
    """Keeps what was read on the pages of a document."""
    for page in pages:
        keep_file(_file(settings, sha256, page.number), canonical_json(_to_json(page)).encode())


def _file(settings: Settings, sha256: str, number: int) -> Path:
    return settings.home / "pages" / sha256 / f"{number}.json"


def _to_json(page: Page) -> dict[str, object]:
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "words": [{"text": word.text, "box": [round(edge, 1) for edge in word.box]} for word in page.words],
    }
