"""Reads the line table."""

from core.documents import Row, Source
from extraction.bundle import Bundle
from extraction.features import Scene


def read_lines(scene: Scene, bundle: Bundle, source: Source, *, shipment: bool) -> tuple[Row, ...]:
    """Not yet."""
    return ()


def read_tax_breakdown(scene: Scene, source: Source) -> tuple[Row, ...]:
    """Not yet."""
    return ()
