"""Finds every value on the pages that could be a field's: dates, amounts, identifiers, VAT ids, IBANs, currencies.

Finding is generous and says nothing about which field a value is; `extraction.features` and the scorer decide that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.documents import Box
from core.money import plain
from extraction.labels import Label
from extraction.layout import Layout, Run, surrounding
from extraction.lexicon import UNITS
from extraction.values import (
    Locale,
    ParsedNumber,
    currency_code,
    fold,
    iban_is_valid,
    iban_shape,
    parse_date,
    parse_number,
    squeeze,
    vat_is_valid,
    vat_shape,
)

MONEY_FIELDS = ("total_without_vat", "total_vat", "total_with_vat", "amount_due", "prepaid_amount")
_LONGEST_DATE = 5
_LONGEST_IBAN = 9
_TRIM = ".,;:()[]|*'\"„“”"
_IBAN_BEGINS = re.compile(r"^[A-Za-z]{2}(\d|$)")
_VAT_BEGINS = re.compile(r"^(CHE|[A-Z]{2})[- ]?([A-Z0-9]|$)")
_HAS_DIGIT = re.compile(r"\d")
_ID = re.compile(r"^[A-Za-z0-9ÄÖÜäöüĄĆĘŁŃÓŚŹŻ#][A-Za-z0-9ÄÖÜąćęłńóśźż./\\_#-]*$")
_PERCENT = re.compile(r"^\d{1,2}([.,]\d{1,3})?\s*%$")
_TIME = re.compile(r"^\d{1,2}:\d{2}(:\d{2})?$")
_WEIGHT = re.compile(r"^(kg|kgs|g|t|lb|lbs)\.?$", re.IGNORECASE)
_SPACE_IN_NUMBER = 0.62
_PREFIX = re.compile(r"^[A-Z]{1,5}$")
_LOCAL_TAX_ID = re.compile(r"^(?=(?:.*\d){7})[A-Z0-9]{8,15}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value on the page: words `start` to `end` (exclusive) of the layout.

    Attributes:
        kind: `date`, `amount`, `weight`, `id`, `vat`, `iban`, `currency`, `name` or `terms`.
        value: in the form of the interface.
        marks: what is known of it alone, such as `valid`, `invalid`, `ambiguous`, `currency`, `negative`, `joined`.
    """

    kind: str
    value: str
    start: int
    end: int
    page: int
    row: int
    box: Box
    marks: frozenset[str] = frozenset()
    number: Decimal | None = None
    day: date | None = None


def find_candidates(layout: Layout, labels: tuple[Label, ...], locale: Locale) -> tuple[Candidate, ...]:
    """Every typed value of the document, in reading order within each kind."""
    finder = _Finder(layout, labels, locale)
    found: list[Candidate] = []
    for segment in layout.segments:
        found += finder.in_segment(segment)
    return tuple(found)


