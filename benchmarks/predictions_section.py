"""A part of docs/predictions.md: what one model was measured to do, as text for the page and figures for RESULT."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a part found.

    Attributes:
        title: heading of the section.
        text: Markdown: how it was measured, the side-by-side table, what falls short.
        figures: by the name that the RESULT line shows.
        pictures: SVG text by file name under docs/img.
    """

    title: str
    text: str
    figures: Mapping[str, float]
    pictures: Mapping[str, str]
