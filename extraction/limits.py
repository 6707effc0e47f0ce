"""How much a document may be: what is over a limit is refused before it is opened further."""

from dataclasses import dataclass

from core.errors import TooLargeError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """Limits of one reading; the settings of the same names are their source."""

    max_bytes: int = 50_000_000
    max_pages: int = 200
    max_page_pixels: int = 80_000_000
    max_xml_depth: int = 100


def too_large(size: int, limits: ReadLimits) -> TooLargeError:
    """The refusal of a file with too many bytes."""
    return TooLargeError(
        "DOC-TOO-LARGE",
        f"It has {size:,} bytes; {limits.max_bytes:,} are allowed.",
        "Split it or scan it at a lower resolution, or raise CLEARHOLD_MAX_BYTES.",
    )


def too_many_pages(count: int | None, limits: ReadLimits) -> TooLargeError:
    """The refusal of a document with too many pages; without a count when nobody counted to the end."""
    counted = "too many" if count is None else f"{count:,}"
    return TooLargeError(
        "DOC-TOO-MANY-PAGES",
        f"It has {counted} pages; {limits.max_pages:,} are allowed.",
        "Split it into its papers, or raise CLEARHOLD_MAX_PAGES.",
    )


def too_many_pixels(width: int, height: int, limits: ReadLimits) -> TooLargeError:
    """The refusal of an image that is too big to decode."""
    return TooLargeError(
        "DOC-TOO-MANY-PIXELS",
        f"It holds an image of {width:,} × {height:,} pixels; {limits.max_page_pixels:,} a page are allowed.",
        "Scan it at a lower resolution (300 dpi is plenty), or raise CLEARHOLD_MAX_PAGE_PIXELS.",
    )
