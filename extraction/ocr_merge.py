"""Brings together what two OCR engines read on one page: whose words are kept, and which words both read alike."""

from collections.abc import Sequence

from core.documents import Word

_OVERLAP = 0.3
_SURE = 0.85
_NEAR = 0.9
_EDGES = ".,:;|'\"`´-_*~ "


def merged(first: Sequence[Word], second: Sequence[Word]) -> tuple[Word, ...]:
    """The words of the engine that read more and surer, and those sure words of the other that it missed.

    Each says whether both engines read the same letters there. The second engine is asked where the first one is in
    doubt, so it is believed unless it read clearly less.
    """
    kept, other = (second, first) if _evidence(second) >= _NEAR * _evidence(first) else (first, second)
    words = [_marked(word, _beside(word, other)) for word in kept]
    missed = [word for word in other if _is_sure(word) and not _beside(word, kept)]
    return (*words, *(_marked(word, ()) for word in missed))


def _evidence(words: Sequence[Word]) -> float:
    """Letters and figures, each weighed by how far its word's confidence is above a coin's toss."""
    return sum(max(word.confidence - 0.5, 0.0) * sum(char.isalnum() for char in word.text) for word in words)


def _is_sure(word: Word) -> bool:
    return word.confidence >= _SURE and sum(char.isalnum() for char in word.text) > 1


def _beside(word: Word, others: Sequence[Word]) -> list[Word]:
    """What the other engine read at this place, from left to right: engines part words differently."""
    x0, top, x1, bottom = word.box
    middle = (top + bottom) / 2
    found = [
        other
        for other in others
        if other.box.top <= middle <= other.box.bottom or top <= (other.box.top + other.box.bottom) / 2 <= bottom
        if min(x1, other.box.x1) - max(x0, other.box.x0) > _OVERLAP * min(x1 - x0, other.box.x1 - other.box.x0)
    ]
    return sorted(found, key=lambda other: other.box.x0)


def _marked(word: Word, beside: Sequence[Word]) -> Word:
    there = "".join(other.text for other in beside)
    bare = word.text.strip(_EDGES)
    agreed = bare in there if bare else word.text in there
    return Word(text=word.text, box=word.box, confidence=word.confidence, agreed=agreed)
