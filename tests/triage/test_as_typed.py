"""What a person types or takes from a page becomes a value as the paper means it."""

import pytest

from extraction.values import Locale
from triage.as_typed import as_value, doubts

GERMAN = Locale(decimal_mark=",", date_order="dmy", decimal_certain=True, date_certain=True)
AMERICAN = Locale(decimal_mark=".", date_order="mdy", decimal_certain=True, date_certain=True)


@pytest.mark.parametrize(
    ("name", "text", "locale", "printed", "value"),
    [
        ("due_date", "14.12.2026", GERMAN, False, "2026-12-14"),
        ("due_date", "2026-12-14", AMERICAN, False, "2026-12-14"),
        ("due_date", "03/04/2026", AMERICAN, True, "2026-03-04"),
        ("due_date", "3 Apr 2026", AMERICAN, True, "2026-04-03"),
        ("total_with_vat", "1.234,50 €", GERMAN, True, "1234.5"),
        ("total_with_vat", "1.234", GERMAN, True, "1234"),
        ("total_with_vat", "1.234", GERMAN, False, "1.234"),
        ("total_with_vat", "1,234.50", AMERICAN, False, "1234.5"),
        ("lines.3.quantity", "1.000", GERMAN, True, "1000"),
        ("lines.3.tax_rate", "19 %", GERMAN, True, "19"),
        ("currency", "€", GERMAN, True, "EUR"),
        ("currency", "eur", GERMAN, False, "EUR"),
        ("payment_iban", "DE02 1203 0000 0000 2020 51", GERMAN, True, "DE02120300000000202051"),
        ("seller_vat_id", "DE 136 695 976", GERMAN, False, "DE136695976"),
        ("invoice_number", " R-8812: ", GERMAN, True, "R-8812"),
        ("due_date", "soon", GERMAN, False, "soon"),
        ("total_with_vat", "much", GERMAN, False, "much"),
    ],
)
def test_a_text_becomes_a_value_of_its_field(name: str, text: str, locale: Locale, printed: bool, value: str) -> None:
    assert as_value(name, text, locale, printed=printed) == value


def test_what_is_of_its_form_and_may_be_wrong_is_said() -> None:
    assert doubts("payment_iban", "", "DE02120300000000202052", GERMAN)
    assert not doubts("payment_iban", "", "DE02120300000000202051", GERMAN)
    assert doubts("seller_vat_id", "", "DE136695977", GERMAN)
    assert doubts("due_date", "03/04/2026", "2026-04-03", Locale()) == ("Day and month could be exchanged.",)
