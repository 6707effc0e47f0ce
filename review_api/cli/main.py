"""Turns a command line into one command: only the chosen command's module is imported.

Errors end here: a `ClearholdError` becomes one line on stderr and exit code 1, wrong usage becomes 2.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast

from core.errors import ClearholdError, InputError

DONE = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 128 + signal.SIGINT


class CommandModule(Protocol):
    """What a module in `review_api/cli/` offers: cheap to import, heavy imports inside `run`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declares the command's own options."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Does it; returns the exit code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command, the module that runs it, and its line in the help."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command(name="demo", module="demo", help="make a small retailer, sort its papers, open the page"),
    Command(name="serve", module="serve", help="API, review page and, unless told otherwise, a worker"),
    Command(name="work", module="work", help="a worker alone; --once drains the queue and exits"),
    Command(name="feed", module="feed", help="load an ERP feed: CSV, Parquet or JSON Lines"),
    Command(name="ingest", module="ingest", help="take documents in: files, folders, .eml"),
    Command(name="extract", module="extract", help="read documents and print what they say; stores nothing"),
    Command(name="score", module="score", help="judge customers' orders, or work out what to order; stores nothing"),
    Command(name="cases", module="cases", help="the queue, from a terminal"),
    Command(name="memory", module="memory", help="corrections that count for later papers; withdraw one"),
    Command(name="policy", module="policy", help="show, check, preview or apply a policy"),
    Command(name="replay", module="replay", help="make stored decisions again and compare them to the last byte"),
    Command(name="promise", module="promise", help="error promises: thresholds, and what they rest on"),
    Command(name="insights", module="insights", help="the figures of the insights page; `models`: how models drift"),
    Command(name="audit", module="audit", help="verify or export the audit chain"),
    Command(name="backup", module="backup", help="write everything to one consistent file, while running"),
    Command(name="restore", module="restore", help="put a backup into an empty home and database"),
    Command(name="retention", module="retention", help="how long papers are kept; what is due; legal holds; erase"),
    Command(name="store", module="store", help="how stored documents are sealed; seal them with a new key"),
    Command(name="user", module="user", help="people who may log in"),
    Command(name="key", module="key", help="API keys of other programs"),
    Command(name="webhook", module="webhook", help="other programs that are told of events"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 refused or failed, 2 usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        try:
            code = _run(arguments)
        finally:
            # Also when argparse ends the program after its help: a reader that went away shows only now.
            sys.stdout.flush()
    except ClearholdError as error:
        print(error, file=sys.stderr)
        return FAILED
    except ValueError as error:
        problem = _settings_problem(error)
        if problem is None:
            raise
        print(problem, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit; with the reader gone that would print an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _run(arguments: list[str]) -> int:
    chosen = next((command for command in COMMANDS if arguments[:1] == [command.name]), None)
    if chosen is None:
        _explain(arguments)
    module = cast(CommandModule, importlib.import_module(f"review_api.cli.{chosen.module}"))
    parser = argparse.ArgumentParser(prog=f"clearhold {chosen.name}", description=_sentence(chosen.help))
    module.add_arguments(parser)
    return module.run(parser.parse_args(arguments[1:]))


def _explain(arguments: list[str]) -> NoReturn:
    """Help, version, or what is wrong with the command's name; the parser exits."""
    width = max(len(command.name) for command in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="clearhold",
        description="Reads the paper that suppliers send, checks it against the ERP, and sorts it into clear and hold.",
        epilog="commands:\n"
        + "\n".join(f"  {command.name:<{width}}  {command.help}" for command in COMMANDS)
        + "\n\n`clearhold COMMAND --help` shows a command's options.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version() if "--version" in arguments else "")
    parser.add_argument("command", metavar="COMMAND", choices=[command.name for command in COMMANDS], help="see below")
    parser.parse_args(arguments[:1] or ["--help"])
    parser.error("name the command first, then its options")


def _settings_problem(error: ValueError) -> ClearholdError | None:
    """What is wrong with the operator's `CLEARHOLD_…` settings, when that is what the error is about."""
    if getattr(error, "title", None) != "Settings":
        return None
    wrong = [
        f"CLEARHOLD_{'_'.join(map(str, detail['loc'])).upper()} is {detail.get('input')!r}: {detail['msg']}"
        for detail in getattr(error, "errors", list)()
    ]
    return InputError("SETTING-INVALID", f"{'; '.join(wrong)}.", "Correct or unset it in the environment.")


def _version() -> str:
    from importlib.metadata import version

    return f"clearhold {version('clearhold')}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


if __name__ == "__main__":
    sys.exit(main())
