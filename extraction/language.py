"""Guesses a text's language from its commonest small words."""

import re
from collections import Counter
from collections.abc import Iterable

from extraction.lexicon import STOP_WORDS
from extraction.values import fold

_LANGUAGES: dict[str, list[str]] = {}
for _language, _words in STOP_WORDS.items():
    for _word in frozenset(_words.split()):
        _LANGUAGES.setdefault(_word, []).append(_language)
_EDGES = re.compile(r"^\W+|\W+$")
_LEAST_HITS = 2
_ENOUGH_WORDS = 2_000


def guess_language(words: Iterable[str]) -> str | None:
    """ISO 639-1 code of the language whose stop words are commonest; None when there are too few, or a tie."""
    counts: Counter[str] = Counter()
    for number, word in enumerate(words):
        if number == _ENOUGH_WORDS:
            break
        bare = _EDGES.sub("", fold(word))
        counts.update(_LANGUAGES.get(bare, ()))
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < _LEAST_HITS or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]
