"""The words of every page where a person sees them: what can be selected, copied, and taken as a value."""

from dataclasses import replace

from core.documents import Page
from extraction.pipeline import ReadOptions


def words_of_pages(data: bytes, media_type: str, options: ReadOptions) -> tuple[Page, ...]:
    """Every page with its words in reading order, boxes as displayed; a paper that came as data has none.

    Raises:
        ClearholdError: as `extraction.read`.
    """
    from extraction.read import read_framed

    framed = read_framed(data, media_type=media_type, limits=options.limits, ocr=options.ocr)
    return tuple(
        replace(
            page,
            width=round(frame.width, 2),
            height=round(frame.height, 2),
            words=tuple(replace(word, box=frame.to_display(word.box)) for word in page.words),
            rulings=(),
        )
        for page, frame in zip(framed.reading.pages, framed.frames, strict=True)
    )
