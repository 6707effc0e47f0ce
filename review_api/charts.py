"""Draws charts for pages, as SVG text: lines over time and bars, each named where it is drawn, readable in grey.

Colours are the page's (`charts.css`): a class says what a mark is, nothing here says how it looks. Who cannot see it is
told its title and what it shows; the page has the figures beside it as a table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 220, 52, 84, 34, 24
_BAR, _LABEL, _ROOM, _LONGEST = 26, 190, 96, 30
_APART = 14
_MARK_ROWS = 2
_HALF = 0.5
_LETTER = 6.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line: its name stands at its end. `is_second` draws it dashed, so that two differ without colour."""

    name: str
    values: Sequence[float | None]
    is_second: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that changed: a line across at a place between the values (0 is the first) with words above it."""

    place: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """An interval around a line."""

    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its words; `href` leads to what it counts."""

    name: str
    value: float
    words: str
    href: str | None = None


def line_chart(
    key: str,
    title: str,
    *,
    said: str,
    labels: Sequence[str],
    series: Sequence[Series],
    words: Callable[[float], str],
    marks: Sequence[Mark] = (),
    band: Band | None = None,
    highest: float | None = None,
) -> Markup:
    """Values in order, from zero up.

    Args:
        key: names the chart on its page.
        said: what it shows, for who cannot see it.
        labels: what the values stand over.
        words: how a value is written.
        highest: the top of the scale, where it is not the highest value.
    """
    known = [value for line in series for value in line.values if value is not None]
    known += [value for value in (band.high if band else ()) if value is not None]
    top = highest or _round_up(max(known, default=0.0))
    scale = _Scale(len(labels), top)
    parts = [*_frame(scale, labels, words)]
    if band is not None:
        parts += _band(scale, band)
    parts += _marks(scale, marks)
    parts += [part for line in series for part in _line(scale, line, words)]
    parts += _names(scale, series)
    return _whole(key, title, said, _HIGH, parts)


def bar_chart(key: str, title: str, *, said: str, bars: Sequence[Bar]) -> Markup:
    """Bars from the left, each with its name before it and its value behind it."""
    top = max((bar.value for bar in bars), default=0.0) or 1.0
    parts = []
    for number, bar in enumerate(bars):
        y, length = number * _BAR, (_WIDE - _LABEL - _ROOM) * bar.value / top
        name = escape(bar.name if len(bar.name) <= _LONGEST else f"{bar.name[: _LONGEST - 1]}…")
        label = Markup('<text class="name" x="{}" y="{}" text-anchor="end">{}</text>').format(_LABEL - 8, y + 17, name)
        parts += [
            Markup('<a href="{}">{}</a>').format(bar.href, label) if bar.href else label,
            Markup('<rect class="length" x="{}" y="{}" width="{:.1f}" height="{}"><title>{}: {}</title></rect>').format(
                _LABEL, y + 4, max(length, 1.0), _BAR - 8, bar.name, bar.words
            ),
            Markup('<text class="value" x="{:.1f}" y="{}">{}</text>').format(_LABEL + length + 6, y + 17, bar.words),
        ]
    return _whole(key, title, said, max(len(bars), 1) * _BAR + 2, parts)


class _Scale:
    """Where values stand in a chart of lines."""

    def __init__(self, count: int, top: float) -> None:
        self.count, self.top = count, top or 1.0

    def x(self, place: float) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * (place / (self.count - 1) if self.count > 1 else 0.5)

    def y(self, value: float) -> float:
        return _TOP + (_HIGH - _TOP - _BOTTOM) * (1 - min(max(value / self.top, 0.0), 1.0))


