"""Finds values of shipment papers: container numbers in any grouping, weights whose unit stands elsewhere, long codes.

They join the candidates of `extraction.candidates`; which field each is, the scorer decides.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from string import ascii_uppercase

from core.money import plain
from extraction.candidates import Candidate, candidate_at
from extraction.labels import Label
from extraction.layout import Layout
from extraction.values import Locale, parse_number

_CONTAINER = re.compile(r"([A-Z]{3}[UJZ])[ -]?(\d{6})[ -]?(\d)")
_OWNER = re.compile(r"[A-Z]{3}[UJZ](?:[ -]?\d|$)")
_GLUED_WEIGHT = re.compile(r"([\d.,'’]*\d)(kgs?|g|t|to|lbs?)\.?", re.IGNORECASE)
_UNIT = re.compile(r"\b(kgs?|lbs?|t|to)\b", re.IGNORECASE)
_UNITS = {"kg": "kg", "kgs": "kg", "lb": "lb", "lbs": "lb", "t": "t", "to": "t", "g": "g"}
_GROUP = re.compile(r"\d{3,6}")
_WEIGHTS = ("gross_weight", "net_weight")
_CODED = ("tracking_number", "seal_number")
_TRIM = ".,;:()[]|*'\""
_MOST_WORDS, _MOST_GROUPS = 3, 6
_BELOW, _ABOVE = 6, 3.0
_MOST_PACKAGES = 10**6
_LETTERS = {letter: 10 + index + (index + 9) // 10 for index, letter in enumerate(ascii_uppercase)}


def with_freight(
    layout: Layout, labels: Sequence[Label], locale: Locale, found: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """`found` and the candidates that only shipment papers have; a container number knows its check digit."""
    containers = tuple(_containers(layout))
    surer = {(candidate.kind, candidate.start, candidate.end) for candidate in containers}
    kept = [candidate for candidate in found if (candidate.kind, candidate.start, candidate.end) not in surer]
    known = surer | {(candidate.kind, candidate.start, candidate.end) for candidate in kept}
    more = [*_glued_weights(layout, locale), *_numbers_by_label(layout, labels, locale), *_coded(layout, labels)]
    fresh: list[Candidate] = []
    for candidate in more:
        if (candidate.kind, candidate.start, candidate.end) not in known:
            known.add((candidate.kind, candidate.start, candidate.end))
            fresh.append(candidate)
    return (*kept, *containers, *fresh)


def container_is_valid(number: str) -> bool:
    """Whether the last digit is the check digit of ISO 6346."""
    match = _CONTAINER.fullmatch(number)
    if match is None:
        return False
    body = match[1] + match[2]
    total: int = sum((_LETTERS[c] if c.isalpha() else int(c)) * 2**place for place, c in enumerate(body))
    return total % 11 % 10 == int(match[3])


def sscc_is_valid(code: str) -> bool:
    """Whether these are the 18 digits of a shipping container code, the last its check digit (GS1, modulo 10)."""
    if not re.fullmatch(r"\d{18}", code):
        return False
    total: int = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(code))
    return total % 10 == 0


def weight_unit(candidate: Candidate) -> str:
    """The unit of a weight, as the interface writes it; kilograms when none is printed."""
    return next((_UNITS[mark] for mark in sorted(candidate.marks) if mark in _UNITS), "kg")


def _containers(layout: Layout) -> Iterator[Candidate]:
    """`MSKU 123456-5` is one value, however it is grouped; a right check digit marks it sure."""
    for segment in layout.segments:
        for start in range(segment.start, segment.end):
            if not _OWNER.match(layout.words[start].text.strip(_TRIM)):
                continue
            for end in range(min(start + _MOST_WORDS, segment.end), start, -1):
                text = " ".join(word.text for word in layout.words[start:end]).strip(_TRIM)
                match = _CONTAINER.fullmatch(text)
                if match is not None:
                    mark = "valid" if container_is_valid("".join(match.groups())) else "invalid"
                    yield candidate_at(layout, "id", "".join(match.groups()), start, end, {mark})
                    break


def _glued_weights(layout: Layout, locale: Locale) -> Iterator[Candidate]:
    for index, word in enumerate(layout.words):
        match = _GLUED_WEIGHT.fullmatch(word.text.strip("();:"))
        number = parse_number(match[1], locale) if match else None
        if match is not None and number is not None:
            yield candidate_at(
                layout, "weight", plain(number.value), index, index + 1, {match[2].lower()}, number.value
            )


def _numbers_by_label(layout: Layout, labels: Sequence[Label], locale: Locale) -> Iterator[Candidate]:
    """Numbers beside or under the name of a weight or of the packages, whatever else their row speaks of.

    The unit of a weight may stand in its label (`Gross weight (kg)`), behind the number or nowhere.
    """
    for label in labels:
        is_weight = any(label.strength(field) for field in _WEIGHTS)
        if not is_weight and label.strength("package_count") < 1:
            continue
        segment = layout.segments[layout.words[label.start].segment]
        said = " ".join(word.text for word in layout.words[label.start : min(label.end + 2, segment.end)])
        unit = _UNIT.search(said) if is_weight else None
        for index in (*range(label.end, layout.rows[label.row].end), *_words_under(layout, label)):
            number = _number_at(layout, index, locale)
            if number is None:
                continue
            end, value = number
            if is_weight:
                marks = {unit[1].lower()} if unit else _unit_after(layout, end)
                yield candidate_at(layout, "weight", plain(value), index, end, marks, value)
            elif value == value.to_integral_value() and 0 < value < _MOST_PACKAGES:
                yield candidate_at(layout, "count", plain(value), index, end, {"decimals_0"}, value)


def _words_under(layout: Layout, label: Label) -> Iterator[int]:
    """Words in the column under a label, over the next rows."""
    _, stop = layout.rows_of_page(label.page)
    height = label.box.bottom - label.box.top
    for row in range(label.row + 1, min(label.row + _BELOW, stop)):
        run = layout.rows[row]
        if run.box.top - label.box.bottom > _ABOVE * max(height, layout.text_height):
            return
        for index in range(run.start, run.end):
            box = layout.words[index].box
            if box.x1 > label.box.x0 - height and box.x0 < label.box.x1 + height:
                yield index


def _number_at(layout: Layout, index: int, locale: Locale) -> tuple[int, Decimal] | None:
    """A number that starts at this word, with groups of three after a space (`1 234,5`)."""
    run = layout.rows[layout.words[index].row]
    first = layout.words[index]
    if not first.text[:1].isdigit() or (
        index > run.start
        and re.fullmatch(r"\d{1,3}", layout.words[index - 1].text)
        and first.segment == layout.words[index - 1].segment
    ):
        return None
    end = index + 1
    if re.fullmatch(r"\d{1,3}", first.text):
        while end < run.end and re.fullmatch(r"\d{3}([.,]\d+)?", layout.words[end].text):
            end += 1
    parsed = parse_number(" ".join(word.text for word in layout.words[index:end]), locale)
    return None if parsed is None or parsed.currency else (end, parsed.value)


def _unit_after(layout: Layout, index: int) -> set[str]:
    if index >= len(layout.words):
        return set()
    text = layout.words[index].text.strip("().").lower()
    return {text} if text in _UNITS else set()


def _coded(layout: Layout, labels: Sequence[Label]) -> Iterator[Candidate]:
    """Codes of several groups beside or under their label: `4711 0815 4712`, `CN 123456`."""
    for label in labels:
        if not any(label.strength(field) == 1 for field in _CODED):
            continue
        beside = label.end if label.end < layout.rows[label.row].end else None
        for start in (beside, next(_words_under(layout, label), None)):
            if start is None:
                continue
            end, stop = start, layout.rows[layout.words[start].row].end
            while end < stop and end - start < _MOST_GROUPS and _is_group(layout, start, end):
                end += 1
            if end - start > 1 and any(c.isdigit() for c in layout.words[end - 1].text):
                value = " ".join(word.text for word in layout.words[start:end])
                yield candidate_at(layout, "id", value, start, end, {"joined"})


def _is_group(layout: Layout, start: int, index: int) -> bool:
    text = layout.words[index].text
    if layout.words[index].segment != layout.words[start].segment:
        return False
    return bool(_GROUP.fullmatch(text) or (index == start and re.fullmatch(r"[A-Z]{1,4}", text)) or
                (index > start and re.fullmatch(r"\d{3,9}", text)))  # fmt: skip
