"""Reads the lines of a paper: the items of its table as fields, each with its confidence and its place."""

from core.documents import Row, Source
from extraction.bundle import Bundle
from extraction.features import Scene
from extraction.lines_fields import LineWriter, values_of
from extraction.lines_shipment import shipment_lines


def read_lines(scene: Scene, bundle: Bundle, source: Source, *, shipment: bool) -> tuple[Row, ...]:
    """The lines of the table whose items multiply out best; of a shipment paper, of that with the most goods."""
    writer = LineWriter(scene, bundle, source)
    if shipment:
        return tuple(writer.line(values) for values in shipment_lines(scene))
    return tuple(writer.line(values_of(scene, item, scene.lines.roles)) for item in scene.lines.items)
