"""Builds readings from rows of text, as a reader would give them: words with boxes."""

from collections.abc import Sequence

from core.documents import Box, Page, Reading, Source, Word

ADVANCE, SIZE, STEP = 5.0, 9.0, 14.0

Cells = Sequence[tuple[float, str]]


def page_of(
    rows: Sequence[Cells | str | None], *, number: int = 1, source: Source = Source.TEXT_LAYER, top: float = 40
) -> Page:
    """A page whose rows are cells of (left edge, text); a bare text stands at the left margin, None leaves a gap."""
    words: list[Word] = []
    for index, row in enumerate(rows):
        y = top + STEP * index
        for left, text in [(40.0, row)] if isinstance(row, str) else row or ():
            x = left
            for part in text.split():
                width = ADVANCE * len(part)
                words.append(Word(text=part, box=Box(x, y, x + width, y + SIZE)))
                x += width + ADVANCE
    return Page(number=number, width=595, height=842, source=source, words=tuple(words))


def reading_of(*pages: Page) -> Reading:
    """A reading of pages."""
    return Reading(sha256="0" * 64, media_type="application/pdf", pages=pages)


INVOICE: list[Cells | str | None] = [
    "Muster Handels GmbH",
    "Hafenstraße 12",
    "20457 Hamburg",
    "USt-IdNr.: DE232446240",
    None,
    [(40, "Rechnung an:"), (320, "Rechnungsnummer:"), (450, "RE-2026-0034")],
    [(40, "Beispiel Laden AG"), (320, "Rechnungsdatum:"), (450, "05.11.2026")],
    [(40, "Ringstraße 5"), (320, "Fällig am:"), (450, "05.12.2026")],
    [(40, "50667 Köln"), (320, "Ihre Bestellung:"), (450, "4500017")],
    None,
    "Rechnung",
    None,
    [(40, "Pos"), (80, "Bezeichnung"), (300, "Menge"), (380, "Einzelpreis"), (480, "Gesamt EUR")],
    [(40, "1"), (80, "Papier A4 weiß"), (300, "10"), (380, "4,50"), (480, "45,00")],
    [(80, "mit Banderole")],
    [(40, "2"), (80, "Stifte blau"), (300, "3"), (380, "18,00"), (480, "54,00")],
    [(300, "Übertrag"), (480, "99,00")],
    [(40, "3"), (80, "Ordner"), (300, "1"), (380, "1,00"), (480, "1,00")],
    None,
    [(300, "Summe netto"), (480, "100,00")],
    [(300, "zzgl. 19 % MwSt."), (480, "19,00")],
    [(300, "Gesamtbetrag"), (480, "119,00")],
    None,
    "IBAN: DE30 5075 0094 0000 0485 67",
]
