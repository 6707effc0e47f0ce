"""Tells where one document ends and the next begins in a file of several: a month's invoices in one scan.

To tear one invoice apart costs more than to leave two together, so a page begins a document only when nothing speaks
against it and everything for it: a number of its own, sure and named nowhere on the pages before, a date or a counter
that starts anew, and a total on each side. Where two numbers with totals of their own are seen and no clean cut is
found, that is said, and nothing is cut.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.documents import Page, Reading, Remark, Source
from extraction.extract import choose, scene_of
from extraction.fields import fields_from_choices
from extraction.labels import Label
from extraction.layout import Layout, lay_out
from extraction.values import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.documents import Field
    from extraction.bundle import Bundle

CODE = "DOC-MULTIPLE"
SURE = 0.8
"""Confidence from which on a number found on a page alone is that page's own."""
SURE_ENOUGH = 0.3
"""The same where a counter says that the page is the first of so many: it need not be proved by the number alone."""
_LIKELY = 0.5
_ASKED = ("invoice_number", "issue_date", "total_with_vat", "total_without_vat", "total_vat", "seller_name")
_TOTALS = ("total_with_vat", "total_without_vat")
_SHORTEST, _SHOWN = 3, 5
_COUNTED = re.compile(r"(?<![\d./-])(\d{1,3})\s*(?:/|of|von|de|di|sur|van|z|av|af|out of)\s*(\d{1,3})(?![\d./-])")
_PAGE_WORD = re.compile(r"\b(?:page|seite|blatt|pagina|pag|feuille|folio|hoja|foglio|bladzijde|strona|str|sida|side)\b")
_NUMBER = re.compile(r"\d{1,3}")
_MARGIN = 0.15
_CARRIED = re.compile(
    r"\b(?:ubertrag|carried forward|brought forward|report|a reporter|suma y sigue|riporto|overdracht)\b"
)
_CARRIED_ROWS = 25
# Letters that a scan shows alike: two numbers that differ in these only may be one.
_ALIKE = str.maketrans({"o": "0", "q": "0", "d": "0", "l": "1", "i": "1", "z": "2", "s": "5", "g": "6", "b": "8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a file is to be cut.

    Attributes:
        ranges: first and last page of each document, in order; one range where nothing is cut.
        is_several: whether there seem to be several documents, whether or not it is clear where one ends.
        numbers: the numbers that were found.
    """

    ranges: tuple[tuple[int, int], ...]
    is_several: bool = False
    numbers: tuple[str, ...] = ()

    def remarks(self) -> tuple[Remark, ...]:
        """What to say of a file that is read as one document although it holds several."""
        if not self.is_several:
            return ()
        shown = ", ".join(self.numbers[:_SHOWN]) + (" and more" if len(self.numbers) > _SHOWN else "")
        message = (
            f"The file seems to hold more than one invoice{f' ({shown})' if shown else ''}, and was read as one. "
            "Ask for each invoice in a file of its own, or take its pages apart and send them again."
        )
        return (Remark(code=CODE, outcome="hold", message=message),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one page shows by itself.

    Attributes:
        counter: `(2, 3)` for page 2 of 3, `(2, None)` for page 2 of who knows how many.
        number: the document's number as printed; None where it is not sure.
        is_headed: whether a document's number is named on it, be it read or not.
        total: the total, as text.
        texts: its words and rows, squeezed.
    """

    page: int
    counter: tuple[int, int | None] | None
    number: str | None
    is_dated: bool
    is_headed: bool
    total: str | None
    is_carried: bool
    is_ocr: bool
    texts: str

    def mentions(self, number: str) -> bool:
        """Whether a number stands anywhere on the page."""
        return squeeze(number) in self.texts


def cut_pages(reading: Reading, bundle: "Bundle") -> Cut:
    """Where the documents on the pages of a reading begin and end."""
    whole = Cut(ranges=((1, len(reading.pages)),))
    if len(reading.pages) < 2 or reading.xml is not None:
        return whole
    counters = [_counter(page) for page in reading.pages]
    if _is_counted_through(counters) or not _has_several_heads(reading):
        return whole
    seen = [_seen(page, counter, bundle) for page, counter in zip(reading.pages, counters, strict=True)]
    starts = [1, *_starts(seen)]
    parts = [seen[first - 1 : end - 1] for first, end in zip(starts, [*starts[1:], len(seen) + 1], strict=True)]
    if len(parts) > 1 and all(_is_whole(part) for part in parts):
        return Cut(
            ranges=tuple((part[0].page, part[-1].page) for part in parts),
            is_several=True,
            numbers=_numbers(parts),
        )
    return replace(whole, is_several=_looks_like_more(seen), numbers=_numbers([seen]))


def _is_counted_through(counters: Sequence[tuple[int, int | None] | None]) -> bool:
    """Whether the pages themselves say that they are 1 to n of n."""
    count = len(counters)
    return all(counter == (place, count) for place, counter in enumerate(counters, 1))


def _has_several_heads(reading: Reading) -> bool:
    """Whether a document's number is named on two pages at least: a look that costs little."""
    from extraction.labels import find_labels

    labels = find_labels(lay_out(reading))
    return len({label.page for label in labels if _names_a_document(label)}) > 1


def _names_a_document(label: Label) -> bool:
    return label.strength("invoice_number") > 0


def _seen(page: Page, counter: tuple[int, int | None] | None, bundle: "Bundle") -> _Seen:
    alone = Reading(sha256="", media_type="", pages=(replace(page, number=1),))
    scene, _ = scene_of(alone)
    fields = fields_from_choices(scene, choose(scene, bundle, _ASKED), bundle, page.source)
    is_first = counter is not None and counter[0] == 1 and counter[1] is not None
    is_sure = _confidence(fields, "invoice_number") >= (SURE_ENOUGH if is_first else SURE)
    return _Seen(
        page=page.number,
        counter=counter,
        number=fields["invoice_number"].value if is_sure else None,
        is_dated=_confidence(fields, "issue_date") >= _LIKELY,
        is_headed=any(_names_a_document(label) for label in scene.labels),
        total=next((fields[name].value for name in _TOTALS if _confidence(fields, name) >= _LIKELY), None),
        is_carried=_is_carried(scene.layout),
        is_ocr=page.source is Source.OCR,
        texts=" ".join((*(squeeze(word.text) for word in page.words), *(squeeze(r.text) for r in scene.layout.rows))),
    )


def _confidence(fields: "Mapping[str, Field]", name: str) -> float:
    return fields[name].confidence if name in fields else 0.0


def _starts(seen: Sequence[_Seen]) -> Iterator[int]:
    """Pages that begin a new document."""
    part = [seen[0]]
    for page in seen[1:]:
        if _begins(page, part):
            yield page.page
            part = []
        part.append(page)


def _begins(page: _Seen, part: Sequence[_Seen]) -> bool:
    """Whether a new document begins on a page that follows the pages of one."""
    if page.number is None or not page.is_dated or page.is_carried or not _is_whole(part):
        return False
    number, last = _number(part), part[-1].counter
    if any(at.mentions(page.number) for at in part) or (number and not _is_another(number, page)):
        return False
    # A document that says it has more pages has not ended; one that repeats its number has not either.
    if last is not None and last[1] is not None and last[0] < last[1]:
        return False
    if page.counter is not None:
        starts_anew = page.counter[0] == 1 and page.counter[1] is not None
        return starts_anew and (number is None or last is not None or not page.mentions(number))
    return number is not None and not page.mentions(number)


def _is_whole(part: Sequence[_Seen]) -> bool:
    """Whether the pages have a total, and a number or at least a date: all that an invoice must have."""
    return any(page.total is not None for page in part) and (_number(part) is not None or part[0].is_dated)


def _numbers(parts: Sequence[Sequence[_Seen]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(page.number for part in parts for page in part if page.number is not None))


def _number(part: Sequence[_Seen]) -> str | None:
    return next((page.number for page in part if page.number is not None), None)


def _is_another(number: str, page: _Seen) -> bool:
    """Whether the number of a page is surely not the same, read otherwise."""
    one, other = squeeze(number), squeeze(page.number or "")
    if min(len(one), len(other)) < _SHORTEST:
        return False
    if page.is_ocr:
        one, other = one.translate(_ALIKE), other.translate(_ALIKE)
    return one not in other and other not in one


def _looks_like_more(seen: Sequence[_Seen]) -> bool:
    """Whether some page has a date and a total of its own, and nothing on it says that it goes on."""
    return any(_is_apart(page, seen[:place]) for place, page in enumerate(seen) if place)


def _is_apart(page: _Seen, before: Sequence[_Seen]) -> bool:
    number, totals = _number(before), {at.total for at in before} - {None}
    if not page.is_dated or page.is_carried or page.total is None or not totals or page.total in totals:
        return False
    if page.counter is not None and page.counter[0] != 1:
        return False
    if number is None:
        return page.number is not None and not any(at.mentions(page.number) for at in before)
    if not page.is_headed or page.mentions(number):
        return False
    return page.number is None or not any(at.mentions(page.number) for at in before)


def _is_carried(layout: Layout) -> bool:
    """Whether a sum is carried over from the page before: named near the top."""
    return any(_CARRIED.search(fold(row.text)) for row in layout.rows[:_CARRIED_ROWS])


def _counter(page: Page) -> tuple[int, int | None] | None:
    """What the page says of its place: `Seite 2 von 3` anywhere, `2/3` or `Page 2` in the margins."""
    layout = lay_out(Reading(sha256="", media_type="", pages=(replace(page, number=1),)))
    for row in layout.rows:
        middle = (row.box.top + row.box.bottom) / 2 / max(page.height, 1.0)
        text = fold(row.text)
        named = _PAGE_WORD.search(text)
        at_edge = middle < _MARGIN or middle > 1 - _MARGIN
        if named:
            after = text[named.end() : named.end() + 20]
            if counted := _COUNTED.search(after):
                return _sound(int(counted[1]), int(counted[2]))
            if at_edge and (number := _NUMBER.search(after)) and int(number[0]) > 0:
                return int(number[0]), None
        elif at_edge and (counted := _COUNTED.fullmatch(text.strip(" -–|.:"))):
            return _sound(int(counted[1]), int(counted[2]))
    return None


def _sound(place: int, count: int) -> tuple[int, int | None] | None:
    return (place, count) if 1 <= place <= count else None
