"""What a house knows besides the paper: corrections remembered under a supplier's keys, and what its ERP names.

It is a plain value with a version of its own, so that a reading can say which knowledge it was made with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from core.canonical import sha256_of

if TYPE_CHECKING:
    from extraction.knowledge_keys import MemoryIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a corrected value stood, told by what does not change from paper to paper.

    Attributes:
        page, from_end: its page, from the front (1 is the first) and from the back (0 is the last).
        left: the words left of it on its row, folded, the nearest last; empty when there are none.
        above: the words over it in its column, and `above_gap` text heights between.
        x0, x1, top: its edges as shares of the page's width and height.
        words: how many words it has.
        shape: its letters as `A` and digits as `9`, runs as one: `RE-2026/0034` is `A-9/9`.
        length: its characters.
    """

    page: int
    from_end: int
    left: str
    above: str
    above_gap: float
    x0: float
    x1: float
    top: float
    words: int
    shape: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person's correction of one field, as it counts for the next paper.

    Attributes:
        on: the day it was made, ISO 8601, for the reason a person is shown.
        weight: 0 to 1, less when people have since contradicted it.
    """

    memory_id: str
    field: str
    place: Place
    on: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKeys:
    """How a supplier's papers are known again.

    Attributes:
        keys: identifiers of the supplier that stood on it: `vat:…`, `iban:…`, `gln:…`.
        others: identifiers on it that are not the supplier's, such as the buyer's VAT id.
        layout: fingerprint of the words that stand on every paper of this layout.
    """

    keys: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    layout: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What a corrected paper teaches: how its like are known, and the place of each value that stands on it."""

    paper: PaperKeys = field(default_factory=PaperKeys)
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedPaper:
    """A paper that was corrected: how papers like it are known again, and what to read where on them."""

    paper: PaperKeys
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the ERP names, each squeezed to letters and digits. All of it may be missing.

    Bank accounts are not among it: of two accounts on a paper the one we know must not look likelier, or a stranger's
    beside it would not be seen.
    """

    order_numbers: frozenset[str] = frozenset()
    vat_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    item_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Everything known besides the paper. The same knowledge reads many papers, so its index is kept.

    Attributes:
        memory: corrected papers, the newest correction first.
        version: SHA-256 of the canonical JSON of the rest; None when nothing is known.
    """

    memory: tuple[RememberedPaper, ...] = ()
    hints: Hints = field(default_factory=Hints)
    version: str | None = None

    @cached_property
    def index(self) -> "MemoryIndex":
        """What is remembered, by what papers are known by."""
        from extraction.knowledge_keys import MemoryIndex

        return MemoryIndex(self.memory)

    @cached_property
    def crowds(self) -> Mapping[int, float]:
        """For numbers of so many digits, the share of all of them that are open orders or items: chance hits."""
        numbers = (*self.hints.order_numbers, *self.hints.item_ids)
        counts = Counter(len(number) for number in numbers if number.isdecimal())
        return {digits: min(count / 10**digits, 1.0) for digits, count in counts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeWeights:
    """How much knowledge counts, in log-odds beside the trees' score; a bundle may carry its own.

    The default of each is the logarithm of how much oftener it is seen with right values than with wrong ones, as
    `benchmarks.memory` prints it, rounded down.

    Attributes:
        remembered: stands where the field was corrected before.
        elsewhere: stands elsewhere, although the place was found again.
        floor: least score of what stands at a remembered place: a label nobody knew says nothing against it.
        known: is what the ERP names for this field, and hardly by chance.
        known_as_other: is what the ERP names, but for another field.
    """

    remembered: float = 6.0
    elsewhere: float = -4.0
    floor: float = -1.0
    known: float = 6.0
    known_as_other: float = -2.0

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """From a bundle; what it does not name keeps its default."""
        return cls(**{each.name: float(content[each.name]) for each in fields(cls) if each.name in content})


EMPTY = Knowledge()


def make_knowledge(memory: Sequence[RememberedPaper], hints: Hints) -> Knowledge:
    """Knowledge with its version; `EMPTY` when there is none."""
    if not memory and hints == Hints():
        return EMPTY
    known = Knowledge(memory=tuple(memory), hints=hints)
    return Knowledge(memory=known.memory, hints=hints, version=sha256_of(known))


def knowledge_to_json(knowledge: Knowledge) -> dict[str, Any]:
    """JSON's own types, sets in order."""
    return {
        "version": knowledge.version,
        "memory": [remembered_to_json(remembered) for remembered in knowledge.memory],
        "hints": {each.name: sorted(getattr(knowledge.hints, each.name)) for each in fields(Hints)},
    }


def knowledge_from_json(content: Mapping[str, Any]) -> Knowledge:
    """Reads back what `knowledge_to_json` wrote."""
    return Knowledge(
        memory=tuple(remembered_from_json(remembered) for remembered in content["memory"]),
        hints=Hints(**{name: frozenset(values) for name, values in content["hints"].items()}),
        version=content["version"],
    )


def remembered_to_json(remembered: RememberedPaper) -> dict[str, Any]:
    """JSON's own types."""
    return {
        "paper": paper_keys_to_json(remembered.paper),
        "corrections": [asdict(correction) for correction in remembered.corrections],
    }


def remembered_from_json(content: Mapping[str, Any]) -> RememberedPaper:
    """Reads back what `remembered_to_json` wrote."""
    corrections = content["corrections"]
    return RememberedPaper(
        paper=paper_keys_from_json(content["paper"]),
        corrections=tuple(Correction(**{**one, "place": Place(**one["place"])}) for one in corrections),
    )


def paper_keys_to_json(paper: PaperKeys) -> dict[str, Any]:
    """JSON's own types, sets in order."""
    return {each.name: sorted(getattr(paper, each.name)) for each in fields(PaperKeys)}


def paper_keys_from_json(content: Mapping[str, Any]) -> PaperKeys:
    """Reads back what `paper_keys_to_json` wrote."""
    return PaperKeys(**{name: frozenset(values) for name, values in content.items()})
