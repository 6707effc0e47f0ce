"""Lines written out as records, one label and one value a row, as viewers of e-invoices print them."""

from core.documents import Box, Page, Reading, Source, Word
from extraction.extract import scene_of
from extraction.lines_fields import values_of


def lines_of(*rows: str, indent: float = 40) -> list[dict[str, str]]:
    """The lines of a page of rows; one that begins with blanks begins under the value of the row before."""
    words: list[Word] = []
    for number, row in enumerate(rows):
        x, top = indent + 5 * (len(row) - len(row.lstrip())), 60.0 + 14 * number
        for part in row.split():
            words.append(Word(text=part, box=Box(x, top, x + 5 * len(part), top + 9)))
            x += 5 * len(part) + 3
    page = Page(number=1, width=595.0, height=842.0, source=Source.TEXT_LAYER, words=tuple(words))
    scene, _ = scene_of(Reading(sha256="0" * 64, media_type="application/pdf", pages=(page,)))
    found = [values_of(scene, item, scene.lines.roles) for item in scene.lines.items]
    return [{name: value.value for name, value in line.items()} for line in found]


ONE = ("Line 1", "Product Hand soap", "Quantity 14 hrs", "Price 121.24", "VAT % 20.00%", "Line total 1,697.36")
TWO = ("Line 2", "Product Desk lamp", "Quantity 2 pcs", "Price 10.00", "VAT % 20.00%", "Line total 20.00")
TOTALS = ("Totals", "Net Amount 1,717.36", "VAT Amount 343.47", "Grand Total 2,060.83")


def test_records_of_labels_and_values_that_add_up_are_lines() -> None:
    lines = lines_of("Invoice F22-35402", "Overview of items", *ONE, *TWO, *TOTALS)
    assert [(line["line_id"], line["description"]) for line in lines] == [("1", "Hand soap"), ("2", "Desk lamp")]
    assert [line["line_net_amount"] for line in lines] == ["1697.36", "20"]
    assert lines[0]["unit"] == "hrs"


def test_totals_may_stand_before_the_records() -> None:
    lines = lines_of("Invoice F22-35402", *TOTALS, "Overview of items", *ONE, *TWO)
    assert [line["quantity"] for line in lines] == ["14", "2"]


def test_a_description_goes_on_right_under_itself() -> None:
    rows = ("Line 1", "Product Hand soap", " " * 8 + "organic", *ONE[2:], *TWO, *TOTALS)
    assert lines_of("Invoice F22-35402", "Items", *rows, indent=43)[0]["description"].startswith("Hand soap")


def test_records_whose_figures_do_not_multiply_out_are_none() -> None:
    wrong = tuple(row.replace("121.24", "99.00") for row in ONE)
    assert not any("unit_price" in line for line in lines_of("Invoice F22-35402", *wrong, *TOTALS))


def test_records_that_multiply_out_are_lines_even_where_no_total_is_theirs() -> None:
    lines = lines_of("Invoice F22-35402", "Overview of items", *ONE, *TWO, "Freight 12.00", "Grand Total 2,072.83")
    assert [line["line_net_amount"] for line in lines] == ["1697.36", "20"]
