"""Maps between a page as displayed and the same page set upright: turned by quarters, and straightened."""

import math
from dataclasses import dataclass

from core.documents import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How a page lies. Extraction works on the upright page, people see the displayed one.

    Attributes:
        width: of the displayed page, in points, like `height`.
        quarter: clockwise quarter turns by which its content is turned.
        skew: clockwise angle in radians by which the upright content still leans.
    """

    width: float
    height: float
    quarter: int = 0
    skew: float = 0.0

    def upright_size(self) -> tuple[float, float]:
        """Width and height once it is set upright."""
        return (self.height, self.width) if self.quarter % 2 else (self.width, self.height)

    def to_upright(self, box: Box) -> Box:
        """A displayed box, on the upright page."""
        return self.straighten(_turned(box, self.width, self.height, self.quarter))

    def to_display(self, box: Box) -> Box:
        """An upright box, on the displayed page."""
        width, height = self.upright_size()
        leaning = _moved(box, width, height, self.skew)
        return _turned(leaning, width, height, -self.quarter % 4)

    def straighten(self, box: Box) -> Box:
        """A box on the turned page, moved to where it is without the lean."""
        width, height = self.upright_size()
        return _moved(box, width, height, -self.skew)


def _turned(box: Box, width: float, height: float, quarters: int) -> Box:
    """A box on a page of this size, after the page is turned counter-clockwise by quarters."""
    if quarters == 0:
        return box
    if quarters == 1:
        return Box(box.top, width - box.x1, box.bottom, width - box.x0)
    if quarters == 2:
        return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
    return Box(height - box.bottom, box.x0, height - box.top, box.x1)


def _moved(box: Box, width: float, height: float, angle: float) -> Box:
    """The box with its middle turned clockwise about the page's middle; it keeps its own size."""
    if angle == 0:
        return box
    across, down = (box.x0 + box.x1 - width) / 2, (box.top + box.bottom - height) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    right, lower = across * cos - down * sin - across, across * sin + down * cos - down
    return Box(box.x0 + right, box.top + lower, box.x1 + right, box.bottom + lower)
