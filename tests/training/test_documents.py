"""Standalone documents: the same for the same seed, true to their labels, and never printed over themselves."""

import io
import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import round_amount
from training.bill_families import FIXED, SPECS
from training.bill_layouts import BLOCKS, spec_rows
from training.bill_random import random_bill
from training.cli import main
from training.documents_run import bill, generate, run
from training.formats import NumberForm
from training.labels import label_of
from training.layouts import Printed
from training.papers import Paper
from training.styles import Style
from training.wordings import LANGUAGES

Made = tuple[Paper, Style, Printed]


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [
        (paper, style, printed)
        for paper, style, printed in generate(150, seed=5)
        if isinstance(paper, Paper) and isinstance(style, Style)
    ]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / name, count=12, seed=9, scans=0.5, quiet=True)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) == 13
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_another_seed_gives_other_papers(made: list[Made]) -> None:
    other = next(iter(generate(1, seed=6)))
    assert other[0] != made[0][0]


def test_every_labelled_value_stands_on_its_page_where_the_label_says(made: list[Made]) -> None:
    for paper, style, printed in made[:30]:
        document = pypdfium2.PdfDocument(printed.pdf)
        pages = [page.get_textpage() for page in document]
        height = style.page_size[1]
        for key, places in printed.seen.items():
            for place in places:
                x0, top, x1, bottom = place.box
                text = pages[place.page - 1].get_text_bounded(
                    left=x0 - 1, bottom=height - bottom - 1, right=x1 + 1, top=height - top + 1
                )
                assert _folded(place.text) in _folded(text), (paper.number, key)
        document.close()


def test_no_letter_is_printed_over_another_or_off_the_page(made: list[Made]) -> None:
    for paper, style, printed in made[:20]:
        with pdfplumber.open(io.BytesIO(printed.pdf)) as pdf:
            for page in pdf.pages:
                straight = (char for char in page.chars if char["text"].strip() and char["upright"])
                chars = sorted(straight, key=_reading_order)
                for before, after in pairwise(chars):
                    same_line = abs(before["top"] - after["top"]) < 1
                    crossing = after["x0"] < before["x1"] - 1 and before["x0"] < after["x1"] - 1
                    assert not (same_line and crossing), (paper.number, style.family)
                assert all(char["x0"] > 0 and char["x1"] < page.width for char in chars)
                assert all(char["top"] > 0 and char["bottom"] < page.height for char in chars)


def test_invoices_add_up_to_the_cent(made: list[Made]) -> None:
    for paper, _, _ in made:
        for line in paper.lines:
            assert line.net == round_amount(line.quantity * line.unit_price, paper.currency)
        if paper.totals is None:
            continue
        beside = sum(adjustment.amount for adjustment in paper.extras.adjustments)
        assert paper.totals.net == sum(line.net for line in paper.lines) + beside
        assert paper.totals.gross == paper.totals.net + paper.totals.tax
        for row in paper.totals.rows:
            assert row.tax == round_amount(row.base * row.rate / 100, paper.currency)


def test_documents_come_in_many_looks(made: list[Made]) -> None:
    assert len({style.family for _, style, _ in made}) >= 40
    assert {paper.language for paper, _, _ in made} == set(LANGUAGES)
    assert len({paper.currency for paper, _, _ in made}) >= 8
    assert len({style.numbers for _, style, _ in made}) >= 5
    assert len({style.words["invoice_number"] for _, style, _ in made}) >= 30


def test_no_two_layout_families_of_bills_have_the_same_structure() -> None:
    assert len(set(SPECS.values())) == len(SPECS) >= 60
    named = {name for spec in SPECS.values() for row in spec_rows(spec) for name, _ in row}
    assert set(BLOCKS) <= named
    assert not set(FIXED) - set(SPECS)


def test_bills_come_in_twelve_currencies_and_eight_languages() -> None:
    papers = [random_bill(Random(f"lot {number}")) for number in range(600)]
    assert len({paper.currency for paper in papers}) >= 12
    assert {paper.language for paper in papers} == set(LANGUAGES)
    assert len(LANGUAGES) >= 8


@pytest.mark.parametrize("family", sorted(SPECS))
def test_a_family_prints_what_a_bill_must_say(family: str) -> None:
    paper, style, printed = bill(Random(f"{family} one"), family=family)
    label = label_of(paper, style, printed, file="x")
    said = {"invoice_number", "issue_date", "seller_name", "buyer_name", "total_with_vat", "currency"}
    assert said <= set(label["fields"])
    document = pypdfium2.PdfDocument(printed.pdf)
    text = _folded("".join(page.get_textpage().get_text_bounded() for page in document))
    document.close()
    for key, places in printed.seen.items():
        for place in places:
            assert _folded(place.text) in text, key
    amount = format(paper.totals.gross if paper.totals else 0, "f").replace(".", "")
    assert amount.lstrip("-") in "".join(c for c in text if c.isdigit())


def test_labels_name_only_what_is_printed(tmp_path: Path) -> None:
    run(tmp_path, count=20, seed=2, scans=0.0, quiet=True)
    for line in (tmp_path / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        assert (tmp_path / label["file"]).exists()
        assert set(label["fields"]) - {"currency"} <= set(label["evidence"])
        for index, row in enumerate(label["lines"], start=1):
            assert all(f"lines.{index}.{name}" in label["evidence"] for name in row)


def test_the_command_prints_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", str(tmp_path), "-n", "3", "--seed", "4", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["count"] == 3
    assert sum(printed["language"].values()) == 3


def test_a_wrong_share_of_scans_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["documents", str(tmp_path), "--scans", "2"])
    assert stopped.value.code == 2


AMOUNTS = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2)


@pytest.mark.law
@given(value=AMOUNTS, decimal=st.sampled_from(",."), grouping=st.sampled_from(["", " ", "'"]))
def test_a_printed_number_reads_back_as_itself(value: Decimal, decimal: str, grouping: str) -> None:
    text = NumberForm(decimal=decimal, grouping=grouping).number(value, 2)
    plain = text.replace(grouping, "") if grouping else text
    assert Decimal(plain.replace(decimal, ".")) == value


def _reading_order(char: dict[str, float]) -> tuple[int, float]:
    return round(char["top"]), char["x0"]


def _folded(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())
