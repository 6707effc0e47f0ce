"""Draws text on the pages of a PDF and remembers where each value was put, so that labels come with evidence."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

FONTS: dict[str, tuple[str, str, str]] = {
    "helvetica": ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "times": ("Times-Roman", "Times-Bold", "Times-Italic"),
    "courier": ("Courier", "Courier-Bold", "Courier-Oblique"),
    "vera": ("Vera", "VeraBd", "VeraIt"),
}
BLACK = (0.0, 0.0, 0.0)
_ASCENT, _DESCENT = 0.75, 0.22

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that is not broken over lines, and the name of the value it belongs to.

    `before` and `after` are punctuation that touches the text and is no part of the value.
    """

    text: str
    key: str | None = None
    before: str = ""
    after: str = ""

    @property
    def shown(self) -> str:
        """The text with what touches it."""
        return self.before + self.text + self.after


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a value (or a line of it) was printed: page from 1, box in points from the top left."""

    page: int
    box: tuple[float, float, float, float]
    text: str


def words_of(text: str, key: str | None = None) -> list[Token]:
    """Text as tokens that may be broken over lines at its spaces."""
    return [Token(word, key) for word in text.split(" ") if word]


class Pen:
    """A pen over a document under way. Coordinates are points from the top left; `y` is a baseline.

    Args:
        font: a key of `FONTS`.
        size: size of the ordinary text in points.
        password: when given, the PDF opens with it only.
    """

    def __init__(
        self, page_size: tuple[float, float], font: str, size: float, *, title: str, password: str | None = None
    ) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.width, self.height = page_size
        self.size = size
        self.page = 1
        self.seen: dict[str, list[Seen]] = {}
        self._fonts = FONTS[font]
        if font == "vera":
            _register_vera()
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(
            self._buffer, pagesize=page_size, invariant=1, pageCompression=1, encrypt=_lock(password)
        )
        self._canvas.setTitle(title)

    def text_width(self, text: str, *, size: float | None = None, bold: bool = False) -> float:
        """Width of a text in points."""
        return _string_width(text, self._font(bold, False), size or self.size)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        key: str | None = None,
        size: float | None = None,
        bold: bool = False,
        italic: bool = False,
        align: str = "left",
        colour: Colour = BLACK,
    ) -> float:
        """Draws one line at, before (`right`) or around (`centre`) x; answers the x where it ends."""
        return self.run(x, y, [Token(text, key)], size=size, bold=bold, italic=italic, align=align, colour=colour)

    def run(
        self,
        x: float,
        y: float,
        tokens: Sequence[Token],
        *,
        size: float | None = None,
        bold: bool = False,
        italic: bool = False,
        align: str = "left",
        colour: Colour = BLACK,
    ) -> float:
        """Draws tokens on one line with spaces between them; answers the x where the line ends."""
        font, size = self._font(bold, italic), size or self.size
        line = " ".join(token.shown for token in tokens)
        width = _string_width(line, font, size)
        start = x - width if align == "right" else x - width / 2 if align == "centre" else x
        self._canvas.setFont(font, size)
        self._canvas.setFillColorRGB(*colour)
        self._canvas.drawString(start, self.height - y, line)
        self._remember(start, y, tokens, font, size)
        return start + width

    def wrap(
        self, tokens: Iterable[Token], width: float, *, size: float | None = None, bold: bool = False
    ) -> list[list[Token]]:
        """Breaks tokens into lines no wider than `width`; a token wider than that is cut."""
        lines: list[list[Token]] = [[]]
        used = 0.0
        space = self.text_width(" ", size=size, bold=bold)
        for token in tokens:
            for piece in self._cut(token, width, size, bold):
                needed = self.text_width(piece.shown, size=size, bold=bold)
                if lines[-1] and used + space + needed > width:
                    lines.append([])
                    used = 0.0
                used += needed + (space if lines[-1] else 0.0)
                lines[-1].append(piece)
        return lines

    def paragraph(
        self,
        x: float,
        y: float,
        tokens: Iterable[Token],
        width: float,
        *,
        leading: float,
        size: float | None = None,
        bold: bool = False,
        align: str = "left",
        colour: Colour = BLACK,
    ) -> float:
        """Draws wrapped tokens, the first line on baseline y; answers the baseline after the last."""
        anchor = x + width if align == "right" else x + width / 2 if align == "centre" else x
        for line in self.wrap(tokens, width, size=size, bold=bold):
            if line:
                self.run(anchor, y, line, size=size, bold=bold, align=align, colour=colour)
            y += leading
        return y

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, weight: float = 0.5, colour: Colour = BLACK) -> None:
        """Draws a straight line."""
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(weight)
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def dashes(self, x0: float, y: float, x1: float) -> None:
        """Draws a dashed line, as old printers did."""
        self._canvas.saveState()
        self._canvas.setDash(3, 2)
        self._canvas.setLineWidth(0.5)
        self._canvas.setStrokeColorRGB(*BLACK)
        self._canvas.line(x0, self.height - y, x1, self.height - y)
        self._canvas.restoreState()

    def box(
        self,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        *,
        fill: Colour | None = None,
        line: Colour | None = BLACK,
    ) -> None:
        """Draws a rectangle, filled, outlined or both."""
        if fill is not None:
            self._canvas.setFillColorRGB(*fill)
        if line is not None:
            self._canvas.setStrokeColorRGB(*line)
            self._canvas.setLineWidth(0.5)
        self._canvas.rect(
            x0, self.height - bottom, x1 - x0, bottom - top, stroke=int(line is not None), fill=int(fill is not None)
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """Draws a filled circle around (x, y)."""
        self._canvas.setFillColorRGB(*colour)
        self._canvas.circle(x, self.height - y, radius, stroke=0, fill=1)

    def wedge(self, x: float, top: float, size: float, colour: Colour) -> None:
        """Draws a filled triangle that stands in a square."""
        path = self._canvas.beginPath()
        path.moveTo(x, self.height - top - size)
        path.lineTo(x + size, self.height - top - size)
        path.lineTo(x + size / 2, self.height - top)
        path.close()
        self._canvas.setFillColorRGB(*colour)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def stamp(self, x: float, y: float, text: str, *, size: float, angle: float, colour: Colour) -> None:
        """A framed word as a rubber stamp leaves it, turned; it says nothing of the paper's values."""
        width = self.text_width(text, size=size, bold=True)
        self._canvas.saveState()
        self._canvas.translate(x, self.height - y)
        self._canvas.rotate(angle)
        self._canvas.setFillColorRGB(*colour)
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(1.5)
        self._canvas.rect(-6, -size * 0.35, width + 12, size * 1.4, stroke=1, fill=0)
        self._canvas.setFont(self._font(True, False), size)
        self._canvas.drawString(0, 0, text)
        self._canvas.restoreState()

    def new_page(self) -> None:
        """Ends this page and begins another."""
        self._canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        """Ends the document and answers its bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def _font(self, bold: bool, italic: bool) -> str:
        return self._fonts[1 if bold else 2 if italic else 0]

    def _cut(self, token: Token, width: float, size: float | None, bold: bool) -> list[Token]:
        if self.text_width(token.shown, size=size, bold=bold) <= width:
            return [token]
        pieces, rest = [], token.shown
        while len(rest) > 1 and self.text_width(rest, size=size, bold=bold) > width:
            fits = len(rest) - 1
            while fits > 1 and self.text_width(rest[:fits], size=size, bold=bold) > width:
                fits -= 1
            pieces.append(Token(rest[:fits], token.key))
            rest = rest[fits:]
        return [*pieces, Token(rest, token.key)]

    def _remember(self, x: float, y: float, tokens: Sequence[Token], font: str, size: float) -> None:
        offset, index = 0.0, 0
        space = _string_width(" ", font, size)
        while index < len(tokens):
            end = index + 1
            while end < len(tokens) and tokens[end].key == tokens[index].key:
                end += 1
            first, last, key = tokens[index], tokens[end - 1], tokens[index].key
            shown = " ".join(token.shown for token in tokens[index:end])
            text = shown[len(first.before) : len(shown) - len(last.after)]
            width = _string_width(shown, font, size)
            if key is not None:
                left = x + offset + _string_width(first.before, font, size)
                right = x + offset + width - _string_width(last.after, font, size)
                box = (left, y - _ASCENT * size, right, y + _DESCENT * size)
                self.seen.setdefault(key, []).append(Seen(self.page, box, text))
            offset += width + space
            index = end


def _string_width(text: str, font: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, font, size))


def _lock(password: str | None) -> Any:
    if password is None:
        return None
    from reportlab.lib.pdfencrypt import StandardEncryption

    return StandardEncryption(password, ownerPassword=f"{password}, owner", strength=128)


@cache
def _register_vera() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in FONTS["vera"]:
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