class _Finder:
    """Walks segments and remembers which words a longer or surer value has taken."""

    def __init__(self, layout: Layout, labels: tuple[Label, ...], locale: Locale) -> None:
        self.layout, self.locale = layout, locale
        self.label_words = {word for label in labels for word in range(label.start, label.end)}
        self.vat_label_ends = {
            label.end for label in labels if label.strength("seller_vat_id") or label.strength("x_buyer_vat_id")
        }
        self.money_rows = {label.row for label in labels if any(label.strength(field) == 1 for field in MONEY_FIELDS)}
        self.texts = [word.text.strip(_TRIM) for word in layout.words]
        self.has_digit = [bool(_HAS_DIGIT.search(text)) for text in self.texts]

    def in_segment(self, segment: Run) -> Iterator[Candidate]:
        taken: set[int] = set()
        found_long: set[int] = set()
        position = segment.start
        while position < segment.end:
            found = self._long_value(position, segment.end)
            if found is None:
                position += 1
                continue
            yield found
            found_long.update(range(found.start, found.end))
            position = found.end
        for word in range(segment.start, segment.end):
            yield from self._currencies(word)
            if self.has_digit[word]:
                if word in found_long:
                    continue
                if word not in taken:
                    yield from self._number(word, segment.end, taken)
                if word not in taken or self.texts[word].isalnum():
                    yield from self._identifiers(word, segment.start)

    def _long_value(self, start: int, end: int) -> Candidate | None:
        """An IBAN, VAT id or date that starts here; these are sure enough to take their words."""
        return self._iban(start, end) or self._vat(start, end) or self._date(start, end)

    def _iban(self, start: int, end: int) -> Candidate | None:
        if not _IBAN_BEGINS.match(self.texts[start]):
            return None
        joined = ""
        for stop in range(start + 1, min(start + _LONGEST_IBAN, end) + 1):
            if not self.texts[stop - 1].isupper() and not self.texts[stop - 1].isdigit():
                return None
            joined += self.texts[stop - 1]
            iban = iban_shape(joined)
            if iban and not (
                stop < end
                and re.fullmatch(r"[A-Z0-9]{1,4}", self.texts[stop])
                and iban_shape(joined + self.texts[stop])
            ):
                mark = "valid" if iban_is_valid(iban) else "invalid"
                return self._make("iban", iban, start, stop, {mark})
        return None

    def _vat(self, start: int, end: int) -> Candidate | None:
        first = self.texts[start]
        if _VAT_BEGINS.match(first):
            joined, best = "", None
            for stop in range(start + 1, min(start + 5, end) + 1):
                joined += self.texts[stop - 1]
                vat = vat_shape(joined)
                best = (vat, stop) if vat else best
            if best and sum(map(str.isdigit, best[0])) >= 7:
                mark = "valid" if vat_is_valid(best[0]) else "invalid"
                return self._make("vat", best[0], start, best[1], {mark})
        if start in self.vat_label_ends and self.has_digit[start]:
            compact = re.sub(r"[^A-Z0-9]", "", first.upper())
            if _LOCAL_TAX_ID.match(compact):
                return self._make("vat", first, start, start + 1, {"local"})
        return None

    def _date(self, start: int, end: int) -> Candidate | None:
        if not any(self.has_digit[start : min(start + _LONGEST_DATE, end)]):
            return None
        if start in self.label_words and not self.has_digit[start]:
            return None
        for stop in range(min(start + _LONGEST_DATE, end), start, -1):
            words = self.layout.words[start:stop]
            parsed = parse_date(" ".join(word.text for word in words), self.locale)
            if parsed:
                marks = {"ambiguous"} if parsed.ambiguous else set()
                made = self._make("date", parsed.value.isoformat(), start, stop, marks)
                return _with(made, day=parsed.value)
        return None

    def _number(self, word: int, end: int, taken: set[int]) -> Iterator[Candidate]:
        text = self.texts[word].lstrip("#")
        raw = self.layout.words[word].text
        if _TIME.match(text) or "/" in text:
            return
        stop = self._grouped_end(word, end)
        joined = " ".join(self.layout.words[i].text for i in range(word, stop))
        parsed = parse_number(joined, self.locale) or parse_number(joined.strip(_TRIM), self.locale)
        if parsed is None:
            return
        taken.update(range(word, stop))
        following = self.texts[stop] if stop < end else ""
        marks = {f"decimals_{parsed.decimals}"}
        marks |= {"currency"} if parsed.currency or self._beside_currency(word, stop, end) else set()
        marks |= {"against_locale"} if parsed.against_locale else set()
        marks |= {"negative"} if parsed.value < 0 else set()
        marks |= {"percent"} if raw.endswith("%") or following.startswith("%") or _PERCENT.match(raw) else set()
        marks |= {"unit"} if fold(following).strip(".") in UNITS else set()
        kind = "amount" if self._is_money(parsed, word) else "count"
        made = self._make(kind, plain(parsed.value), word, stop, marks)
        if _WEIGHT.match(following):
            made_weight = self._make("weight", plain(parsed.value), word, stop, marks | {following.lower().rstrip(".")})
            yield _with(made_weight, number=parsed.value)
        yield _with(made, number=parsed.value)

    def _is_money(self, parsed: ParsedNumber, word: int) -> bool:
        """Digits after the mark, a currency beside it, or a label of an amount on its row."""
        if (
            parsed.decimals
            or parsed.currency
            or (parsed.value >= 1000 and self.layout.words[word].text.count(",") == 1)
        ):
            return True
        return self.layout.words[word].row in self.money_rows and abs(parsed.value) < 10**7

    def _grouped_end(self, word: int, end: int) -> int:
        """`1 234,56` is one number when the gap is a space and groups have three digits."""
        stop = word + 1
        if not re.fullmatch(r"[€£$-]?\d{1,3}", self.layout.words[word].text):
            return stop
        while stop < end and re.fullmatch(r"\d{3}([.,]\d{2})?[€£$]?", self.layout.words[stop].text.rstrip(".;:")):
            gap = self.layout.words[stop].box.x0 - self.layout.words[stop - 1].box.x1
            height = self.layout.words[stop].box.bottom - self.layout.words[stop].box.top
            if gap > _SPACE_IN_NUMBER * height:
                return word + 1
            stop += 1
            if not self.layout.words[stop - 1].text.isdigit():
                return stop
        return stop if stop == word + 1 or stop == end else word + 1

    def _beside_currency(self, start: int, stop: int, end: int) -> bool:
        before = start > 0 and self.layout.words[start - 1].row == self.layout.words[start].row
        return bool(
            (before and currency_code(self.layout.words[start - 1].text))
            or (stop < end and currency_code(self.layout.words[stop].text))
        )

    def _identifiers(self, word: int, first: int) -> Iterator[Candidate]:
        text = self.texts[word].lstrip("#")
        if len(text) < 2 or not _ID.match(text) or _TIME.match(text) or _PERCENT.match(text):
            return
        yield self._make("id", text, word, word + 1, set())
        if (word > first and word - 1 not in self.label_words and _PREFIX.match(self.texts[word - 1])) or (
            word > first and self.has_digit[word - 1] and _ID.match(self.texts[word - 1])
        ):
            yield self._make("id", f"{self.texts[word - 1]} {text}", word - 1, word + 1, {"joined"})

    def _currencies(self, word: int) -> Iterator[Candidate]:
        text = self.layout.words[word].text.strip("()[]:;,.")
        code = currency_code(text)
        if code is None and self.has_digit[word]:
            parsed = parse_number(text, self.locale)
            code = parsed.currency if parsed else None
        if code:
            yield self._make("currency", code, word, word + 1, {"code"} if text.upper() == code else {"symbol"})

    def _make(self, kind: str, value: str, start: int, end: int, marks: set[str]) -> Candidate:
        return candidate_at(self.layout, kind, value, start, end, marks)


def candidate_at(  # noqa: PLR0917  a value and its place
    layout: Layout, kind: str, value: str, start: int, end: int, marks: set[str], number: Decimal | None = None
) -> Candidate:
    """A value that words `start` to `end` (exclusive) of the layout may give."""
    words = layout.words[start:end]
    return Candidate(
        kind=kind,
        value=value,
        start=start,
        end=end,
        page=words[0].page,
        row=words[0].row,
        box=surrounding([word.box for word in words]),
        marks=frozenset(marks),
        number=number,
    )


def _with(candidate: Candidate, *, number: Decimal | None = None, day: date | None = None) -> Candidate:
    return Candidate(
        kind=candidate.kind,
        value=candidate.value,
        start=candidate.start,
        end=candidate.end,
        page=candidate.page,
        row=candidate.row,
        box=candidate.box,
        marks=candidate.marks,
        number=number,
        day=day,
    )


def same_value(kind: str, value: str) -> str:
    """The form in which two candidates of a kind are the same value."""
    return squeeze(value) if kind in {"id", "vat", "iban", "name", "terms"} else value
