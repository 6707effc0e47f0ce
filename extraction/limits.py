"""How much a document may be: what is over a limit is refused before it is opened further."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """Limits of one reading; the settings of the same names are their source."""

    max_bytes: int = 50_000_000
    max_pages: int = 200
    max_page_pixels: int = 80_000_000
    max_xml_depth: int = 100
