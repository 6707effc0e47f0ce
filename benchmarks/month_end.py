"""A month-end of the generated retailer: one draft is rejected, one put in force, and everything is replayed.

`python -m benchmarks.month_end [--papers 12000]` runs the program itself over a stored year, writes what it printed
into docs/policy.md between its marks, and draws docs/img/policy-moves.svg. Two people at one terminal are played.
"""

import argparse
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from benchmarks.policy import draft_of
from benchmarks.policy_history import store_year
from benchmarks.policy_picture import moves_svg
from core.canonical import parse_json
from core.clock import SystemClock
from core.database import Database
from core.settings import Settings
from review_api import accounts
from review_api.cli import main as program
from review_api.cli import operator

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- month-end: written by benchmarks/month_end.py -->", "<!-- end of month-end -->"
REASON = "Holds hundreds of honest papers a year as split orders; those that would newly pass had been sent back."
_PASSWORD = "four words that fit"


def main(argv: list[str] | None = None) -> int:
    """Writes the page's part and the picture; 1 when a step was refused or a decision is not made again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLEARHOLD_HOME"] = folder
        text = _store(args.papers, args.seed)
        os.chdir(folder)
        Path("first.toml").write_text(_first_draft(text), encoding="utf-8")
        Path("second.toml").write_text(_second_draft(text), encoding="utf-8")
        steps, result = _month_end()
    page = DOCS / "policy.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n".join(f"```\n{step}\n```\n" for step in steps)
    page.write_text(f"{before}{BEGIN}\n\n{told}\n{END}{after}", encoding="utf-8")
    (DOCS / "img" / "policy-moves.svg").write_text(
        moves_svg(result, title="The year under the first draft"), encoding="utf-8"
    )
    print("\n\n".join(steps))
    return 0


def _first_draft(text: str) -> str:
    """Prices may differ by 5 % instead of 2 %; in return nothing over 25,000 clears by itself."""
    before, after = "other = 50000 }", "other = 25000 }"
    assert text.count(before) == 1
    return draft_of(text).replace(before, after)


def _second_draft(text: str) -> str:
    """Twice as many blind checks."""
    assert text.count("share_pct = 2\n") == 1
    return text.replace("share_pct = 2\n", "share_pct = 4\n")


def _store(papers: int, seed: int) -> str:
    database = Database(Settings().url())
    database.migrate()
    stored = store_year([database], count=papers, seed=seed)
    with database.write() as session:
        for name, role in (("olga", "ap_approver"), ("ben", "admin")):
            accounts.add_user(session, name=name, password=_PASSWORD, role=role, at=SystemClock().now())
    database.close()
    return stored.text


def _month_end() -> tuple[list[str], Mapping[str, Any]]:
    first, proposed = _preview_and_propose("first.toml")
    told = _run("olga", "policy", "preview", "first.toml", "--json").partition("\n")[2]
    refused = _run("ben", "policy", "reject", "--reason", REASON)
    second, again = _preview_and_propose("second.toml")
    name = again.splitlines()[0].split()[-1]
    steps = [first, proposed, refused, second, again]
    steps.append(_run("ben", "policy", "apply", "second.toml", "--preview", name))
    steps.append(_run("ben", "policy", "show", "--history"))
    steps.append(_run("ben", "replay", "--all"))
    result: Mapping[str, Any] = parse_json(told)["result"]
    return steps, result


def _preview_and_propose(draft: str) -> tuple[str, str]:
    seen = _run("olga", "policy", "preview", draft)
    name = re.findall(r"--preview (\w+)", seen)[0]
    return seen, _run("olga", "policy", "apply", draft, "--preview", name)


def _run(person: str, *words: str) -> str:
    """Runs the program as if this person sat at the terminal; what they typed and what it printed."""
    here = operator.operator
    operator.operator = lambda: person
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            code = program.main(words)
    finally:
        operator.operator = here
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return f"{person}$ clearhold {shlex.join(words)}\n{printed.getvalue().rstrip()}"


if __name__ == "__main__":
    sys.exit(main())
