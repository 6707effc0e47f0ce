"""A strip of till paper while it is being written: words with boxes, line by line, and where each value stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from core.documents import Box, Word

WIDTH = 595.0


@dataclass(slots=True, kw_only=True)
class Strip:
    """The paper strip while it is being written."""

    size: float
    advance: float
    y: float
    decimals: str
    words: list[Word] = field(default_factory=list)
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def put(self, text: str, x: float, *, names: Sequence[str] = (), scale: float = 1.0) -> float:
        """Text from x on; answers where more may follow."""
        first, advance = len(self.words), self.advance * scale
        for part in text.split():
            right = x + advance * len(part)
            self.words.append(Word(text=part, box=Box(x, self.y, right, self.y + self.size * scale)))
            x = right + advance
        for name in names:
            boxes = [w.box for w in self.words[first:]]
            place = {"page": 1, "box": [boxes[0].x0, boxes[0].top, boxes[-1].x1, boxes[-1].bottom], "text": text}
            self.seen.setdefault(name, []).append(place)
        return x

    def line(self, text: str, place: str, *, names: Sequence[str] = (), scale: float = 1.0) -> None:
        """A line at the left, in the middle or somewhere between; too long a one in as many lines as it needs."""
        room = int((WIDTH - 16) / (self.advance * scale))
        while text:
            part = text if len(text) <= room else text[:room].rsplit(" ", 1)[0]
            text = text[len(part) :].strip()
            middle = (WIDTH - self.advance * scale * len(part)) / 2
            self.put(part, max(middle if place == "centre" else 18.0, 8.0), names=names, scale=scale)
            self.down(scale)

    def right(self, text: str, edge: float, *, names: Sequence[str] = (), scale: float = 1.0) -> None:
        """Text that ends at an edge."""
        self.put(text, max(edge - self.advance * scale * len(text), 8.0), names=names, scale=scale)

    def down(self, lines: float = 1.0) -> None:
        """Feeds the paper."""
        self.y += 1.35 * self.size * lines

    def money(self, value: Decimal) -> str:
        """An amount as this till prints it."""
        return f"{value:.2f}".replace(".", self.decimals)


@dataclass(slots=True, kw_only=True)
class Till:
    """One receipt under way: where it is written, its lot, its words and its label."""

    strip: Strip
    rng: Random
    language: str
    country: str
    words: Mapping[str, str]
    label: dict[str, Any]

    def chance(self, share: float) -> bool:
        """Whether something with this chance happens."""
        return self.rng.random() < share
