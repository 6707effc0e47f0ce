"""Reads the lines of a paper: the items of its table as fields, each with its confidence and its place."""

from core.documents import Row, Source
from extraction.bundle import Bundle
from extraction.features import Scene
from extraction.lines_fields import LineWriter


def read_lines(scene: Scene, bundle: Bundle, source: Source, *, shipment: bool) -> tuple[Row, ...]:
    """The lines of the table that gives the most items that multiply out (or, without prices, the most items)."""
    writer = LineWriter(scene, bundle, source)
    return tuple(writer.line(item, scene.lines.roles, shipment=shipment) for item in scene.lines.items)
