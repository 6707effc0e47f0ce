"""Knows a supplier's papers again: by identifiers that stand on them, and by a fingerprint of their fixed words.

An identifier alone is not enough: one bank account may serve many suppliers, and the buyer's VAT id is on every paper.
So the layout must be alike too, a little where an identifier agrees, very much where there is none.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from extraction.candidates import Candidate
from extraction.knowledge import PaperKeys, RememberedPaper
from extraction.layout import Layout
from extraction.values import squeeze

ALIKE_WITH_KEY = 0.3
ALIKE_ALONE = 0.7
_KINDS = ("vat", "gln", "iban")
_SKETCH = 96
_RARE = 48
_LEAST_LAYOUT = 8
_LEAST_LETTERS = 3
_COLUMNS = 8
_NUMBERS_OF_ITEM_ROW = 2
_GLN = re.compile(r"^\d{13}$")
_GLN_LABELS = frozenset({"gln", "iln"})
_GLN_REACH = 3
_LABEL_ENDS = ".,;:()[]"


def identifiers_of(layout: Layout, candidates: Iterable[Candidate]) -> frozenset[str]:
    """Every identifier on the pages that somebody may be known by; misread ones are left out."""
    found = {
        f"{candidate.kind}:{squeeze(candidate.value)}"
        for candidate in candidates
        if candidate.kind in {"vat", "iban"} and "invalid" not in candidate.marks
    }
    return frozenset(found | {f"gln:{gln}" for gln in _glns(layout)})


def fingerprint(layout: Layout) -> frozenset[int]:
    """The words of the first page that are not numbers nor in rows of items, with their rough column; a sketch of them.

    The smallest hashes are kept: sketches of like sets are as like as the sets.
    """
    if not layout.page_sizes:
        return frozenset()
    tokens: set[str] = set()
    width = layout.page_sizes[0][0]
    _, last = layout.rows_of_page(1)
    for row in layout.rows[:last]:
        words = layout.words[row.start : row.end]
        if sum(any(c.isdigit() for c in word.text) for word in words) >= _NUMBERS_OF_ITEM_ROW:
            continue
        for word in words:
            text = word.text.strip(_LABEL_ENDS)
            if len(text) >= _LEAST_LETTERS and text.isalpha():
                tokens |= {text := squeeze(text), f"{text} {int(word.box.x0 / width * _COLUMNS)}"}
    return frozenset(sorted(zlib.crc32(token.encode()) for token in tokens)[:_SKETCH])


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """How much two layouts share, 0 to 1: the Jaccard index, estimated from the sketches."""
    if min(len(one), len(other)) < _LEAST_LAYOUT:
        return 0.0
    union = sorted(one | other)[:_SKETCH]
    return len(one & other & frozenset(union)) / len(union)


def is_of(remembered: PaperKeys, identifiers: frozenset[str], layout: frozenset[int]) -> bool:
    """Whether a paper with these identifiers and this layout is one of the supplier's, as remembered.

    The strongest kind of identifier that both carry decides who it is from: another VAT id is another supplier, even
    with the same account. Another location number is not: every place of delivery has its own.
    """
    alike = likeness(remembered.layout, layout)
    for kind in _KINDS:
        own = {key for key in remembered.keys if _kind(key) == kind}
        seen = {key for key in identifiers - remembered.others if _kind(key) == kind}
        if own and seen and (own & seen or kind != "gln"):
            return bool(own & seen) and alike >= ALIKE_WITH_KEY
    return alike >= ALIKE_ALONE


def _kind(key: str) -> str:
    return key.partition(":")[0]


class MemoryIndex:
    """The corrected papers by identifier and by the rarer words of their layout, found without looking at all."""

    def __init__(self, memory: Sequence[RememberedPaper]) -> None:
        self._memory = memory
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[int, list[int]] = defaultdict(list)
        for number, remembered in enumerate(memory):
            for key in remembered.paper.keys:
                self._by_key[key].append(number)
            for word in remembered.paper.layout:
                self._by_word[word].append(number)

    def fitting(self, identifiers: frozenset[str], layout: frozenset[int]) -> list[RememberedPaper]:
        """Corrected papers of the same supplier or layout, the newest first."""
        numbers = {number for key in identifiers for number in self._by_key.get(key, ())}
        shared = Counter(
            number for word in layout if len(found := self._by_word.get(word, ())) <= _RARE for number in found
        )
        numbers |= {number for number, count in shared.items() if count >= _LEAST_LAYOUT}
        return [
            self._memory[number] for number in sorted(numbers) if is_of(self._memory[number].paper, identifiers, layout)
        ]


def newest_of_each(memory: Sequence[RememberedPaper]) -> tuple[RememberedPaper, ...]:
    """Without corrections that a newer one of the same field on the same kind of paper stands for; newest first."""
    kept: list[RememberedPaper] = []
    by_key: dict[str, list[RememberedPaper]] = defaultdict(list)
    for remembered in memory:
        paper = remembered.paper
        near = [newer for key in paper.keys or {""} for newer in by_key[key]]
        newer_fields = {
            correction.field
            for newer in near
            if is_of(newer.paper, paper.keys | paper.others, paper.layout)
            for correction in newer.corrections
        }
        left = tuple(one for one in remembered.corrections if one.field not in newer_fields)
        if left:
            kept.append(RememberedPaper(paper=paper, corrections=left))
            for key in paper.keys or {""}:
                by_key[key].append(kept[-1])
    return tuple(kept)


def _glns(layout: Layout) -> Iterable[str]:
    """Global location numbers with right check digits, after a label that calls them so."""
    for index, word in enumerate(layout.words):
        text = word.text.strip(_LABEL_ENDS)
        if _GLN.match(text) and _check_digit_is_right(text):
            before = layout.words[max(index - _GLN_REACH, 0) : index]
            if any(squeeze(label.text) in _GLN_LABELS and label.row == word.row for label in before):
                yield text


def _check_digit_is_right(digits: str) -> bool:
    """GS1: weights 1 and 3 in turn, the sum a multiple of ten."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
