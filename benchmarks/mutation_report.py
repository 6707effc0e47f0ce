"""Writes docs/mutation.md from what `mutmut run` left in mutants/: killed and survived by module, and every survivor.

Why a survivor may live stands in benchmarks/mutation_reasons.toml, by function, written by whoever looked at it.
"""

import argparse
import ast
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from math import sqrt
from pathlib import Path
from random import Random

_ROOT = Path(__file__).resolve().parent.parent
_MUTANTS, _PAGE = _ROOT / "mutants", _ROOT / "docs" / "mutation.md"
_REASONS = Path(__file__).with_name("mutation_reasons.toml")
_KILLED, _SURVIVED, _NO_TESTS, _TIMEOUTS = (1, 3), (0,), (5, 33), (24, 36, 152, 255, -24)
TARGET = 85
_SHOWN = 100

_INTRODUCTION = (
    "Written by `make mutants` (mutmut, then `benchmarks/mutation_report.py`). One thing at a time is changed in what",
    "decides — a comparison, a constant, a word, an argument — and the tests of `tests/triage` that reach it are run,",
    "without the generated laws and the oracle, which would kill more but take hours. A change that no test notices",
    "has survived.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file's mutants: how each kind of end was counted, and the names of those that lived and those left."""

    path: str
    ends: Counter[str]
    survivors: tuple[str, ...]
    left: tuple[str, ...] = ()

    @property
    def tested(self) -> int:
        """Mutants that were run, whatever became of them."""
        return self.ends.total() - self.ends["not run"]


def read_modules() -> list[Module]:
    """Every mutated file that has mutants, by path."""
    return [
        module
        for meta in sorted(_MUTANTS.glob("triage/**/*.py.meta"))
        if (module := _module(meta, json.loads(meta.read_text())["exit_code_by_key"])).ends
    ]


def page(modules: Sequence[Module], reasons: Mapping[str, str]) -> str:
    """The report as Markdown."""
    whole = sum((module.ends for module in modules), Counter[str]())
    tested = sum(module.tested for module in modules)
    rows = [_row(module.path, module.ends, module.tested) for module in modules if module.tested]
    left = [module.path for module in modules if not module.tested]
    return "\n".join(
        [
            "# Testing the tests",
            "",
            *_INTRODUCTION,
            "",
            _summary(whole, tested),
            "",
            "| module | changes run | killed | timed out | survived | no test reaches | share |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            _row("**all**", whole, tested),
            *(["", f"Of these none was run: {', '.join(left)}."] if left else []),
            "",
            "## Survivors",
            "",
            *_survivors(modules, reasons),
        ]
    )


def _summary(whole: Counter[str], tested: int) -> str:
    share, left = _share(whole, tested), whole["not run"]
    said = f"**{share} killed** of {tested} changes run (target {TARGET} %)"
    if not left or not tested:
        return f"{said}; all were run."
    low, high = _interval(whole["killed"] + whole["timed out"], tested)
    drawn = f"of {whole.total()} in all, drawn by lot over all modules (`--pick`)"
    return f"{said}, {drawn}: 95 % interval {100 * low:.1f} to {100 * high:.1f} %."


def _interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's interval of a share, at 95 %."""
    z, share = 1.96, hits / count
    middle, width = share + z * z / (2 * count), z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - width) / (1 + z * z / count), (middle + width) / (1 + z * z / count)


def _module(meta: Path, codes: Mapping[str, int | None]) -> Module:
    ends = Counter(_end(code) for code in codes.values())
    alive = tuple(name for name, code in codes.items() if _end(code) in {"survived", "no test"})
    left = tuple(name for name, code in codes.items() if _end(code) == "not run")
    path = str(meta.relative_to(_MUTANTS)).removesuffix(".meta")
    return Module(path=path, ends=ends, survivors=alive, left=left)


