"""Tells whether a value can be seen on the pages in any form it could be printed in.

It answers generously: what might be the value counts as seen, so that only what is surely absent is called absent.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from core.documents import Box, Evidence
from extraction.agreement import AMOUNTS, DATES, NAMES, dates_in, numbers_in
from extraction.layout import Layout, surrounding
from extraction.values import currency_code, fold, iban_is_valid, iban_shape, squeeze

_LONGEST_IBAN_IN_WORDS = 10
_LEAST_INSIDE = 5
_LEAST_NAME_SHARE = 0.6
_LITTLE_SAID = """gmbh mbh ag kg ohg gbr ug se co cokg inc llc ltd limited plc corp company sa sas sarl srl spa snc
    bv nv vof sl sll slu lda sp zo oo ab as aps oy oyj and und et y e der die das the de du la le"""
_LEGAL_FORMS = frozenset(_LITTLE_SAID.split())
_NAME_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Printed:
    """What stands on the pages of a document, ready to be asked for values."""

    layout: Layout

    def shows(self, field: str, value: str) -> bool:
        """Whether the value of a header field stands there in any printed form."""
        if field in AMOUNTS:
            return _decimal(value) in self._numbers
        if field in DATES:
            return _day(value) in self._days
        if field in NAMES:
            return self._shows_name(value)
        if field == "currency":
            return value in self._currencies
        key = squeeze(value)
        # A VAT id is often printed without its country.
        return any(self._shows_identifier(form) for form in (key, key[2:] if field.endswith("vat_id") else key))

    def ibans(self) -> tuple[Evidence, ...]:
        """Every account number on the pages whose check digits are right; `text` is without spaces."""
        found: dict[str, Evidence] = {}
        for row in self.layout.rows:
            for start in range(row.start, row.end):
                text = self.layout.words[start].text.lstrip(":(")
                if not (text[:1].isalpha() and text[:1].isupper()):
                    continue
                for end in range(start + 1, min(start + _LONGEST_IBAN_IN_WORDS, row.end) + 1):
                    words = self.layout.words[start:end]
                    iban = iban_shape("".join(word.text for word in words))
                    if iban and iban_is_valid(iban):
                        box: Box = surrounding([word.box for word in words])
                        found.setdefault(iban, Evidence(page=row.page, box=box, text=iban))
        return tuple(found.values())

    def _shows_identifier(self, key: str) -> bool:
        if not key:
            return False
        if len(key) >= _LEAST_INSIDE:
            return any(key in row for row in self._squeezed_rows)
        return key in self._squeezed_words

    def _shows_name(self, value: str) -> bool:
        """Most of the letters of a name: a logo leaves out the legal form, a line break parts the name."""
        words = [word for word in _NAME_WORD.findall(fold(value)) if word not in _LEGAL_FORMS] or [fold(value)]
        seen = sum(len(word) for word in words if word in self._squeezed_text)
        return seen >= _LEAST_NAME_SHARE * sum(len(word) for word in words)

    @cached_property
    def _numbers(self) -> frozenset[Decimal]:
        runs = (*self.layout.rows, *self.layout.segments)
        words = [[word.text for word in self.layout.words[run.start : run.end]] for run in runs]
        return frozenset(number for texts in words for number in numbers_in(texts))

    @cached_property
    def _days(self) -> frozenset[date]:
        rows = ([word.text for word in self.layout.words[row.start : row.end]] for row in self.layout.rows)
        return frozenset(day for texts in rows for day in dates_in(texts))

    @cached_property
    def _currencies(self) -> frozenset[str]:
        parts = (part for word in self.layout.words for part in re.findall(r"[^\W\d]+\.?|[^\w\s.,]", word.text))
        texts = (text for part in parts for text in (part, part.rstrip(".")))
        return frozenset(code for text in texts if (code := currency_code(text)))

    @cached_property
    def _squeezed_words(self) -> frozenset[str]:
        return frozenset(squeeze(word.text) for word in self.layout.words)

    @cached_property
    def _squeezed_rows(self) -> tuple[str, ...]:
        return tuple(squeeze(row.text) for row in self.layout.rows)

    @cached_property
    def _squeezed_text(self) -> str:
        return " ".join(self._squeezed_rows)


def _decimal(value: str) -> Decimal | None:
    try:
        return abs(Decimal(value))
    except InvalidOperation:
        return None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
