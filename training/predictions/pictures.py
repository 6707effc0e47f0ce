"""Draws how a model did, as SVG text: reliability, lift by budget, error by horizon, a backtest with its interval.

Each picture lies on a plate of its own whose colours follow the reader's light or dark setting.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from training.predictions.metrics import Floats, reliability

COLOURS = ("#4a7ebb", "#c0504d", "#7f9f3f", "#8064a2", "#d99a2b", "#3a9c95", "#8a8a8a")
_WIDE, _HIGH, _LEFT, _TOP = 420, 260, 60, 40
_STYLE = (
    "<style>text{font:11px sans-serif;fill:#222}.plate{fill:#fff}.edge{fill:none;stroke:#888}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.plate{fill:#1d1f21}}</style>"
)
_CURVE_POINTS = 200
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Where values stand on the plate.

    Attributes:
        is_log: whether both axes go by powers of ten.
    """

    across: tuple[float, float]
    up: tuple[float, float]
    is_log: bool = False

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return _LEFT + _WIDE * self._share(value, self.across)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return _TOP + _HIGH * (1 - self._share(value, self.up))

    def _share(self, value: float, span: tuple[float, float]) -> float:
        low, high, at = (math.log10(v) for v in (*span, value)) if self.is_log else (*span, value)
        return min(max((at - low) / (high - low), 0.0), 1.0) if high > low else 0.5


def reliability_svg(
    came_true: npt.ArrayLike,
    probability: npt.ArrayLike,
    *,
    title: str,
    across: str = "probability said",
    up: str = "share come true",
    of: str = "subjects",
) -> str:
    """For ten equal bins of probability, the share that came true; the diagonal is what was promised."""
    axes = Axes(across=(0, 1), up=(0, 1))
    parts = _frame(axes, title, across, up, percent=True)
    parts.append(_path([(0, 0), (1, 1)], axes, "#888", dashes="4"))
    for number, (count, _, share) in enumerate(zip(*reliability(came_true, probability), strict=True)):
        if count:
            left, right, top = axes.x(number / 10) + 2, axes.x((number + 1) / 10) - 2, axes.y(share)
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{axes.y(0) - top:.1f}" '
                f'fill="{COLOURS[0]}" opacity="0.75"><title>{count:.0f} {escape(of)}, {share:.0%}</title></rect>'
            )
    return _closed(parts)


def lift_svg(
    loss: npt.ArrayLike, scores: Mapping[str, npt.ArrayLike], *, title: str, budget: float | None = None
) -> str:
    """How much of all loss is found by looking at the first share of cases, for each way of ordering them.

    Args:
        loss: what each case loses by waiting; 1 and 0 where only its number counts.
        scores: by way, what it orders the cases by, the highest first.
        budget: the share of cases there is time for.
    """
    losses = np.asarray(loss, dtype=np.float64)
    lines = {name: _captured(losses, np.asarray(score, dtype=np.float64)) for name, score in scores.items()}
    axes = Axes(across=(0, 1), up=(0, 1))
    parts = _frame(axes, title, "share of cases looked at", "share of the loss found", percent=True)
    parts.append(_path([(0, 0), (1, 1)], axes, "#888", dashes="4"))
    if budget is not None:
        parts.append(_path([(budget, 0), (budget, 1)], axes, "#888", dashes="2"))
    return _closed([*parts, *_drawn(lines, axes, right=True)])


def lines_svg(
    lines: Mapping[str, Line], *, title: str, across: str, up: str, is_log: bool = False, from_zero: bool = True
) -> str:
    """Lines over one pair of axes: pinball loss by horizon for each way, or time by size (`is_log`)."""
    kept = {name: [at for at in line if all(map(math.isfinite, at))] for name, line in lines.items()}
    points = [at for line in kept.values() for at in line] or [(1.0, 1.0)]
    low = min(y for _, y in points)
    axes = Axes(
        across=(min(x for x, _ in points), max(x for x, _ in points)),
        up=(0.0 if from_zero and not is_log else low, max(y for _, y in points)),
        is_log=is_log,
    )
    return _closed([*_frame(axes, title, across, up), *_drawn(kept, axes, dots=True)])