def _end(code: int | None) -> str:
    if code is None or code == 2:
        return "not run"
    named = ((_KILLED, "killed"), (_SURVIVED, "survived"), (_NO_TESTS, "no test"), (_TIMEOUTS, "timed out"))
    return next((end for codes, end in named if code in codes), "not run")


def _row(name: str, ends: Counter[str], tested: int) -> str:
    counts = " | ".join(str(ends[end]) for end in ("killed", "timed out", "survived", "no test"))
    return f"| {name} | {tested} | {counts} | {_share(ends, tested)} |"


def _share(ends: Counter[str], tested: int) -> str:
    return f"{100 * (ends['killed'] + ends['timed out']) / max(tested, 1):.1f} %"


def _survivors(modules: Sequence[Module], reasons: Mapping[str, str]) -> Iterator[str]:
    for module in modules:
        if not module.survivors:
            continue
        yield f"### {module.path}"
        yield ""
        functions = _functions(_MUTANTS / module.path)
        for name in module.survivors:
            mangled = name.rpartition(".")[2]
            function, _, number = mangled.rpartition("__mutmut_")
            reason = reasons.get(f"{module.path}:{plain_name(function)}", reasons.get(module.path, "no test yet"))
            yield f"- `{plain_name(function)}` {number}: {_change(functions, function, mangled)} — {reason}"
        yield ""


def plain_name(mangled: str) -> str:
    """The function's own name: `x_tax_sum` is `tax_sum`, `xǁPolicyǁhash` is `Policy.hash`."""
    return mangled.removeprefix("x_") if mangled.startswith("x_") else mangled.strip("xǁ").replace("ǁ", ".")


def _functions(path: Path) -> Mapping[str, Sequence[str]]:
    """The lines of every function of a mutated file, by name."""
    nodes = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    return {node.name: ast.unparse(node).splitlines()[1:] for node in nodes}


def _change(functions: Mapping[str, Sequence[str]], function: str, mangled: str) -> str:
    """The first changed line, as it was and as it became."""
    before, after = functions.get(f"{function}__mutmut_orig", ()), functions.get(mangled, ())
    changed = [
        line for line in unified_diff(before, after, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))
    ]
    old = next((line[1:].strip() for line in changed if line.startswith("-")), "")
    new = next((line[1:].strip() for line in changed if line.startswith("+")), "")
    was, became = _around(old, new)
    return f"`{was}` → `{became}`"


def _around(old: str, new: str) -> tuple[str, str]:
    """Two lines from shortly before where they differ on."""
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    start = max(0, same - 40)
    return _clipped(old, start), _clipped(new, start)


def _clipped(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    before, after = ("…" if start else ""), ("…" if start + _SHOWN < len(text) else "")
    return f"{before}{part}{after}".replace("`", "'").replace("|", "¦")


def pick(modules: Sequence[Module], count: int, seed: int) -> list[str]:
    """So many changes that were not run, by lot over all modules, for `mutmut run` when there is no time for all."""
    left = [name for module in modules for name in module.left]
    return sorted(Random(seed).sample(left, min(count, len(left))))


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the page and prints the last line a program reads; with `--pick N`, prints names to run instead."""
    parser = argparse.ArgumentParser(description="What mutmut found.")
    parser.add_argument("--pick", type=int, metavar="N", help="print N changes not run yet, drawn by lot")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    modules = read_modules()
    if asked.pick:
        print("\n".join(pick(modules, asked.pick, asked.seed)))
        return
    reasons = tomllib.loads(_REASONS.read_text(encoding="utf-8")) if _REASONS.exists() else {}
    _PAGE.write_text(page(modules, reasons).rstrip("\n") + "\n", encoding="utf-8")
    whole = sum((module.ends for module in modules), Counter[str]())
    tested = sum(module.tested for module in modules)
    share = 100 * (whole["killed"] + whole["timed out"]) / max(tested, 1)
    print(f"RESULT mutants_run={tested} mutants_killed_pct={share:.1f} mutants_not_run={whole['not run']}")


if __name__ == "__main__":
    main()
