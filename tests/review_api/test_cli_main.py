"""The command line's front: it starts at once, and every way to fail has its exit code."""

import argparse
import subprocess
import sys
import time
from types import ModuleType

import pytest

from core.errors import ConflictError
from review_api.cli import main as front


def fake_command(monkeypatch: pytest.MonkeyPatch, error: BaseException | None) -> None:
    """Puts a module in the place of `clearhold extract`."""
    module = ModuleType("review_api.cli.extract")

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--deep", action="store_true")

    def run(args: argparse.Namespace) -> int:
        if error is not None:
            raise error
        return 7 if args.deep else 0

    module.add_arguments = add_arguments  # type: ignore[attr-defined]
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "review_api.cli.extract", module)


def test_help_names_every_command_and_loads_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        front.main(["--help"])
    assert end.value.code == 0
    printed = capsys.readouterr().out
    assert all(f"  {command.name} " in printed for command in front.COMMANDS)


def test_help_is_there_within_three_tenths_of_a_second() -> None:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "review_api.cli.main", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.3


@pytest.mark.parametrize("arguments", [["no-such-command"], ["--no-such-option"], ["extract", "--no-such-option"]])
def test_wrong_usage_ends_with_two(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    fake_command(monkeypatch, None)
    with pytest.raises(SystemExit) as end:
        front.main(arguments)
    assert end.value.code == 2


def test_a_command_gets_its_options_and_gives_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_command(monkeypatch, None)
    assert front.main(["extract", "--deep"]) == 7


def test_an_error_is_one_line_with_its_remedy_and_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_command(monkeypatch, ConflictError("X-Y", "It changed.", "Look again."))
    assert front.main(["extract"]) == 1
    assert capsys.readouterr().err == "It changed. Look again. [X-Y]\n"


def test_a_wrong_setting_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEARHOLD_MAX_PAGES", "many")
    assert front.main(["extract", "x.pdf"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("CLEARHOLD_MAX_PAGES is 'many'")
    assert told.endswith("[SETTING-INVALID]\n")


def test_an_interrupt_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fake_command(monkeypatch, KeyboardInterrupt())
    assert front.main(["extract"]) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_ends_quietly() -> None:
    command = f"{sys.executable} -m review_api.cli.main --help | true"
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True)
    assert done.stderr == b""