def backtest_svg(
    actual: npt.ArrayLike,
    forecasts: Mapping[str, npt.ArrayLike],
    *,
    title: str,
    between: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    across: str = "days",
    up: str = "units",
) -> str:
    """What was sold day by day, what each way had forecast, and the interval of the model as a band."""
    lines = {name: _counted(values) for name, values in {"actual": actual, **forecasts}.items()}
    band: list[tuple[float, float]] = []
    if between is not None:
        lower, upper = (_counted(edge) for edge in between)
        band = [*lower, *reversed(upper)]
    points = [at for line in (*lines.values(), band) for at in line if math.isfinite(at[1])] or [(0.0, 0.0)]
    top = max(y for _, y in points)
    axes = Axes(across=(0, max(x for x, _ in points)), up=(min(0.0, *(y for _, y in points)), top))
    parts = _frame(axes, title, across, up)
    if band:
        parts.append(f'<polygon points="{_points(band, axes)}" fill="{COLOURS[1]}" opacity="0.2"/>')
    return _closed([*parts, *_drawn(lines, axes)])


def _captured(losses: Floats, scores: Floats) -> list[tuple[float, float]]:
    """The curve, thinned to what a picture shows."""
    total, count = float(losses.sum()), len(losses)
    if not count or total <= 0:
        return [(0.0, 0.0), (1.0, 1.0)]
    found = np.concatenate([[0.0], np.cumsum(losses[np.argsort(-scores, kind="stable")])]) / total
    places = np.unique(np.linspace(0, count, min(count, _CURVE_POINTS) + 1).astype(np.int64))
    return [(float(place) / count, float(found[place])) for place in places]


def _counted(values: npt.ArrayLike) -> list[tuple[float, float]]:
    return [(float(place), float(value)) for place, value in enumerate(np.asarray(values, dtype=np.float64))]


def _drawn(lines: Mapping[str, Line], axes: Axes, *, right: bool = False, dots: bool = False) -> list[str]:
    """Every line with its name: at the top left, or at the bottom right where curves fill the top."""
    parts = []
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_path(line, axes, colour))
        if dots:
            parts += [f'<circle cx="{axes.x(x):.1f}" cy="{axes.y(y):.1f}" r="2.5" fill="{colour}"/>' for x, y in line]
        x, anchor = (_LEFT + _WIDE - 10, "end") if right else (_LEFT + 10, "start")
        y = _TOP + _HIGH - 8 - 14 * (len(lines) - 1 - number) if right else _TOP + 16 + 14 * number
        parts.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}" style="fill:{colour}">{escape(name)}</text>')
    return parts


def _path(line: Line, axes: Axes, colour: str, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{_points(line, axes)}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>'


def _points(line: Line, axes: Axes) -> str:
    return " ".join(f"{axes.x(x):.1f},{axes.y(y):.1f}" for x, y in line if math.isfinite(x) and math.isfinite(y))


def _frame(axes: Axes, title: str, across: str, up: str, *, percent: bool = False) -> list[str]:
    wide, high, middle = _WIDE + _LEFT + 24, _HIGH + _TOP + 44, _TOP + _HIGH / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">',
        _STYLE,
        f'<rect class="plate" width="{wide}" height="{high}"/>',
        f'<rect class="edge" x="{_LEFT}" y="{_TOP}" width="{_WIDE}" height="{_HIGH}"/>',
        f'<text x="{_LEFT}" y="24">{escape(title)}</text>',
        f'<text x="{_LEFT + _WIDE / 2}" y="{high - 8}" text-anchor="middle">{escape(across)}</text>',
        f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle">{escape(up)}</text>',
    ]
    parts += [
        f'<text x="{axes.x(value):.1f}" y="{_TOP + _HIGH + 16}" text-anchor="middle">{_said(value, percent)}</text>'
        for value in _marks(axes.across, is_log=axes.is_log)
    ]
    parts += [
        f'<text x="{_LEFT - 6}" y="{axes.y(value) + 4:.1f}" text-anchor="end">{_said(value, percent)}</text>'
        for value in _marks(axes.up, is_log=axes.is_log)
    ]
    return parts


def _marks(span: tuple[float, float], *, is_log: bool) -> list[float]:
    low, high = span
    if is_log:
        return [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    return [low + (high - low) * part / 4 for part in range(5)] if high > low else [low]


def _said(value: float, percent: bool) -> str:
    if percent:
        return f"{value:.0%}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _closed(parts: Sequence[str]) -> str:
    return "\n".join([*parts, "</svg>"]) + "\n"
