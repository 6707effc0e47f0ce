"""A picture of a preview: a bar for each move, as long as the papers that move, its money beside it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _BAR, _ROW, _TOP = 640, 130, 250, 30, 48
_COLOURS = {"clear": "#7f9f3f", "sample": "#8064a2", "hold": "#d99a2b", "block": "#c0504d"}


def moves_svg(result: Mapping[str, Any], *, title: str) -> str:
    """Bars in the colour of where the papers would go."""
    moves: Sequence[Mapping[str, Any]] = result["moves"]
    most = max((move["papers"] for move in moves), default=1)
    height = _TOP + _ROW * max(len(moves), 1) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-size="12">',
        "<style>text { font-family: sans-serif }</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-size="14">{escape(title)}: {result["papers"]:,} papers, what would move</text>',
    ]
    if not moves:
        parts.append(f'<text x="12" y="{_TOP + 18}">nothing</text>')
    for number, move in enumerate(moves):
        y, length = _TOP + _ROW * number, _BAR * move["papers"] / most
        money = ", ".join(f"{Decimal(one['total']):,.0f} {one['currency']}" for one in move["money"][:3])
        more = " …" if len(move["money"]) > 3 else ""
        parts += [
            f'<text x="{_LEFT - 8}" y="{y + 16}" text-anchor="end">{move["from"]} → {move["to"]}</text>',
            f'<rect x="{_LEFT}" y="{y + 3}" width="{length:.1f}" height="18" fill="{_COLOURS[move["to"]]}"/>',
            f'<text x="{_LEFT + length + 8:.1f}" y="{y + 16}">{move["papers"]:,} · {escape(money)}{more}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
