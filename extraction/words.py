"""The words of every page where a person sees them: what can be selected, copied, and taken as a value."""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.documents import Page

if TYPE_CHECKING:
    from extraction.pipeline import ReadOptions
    from extraction.read import FramedReading


def words_of_pages(data: bytes, media_type: str, options: "ReadOptions") -> tuple[Page, ...]:
    """Every page with its words in reading order, boxes as displayed; a paper that came as data has none.

    Raises:
        ClearholdError: as `extraction.read`.
    """
    from extraction.read import read_framed

    return as_displayed(read_framed(data, media_type=media_type, limits=options.limits, ocr=options.ocr))


def as_displayed(framed: "FramedReading") -> tuple[Page, ...]:
    """The pages of a reading with every word where a person sees it."""
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
