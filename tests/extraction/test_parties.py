"""Names and addresses of parties on papers of any layout."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Source
from extraction.addresses import Address, address_of, has_postcode
from extraction.candidates_parties import Party, find_parties
from extraction.extract import scene_of
from extraction.features_names import NAMES, NameMeasure
from extraction.labels import find_labels
from extraction.layout import Layout, lay_out
from extraction.party_names import name_of
from tests.extraction.pages import INVOICE, Cells, page_of, reading_of

Rows = Sequence[Cells | str | None]


def laid_out(rows: Rows, *, source: Source = Source.TEXT_LAYER, top: float = 40) -> Layout:
    return lay_out(reading_of(page_of(rows, source=source, top=top)))


def parties(rows: Rows, *, source: Source = Source.TEXT_LAYER) -> tuple[Party, ...]:
    layout = laid_out(rows, source=source)
    return find_parties(layout, find_labels(layout))


def address_under(name: str, rows: Rows, *, source: Source = Source.OCR) -> str | None:
    found = [p.address for p in parties(rows, source=source) if p.name.value == name]
    address: Address | None = found[0]
    return address.text if address else None


def measured(name: str, rows: Rows) -> dict[str, float]:
    scene, _ = scene_of(reading_of(page_of(rows)))
    measure = NameMeasure(scene.layout, scene.labels, scene.candidates, [])
    party = next(p for p in scene.parties if p.name.value == name)
    return measure.measure(party.name, party)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Name: Adler Papier GmbH", "Adler Papier GmbH"),
        ("Firma Adler Papier GmbH", "Adler Papier GmbH"),
        ("Leistungsempfänger: Adler Papier GmbH", "Adler Papier GmbH"),
        ("Käufer [BT-44]: Adler Papier GmbH", "Adler Papier GmbH"),
        ("Adler Papier GmbH, Ringstraße 5, 50667 Köln", "Adler Papier GmbH"),
        ("Anna Berg · Adler Papier GmbH · 50667 Köln", "Adler Papier GmbH"),
        ("Kontoinhaber: Adler Papier GmbH, IBAN DE30 5075 0094", "Adler Papier GmbH"),
        ("Thank you for shopping at Brightwell Stores", "Brightwell Stores"),
        ("BRIGHTWELL STORES SDN BHD (728515-M)", "BRIGHTWELL STORES SDN BHD"),
        ("A D L E R", "ADLER"),
        ("Lieferant GmbH", "Lieferant GmbH"),
    ],
)
def test_a_name_is_found_however_it_is_printed(line: str, name: str) -> None:
    assert name in {party.name.value for party in parties([line])}


def test_a_company_called_like_a_label_is_not_cut_to_its_legal_form() -> None:
    assert "GmbH" not in {party.name.value for party in parties(["Lieferant GmbH", "Hafenstraße 12", "20457 Hamburg"])}


def test_a_name_over_two_lines_is_one_name() -> None:
    assert "Verein der Papierfreunde Adler e.V." in {
        party.name.value for party in parties(["Verein der Papierfreunde", "Adler e.V.", "Ringstraße 5", "50667 Köln"])
    }


@pytest.mark.parametrize(
    "town",
    [
        "20457 Hamburg",
        "D-20457 Hamburg",
        "1010 Wien",
        "75011 Paris",
        "28013 Madrid",
        "20121 Milano",
        "1012 AB Amsterdam",
        "1000-001 Lisboa",
        "00-001 Warszawa",
        "London EC1A 1BB",
        "D02 X285 Dublin 2",
        "Portland, OR 97204",
        "Toronto ON K1A 0B1",
        "Sydney NSW 2000",
        "81100 JOHOR BAHRU,JOHOR.",
        "Singapore 123456",
        "111 52 Stockholm",
        "110 00 Praha",
        "L-1234 Luxembourg",
        "Mumbai - 400001",
        "100-0001 Tokyo",
    ],
)
def test_the_postcodes_of_many_countries_end_an_address(town: str) -> None:
    assert has_postcode(town)
    rows = ["Adler Trading", "Harbour Road 12", town, "Tax Invoice"]
    assert address_under("Adler Trading", rows) == f"Harbour Road 12, {town}"


def test_a_receipts_address_stands_between_register_number_and_telephone() -> None:
    rows = [
        "BRIGHTWELL STORES SDN BHD",
        "Co. Reg No : 728515-M",
        "GST ID: 000429166592",
        "NO: 28, JALAN ASTANA 1C,",
        "BANDAR BUKIT RAJA, 41050",
        "KLANG SELANGOR D.E, MALAYSIA",
        "Tel: 03-3362 4395",
        "TAX INVOICE",
    ]
    address = "NO: 28, JALAN ASTANA 1C, BANDAR BUKIT RAJA, 41050, KLANG SELANGOR D.E, MALAYSIA"
    assert address_under("BRIGHTWELL STORES SDN BHD", rows) == address


def test_an_address_may_stand_in_rows_of_labels_and_values() -> None:
    rows: Rows = [
        "Informationen zum Käufer",
        [(40, "Firmenname:"), (200, "Adler Papier GmbH")],
        [(40, "Straße:"), (200, "Ringstraße 5")],
        [(40, "PLZ:"), (200, "50667")],
        [(40, "Ort:"), (200, "Köln")],
        [(40, "Land:"), (200, "DE")],
    ]
    assert address_under("Adler Papier GmbH", rows, source=Source.TEXT_LAYER) == "Ringstraße 5, 50667 Köln"


def test_no_address_is_made_of_nothing() -> None:
    assert address_of([]) is None
    assert address_under("Adler Trading", ["Adler Trading", "Tel: 03-3362 4395"]) is None


def test_what_stands_in_a_block_tells_whose_it_is() -> None:
    assert measured("Muster Handels GmbH", INVOICE)["block_vat"] == 1
    buyer = measured("Beispiel Laden AG", INVOICE)
    assert buyer["under_buyer"] > 0.5
    assert "block_vat" not in buyer


def test_a_name_in_the_web_address_and_in_the_foot_is_the_sellers() -> None:
    rows: Rows = ["Adler Papier GmbH", *[None] * 20, "www.adler-papier.de", *[None] * 30, "Adler Papier GmbH HRB 1234"]
    assert measured("Adler Papier GmbH", rows)["web_share"] > 0.5
    assert measured("Adler Papier GmbH", rows)["foot_repeat"] == 1


def test_thanks_are_no_name() -> None:
    assert not parties(["Thank You Please Come Again"])
    assert not parties(["..THANK YOU AND DO VISIT US AGAIN..."])
    assert measured("Welcome Adler", ["Welcome Adler"])["courtesy"] == 0.5


def test_a_brand_over_a_company_in_other_letters_is_not_part_of_its_name() -> None:
    found = {party.name.value for party in parties(["Adler", "Brightwell Trading Sdn Bhd"])}
    assert {"Adler", "Brightwell Trading Sdn Bhd"} <= found


def test_people_and_departments_over_the_street_are_not_in_the_address() -> None:
    rows = ["Adler Papier GmbH", "Attn. Anna Berg", "Abteilung Einkauf", "P.O. Box 17", "Ringstraße 5", "50667 Köln"]
    assert address_under("Adler Papier GmbH", rows, source=Source.TEXT_LAYER) == "Ringstraße 5, 50667 Köln"


@pytest.mark.law
@given(down=st.floats(min_value=0, max_value=200))
def test_moving_a_page_down_changes_no_name_and_no_address(down: float) -> None:
    here, there = (
        find_parties(layout, find_labels(layout)) for layout in (laid_out(INVOICE), laid_out(INVOICE, top=40 + down))
    )
    texts = [[(p.name.value, p.address.text if p.address else None) for p in found] for found in (here, there)]
    assert texts[0] == texts[1]


@pytest.mark.law
@given(rows=st.lists(st.text(alphabet="Adler GmbH 0123456789,.:()-@/·", max_size=60), max_size=8))
def test_any_lines_are_read_twice_alike_with_finite_numbers(rows: list[str]) -> None:
    scene, _ = scene_of(reading_of(page_of(rows)))
    again, _ = scene_of(reading_of(page_of(rows)))
    assert [p.name.value for p in scene.parties] == [p.name.value for p in again.parties]
    measure = NameMeasure(scene.layout, scene.labels, scene.candidates, [])
    for party in scene.parties:
        values = measure.measure(party.name, party)
        assert set(values) <= set(NAMES.split())
        assert all(-1 <= value <= 1 for value in values.values())


@pytest.mark.law
@given(st.text(max_size=300))
def test_any_text_has_a_name_no_longer_than_itself(text: str) -> None:
    assert len(name_of(text)) <= len(text)