def _frame(scale: _Scale, labels: Sequence[str], words: Callable[[float], str]) -> list[Markup]:
    parts = []
    for part in (0.0, 0.5, 1.0):
        y = scale.y(scale.top * part)
        parts.append(Markup('<path class="rule" d="M{} {:.1f}H{}"/>').format(_LEFT, y, _WIDE - _RIGHT))
        parts.append(
            Markup('<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                _LEFT - 6, y + 4, words(scale.top * part)
            )
        )
    every = max(1, -(-len(labels) // 7))
    for place, label in enumerate(labels):
        if place % every == 0:
            at = Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
            parts.append(at.format(scale.x(place), _HIGH - 6, label))
    return parts


def _line(scale: _Scale, line: Series, words: Callable[[float], str]) -> list[Markup]:
    """A line with a gap where nothing is known; a point that stands alone shows as its dot."""
    style = "second" if line.is_second else "first"
    parts: list[Markup] = []
    known = [(place, value) for place, value in enumerate(line.values) if value is not None]
    for _, group in groupby(enumerate(known), key=lambda at: at[1][0] - at[0]):
        run = [at for _, at in group]
        points = " ".join(f"{scale.x(place):.1f},{scale.y(value):.1f}" for place, value in run)
        parts.append(Markup('<polyline class="{}" points="{}"/>').format(style, points))
    for place, value in known:
        dot = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2.5"><title>{}: {}</title></circle>')
        parts.append(dot.format(style, scale.x(place), scale.y(value), line.name, words(value)))
    return parts


def _names(scale: _Scale, series: Sequence[Series]) -> list[Markup]:
    """The lines' names at their ends, pushed apart where they would lie on one another."""
    ends = []
    for line in series:
        known = [(place, value) for place, value in enumerate(line.values) if value is not None]
        if known:
            ends.append((scale.y(known[-1][1]) + 4, scale.x(known[-1][0]) + 8, line))
    ends.sort(key=lambda at: at[0])
    # So far up that the last of them stays above the axis, and clear of its words.
    room = [_HIGH - _BOTTOM - _APART * after for after in range(len(ends) - 1, -1, -1)]
    parts, lowest = [], 0.0
    for (y, x, line), most in zip(ends, room, strict=True):
        lowest = max(min(y, most), lowest + _APART)
        style = "second" if line.is_second else "first"
        parts.append(Markup('<text class="end {}" x="{:.1f}" y="{:.1f}">{}</text>').format(style, x, lowest, line.name))
    return parts


def _marks(scale: _Scale, marks: Sequence[Mark]) -> list[Markup]:
    """Lines across, those at one place together; words go to a lower row where they would meet."""
    parts: list[Markup] = []
    taken = [0.0] * _MARK_ROWS
    for place, those in groupby(sorted(marks, key=lambda mark: mark.place), key=lambda mark: mark.place):
        words = ", ".join(mark.words for mark in those)
        x, wide = scale.x(place), len(words) * _LETTER
        left = min(max(x, _LEFT), _WIDE - wide)
        parts.append(
            Markup('<path class="mark" d="M{:.1f} {}V{}"><title>{}</title></path>').format(
                x, _TOP - 4, _HIGH - _BOTTOM, words
            )
        )
        row = next((number for number, end in enumerate(taken) if left > end), None)
        if row is not None:
            taken[row] = left + wide + 8
            parts.append(Markup('<text class="changed" x="{:.1f}" y="{}">{}</text>').format(left, 11 + 13 * row, words))
    return parts


def _band(scale: _Scale, band: Band) -> list[Markup]:
    edges = [(float(place), low, high) for place, (low, high) in enumerate(zip(band.low, band.high, strict=True))]
    known = [(place, low, high) for place, low, high in edges if low is not None and high is not None]
    if not known:
        return []
    if len(known) == 1:
        ((place, low, high),) = known
        known = [(place - _HALF, low, high), (place + _HALF, low, high)]
    there = [f"{scale.x(place):.1f},{scale.y(high):.1f}" for place, _, high in known]
    back = [f"{scale.x(place):.1f},{scale.y(low):.1f}" for place, low, _ in reversed(known)]
    return [Markup('<polygon class="band" points="{}"/>').format(" ".join([*there, *back]))]


def _whole(key: str, title: str, said: str, high: int, parts: Sequence[Markup]) -> Markup:
    opening = Markup(
        '<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-labelledby="{key}-title {key}-said">'
        '<title id="{key}-title">{title}</title><desc id="{key}-said">{said}</desc>'
    ).format(wide=_WIDE, high=high, key=key, title=title, said=said)
    return Markup("").join([opening, *parts, Markup("</svg>")])


def _round_up(value: float) -> float:
    """The next round number: one, two or five times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** len(str(int(value))) / 10 if value >= 1 else 10.0**-3
    while True:
        for step in (1, 2, 5):
            if value <= step * power:
                return step * power
        power *= 10
