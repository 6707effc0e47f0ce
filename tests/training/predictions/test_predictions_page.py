"""The page on predictions: what was kept is called kept, what was not is not, and every picture is shown."""

from pathlib import Path

import pytest

from benchmarks.predictions import PARTS, WANTED, Measured, Wanted, keep, kept, page, promised, result, write
from benchmarks.predictions_section import Section

_BEST = {"retail_wape_best_other": 0.9, "retail_pinball_best_other": 0.5}


def _section(figures: dict[str, float], **more: str) -> Section:
    return Section(title="Demand", text=f"How. {more.get('text', '')}", figures=figures, pictures={"a-b.svg": "<svg/>"})


def _measured(**more: str) -> Measured:
    return Measured(
        section=_section({"juice_wape": 0.44}, **more), at="2026-11-28 23:00", code="0.1", seconds=3, load=2
    )


def test_every_figure_that_was_promised_belongs_to_a_part() -> None:
    assert {one.part for one in WANTED} == set(PARTS)


@pytest.mark.parametrize(
    ("one", "value", "is_kept"),
    [
        (Wanted(part="late", what="", figure="x", least=0.79), 0.79, True),
        (Wanted(part="late", what="", figure="x", least=0.79), 0.7899, False),
        (Wanted(part="late", what="", figure="x", most=0.04), 0.05, False),
        (Wanted(part="late", what="", figure="x", least=0.94, most=0.96), 0.97, False),
        (Wanted(part="late", what="", figure="x", most="retail_wape_best_other"), 0.89, True),
        (Wanted(part="late", what="", figure="x", most="retail_wape_best_other"), 0.9, False),
        (Wanted(part="late", what="", figure="x", most="never measured"), 0.1, None),
    ],
)
def test_a_figure_is_kept_only_on_the_right_side_of_its_bound(one: Wanted, value: float, is_kept: bool | None) -> None:
    assert one.is_kept({"x": value, **_BEST}) is is_kept


def test_what_was_not_measured_is_said_to_be_not_measured() -> None:
    sections = {"demand": _section({"juice_wape": 0.44, **_BEST})}
    text = promised(sections, ("demand",))
    assert "| orange juice, 4 weeks ahead: WAPE | at most 0.45 | 0.44 | yes |" in text
    assert "| online retail, 28 days ahead: WAPE | below 0.9, the best other | – | not measured |" in text
    assert "late orders" not in text
    assert "| late orders: AUC | at least 0.79 | – | not measured |" in promised(sections)


def test_a_picture_the_text_does_not_show_stands_at_its_end(tmp_path: Path) -> None:
    assert "![a b](img/a-b.svg)" in page({"demand": _measured()})
    assert page({"demand": _measured(text="![x](img/a-b.svg)")}).count("img/a-b.svg") == 1
    write({"demand": _measured()}, tmp_path)
    assert (tmp_path / "img" / "a-b.svg").read_text() == "<svg/>"
    assert "| Demand | 2026-11-28 23:00 | 3 s | 2.0 | 0.1 |" in (tmp_path / "predictions.md").read_text()


def test_parts_measured_one_at_a_time_are_kept_in_the_order_of_the_page(tmp_path: Path) -> None:
    for part in ("cases", "late"):
        keep(part, _measured(), tmp_path)
    assert kept(tmp_path) == {"late": _measured(), "cases": _measured()}
    assert list(kept(tmp_path)) == ["late", "cases"]


def test_the_result_line_counts_what_was_kept() -> None:
    line = result({"demand": _section({"juice_wape": 0.46, "juice_coverage_95": 0.95})})
    assert line == "RESULT kept=1 wanted=4 juice_wape=0.46 juice_coverage_95=0.95"
