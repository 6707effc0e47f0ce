"""Draws touchless share against risk, as SVG: every set of thresholds that was tried, its bound, and where today is."""

from triage.promise import CurvePoint
from triage.promises import PromiseVersion

_WIDE, _HIGH, _LEFT, _TOP = 460, 260, 56, 40
_LINE, _BOUND, _TODAY = "#4a7ebb", "#c0504d", "#2f6b2f"


def curve_svg(version: PromiseVersion) -> str:
    """The curve of one kind of paper; the dashed line is what is tolerated, the dot is today."""
    tolerated = float(version.error_pct) / 100
    top = max(4 * tolerated, 1e-6)
    kind = version.kind.replace("_", " ")
    title = f"{kind}: touchless share against risk, {version.papers:,} labelled papers"
    parts = [*_frame(title, top), _level(tolerated, top)]
    parts += [
        _polyline([(at.touchless, at.bound) for at in version.curve], top, _BOUND, "4 2"),
        _polyline([(at.touchless, at.risk) for at in version.curve], top, _LINE, ""),
    ]
    if version.point is not None:
        parts += _today(version.point, top)
    words = ((_LINE, "wrong among them"), (_BOUND, f"upper bound at {version.confidence_pct} %"), (_TODAY, "today"))
    parts += [
        f'<text x="{_LEFT + 10}" y="{_TOP + 16 + 15 * place}" fill="{colour}">{word}</text>'
        for place, (colour, word) in enumerate(words)
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame(title: str, top: float) -> list[str]:
    wide, high = _WIDE + _LEFT + 24, _HIGH + _TOP + 44
    marks = [
        f'<text x="{_LEFT + _WIDE * share:.1f}" y="{_TOP + _HIGH + 16}" text-anchor="middle">{share:.0%}</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    marks += [
        f'<text x="{_LEFT - 6}" y="{_TOP + _HIGH * (1 - part) + 4:.1f}" text-anchor="end">{top * part:.2%}</text>'
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11">',
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_WIDE}" height="{_HIGH}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT}" y="24">{title}</text>',
        f'<text x="{_LEFT + _WIDE / 2}" y="{high - 8}" text-anchor="middle">share of papers cleared untouched</text>',
        *marks,
    ]


def _level(tolerated: float, top: float) -> str:
    return f'<path d="M{_LEFT} {_up(tolerated, top):.1f}h{_WIDE}" stroke="#888" stroke-dasharray="4"/>'


def _polyline(points: list[tuple[float, float]], top: float, colour: str, dashes: str) -> str:
    shown = " ".join(f"{_across(touchless):.1f},{_up(risk, top):.1f}" for touchless, risk in points)
    return f'<polyline points="{shown}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dashes}"/>'


def _today(point: CurvePoint, top: float) -> list[str]:
    x, y = _across(point.touchless), _up(point.risk, top)
    said = f"today: {point.touchless:.1%} untouched, {point.risk:.2%} wrong, at most {point.bound:.2%}"
    return [
        f'<path d="M{x:.1f} {y:.1f}V{_up(point.bound, top):.1f}" stroke="{_TODAY}"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_TODAY}"><title>{said}</title></circle>',
    ]


def _across(touchless: float) -> float:
    return _LEFT + _WIDE * touchless


def _up(risk: float, top: float) -> float:
    return _TOP + _HIGH * (1 - min(risk / top, 1.0))
