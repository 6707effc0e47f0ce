"""Pictures are sound SVG whatever they are given, and show what they were given."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from training.predictions.pictures import backtest_svg, lift_svg, lines_svg, reliability_svg

_DRAW = np.random.default_rng(7)
_SAID = _DRAW.random(400)
_TRUE = _DRAW.random(400) < _SAID


def _svg(text: str) -> ElementTree.Element:
    assert "nan" not in text
    assert "inf" not in text
    return ElementTree.fromstring(text)


def _named(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return root.findall(f"{{http://www.w3.org/2000/svg}}{tag}")


def test_a_reliability_diagram_has_a_bar_for_each_bin_that_holds_something() -> None:
    bars = _named(_svg(reliability_svg([True, False, True], [0.05, 0.05, 0.95], title="late")), "rect")[2:]
    assert [bar[0].text for bar in bars] == ["2 subjects, 50%", "1 subjects, 100%"]


def test_every_way_is_named_in_its_colour_and_names_are_escaped() -> None:
    root = _svg(lift_svg(_TRUE, {"model <1>": _SAID, "rule & all": -_SAID}, title="a < b", budget=0.1))
    texts = [text.text for text in _named(root, "text")]
    assert {"model <1>", "rule & all", "a < b"} <= set(texts)


def test_a_lift_curve_ends_with_all_the_loss_found() -> None:
    root = _svg(lift_svg(_TRUE, {"model": _SAID}, title="lift"))
    last = _named(root, "polyline")[-1].attrib["points"].split()[-1]
    assert last == "480.0,40.0"


def test_an_interval_is_a_band_around_the_forecast() -> None:
    text = backtest_svg([3, 4, 5], {"model": [3, 4, 4]}, between=([1, 2, 2], [5, 6, 7]), title="item 1")
    band = _named(_svg(text), "polygon")[0].attrib["points"].split()
    assert len(band) == 6


def test_what_is_not_a_number_is_left_out_of_a_line() -> None:
    text = lines_svg({"model": [(1, 0.4), (2, math.nan), (3, 0.5)]}, title="", across="horizon", up="pinball")
    assert len(re.findall("<circle", text)) == 2
    _svg(text)


def test_growth_is_drawn_by_powers_of_ten() -> None:
    growth = {"seconds": [(1_000, 4.0), (10_000, 41.0), (100_000, 405.0)]}
    root = _svg(lines_svg(growth, title="growth", across="series", up="seconds", is_log=True))
    assert {"1,000", "100,000", "10", "100"} <= {text.text for text in _named(root, "text")}


@pytest.mark.parametrize(
    "text",
    [
        reliability_svg([], [], title="nothing"),
        lift_svg([], {"model": []}, title="nothing"),
        lines_svg({}, title="nothing", across="", up=""),
        backtest_svg([], {}, title="nothing"),
        backtest_svg([0, 0], {"model": [0, 0]}, title="all zero"),
    ],
)
def test_nothing_to_show_is_still_a_picture(text: str) -> None:
    _svg(text)
