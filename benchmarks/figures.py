"""Pictures of how far confidences can be trusted, as SVG: reliability, and how much is taken at what risk."""

from collections.abc import Mapping, Sequence

from training.predictions import pictures

_SIZE, _MARGIN = 260, 40
_FONT = 'font-family="sans-serif" font-size="11"'
_COLOURS = ("#4a7ebb", "#c0504d", "#7f9f3f", "#8064a2")


def reliability_svg(sure: Sequence[tuple[float, bool]], *, title: str) -> str:
    """For ten bins of confidence, the share that is right; the diagonal is what was promised."""
    return pictures.reliability_svg(
        [right for _, right in sure],
        [confidence for confidence, _ in sure],
        title=title,
        across="confidence",
        up="share right",
        of="values",
    )


def risk_coverage_svg(
    curves: Mapping[str, tuple[Sequence[tuple[float, bool]], int]], *, title: str, most_risk: float = 0.1
) -> str:
    """Taking values from the surest on: the share taken of all that are wanted, and the share of those that is wrong.

    Args:
        curves: by name, the values given (confidence, right) and how many were wanted.
        most_risk: where the upper edge stands.
    """
    parts = _frame(title, "share of wanted values taken", f"share of them wrong (top: {most_risk:.0%})")
    y99 = _MARGIN + _SIZE * (1 - 0.01 / most_risk)
    parts.append(f'<path d="M{_MARGIN} {y99:.1f}h{_SIZE}" stroke="#888" stroke-dasharray="4"/>')
    for number, (name, (sure, wanted)) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(
            f"{_MARGIN + _SIZE * taken:.1f},{_MARGIN + _SIZE * (1 - min(risk / most_risk, 1)):.1f}"
            for taken, risk in risk_curve(sure, wanted)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{_MARGIN + 8}" y="{_MARGIN + 14 + 14 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def risk_curve(sure: Sequence[tuple[float, bool]], wanted: int) -> list[tuple[float, float]]:
    """Pairs of (share of wanted values taken, share of the taken that is wrong), from the surest value on."""
    curve, wrong = [], 0
    for number, (_, right) in enumerate(sorted(sure, key=lambda pair: -pair[0]), 1):
        wrong += not right
        curve.append((number / max(wanted, 1), wrong / number))
    return curve


def _frame(title: str, across: str, up: str) -> list[str]:
    side, middle = _SIZE + 2 * _MARGIN, _MARGIN + _SIZE / 2
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" {_FONT}>',
        f'<rect width="{side}" height="{side}" fill="#fff"/>',
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#888"/>',
        f'<text x="{_MARGIN}" y="24">{title}</text>',
        f'<text x="{middle}" y="{side - 10}" text-anchor="middle">{across}</text>',
        f'<text x="16" y="{middle}" transform="rotate(-90 16 {middle})" text-anchor="middle">{up}</text>',
    ]


def found_svg(planted: Mapping[str, int], found: Mapping[str, int]) -> str:
    """A bar for each control: faults planted, of which found; what was missed stays pale."""
    names, step, left, width = sorted(planted), 18, 190, 420
    most, height = max(planted.values(), default=1), 40 + 18 * len(planted)
    whole = left + width + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {height}" {_FONT}>',
        f'<rect width="{whole}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="20">Faults planted (pale) and found, by the control that must find them</text>',
    ]
    for place, name in enumerate(names):
        y = 32 + step * place
        wide, hit = (width * counts.get(name, 0) / most for counts in (planted, found))
        parts += [
            f'<text x="{left - 8}" y="{y + 11}" text-anchor="end">{name}</text>',
            f'<rect x="{left}" y="{y}" width="{wide:.1f}" height="13" fill="{_COLOURS[0]}" opacity="0.25"/>',
            f'<rect x="{left}" y="{y}" width="{hit:.1f}" height="13" fill="{_COLOURS[0]}"/>',
            f'<text x="{left + wide + 6:.1f}" y="{y + 11}">{found.get(name, 0)} of {planted[name]}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
