"""The worked example of the page on planning is what the program says of the example's feeds."""

import re
from pathlib import Path

import pytest

from review_api.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "planning-rules.md").read_text("utf-8")


def test_the_worked_example_is_what_the_program_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARHOLD_HOME", str(tmp_path))
    for file in sorted((ROOT / "examples" / "planning").glob("*.csv")):
        assert main(["feed", file.stem, str(file)]) == 0
    capsys.readouterr()
    printed = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    asked = re.findall(r"^clearhold (score .*)$", PAGE, re.MULTILINE)
    assert len(printed) == len(asked) == 2
    for command, expected in zip(asked, printed, strict=True):
        assert main(command.split()) == 0
        assert capsys.readouterr().out == expected
