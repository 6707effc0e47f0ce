"""Finds where the values of an e-invoice can be seen on its pages, so that a person can compare them by eye."""

from dataclasses import replace

from core.documents import Box, Evidence, Extraction, Field, Reading
from extraction.layout import Layout, lay_out, surrounding
from extraction.values import parse_date, parse_number, settle_locale, squeeze

_LONGEST = 8


def with_evidence(extraction: Extraction, reading: Reading) -> Extraction:
    """The same extraction, with a box beside every header field whose value is printed on a page."""
    if not reading.pages:
        return extraction
    layout = lay_out(reading)
    places = _places(layout, extraction.language)
    fields = {name: _located(field, places) for name, field in extraction.fields.items()}
    return replace(extraction, fields=fields, page_sizes=layout.page_sizes)


def _located(field: Field, places: dict[str, Evidence]) -> Field:
    found = places.get(field.value) or places.get(squeeze(field.value))
    return replace(field, evidence=(found,)) if found and not field.evidence else field


def _places(layout: Layout, language: str | None) -> dict[str, Evidence]:
    """Every run of a few words, by what it reads as: text, number or date; the first place of each counts."""
    locale = settle_locale([word.text for word in layout.words], language=language)
    places: dict[str, Evidence] = {}
    for segment in layout.segments:
        for start in range(segment.start, segment.end):
            for end in range(start + 1, min(start + _LONGEST, segment.end) + 1):
                words = layout.words[start:end]
                text = " ".join(word.text for word in words)
                keys = {squeeze(text)}
                number, day = (
                    (parse_number(text, locale), parse_date(text, locale)) if end - start <= 4 else (None, None)
                )
                if number:
                    keys.add(_plain(number.value))
                if day:
                    keys.add(day.value.isoformat())
                for key in keys - {""}:
                    if key not in places:
                        places[key] = Evidence(page=segment.page, box=_box(words), text=text)
    return places


def _plain(value: object) -> str:
    from decimal import Decimal

    from core.money import plain

    assert isinstance(value, Decimal)
    return plain(value)


def _box(words: object) -> Box:
    assert isinstance(words, tuple)
    return surrounding([word.box for word in words])
